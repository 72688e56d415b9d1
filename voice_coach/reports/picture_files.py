"""Pictures into files: whole or not at all, and for their owner alone to read."""

import io
from pathlib import Path

from matplotlib.figure import Figure

from voice_coach.errors import UserError
from voice_coach.private_files import told, write_private


def save(figure: Figure, file: Path) -> None:
    """Write `figure` into `file`, a PNG or a PDF by its name."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in {"png", "pdf"}:
        raise UserError(f"{file} is neither a .png nor a .pdf; name a file that ends so.")
    drawn = io.BytesIO()
    figure.savefig(drawn, format=kind, dpi=120)
    with told(f"{file} cannot be written ({{why}}); name another."):
        write_private(file, drawn.getvalue())
