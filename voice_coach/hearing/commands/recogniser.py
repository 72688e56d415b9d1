"""Vosk, imported without what only its downloads need.

Its Python side imports ``requests``, only to fetch models, which the product does itself. With all
that it brings, it takes some 6 MB of memory and a good part of the time to start.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def _left_out(name: str) -> Iterator[None]:
    """Let an empty module stand for `name`, unless somebody has imported it already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = ModuleType(name)
    try:
        yield
    finally:
        del sys.modules[name]


with _left_out("requests"):
    import vosk

__all__ = ["vosk"]
