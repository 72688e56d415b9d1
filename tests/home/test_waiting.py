"""“I spoke to it, and it only told me once”: who waits with a broken part still answers."""

import numpy as np
import pytest

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.home import equipment, waiting
from voice_coach.home.panel import Panel
from voice_coach.home.service import ServiceManager
from voice_coach.home.settings import Settings
from voice_coach.home.telling_faults import FaultTeller
from voice_coach.home.waiting import ANYBODY, Waiting
from voice_coach.rehearsal.voices import voice
from voice_coach.samples import Samples
from voice_coach.sound.block import Block


def answered(listener: Waiting, sound: Samples) -> int:
    """Return how often somebody is answered who makes `sound` in a quiet room."""
    room = np.random.default_rng(1).normal(0, 1e-3, 5 * SAMPLE_RATE).astype(np.float32)
    whole = np.concatenate([room, sound, room])
    hears = listener._listener(Settings())
    return sum(
        hears(Block(at, whole[at : at + BLOCK], np.zeros(BLOCK, np.float32)))
        for at in range(0, len(whole) - BLOCK, BLOCK)
    )


@pytest.fixture
def listener() -> Waiting:
    return Waiting(FaultTeller(), ServiceManager(), Panel(lambda sentence: None))


def said(text: str) -> Samples:
    return voice("gmw/en-us+m3")(text) * np.float32(0.3)


def test_a_command_is_answered_and_other_talk_is_not(listener: Waiting) -> None:
    try:
        equipment.model(Settings())
    except UserError as error:
        pytest.skip(str(error))
    assert answered(listener, said("start beginner")) == 1
    assert answered(listener, said("the train was late on thursday")) == 0
    assert answered(listener, said("hello")) == 1


def test_where_no_words_are_known_a_voice_is_answered_and_not_the_next_ones(
    listener: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(settings: Settings) -> None:
        raise UserError("it is broken")

    now = 0.0
    monkeypatch.setattr(equipment, "model", broken)
    monkeypatch.setattr(waiting, "_seconds", lambda: now)
    assert answered(listener, np.zeros(BLOCK, np.float32)) == 0
    assert answered(listener, said("start beginner")) == 1
    assert answered(listener, said("start beginner")) == 0
    now = ANYBODY + 1
    assert answered(listener, said("start beginner")) == 1
