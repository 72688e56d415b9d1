"""Fits the weights of the command ear's confidence and writes them into acceptance.toml.

    python -m research.commands.fit [--model FOLDER]

Listens to the material kept for tuning (`material.py`): phrases in synthetic voices and people's
single words, quiet, at 10 dB and across a kitchen, against words that sound like commands, read
speech, calls to other devices, other words and kitchens, some of them simulated ones in which heels
drop. Every sentence that the recogniser comes up with is an example; it is a good one when that is
what was being said. Logistic regression with a mild L2 penalty. Prints what each threshold would
keep and believe then, by what a mistake costs; thresholds are set by hand.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import msgspec
import numpy as np
from scipy.optimize import minimize
from tqdm import tqdm

from research.commands import material, sections
from research.commands.scene import Scene, compose, hear
from research.commands.stop_texts import ALIKE
from voice_coach.hearing.commands import CommandEar, CommandModel, Phrases, acceptance, model_store
from voice_coach.hearing.commands.acceptance import Features
from voice_coach.hearing.commands.explanation import Explanation
from voice_coach.hearing.commands.phrase_file import Cost
from voice_coach.home.phrases import coach_phrases

_MODES = ("asleep", "exercising", "confirming", "feeling")
_PENALTY = 0.0005
_THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
_KITCHENS = 20
"""Simulated ones, a minute each."""
_NEAR_MISSES = 40
"""Words that sound like commands, per mode and voice."""
_STOP_ALIKE = sorted(set(ALIKE))
"""Words that sound like "stop"; each voice says its share of them."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that was weighed, and whether it had been said."""

    features: Features
    right: bool
    cost: Cost


def examples(bench: sections.Bench) -> list[Example]:
    """Return everything that was weighed."""
    found: list[Example] = []
    sounds = [*sections.other_sounds(tuning=True).values(), *material.exercised_in(_KITCHENS)]
    empty = [Scene(sound, ()) for sound in sounds]
    for mode in tqdm(_MODES, desc="listening"):
        scenes = list(empty)
        known = [word for word in sections.PEOPLE_SAY if bench.phrases.match(word, mode)]
        for name, around in sections.SURROUNDINGS.items():
            clips = material.words(True, *known)
            for voice in material.TUNING_VOICES:
                texts = [
                    text
                    for intent in bench.phrases.intents(mode)
                    for text in material.sentences(bench.phrases, mode, intent, 6)[:3]
                ]
                clips = clips + material.spoken(texts, voice)
            scenes.append(compose(clips, **around))
            for number, voice in enumerate(material.TUNING_VOICES if name in sections.SNRS else ()):
                texts = [one for one in _STOP_ALIKE if bench.phrases.match(one, mode) is None]
                alike = (
                    near_misses(bench.phrases, mode) + texts[number :: len(material.TUNING_VOICES)]
                )
                scenes.append(compose(material.spoken(alike, voice), **around))
        for scene in scenes:
            found += _read(bench, scene, mode)
    return found


def near_misses(phrases: Phrases, mode: str) -> list[str]:
    """Return words that sound like commands of `mode`, half of them with the rest of one."""
    rng = np.random.default_rng([1, *mode.encode()])
    decoys, every = phrases.decoys(mode), phrases.sentences(mode)
    texts = []
    for number in rng.permutation(len(decoys))[:_NEAR_MISSES]:
        rest = every[rng.integers(len(every))].split()[1:]
        texts.append(" ".join([decoys[number], *(rest if rng.random() < 0.5 else ())]))
    return [text for text in texts if phrases.match(text, mode) is None]


def _read(bench: sections.Bench, scene: Scene, mode: str) -> list[Example]:
    explanations: list[Explanation] = []
    ear = CommandEar(bench.model, bench.phrases, explanations.append)
    hear(ear, mode, scene.sound)
    found = []
    for weighed in filter(None, (explanation.weighed for explanation in explanations)):
        sentence = weighed.sentence
        start, end = sentence.start, sentence.end
        said = [s.clip.text for s in scene.said if s.start < end and start < s.end + 4000]
        meant = [bench.phrases.match(text, mode) for text in said]
        right = sentence.match in meant
        found.append(Example(weighed.features, right, sentence.match.cost))
    return found


def fit(found: list[Example]) -> tuple[Features, float]:
    """Return weights and bias."""
    features = _array(found)
    good = np.array([1.0 if one.right else -1.0 for one in found])

    def loss(parameters: np.ndarray) -> float:
        evidence = features @ parameters[:-1] + parameters[-1]
        return float(
            np.mean(np.logaddexp(0, -good * evidence))
            + _PENALTY * parameters[:-1] @ parameters[:-1]
        )

    best = minimize(loss, np.zeros(features.shape[1] + 1)).x
    *weights, bias = (round(float(one), 3) for one in best)
    return Features(*weights), bias


def _array(found: list[Example]) -> np.ndarray:
    """Return the features of `found`, a row each."""
    return np.array([msgspec.structs.astuple(one.features) for one in found])


def table(found: list[Example], weights: Features, bias: float) -> str:
    """Return, by cost and threshold, how many good examples are kept and bad ones believed."""
    lines = []
    for cost in get_args(Cost):
        those = [one for one in found if one.cost == cost]
        evidence = _array(those) @ np.array(msgspec.structs.astuple(weights)) + bias
        right = np.array([one.right for one in those])
        for threshold in _THRESHOLDS:
            believed = evidence >= np.log(threshold / (1 - threshold))
            lines.append(
                f"{cost:8} {threshold:.2f} keeps {np.sum(believed & right)} of {right.sum()}, "
                f"believes {np.sum(believed & ~right)} of {np.sum(~right)}"
            )
    return "\n".join(lines)


def main() -> None:
    """Listen, fit, print what each threshold would do, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="model folder; by default the product's own")
    path = parser.parse_args().model or model_store.choose("en").path
    bench = sections.Bench(CommandModel.load(path), coach_phrases())
    found = examples(bench)
    weights, bias = fit(found)
    good = sum(one.right for one in found)
    print(f"{good} good and {len(found) - good} bad examples: weights {weights}, bias {bias}")
    print(table(found, weights, bias))
    settings = Path(acceptance.__file__).with_suffix(".toml")
    settings.write_text(_filled_in(settings.read_text("utf-8"), weights, bias), "utf-8")


def _filled_in(settings: str, weights: Features, bias: float) -> str:
    """Return the text of the `settings` with other weights, each by its name, and bias."""
    for name, value in {**msgspec.structs.asdict(weights), "bias": bias}.items():
        settings, count = re.subn(rf"^{name} = .*$", f"{name} = {value}", settings, flags=re.M)
        assert count == 1, f"{name} stands {count} times in the settings"
    return settings


if __name__ == "__main__":
    main()
