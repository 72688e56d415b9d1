"""Telling the intercom what goes on: never what was said, only what is done and counted."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from voice_coach.coach import Action, Command, Event, Intent, Record, SetVolume, State, TimeReached
from voice_coach.coach.pacing import VOLUME_STEP_DB
from voice_coach.coach.states import MODES, Mode
from voice_coach.home.observer import Observer
from voice_coach.home.residents import Household
from voice_coach.intercom.messages import Count, Doing, News, What
from voice_coach.intercom.server import Intercom
from voice_coach.programme.ledger import (
    Complaint,
    EndReason,
    Entry,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.repetition import Repetition, note
from voice_coach.programme.tally import Tally

_DOING: Final[dict[Mode, Doing]] = {
    Mode.ASLEEP: "asleep",
    Mode.EXERCISING: "exercising",
    Mode.RESTING: "resting",
    Mode.FEELING: "resting",
    Mode.PAUSED: "paused",
    Mode.CHECKING_IN: "checking_in",
    Mode.LEARNING: "teaching",
    Mode.GUIDED: "teaching",
}
"""What is done in a mode; in all others something is asked."""

_ENDED: Final[dict[EndReason, What]] = {
    EndReason.COMPLETED: "completed",
    EndReason.STOPPED: "stopped",
    EndReason.INTERRUPTED: "interrupted",
}

GRAVE: Final = frozenset({Complaint.FALL, Complaint.CHEST_PAIN})
"""What is told of as a cry for help; which of them it was is not."""


class Reporter(Observer):
    """Watches the loop, and tells the intercom."""

    def __init__(self, intercom: Intercom, household: Household) -> None:
        self._intercom = intercom
        self._household = household
        self._state = State.ASLEEP
        self._started: SessionStarted | None = None
        self._repetitions: list[Repetition] = []

    def event(self, event: Event, state: State) -> None:
        """See an event, and tell of what it means to somebody elsewhere."""
        before, self._state = self._state, state
        asked = {State.CHECKING_IN, State.OFFERING}
        if isinstance(event, TimeReached) and before in asked and state is State.PAUSED:
            self._news("not_answering")
        if isinstance(event, Command) and event.intent is Intent.TROUBLE:
            self._news("asked_for_help")
        if isinstance(event, Command) and event.sure and event.complaint in GRAVE:
            self._news("asked_for_help")
        self._intercom.tell(
            replace(
                self._intercom.status,
                doing=_DOING.get(MODES[state], "asking"),
                person=self._household.present.name,
            )
        )

    def action(self, action: Action) -> None:
        """See an action, and tell what is counted."""
        match action:
            case Record(_, entry):
                self._entered(entry)
            case SetVolume(_, db):
                volume = round(db / VOLUME_STEP_DB)
                self._intercom.tell(replace(self._intercom.status, volume=volume))

    def _entered(self, entry: Entry) -> None:
        note(self._repetitions, entry)
        match entry:
            case SessionStarted():
                self._started, self._repetitions = entry, []
                self._intercom.tell(replace(self._intercom.status, session=True))
                self._news("started")
            case RepetitionPrompted(_, set_, number):
                self._count(set_, number)
            case RepetitionResolved(_, set_, number):
                self._count(set_, number)
            case SessionEnded(_, reason):
                self._started = None
                self._intercom.forget(Count)
                self._intercom.tell(replace(self._intercom.status, session=False))
                self._news(_ENDED[reason])

    def _count(self, set_: int, number: int) -> None:
        started = self._started
        if started is None:
            return
        self._intercom.tell(count(started, set_, number, self._repetitions))

    def _news(self, what: What) -> None:
        self._intercom.tell(News(what=what, person=self._household.present.name))


def count(
    started: SessionStarted, set_: int, number: int, repetitions: Sequence[Repetition]
) -> Count:
    """Return where a session is that has come to these `repetitions`."""
    tally = Tally.of(repetition.outcome for repetition in repetitions)
    return Count(
        level=started.level,
        set=set_,
        sets=started.sets,
        number=number,
        repetitions=started.repetitions,
        heard=tally.heard,
        soft=tally.soft,
        hard=tally.hard,
        unsure=tally.unsure,
        told=tally.told,
        not_heard=tally.not_heard,
    )
