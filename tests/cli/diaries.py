"""A diary with two sessions in it."""

from datetime import UTC, datetime

from tests.diary.sessions import NOON, entries, write
from voice_coach.diary.diary import Diary
from voice_coach.home.settings import Settings
from voice_coach.programme.ledger import (
    Answer,
    Answered,
    EndReason,
    FaultNoted,
    Outcome,
    ScreeningFinished,
)
from voice_coach.programme.screening import questions

NOW = datetime.now(UTC)
FOUR = (Outcome.HEARD, Outcome.SOFT, Outcome.HARD, Outcome.NOT_HEARD)


def keep_two_sessions(settings: Settings) -> None:
    with Diary.open(settings.diary, exclusive=True) as diary:
        write(diary, entries(FOUR, sets=2))
        written = list(entries(reason=EndReason.STOPPED, overrode="refused.rest_day"))
        write(diary, written[:-1], NOON)
        diary.record(FaultNoted(1, "sound", "the microphone was unplugged"))
        write(diary, written[-1:])


def screen(settings: Settings, moment: datetime = NOW, **answers: Answer) -> None:
    """Keep a whole screening, all safe but for the answers given."""
    with Diary.open(settings.diary, exclusive=True) as diary:
        for question in questions("screening"):
            given = answers.get(question.name, question.safe)
            diary.record(Answered(0, question.name, given), moment)
        diary.record(ScreeningFinished(0), moment)
