"""The natural voices that ship say what the script says now, and nothing that it said before.

What is missing here is rendered by `python -m research.voices.render`.
"""

import re

import numpy as np
import pytest

from research.voices.recipe import AUDIO, VOICES, Recipe, lines, lines_with_names
from voice_coach.speaking import Script
from voice_coach.speaking.loudness import loudness
from voice_coach.speaking.rendered import RenderedVoice, folders
from voice_coach.speaking.shaping import HEADROOM, LOUDNESS, shape_rendered
from voice_coach.speaking.word_times import words_of

MOST_BYTES = 12_000_000

SHIPPED = [recipe for recipe in VOICES if recipe.name in folders(AUDIO / "voices")]

pytestmark = pytest.mark.skipif(not SHIPPED, reason="no voice has been rendered")


@pytest.fixture(params=SHIPPED, ids=[recipe.name for recipe in SHIPPED], scope="module")
def recipe(request: pytest.FixtureRequest) -> Recipe:
    found: Recipe = request.param
    return found


@pytest.fixture(scope="module")
def voice(recipe: Recipe) -> RenderedVoice:
    return RenderedVoice(AUDIO / "voices" / recipe.name)


def test_a_voice_says_every_line_of_the_script_as_it_is_now(
    recipe: Recipe, voice: RenderedVoice
) -> None:
    texts = lines(recipe.language)
    stale = [text for text in texts if voice.made_from(text) != recipe.fingerprint(text)]
    assert not stale, "run python -m research.voices.render"


def test_it_ships_nothing_that_is_never_said(recipe: Recipe, voice: RenderedVoice) -> None:
    said = {*lines(recipe.language), *lines_with_names(recipe.language)}
    assert not [line.text for line in voice.manifest.lines if line.text not in said]


def test_its_licence_and_its_engine_are_told(voice: RenderedVoice) -> None:
    assert voice.manifest.licence == "Apache-2.0"
    assert re.match("Kokoro", voice.manifest.engine)


def test_it_is_small(recipe: Recipe) -> None:
    folder = AUDIO / "voices" / recipe.name
    assert sum(path.stat().st_size for path in folder.iterdir()) <= MOST_BYTES


def test_every_fifth_line_is_whole_equally_loud_and_knows_when_its_words_are_said(
    voice: RenderedVoice,
) -> None:
    for line in voice.manifest.lines[::5]:
        clip = voice.speak(line.text)
        assert clip is not None
        played = shape_rendered(clip.samples)
        assert loudness(played) == pytest.approx(LOUDNESS, abs=0.5), line.text
        assert np.abs(played).max() <= HEADROOM + 0.001
        assert tuple(word.text for word in clip.words) == words_of(line.text)
        ends = [word.end for word in clip.words]
        assert ends == sorted(ends)
        assert ends[-1] <= len(clip.samples)


def test_the_default_is_one_of_them() -> None:
    script = Script.load()
    assert script.natural_voice in folders(AUDIO / "voices")
