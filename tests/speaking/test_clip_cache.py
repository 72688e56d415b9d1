"""The clip cache: a clip is there and whole, or it is not there."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.samples import Samples
from voice_coach.speaking.clip_cache import ClipCache, key
from voice_coach.timed_word import TimedWord


@pytest.fixture
def sound() -> Samples:
    return np.random.default_rng(0).uniform(-1, 1, 200).astype(np.float32)


def test_a_clip_comes_back_as_it_was_kept(tmp_path: Path, sound: Samples) -> None:
    words = (TimedWord("café", 3, 150), TimedWord("stop", 150, 199))
    kept = ClipCache(tmp_path / "new" / "folder").keep("seven", sound, words)
    again = ClipCache(tmp_path / "new" / "folder").load("seven")
    assert again is not None
    assert again.words == kept.words == words
    np.testing.assert_array_equal(again.samples, kept.samples)
    np.testing.assert_allclose(again.samples, sound, atol=1 / 32767)


def test_a_clip_cannot_be_changed_by_who_plays_it(tmp_path: Path, sound: Samples) -> None:
    cache = ClipCache(tmp_path)
    cache.keep("seven", sound)
    loaded = cache.load("seven")
    assert loaded is not None
    with pytest.raises(ValueError, match="read-only"):
        loaded.samples[0] = 1


def test_what_was_never_kept_is_not_there(tmp_path: Path) -> None:
    assert ClipCache(tmp_path / "nowhere").load("seven") is None
    assert not ClipCache(tmp_path).holds("seven")


@given(where=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_damaged_clip_is_not_there(
    tmp_path_factory: pytest.TempPathFactory, where: float, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    ClipCache(folder).keep("seven", np.linspace(-1, 1, 200, dtype=np.float32))
    path = folder / "seven.clip"
    content = bytearray(path.read_bytes())
    content[int(where * len(content))] ^= flip
    path.write_bytes(content)
    assert not ClipCache(folder).holds("seven")
    assert ClipCache(folder).load("seven") is None


@given(length=st.integers(0, 417))
def test_a_clip_cut_short_is_not_there(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    ClipCache(folder).keep("seven", np.linspace(-1, 1, 200, dtype=np.float32))
    path = folder / "seven.clip"
    assert len(path.read_bytes()) == 418
    path.write_bytes(path.read_bytes()[:length])
    assert ClipCache(folder).load("seven") is None


def test_keeping_leaves_one_file(tmp_path: Path, sound: Samples) -> None:
    cache = ClipCache(tmp_path)
    cache.keep("seven", sound)
    cache.keep("seven", sound)
    assert [path.name for path in tmp_path.iterdir()] == ["seven.clip"]


def test_a_folder_that_takes_nothing_is_made_up_for_in_memory(
    tmp_path: Path, sound: Samples
) -> None:
    (tmp_path / "file").touch()
    cache = ClipCache(tmp_path / "file")
    kept = cache.keep("seven", sound)
    assert cache.failure is not None
    assert cache.load("seven") is kept


def test_the_key_depends_on_every_part() -> None:
    keys = {key("a", "b", 1), key("ab", 1), key("a", "b", 2), key("b", "a", 1), key("a", "b1")}
    assert len(keys) == 5
