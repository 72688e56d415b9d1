"""A diary with two sessions in it."""

from tests.diary.sessions import NOON, entries, write
from voice_coach.diary.diary import Diary
from voice_coach.programme.ledger import EndReason, FaultNoted, Outcome
from voice_coach.settings import Settings

FOUR = (Outcome.HEARD, Outcome.SOFT, Outcome.HARD, Outcome.NOT_HEARD)


def keep_two_sessions(settings: Settings) -> None:
    with Diary.open(settings.diary, exclusive=True) as diary:
        write(diary, entries(FOUR, sets=2))
        written = list(entries(reason=EndReason.STOPPED, overrode="refused.rest_day"))
        write(diary, written[:-1], NOON)
        diary.record(FaultNoted(1, "sound", "the microphone was unplugged"))
        write(diary, written[-1:])
