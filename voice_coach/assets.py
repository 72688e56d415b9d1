"""Where the product's own files lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["audio", "models"]) -> Path:
    """Return the folder of shipped `audio` (sounds) or `models` (recognisers)."""
    packaged = _PACKAGE / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
