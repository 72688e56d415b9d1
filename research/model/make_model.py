"""Makes the product's English command model from recordings and synthetic voices.

    python -m research.model.make_model --data ../shared/data --cache ../model-cache all

Stages, each kept in the cache folder and skipped where it is already there:

* ``voices``: speaks the synthetic part of the corpus.
* ``align``: finds the phones of every recording with PocketSphinx.
* ``bootstrap``: trains a first network on what could be aligned.
* ``realign``: aligns the recordings PocketSphinx gave up on with that network.
* ``train``: goes on training from that network, with the new alignments.
* ``harden``: trains that network further on words that sound alike and in louder noise.
* ``refine``: goes on from the mean of these two, with the product's phrases, across kitchens.
* ``broaden``: goes on from what these three make together, with dull and bright voices in noise.
* ``naturalise``: goes on from the mean of all four, with voices that sound like people.
* ``export``: writes the last of these five as a model folder; where nothing has been trained,
  writes all but the network anew, so that phrases and words may be changed alone.

Not one of `all`: ``restore`` reads the network of the model folder back into the cache folder, for
whoever wants to train it further and has none of the checkpoints.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import torch

from research.model import align, confusions, corpus, export, realign, restore, train
from research.model.align import Aligned
from research.model.augment import (
    ACROSS_A_KITCHEN,
    ANY_TIMBRE,
    FIRST,
    HARD,
    NATURAL,
    Clip,
    Conditions,
    Windows,
    clip_of,
)
from research.places import DATA, MODEL_CACHE, ROOT

SEED = 1
STAGES = (
    *("voices", "align", "bootstrap", "realign", "train", "harden", "refine", "broaden"),
    *("naturalise", "export"),
)
BOOTSTRAP = train.Plan(steps=700, cool=0, frame_weight=0.3)
TRAINING = train.Plan(steps=3900, cool=2000)
HARDENING = train.Plan(steps=4600, cool=4600, rate=1.8e-3)
REFINEMENT = train.Plan(steps=10_000, cool=10_000, rate=1.5e-3)
BROADENING = train.Plan(steps=14_000, cool=14_000, rate=1.5e-3)
NATURALISING = train.Plan(steps=10_000, cool=10_000, rate=1.5e-3)
REFINED_FROM = {"network.pt": 0.5, "hardened.pt": 0.5}
BROADENED_FROM = {"refined.pt": 0.6, "network.pt": 0.2, "hardened.pt": 0.2}
NATURALISED_FROM = {
    "broadened.pt": 0.7, "refined.pt": 0.18, "network.pt": 0.06, "hardened.pt": 0.06
}  # fmt: skip
"""Shares of networks in the mean from which the next goes on: it forgets less than the last one."""


class Recipe:
    """The stages, with the folders they read and write."""

    def __init__(self, data: Path, cache: Path, model: Path) -> None:
        self.data, self.cache, self.model = data, cache, model
        cache.mkdir(parents=True, exist_ok=True)

    def voices(self) -> list[corpus.Recording]:
        """Speak the synthetic corpus."""
        texts = corpus.sentences(self.data, SEED)
        return corpus.render(texts, corpus.SYNTHETIC, self.cache / "synthetic", SEED)

    def align(self) -> list[Aligned]:
        """Align everything with PocketSphinx."""
        people = list(corpus.people(self.data, test=False))
        return [
            *align.align_all(people, self.cache / "people.jsonl"),
            *align.align_all(self.voices(), self.cache / "synthetic.jsonl"),
        ]

    def windows(self, aligned: list[Aligned], seed: int, conditions: Conditions = FIRST) -> Windows:
        """Load the recordings into memory."""
        clips: dict[str, list[Clip]] = {}
        for entry in aligned:
            clips.setdefault(entry.recording.kind, []).append(clip_of(entry))
        sounds = [corpus.load(r.path) for r in corpus.noises(self.data, test=False)]
        if conditions.timbre:
            sounds += corpus.simulated_noises(seed)
        noises = [Clip((np.clip(sound, -1, 1) * 32767).astype(np.int16)) for sound in sounds]
        return Windows(clips, noises, seed, conditions)

    def bootstrap(self) -> None:
        """Train a first network."""
        windows = self.windows(self.align(), SEED)
        train.train(windows, BOOTSTRAP, self.cache / "bootstrap.pt")

    def realign(self) -> list[Aligned]:
        """Align the people PocketSphinx gave up on; return these and the others."""
        known = align.read(self.cache / "people.jsonl")
        path = self.cache / "people-more.jsonl"
        if path.exists():
            return known + align.read(path)
        windows = self.windows(self.align(), SEED)
        windows.learn_bigram()
        done = {entry.recording.path for entry in known}
        people = [r for r in corpus.people(self.data, test=False) if r.path not in done]
        network = train.network_of(train.kept(self.cache / "bootstrap.pt"))
        return known + realign.realign_all(network, realign.prior(windows), people, path)

    def train(self) -> None:
        """Train the network proper."""
        synthetic = align.read(self.cache / "synthetic.jsonl")
        windows = self.windows([*self.realign(), *synthetic], SEED + 1)
        start = train.kept(self.cache / "bootstrap.pt")
        train.train(windows, TRAINING, self.cache / "network.pt", start)

    def confusions(self) -> list[Aligned]:
        """Speak and align words that sound like the product's."""
        folder, seed = self.cache / "confusions", SEED + 2
        spoken = corpus.render(confusions.sentences(seed), corpus.CONFUSIONS, folder, seed)
        spoken = [dataclasses.replace(one, kind="confusion") for one in spoken]
        return align.align_all(spoken, self.cache / "confusions.jsonl")

    def harden(self) -> None:
        """Train it further: words that sound alike, louder noise."""
        synthetic = align.read(self.cache / "synthetic.jsonl")
        windows = self.windows([*self.realign(), *synthetic, *self.confusions()], SEED + 2, HARD)
        start = train.kept(self.cache / "network.pt")
        train.train(windows, HARDENING, self.cache / "hardened.pt", start)

    def phrases(self) -> list[Aligned]:
        """Speak and align what the product listens for."""
        seed = SEED + 3
        spoken = corpus.render(corpus.phrases(seed), corpus.PHRASES, self.cache / "phrases", seed)
        spoken = [dataclasses.replace(one, kind="phrase") for one in spoken]
        return align.align_all(spoken, self.cache / "phrases.jsonl")

    def natural(self) -> list[Aligned]:
        """Speak and align both, by voices that sound like people."""
        seed = SEED + 5
        texts = corpus.natural(self.data, seed)
        spoken = corpus.render(texts, corpus.NATURAL, self.cache / "natural", seed)
        spoken = [dataclasses.replace(one, kind="natural") for one in spoken]
        return align.align_all(spoken, self.cache / "natural.jsonl")

    def everything(self) -> list[Aligned]:
        """Return all that is aligned: people, synthetic voices, words alike, the phrases."""
        synthetic = align.read(self.cache / "synthetic.jsonl")
        return [*self.realign(), *synthetic, *self.confusions(), *self.phrases()]

    def refine(self) -> None:
        """Train the mean of both further: the product's phrases, from across the kitchen."""
        windows = self.windows(self.everything(), SEED + 3, ACROSS_A_KITCHEN)
        train.train(windows, REFINEMENT, self.cache / "refined.pt", self.mean(REFINED_FROM))

    def broaden(self) -> None:
        """Train the mean of all three further: any timbre, more kinds of noise."""
        windows = self.windows(self.everything(), SEED + 4, ANY_TIMBRE)
        train.train(windows, BROADENING, self.cache / "broadened.pt", self.mean(BROADENED_FROM))

    def naturalise(self) -> None:
        """Train the mean of all four further: voices that sound like people."""
        aligned = [*self.everything(), *self.natural()]
        windows = self.windows(aligned, SEED + 5, NATURAL)
        start = self.mean(NATURALISED_FROM)
        train.train(windows, NATURALISING, self.cache / "naturalised.pt", start)

    def restore(self) -> None:
        """Read the network of the model folder back."""
        windows = self.windows([*self.everything(), *self.natural()], SEED + 5, NATURAL)
        windows.learn_bigram()
        network = restore.restored(self.model / "am" / "final.mdl", windows)
        torch.save({"average": network.state_dict()}, self.cache / "restored.pt")

    def mean(self, shares: dict[str, float]) -> dict[str, torch.Tensor]:
        """Return the mean of the weights of several networks."""
        return train.mean({self.cache / name: share for name, share in shares.items()})

    def export(self) -> None:
        """Write the model folder."""
        path = self.cache / "naturalised.pt"
        network = train.network_of(train.kept(path)) if path.exists() else None
        export.write_model(network, self.model)


def main() -> None:
    """Run one stage, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=MODEL_CACHE)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "en")
    parser.add_argument("stage", choices=[*STAGES, "all", "restore"])
    options = parser.parse_args()
    recipe = Recipe(options.data, options.cache, options.model)
    for stage in STAGES if options.stage == "all" else [options.stage]:
        getattr(recipe, stage)()


if __name__ == "__main__":
    main()
