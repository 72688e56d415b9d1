"""Imported first, lets one module be another text than the one on disk.

The variables ``MUTANT_MODULE`` and ``MUTANT_SOURCE`` name the module and the file that holds the
text. Nothing on disk is changed, so that several mutants may be tested at once.
"""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType


class _Loader(SourceLoader):
    def __init__(self, real: str, source: bytes) -> None:
        self._real = real
        self._source = source

    def get_filename(self, fullname: str) -> str:
        return self._real

    def get_data(self, path: str) -> bytes:
        # Only the text: no compiled file may be read, nor written, for it.
        if path == self._real:
            return self._source
        raise OSError(path)


class _Finder(MetaPathFinder):
    def __init__(self, module: str, source: bytes) -> None:
        self._module = module
        self._source = source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._module:
            return None
        found = PathFinder.find_spec(fullname, path)
        assert found is not None
        assert found.origin is not None
        return spec_from_loader(fullname, _Loader(found.origin, self._source))


sys.meta_path.insert(
    0, _Finder(os.environ["MUTANT_MODULE"], Path(os.environ["MUTANT_SOURCE"]).read_bytes())
)
