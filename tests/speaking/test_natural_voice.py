"""The natural voice: what was rendered beforehand, and how it goes together with everything else.

The one of these tests is packed as those that ship are, out of what espeak-ng says.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from research.voices import pack
from research.voices.recipe import Recipe
from tests.shared import once
from tests.speaking.conftest import SYNTHETIC
from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice
from voice_coach.speaking.loudness import loudness
from voice_coach.speaking.rendered import MANIFEST, RenderedVoice
from voice_coach.speaking.shaping import HEADROOM, LOUDNESS
from voice_coach.speaking.synthesis import Synthesiser
from voice_coach.speaking.word_times import words_of

RECIPE = Recipe("nat", "en", "gmw/en+f3", 1.0)
LINES = ("Hello, and welcome to you.", "One.", "Two.", "Anna,", "or Anna?", "Ben,", "or Ben?")
CUES = {
    "hello": {"tone": "ready"},
    "count": {"tone": "tick", "slots": {"number": "1..2"}},
    "whose": {"tone": "tick", "slots": {"person": "people"}},
    "whose.last": {"tone": "tick", "slots": {"person": "people"}},
}
WORDS = {
    "language": "en",
    "voice": SYNTHETIC,
    "natural": "nat",
    "numbers": "none one two",
    "cues": {
        "hello": [LINES[0]],
        "count": ["{number}."],
        "whose": ["{person},"],
        "whose.last": ["or {person}?"],
    },
}


@pytest.fixture(scope="session")
def voices(shared: Path) -> Path:
    """A folder with one natural voice."""

    def render(folder: Path) -> None:
        with Synthesiser(RECIPE.engine_voice, 110) as synthesiser:
            spoken = {text: synthesiser.speak(text) for text in LINES}
        raws = {
            text: pack.Raw(one.sound, one.rate, list(one.marks)) for text, one in spoken.items()
        }
        named = {text: raw for text, raw in raws.items() if "Anna" in text or "Ben" in text}
        rest = {text: raw for text, raw in raws.items() if text not in named}
        pack.write(folder / "nat", RECIPE, {"lines.opus": rest, "names.opus": named})

    return once(shared / "natural-voice", render)


@pytest.fixture
def make(voices: Path, tmp_path: Path) -> Callable[..., Voice]:
    """Make a voice that is natural for the people it is given."""

    def voice(
        people: Sequence[str] = (), words_per_minute: int | None = None, folder: Path = voices
    ) -> Voice:
        return Voice(
            Script(WORDS, CUES, name="a script", values={"people": people, "cautions": ()}),
            words_per_minute=words_per_minute or own_rate(voices),
            cache=tmp_path / "clips",
            recordings=tmp_path / "recordings",
            voices=folder,
        )

    return voice


def own_rate(voices: Path) -> int:
    """Return at how many words a minute the voice was rendered."""
    return round(RenderedVoice(voices / "nat").words_per_minute)


def rendered(tmp_path: Path) -> int:
    """Return how many clips lie in the cache."""
    return len(list((tmp_path / "clips").glob("*.clip")))


def test_there_is_nothing_to_prepare(make: Callable[..., Voice], tmp_path: Path) -> None:
    voice = make(["anna", "Ben"])
    assert voice.name == "nat"
    assert voice.prepare() == []
    assert rendered(tmp_path) == 0
    for cue, slots in (("hello", {}), ("count", {"number": 2}), ("whose", {"person": "anna"})):
        assert voice.clip(cue, slots).text


def test_every_line_is_equally_loud(make: Callable[..., Voice]) -> None:
    voice = make(["Anna"])
    for text in LINES[:4]:
        clip = voice.line(text)
        assert clip is not None
        assert loudness(clip.samples) == pytest.approx(LOUDNESS, abs=0.5)
        assert np.abs(clip.samples).max() <= HEADROOM


def test_words_are_where_they_are_said(make: Callable[..., Voice]) -> None:
    clip = make().clip("hello", {})
    assert tuple(word.text for word in clip.words) == words_of(LINES[0])
    for word in clip.words:
        assert np.abs(clip.samples[word.start : word.end]).max() > 0.1
    comma = slice(clip.words[0].end, clip.words[1].start)
    assert comma.stop - comma.start > 0.02 * SAMPLE_RATE


@pytest.mark.parametrize("rate", [110, 180, 220])
def test_another_rate_is_the_same_recording_stretched_and_kept(
    rate: int, make: Callable[..., Voice], voices: Path, tmp_path: Path
) -> None:
    plain = make().clip("hello", {})
    voice = make(words_per_minute=rate)
    clip = voice.clip("hello", {})
    assert clip.text == plain.text
    assert len(clip.samples) == pytest.approx(
        len(plain.samples) * own_rate(voices) / rate, rel=0.01
    )
    assert loudness(clip.samples) == pytest.approx(LOUDNESS, abs=0.1)
    assert np.abs(clip.samples).max() <= HEADROOM
    for word, before in zip(clip.words, plain.words, strict=True):
        share = before.start / len(plain.samples)
        assert word.start / len(clip.samples) == pytest.approx(share, abs=0.02)
    again = make(words_per_minute=rate).clip("hello", {})
    np.testing.assert_array_equal(again.samples, clip.samples)
    assert rendered(tmp_path) == 1


def test_a_name_that_it_does_not_know_is_synthesised(make: Callable[..., Voice]) -> None:
    voice = make(["Xanthippe"])
    assert voice.prepare() == []
    assert voice.clip("whose", {"person": "Xanthippe"}).text == "Xanthippe,"


def test_names_in_one_sentence_are_all_said_by_one_voice(
    make: Callable[..., Voice], tmp_path: Path
) -> None:
    natural = make(["Anna", "Ben"]).clip("whose", {"person": "Anna"}).samples
    mixed = make(["Anna", "Xanthippe"])
    assert mixed.prepare() == []
    assert rendered(tmp_path) == 4
    synthetic = mixed.clip("whose", {"person": "Anna"}).samples
    assert not _same(natural, synthetic)
    assert _same(make().clip("hello", {}).samples, mixed.clip("hello", {}).samples)


def _same(one: Samples, other: Samples) -> bool:
    return len(one) == len(other) and bool(np.allclose(one, other))


def test_a_voice_that_is_cut_short_is_made_up_for(
    voices: Path, make: Callable[..., Voice], tmp_path: Path
) -> None:
    folder = tmp_path / "voices" / "nat"
    folder.mkdir(parents=True)
    for path in (voices / "nat").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    pack_file = folder / "lines.opus"
    pack_file.write_bytes(pack_file.read_bytes()[:-10])
    voice = make(folder=tmp_path / "voices")
    assert voice.prepare() == []
    assert rendered(tmp_path) == 1
    assert voice.clip("count", {"number": 2}).text == "Two."


def test_damage_within_a_voice_is_a_tone_and_no_crash(
    voices: Path, make: Callable[..., Voice], tmp_path: Path
) -> None:
    folder = tmp_path / "voices" / "nat"
    folder.mkdir(parents=True)
    for path in (voices / "nat").iterdir():
        zeros = path.name == "lines.opus"
        (folder / path.name).write_bytes(bytes(path.stat().st_size) if zeros else path.read_bytes())
    clip = make(folder=tmp_path / "voices").clip("hello", {})
    assert len(clip.samples)
    assert not clip.text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"name": 3}', b"\xff\xfe"])
def test_a_manifest_that_cannot_be_read_is_one_clear_sentence(
    content: bytes, make: Callable[..., Voice], tmp_path: Path
) -> None:
    path = tmp_path / "voices" / "nat" / MANIFEST
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UserError, match="cannot be read"):
        make(folder=tmp_path / "voices")


def test_packing_again_changes_nothing(voices: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nat"
    folder.mkdir()
    before = {path.name: path.read_bytes() for path in (voices / "nat").iterdir()}
    for name, content in before.items():
        (folder / name).write_bytes(content)
    # Without a sound: what was made from the same text in the same way is not made again.
    nothing = pack.Raw(np.zeros(1, np.float32), SAMPLE_RATE, [])
    named = {text: nothing for text in LINES if "Anna" in text or "Ben" in text}
    rest = {text: nothing for text in LINES if text not in named}
    pack.write(folder, RECIPE, {"lines.opus": rest, "names.opus": named})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
