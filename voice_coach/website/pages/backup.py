"""Backup: the diary as a file to keep elsewhere, and back from one; and forgetting for good."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from voice_coach.diary import backups
from voice_coach.errors import UserError
from voice_coach.intercom.client import NOT_THERE
from voice_coach.intercom.messages import LetGo, Take
from voice_coach.private_files import private_folder, told
from voice_coach.website.desk import Visit
from voice_coach.website.errand import errand
from voice_coach.website.guard import LARGEST

HOLD: Final = 60
"""Seconds for which the speaker lets go of its files."""
PATIENCE: Final = 20.0
"""Seconds that the speaker may take to let go."""


def show(visit: Visit) -> Response:
    """Offer it."""
    return visit.page("backup", any=bool(visit.sessions or visit.history.remarks))


def download(visit: Visit) -> Response:
    """Return the whole diary as a file."""
    folder = TemporaryDirectory(prefix="voice-coach-")
    file = Path(folder.name) / "diary.sqlite3"
    try:
        backups.backup(visit.own.diary, file)
    except BaseException:
        folder.cleanup()
        raise
    whose = f"-{visit.who}" if visit.who else ""
    return FileResponse(
        file,
        media_type="application/vnd.sqlite3",
        filename=f"diary{whose}-{visit.now:%Y-%m-%d}.sqlite3",
        background=BackgroundTask(folder.cleanup),
    )


def restore(visit: Visit) -> Response:
    """Put a backup in the place of the diary; the one of before is kept beside it."""
    sent = visit.upload("file")
    if sent is None:
        raise UserError(visit.t.backup.no_file)
    if visit.text("sure") != "yes":
        raise UserError(visit.t.backup.not_sure)
    with _beside(visit.own.diary) as file:
        with told("The backup cannot be written here ({why})."), file.open("wb") as copy:
            shutil.copyfileobj(sent.file, copy, 1 << 20)
            if copy.tell() > LARGEST:
                raise UserError(visit.t.backup.too_large)
        _alone(visit, lambda: backups.restore(visit.own.diary, file, visit.now))
    return visit.go("/backup", "restored")


def forget(visit: Visit) -> Response:
    """Delete everything that is kept of a person."""
    if visit.text("sure") != visit.t.backup.forget_word:
        raise UserError(visit.t.backup.forget_not_sure)
    _alone(visit, lambda: errand(visit.desk, "forget", "--yes", person=visit.who))
    return visit.go("/backup", "forgotten")


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Yield a place for a file in the folder of the diary: /tmp may be memory, and small."""
    private_folder(folder)
    with TemporaryDirectory(prefix=".sent-", dir=folder) as place:
        yield Path(place) / "diary.sqlite3"


def _alone(visit: Visit, work: Callable[[], object]) -> None:
    """Do `work` while the speaker has let go of its files."""
    line = visit.desk.line
    why = line.ask(LetGo(id=0, seconds=HOLD), PATIENCE)
    if why not in {None, NOT_THERE}:
        raise UserError(visit.t.refused.get(str(why), visit.t.refused.busy))
    try:
        work()
    finally:
        if why is None:
            line.ask(Take(id=0))
