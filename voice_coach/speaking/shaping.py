"""Shaping: from what a synthesiser, a person or a formula made to what is played.

Speech is trimmed, brought to one loudness and faded; everything is high-passed, because
the ear for thumps listens below 300 Hz, where nothing of ours may sound. Done once per
clip, outside a session.
"""

import warnings
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking.loudness import loudness

if TYPE_CHECKING:
    from pydub import AudioSegment

VERSION: Final = 6
"""Raised whenever the same input gives another result, so that caches notice."""

HIGH_PASS: Final = 300.0
"""Corner of the high-pass in Hz: -6 dB there, as the filter passes forwards and backwards."""

HEADROOM: Final = 0.49
"""Highest peak of any clip: two at once stay below full scale."""

LOUDNESS: Final = -21.0
"""How loud speech is, in LUFS: whoever speaks, and whether it is a word or a sentence."""
_EVEN: Final = 0.1
"""Loudness units that remain."""
_STEPS: Final = 8
"""Rounding off the peaks makes it softer again: most times that the level is set."""

_ORDER: Final = 8
_SILENCE: Final = -38.0
"""Speech begins and ends where it rises to this many dB below its own loudest 10 ms."""

_FADE_IN: Final = 8
_FADE_OUT: Final = 30
"""Milliseconds kept on either side of what is above `_SILENCE`, and faded."""


class Shaped(NamedTuple):
    """Speech ready to be played."""

    samples: Samples
    begin: int
    """How many samples were trimmed from its beginning, after resampling."""


def shape_speech(sound: Samples, rate: int) -> Shaped:
    """Return speech ready to be played: resampled, high-passed, trimmed, levelled, faded.

    Parameters
    ----------
    sound : Samples
        Mono speech, shape ``(n,)``.
    rate : int
        Its samples per second.

    Returns
    -------
    Shaped
        Its samples have the shape ``(m,)``, at the one sample rate; there are none where there is
        nothing to hear.
    """
    sound = _high_pass(resample(sound, rate))
    start, end = _bounds(sound)
    if start >= end:
        return Shaped(np.zeros(0, dtype=np.float32), 0)
    levelled = _level(sound[start:end])
    faded = _segment(levelled).fade_in(_FADE_IN).fade_out(_FADE_OUT)
    samples = np.asarray(faded.get_array_of_samples(), dtype=np.float32) / np.float32(32768)
    return Shaped(samples, start)


def shape_rendered(sound: Samples) -> Samples:
    """Return speech that was shaped before it was coded: coding adds lows and peaks."""
    passed = _high_pass(sound)
    if np.abs(passed).max(initial=0.0) > HEADROOM:
        passed = _high_pass(limit(passed))
    return _within_headroom(passed)


def shape_stretched(sound: Samples) -> Samples:
    """Return stretched speech as loud as it was shaped to be, or as the headroom lets it be."""
    return _within_headroom(sound * np.float32(10 ** ((LOUDNESS - loudness(sound)) / 20)))


def shape_tone(sound: Samples, rate: int) -> Samples:
    """Return a tone ready to be played: resampled, high-passed, within the headroom.

    Neither its timing nor its level is touched otherwise: both are part of its design.
    """
    return _within_headroom(_high_pass(resample(sound, rate)))


def resample(sound: Samples, rate: int) -> Samples:
    """Return `sound`, of `rate` samples per second, at the one sample rate."""
    import soxr  # noqa: PLC0415 - slow to import, and not needed once the cache is warm

    if rate == SAMPLE_RATE:
        return sound
    return np.asarray(soxr.resample(sound, rate, SAMPLE_RATE), dtype=np.float32)


