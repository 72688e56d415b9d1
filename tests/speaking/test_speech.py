"""What we say: words come one after the other, tones in their time, and we give way."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.samples import Samples
from voice_coach.speaking import Clip, Mixer, Speech
from voice_coach.speaking.speech import BETWEEN_WORDS


class Hum:
    """A voice that hums: every clip is a constant, of as many seconds as its slot says."""

    def clip(self, cue: str, slots: Mapping[str, str | int]) -> Clip:
        text = "" if cue.startswith("tone.") else cue
        length = to_samples(float(slots.get("tenths", 10)) / 10)
        return Clip(np.full(length, 0.5, np.float32), text)


class Mouth:
    """Speech, and what the loudspeaker makes of it."""

    def __init__(self, volume_db: float = 0.0) -> None:
        self.mixer = Mixer()
        self.speech = Speech(Hum(), self.mixer, volume_db)
        self.position = 0

    def render(self, seconds: float) -> Samples:
        blocks = []
        for _ in range(round(to_samples(seconds) / BLOCK)):
            out = np.zeros(BLOCK, np.float32)
            self.mixer.render(self.position, out)
            self.position += BLOCK
            blocks.append(out)
        return np.concatenate(blocks)


@given(
    st.lists(
        st.tuples(
            st.integers(0, to_samples(5)), st.sampled_from(["a", "tone.b"]), st.integers(1, 20)
        )
    )
)
def test_words_never_overlap_words_and_tones_keep_their_time(
    wished: list[tuple[int, str, int]],
) -> None:
    speech = Mouth().speech
    placed = [speech.place(at, cue, {"tenths": tenths}) for at, cue, tenths in wished]
    words = [each for each in placed if each.text]
    for earlier, later in pairwise(words):
        assert later.start >= earlier.end + BETWEEN_WORDS
    for (at, cue, tenths), each in zip(wished, placed, strict=True):
        assert each.end - each.start == to_samples(tenths / 10)
        assert each.start == at if cue.startswith("tone.") else each.start >= at
    assert speech.end == max((each.end for each in placed), default=0)


def test_after_falling_silent_words_need_not_wait() -> None:
    mouth = Mouth()
    mouth.speech.place(0, "long", {"tenths": 100})
    mouth.render(0.5)
    mouth.speech.hush(mouth.position)
    assert mouth.speech.end == mouth.position
    assert not mouth.render(0.5)[to_samples(0.05) :].any()
    at = mouth.position
    assert mouth.speech.place(at, "next", {}).start == at


def test_it_is_as_loud_as_was_set_and_asked_for() -> None:
    mouth = Mouth(volume_db=-6.0)
    mouth.speech.place(0, "words", {"tenths": 20})
    assert mouth.render(1.0)[-1] == pytest.approx(0.25, rel=0.01)
    mouth.speech.make_louder(3.0)
    assert mouth.render(0.5)[-1] == pytest.approx(0.354, rel=0.01)
    mouth.speech.make_louder(0.0)
    assert mouth.render(0.4)[-1] == pytest.approx(0.25, rel=0.01)


def test_it_gives_way_to_who_talks_over_a_sentence_and_comes_back() -> None:
    mouth = Mouth()
    mouth.speech.place(0, "sentence", {"tenths": 20})
    mouth.render(0.6)
    mouth.speech.give_way(to_samples(0.3), mouth.position)
    assert mouth.render(0.2)[-1] < 0.1
    mouth.speech.give_way(None, mouth.position)
    assert mouth.render(0.2)[-1] == pytest.approx(0.5)


def test_it_does_not_give_way_where_only_a_tone_or_a_word_sounds() -> None:
    mouth = Mouth()
    mouth.speech.place(0, "tone.long", {"tenths": 20})
    mouth.speech.place(0, "word", {"tenths": 7})
    mouth.render(0.6)
    mouth.speech.give_way(to_samples(0.3), mouth.position)
    assert mouth.render(0.2)[-1] >= 0.5


def test_what_was_hushed_cannot_be_talked_over() -> None:
    mouth = Mouth()
    mouth.speech.place(0, "sentence", {"tenths": 20})
    mouth.render(0.4)
    mouth.speech.hush(mouth.position)
    mouth.speech.place(mouth.position, "tone.next", {"tenths": 20})
    mouth.render(0.3)
    mouth.speech.give_way(to_samples(0.3), mouth.position)
    assert mouth.render(0.2)[-1] == pytest.approx(0.5)


class Hiss:
    """A voice that hisses for a second and a half, whatever the cue."""

    def clip(self, cue: str, slots: Mapping[str, str | int]) -> Clip:
        noise = np.random.default_rng(0).uniform(-0.4, 0.4, to_samples(1.5))
        return Clip(noise.astype(np.float32), cue)


@pytest.mark.parametrize(
    ("volume_db", "least_db", "most_db"), [(0.0, 6.0, 9.0), (8.0, 2.0, 4.1), (15.0, 0.0, 0.0)]
)
def test_over_a_running_tap_we_are_louder_but_never_too_loud(
    volume_db: float, least_db: float, most_db: float
) -> None:
    mouth = Mouth()
    mouth.speech = Speech(Hiss(), mouth.mixer, volume_db)
    rng = np.random.default_rng(1)
    loud = {False: 0.0, True: 0.0}
    for number in range(1200):
        tap_runs = number >= 600
        if number % 150 == 0:
            mouth.speech.place(mouth.position, "a", {})
        playback = mouth.render(BLOCK / SAMPLE_RATE)
        tap = (0.02 if tap_runs else 0.0005) * rng.standard_normal(BLOCK)
        mouth.speech.follow_room((0.2 * playback + tap).astype(np.float32), playback)
        if number % 600 > 300:
            loud[tap_runs] = max(loud[tap_runs], mouth.speech.volume_db)
    assert least_db <= loud[True] - loud[False] <= most_db
