"""How much of what we say is lowered because of something, or somebody, that sounds meanwhile.

As in the speaker: our echo is taken out, what stands out is followed, and a voice that begins
within a sentence lowers it. Recordings of kitchens and of somebody who reads are real, the room is
simulated. Lowering our voice makes it easier to hear who talks; that is left out here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.signal import fftconvolve

from research.commands import material
from research.commands.scene import loud_part
from research.figures import Figures
from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.hearing.commands.front_end import FrontEnd
from voice_coach.hearing.commands.voice_watch import VoiceWatch
from voice_coach.samples import Samples
from voice_coach.simulation.room import impulse_response
from voice_coach.speaking.ducking import is_talked_over

LEVELS_DB = (-15.0, -5.0)
"""What sounds besides, relative to our voice at the microphone."""
_TALKS = to_samples(2.0)
_SETTLE = 5 * SAMPLE_RATE
_ECHO_RMS = 10 ** (-26 / 20)


def shares(clips: Sequence[Samples], seconds: float = 60.0) -> Figures:
    """Return the share of our speech that is lowered, by what sounds besides and how loud it is."""
    rng = np.random.default_rng(3)
    playback, spans = _said(clips, to_samples(seconds), rng)
    echo = fftconvolve(playback, impulse_response(0.6, 0.4, rng))[: len(playback)]
    echo *= _ECHO_RMS / float(np.std(echo[_SETTLE:]))
    figures: Figures = {}
    for name, sound in _besides().items():
        around = np.resize(sound, len(echo)) / float(np.std(sound)) * _ECHO_RMS
        for level in LEVELS_DB:
            microphone = echo + around * 10 ** (level / 20)
            figures[f"{name}, {level:.0f} dB"] = _share(microphone, playback, spans, spans)
    person, talking = _somebody(spans, len(echo), rng)
    tap = np.resize(_besides()["running tap"], len(echo))
    tap *= _ECHO_RMS * 10 ** (-15 / 20) / float(np.std(tap))
    figures["somebody talks over it, quiet"] = _share(echo + person, playback, spans, talking)
    figures["somebody talks over it, tap"] = _share(echo + person + tap, playback, spans, talking)
    return figures


_Spans = list[tuple[int, int]]


def _said(
    clips: Sequence[Samples], length: int, rng: np.random.Generator
) -> tuple[Samples, _Spans]:
    """Return our voice saying `clips` in turn, with pauses, and where."""
    playback = np.zeros(length // BLOCK * BLOCK, np.float32)
    spans: _Spans = []
    at = _SETTLE
    for number in range(len(playback)):
        clip = clips[number % len(clips)]
        if at + len(clip) > len(playback):
            break
        playback[at : at + len(clip)] = clip
        spans.append((at, at + len(clip)))
        at += len(clip) + to_samples(float(rng.uniform(2.0, 5.0)))
    return playback, spans


def _besides() -> dict[str, Samples]:
    kinds: dict[str, list[Samples]] = {}
    for kind, sound in material.kitchen():
        kinds.setdefault(kind, []).append(sound)
    return {
        "running tap": np.concatenate(kinds["water-flowing"]),
        "dishes": np.concatenate([*kinds["clean-dishes"], *kinds["doing-the-dishes"]]),
        "extractor fan": np.concatenate(kinds["stove-fan"]),
        "somebody reading": np.concatenate([clip.sound for clip in material.read_speech(True)]),
    }


def _somebody(spans: _Spans, length: int, rng: np.random.Generator) -> tuple[Samples, _Spans]:
    """Return somebody who talks over each of our sentences, as loud as our echo, and where."""
    person = np.zeros(length, np.float32)
    talking: _Spans = []
    clips = material.read_speech(True)
    for number, (start, end) in enumerate(spans):
        first, last = loud_part(clips[number % len(clips)].sound)
        sound = clips[number % len(clips)].sound[first : min(last, first + _TALKS)]
        begin = start + int(rng.uniform(0.1, 0.5) * (end - start))
        sound = sound[: length - begin]
        person[begin : begin + len(sound)] += sound * (_ECHO_RMS / float(np.std(sound)))
        talking.append((begin, min(end, begin + len(sound))))
    return person, talking


def _share(microphone: Samples, playback: Samples, spans: _Spans, within: _Spans) -> float:
    """Return the share of the spans `within` ours in which our voice is lowered."""
    front_end, watch = FrontEnd(), VoiceWatch()
    lowered = np.zeros(len(playback) // BLOCK, bool)
    for place in range(len(lowered)):
        block = slice(place * BLOCK, (place + 1) * BLOCK)
        sound, stands_out = front_end.hop(microphone[block].astype(np.float32), playback[block])
        watch.step(sound, stands_out)
        ours = next((span for span in spans if span[0] <= block.stop < span[1]), (0, 0))
        lowered[place] = is_talked_over(ours, watch.began, block.stop)
    chosen = np.zeros(len(lowered), bool)
    for start, end in within:
        chosen[start // BLOCK : end // BLOCK] = True
    return float(lowered[chosen].mean())
