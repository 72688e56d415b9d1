"""What the command ear is measured on: who says what, in which noise, and who may be tuned on.

The recogniser's model keeps a fifth of the people, whole synthetic voices, one reader, three
keywords and a fifth of the kitchen sources out of its training (``research/model/corpus.py``,
``voices.py``). These are split once more: half of the people and of the voices tune the ear's own
numbers (`tuning`), the others are only ever measured on.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from tqdm import tqdm

from research.model import corpus, evaluate, voices
from research.places import DATA
from voice_coach.clock import SAMPLE_RATE
from voice_coach.hearing.commands import Phrases
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen, Noise
from voice_coach.simulation.strike import FLOORS, FOOTWEAR

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "voice-coach-measure"

NOISES = (("tap", 44.0), ("dishes", 54.0), ("cupboard", 56.0), ("steps", 50.0), ("music", 50.0))
"""What sounds in a simulated kitchen, dB re 20 µPa at the microphone."""
_TUNING = {"en-gb+m7", "en-gb+steph2", "en-GB", "am_santa"}
_SPARED = {"af_bella"}
"""Kokoro takes a second for a sentence: one of its voices is enough."""
TUNING_VOICES = tuple(v for v in voices.TEST_VOICES if v.name in _TUNING)
MEASURED_VOICES = tuple(v for v in voices.TEST_VOICES if v.name not in _TUNING | _SPARED)
TEST_KEYWORDS = ("jarvis", "smart-mirror", "view-glass")
TEST_READER = "27"


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording, what is said in it and by whom."""

    sound: Samples
    text: str
    speaker: str


def held_out(identity: str) -> bool:
    """Whether the model was trained without the speaker or source `identity`."""
    return hashlib.sha256(identity.encode()).digest()[0] % 5 == 0


def for_tuning(identity: str) -> bool:
    """Whether the ear's own numbers may be tuned on what `identity` says."""
    return hashlib.sha256(identity.encode()).digest()[1] % 2 == 0


def load(path: Path) -> Samples:
    """Return the recording at `path`, which is 16 kHz mono."""
    sound: Samples
    sound, rate = soundfile.read(path, dtype="float32")
    assert rate == SAMPLE_RATE, path
    return sound


def words(tuning: bool, *names: str) -> list[Clip]:
    """Return people saying the single words `names` (all by default)."""
    some = [
        Clip(load(path), path.parent.name, path.name[:8])
        for path in sorted((DATA / "words").glob("*/*.flac"))
        if (not names or path.parent.name in names)
        and held_out(path.name[:8])
        and for_tuning(path.name[:8]) == tuning
    ]
    more = _more_people(tuning, lambda text: text in names if names else len(text.split()) == 1)
    return some + more


def read_speech(tuning: bool) -> list[Clip]:
    """Return the sentences of readers whom the model does not know."""
    paths = sorted((DATA / "read-speech").glob(f"{TEST_READER}-*.ogg"))
    one = [Clip(load(p), "", TEST_READER) for p in paths if for_tuning(p.name) == tuning]
    return one + _more_people(tuning, lambda text: not text)


def letters(tuning: bool) -> list[Clip]:
    """Return people who spell names and tell dates and numbers."""
    return _more_people(tuning, lambda text: len(text.split()) > 1)


def _more_people(tuning: bool, wanted: Callable[[str], bool]) -> list[Clip]:
    """Return the recordings in ``people`` whose text, "" where it is not known, is `wanted`."""
    return [
        Clip(load(Path(one.path)), one.text, one.speaker)
        for one in corpus.more_people(DATA, test=True)
        if wanted(one.text) and for_tuning(one.speaker) == tuning
    ]


def keywords(tuning: bool) -> list[Clip]:
    """Return people calling other devices."""
    return [
        Clip(load(path), name.replace("-", " "), "")
        for name in TEST_KEYWORDS
        for path in sorted((DATA / "keywords" / name).glob("*.ogg"))
        if for_tuning(path.name) == tuning
    ]


