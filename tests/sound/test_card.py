"""The sound card on a real sound server: every sample here goes through PulseAudio."""

import ctypes
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice, pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from tests.sound.test_loudspeaker_delay import talk
from tests.soundserver import SoundServer
from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.sound.card import KEPT, SoundCard, SoundLost
from voice_coach.sound.floor import STEP

pytestmark = pytest.mark.real_time

TEN_MILLISECONDS = SAMPLE_RATE // 100


def silence(position: int, out: Samples) -> None:
    """Render nothing."""


class Ticks:
    """Renders one full-scale/2 sample at every multiple of `every`."""

    def __init__(self, every: int) -> None:
        self.every = every

    def __call__(self, position: int, out: Samples) -> None:
        out[-position % self.every :: self.every] = 0.5


def card(render: Callable[[int, Samples], None] = silence) -> SoundCard:
    return SoundCard(input_name="microphone", output_name="speaker", render=render)


@dataclass(frozen=True)
class Heard:
    end: int
    """The position after the last block."""
    microphone: Samples
    playback: Samples


def listen(opened: SoundCard, seconds: float) -> Heard:
    """Take in so many seconds more, which must come without a hole."""
    blocks = list(islice(opened.blocks(), round(seconds * SAMPLE_RATE / BLOCK)))
    for before, after in pairwise(blocks):
        assert after.position == before.position + BLOCK
    return Heard(
        blocks[-1].position + BLOCK,
        np.concatenate([block.microphone for block in blocks]),
        np.concatenate([block.playback for block in blocks]),
    )


def lose_sound(opened: SoundCard, lose: Callable[[], None]) -> int:
    """Lose a device, take in what there still is; return the position where stream time stops."""
    ends = [listen(opened, 0.5).end]
    at_loss = time.monotonic()
    lose()
    with pytest.raises(SoundLost, match=r"^The (microphone|loudspeaker) has gone: .*\.$"):
        ends.extend(block.position + BLOCK for block in opened.blocks())
    assert time.monotonic() - at_loss < 2.5
    return ends[-1]


def noise(seconds: float) -> Samples:
    whole = np.random.default_rng(5).integers(-20_000, 20_000, round(seconds * SAMPLE_RATE))
    return (whole / 32768).astype(np.float32)


def test_the_microphone_hears_bit_for_bit_what_is_played_into_it(
    sound_server: SoundServer,
) -> None:
    played = noise(2)
    with card() as opened:
        sound_server.play_into_microphone(played)
        heard = listen(opened, 3)
    begin = int(np.flatnonzero(heard.microphone)[0])
    np.testing.assert_array_equal(heard.microphone[begin : begin + len(played)], played)
    assert not heard.microphone[begin + len(played) :].any()
    assert not heard.playback.any()
    assert opened.overflows == opened.missed == 0


def test_the_loudspeaker_plays_bit_for_bit_what_is_rendered(sound_server: SoundServer) -> None:
    stream = noise(4)
    rendered = []

    def render(position: int, out: Samples) -> None:
        out[:] = stream[position : position + len(out)]
        rendered.append(out.copy())

    with sound_server.record_speaker() as recording, card(render) as opened:
        heard = listen(opened, 2)
        played = recording.stop()
    begin = int(np.flatnonzero(np.abs(played) > STEP)[0])
    np.testing.assert_array_equal(
        played[begin : begin + SAMPLE_RATE], np.concatenate(rendered)[:SAMPLE_RATE]
    )
    differing = heard.playback[SAMPLE_RATE:] != stream[SAMPLE_RATE : len(heard.playback)]
    assert not heard.playback[SAMPLE_RATE:][differing].any()
    assert differing.sum() <= SAMPLE_RATE / BLOCK, "but for a sample a block, as the shift settles"
    assert opened.underflows == 0


def test_ticks_leave_the_loudspeaker_on_their_schedule(
    echoing_sound_server: SoundServer,
) -> None:
    with echoing_sound_server.record_speaker() as recording, card(Ticks(every=4000)) as opened:
        listen(opened, 5)
        played = recording.stop()
    ticks = np.flatnonzero(played > 0.25)
    assert len(ticks) >= 17
    # Exact to the sample, but for the one sample in a block by which the shift may settle.
    assert np.abs(np.diff(ticks) - 4000).max() <= 4000 // BLOCK + 1


