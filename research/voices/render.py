"""Render what the coach can say with the natural voices, and pack it into `audio/voices/`.

Usage: python -m research.voices.render [--voice NAME] [--names N] [--minutes M] [--no-pack]

What has been rendered before is kept in a folder of the user's cache, and only what is missing
there is rendered: the lines of the script first, then those with a first name in them. However
often it is interrupted, it goes on from there. What is packed is what the script says now, and
nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import platformdirs
from tqdm import tqdm

from research.voices import pack
from research.voices.recipe import AUDIO, VOICES, Recipe, lines, lines_with_names, spelling
from voice_coach.speaking.word_times import Mark

CACHE = Path(platformdirs.user_cache_dir("voice-coach")) / "rendered"


def main() -> None:
    """Render what is missing, then pack each voice."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [recipe.name for recipe in VOICES]
    parser.add_argument("--voice", choices=names, help="only this one")
    parser.add_argument("--names", type=int, help="how many first names; all by default")
    parser.add_argument("--minutes", type=float, help="stop rendering after so long")
    parser.add_argument("--no-pack", action="store_true", help="only render")
    given = parser.parse_args()
    recipes = [recipe for recipe in VOICES if given.voice in (None, recipe.name)]
    end = time.monotonic() + (np.inf if given.minutes is None else 60 * given.minutes)
    for choose in (lines, lambda language: list(lines_with_names(language, given.names))):
        for recipe in recipes:
            for text in tqdm(choose(recipe.language), recipe.name, mininterval=10):
                if time.monotonic() < end and not _path(recipe, text).exists():
                    _render(recipe, text)
    if not given.no_pack:
        for recipe in recipes:
            named = lines_with_names(recipe.language, given.names)
            files = {
                "lines.opus": _rendered(recipe, lines(recipe.language)),
                "names.opus": _rendered(recipe, named),
            }
            pack.write(AUDIO / "voices" / recipe.name, recipe, files)


def _path(recipe: Recipe, text: str) -> Path:
    return CACHE / f"{recipe.name}-{recipe.fingerprint(text)}.npz"


def _render(recipe: Recipe, text: str) -> None:
    from research.model import kokoro_voices  # noqa: PLC0415 - packing needs no engine

    sound, begun = kokoro_voices.speak_marked(
        recipe.engine_voice, text, recipe.speed, spelling(text)
    )
    path = _path(recipe, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    pcm = np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16)
    with draft.open("wb") as file:
        rate = kokoro_voices.SAMPLE_RATE
        np.savez(file, sound=pcm, rate=rate, begun=json.dumps(begun), text=text)
    draft.rename(path)


def _rendered(recipe: Recipe, texts: Iterable[str]) -> dict[str, pack.Raw]:
    """Return those of `texts` that have been rendered."""
    return {text: _raw(recipe, text) for text in texts if _path(recipe, text).exists()}


def _raw(recipe: Recipe, text: str) -> pack.Raw:
    path = _path(recipe, text)
    with np.load(path) as kept:
        sound = kept["sound"].astype(np.float32) / np.float32(32768)
        marks = [Mark(offset, at) for offset, at in json.loads(str(kept["begun"]))]
        return pack.Raw(sound, int(kept["rate"]), marks)


if __name__ == "__main__":
    main()
