"""One repetition, from the coach to the diary: a drop cue and what came of it."""

from collections.abc import MutableSequence
from dataclasses import dataclass, replace

from voice_coach.programme.ledger import (
    DoubtDecided,
    Entry,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
)


@dataclass(frozen=True, slots=True)
class Repetition:
    """Repetition `number` of `set`; positions are samples on the stream's clock.

    `outcome` is None until something is known of it, and stays so when the session is cut off
    first. `level_db` is relative to the person's own calibration.
    """

    set: int
    number: int
    prompted_at: int
    outcome: Outcome | None = None
    thump_at: int | None = None
    level_db: float | None = None
    resolved_at: int | None = None
    lag_ms: float | None = None
    """Milliseconds from one heel to the other, 0 together; None where that could not be heard."""


def note(repetitions: MutableSequence[Repetition], entry: Entry) -> None:
    """Add to `repetitions` what `entry` tells of them; most entries tell nothing."""
    match entry:
        case RepetitionPrompted(at, set_number, number):
            repetitions.append(Repetition(set_number, number, at))
        case RepetitionResolved(at, _, _, outcome, thump_at, level_db):
            repetitions[-1] = replace(
                repetitions[-1],
                outcome=outcome,
                thump_at=thump_at,
                level_db=level_db,
                resolved_at=at,
            )
        case DoubtDecided(_, set_number, number, outcome, thump_at, level_db):
            left_open = set_number, number, Outcome.UNSURE
            of_these = [(one.set, one.number, one.outcome) for one in repetitions]
            index = len(of_these) - 1 - of_these[::-1].index(left_open)
            repetitions[index] = replace(
                repetitions[index], outcome=outcome, thump_at=thump_at, level_db=level_db
            )