def test_a_tick_scheduled_for_a_position_is_heard_at_that_position(
    echoing_sound_server: SoundServer,
) -> None:
    with card(Ticks(every=4000)) as opened:
        heard = listen(opened, 5)
    ticks = np.flatnonzero(heard.microphone > 0.25)
    late = (ticks + 2000) % 4000 - 2000
    assert len(ticks) >= 17
    assert np.abs(late).max() <= TEN_MILLISECONDS
    np.testing.assert_array_equal(np.flatnonzero(heard.playback > 0.25) % 4000, 0)


def test_what_the_renderer_raises_is_raised_in_the_loop(sound_server: SoundServer) -> None:
    def broken(position: int, out: Samples) -> None:
        raise ZeroDivisionError("the mixer broke")

    with card(broken) as opened, pytest.raises(ZeroDivisionError, match="the mixer broke"):
        listen(opened, 2)


def test_a_loop_that_was_held_up_gets_every_block_all_the_same(
    sound_server: SoundServer,
) -> None:
    played = noise(1.5)
    with card() as opened:
        listen(opened, 0.1)
        sound_server.play_into_microphone(played)
        time.sleep(2.5)
        heard = listen(opened, 2.4)
    begin = int(np.flatnonzero(heard.microphone)[0])
    np.testing.assert_array_equal(heard.microphone[begin : begin + len(played)], played)


def test_a_stalled_program_loses_nothing_it_should_hear_and_is_back_on_schedule_in_a_second(
    echoing_sound_server: SoundServer,
) -> None:
    with card(Ticks(every=4000)) as opened:
        before = listen(opened, 1)
        ctypes.PyDLL(None).usleep(300_000)  # no Python thread runs meanwhile, callbacks included
        after = listen(opened, 3)
    ticks = np.flatnonzero(after.microphone[2 * SAMPLE_RATE :] > 0.25) + before.end
    assert len(ticks) >= 3
    assert np.abs((ticks + 2000) % 4000 - 2000).max() <= TEN_MILLISECONDS
    assert opened.underflows > 0
    assert opened.missed == 0


def test_samples_that_were_dropped_are_made_up_for_with_silence() -> None:
    # PulseAudio buffers too much to ever drop any, so this takes the place of PortAudio.
    opened = card()
    fine, overflow = SimpleNamespace(input_overflow=False), SimpleNamespace(input_overflow=True)
    sound = np.ones((BLOCK, 1), np.float32)
    for number, status in [(0, fine), (1, fine), (5, overflow), (6, fine)]:
        stamps = SimpleNamespace(inputBufferAdcTime=1e9 + number * BLOCK / SAMPLE_RATE + 0.003)
        opened._take_in(sound, BLOCK, stamps, status)
    blocks = list(islice(opened.blocks(), 7))
    assert [block.microphone.mean() for block in blocks] == [1, 1, 0, 0, 0, 1, 1]
    assert opened.overflows == 1


def test_a_loop_held_up_for_too_long_gets_silence_in_place_of_what_it_missed() -> None:
    opened = card()
    status = SimpleNamespace(input_overflow=False)
    count = KEPT // BLOCK + 100
    for number in range(count):
        sound = np.full((BLOCK, 1), number, np.float32)
        opened._take_in(sound, BLOCK, SimpleNamespace(inputBufferAdcTime=0.02 * number), status)
    blocks = list(islice(opened.blocks(), count))
    assert [block.position for block in blocks] == list(range(0, count * BLOCK, BLOCK))
    levels = np.array([block.microphone.mean() for block in blocks])
    kept = np.arange(opened.missed, count)
    assert not levels[: opened.missed].any()
    np.testing.assert_array_equal(levels[opened.missed :], kept)
    assert 100 <= opened.missed <= 200


