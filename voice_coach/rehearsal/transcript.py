"""The transcript: every event, action, cue and repetition of a session, with times."""

from dataclasses import dataclass, field, fields
from typing import Any

from voice_coach.clock import to_seconds
from voice_coach.coach import Action, Event, PlansMade, State, Thump
from voice_coach.coach.actions import Record
from voice_coach.home.observer import Observer, Sounding
from voice_coach.programme.firmness import soft_shift_db
from voice_coach.programme.ledger import Entry, SessionEnded, SessionStarted
from voice_coach.programme.repetition import Repetition, note
from voice_coach.programme.tally import Tally

POSITIONS = frozenset({"at", "start", "end", "prompted", "landed", "thump_at", "decided"})
"""Fields that are stream positions; they are written in seconds."""


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
    _now: float = 0.0

    def event(self, event: Event, state: State) -> None:
        """Write an event down, and the state that followed it."""
        self._now = to_seconds(event.at)
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
        self.cues.append({**written(sounding), "placed": self._now})

    def _entry(self, entry: Entry) -> None:
        note(self.repetitions, entry)
        match entry:
            case SessionStarted():
                self.level = entry.level
            case SessionEnded():
                self.ended = entry.reason

    @property
    def tally(self) -> Tally:
        """How many repetitions came to what."""
        return Tally.of(repetition.outcome for repetition in self.repetitions)


def repetition_table(repetition: Repetition) -> dict[str, Any]:
    """Return a repetition with its moments in seconds; what is not known is None."""
    return {
        "set": repetition.set,
        "number": repetition.number,
        "prompted": to_seconds(repetition.prompted_at),
        "outcome": repetition.outcome,
        "thump": _seconds(repetition.thump_at),
        "level_db": repetition.level_db,
        "resolved": _seconds(repetition.resolved_at),
    }


def _seconds(position: int | None) -> float | None:
    return None if position is None else to_seconds(position)


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
