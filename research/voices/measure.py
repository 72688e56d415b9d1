"""Measure the natural voices beside the synthetic one, and write what is found into `docs/`.

Usage: python -m research.voices.measure [--lines N] [--voice NAME ...]

Writes the half of `docs/voice.md` below its mark, and the figures into a JSON file beside it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from research import figures
from research.commands import material
from research.figures import Figures
from research.places import ROOT
from research.voices import giving_way, quality
from research.voices.recipe import AUDIO, VOICES
from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice
from voice_coach.speaking.loudness import loudness
from voice_coach.speaking.rendered import RenderedVoice

DOCS = ROOT / "docs"
MARK = "<!-- What follows is written by research/voices/measure.py. -->"
SNRS_DB = (30.0, 5.0, 0.0)
RATES = (120, 145, 180)
_LONG = 4


def main() -> None:
    """Measure the voices on the same lines, and write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [recipe.name for recipe in VOICES]
    parser.add_argument("--lines", type=int, default=50, help="how many lines of the script")
    parser.add_argument("--voice", choices=names, action="append", help="only these")
    given = parser.parse_args()
    names = given.voice or names
    texts = _lines(names, given.lines)
    noise = material.noise_bed()
    found: Figures = {"lines": len(texts)}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("gmw/en", *names):
            print(name, flush=True)
            found[name] = _measured(name, texts, noise, Path(folder))
        found["lowered"] = giving_way.shares(_clips(names[0], texts, 145, Path(folder)))
    figures.write(DOCS / "voice.json", found)
    page = DOCS / "voice.md"
    head, _, _ = page.read_text("utf-8").partition(MARK)
    page.write_text(head + _written(found), "utf-8")


def _lines(voices: Sequence[str], count: int) -> list[str]:
    """Return `count` lines of four words and more that all `voices` have, from all the script."""
    natural = [RenderedVoice(AUDIO / "voices" / name) for name in voices]
    every = [
        text
        for text in Script.load().every_line()
        if len(text.split()) >= _LONG and all(voice.says_all([text]) for voice in natural)
    ]
    places = np.linspace(0, len(every) - 1, min(count, len(every))).round().astype(int)
    return [every[place] for place in places]


def _measured(name: str, texts: Sequence[str], noise: Samples, folder: Path) -> Figures:
    at_rate = {rate: _clips(name, texts, rate, folder) for rate in RATES}
    clips = at_rate[145]
    levels = [loudness(clip) for clip in clips]
    heard = [quality.understood(clips, texts, noise, snr) for snr in SNRS_DB]
    words = sum(len(text.replace("-", " ").split()) for text in texts)
    found: Figures = {
        "words a minute at 145": words / (sum(map(len, clips)) / SAMPLE_RATE / 60),
        "loudness, LUFS": float(np.mean(levels)),
        "loudest - softest, LU": max(levels) - min(levels),
        "energy at 500-2000 Hz": float(np.mean([_share(clip, 500, 2000) for clip in clips])),
    }
    for snr, share in zip(SNRS_DB, heard, strict=True):
        found[f"understood, {snr:.0f} dB"] = share
    for rate in RATES:
        overall, p808 = quality.opinion(at_rate[rate])
        found[f"DNSMOS overall at {rate}"] = overall
        found[f"DNSMOS P.808 at {rate}"] = p808
    return found


def _clips(name: str, texts: Sequence[str], rate: int, folder: Path) -> list[Samples]:
    """Return `texts` as the voice says them: what it does not know is synthesised."""
    script = _Chosen(texts)
    voice = Voice(
        script, voice=name, words_per_minute=rate, cache=folder, recordings=folder / "none"
    )
    assert not voice.prepare()
    clips = [voice.line(text) for text in texts]
    return [clip.samples for clip in clips if clip is not None]


class _Chosen(Script):
    """A script that has some of the lines of the English one and no other."""

    def __init__(self, texts: Sequence[str]) -> None:
        cue = {"line": {"tone": "tick"}}
        words = {"language": "en", "voice": "gmw/en", "numbers": "", "cues": {"line": [*texts]}}
        super().__init__(words, cue, name="lines to be measured")


def _share(sound: Samples, low: float, high: float) -> float:
    """Return how much of the energy of `sound` lies from `low` to `high` Hz, 0 to 1."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    frequency = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    return float(power[(frequency >= low) & (frequency < high)].sum() / power.sum())


def _written(found: Figures) -> str:
    """Return the figures as a table, a voice in each column."""
    voices = [name for name in found if name not in ("lines", "lowered")]
    head = ["", *("`espeak-ng`" if name == "gmw/en" else f"`{name}`" for name in voices)]
    rows = [[row, *(_cell(row, found[name][row]) for name in voices)] for row in found[voices[0]]]
    table = [head, ["---"] * len(head), *rows]
    return "\n".join(
        [
            MARK,
            "",
            f"Measured on the same {found['lines']} lines of the script.",
            "",
            *(f"| {' | '.join(row)} |" for row in table),
            "",
            "Share of our speech that is lowered while something else sounds, so much louder than",
            "our voice at the microphone:",
            "",
            "| what sounds | lowered |",
            "| --- | --- |",
            *(f"| {name} | {share:.1%} |" for name, share in found["lowered"].items()),
            "",
        ]
    )


def _cell(row: str, value: float) -> str:
    if row.startswith(("understood", "energy")):
        return f"{value:.0%}"
    return f"{value:.0f}" if row.startswith("words") else f"{value:.2f}"


if __name__ == "__main__":
    main()
