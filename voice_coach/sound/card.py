"""The sound card: microphone and loudspeaker on one clock, the microphone's.

Two streams, not one. PortAudio can run microphone and loudspeaker as a single duplex stream,
but then every callback waits for both, and two devices with a clock each drift apart until
one runs dry. As two streams each keeps its own pace. What relates them is PortAudio's time
stamps: when the first sample of a microphone buffer was taken in and when the first sample
of a loudspeaker buffer will come out, on the same system clock. From each loudspeaker
callback and the microphone callback before it follows which microphone position a loudspeaker
sample coincides with: the *shift* between the two counts. `Shift` makes it steady; the
loudspeaker follows it by one sample a block, which nobody hears, or at once when it is far
off because sound broke off.

The callbacks run in PortAudio's threads. They copy into rings allocated beforehand and call
the mixer; they wait for nothing. The loop takes the blocks from the rings.
"""

import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.sound.block import Block
from voice_coach.sound.clock_shift import ENOUGH, Shift
from voice_coach.sound.devices import CALLED, Direction, find, portaudio, quiet
from voice_coach.sound.floor import Floor
from voice_coach.sound.interruptible import Interruptible
from voice_coach.sound.loudspeaker_delay import AUDIBLE, UNNOTICED, LoudspeakerDelay
from voice_coach.sound.ring import Ring
from voice_coach.sound.routes import OwnMonitor, Routes

__all__ = ["Block", "NoDevice", "Render", "SoundCard", "SoundLost"]

Render = Callable[[int, Samples], None]
"""Fills the array with what is to be heard from that stream position on."""

BUFFER: Final = 0.06
"""Seconds of buffer asked of each stream: three blocks, so that a late callback goes unheard."""
KEPT: Final = 16 * SAMPLE_RATE
"""Samples the rings hold: how long the loop may be held up before sound is missed."""
RECKONING: Final = 25
"""Blocks between two looks at the measured shift."""
JUMP: Final = to_samples(0.006)
"""A correction of the shift beyond this is made at once: drift alone never asks for it."""
PAUSE: Final = 25
"""Blocks of our silence before the shift jumps."""
UNHURRIED: Final = 5 * BLOCK
"""Samples that are carried at once where nobody waits for an answer."""
WATCHDOG: Final = 1.0
"""Seconds without a callback after which the sound counts as lost."""
ENDING: Final = 1.0
"""Seconds that closed streams may take at the end of the program."""
OPENING: Final = 2.0
"""Seconds that newly opened streams may take to settle."""


class NoDevice(UserError):  # noqa: N818  (likewise)
    """A device cannot be opened; `direction` tells which."""

    def __init__(self, direction: Direction, sentence: str) -> None:
        super().__init__(sentence)
        self.direction: Final = direction


class SoundLost(UserError):  # noqa: N818  (what happened, as the loop tells it)
    """A device fell silent for good: unplugged, asleep, or its sound server gone."""


