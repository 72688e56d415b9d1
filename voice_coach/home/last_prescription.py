"""The prescription that was last read, kept for the day on which its file cannot be.

A mistake in the therapist's file must not lift the limits that they set. Until it is put right,
the last one that was sound holds, at the lowest level and with the fewest drops.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from voice_coach.errors import UserError
from voice_coach.home.settings import read_prescription
from voice_coach.private_files import private_folder, write_private
from voice_coach.programme.levels import Level
from voice_coach.programme.prescription import Prescription

_LOG = logging.getLogger(__name__)

LAST: Final = "diary-prescription.toml"
"""Its file, beside the diary."""


def prescription_or_lowest(
    file: Path, diary: Path, levels: Sequence[Level], today: date
) -> tuple[Prescription, bool]:
    """Return the prescription in `file`, and whether it could be read.

    Where it could not, that is the lowest limits that are known: those of the last one that was
    read, kept in the folder `diary`, narrowed to what the first of `levels` begins with.
    """
    try:
        paper = read_prescription(file, levels)
    except UserError as error:
        _LOG.error("%s", error)
        return _lowest(diary / LAST, levels, today), False
    with suppress(OSError):
        private_folder(diary)
        content = file.read_bytes()
        if not (diary / LAST).is_file() or (diary / LAST).read_bytes() != content:
            write_private(diary / LAST, content)
    return paper, True


def _lowest(last: Path, levels: Sequence[Level], today: date) -> Prescription:
    first = levels[0]
    try:
        before = read_prescription(last, levels)
    except UserError:
        before = Prescription(signed_by="nobody", valid_until=today, level=first.name)
    return replace(
        before,
        level=first.name,
        valid_until=max(before.valid_until, today),
        approved=False,
        single_leg=False,
        repetitions=min(before.repetitions or first.repetitions.low, first.repetitions.low),
        sets=min(before.sets or first.sets.low, first.sets.low),
    )
