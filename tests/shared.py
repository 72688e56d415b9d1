"""What is dear to make and never changes: made once a run, by whichever worker asks first."""

import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def folder_of_run(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of this run of the tests have in common."""
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


def once(place: Path, make: Callable[[Path], object]) -> Path:
    """Return the folder `place`, which `make` has filled once, whole or not at all."""
    with locked(place.with_name(f"{place.name}.lock")):
        if not place.exists():
            begun = place.with_name(f"{place.name}.begun")
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir(parents=True)
            with uncounted():
                make(begun)
            begun.rename(place)
    return place


@contextmanager
def uncounted() -> Iterator[None]:
    """Keep what runs here out of the coverage: to count lines takes half as long again.

    What stops and starts the count by its own means, as pytest-cov's ``no_cover`` does, leaves a
    second count running in a worker.
    """
    counting = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(counting)


@contextmanager
def locked(path: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Hold the lock `path`, alone unless `how` is ``fcntl.LOCK_SH``, while the block runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield
