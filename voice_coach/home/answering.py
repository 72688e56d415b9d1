"""Doing what the intercom asks for, between two blocks; nothing that a voice may not ask for.

There is no request that begins a session: it would begin without the answers to the questions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from voice_coach.coach import Cue, Intent, State, VolumeAsked
from voice_coach.errors import UserError
from voice_coach.home.level_meter import LevelMeter, listed
from voice_coach.home.reminding import Reminder
from voice_coach.home.session_loop import Loop
from voice_coach.intercom.messages import (
    LetGo,
    ListDevices,
    Measure,
    Mute,
    Remind,
    Request,
    SayTest,
    Stop,
    Take,
    Trouble,
    Volume,
)
from voice_coach.intercom.server import Intercom, Question

BUSY: Final = "busy"
"""Why not: something is going on."""


@dataclass(slots=True)
class Troubles:
    """What is broken now, by what it is in; told as one."""

    intercom: Intercom | None
    _of: dict[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether anything is."""
        return bool(self._of)

    def note(self, source: str, text: str | None) -> None:
        """Take note that `source` is broken, as `text` says, or whole again."""
        if text is None:
            self._of.pop(source, None)
        else:
            self._of[source] = text
        if self.intercom is not None:
            self.intercom.tell(Trouble(text=next(iter(self._of.values()), None)))


class Answering:
    """Serves the requests of an intercom.

    Parameters
    ----------
    intercom
        Where they come from.
    loop
        What they are asked of.
    reminder
        Knows what to remind of.
    devices
        The microphone and the loudspeaker, as they are named in the settings.
    """

    def __init__(
        self,
        intercom: Intercom,
        loop: Loop,
        reminder: Reminder,
        devices: tuple[str | None, str | None] = (None, None),
    ) -> None:
        self._intercom = intercom
        self._loop = loop
        self._reminder = reminder
        self._devices = devices
        self.meter = LevelMeter(intercom.tell)
        self.let_go: Question | None = None
        """Who wants all files to be closed, once somebody does."""

    @property
    def muted(self) -> bool:
        """Whether nothing may be heard."""
        return self._intercom.status.muted

    def serve(self, clock: Callable[[], datetime]) -> None:
        """Do what has been asked for since."""
        for question in self._intercom.take():
            why = self._served(question, clock)
            if self.let_go is not question:  # that is answered when it is done
                self._intercom.answer(question, why)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is going on, and nothing is being said."""
        return self._loop.coach.state is State.ASLEEP and not self._loop.is_speaking

    def _served(self, question: Question, clock: Callable[[], datetime]) -> str | None:
        """Do what is asked; return why it was not done."""
        request: Request = question.request
        match request:
            case Stop():
                self._loop.ask(Intent.STOP)
            case Volume(steps=steps):
                self._loop.tell(VolumeAsked(self._loop.position, steps))
            case Mute(on=on):
                self._mute(on)
            case Measure(seconds=seconds):
                self.meter.measure(seconds)
            case ListDevices():
                return self._list_devices()
            case Take():
                pass
            case _ if not self.is_idle:
                return BUSY
            case SayTest():
                self._loop.say(Cue("test"))
            case Remind():
                return self._remind(clock())
            case LetGo():
                self.let_go = question
        return None

    def _mute(self, on: bool) -> None:
        if on == self.muted:
            return
        if on and self._loop.coach.state is not State.ASLEEP:
            self._loop.ask(Intent.STOP)
        self._intercom.tell(replace(self._intercom.status, muted=on))
        self._loop.say(Cue("muted" if on else "unmuted"))

    def _list_devices(self) -> str | None:
        try:
            self._intercom.tell(listed(*self._devices))
        except UserError:
            return "not_ready"  # it is being lost this moment
        return None

    def _remind(self, now: datetime) -> str | None:
        cues = self._reminder.at_once(now)
        for cue in cues:
            self._loop.say(cue)
        return None if cues else "nothing_planned"
