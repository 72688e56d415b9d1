"""The timeline: a session as a picture that a person can read.

One strip a minute: the microphone's waveform over what the loudspeaker said, the coach's
state as a coloured band, and a mark for every drop cue, by what was heard of it.
"""

import json
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np

from voice_coach.clock import SAMPLE_RATE
from voice_coach.rehearsal.words import ENGLISH, Language
from voice_coach.samples import Samples
from voice_coach.sound.audio_files import read_recording

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

STRIP: Final = 60.0
"""Seconds a strip."""

COLUMNS: Final = 1500
"""Points of a strip's waveform."""

COLOURS: Final = {
    "asleep": "#eeeeee",
    "confirming": "#e8d5f0",
    "choosing": "#e8d5f0",
    "screening": "#f0d5e4",
    "readiness": "#f3e0ea",
    "briefing": "#cfe3f5",
    "calibrating": "#f5e6c8",
    "offering": "#f5d3b8",
    "preparing": "#dbe9f2",
    "counting in": "#b9d7ee",
    "rising": "#d9ecd0",
    "holding": "#b6dba5",
    "listening": "#fff2a8",
    "pausing": "#eaf3e4",
    "feeling": "#d3cdec",
    "resting": "#e3e0f3",
    "paused": "#f2d9d9",
    "checking in": "#f6bfbf",
    "summing up": "#d3e4e4",
    "teaching": "#f2efc8",
    "practising": "#e4f0b8",
}

OUTCOMES: Final = {
    "heard": ("o", "#1a7f37"),
    "soft": ("v", "#c77700"),
    "hard": ("^", "#8b1a8b"),
    "unsure": ("s", "#808080"),
    "told": ("P", "#1f6fb2"),
    "not_heard": ("x", "#c1121f"),
}


def draw(folder: Path, words: Language = ENGLISH) -> Path:
    """Draw ``timeline.png`` from what a rehearsal wrote into `folder`; return its path."""
    own = words.timeline
    session = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    microphone = read_recording(folder / "microphone.wav")
    speaker = read_recording(folder / "speaker.wav")
    strips = max(1, int(np.ceil(session["seconds"] / STRIP)))
    figure, axes = plt.subplots(
        strips, 1, figsize=(16, 1.75 * strips + 1.0), squeeze=False, layout="constrained"
    )
    for index, axis in enumerate(axes[:, 0]):
        begin = index * STRIP
        _states(axis, session["states"], begin, session["seconds"])
        _waveform(axis, microphone, begin, offset=0.45, colour="#30475e")
        _waveform(axis, speaker, begin, offset=-0.45, colour="#a3541b")
        _words(axis, session["cues"], begin)
        _repetitions(axis, session["repetitions"], begin)
        axis.set(xlim=(begin, begin + STRIP), ylim=(-1.0, 1.25), yticks=[0.45, -0.45])
        axis.set_yticklabels([own.microphone, own.speaker], fontsize=8)
        axis.tick_params(axis="x", labelsize=8)
        axis.xaxis.set_major_formatter(lambda x, _: f"{int(x) // 60}:{int(x) % 60:02d}")
    ended = words.ended[session["ended"]] if session["ended"] else own.not_started
    figure.suptitle(own.title.format(**{**session, "ended": ended}))
    figure.legend(
        handles=_legend(session, words),
        loc="outside lower center",
        ncols=9,
        fontsize=8,
        frameon=False,
    )
    path = folder / "timeline.png"
    figure.savefig(path, dpi=80)
    plt.close(figure)
    return path


def _states(axis: Axes, states: list[dict[str, Any]], begin: float, seconds: float) -> None:
    ends = [state["at"] for state in states[1:]] + [seconds]
    for state, end in zip(states, ends, strict=True):
        if state["at"] < begin + STRIP and end > begin:
            axis.axvspan(state["at"], end, color=COLOURS[state["state"]], linewidth=0)


def _waveform(axis: Axes, sound: Samples, begin: float, *, offset: float, colour: str) -> None:
    """Draw the envelope of one strip; loudness is compressed, so that quiet sounds show."""
    first = int(begin * SAMPLE_RATE)
    strip = sound[first : first + int(STRIP * SAMPLE_RATE)]
    step = int(STRIP * SAMPLE_RATE) // COLUMNS
    strip = strip[: len(strip) // step * step]
    if not len(strip):
        return
    peak = max(float(np.abs(sound).max()), 1e-6)
    height = 0.42 * np.sqrt(np.abs(strip).reshape(-1, step).max(axis=1) / peak)
    times = begin + np.arange(len(height)) * step / SAMPLE_RATE
    axis.fill_between(times, offset - height, offset + height, color=colour, linewidth=0)


def _words(axis: Axes, cues: list[dict[str, Any]], begin: float) -> None:
    free = begin
    for cue in cues:
        start = cue["start"]
        if not begin <= start < begin + STRIP or not cue["text"]:
            continue
        if start < free:  # no room: the words before still take it
            continue
        text = cue["text"] if len(cue["text"]) <= 34 else f"{cue['text'][:32]}…"
        axis.text(start, -0.97, text, fontsize=6.5, color="#5a2d0c", clip_on=True)
        free = start + 0.36 * len(text)


def _repetitions(axis: Axes, repetitions: list[dict[str, Any]], begin: float) -> None:
    for repetition in repetitions:
        prompted = repetition["prompted"]
        if not begin <= prompted < begin + STRIP or repetition["outcome"] is None:
            continue
        marker, colour = OUTCOMES[repetition["outcome"]]
        axis.axvline(prompted, color="#555555", linewidth=0.8, linestyle=":")
        axis.plot(repetition["thump"] or prompted, 1.08, marker, color=colour, markersize=6)
        axis.text(
            prompted, 1.02, f"{repetition['number']} ", fontsize=7, ha="right", color="#333333"
        )


def _legend(session: dict[str, Any], words: Language) -> list[Any]:
    names = words.timeline.outcomes
    marks = [
        Line2D([], [], marker=marker, color=colour, linestyle="", label=names[outcome])
        for outcome, (marker, colour) in OUTCOMES.items()
    ]
    seen = {state["state"] for state in session["states"]}
    bands = [
        Rectangle((0, 0), 1, 1, color=colour, label=state)
        for state, colour in COLOURS.items()
        if state in seen
    ]
    return [*marks, *bands]
