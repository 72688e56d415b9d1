"""Pictures into files: whole or not at all, and for their owner alone to read."""

import io
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from voice_coach.errors import UserError
from voice_coach.private_files import keep_from_replacing, told, write_private

_MARK: Final = "voice-coach"
"""Stands in every picture, by which an earlier one is known."""
_KINDS: Final = {"png": ("Software", b"\x89PNG"), "pdf": ("Creator", b"%PDF")}
"""By the end of the name: where the mark stands, and how the file begins."""


def save(figure: Figure, file: Path) -> None:
    """Write `figure` into `file`, a PNG or a PDF by its name; over nothing but an earlier one."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in _KINDS:
        raise UserError(f"{file} is neither a .png nor a .pdf; name a file that ends so.")
    drawn = io.BytesIO()
    key, begins = _KINDS[kind]
    keep_from_replacing(file, begins=begins, holds=_MARK.encode())
    figure.savefig(drawn, format=kind, dpi=120, metadata={key: _MARK})
    with told(f"{file} cannot be written ({{why}}); name another."):
        write_private(file, drawn.getvalue())
