"""Measures a Vosk model on voices, people and noises that none of its training has seen.

    python -m research.model.evaluate models/en --card models/README.md --json models/figures.json

The stock ``vosk`` wheel is the judge, in grammar mode with ``[unk]``, fed 0.1 s at a time.
A recording counts as heard when the words that are not ``[unk]`` are exactly what is said in it.
Other speech and noise counts as rejected when no word but ``[unk]`` comes out, and as a false
command when the words are exactly a sentence of the grammar. The second lines apply a test on the
least confident word, a plain stand-in for the application's own confidence.
Intervals are Wilson's at 95 %.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import vosk
from numpy.typing import NDArray
from tqdm import tqdm

from research.figures import write
from research.model import corpus, voices
from research.places import DATA, MODEL_CACHE

SAMPLE_RATE = 16_000
CHUNK = 1600
CONFIDENCE = 0.8
UNKNOWN = "[unk]"
MARK = "<!-- figures -->"
COMMANDS = (
    "start beginner", "start intermediate", "start advanced", "begin the session",
    "start today's plan", "stop", "stop it", "that's enough", "end the session", "cancel",
    "pause", "wait a moment", "resume", "carry on", "continue please", "repeat that", "again",
    "slower", "slow down", "faster", "speed up", "louder", "quieter", "turn the volume up",
    "turn the volume down", "skip the rest", "next set", "how many left", "what can i say",
    "help", "yes please", "no thank you", "hello coach", "good morning", "it was easy",
    "it was hard", "i feel dizzy", "that hurts", "calibrate", "go to sleep",
)  # fmt: skip
WORDS = ("down", "go", "left", "no", "off", "on", "right", "stop", "up", "yes")
KEYWORD_GRAMMAR = ("jarvis", "smart mirror", "view glass", "alexa", "computer", *COMMANDS)

Floats = NDArray[np.float32]


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    centre = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


class Ear:
    """A recogniser for one grammar."""

    def __init__(
        self, model: vosk.Model, grammar: Iterable[str], unknown: tuple[str, ...] = (UNKNOWN,)
    ) -> None:
        self.grammar = tuple(grammar)
        self._recogniser = vosk.KaldiRecognizer(
            model, SAMPLE_RATE, json.dumps([*self.grammar, *unknown])
        )
        self._recogniser.SetWords(True)

    def hear(self, sound: Floats) -> tuple[str, float]:
        """Return the words heard but for ``[unk]``, and the least of their confidences."""
        rng = np.random.default_rng(0)
        around = [1e-4 * rng.standard_normal(n) for n in (SAMPLE_RATE // 4, SAMPLE_RATE // 2)]
        padded = np.concatenate([around[0], sound, around[1]])
        pcm = (np.clip(padded, -1, 1) * 32767).astype(np.int16)
        results = []
        for start in range(0, len(pcm), CHUNK):
            if self._recogniser.AcceptWaveform(pcm[start : start + CHUNK].tobytes()):
                results.append(self._recogniser.Result())
        results.append(self._recogniser.FinalResult())
        heard = [w for r in results for w in json.loads(r).get("result", ())]
        heard = [w for w in heard if w["word"] != UNKNOWN]
        return " ".join(w["word"] for w in heard), min((w["conf"] for w in heard), default=0.0)


def pick(recordings: Iterable[corpus.Recording], count: int) -> list[corpus.Recording]:
    """Return up to `count` recordings, chosen by a hash of their names."""
    return sorted(recordings, key=lambda r: hashlib.sha256(Path(r.path).name.encode()).digest())[
        :count
    ]


class Noise:
    """Kitchen noise of the test sources, mixed in at a signal-to-noise ratio."""

    def __init__(self, data: Path) -> None:
        self.pool = [corpus.load(r.path) for r in corpus.noises(data, test=True)]

    def mix(self, sound: Floats, number: int, snr: float = 10.0) -> Floats:
        """Return `sound` with noise `snr` dB below its power where it is loud."""
        noise = np.resize(self.pool[number % len(self.pool)], len(sound))
        loud = sound[np.abs(sound) > 0.1 * np.abs(sound).max()]
        gain = np.sqrt((loud**2).mean() / ((noise**2).mean() + 1e-12)) * 10 ** (-snr / 20)
        mixed = sound + gain * noise
        quieter: Floats = (mixed * min(1.0, 0.99 / np.abs(mixed).max())).astype(np.float32)
        return quieter


def synthetic(folder: Path) -> Iterator[tuple[str, Floats]]:
    """Yield each command spoken by each test voice."""
    for number, voice in enumerate(voices.TEST_VOICES):
        stem = folder / f"test-{number}-{voice.label}"
        stem.mkdir(parents=True, exist_ok=True)
        paths = [stem / f"{i}.flac" for i in range(len(COMMANDS))]
        if not all(path.exists() for path in paths):
            for path, sound in zip(paths, voices.speak(voice, list(COMMANDS)), strict=True):
                soundfile.write(path, sound, SAMPLE_RATE)
        for text, path in zip(COMMANDS, paths, strict=True):
            yield text, corpus.load(path)


def recall(name: str, ear: Ear, items: list[tuple[str, Floats]]) -> dict[str, object]:
    """Return how many of `items` are heard exactly, and the misheard ones."""
    hits = sure = wrong = 0
    misheard = []
    for text, sound in tqdm(items, desc=name, leave=False):
        heard, confidence = ear.hear(sound)
        hits += heard == text
        sure += heard == text and confidence >= CONFIDENCE
        wrong += heard != text and heard in ear.grammar and confidence >= CONFIDENCE
        if heard != text:
            misheard.append(f"{text} > {heard}")
    return _figure("heard", hits, len(items)) | {
        "sure": sure, "sure but another sentence": wrong, "misheard": misheard
    }  # fmt: skip


def rejection(name: str, ear: Ear, sounds: list[Floats]) -> dict[str, object]:
    """Return how many of `sounds` bring no word, and how many a sentence of the grammar."""
    quiet = false = sure = 0
    for sound in tqdm(sounds, desc=name, leave=False):
        heard, confidence = ear.hear(sound)
        quiet += heard == ""
        false += heard in ear.grammar
        sure += heard in ear.grammar and confidence >= CONFIDENCE
    hours = sum(map(len, sounds)) / SAMPLE_RATE / 3600
    return _figure("rejected", quiet, len(sounds)) | {
        "false commands": false, "false and sure": sure, "hours": round(hours, 4)
    }  # fmt: skip


def _figure(name: str, hits: int, count: int) -> dict[str, object]:
    low, high = wilson(hits, count)
    share = round(100 * hits / max(count, 1), 1)
    return {name: hits, "of": count, "percent": share,
            "interval": [round(100 * low, 1), round(100 * high, 1)]}  # fmt: skip


# Runs in a process of its own that loads nothing but vosk: model, grammar, 16-bit samples on stdin.
_COST = """
import json, pathlib, sys, time
import vosk

