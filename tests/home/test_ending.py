"""However the speaker is told to end, it ends."""

import io
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
import soundfile

from voice_coach.home.speaker import _until_told_to_end


class _Interrupted(io.BytesIO):
    """A file in whose reading the program is told to end: libsndfile calls back from C."""

    def readinto(self, buffer: Any, /) -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return super().readinto(buffer)


@pytest.fixture
def signals() -> Iterator[None]:
    """What signals do is as before afterwards: who ends ignores them for good."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
def test_i_stopped_it_while_a_clip_was_decoded_and_it_ended() -> None:
    said: list[str] = []
    with _until_told_to_end(said.append):
        with pytest.raises(soundfile.LibsndfileError):
            soundfile.read(_Interrupted(b"RIFF"))
        time.sleep(2)
        pytest.fail("it went on")
    assert said == ["Ended."]
