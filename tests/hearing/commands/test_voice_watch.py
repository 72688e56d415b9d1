"""A voice begins where nobody has been speaking; nothing else in a kitchen does."""

from collections.abc import Iterable

import numpy as np
import pytest

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.hearing.commands.voice_watch import VoiceWatch
from voice_coach.samples import Samples


def vowel(seconds: float, pitch: float = 140.0) -> Samples:
    t = np.arange(to_samples(seconds) // BLOCK * BLOCK) / SAMPLE_RATE
    overtones = np.arange(1, 9)[:, None]
    sound = np.sin(2 * np.pi * pitch * overtones * t) / overtones
    return np.asarray(sound.sum(axis=0), np.float32)


def splash(seconds: float) -> Samples:
    rng = np.random.default_rng(0)
    return rng.standard_normal(to_samples(seconds) // BLOCK * BLOCK).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(to_samples(seconds) // BLOCK * BLOCK, np.float32)


def follow(sounds: Iterable[Samples]) -> list[int | None]:
    """Return where a voice began by each hop of `sounds`, all of which stand out."""
    watch = VoiceWatch()
    found = []
    for hop in np.concatenate(list(sounds)).reshape(-1, BLOCK):
        watch.step(hop, bool(hop.any()))
        found.append(watch.began)
    return found


@pytest.mark.parametrize("pitch", [95.0, 140.0, 240.0])
def test_a_vowel_in_silence_is_a_voice_from_its_beginning_on(pitch: float) -> None:
    found = follow([silence(5), vowel(0.3, pitch), silence(1)])
    began = next(at for at in found if at is not None)
    assert began == pytest.approx(5 * SAMPLE_RATE, abs=to_samples(0.06))
    assert found.index(began) * BLOCK <= 5 * SAMPLE_RATE + to_samples(0.16)
    assert found[-1] is None


def test_it_goes_on_over_the_consonants_between() -> None:
    word = [vowel(0.1), splash(0.12)]
    found = follow([silence(5), *(word * 6)])
    began = [at for at in found if at is not None]
    assert len(set(began)) == 1
    assert found.index(began[0]) + len(began) == len(found)


def test_splashes_are_no_voice_however_much_they_stand_out() -> None:
    assert not any(follow([silence(5), splash(3), silence(0.5), splash(3)]))


def test_who_speaks_all_along_does_not_begin() -> None:
    sentence = [vowel(0.2), splash(0.2), vowel(0.2), silence(0.6)]
    found = follow([silence(5), *(sentence * 10)])
    assert any(found)
    assert not any(found[-to_samples(5) // BLOCK :])


def test_who_answers_now_and_then_does() -> None:
    answer = [vowel(0.3), silence(5)]
    found = follow([silence(5), *(answer * 4)])
    assert len({at for at in found if at is not None}) == 4


def test_what_does_not_stand_out_is_the_room() -> None:
    watch = VoiceWatch()
    for hop in vowel(3).reshape(-1, BLOCK):
        watch.step(hop, False)
        assert watch.began is None
