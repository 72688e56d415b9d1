"""The tones: heard by old ears, gone before the heels land, never startling."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import soundfile

from voice_coach import assets
from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking import Voice
from voice_coach.speaking.tones import THUMPS, Note, render
from voice_coach.speaking.tones import tones as all_tones


def tones() -> dict[str, Sequence[Note]]:
    """Return the notes of the tones, without those that stand in for a landing."""
    return {name: notes for name, notes in all_tones().items() if name not in THUMPS}


Energy = Callable[[Samples, float, float], float]


@pytest.mark.parametrize("name", tones())
def test_a_tone_lies_where_old_ears_hear_best(name: str, voice: Voice, energy: Energy) -> None:
    sound = voice.clip(f"tone.{name}").samples
    assert energy(sound, 500, 1500) > 0.85
    assert energy(sound, 0, 300) < 1e-6


def test_the_drop_cue_is_over_before_the_first_landing(voice: Voice) -> None:
    drop = voice.clip("tone.drop").samples
    assert 0.060 <= len(drop) / SAMPLE_RATE <= 0.090
    assert np.argmax(np.abs(drop) > 0.5 * np.abs(drop).max()) < 0.006 * SAMPLE_RATE


def test_the_drop_cue_is_like_no_other(voice: Voice) -> None:
    def spectrum(name: str) -> Samples:
        power = np.abs(np.fft.rfft(voice.clip(f"tone.{name}").samples, SAMPLE_RATE)) ** 2
        banded: Samples = power[:4000].reshape(-1, 50).sum(axis=1)
        return banded / np.linalg.norm(banded)

    likeness = {name: float(spectrum("drop") @ spectrum(name)) for name in tones()}
    del likeness["drop"]
    assert max(likeness.values()) < 0.8


@pytest.mark.parametrize("name", tones())
def test_a_tone_does_not_startle(name: str) -> None:
    sound = render(tones()[name])
    assert abs(sound[0]) < 1e-3
    assert abs(sound[-1]) < 1e-3
    assert np.abs(sound).max() < 0.4
    if name != "drop":
        first = sound[: SAMPLE_RATE // 100]
        assert np.abs(first).max() < 0.6 * np.abs(sound).max()


def test_the_hold_is_the_softest() -> None:
    level = {name: float(np.abs(render(notes)).max()) for name, notes in tones().items()}
    assert min(level, key=lambda name: level[name]) == "hold"


@pytest.mark.parametrize("name", tones())
def test_the_shipped_file_is_what_the_notes_say(name: str) -> None:
    shipped, rate = soundfile.read(assets.folder("audio") / "tones" / f"{name}.flac")
    assert rate == SAMPLE_RATE
    np.testing.assert_allclose(shipped, render(tones()[name]), atol=2e-4)


def test_the_landings_of_the_lesson_differ_as_landings_do(voice: Voice) -> None:
    good, soft = (voice.clip(f"tone.{name}") for name in ("thump_good", "thump_soft"))
    assert good.text == soft.text == ""
    power = [float(np.sum(clip.samples**2)) for clip in (good, soft)]
    assert 6 < 10 * np.log10(power[0] / power[1]) < 20


@pytest.mark.parametrize("name", THUMPS)
def test_a_landing_is_heard_through_a_small_loudspeaker_and_never_startles(
    name: str, voice: Voice, energy: Energy
) -> None:
    sound = voice.clip(f"tone.{name}").samples
    assert energy(sound, 300, 4000) > 0.9
    assert 0.02 < np.abs(sound).max() < 0.5
    assert abs(sound[0]) < 1e-3
    assert len(sound) / SAMPLE_RATE < 0.6
