"""Between the speaker and the intercom, whether there is one or not."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from msgspec import convert
from msgspec.structs import replace

from voice_coach import __version__
from voice_coach.coach import VolumeAsked
from voice_coach.errors import UserError
from voice_coach.home.answering import Answering, Troubles
from voice_coach.home.observer import Observer
from voice_coach.home.reminding import Reminder
from voice_coach.home.reporting import Reporter
from voice_coach.home.residents import Household
from voice_coach.home.session_loop import Door, Loop
from voice_coach.intercom.messages import DIGITS, Doing, LetGo, LetIn, Role, Take, Withdrawn
from voice_coach.intercom.server import Intercom
from voice_coach.samples import Samples

LOOK: Final = 0.1
"""Seconds between two looks whether who had the files closed is done with them."""


class Switchboard:
    """Keeps the intercom over all beginnings of the speaker; does nothing where there is none.

    Parameters
    ----------
    announce
        Is told why there is no intercom although one is set.
    """

    def __init__(self, announce: Callable[[str], None]) -> None:
        self._announce = announce
        self._intercom: Intercom | None = None
        self._answering: Answering | None = None
        self.troubles = Troubles(None)
        """What is broken now."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.use(None)

    def use(self, path: Path | None) -> None:
        """Serve the intercom at `path`, and no other one."""
        if self._intercom is not None:
            if self._intercom.path == path:
                return
            self._intercom.close()
            self._intercom = None
        if path is not None:
            try:
                self._intercom = Intercom(path, __version__)
            except UserError as error:
                # The speaker is no worse without it.
                self._announce(str(error))
        self.troubles = Troubles(self._intercom)

    # -- while it cannot begin, or go on ---------------------------------------------------

    def out_of_order(self, why: str) -> None:
        """Tell that the speaker cannot begin."""
        self._be("starting", ready=False)
        self.troubles.note("start", why)

    def in_order(self) -> None:
        """Tell that it has begun."""
        for source in ("start", "microphone", "diary"):
            self.troubles.note(source, None)
        self._be("asleep", ready=True)

    @contextmanager
    def without_sound(self, why: str) -> Iterator[None]:
        """Tell for the length of the block that there is no sound."""
        before = self._intercom.status.doing if self._intercom else "asleep"
        self._be("without_sound", ready=False)
        self.troubles.note("sound", why)
        yield
        self.troubles.note("sound", None)
        self._be(before, ready=True)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Tell for the length of the block that the microphone is closed; nobody can undo that."""
        intercom = self._intercom
        if intercom is None:
            yield
            return
        before, ready = intercom.status.muted, intercom.ready
        intercom.ready = False
        intercom.tell(replace(intercom.status, muted=True))
        yield
        intercom.tell(replace(intercom.status, muted=before))
        intercom.ready = ready

    def _be(self, doing: Doing, *, ready: bool) -> None:
        if self._intercom is not None:
            self._intercom.ready = ready
            self._intercom.tell(replace(self._intercom.status, doing=doing))

    # -- while it goes on ------------------------------------------------------------------

    def observers(self, household: Household) -> Sequence[Observer]:
        """Return who watches the loop for the intercom."""
        return () if self._intercom is None else (Reporter(self._intercom, household),)

    @property
    def door(self) -> Door | None:
        """The door of the page of the home."""
        return None if self._intercom is None else _Door(self._intercom)

    def answer_for(
        self, loop: Loop, reminder: Reminder, devices: tuple[str | None, str | None]
    ) -> None:
        """Do what is asked from here on to `loop`, which hears and speaks by `devices`."""
        if self._intercom is not None:
            self._answering = Answering(self._intercom, loop, reminder, devices)
            loop.tell(VolumeAsked(loop.position, self._intercom.status.volume))

    def serve(self, clock: Callable[[], datetime]) -> None:
        """Do what has been asked for since the last block."""
        if self._answering is not None:
            self._answering.serve(clock)

    def hear(self, microphone: Samples) -> None:
        """Take in what the microphone heard, of which only its level is told, if that is asked."""
        if self._answering is not None and not self.muted:
            self._answering.meter.hear(microphone)

    @property
    def muted(self) -> bool:
        """Whether nothing may be heard."""
        return self._answering is not None and self._answering.muted

    @property
    def wanted(self) -> bool:
        """Whether somebody wants the files to be closed."""
        return self._answering is not None and self._answering.let_go is not None

    def hold(self) -> None:
        """Say that all files are closed, where that was asked for, and wait as long as it was."""
        intercom, answering = self._intercom, self._answering
        self._answering = None
        if intercom is None or answering is None:
            return
        question = answering.let_go
        if question is None:
            self._be("starting", ready=False)
            return
        assert isinstance(question.request, LetGo)
        self._be("starting", ready=True)
        intercom.answer(question)
        ends = time.monotonic() + question.request.seconds
        while time.monotonic() < ends and intercom.connected(question):
            for asked in intercom.take():
                taken = isinstance(asked.request, Take)
                intercom.answer(asked, None if taken else "not_ready")
                if taken:
                    ends = 0.0
            time.sleep(LOOK)
        intercom.ready = False


@dataclass(frozen=True, slots=True)
class _Door:
    """Makes digits for the page, if it listens; whoever else listens is a program of our own."""

    intercom: Intercom

    def let_in(self, role: str) -> str | None:
        """Return the digits by which somebody may come in as `role`; None without a page."""
        if not self.intercom.heard:
            return None
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        self.intercom.tell(LetIn(code=code, role=convert(role, Role)))
        return code

    def show_out(self) -> bool:
        """Let nobody in any more; return whether there is a page."""
        self.intercom.tell(Withdrawn())
        return self.intercom.heard
