"""Looking on: what goes on in the loop, shown to whoever wants to know."""

from dataclasses import dataclass

from voice_coach.coach import Action, Cue, Event, State


@dataclass(frozen=True, slots=True)
class Sounding:
    """A cue on its way to the loudspeaker, with the positions at which it will be heard."""

    start: int
    end: int
    cue: Cue
    text: str


class Observer:
    """Is shown what goes on. Each method does nothing unless it is overridden."""

    def event(self, event: Event, state: State) -> None:
        """See an event that was delivered, and the state that followed."""

    def action(self, action: Action) -> None:
        """See an action that was carried out."""

    def sounding(self, sounding: Sounding) -> None:
        """See a cue that was placed."""
