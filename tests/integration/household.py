"""A simulated household on a private sound server: somebody who speaks and lands in real time.

They hear the speaker through its monitor, as a person would through the air, and answer each
drop cue with the sound of heels on a floor.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.soundserver import SoundServer
from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.rehearsal.voices import voice
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen
from voice_coach.speaking import Script, Voice

ALIKE = 0.9
"""Correlation from which a sound on the loudspeaker is the cue."""


TONE, TIMES = 20.0, 15
"""Seconds of the room's own sound, and how often it is played: longer than anybody stays."""


GENTLE = 4
"""Number of the drop cue that asks for a gentle landing: it follows three good ones."""


GENTLY = 0.35
"""Effort of that landing."""


REACTION = 0.15
"""Seconds from hearing a cue to letting go, besides the delay of the sound server."""


class Room:
    """A quiet kitchen with a wooden floor, and somebody in shoes on it.

    The room sounds all the time, as rooms do; a landing is what it adds to that.
    """

    LENGTH = 30
    """Blocks kept of each landing."""

    def __init__(self, seed: int = 5) -> None:
        self._still, self._kitchen = (
            Kitchen(floor="wood", footwear="shoe", distance_m=1.0, echo_db=-np.inf, seed=seed)
            for _ in range(2)
        )
        self._position = 0

    def tone(self, seconds: float) -> Samples:
        """Return the sound of the room while nobody moves."""
        room = Kitchen(floor="wood", footwear="shoe", distance_m=1.0, echo_db=-np.inf, seed=1)
        return room.microphone(np.zeros(to_samples(seconds), np.float32))

    def land(self, effort: float = 1.0) -> Samples:
        """Return what a landing adds to the room; it begins 20 ms into it."""
        self._kitchen.strike(self._position + BLOCK, effort)
        self._position += self.LENGTH * BLOCK
        silence = np.zeros(self.LENGTH * BLOCK, np.float32)
        return self._kitchen.microphone(silence) - self._still.microphone(silence)


class CueListener:
    """Finds a known cue in a stream by its correlation with it."""

    def __init__(self, cue: Samples) -> None:
        self._cue = cue / np.linalg.norm(cue)
        self._tail = np.zeros(len(cue) - 1, np.float32)
        self._deaf_until = 0

    def hear(self, position: int, sound: Samples) -> int | None:
        """Return where the cue began if its end lies in `sound`, which begins at `position`."""
        joined = np.concatenate([self._tail, sound])
        self._tail = joined[len(joined) - len(self._tail) :]
        product = np.correlate(joined, self._cue, "valid")
        energy = np.convolve(joined**2, np.ones(len(self._cue)), "valid")
        alike = product / np.sqrt(np.maximum(energy, 1e-6))
        best = int(np.argmax(alike))
        begun = position - len(self._tail) + best
        if alike[best] < ALIKE or begun < self._deaf_until:
            return None
        self._deaf_until = begun + to_samples(1.0)
        return begun


class Inhabitant(threading.Thread):
    """Lands after every drop cue they hear, but for those they leave out; once, gently.

    Parameters
    ----------
    server
        Where speaker and microphone are.
    drop
        The sound of the drop cue.
    leaves_out
        Numbers of the drop cues (from 1, calibration included) that are not answered.
    """

    def __init__(
        self, server: SoundServer, drop: Samples, leaves_out: frozenset[int] = frozenset()
    ) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._listener = CueListener(drop)
        self._room = Room()
        self._tone = np.tile(self._room.tone(TONE), TIMES)
        self._leaves_out = leaves_out
        self._recording = server.record_speaker()
        self._speak = voice("gmw/en-us+m3")
        self.drops: list[int] = []
        """Where the drop cues were heard, in samples of the recording."""

    def run(self) -> None:
        """Listen until the recording ends."""
        room = self._server.play_into_microphone(self._tone)
        for position, sound in self._recording:
            begun = self._listener.hear(position, sound)
            if begun is not None:
                self.drops.append(begun)
                if len(self.drops) not in self._leaves_out:
                    thinking = np.zeros(to_samples(REACTION), np.float32)
                    landing = self._room.land(GENTLY if len(self.drops) == GENTLE else 1.0)
                    self._server.play_into_microphone(np.concatenate([thinking, landing]))
        room.stop()

    def say(self, text: str) -> None:
        """Say something into the microphone, to its end."""
        speech = self._speak(text) * np.float32(0.3)
        self._server.play_into_microphone(speech).wait(30)

    def start_a_session(self) -> None:
        """Say what is wanted, and answer the questions before it."""
        self.say("start beginner")
        for answer in ("no", "yes thank you"):
            self.wait_for_sound(within=10)
            self.wait_for_silence(0.7, within=20)
            self.say(answer)

    def wait_for_drops(self, count: int, within: float) -> None:
        """Wait until so many drop cues have been heard."""
        self._wait(lambda: len(self.drops) >= count, within, f"drop cue {count}")

    def is_silent_for(self, seconds: float) -> bool:
        """Tell whether the loudspeaker has been silent for the last `seconds`."""
        last = self._recording.last(seconds)
        return len(last) == round(seconds * SAMPLE_RATE) and not np.any(np.abs(last) > 1e-3)

    def wait_for_sound(self, within: float) -> None:
        """Wait until the loudspeaker sounds."""
        self._wait(lambda: not self.is_silent_for(0.1), within, "sound")

    def wait_for_silence(self, seconds: float, within: float) -> None:
        """Wait until the loudspeaker has been silent for `seconds`."""
        self._wait(lambda: self.is_silent_for(seconds), within, "silence")

    def heard(self) -> Samples:
        """Return everything the loudspeaker has played."""
        return self._recording.samples

    def leave(self) -> None:
        """Stop listening."""
        self._recording.stop()
        self.join(10)

    def _wait(self, come: Callable[[], bool], within: float, what: str) -> None:
        deadline = time.monotonic() + within
        while not come():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {what} within {within} s")
            time.sleep(0.02)


def drop_cue(cache: Path) -> Samples:
    """Return the sound of the drop cue."""
    return Voice(Script.load(), cache=cache).clip("tone.drop", {}).samples


@contextmanager
def speaker(
    server: SoundServer, settings: Path, program: Sequence[str] = ("-m", "voice_coach", "run")
) -> Iterator[subprocess.Popen[str]]:
    """Run ``voice-coach run`` as a process of its own, and end it; it must not have crashed.

    `program` is what Python is to run instead, with the settings as its arguments.
    """
    errors = settings.with_name("stderr.txt")
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, *program, "--settings", str(settings)],
            env=server.environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()
        assert process.returncode == 0, errors.read_text()