def resident():
    status = pathlib.Path("/proc/self/status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024, 1)

vosk.SetLogLevel(-1)
sound = sys.stdin.buffer.read()
bare = resident()
began = time.process_time()
model = vosk.Model(sys.argv[1])
loaded = time.process_time() - began
recogniser = vosk.KaldiRecognizer(model, 16000, sys.argv[2])
recogniser.SetWords(True)
began = time.process_time()
for start in range(0, len(sound), 3200):
    if recogniser.AcceptWaveform(sound[start : start + 3200]):
        recogniser.Result()
recogniser.FinalResult()
spent = time.process_time() - began
print(json.dumps({
    "load seconds": round(loaded, 3),
    "CPU ms per second": round(1000 * spent / (len(sound) / 32000), 2),
    "resident MB": resident(),
    "of which without model MB": bare,
}))
"""


def cost(path: Path, sounds: dict[str, Floats]) -> dict[str, dict[str, float]]:
    """Return load time, processor time per second and memory for each of `sounds`, and size."""
    figures: dict[str, dict[str, float]] = {}
    grammar = json.dumps([*COMMANDS, UNKNOWN])
    for name, sound in sounds.items():
        pcm = np.int16(np.clip(sound, -1, 1) * 32767).tobytes()
        command = [sys.executable, "-c", _COST, str(path), grammar]
        printed = subprocess.run(command, input=pcm, capture_output=True, check=True).stdout
        figures[f"cost: {name}"] = json.loads(printed)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    figures["size"] = {"MB": round(size / 1e6, 2)}
    return figures


def costly_sounds(folder: Path, noise: Noise) -> dict[str, Floats]:
    """Return two minutes each of commands a second apart, kitchen noise, and silence."""
    gap = np.zeros(SAMPLE_RATE, np.float32)
    commands = np.concatenate([part for _, sound in synthetic(folder) for part in (sound, gap)])
    seconds = 120 * SAMPLE_RATE
    return {
        "commands": commands[:seconds],
        "kitchen": np.concatenate(noise.pool)[:seconds],
        "silence": np.zeros(seconds, np.float32),
    }


def evaluate(path: Path, data: Path, folder: Path, limit: int) -> dict[str, dict[str, Any]]:
    """Return every figure of the card."""
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(path))
    noise = Noise(data)
    closed, long_closed = (Ear(model, g, unknown=()) for g in (WORDS, KEYWORD_GRAMMAR))
    product, ten, long = (Ear(model, g) for g in (COMMANDS, WORDS, KEYWORD_GRAMMAR))
    people = list(corpus.people(data, test=True))
    by_kind = {kind: pick((r for r in people if r.kind == kind), limit)
               for kind in ("word", "keyword", "read")}  # fmt: skip
    sets = {
        "synthetic, 40 commands": (product, list(synthetic(folder))[: limit * 7]),
        "people, 10 words": (ten, [(r.text, corpus.load(r.path)) for r in by_kind["word"]]),
        "people, untrained phrases": (
            long, [(r.text, corpus.load(r.path)) for r in by_kind["keyword"]]
        ),
    }  # fmt: skip
    for name, ear in (("people, 10 words", closed), ("people, untrained phrases", long_closed)):
        sets[f"{name}, closed set without [unk]"] = (ear, sets[name][1])
    figures: dict[str, dict[str, Any]] = {}
    for name, (ear, items) in sets.items():
        figures[name] = recall(name, ear, items)
        noisy = [(text, noise.mix(sound, i)) for i, (text, sound) in enumerate(items)]
        figures[f"{name}, 10 dB kitchen"] = recall(name, ear, noisy)
    piece = 3 * SAMPLE_RATE
    read = [s[i : i + piece] for r in by_kind["read"] for s in [corpus.load(r.path)]
            for i in range(0, len(s) - piece // 2, piece)][:limit]  # fmt: skip
    others = {
        "reader in 3 s pieces": read,
        "wake phrases": [corpus.load(r.path) for r in by_kind["keyword"]],
        "kitchen noise": noise.pool,
        "silence": [np.zeros(3 * SAMPLE_RATE, np.float32)] * 3
        + [(10 ** (-level / 20) * np.random.default_rng(level).standard_normal(3 * SAMPLE_RATE))
           .astype(np.float32) for level in range(30, 90, 5)],
    }  # fmt: skip
    for name, sounds in others.items():
        figures[f"rejected: {name}"] = rejection(name, product, sounds)
    return figures | cost(path, costly_sounds(folder, noise))


def table(figures: dict[str, dict[str, Any]]) -> str:
    """Return the figures as Markdown tables."""
    lines = [
        f"| heard exactly | of | % (95 % interval) | of these, every word >= {CONFIDENCE} "
        "| another sentence, as sure |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, f in figures.items():
        if "heard" in f:
            low, high = f["interval"]
            lines.append(f"| {name}: {f['heard']} | {f['of']} | {f['percent']} ({low}-{high}) | "
                         f"{f['sure']} | {f['sure but another sentence']} |")  # fmt: skip
    lines += ["", "| no word but [unk] | of | % (95 % interval) | a sentence of the grammar | "
              "as sure | hours |", "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for name, f in figures.items():
        if "rejected" in f:
            low, high = f["interval"]
            lines.append(f"| {name.removeprefix('rejected: ')}: {f['rejected']} | {f['of']} | "
                         f"{f['percent']} ({low}-{high}) | {f['false commands']} | "
                         f"{f['false and sure']} | {f['hours']:.2f} |")  # fmt: skip
    lines += ["", "| cost while hearing | CPU ms per second | resident MB (process without model) "
              "| load s |", "| --- | --- | --- | --- |"]  # fmt: skip
    for name, f in figures.items():
        if name.startswith("cost"):
            lines.append(f"| {name.removeprefix('cost: ')} | {f['CPU ms per second']} | "
                         f"{f['resident MB']} ({f['of which without model MB']}) | "
                         f"{f['load seconds']} |")  # fmt: skip
    return "\n".join([*lines, "", f"Size on disk: {figures['size']['MB']} MB."])


def main() -> None:
    """Measure a model, print the figures, and write them where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=MODEL_CACHE)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--card", type=Path, help="card whose marked part to rewrite")
    parser.add_argument("--limit", type=int, default=400, help="most recordings per set")
    parser.add_argument("--cost-only", action="store_true")
    options = parser.parse_args()
    if options.cost_only:
        figures = cost(options.model, costly_sounds(options.cache, Noise(options.data)))
    else:
        figures = evaluate(options.model, options.data, options.cache, options.limit)
    for name, figure in figures.items():
        shown = {k: v for k, v in figure.items() if k != "misheard"}
        print(f"{name}: " + ", ".join(f"{k} {v}" for k, v in shown.items()))
    if options.card:
        before, _, rest = options.card.read_text("utf-8").partition(MARK)
        _, _, after = rest.partition(MARK)
        card = f"{before}{MARK}\n{table(figures)}\n{MARK}{after}"
        options.card.write_text(card, encoding="utf-8")
    if options.json:
        write(options.json, figures)


if __name__ == "__main__":
    main()
