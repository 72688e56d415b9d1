"""What was learnt of somebody's heels: a file for each footwear and floor, in one folder.

``heels.json`` holds drops of which nobody said what they were made in, ``heels.2.json`` further
ones, and ``heels.slippers.tiles.json`` those made in slippers on tiles. What is learnt anew and
not named renews the file whose drops it resembles.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from voice_coach.errors import UserError
from voice_coach.hearing.heels import HeelTemplate, renewed_by

MOST_UNNAMED: Final = 4
"""Files without a name that are kept; then the oldest makes room."""

_ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class Footing:
    """What heels land in, and on; None is whatever it may be."""

    footwear: str | None = None
    floor: str | None = None

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"heels.{self.footwear or _ANY}.{self.floor or _ANY}.json"


@dataclass(frozen=True, slots=True)
class Known:
    """What was learnt of somebody's heels in one footing."""

    file: Path
    template: HeelTemplate

    @property
    def name(self) -> str:
        """What the footing is called, such as "slippers on tiles"; empty without a name."""
        match self.file.name.split("."):
            case ["heels", footwear, floor, "json"]:
                worn = "" if footwear == _ANY else footwear
                return worn if floor == _ANY else f"{worn} on {floor}".strip()
        return ""


def known(folder: Path) -> list[Known]:
    """Return what was learnt in each footing, the latest first.

    UserError for a file that cannot be read.
    """
    found = []
    for file in sorted(folder.glob("heels.*json")):
        try:
            found.append((file.stat().st_mtime_ns, file, file.read_text(encoding="utf-8")))
        except OSError as error:
            raise UserError(
                f"The calibration {file} cannot be read ({error.strerror}); "
                "mend its permissions, or delete it and calibrate anew."
            ) from error
    found.sort(key=lambda item: -item[0])
    return [Known(file, HeelTemplate.from_json(text)) for _, file, text in found]


def keep(folder: Path, learnt: HeelTemplate, footing: Footing | None = None) -> list[Known]:
    """Keep what was `learnt`, for its owner alone to read; return all that is known, this first.

    Where the footing is not named it is known by the sound of the drops. A gentle drop of the
    same footing is remembered where there was none this time.
    """
    before = known(folder)
    file, old = _place(folder, learnt, before, footing)
    if learnt.gentle_db is None and old is not None:
        learnt = replace(learnt, gentle_db=old.gentle_db)
    _write(file, learnt)
    return [Known(file, learnt), *(each for each in before if each.file != file)]


def _place(
    folder: Path, learnt: HeelTemplate, before: Sequence[Known], footing: Footing | None
) -> tuple[Path, HeelTemplate | None]:
    """Return the file for what was `learnt`, and what was learnt of the same footing before."""
    if footing is not None:
        file = folder / footing.file
        return file, next((each.template for each in before if each.file == file), None)
    renewed = renewed_by(learnt, [each.template for each in before])
    if renewed is not None:
        return before[renewed].file, before[renewed].template
    unnamed = ["heels.json", *(f"heels.{number}.json" for number in range(2, MOST_UNNAMED + 1))]
    there = {each.file.name for each in before}
    free = next((name for name in unnamed if name not in there), None)
    # The latest come first: the last of the unnamed is the oldest.
    oldest = [each.file.name for each in before if each.file.name in unnamed][-1:]
    return folder / (free or oldest[0]), None


def _write(file: Path, learnt: HeelTemplate) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
            writing.write(learnt.to_json())
            writing.flush()
            os.fsync(writing.fileno())
        new.replace(file)
    except OSError as error:
        raise UserError(
            f"The calibration cannot be kept in {file.parent} ({error.strerror}); "
            "make the folder writable, or set another one."
        ) from error
