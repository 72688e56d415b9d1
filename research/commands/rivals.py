"""Other recognisers on the same scenes: what the product would hear with them.

Other Vosk models that are installed take the place of the product's own within the ear.
PocketSphinx is an optional dependency of the measurement (``pip install pocketsphinx``). It gets
an easier task than the ear: every scene is cut for it around what is said, and its grammar is
exactly the sentences of the mode. It cannot reject: with a grammar it takes any speech for some
sentence, or finds none.
"""

from __future__ import annotations

import importlib.util
import tempfile
import time
from collections.abc import Sequence

import numpy as np
from tqdm import tqdm

from research.commands import material, sections
from research.commands.scene import Scene, compose
from research.commands.sections import NEAR_MISSES, SNRS, Bench
from research.figures import Figures
from voice_coach.clock import SAMPLE_RATE
from voice_coach.hearing.commands import CommandModel, Phrases, model_store
from voice_coach.samples import Samples

_MARGIN = SAMPLE_RATE // 4


def installed() -> bool:
    """Whether PocketSphinx can be measured."""
    return importlib.util.find_spec("pocketsphinx") is not None


class PocketSphinx:
    """PocketSphinx with the sentences of a mode as its grammar."""

    def __init__(self, sentences: Sequence[str]) -> None:
        from pocketsphinx import Decoder  # noqa: PLC0415

        self._decoder = Decoder(lm=None, loglevel="FATAL")
        known = [s for s in sentences if all(map(self._decoder.lookup_word, s.split()))]
        with tempfile.NamedTemporaryFile("w", suffix=".gram") as file:
            choices = " | ".join(f"({sentence})" for sentence in known)
            file.write(f"#JSGF V1.0;\ngrammar coach;\npublic <sentence> = {choices};\n")
            file.flush()
            self._decoder.add_jsgf_file("coach", file.name)
        self._decoder.activate_search("coach")
        self.heard_seconds = self.spent_seconds = 0.0

    def hear(self, sound: Samples) -> str:
        """Return the sentence heard in `sound`, if any."""
        pcm = np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()
        began = time.process_time()
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        self.spent_seconds += time.process_time() - began
        self.heard_seconds += len(sound) / SAMPLE_RATE
        found = self._decoder.hyp()
        return str(found.hypstr) if found else ""

    def scene(self, scene: Scene) -> list[str]:
        """Return what is heard of each thing said in `scene`."""
        margins = ((max(0, s.start - _MARGIN), s.end + _MARGIN) for s in scene.said)
        return [self.hear(scene.sound[start:end]) for start, end in margins]


def pocketsphinx(bench: Bench, tuning: bool, most: int) -> Figures | None:
    """Return recall and false commands of PocketSphinx; None where it is not installed."""
    if not installed():
        return None
    phrases = bench.phrases
    ears = {mode: PocketSphinx(phrases.sentences(mode)) for mode in ("exercising", "confirming")}
    figures: Figures = {}
    voices = material.TUNING_VOICES if tuning else material.MEASURED_VOICES
    texts = [
        text
        for intent in phrases.intents("exercising")
        for text in material.sentences(phrases, "exercising", intent, most)
    ]
    for noise, snr in tqdm(SNRS.items(), desc="PocketSphinx", leave=False):
        scenes = [(compose(material.spoken(texts, v), snr), "exercising") for v in voices]
        figures[f"phrases, {noise}"] = _recall(ears, scenes, phrases)
        for word, mode in (("stop", "exercising"), ("yes", "confirming"), ("no", "confirming")):
            scene = compose(material.words(tuning, word), snr)
            figures[f"{word}, {noise}"] = _recall(ears, [(scene, mode)], phrases)
    others = compose([c for c in material.words(tuning) if c.text != "stop"], None)
    heard = ears["exercising"].scene(others)
    figures["single words"] = {"said": len(heard), "taken": _count(heard, phrases, "stop")}
    near = [text for text in NEAR_MISSES if phrases.match(text, "exercising") is None]
    found = [
        text
        for voice in voices
        for text in ears["exercising"].scene(compose(material.spoken(near, voice), None))
    ]
    figures["near misses"] = {"said": len(found), "taken": _count(found, phrases)}
    ear = ears["exercising"]
    figures["ms per second"] = round(1000 * ear.spent_seconds / ear.heard_seconds, 1)
    return figures


def other_models(bench: Bench, tuning: bool, most: int) -> dict[str, Figures]:
    """Return the same figures of the ear with each of the other English models installed."""
    figures: dict[str, Figures] = {}
    for one in model_store.installed():
        if one.path.name != bench.model.name and one.path.name.startswith(("en", "vosk-model")):
            other = Bench(CommandModel.load(one.path), bench.phrases)
            groups = sections.noise(other, tuning, most)
            figures[one.path.name] = {
                **sections.people(other, tuning),
                **{f"phrases, {n}": sections.synthetic(groups, n) for n in SNRS},
                "single words": sections.single_words_taken_for_stop(other, tuning),
                "near misses": sections.near_misses(other, tuning),
            }
    return figures


def _recall(
    ears: dict[str, PocketSphinx], scenes: list[tuple[Scene, str]], phrases: Phrases
) -> Figures:
    said = right = 0
    for scene, mode in scenes:
        for one, text in zip(scene.said, ears[mode].scene(scene), strict=True):
            meant, heard = (phrases.match(t, mode) for t in (one.clip.text, text))
            said += 1
            right += meant is not None and meant == heard
    return {"said": said, "right": right}


def _count(heard: Sequence[str], phrases: Phrases, intent: str | None = None) -> int:
    meanings = [phrases.match(text, "exercising") for text in heard]
    return sum(m is not None and intent in (None, m.intent) for m in meanings)
