"""A look at microphone and loudspeaker: two seconds of the room, then a tone that has to be heard.

What is found is a list of sentences, the gravest first; where nothing is wrong it is empty.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.samples import Samples
from voice_coach.sound.card import SoundCard
from voice_coach.sound.floor import STEP

ROOM: Final = 2.0
"""Seconds for which the room is listened to."""
TONE: Final = 0.6
AFTER: Final = 1.2
"""Seconds after the tone: time for it to arrive, and for the room to be as it was."""
TONE_DB: Final = -14.0
"""Level of the tone, of full scale."""
LATE: Final = 0.35
"""Seconds within which the tone has to arrive."""

QUIET_DB: Final = -82.0
"""A room fainter than this was made so: no microphone and no room is."""
LOUD_DB: Final = -38.0
"""A room louder than this leaves little of a voice, or of heels."""
HUM_DB: Final = 12.0
"""The mains stand out by so much of the sound beside them where they hum."""
HUM_HEARD_DB: Final = -62.0
CLIPPED: Final = 0.985
CLIPPED_SAMPLES: Final = 4
GAIN_DB: Final = 5.0
"""A room that is so much quieter after the tone than before tells of automatic gain."""
HEARD: Final = 0.25
"""How alike what was heard and the tone are at least, of 1, where the tone is heard."""
_MAINS: Final = (50.0, 60.0)
_HARMONICS: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found.

    Attributes
    ----------
    room_db, peak_db
        Level of the room, and the highest sample of all, dB of full scale.
    hum_hz
        The frequency of the mains where they hum; None where they do not.
    tone_db, late
        Level of the tone as it was heard, and by how many seconds later than it should; None where
        it was not heard.
    advice
        What to do, the gravest first.
    """

    room_db: float
    peak_db: float
    hum_hz: float | None
    tone_db: float | None
    late: float | None
    advice: tuple[str, ...] = field(default=())


def tone() -> Samples:
    """Return the tone: a sweep, which is found again however faint."""
    t = np.arange(to_samples(TONE)) / SAMPLE_RATE
    sweep = np.sin(2 * np.pi * (400 * t + (1600 - 400) / (2 * TONE) * t**2))
    ends = np.minimum(1.0, np.minimum(t, TONE - t) / 0.02)
    sound: Samples = 10 ** (TONE_DB / 20) * np.sqrt(2) * sweep * np.maximum(ends, 0)
    return sound.astype(np.float32)


def listen(input_name: str | None, output_name: str | None) -> tuple[Samples, SoundCard]:
    """Open the devices, listen, and play the tone; return what was heard, and the closed card.

    Raises what :class:`SoundCard` does where it cannot be opened, or is lost.
    """
    begin = to_samples(ROOM)
    sound = np.concatenate([tone(), np.zeros(to_samples(AFTER) + SAMPLE_RATE, np.float32)])

    def render(position: int, out: Samples) -> None:
        start = max(position - begin, 0)
        if position + len(out) > begin and start < len(sound):
            part = sound[start : start + len(out) - max(begin - position, 0)]
            out[len(out) - len(part) :] = part

    heard = []
    with SoundCard(input_name=input_name, output_name=output_name, render=render) as card:
        for block in card.blocks():
            heard.append(block.microphone)
            if len(heard) * BLOCK >= to_samples(ROOM + TONE + AFTER):
                break
    return np.concatenate(heard), card


def examine(heard: Samples) -> Checkup:
    """Return what there is to say of what :func:`listen` heard."""
    room = heard[: to_samples(ROOM) - BLOCK]
    after = heard[to_samples(ROOM + TONE + LATE) :]
    peak = float(np.abs(heard).max(initial=0.0))
    clipped = int(np.count_nonzero(np.abs(heard) >= CLIPPED)) >= CLIPPED_SAMPLES
    room_db, after_db = _level(room), _level(after)
    hum = _hum(room)
    late, tone_db = _found(heard)
    advice = []
    if np.ptp(np.abs(room)) == 0:
        advice.append(
            "The microphone hears nothing at all: unmute it (alsamixer, a switch on it), or have "
            "the sound server listen to it."
            if room[0] == 0 or abs(room[0]) != np.float32(STEP)
            else "What is heard is the loudspeaker's own monitor: choose the microphone with input."
        )
    elif room_db < QUIET_DB:
        advice.append(
            "The room is fainter than any microphone is: something filters it. Turn off noise "
            "suppression, and turn the microphone up."
        )
    if late is None:
        advice.append(
            "The tone was not heard: turn the loudspeaker up, and see that it is plugged in, or "
            "choose it with output."
        )
    if clipped:
        advice.append("The microphone is overloaded: turn its level down by a third.")
    if after_db < room_db - GAIN_DB:
        advice.append("The microphone changes its level by itself: turn automatic gain off.")
    if room_db > LOUD_DB:
        advice.append("The room is loud: bring the microphone nearer, or turn something off.")
    if hum is not None:
        advice.append(
            f"The mains hum ({hum:.0f} Hz): use another power supply, or another socket for it."
        )
    return Checkup(room_db, _db(peak), hum, tone_db, late, tuple(advice))


def _found(heard: Samples) -> tuple[float | None, float | None]:
    """Return by how many seconds the tone comes late, and its level; None where it is not heard."""
    sought = tone()
    begin = to_samples(ROOM) - BLOCK
    part = heard[begin : begin + len(sought) + to_samples(LATE)].astype(np.float64)
    length = len(part) + len(sought)
    spectrum = np.fft.rfft(part, length) * np.conj(np.fft.rfft(sought, length))
    alike = np.fft.irfft(spectrum, length)[: len(part) - len(sought) + 1]
    if not len(alike):
        return None, None
    at = int(np.argmax(np.abs(alike)))
    window = part[at : at + len(sought)]
    size = float(np.linalg.norm(window) * np.linalg.norm(sought))
    if size == 0 or abs(alike[at]) / size < HEARD:
        return None, None
    gain = abs(float(alike[at])) / float(np.sum(np.square(sought, dtype=np.float64)))
    return (at - BLOCK) / SAMPLE_RATE, TONE_DB + _db(gain)


def _hum(room: Samples) -> float | None:
    """Return the frequency of the mains where they stand out of the room, and can be heard."""
    windowed = (room - room.mean()) * np.hanning(len(room))
    power = np.abs(np.fft.rfft(windowed)) ** 2 / (
        np.sum(np.hanning(len(room)) ** 2) * len(room) / 2
    )
    hertz = np.fft.rfftfreq(len(room), 1 / SAMPLE_RATE)

    def near(frequency: float, low: float, high: float) -> float:
        away = np.abs(hertz - frequency)
        return float(power[(away >= low) & (away < high)].mean()) + 1e-20

    for mains in _MAINS:
        lines = [mains * number for number in _HARMONICS]
        stands_out = max(near(line, 0, 1.2) / near(line, 4, 12) for line in lines)
        loud = sum(near(line, 0, 1.2) * 2.4 * len(room) / SAMPLE_RATE for line in lines)
        if 10 * np.log10(stands_out) > HUM_DB and 10 * np.log10(loud) > HUM_HEARD_DB:
            return mains
    return None


def _level(sound: Samples) -> float:
    return _db(float(np.sqrt(np.mean(np.square(sound - sound.mean(), dtype=np.float64)))))


def _db(value: float) -> float:
    return 20 * float(np.log10(max(value, 1e-6)))
