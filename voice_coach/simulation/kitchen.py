"""A simulated kitchen, block by block: what the microphone hears while someone exercises.

A person's heels and voice, noises and the product's own loudspeaker sound in one room and
reach one microphone. Everything is drawn from one seed, and the samples are the same whatever
block lengths they are asked for in.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import signal

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.simulation.loudness import amplitude, gain
from voice_coach.simulation.microphone import Microphone
from voice_coach.simulation.noises import Noise, NoiseSource
from voice_coach.simulation.room import impulse_response
from voice_coach.simulation.strike import FLOORS, FOOTWEAR, Heels

Waveform = npt.NDArray[np.float64]

AMBIENCE_DB: Final = 36.0
"""Root mean square of a quiet kitchen, dB re 20 µPa, mostly below 500 Hz."""

VOICE_DB: Final = 64.0
"""Usual level of the person's voice at the microphone, dB re 20 µPa, root mean square."""

ECHO_DB: Final = -6.0
"""Usual gain from loudspeaker samples to microphone samples, in dB, direct sound alone."""

ECHO_DELAY: Final = 400
"""Samples (25 ms) from emission to the microphone: travel and what the drivers do not report."""


class Kitchen:
    """A simulated kitchen whose microphone is read block by block.

    Parameters
    ----------
    floor, footwear : str
        A key of :data:`~voice_coach.simulation.strike.FLOORS`, of ``FOOTWEAR``.
    distance_m : float
        From the heels to the microphone, in metres.
    noises : sequence of Noise
        What else sounds, and when.
    echo_db : float
        Gain from loudspeaker samples to microphone samples in dB; ``-inf`` for headphones.
    seed : int
        Decides everything that is drawn.
    automatic_gain : bool
        Whether the microphone's driver has automatic gain control switched on.
    gain_db : float
        Microphone gain against the usual one.
    """

    def __init__(
        self,
        *,
        floor: str,
        footwear: str,
        distance_m: float = 1.5,
        noises: Sequence[Noise] = (),
        echo_db: float = ECHO_DB,
        seed: int,
        automatic_gain: bool = False,
        gain_db: float = 0.0,
    ) -> None:
        if floor not in FLOORS:
            raise UserError(f"There is no floor {floor!r}; choose one of: {', '.join(FLOORS)}.")
        if footwear not in FOOTWEAR:
            known = ", ".join(FOOTWEAR)
            raise UserError(f"There is no footwear {footwear!r}; choose one of: {known}.")
        person, room, hiss, drops, rest = np.random.SeedSequence(seed).spawn(5)
        self._heels = Heels(floor, footwear, np.random.default_rng(person))
        space = np.random.default_rng(room)
        rt60 = float(space.uniform(0.35, 0.65))
        self._heel_response = impulse_response(distance_m, rt60, space)
        self._voice_response = impulse_response(distance_m, rt60, space)
        self._echo = _Echo(impulse_response(0.3, rt60, space), echo_db)
        self._drops = np.random.default_rng(drops)
        ambience, *seeds = rest.spawn(len(noises) + 1)
        self._ambience_rng = np.random.default_rng(ambience)
        self._ambience_sos = signal.butter(1, (60, 400), "bandpass", fs=SAMPLE_RATE, output="sos")
        self._ambience_state = np.zeros((self._ambience_sos.shape[0], 2))
        # A band of 340 Hz in 8 kHz passes about this share of white noise's power.
        self._ambience_gain = amplitude(AMBIENCE_DB) / (1.57 * 340 / 8000) ** 0.5
        self._noises = [
            NoiseSource(
                noise,
                impulse_response(float(space.uniform(0.8, 3.0)), rt60, space),
                np.random.default_rng(own),
            )
            for noise, own in zip(noises, seeds, strict=True)
        ]
        self._room = _Ahead(self._draw_room)
        self._microphone = Microphone(np.random.default_rng(hiss), automatic_gain=automatic_gain)
        self._gain = gain(gain_db)
        self._position = 0
        self._pending: list[tuple[int, Waveform]] = []

    def strike(self, at: int, effort: float = 1.0, *, heels: int = 2) -> float:
        """Let the heels land at stream position `at`; the sound arrives after its travel.

        `effort` is the landing speed relative to this person's good drop: soft 0.2-0.42; `heels`
        is 1 for a drop on one leg.
        Returns the position at which the sound reaches the microphone, in samples.
        """
        dry = self._heels.drop(effort, self._drops, heels=heels)
        self._pending.append((at, signal.fftconvolve(dry, self._heel_response)))
        travel = int(np.argmax(self._heel_response != 0.0))
        return float(at + travel)

    def speak(self, at: int, speech: Samples, level_db: float = VOICE_DB) -> None:
        """Let the person say `speech` from stream position `at`.

        `level_db` is the root mean square, at the microphone, of its louder half: dB re 20 µPa.
        """
        if not len(speech):
            return
        sound = np.asarray(speech, dtype=np.float64)
        power = np.sort(sound**2)[len(sound) // 2 :]
        wet = signal.fftconvolve(sound, self._voice_response)
        scale = amplitude(level_db) / max(float(np.sqrt(np.mean(power))), 1e-9)
        response = float(np.sqrt(np.sum(self._voice_response**2)))
        self._pending.append((at, wet * (scale / response)))

    def microphone(self, speaker: Samples) -> Samples:
        """Return what the microphone hears while the loudspeaker emits `speaker`."""
        n = len(speaker)
        first, self._position = self._position, self._position + n
        if n == 0:
            return np.zeros(0, np.float32)
        pressure = self._room.render(n)
        pressure += self._echo.render(speaker)
        for at, sound in self._pending:
            start, end = max(first, at), min(first + n, at + len(sound))
            if start < end:
                pressure[start - first : end - first] += sound[start - at : end - at]
        self._pending = [
            (at, sound) for at, sound in self._pending if at + len(sound) > self._position
        ]
        return self._microphone.record(pressure * self._gain)

    def _draw_room(self, n: int) -> Waveform:
        """Return the next `n` samples of the room without people: its ambience and noises."""
        white = self._ambience_rng.standard_normal(n)
        pressure, self._ambience_state = signal.sosfilt(
            self._ambience_sos, white, zi=self._ambience_state
        )
        pressure *= self._ambience_gain
        for noise in self._noises:
            pressure += noise.render(n)
        return np.asarray(pressure)


class _Ahead:
    """A sound that depends on nothing else, drawn a second at a time.

    Long stretches cost far less than blocks; the samples are the same.
    """

    def __init__(self, draw: Callable[[int], Waveform]) -> None:
        self._draw = draw
        self._ready = np.zeros(0)

    def render(self, n: int) -> Waveform:
        """Return the next `n` samples."""
        while len(self._ready) < n:
            self._ready = np.concatenate([self._ready, self._draw(SAMPLE_RATE)])
        taken, self._ready = self._ready[:n].copy(), self._ready[n:]
        return taken


class _Echo:
    """The loudspeaker's sound at the microphone, `ECHO_DELAY` late.

    The delay exceeds one internal block, so that convolving in fixed blocks of the stream gives
    the same samples whatever lengths are asked for. The response is cut into blocks of the same
    length (uniformly partitioned overlap-save), so that a block costs one short transform each
    way.
    """

    def __init__(self, response: Waveform, echo_db: float) -> None:
        first = int(np.argmax(response != 0.0))
        dry = response[first:] / np.abs(response[first]) * gain(echo_db)
        parts = np.pad(dry, (0, -len(dry) % BLOCK)).reshape(-1, BLOCK)
        self._parts = np.fft.rfft(parts, 2 * BLOCK)
        self._spectra = np.zeros_like(self._parts)
        self._last = np.zeros(BLOCK)
        self._silent = len(parts) + 1
        self._waiting = np.zeros(0)
        self._ready = np.zeros(ECHO_DELAY)

    def render(self, speaker: Samples) -> Waveform:
        """Return the echo during the emission of `speaker`."""
        n = len(speaker)
        waiting = np.concatenate([self._waiting, np.nan_to_num(speaker).astype(np.float64)])
        whole = len(waiting) - len(waiting) % BLOCK
        blocks = [self._block(waiting[at : at + BLOCK]) for at in range(0, whole, BLOCK)]
        self._waiting = waiting[whole:]
        echo = np.concatenate([self._ready, *blocks])
        self._ready = echo[n:]
        return echo[:n]

    def _block(self, block: Waveform) -> Waveform:
        self._silent = 0 if block.any() else self._silent + 1
        if self._silent > len(self._parts) + 1:
            return np.zeros(BLOCK)
        # The newest spectrum meets the response's first part, the one before its second ...
        self._spectra = np.roll(self._spectra, 1, axis=0)
        self._spectra[0] = np.fft.rfft(np.concatenate([self._last, block]))
        self._last = block
        return np.fft.irfft((self._spectra * self._parts).sum(axis=0))[BLOCK:]