def _high_pass(sound: Samples) -> Samples:
    """Return `sound` without what lies below :data:`HIGH_PASS`, not moved in time.

    It is a Butterworth filter passed forwards and backwards, as the product of the spectrum with
    the square of the filter's magnitude.
    """
    # Silence on either side, into which it rings: clips begin and end in silence.
    pad = SAMPLE_RATE // 20
    spectrum = np.fft.rfft(np.pad(sound.astype(np.float64), pad))
    angle = np.pi * np.fft.rfftfreq(len(sound) + 2 * pad)
    corner = np.tan(np.pi * HIGH_PASS / SAMPLE_RATE)
    # The tangents are what the bilinear transform makes of the frequencies. The power 2 * order is
    # the square of the magnitude: one half at the corner.
    below = np.divide(corner, np.tan(angle), out=np.full(len(angle), np.inf), where=angle > 0)
    spectrum /= 1 + below ** (2 * _ORDER)
    passed = np.fft.irfft(spectrum, len(sound) + 2 * pad)
    return np.asarray(passed[pad : pad + len(sound)], dtype=np.float32)


def _bounds(sound: Samples) -> tuple[int, int]:
    """Return where speech begins and ends in `sound`, with room for the fades."""
    peak = float(np.abs(sound).max(initial=0.0))
    if peak == 0.0:
        return 0, 0
    # pydub counts in 16-bit steps: bring quiet recordings up first.
    segment = _segment(sound * np.float32(0.9 / peak))
    window = SAMPLE_RATE // 100
    whole = sound[: len(sound) // window * window].reshape(-1, window)
    if not len(whole):
        return 0, 0
    loudest = 10 * np.log10((whole**2).mean(axis=1).max() * (0.9 / peak) ** 2)
    threshold = float(loudest) + _SILENCE
    silence = _pydub().silence.detect_leading_silence
    lead = silence(segment, threshold, chunk_size=5)
    trail = silence(segment.reverse(), threshold, chunk_size=5)
    start = max(0, lead - _FADE_IN) * SAMPLE_RATE // 1000
    end = min(len(segment), len(segment) - trail + _FADE_OUT) * SAMPLE_RATE // 1000
    return start, end


def _level(spoken: Samples) -> Samples:
    """Return `spoken` as loud as :data:`LOUDNESS`, within the headroom."""
    spoken = spoken / np.abs(spoken).max()  # what is faint has no loudness at all
    gain_db = LOUDNESS - loudness(spoken)
    for _ in range(_STEPS):
        limited = limit(spoken * np.float32(10 ** (gain_db / 20)))
        # Rounding off the peaks puts back some of the lowest frequencies, so they go once more.
        levelled = _within_headroom(_high_pass(limited))
        missing = LOUDNESS - loudness(levelled)
        if abs(missing) <= _EVEN:
            break
        gain_db += missing
    return levelled


def limit(sound: Samples) -> Samples:
    """Return `sound` with its peaks rounded off below :data:`HEADROOM`."""
    knee = 0.7 * HEADROOM
    room = HEADROOM - knee
    excess = np.maximum(np.abs(sound) - knee, 0.0)
    limited = np.minimum(np.abs(sound), knee) + excess * room / (excess + room)
    return np.asarray(np.copysign(limited, sound), dtype=np.float32)


def _within_headroom(sound: Samples) -> Samples:
    """Return `sound`, softer as a whole where a peak would exceed :data:`HEADROOM`."""
    peak = float(np.abs(sound).max(initial=0.0))
    return sound * np.float32(HEADROOM / peak) if peak > HEADROOM else sound


def _segment(sound: Samples) -> "AudioSegment":
    """Return `sound` as pydub holds it: 16-bit, mono."""
    pcm: Any = np.round(np.clip(sound, -1, 1) * 32767).astype("<i2")
    return _pydub().AudioSegment(pcm.tobytes(), sample_width=2, frame_rate=SAMPLE_RATE, channels=1)


def _pydub() -> Any:
    """Return pydub, imported without its complaints about Python's age and a missing ffmpeg.

    Neither concerns us: `audioop-lts` follows `audioop`, and pydub never decodes our files.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pydub.silence  # noqa: PLC0415 - slow to import, too

    return pydub