def other_phrases(tuning: bool) -> dict[str, tuple[tuple[str, ...], list[Clip]]]:
    """Return lists of phrases that are not the product's, each with people saying some of them."""
    return {
        "ten words": (evaluate.WORDS, words(tuning, *evaluate.WORDS)),
        "45 phrases": (evaluate.KEYWORD_GRAMMAR, keywords(tuning)),
    }


def kitchen() -> Iterator[tuple[str, Samples]]:
    """Yield class and sound of the kitchen recordings that the model was not trained with."""
    for path in sorted((DATA / "kitchen").glob("*/*.flac")):
        if held_out(path.name.split("-")[1]):
            yield path.parent.name, load(path)
    yield "doing-the-dishes", load(DATA / "kitchen-long" / "doing_the_dishes.flac")


def exercised_in(count: int) -> Iterator[Samples]:
    """Yield simulated kitchens, a minute each: heels drop, something sounds, nobody speaks."""
    for seed in range(count):
        rng = np.random.default_rng([seed, 6])
        kinds = [NOISES[i] for i in rng.permutation(len(NOISES))[: rng.integers(1, 3)]]
        kitchen = Kitchen(
            floor=str(rng.choice(sorted(FLOORS))),
            footwear=str(rng.choice(sorted(FOOTWEAR))),
            distance_m=float(rng.uniform(0.8, 2.0)),
            noises=[Noise(kind, level + float(rng.uniform(-4, 4))) for kind, level in kinds],
            seed=seed,
        )
        for at in range(5, 60, 5):
            kitchen.strike(round((at + float(rng.uniform(-1, 1))) * SAMPLE_RATE))
        yield kitchen.microphone(np.zeros(60 * SAMPLE_RATE, np.float32))


@cache
def noise_bed() -> Samples:
    """Return the kitchen in one piece, every part of it equally loud (RMS 1)."""
    steady = {"water-flowing", "stove-fan", "boiling-water", "dishwasher", "frying-pan"}
    parts = [s for name, s in kitchen() if name in {*steady, "doing-the-dishes", "clean-dishes"}]
    return np.concatenate([p / max(1e-6, float(np.sqrt(np.mean(p**2)))) for p in parts])


def sentences(phrases: Phrases, mode: str, intent: str, most: int, seed: int = 0) -> list[str]:
    """Return at most `most` sentences of `intent`, drawn at random, now and then with a filler."""
    every = [
        sentence
        for sentence in phrases.sentences(mode)
        if (meant := phrases.match(sentence, mode)) and meant.intent == intent
    ]
    rng = np.random.default_rng([seed, *intent.encode(), *mode.encode()])
    drawn = [every[i] for i in rng.permutation(len(every))[:most]]
    return [_filled(text, phrases, rng) if rng.random() < 0.2 else text for text in drawn]


def _filled(text: str, phrases: Phrases, rng: np.random.Generator) -> str:
    filler = phrases.skip_words[rng.integers(len(phrases.skip_words))]
    first = filler in {"um", "okay coach", "hey coach"} or rng.random() < 0.5
    return f"{filler} {text}" if first else f"{text} {filler}"


def spoken(texts: list[str], voice: voices.Voice) -> list[Clip]:
    """Return `texts` in a synthetic voice, kept between runs."""
    folder = CACHE / f"{voice.label}-{voice.rate}-{voice.pitch}"
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{hashlib.sha256(text.encode()).hexdigest()[:20]}.flac" for text in texts]
    missing = [(t, p) for t, p in zip(texts, paths, strict=True) if not p.exists()]
    for at in tqdm(range(0, len(missing), 50), desc=voice.label, disable=not missing):
        batch = missing[at : at + 50]
        sounds = voices.speak(voice, [text for text, _ in batch])
        for (_, path), sound in zip(batch, sounds, strict=True):
            soundfile.write(path, sound, SAMPLE_RATE)
    return [Clip(load(p), t, voice.label) for t, p in zip(texts, paths, strict=True)]