LOSSES: dict[str, tuple[Callable[[SoundServer], None], Callable[[SoundServer], None]]] = {
    "unplugged": (SoundServer.unplug, SoundServer.plug_in),
    "server killed": (SoundServer.kill, SoundServer.start),
    "everything suspended": (
        lambda server: server.suspend(True),
        lambda server: server.suspend(False),
    ),
    "loudspeaker suspended": (
        lambda server: server.suspend(True, "speaker"),
        lambda server: server.suspend(False),
    ),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_device_is_noticed_and_sound_goes_on_when_it_is_back(
    sound_server: SoundServer, loss: str
) -> None:
    lose, restore = LOSSES[loss]
    rendered: list[int] = []
    with card(lambda position, out: rendered.append(position)) as opened:
        end = lose_sound(opened, lambda: lose(sound_server))
        with pytest.raises(SoundLost):
            opened.recover(patience=0.5)
        threading.Timer(0.5, restore, [sound_server]).start()
        before = len(rendered)
        opened.recover(patience=20)

        first = next(opened.blocks())
        assert first.position == end, "stream time must stand still without sound"
        listen(opened, 0.5)
    assert rendered[before] >= rendered[before - 1] + BLOCK, "nothing may be rendered twice"


def test_after_a_loss_the_echo_is_still_where_it_was_scheduled(
    echoing_sound_server: SoundServer,
) -> None:
    with card(Ticks(every=4000)) as opened:
        end = lose_sound(opened, echoing_sound_server.kill)
        echoing_sound_server.start()
        opened.recover(patience=10)
        heard = listen(opened, 3)
    ticks = np.flatnonzero(heard.microphone > 0.25) + end
    assert len(ticks) >= 10
    assert np.abs((ticks + 2000) % 4000 - 2000).max() <= TEN_MILLISECONDS


@pytest.mark.parametrize("asleep", ["speaker", "microphone"])
def test_a_device_that_opens_but_gives_no_sound_is_named(
    sound_server: SoundServer, asleep: str
) -> None:
    sound_server.suspend(True, asleep)
    called = "loudspeaker" if asleep == "speaker" else "microphone"
    with pytest.raises(UserError, match=f"The {called} opens but gives no sound"), card():
        pass


def test_unknown_names_list_what_there_is(sound_server: SoundServer) -> None:
    for names in [("trumpet", "speaker"), ("microphone", "trumpet")]:
        opened = SoundCard(input_name=names[0], output_name=names[1], render=silence)
        with pytest.raises(UserError, match=r"called 'trumpet'.* one of .*'(mic|speak)"), opened:
            pass


def test_the_default_devices_need_no_name(sound_server: SoundServer) -> None:
    with SoundCard(input_name=None, output_name=None, render=silence) as opened:
        listen(opened, 0.2)


LISTENER = """
import json, sys
from itertools import islice
import numpy as np
from voice_coach.sound.card import SoundCard
def render(position, out):
    out[-position % 4000 :: 4000] = 0.5
with SoundCard(input_name=None, output_name=None, render=render) as card:
    blocks = list(islice(card.blocks(), 200))
heard = np.concatenate([block.microphone for block in blocks])
late = (np.flatnonzero(heard > 0.25) + 2000) % 4000 - 2000
print(json.dumps({"ticks": len(late), "worst": int(abs(late).max()), "missed": card.missed}))
"""


def test_servers_side_by_side_do_not_disturb_each_other(
    echoing_sound_server: SoundServer,
) -> None:
    with SoundServer(echo=True) as other:
        servers = [echoing_sound_server, other]
        listeners = [
            subprocess.Popen(
                [sys.executable, "-c", LISTENER],
                env=server.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for server in servers
        ]
        reports = [listener.communicate(timeout=30) for listener in listeners]
    for out, errors in reports:
        assert errors == ""
        report = json.loads(out)
        assert report["ticks"] >= 14
        assert report["worst"] <= TEN_MILLISECONDS
        assert report["missed"] == 0


def test_a_wireless_loudspeaker_is_on_schedule_once_it_has_been_heard(
    sound_server: SoundServer,
) -> None:
    sound_server.pactl(
        *("load-module", "module-loopback", "source=speaker.monitor", "sink=room"),
        *("latency_msec=300", "adjust_time=0"),
    )
    said = np.concatenate([talk(seed=3, seconds=8), np.zeros(SAMPLE_RATE, np.float32)])

    def render(position: int, out: Samples) -> None:
        if position < len(said):
            spoken = said[max(0, position) : position + len(out)]
            out[len(out) - len(spoken) :] = spoken
        else:
            Ticks(every=8000)(position, out)

    with card(render) as opened:
        listen(opened, len(said) / SAMPLE_RATE + 1)
        heard = listen(opened, 5)
    at = heard.end - len(heard.microphone)
    ticks = at + np.flatnonzero(heard.microphone > 0.25)
    assert len(ticks) >= 9
    assert np.abs((ticks + 4000) % 8000 - 4000).max() <= 2 * TEN_MILLISECONDS
