"""Vosk, imported without what only its downloads need.

Its Python side imports ``requests`` and ``urllib.request`` only to fetch models, which the product
does itself. With all that they bring, they take more than 10 MB of memory and a good part of the
time to start.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


class _Nothing(ModuleType):
    """A module of which any name can be imported."""

    def __getattr__(self, name: str) -> None:
        return None


@contextmanager
def _left_out(*names: str) -> Iterator[None]:
    """Let nothing stand for the modules `names`, unless somebody has imported them already."""
    missing = [name for name in names if name not in sys.modules]
    for name in missing:
        sys.modules[name] = _Nothing(name)
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


with _left_out("requests", "urllib.request"):
    import vosk

# What a model's end frees whose beginning failed; else it complains of that on the screen.
vosk.Model._handle = vosk._ffi.NULL

__all__ = ["vosk"]
