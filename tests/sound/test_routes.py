"""“The microphone fell out of the socket and it listened to itself”: a stream that was moved."""

import os
import re
import time

import pytest

from tests.soundserver import SoundServer
from voice_coach.samples import Samples
from voice_coach.sound.card import NoDevice, SoundCard, SoundLost

pytest.importorskip("pulsectl")
pytestmark = pytest.mark.real_time


def silence(position: int, out: Samples) -> None:
    """Render nothing."""


def card(name: str | None = None) -> SoundCard:
    return SoundCard(
        input_name=name and "microphone", output_name=name and "speaker", render=silence
    )


def move(server: SoundServer, kind: str, target: str) -> None:
    """Move our stream as a sound server does whose device has gone."""
    streams = server.pactl("list", "short", f"{kind}s").splitlines()
    clients = server.pactl("list", f"{kind}s").split(f"{kind.replace('-', ' ').title()} #")
    own = f'application.process.id = "{os.getpid()}"'
    (number,) = (text.split("\n")[0] for text in clients if own in text)
    assert any(line.startswith(f"{number}\t") for line in streams)
    server.pactl(f"move-{kind}", number, target)


def lost(opened: SoundCard) -> str:
    """Take in what comes until the card says that a device is lost; return what it says."""
    began = time.monotonic()
    try:
        for _ in opened.blocks():
            assert time.monotonic() - began < 4.0
    except SoundLost as error:
        return str(error)
    raise AssertionError("blocks never end")


@pytest.mark.parametrize(
    ("kind", "target", "said"),
    [
        (
            "source-output",
            "room.monitor",
            "microphone has gone: .* went on with the loudspeaker itself",
        ),
        ("sink-input", "room", "loudspeaker has gone: .* went on with 'Null Output'"),
    ],
)
def test_a_stream_that_was_moved_is_noticed_and_brought_back(
    sound_server: SoundServer, kind: str, target: str, said: str
) -> None:
    with card("named") as opened:
        next(iter(opened.blocks()))
        move(sound_server, kind, target)
        assert re.search(said, lost(opened))
        opened.recover(patience=10)
        for number, _ in enumerate(opened.blocks()):
            if number > 50:
                break


def test_the_default_was_changed(sound_server: SoundServer) -> None:
    with card() as opened:
        next(iter(opened.blocks()))
        sound_server.pactl("set-default-sink", "room")
        assert "loudspeaker" in lost(opened)
        opened.recover(patience=10)


def test_its_own_loudspeaker_is_no_microphone(sound_server: SoundServer) -> None:
    sound_server.pactl("set-default-source", "speaker.monitor")
    with pytest.raises(NoDevice, match="There is no microphone"), card():
        pass
