"""The transcript: every event, action, cue and repetition of a session, with times."""

from dataclasses import dataclass, field, fields
from typing import Any

from voice_coach.clock import to_seconds
from voice_coach.coach import Action, Event, PlansMade, State, Thump
from voice_coach.coach.actions import Record
from voice_coach.home.observer import Observer, Sounding
from voice_coach.programme.firmness import soft_shift_db
from voice_coach.programme.ledger import (
    Entry,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)

POSITIONS = frozenset({"at", "start", "end", "prompted", "landed", "thump_at", "decided"})
"""Fields that are stream positions; they are written in seconds."""


@dataclass
class Repetition:
    """One repetition: when its cue sounded, what was heard of it, and when that was known."""

    set: int
    number: int
    prompted: float
    outcome: Outcome | None = None
    thump: float | None = None
    level_db: float | None = None
    resolved: float | None = None


@dataclass
class Transcript(Observer):
    """Writes down what it is shown."""

    events: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    cues: list[dict[str, Any]] = field(default_factory=list)
    states: list[tuple[float, State]] = field(default_factory=lambda: [(0.0, State.ASLEEP)])
    repetitions: list[Repetition] = field(default_factory=list)
    level: str | None = None
    ended: str | None = None

    def event(self, event: Event, state: State) -> None:
        """Write an event down, and the state that followed it."""
        if not isinstance(event, PlansMade):
            table = written(event)
            if isinstance(event, Thump):
                table["soft_shift_db"] = soft_shift_db(event.gentle_db)
            self.events.append({**table, "state": state})
        if state is not self.states[-1][1]:
            self.states.append((to_seconds(event.at), state))

    def action(self, action: Action) -> None:
        """Write an action down; of those that go into the diary, keep the repetitions."""
        self.actions.append(written(action))
        if isinstance(action, Record):
            self._entry(action.entry)

    def sounding(self, sounding: Sounding) -> None:
        """Write down a cue and when it is heard."""
        self.cues.append(written(sounding))

    def _entry(self, entry: Entry) -> None:
        match entry:
            case SessionStarted():
                self.level = entry.level
            case RepetitionPrompted():
                self.repetitions.append(Repetition(entry.set, entry.number, to_seconds(entry.at)))
            case RepetitionResolved():
                repetition = self.repetitions[-1]
                repetition.outcome = entry.outcome
                repetition.resolved = to_seconds(entry.at)
                if entry.thump_at is not None:
                    repetition.thump = to_seconds(entry.thump_at)
                    repetition.level_db = entry.level_db
            case SessionEnded():
                self.ended = entry.reason

    def count(self, *outcomes: Outcome) -> int:
        """Return how many repetitions came to one of `outcomes`."""
        return sum(repetition.outcome in outcomes for repetition in self.repetitions)


def written(value: Any) -> dict[str, Any]:
    """Return a small dataclass as a table whose positions are in seconds."""
    table: dict[str, Any] = {"kind": type(value).__name__}
    for each in fields(value):
        content = getattr(value, each.name)
        if each.name in POSITIONS and content is not None:
            content = to_seconds(content)
        elif each.name == "cues":
            content = [cue.name for cue in content]
        elif each.name == "cue":
            table |= dict(content.slots)
            content = content.name
        elif each.name == "entry":
            content = written(content)
        table[each.name] = content
    return table
