"""Writing down that a professional approves of practising, whatever the screening found."""

from datetime import datetime

from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings
from voice_coach.programme.screening import findings


def approve(settings: Settings, by: str, note: str, now: datetime) -> tuple[str, ...]:
    """Lift what the screening found of the person of `settings`; return what that was.

    It may be done beside a speaker that is running. UserError where nobody is named, and where
    there is nothing to lift.
    """
    by = " ".join(by.split())
    if not by:
        raise UserError("An approval needs a name; write --by and who approves.")
    with Diary.open(settings.diary) as diary:
        history = diary.history().on(now.date())
    blocks = findings(now.date(), history).verdict().blocks
    if not blocks:
        raise UserError(
            "There is nothing to approve of: no screening that was finished has found what would "
            "block a session."
        )
    with Diary.open_for_remarks(settings.diary) as diary:
        diary.approve(now, by, note)
    return blocks
