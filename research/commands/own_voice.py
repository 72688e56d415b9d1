"""What the ear hears while the coach speaks: nothing of the coach, everything of the person."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.signal import fftconvolve

from research.commands import material
from research.commands.scene import loud_part
from research.figures import Figures
from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.hearing.commands import CommandEar, CommandHeard, CommandModel, Phrases
from voice_coach.samples import Samples
from voice_coach.simulation.room import impulse_response
from voice_coach.speaking import Script, Voice
from voice_coach.timed_word import TimedWord

LEVELS_DB = (-20, -10, 0, 6)
"""Our echo at the microphone, relative to somebody talking."""
NOISES_DB = {"quiet": -39.0, "10 dB": -10.0}
"""White noise or the kitchen's, relative to somebody talking."""
REVERBERATIONS = (0.2, 0.4, 0.7)
"""Reverberation time of the three rooms, seconds."""
TALKER_RMS = 10 ** (-26 / 20)
_SETTLE = 6.0
"""Seconds of our voice before it counts, in which the ear learns the room."""
_DUCK_DB = -18.0


@cache
def our_voice() -> Voice:
    """Return the coach's voice, with all its lines."""
    voice = Voice(Script.load(), cache=material.CACHE / "coach", recordings=material.CACHE / "none")
    assert not voice.prepare(progress=True)
    return voice


class Coach:
    """Our own voice saying lines of the script, as the loop announces and plays them."""

    def __init__(
        self,
        lines: list[str],
        level_db: float,
        reverberation: float,
        seed: int,
        pause: tuple[float, float] = (0.4, 1.0),
    ) -> None:
        clips = [clip for line in lines if (clip := our_voice().line(line)) is not None]
        assert len(clips) == len(lines), "our voice cannot be rendered"
        rng = np.random.default_rng(seed)
        self.said: list[tuple[int, int, tuple[TimedWord, ...]]] = []
        parts: list[Samples] = [np.zeros(SAMPLE_RATE, np.float32)]
        at = SAMPLE_RATE
        for clip in clips:
            silence = np.zeros(int(rng.uniform(*pause) * SAMPLE_RATE), np.float32)
            sound = clip.samples
            words = tuple(word.later(at) for word in clip.words)
            self.said.append((at, at + len(sound), words))
            parts += [sound, silence]
            at += len(sound) + len(silence)
        self.playback: Samples = np.concatenate(parts).astype(np.float32)
        response = impulse_response(0.6, reverberation, rng)
        echo = fftconvolve(self.playback, response)[: len(self.playback)]
        gain = TALKER_RMS * 10 ** (level_db / 20) / float(np.std(echo[SAMPLE_RATE:]))
        self.response = response * gain
        self.echo: Samples = (echo * gain).astype(np.float32)


def run(
    ear: CommandEar, mode: str, coach: Coach, besides: Samples, announce: bool = True
) -> list[CommandHeard]:
    """Return the commands heard while `coach` speaks and `besides` sounds: people, the room.

    As in the loop, our voice is turned down while somebody seems to talk over it; the echo
    follows at once, which is a simplification of 20 ms.
    """
    ear.listen_for(mode)
    waiting = list(coach.said)
    heard: list[CommandHeard] = []
    gain = 1.0
    for at in range(0, len(coach.playback) // BLOCK * BLOCK, BLOCK):
        while announce and waiting and waiting[0][0] <= at + SAMPLE_RATE:
            ear.own_speech(*waiting.pop(0))
        block = slice(at, at + BLOCK)
        ducked = 10 ** (_DUCK_DB / 20) if ear.speech_began is not None else 1.0
        gain += float(np.clip(ducked - gain, -0.4, 0.1))
        microphone = coach.echo[block] * gain + besides[block]
        events = ear.feed(microphone.astype(np.float32), coach.playback[block] * np.float32(gain))
        heard += [event for event in events if isinstance(event, CommandHeard)]
    return heard


def script_lines() -> list[str]:
    """Return all the lines that we ever say, but for most of the numbers."""
    lines = sorted(set(Script.load().every_line()))
    return [line for line in lines if len(line.split()) > 1 or not line[0].isdigit()]


def measure(model: CommandModel, phrases: Phrases, tuning: bool, every: int) -> Figures:
    """Return the commands invented out of our script, and the share of a person's heard over it.

    Only each `every`-th line is said in each condition, another one each time.
    """
    lines = script_lines()
    figures: Figures = {}
    voice = (material.TUNING_VOICES if tuning else material.MEASURED_VOICES)[0]
    texts = ["stop", "pause", "slower", "louder", "that's enough", "how many left", "help me"]
    commands = material.spoken(texts, voice) + material.words(tuning, "stop")[:7]
    for kind in NOISES_DB:
        for level in LEVELS_DB:
            invented: list[str] = []
            accepted = missed = wrong = seconds = 0
            for room, reverberation in enumerate(REVERBERATIONS):
                chosen = lines[(level + room) % every :: every]
                coach = Coach(chosen, level, reverberation, seed=room)
                around = noise(kind, len(coach.playback), seed=room)
                for mode in ("exercising", "checking_in", "asleep"):
                    heard = run(CommandEar(model, phrases), mode, coach, around)
                    invented += [f"{mode}: {command.text}" for command in heard]
                    seconds += len(around) // SAMPLE_RATE
                person, spans = _talk_over(coach, commands, room)
                heard = run(CommandEar(model, phrases), "exercising", coach, person + around)
                for start, end, text in spans:
                    meant = phrases.match(text, "exercising")
                    own = [c for c in heard if start - 4000 < c.end < end + 12000]
                    assert meant is not None
                    accepted += bool(own) and own[0].intent == meant.intent
                    wrong += bool(own) and own[0].intent != meant.intent
                    missed += not own
            figures[f"{level:+d} dB, {kind}"] = {
                "minutes": round(seconds / 60, 1),
                "invented": len(invented),
                "which": invented,
                "said over it": accepted + missed + wrong,
                "accepted": accepted,
                "missed": missed,
                "wrong": wrong,
            }
    return figures


def noise(kind: str, length: int, seed: int) -> Samples:
    """Return `length` samples of one of `NOISES_DB`."""
    rms = TALKER_RMS * 10 ** (NOISES_DB[kind] / 20)
    rng = np.random.default_rng([seed, 7])
    if kind == "quiet":
        return (rms * rng.standard_normal(length)).astype(np.float32)
    bed = material.noise_bed()
    return rms * np.resize(np.roll(bed, int(rng.integers(len(bed)))), length)


def _talk_over(
    coach: Coach, commands: list[material.Clip], seed: int
) -> tuple[Samples, list[tuple[int, int, str]]]:
    """Return a person who says the commands in turn while the coach is speaking."""
    rng = np.random.default_rng(seed)
    person = np.zeros_like(coach.playback)
    spans: list[tuple[int, int, str]] = []
    at = to_samples(_SETTLE)
    for start, end, _ in coach.said:
        begin = start + int(rng.uniform(0.0, 0.4) * (end - start))
        if begin < at:
            continue
        clip = commands[len(spans) % len(commands)]
        first, last = loud_part(clip.sound)
        word = clip.sound[first:last]
        if begin + len(word) > len(person):
            break
        person[begin : begin + len(word)] = word * (TALKER_RMS / float(np.std(word)))
        spans.append((begin, begin + len(word), clip.text))
        at = begin + len(word) + to_samples(2.5)
    return person, spans
