"""The network that knows "stop" alone: what it hears, what it lets pass, and within the ear.

The voices are known to it; how well it hears others is measured by
``research/commands/measure.py`` and told in ``docs/commands.md``.
"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hearing.commands.conftest import VOICES, Speak
from tests.hearing.commands.test_listener import commands, hear, in_room, room
from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar, CommandModel, Phrases
from voice_coach.hearing.commands.decoder import Decoder, Word
from voice_coach.hearing.commands.stop_network import Network, StopWord
from voice_coach.hearing.commands.stop_spotter import CLEAR, StopPath
from voice_coach.hearing.commands.utterance import Utterance, to_pcm
from voice_coach.samples import Samples

HEARD = 0.6
"""Score of a word that the network takes for "stop" rather than not."""
ALIKE = ["stock", "step", "top", "start", "shop", "drop", "stuff", "slower", "the heels drop"]
CLOSEST = "stock"
"""Too alike for the network to tell by itself; it must leave the recogniser a say."""


@pytest.fixture(scope="module")
def network() -> Network:
    return Network.load()


def whole_hops(sound: Samples) -> Samples:
    return sound[: len(sound) // BLOCK * BLOCK]


def scores(network: Network, sound: Samples) -> Samples:
    return StopWord(network).accept(whole_hops(sound))


class TestNetwork:
    @pytest.mark.parametrize("voice", VOICES)
    @pytest.mark.parametrize("text", ["stop", "please stop", "stop now", "stop it"])
    def test_stop_is_heard_soon_after_its_end(
        self, text: str, voice: str, network: Network, speak: Speak
    ) -> None:
        clip = speak(text, voice)
        heard = scores(network, in_room(0.5, clip, 1.0))
        first = int(np.flatnonzero(heard > HEARD)[0]) * BLOCK
        assert to_samples(0.6) < first < to_samples(0.5) + len(clip) + to_samples(0.25)

    @pytest.mark.parametrize("voice", VOICES)
    @pytest.mark.parametrize("text", ALIKE)
    def test_what_resembles_it_is_not(
        self, text: str, voice: str, network: Network, speak: Speak
    ) -> None:
        most = CLEAR if text == CLOSEST else HEARD
        assert scores(network, in_room(0.5, speak(text, voice), 1.0)).max() < most

    @settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(gain=st.floats(0.02, 15))
    def test_loudness_does_not_matter(self, gain: float, network: Network, speak: Speak) -> None:
        sound = in_room(0.5, speak("stop", "flite"), 0.5)
        assert scores(network, np.clip(sound * gain, -1, 1).astype(np.float32)).max() > HEARD

    @settings(deadline=None, max_examples=20)
    @given(sizes=st.lists(st.integers(1, 60), min_size=1, max_size=20))
    def test_scores_do_not_depend_on_how_many_hops_come_at_once(
        self, sizes: list[int], network: Network, speak: Speak
    ) -> None:
        sound = whole_hops(in_room(0.3, speak("stop", "flite"), 0.5))
        expected = scores(network, sound)
        piecewise, at = StopWord(network), 0
        found: list[Samples] = []
        while at < len(sound):
            size = sizes[len(found) % len(sizes)] * BLOCK
            found.append(piecewise.accept(sound[at : at + size]))
            at += size
        np.testing.assert_allclose(np.concatenate(found), expected, atol=1e-4)

    @pytest.mark.parametrize(
        "sound",
        [
            np.zeros(48_000, np.float32),
            np.full(48_000, 0.7, np.float32),
            np.sign(room(3)) * 1.0,
            room(3) * 200,
            np.tile(np.array([1, -1], np.float32), 24_000),
        ],
        ids=["silence", "dc", "clipped", "noise", "nyquist"],
    )
    def test_what_is_no_speech_is_not_stop(self, sound: Samples, network: Network) -> None:
        assert scores(network, sound.astype(np.float32)).max() < HEARD

    def test_a_reset_forgets_what_was_heard(self, network: Network, speak: Speak) -> None:
        sound = whole_hops(in_room(0.3, speak("stop", "flite"), 0.5))
        again = StopWord(network)
        first = again.accept(sound)
        again.reset()
        np.testing.assert_array_equal(again.accept(sound), first)

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"nothing\.npz"):
            Network.load(tmp_path / "nothing.npz")

    def test_a_damaged_file_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "half.npz").write_bytes(b"PK\x03\x04 and no more")
        with pytest.raises(UserError, match=r"half\.npz"):
            Network.load(tmp_path / "half.npz")


class TestBeingAsked:
    """The recogniser takes something for "stop" and asks the network, perhaps a little soon."""

    START = to_samples(0.5)

    def undecided(self, clip: Samples, after: float, phrases: Phrases) -> bool:
        """Whether the network is, `after` seconds after the end of `clip`."""
        sound = in_room(0.5, clip, 1.0)
        end = self.START + len(clip)
        hops = [
            to_pcm(hop) for hop in whole_hops(sound[: end + to_samples(after)]).reshape(-1, BLOCK)
        ]
        word = Word("stop", self.START, end)
        return StopPath(phrases).is_undecided(Utterance(0, hops, 1), word)

    @pytest.mark.parametrize("voice", VOICES)
    def test_it_makes_up_its_mind_when_it_has_heard_the_word_out(
        self, voice: str, phrases: Phrases, speak: Speak
    ) -> None:
        clip = speak("stop", voice)
        assert self.undecided(clip, -0.15, phrases)
        assert not self.undecided(clip, 0.2, phrases)

    @pytest.mark.parametrize("voice", VOICES)
    def test_of_another_word_it_may_make_up_its_mind_until_a_moment_after_it(
        self, voice: str, phrases: Phrases, speak: Speak
    ) -> None:
        clip = speak("drop", voice)
        assert self.undecided(clip, 0.1, phrases)
        assert not self.undecided(clip, 0.3, phrases)

    @pytest.mark.parametrize("voice", VOICES)
    def test_the_ear_waits_for_it_no_longer_than_that(
        self,
        voice: str,
        model: CommandModel,
        phrases: Phrases,
        speak: Speak,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        sound = in_room(0.5, speak("stop", voice), 1.5)
        (sure,) = commands(hear(CommandEar(model, phrases), "exercising", sound))
        monkeypatch.setattr("voice_coach.hearing.commands.stop_spotter._DECIDED", np.inf)
        (unsure,) = commands(hear(CommandEar(model, phrases), "exercising", sound))
        assert sure.decided < unsure.decided
        assert to_samples(0.2) < unsure.decided - unsure.end <= to_samples(0.4)


class TestEar:
    @pytest.mark.parametrize("voice", VOICES)
    @pytest.mark.parametrize("mode", ["asleep", "exercising", "confirming"])
    def test_over_our_voice_stop_is_heard_even_where_the_recogniser_hears_nothing(
        self,
        voice: str,
        mode: str,
        ear: CommandEar,
        speak: Speak,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(Decoder, "partial", lambda self: "")
        monkeypatch.setattr(Decoder, "finish", lambda self: [])
        clip = speak("stop", voice)
        ear.own_speech(0, 3 * SAMPLE_RATE, "Rise on your toes.")
        (event,) = commands(hear(ear, mode, in_room(1.0, clip, 1.5)))
        assert (event.intent, event.text) == ("stop", "stop")
        assert event.start < event.end <= event.decided
        assert SAMPLE_RATE <= event.start < SAMPLE_RATE + len(clip)
        assert event.decided - (SAMPLE_RATE + len(clip)) <= to_samples(0.3)

    @pytest.mark.parametrize("voice", VOICES)
    @pytest.mark.parametrize("text", [text for text in ALIKE if text != CLOSEST])
    def test_over_our_voice_what_resembles_it_is_no_stop(
        self, text: str, voice: str, ear: CommandEar, speak: Speak
    ) -> None:
        ear.own_speech(0, 3 * SAMPLE_RATE, "Rise on your toes.")
        heard = commands(hear(ear, "exercising", in_room(1.0, speak(text, voice), 1.5)))
        assert all(event.intent != "stop" for event in heard)

    def test_while_we_are_silent_the_recogniser_decides_alone(
        self, ear: CommandEar, speak: Speak, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Decoder, "partial", lambda self: "")
        monkeypatch.setattr(Decoder, "finish", lambda self: [])
        assert not commands(hear(ear, "exercising", in_room(1.0, speak("stop", "flite"), 1.5)))

    @pytest.mark.parametrize("voice", VOICES)
    @pytest.mark.parametrize("text", ["stop", "stop now", "please stop", "stop it"])
    def test_what_both_hear_is_one_command(
        self, text: str, voice: str, ear: CommandEar, speak: Speak
    ) -> None:
        ear.own_speech(0, 5 * SAMPLE_RATE, "Rise on your toes.")
        heard = commands(hear(ear, "exercising", in_room(1.0, speak(text, voice), 2.0)))
        assert [event.intent for event in heard] == ["stop"]

    @pytest.mark.parametrize("voice", VOICES)
    @pytest.mark.parametrize("text", ["start intermediate", "start advanced", "start beginner"])
    def test_start_is_heard_as_before(
        self, text: str, voice: str, ear: CommandEar, speak: Speak
    ) -> None:
        heard = commands(hear(ear, "asleep", in_room(1.0, speak(text, voice), 1.5)))
        assert [event.intent for event in heard] == ["start"]

    def test_our_own_stop_is_no_command(self, ear: CommandEar, speak: Speak) -> None:
        clip = speak("stop", "espeak")
        ear.own_speech(SAMPLE_RATE, SAMPLE_RATE + len(clip), "Stop.")
        assert hear(ear, "exercising", in_room(1.0, clip, 1.5)) == []

    def test_where_stop_means_nothing_it_is_not_listened_for(
        self, model: CommandModel, speak: Speak
    ) -> None:
        content = {"intents": {"brew": {"data": [{"sentences": ["make some tea"]}]}}}
        ear = CommandEar(model, Phrases(content, "mine.yaml"))
        assert not commands(hear(ear, "", in_room(0.5, speak("stop", "flite"), 1.5)))