class SoundCard:
    """Microphone and loudspeaker, opened by name, heard and played on the stream clock.

    Position 0 is the first sample after the streams have settled, 0.3 s after opening.
    Positions never have a hole: samples that the sound system reports as dropped are made up
    for with silence, and from the loss of a device until `recover` stream time stands still.

    Parameters
    ----------
    input_name, output_name
        Part of the devices' names, or None for the default ones; see `devices.find`.
    render
        Called in the loudspeaker's thread with a stream position and an array of silence to
        fill with what is to be heard from that position on. It must not block. Whatever it
        raises is raised by `blocks`, in the loop's thread.
    """

    def __init__(self, *, input_name: str | None, output_name: str | None, render: Render) -> None:
        self.overflows = 0
        """Times the sound system dropped microphone samples, since the card was made."""
        self.underflows = 0
        """Times the loudspeaker ran dry, since the card was made."""
        self.missed = 0
        """Blocks replaced by silence because the loop was held up, since the card was made."""
        self.hurried = True
        """Whether each block is handed over as soon as it is there; else some at once."""
        self._names: dict[Direction, str | None] = {"input": input_name, "output": output_name}
        self._render = render
        self._fault: Exception | None = None
        self._streams: list[Any] = []
        self._calls = Interruptible()
        self._routes: Routes | None = None
        self._hush = contextlib.ExitStack()
        self._microphone = Ring(KEPT)
        self._playback = Ring(KEPT)
        self._news = threading.Lock()
        self._floor = Floor()
        self._next = 0  # the position of the next block to hand out
        self._rendered = 0  # the position up to which the loudspeaker has been given sound
        self._begin()

    def _begin(self) -> None:
        """Forget the earlier streams: everything below is counted from the opening of new ones."""
        self._captured = 0
        self._emitted = 0
        self._captured_when = self._emitted_when = time.monotonic()
        self._stamp: tuple[float, int] | None = None  # capture time of which captured sample
        self._measured = Shift()
        self._shift: int | None = None  # position that the emitted count 0 would have
        self._wanted_shift = 0
        self._origin = 0  # position that the captured count 0 would have
        self._delay = LoudspeakerDelay()
        self._further = 0  # by how much later than by its time stamps our sound is taken to come
        self._found = 0  # by how much later than that it was last found to come
        self._silent = 0  # blocks since we last sounded

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as hush:
            hush.enter_context(quiet())
            self._calls.call(self._open)
            self._hush = hush.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._calls.last_call(self._close, ENDING)
        self._hush.close()

    @property
    def latency(self) -> int:
        """Samples by which the loudspeaker is filled ahead of what the microphone has given."""
        return self._rendered - (self._captured + self._origin)

    def blocks(self) -> Iterator[Block]:
        """Yield block after block, for ever, as they come in.

        Raises SoundLost when a device goes; call `recover`, then `blocks` again.
        """
        while True:
            while self._next + BLOCK <= self._captured + self._origin:
                yield self._take_block()
            self._check()
            self._await_news()

    def _await_news(self) -> None:
        if self.hurried:
            self._news.acquire(timeout=WATCHDOG / 10)
        else:
            time.sleep(UNHURRIED / SAMPLE_RATE)

    def close(self) -> None:
        """Close both devices until `recover`: nothing is heard, and stream time stands still."""
        self._calls.call(self._close)

    def recover(
        self, patience: float = math.inf, meanwhile: Callable[[], None] = lambda: None
    ) -> None:
        """Open the devices again as soon as they are back; SoundLost after `patience` seconds.

        Stream time goes on where it stood. Sound that was already given to the lost loudspeaker is
        not repeated. `meanwhile` is called before each attempt, every few seconds.
        """
        deadline = time.monotonic() + patience
        pause = 0.25
        while True:
            meanwhile()
            try:
                self._calls.call(self._open_anew)
            except UserError as error:
                if time.monotonic() + pause > deadline:
                    raise SoundLost(str(error)) from error
                time.sleep(pause)
                pause = min(2 * pause, 4.0)
            else:
                return

    # While the loop's thread waits, or in it

    def _open_anew(self) -> None:
        self._close()
        sounddevice = portaudio()
        sounddevice._terminate()
        sounddevice._initialize()
        self._open()

    def _open(self) -> None:
        sounddevice = portaudio()
        self._begin()
        self._routes = Routes()
        try:
            self._open_stream("input", sounddevice.InputStream, self._take_in)
            self._open_stream("output", sounddevice.OutputStream, self._give_out)
            self._have_routes_followed()
            self._settle()
        except BaseException:
            self._close()
            raise

    def _open_stream(self, direction: Direction, kind: Any, callback: Callable[..., None]) -> None:
        sounddevice = portaudio()
        try:
            device = find(direction, self._names[direction])
        except UserError as error:
            raise NoDevice(direction, str(error)) from error
        called = f"{CALLED[direction]} '{device.name}'"
        try:
            stream = kind(
                samplerate=SAMPLE_RATE,
                blocksize=BLOCK,
                device=device.index,
                channels=1,
                dtype="float32",
                latency=BUFFER,
                dither_off=True,
                callback=callback,
            )
            self._streams.append(stream)
            stream.start()
        except sounddevice.PortAudioError as error:
            code = error.args[1] if len(error.args) > 1 else None
            if code == _UNAVAILABLE:
                raise NoDevice(
                    direction,
                    f"The {called} is in use: close the program that uses it, "
                    f"or choose another with --{direction}.",
                ) from error
            raise NoDevice(
                direction,
                f"The {called} cannot be opened ({error.args[0]}): "
                f"choose another with --{direction}; 'voice-coach devices' lists them.",
            ) from error

    def _settle(self) -> None:
        """Wait for the first measured shift, then let the stream clock run on from `_next`."""
        deadline = time.monotonic() + OPENING
        while (shift := self._measured.settle()) is None or self._captured < ENOUGH * BLOCK:
            if time.monotonic() > deadline:
                silent = "microphone" if self._stamp is None else "loudspeaker"
                raise SoundLost(
                    f"The {silent} opens but gives no sound: wake it or plug it in again."
                )
            self._news.acquire(timeout=WATCHDOG / 10)
        captured = self._captured
        # What the loudspeaker was given before it was lost must not be asked for again: the
        # clock then begins some blocks earlier in what was captured.
        begun = max(0, self._rendered - (self._next + self._emitted + shift - captured))
        self._origin = self._next - captured + min(captured, math.ceil(begun / BLOCK) * BLOCK)
        self._playback.clear(self._next, self._rendered)
        self._wanted_shift = self._shift = shift + self._origin

    def _have_routes_followed(self) -> None:
        assert self._routes is not None
        try:
            self._routes.opened()
        except OwnMonitor as error:
            raise NoDevice("input", str(error)) from error

    def _close(self) -> None:
        if self._routes is not None:
            self._routes.close()
            self._routes = None
        for stream in self._streams:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)
        self._streams = []

    def _take_block(self) -> Block:
        at = self._next
        end = at + BLOCK
        self._next = end
        if end % (RECKONING * BLOCK) == 0:
            shift = self._measured.settle()
            if shift is not None:
                self._wanted_shift = shift + self._origin + self._further
        count = at - self._origin
        if self._captured - count > KEPT - SAMPLE_RATE:
            self.missed += 1
            return Block(at, np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32))
        rendered = min(max(self._rendered, at), end)
        playback = np.zeros(BLOCK, np.float32)
        playback[: rendered - at] = self._playback.read(at, rendered)
        microphone = self._microphone.read(count, count + BLOCK)
        self._listen_for_delay(microphone, playback)
        return Block(at, microphone, playback)

    def _listen_for_delay(self, microphone: Samples, playback: Samples) -> None:
        found = self._delay.feed(microphone, playback)
        if found is not None:
            self._found = found if abs(found) > UNNOTICED else 0
        self._silent = 0 if np.abs(playback).max() > AUDIBLE else self._silent + 1
        # A jump in the middle of a word would be heard.
        if self._found and self._silent > PAUSE:
            self._further += self._found
            self._found = 0
            self._delay.begin_anew()

    def _check(self) -> None:
        """Raise what went wrong in the callbacks, or SoundLost when they no longer come."""
        if self._fault is not None:
            raise self._fault
        if self._routes is not None and self._routes.moved is not None:
            raise SoundLost(self._routes.moved)
        now = time.monotonic()
        for called, when, stream in zip(
            CALLED.values(), (self._captured_when, self._emitted_when), self._streams, strict=True
        ):
            if not stream.active:
                raise SoundLost(f"The {called} has gone: plug it in again.")
            if now - when > WATCHDOG:
                raise SoundLost(
                    f"The {called} has gone: it is still plugged in, but gives no sound any more. "
                    "Its sound server hangs, or the machine is too busy."
                )

    # In PortAudio's threads

    def _take_in(self, sound: Samples, frames: int, when: Any, status: Any) -> None:
        if status.input_overflow:
            self.overflows += 1
            self._make_up(when.inputBufferAdcTime)
        self._stamp = (when.inputBufferAdcTime, self._captured)
        self._microphone.write(self._captured, sound[:, 0])
        self._captured += frames
        self._captured_when = time.monotonic()
        if self._news.locked():
            self._news.release()

    def _make_up(self, captured_when: float) -> None:
        """Put silence in place of what was dropped, in whole blocks."""
        if self._stamp is None:
            return
        since, count = self._stamp
        lost = round(((captured_when - since) * SAMPLE_RATE + count - self._captured) / BLOCK)
        if 0 < lost * BLOCK < KEPT:
            self._microphone.clear(self._captured, self._captured + lost * BLOCK)
            self._captured += lost * BLOCK

    def _give_out(self, sound: Samples, frames: int, when: Any, status: Any) -> None:
        out = sound[:, 0]
        out.fill(0)
        if status.output_underflow:
            self.underflows += 1
            self._measured.broke()
        if self._stamp is not None:
            captured_when, captured = self._stamp
            ahead = (when.outputBufferDacTime - captured_when) * SAMPLE_RATE
            self._measured.measured(ahead + captured - self._emitted)
        if self._shift is not None:
            self._shift = _step(self._shift, self._wanted_shift)
            position = self._emitted + self._shift
            with contextlib.suppress(Exception):
                self._fill(position, out)
        self._floor.fill(out)  # which the ears need not know of
        self._emitted += frames
        self._emitted_when = time.monotonic()

    def _fill(self, position: int, out: Samples) -> None:
        try:
            self._render(position, out)
        except Exception as error:
            self._fault = error
            out.fill(0)
        self._playback.clear(min(self._rendered, position), position)
        self._playback.write(position, out)
        self._rendered = position + len(out)


def _step(shift: int, wanted: int) -> int:
    """Return the next shift: a sample nearer to the wanted one, or that itself when it is far."""
    if abs(wanted - shift) > JUMP:
        return wanted
    return shift + (wanted > shift) - (wanted < shift)


_UNAVAILABLE: Final = -9985
"""PortAudio's paDeviceUnavailable."""
