"""Sessions to write down: what the coach would say of them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from voice_coach.clock import to_samples
from voice_coach.diary.diary import Diary
from voice_coach.programme.ledger import (
    EndReason,
    Entry,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
    SetFinished,
)

MEMORY = Path("/dev/shm")
"""Where, if it is there, nothing needs to be flushed to a disk: for diaries of many sessions."""

MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BEGAN = to_samples(5.0)
PACE = to_samples(7.0)
LANDED = to_samples(0.25)


def entries(
    outcomes: Iterable[Outcome | None] = (Outcome.HEARD,),
    *,
    sets: int = 1,
    level: str = "beginner",
    reason: EndReason | None = EndReason.COMPLETED,
    overrode: str = "",
) -> Iterator[Entry]:
    """Yield a session whose every set had these outcomes; None is never resolved."""
    each = tuple(outcomes)
    at = BEGAN
    yield SessionStarted(at, level, sets, len(each), overrode)
    for number in range(1, sets + 1):
        for repetition, outcome in enumerate(each, start=1):
            at += PACE
            yield RepetitionPrompted(at, number, repetition)
            if outcome in {Outcome.NOT_HEARD, Outcome.UNSURE, Outcome.TOLD}:
                yield RepetitionResolved(at + 2 * LANDED, number, repetition, outcome)
            elif outcome is not None:
                level_db = {Outcome.SOFT: -9.0, Outcome.HARD: 8.0}.get(outcome, -1.5)
                yield RepetitionResolved(
                    at + 2 * LANDED, number, repetition, outcome, at + LANDED, level_db
                )
        yield SetFinished(at + PACE, number)
    if reason:
        yield SessionEnded(at + 2 * PACE, reason)


def write(diary: Diary, written: Iterable[Entry], started: datetime = MORNING) -> None:
    for entry in written:
        diary.record(entry, started if isinstance(entry, SessionStarted) else None)
