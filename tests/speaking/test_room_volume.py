"""Our voice follows the room: louder over a running tap, and otherwise as it is."""

from collections.abc import Iterator

import numpy as np
import pytest

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking.room_volume import MOST_DB, RoomVolume

QUIET, TAP = -70.0, -36.0
VOICE_DB = -22.0
ECHO_DB = -8.0


def noise(db: float, blocks: int, seed: int = 0) -> Samples:
    rng = np.random.default_rng(seed)
    return (10 ** (db / 20) * rng.standard_normal((blocks, BLOCK))).astype(np.float32)


class Kitchen:
    """A speaker that says a sentence of two seconds, and is silent for two."""

    def __init__(self, echo_db: float = ECHO_DB, gain_db: float = 0.0) -> None:
        self.volume = RoomVolume()
        self._echo = 10 ** (echo_db / 20)
        self._microphone = 10 ** (gain_db / 20)
        self._block = 0
        self._db = 0.0

    def hear(
        self, room_db: float, seconds: float, besides: Samples | None = None
    ) -> Iterator[float]:
        blocks = round(seconds * SAMPLE_RATE / BLOCK)
        for number, sound in enumerate(noise(room_db, blocks, self._block)):
            speaking = self._block // 100 % 2 == 1
            voice = noise(VOICE_DB + self._db, 1, self._block)[0] * np.float32(speaking)
            other = 0.0 if besides is None else besides[number]
            microphone = (sound + self._echo * voice + other) * self._microphone
            self._db = self.volume.step(microphone.astype(np.float32), voice)
            self._block += 1
            yield self._db


def test_in_a_quiet_kitchen_nothing_changes() -> None:
    assert set(Kitchen().hear(QUIET, 20)) == {0.0}


@pytest.mark.parametrize("sensitivity", [-20.0, 0.0, 10.0])
def test_over_a_running_tap_we_are_6_to_9_db_louder(sensitivity: float) -> None:
    kitchen = Kitchen(gain_db=sensitivity)
    list(kitchen.hear(QUIET, 10))
    louder = list(kitchen.hear(TAP, 10))
    assert 6 <= louder[-1] <= 9
    assert min(louder[250:]) >= 6


def test_it_is_over_soon_after_the_tap() -> None:
    kitchen = Kitchen()
    list(kitchen.hear(TAP, 20))
    assert list(kitchen.hear(QUIET, 20))[-1] == 0.0


def test_it_is_never_louder_than_it_may_be_and_never_jumps() -> None:
    kitchen = Kitchen(echo_db=-30.0)
    followed = [*kitchen.hear(TAP, 20), *kitchen.hear(QUIET, 5), *kitchen.hear(TAP + 20, 20)]
    assert max(followed) == pytest.approx(MOST_DB)
    assert np.abs(np.diff(followed)).max() <= 0.121


def test_who_talks_does_not_make_us_shout() -> None:
    talk = noise(-26.0, 1000)
    for start in range(0, 1000, 25):
        talk[start : start + 12] = 0
    kitchen = Kitchen()
    list(kitchen.hear(QUIET, 10))
    assert max(kitchen.hear(QUIET, 20, talk)) < 1.0


def test_hum_drowns_no_word() -> None:
    t = np.arange(1000 * BLOCK) / SAMPLE_RATE
    hum = (0.05 * np.sin(2 * np.pi * 50 * t)).astype(np.float32).reshape(-1, BLOCK)
    assert max(Kitchen().hear(QUIET, 20, hum)) == 0.0


def test_before_we_have_said_anything_nothing_is_known() -> None:
    volume = RoomVolume()
    silence = np.zeros(BLOCK, np.float32)
    assert {volume.step(block, silence) for block in noise(TAP, 500)} == {0.0}
