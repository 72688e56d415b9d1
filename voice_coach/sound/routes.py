"""Which devices the sound server has our streams on, and whether it has moved them.

A sound server keeps a stream going when its device goes: it moves it to another one, for a
microphone perhaps to the monitor of the loudspeaker, and PortAudio learns nothing of it. So the
server is asked, where there is one (PulseAudio, or PipeWire in its place), and tells by itself when
it has changed something. It is asked in a thread of its own: one that hangs holds up nobody.
"""

import logging
import os
import threading
from dataclasses import dataclass
from typing import Any, Final

from voice_coach.errors import UserError
from voice_coach.sound.devices import CALLED, Direction

_LOG = logging.getLogger(__name__)

_LOOK: Final = 0.5
"""Seconds after which the thread looks whether it is still wanted."""
_ASKING: Final = 1.5
"""Seconds within which the server has to answer at first; else we go on without knowing."""
_NAME: Final = "voice-coach watches its streams"


@dataclass(frozen=True, slots=True)
class Route:
    """The device that one of our streams is on."""

    index: int
    name: str
    called: str
    """What a person knows it by."""
    monitors: int | None = None
    """The index of the loudspeaker that it hears, where it is no microphone."""


class OwnMonitor(UserError):  # noqa: N818 - what is so
    """The sound server lets us hear our own loudspeaker in place of a microphone."""

    def __init__(self) -> None:
        super().__init__(
            "There is no microphone: the sound server would let us hear our own loudspeaker in its "
            "place. Plug a microphone in, or choose one in the machine's sound settings."
        )


class Routes:
    """Follows our streams, once they are open, until it is closed.

    Where there is no sound server, or its library, nothing is known, and nothing is found.
    """

    def __init__(self) -> None:
        self.moved: str | None = None
        """What is not where it should be, in a sentence; None while all is."""
        self._at_first: dict[Direction, Route] = {}
        self._opened, self._known = threading.Event(), threading.Event()
        self._closed = self._changed = False
        threading.Thread(target=self._follow, name="routes", daemon=True).start()

    def opened(self) -> None:
        """Begin to follow the streams, which have been opened.

        OwnMonitor where the microphone's is wrong from the beginning; a server that is slow to
        answer is not waited for.
        """
        self._opened.set()
        self._known.wait(_ASKING)
        if self._hears_itself:
            raise OwnMonitor

    def close(self) -> None:
        """Follow them no longer."""
        self._closed = True
        self._opened.set()

    @property
    def _hears_itself(self) -> bool:
        first = self._at_first
        return len(first) == len(CALLED) and first["input"].monitors == first["output"].index

    def _follow(self) -> None:
        try:
            import pulsectl  # noqa: PLC0415 - which needs the server's library

            with pulsectl.Pulse(_NAME, connect=False) as pulse:
                pulse.connect(timeout=_ASKING)
                self._listen(pulse, pulsectl.PulseLoopStop)
        except (ImportError, OSError) as error:
            _LOG.info("sound servers are not known here: %s", error)
        except Exception as error:  # pulsectl's own, whose names are only known with it
            _LOG.info("the sound server tells nothing: %s", error)
        finally:
            self._known.set()

    def _listen(self, pulse: Any, stop: type[Exception]) -> None:
        def changed(event: object) -> None:
            self._changed = True
            raise stop

        pulse.event_mask_set("sink_input", "source_output")
        pulse.event_callback_set(changed)
        self._opened.wait()
        self._at_first = _routes(pulse)
        if self._hears_itself:
            self.moved = str(OwnMonitor())
        self._known.set()
        while self._at_first and not self._closed and self.moved is None:
            pulse.event_listen(timeout=_LOOK)
            if self._changed:
                self._changed = False
                self._compare(_routes(pulse))

    def _compare(self, now: dict[Direction, Route]) -> None:
        for direction, before in self._at_first.items():
            route = now.get(direction)
            if route is None or route.name == before.name:
                continue
            there = "the loudspeaker itself" if route.monitors is not None else f"'{route.called}'"
            self.moved = (
                f"The {CALLED[direction]} has gone: in place of '{before.called}' the sound "
                f"server went on with {there}. If it was unplugged, plug it in again."
            )
            return


def _routes(pulse: Any) -> dict[Direction, Route]:
    """Return where our streams are; nothing of a kind of which we have none, or several."""
    found: dict[Direction, Route] = {}
    ours = [stream for stream in pulse.source_output_list() if _is_ours(stream)]
    if len(ours) == 1:
        source = pulse.source_info(ours[0].source)
        heard = source.monitor_of_sink if source.monitor_of_sink_name else None
        found["input"] = Route(source.index, source.name, source.description, heard)
    ours = [stream for stream in pulse.sink_input_list() if _is_ours(stream)]
    if len(ours) == 1:
        sink = pulse.sink_info(ours[0].sink)
        found["output"] = Route(sink.index, sink.name, sink.description)
    return found


def _is_ours(stream: Any) -> bool:
    return str(stream.proplist.get("application.process.id")) == str(os.getpid())
