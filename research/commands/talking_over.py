"""What people say over the coach's voice: "stop" in its midst, and answers as a prompt ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from research.commands import material, own_voice
from research.commands.own_voice import LEVELS_DB, NOISES_DB, REVERBERATIONS, TALKER_RMS, Coach
from research.commands.scene import loud_part
from research.figures import Figures
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.commands import CommandEar, CommandHeard, CommandModel, Phrases
from voice_coach.samples import Samples
from voice_coach.speaking import Script

CUES = ("rise", "count", "not_heard", "posture", "set_done", "rest", "briefing", "help.exercising")
"""What "stop" is said over."""
OFFSETS = (-0.3, -0.15, 0.0, 0.15, 0.3, 0.5, 0.75, 1.0)
"""Seconds from a prompt's end to the beginning of its answer."""
ANSWERS = {
    "stop": ("checking_in", ("check_in.again", "not_understood.paused", "help.learning")),
    "yes": ("answering", ("ask.pain_settled", "screening.confirm", "not_understood.answering")),
    "no": ("confirming", ("confirm_instead", "confirm_anyway", "not_understood.confirming")),
}
"""A word, the mode in which it is the answer, and prompts that it is an answer to."""
_GREETING = "Hello. I am ready when you are."


def stop_over_us(model: CommandModel, phrases: Phrases, tuning: bool) -> Figures:
    """Return how many "stop" over our voice are heard, by level and noise, and by cue."""
    clips = _clips("stop", tuning)
    figures: Figures = {}
    by_cue: dict[str, list[bool]] = {cue: [] for cue in CUES}
    for noise in NOISES_DB:
        for level in LEVELS_DB:
            said: list[float | None] = []
            for room, reverberation in enumerate(REVERBERATIONS):
                rng = np.random.default_rng([room, level + 100, len(noise)])
                cues = [CUES[place % len(CUES)] for place in rng.permutation(2 * len(CUES))]
                lines = [_GREETING, *(_last_line(cue) for cue in cues)]
                coach = Coach(lines, level, reverberation, seed=room, pause=(1.6, 2.2))
                begins = [start + int(rng.uniform(0, 0.9) * (end - start))
                          for start, end, _ in coach.said[1:]]  # fmt: skip
                chosen = _in_turn(clips, len(begins), rng)
                around = own_voice.noise(noise, len(coach.playback), room)
                ear = CommandEar(model, phrases)
                heard = _said(ear, "exercising", coach, around, zip(chosen, begins, strict=True))
                said += heard
                for cue, latency in zip(cues, heard, strict=True):
                    by_cue[cue].append(latency is not None)
            figures[f"{level:+d} dB, {noise}"] = _counted(said)
    for cue, found in by_cue.items():
        figures[f"cue {cue}"] = {"said": len(found), "heard": sum(found)}
    return figures


def answers(model: CommandModel, phrases: Phrases, tuning: bool) -> Figures:
    """Return how many answers are heard, by the word and by when they begin; our voice at 0 dB."""
    figures: Figures = {}
    for word, (mode, cues) in ANSWERS.items():
        clips = _clips(word, tuning)
        found: dict[float, list[float | None]] = {offset: [] for offset in OFFSETS}
        for room, reverberation in enumerate(REVERBERATIONS):
            rng = np.random.default_rng(room)
            plan = [(cue, offset) for offset in OFFSETS for cue in cues]
            plan = [plan[place] for place in rng.permutation(len(plan))]
            lines = [_GREETING, *(_last_line(cue) for cue, _ in plan)]
            coach = Coach(lines, 0, reverberation, seed=room, pause=(2.4, 2.8))
            ends = [end for _, end, _ in coach.said[1:]]
            offsets = [to_samples(offset) for _, offset in plan]
            begins = [sum(pair) for pair in zip(ends, offsets, strict=True)]
            chosen = _in_turn(clips, len(plan), rng)
            around = own_voice.noise("quiet", len(coach.playback), room)
            ear = CommandEar(model, phrases)
            heard = _said(ear, mode, coach, around, zip(chosen, begins, strict=True))
            for latency, (_, offset) in zip(heard, plan, strict=True):
                found[offset].append(latency)
        for offset, said in found.items():
            figures[f"{word}, {offset:+.2f} s"] = _counted(said)
    return figures


def _clips(word: str, tuning: bool) -> list[Samples]:
    """Return `word`, cut close, by people and by synthetic voices that can be had here."""
    clips = material.words(tuning, word)
    voices = material.TUNING_VOICES if tuning else material.MEASURED_VOICES
    for voice in voices:
        clips += material.spoken([word], voice)
    cut: list[Samples] = []
    for clip in clips:
        first, last = loud_part(clip.sound)
        sound = clip.sound[first:last]
        cut.append(sound * np.float32(TALKER_RMS / float(np.std(sound))))
    return cut


def _last_line(cue: str) -> str:
    script = Script.load()
    slots = {slot: values[0] for slot, values in script.slots(cue).items()}
    return script.lines(cue, slots)[-1]


def _in_turn(clips: Sequence[Samples], count: int, rng: np.random.Generator) -> list[Samples]:
    """Return `count` clips: each once, in a random order, before any comes again."""
    order = [place for _ in range(0, count, len(clips)) for place in rng.permutation(len(clips))]
    return [clips[place] for place in order[:count]]


def _said(
    ear: CommandEar, mode: str, coach: Coach, around: Samples, clips: Iterable[tuple[Samples, int]]
) -> list[float | None]:
    """Return the latency in seconds of each clip said from its position on; None if not heard.

    All `clips` are the same word, so that whatever is heard about then is that word.
    """
    person = np.zeros_like(coach.playback)
    spans: list[tuple[int, int]] = []
    for clip, begin in clips:
        sound = clip[: max(0, len(person) - begin)]
        person[begin : begin + len(sound)] += sound
        spans.append((begin, begin + len(sound)))
    heard = own_voice.run(ear, mode, coach, person + around)
    return [_latency(heard, *span) for span in spans]


def _latency(heard: Iterable[CommandHeard], start: int, end: int) -> float | None:
    own = [one for one in heard if start - to_samples(0.25) < one.end < end + to_samples(0.75)]
    return (own[0].decided - end) / SAMPLE_RATE if own else None


def _counted(said: Sequence[float | None]) -> Figures:
    latencies = [latency for latency in said if latency is not None]
    return {
        "said": len(said),
        "heard": len(latencies),
        "p95, ms": round(1000 * float(np.quantile(latencies, 0.95))) if latencies else None,
    }
