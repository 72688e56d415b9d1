"""What the diary gives back: sessions as they were written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from voice_coach.clock import to_seconds
from voice_coach.programme.ledger import EndReason, FaultNoted
from voice_coach.programme.repetition import Repetition
from voice_coach.programme.tally import Tally


@dataclass(frozen=True, slots=True)
class Session:
    """One session; `ended_at` and `reason` are None while it is going on."""

    started: datetime
    began_at: int
    level: str
    planned_sets: int
    planned_repetitions: int
    overrode: str
    ended_at: int | None
    reason: EndReason | None
    sets_finished: int
    repetitions: tuple[Repetition, ...]
    faults: tuple[FaultNoted, ...]

    @property
    def tally(self) -> Tally:
        """How many repetitions came to what."""
        return Tally.of(repetition.outcome for repetition in self.repetitions)

    @property
    def level_db(self) -> float | None:
        """The median landing, dB relative to the calibration; None when none was heard."""
        levels = [r.level_db for r in self.repetitions if r.level_db is not None]
        return median(levels) if levels else None

    @property
    def seconds(self) -> float | None:
        """How long the session lasted; None while it is going on."""
        return None if self.ended_at is None else to_seconds(self.ended_at - self.began_at)

    def moment(self, at: int) -> datetime:
        """Return the time of day of a position on this session's stream."""
        return self.started + timedelta(seconds=to_seconds(at - self.began_at))
