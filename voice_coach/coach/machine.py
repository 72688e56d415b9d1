"""The coach: takes events, returns actions."""

from collections.abc import Sequence
from typing import Final

from voice_coach.coach.actions import Action, Listen
from voice_coach.coach.events import Command, Event, TimeReached
from voice_coach.coach.memory import Memory
from voice_coach.coach.states import AT_REST, MODES, Mode, State
from voice_coach.coach.table import TABLE
from voice_coach.programme.planner import Today
from voice_coach.programme.questions import Question
from voice_coach.programme.tempo import Pace


class Coach:
    """A state machine that leads through sessions of heel drops.

    Parameters
    ----------
    today
        The plans that "start" may begin.
    limits
        How far the tempo may be changed by voice.
    calibrated
        Whether it is known what the user's own drops sound like.
    people
        The people of the household that have plans of their own, as they are called.
    questions
        Every question of the screening, for who wants to answer them anew.
    volume
        By how many steps it is louder, or quieter, than by the settings.
    can_switch_off
        Whether there is a way to switch the machine off.

    Notes
    -----
    There are no threads, clocks or files in it. Deliver events in the order of stream time;
    when the stream reaches :attr:`deadline`, deliver ``TimeReached(deadline)``. The same
    events give the same actions.
    """

    def __init__(
        self,
        today: Today,
        *,
        limits: Pace,
        calibrated: bool,
        people: Sequence[str] = (),
        questions: Sequence[Question] = (),
        volume: int = 0,
        can_switch_off: bool = False,
    ) -> None:
        self._memory: Final = Memory(
            today,
            calibrated,
            limits,
            people=tuple(people),
            questions=tuple(questions),
            volume=volume,
            can_switch_off=can_switch_off,
        )
        self._mode: Mode | None = None

    @property
    def state(self) -> State:
        """What the coach is doing."""
        return self._memory.state

    @property
    def deadline(self) -> int | None:
        """The stream position at which the coach wants to be told that it is reached."""
        return self._memory.deadline

    @property
    def in_session(self) -> bool:
        """Whether a session has been started that has not ended."""
        return self._memory.session is not None

    def handle(self, event: Event) -> list[Action]:
        """Return what is to be done about `event`, in order."""
        memory = self._memory
        column = event.intent if isinstance(event, Command) else type(event)
        entry = TABLE[memory.state][column]
        memory.now = max(memory.now, event.at)
        if isinstance(event, Command):
            memory.misunderstood = 0
        deadline, memory.deadline = memory.deadline, None
        state = entry.handler(memory, event)
        assert state in entry.targets, f"{column} led from {memory.state} to {state}"
        if state is memory.state and memory.deadline is None and column is not TimeReached:
            memory.deadline = deadline
        if state in AT_REST:
            memory.forget_wishes()
        memory.state = state
        if MODES[state] is not self._mode:
            self._mode = MODES[state]
            memory.do(Listen(event.at, self._mode))
        actions, memory.actions = memory.actions, []
        return actions
