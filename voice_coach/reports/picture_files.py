"""Pictures into files: whole or not at all, and for their owner alone to read."""

import io
import os
from pathlib import Path

from matplotlib.figure import Figure

from voice_coach.errors import UserError


def save(figure: Figure, file: Path) -> None:
    """Write `figure` into `file`, a PNG or a PDF by its name."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in {"png", "pdf"}:
        raise UserError(f"{file} is neither a .png nor a .pdf; name a file that ends so.")
    drawn = io.BytesIO()
    figure.savefig(drawn, format=kind, dpi=120)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as writing:
            writing.write(drawn.getvalue())
    except OSError as error:
        raise UserError(f"{file} cannot be written ({error.strerror}); name another.") from error
