"""What was learnt of somebody's heels: a file for each footwear and floor, in one folder.

``heels.json`` holds drops of which nobody said what they were made in, ``heels.2.json`` further
ones, and ``heels.slippers.tiles.json`` those made in slippers on tiles. What is learnt anew and
not named renews the file whose drops it resembles.

The times of the files tell which was learnt last. They are set here by the clock that is given,
and each is later than those before, so that the order holds where a clock has been set back.
"""

import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from voice_coach.errors import UserError
from voice_coach.hearing.heels import HeelTemplate, renewed_by
from voice_coach.private_files import private_folder, told, write_private

_LOG = logging.getLogger(__name__)

MOST_UNNAMED: Final = 4
"""Files without a name that are kept; then the oldest makes room."""

KEPT_SOUND: Final = "heels.kept-sound"
"""The file that lists the recordings of calibrations that somebody asked to keep."""

_LARGEST: Final = 1 << 20
"""Bytes beyond which a file is none of ours."""

_ANY: Final = "any"
_PER_SECOND: Final = 10**9
"""Nanoseconds, in which the times of files are counted."""


@dataclass(frozen=True, slots=True)
class Underfoot:
    """What heels land in, and on; None is whatever it may be."""

    footwear: str | None = None
    floor: str | None = None

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"heels.{self.footwear or _ANY}.{self.floor or _ANY}.json"


@dataclass(frozen=True, slots=True)
class Known:
    """What was learnt of somebody's heels in one footwear on one floor."""

    file: Path
    template: HeelTemplate
    learnt_ns: int
    """When, in nanoseconds since 1970; it tells the order, and no more."""

    @property
    def name(self) -> str:
        """What was underfoot, such as "slippers on tiles"; empty where nobody said."""
        match self.file.name.split("."):
            case ["heels", footwear, floor, "json"]:
                worn = "" if footwear == _ANY else footwear
                return worn if floor == _ANY else f"{worn} on {floor}".strip()
        return ""


def known(folder: Path) -> list[Known]:
    """Return what was learnt for each footwear and floor, the latest first.

    UserError for a file that cannot be read.
    """
    return _latest_first([_read(file) for file in _files(folder)])


def usable(folder: Path) -> tuple[list[Known], list[Path]]:
    """Return what :func:`known` does of the files that can be read, and those that cannot.

    The latter are set aside under another name, so that what is learnt anew can take their place.
    """
    found, broken = [], []
    for file in _files(folder):
        try:
            found.append(_read(file))
        except UserError as error:
            _LOG.warning("%s", error)
            broken.append(file)
            with suppress(OSError):
                file.rename(_unreadable(file))
    return _latest_first(found), broken


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("heels.*json"))


def _latest_first(found: list[Known]) -> list[Known]:
    return sorted(found, key=lambda each: -each.learnt_ns)


def _read(file: Path) -> Known:
    with told(
        f"The calibration {file} cannot be read ({{why}}); "
        "mend its permissions, or delete it and calibrate anew."
    ):
        if not file.is_file() or file.stat().st_size > _LARGEST:
            raise UserError(f"{file} is no calibration; calibrate again, which sets it aside.")
        content, learnt_ns = file.read_bytes(), file.stat().st_mtime_ns
    try:
        return Known(file, HeelTemplate.from_json(content.decode()), learnt_ns)
    except (UserError, ValueError, RecursionError) as error:
        raise UserError(
            f"The calibration {file} cannot be read; calibrate again, which sets it aside."
        ) from error


def _unreadable(file: Path) -> Path:
    """Return a name beside `file` for what cannot be read, that nothing has."""
    number = 1
    while (aside := file.with_name(f"{file.name}.unreadable-{number}")).exists():
        number += 1
    return aside


def kept_sound(folder: Path) -> list[Path]:
    """Return the recordings that were kept of calibrations, wherever they were put."""
    try:
        names = json.loads((folder / KEPT_SOUND).read_bytes())
    except (OSError, ValueError):
        return []
    return (
        [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
    )


def keep(
    folder: Path, learnt: HeelTemplate, now: datetime, underfoot: Underfoot | None = None
) -> list[Known]:
    """Keep what was `learnt`, for its owner alone to read; return all that is known, this first.

    Where it is not said what was underfoot, it is known by the sound of the drops. A gentle drop
    in the same footwear on the same floor is remembered where there was none this time.
    """
    before, _ = usable(folder)
    file, old = _place(folder, learnt, before, underfoot)
    if learnt.gentle_db is None and old is not None:
        learnt = replace(learnt, gentle_db=old.gentle_db)
    latest = before[0].learnt_ns if before else 0
    this = Known(file, learnt, max(round(now.timestamp() * _PER_SECOND), latest + 1))
    with told(
        f"The calibration cannot be kept in {folder} ({{why}}); "
        "make the folder writable, or set another one."
    ):
        private_folder(folder)
        write_private(file, learnt.to_json())
        os.utime(file, ns=(this.learnt_ns, this.learnt_ns))
    return [this, *(each for each in before if each.file != file)]


def _place(
    folder: Path, learnt: HeelTemplate, before: Sequence[Known], underfoot: Underfoot | None
) -> tuple[Path, HeelTemplate | None]:
    """Return the file for what was `learnt`, and what it held before."""
    if underfoot is not None:
        file = folder / underfoot.file
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
