"""A second language is files: a folder with its phrases, a script, and a recogniser for it."""

import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.hearing.commands.conftest import Speak
from tests.home.test_session_loop import Home
from voice_coach.clock import SAMPLE_RATE
from voice_coach.coach import State
from voice_coach.hearing.commands import CommandEar, CommandModel, Match, Phrases
from voice_coach.home.phrases import coach_phrases
from voice_coach.programme.ledger import Complained, Complaint, EndReason, SessionEnded
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice
from voice_coach.speaking.script import CUES

LANGUAGE = Path(__file__).resolve().parents[2] / "toy_language"


@pytest.fixture(scope="module")
def toy(model: CommandModel) -> Phrases:
    return coach_phrases("toy", knows=model.knows, languages=LANGUAGE / "phrases")


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Script:
    """The toy language's script, with one word for every cue that it has no words for."""
    folder = tmp_path_factory.mktemp("scripts")
    written = (LANGUAGE / "scripts" / "toy.toml").read_text(encoding="utf-8")
    missing = tomllib.loads(CUES.read_text(encoding="utf-8")).keys()
    missing -= tomllib.loads(written)["cues"].keys()
    filled = "".join(f'"{cue}" = ["Lemon."]\n' for cue in sorted(missing))
    (folder / "toy.toml").write_text(written + filled, encoding="utf-8")
    return Script.load("toy", folder)


@pytest.fixture(scope="module")
def voice(script: Script, tmp_path_factory: pytest.TempPathFactory) -> Voice:
    voice = Voice(script, cache=tmp_path_factory.mktemp("clips"))
    assert voice.prepare() == []
    return voice


class ToyHome(Home):
    """A home in which one speaks aloud."""

    spoken: Samples = np.zeros(0, np.float32)

    def hear_aloud(self, clip: Samples) -> None:
        """Have `clip` said, and what follows from it."""
        self.spoken = clip
        self.live(len(clip) / SAMPLE_RATE + 2.0)

    def _microphone(self, out: Samples) -> Samples:
        now, self.spoken = self.spoken[: len(out)], self.spoken[len(out) :]
        noise = np.random.default_rng(self.loop.position).normal(0, 1e-4, len(out))
        return np.asarray(noise + np.pad(now, (0, len(out) - len(now))), np.float32)


@pytest.fixture
def home(model: CommandModel, toy: Phrases, voice: Voice, tmp_path: Path) -> Iterator[ToyHome]:
    with ExitStack() as stack:
        yield ToyHome(tmp_path, stack, commands=CommandEar(model, toy), voice=voice)


def test_its_words_mean_what_its_file_says(toy: Phrases) -> None:
    assert len(toy.words()) == 9
    assert toy.match("garden window", "asleep") == Match("start")
    assert toy.match("start now", "asleep") is None
    assert toy.match("lemon", "confirming") == Match("yes")
    assert toy.match("lemon", "resting") is None


def test_its_script_is_spoken_in_its_words(script: Script, voice: Voice) -> None:
    assert script.language == "toy"
    assert {"Orange garden forest.", "Table."} <= set(script.every_line())
    assert len(voice.clip("stopped").samples)


def test_its_word_for_stop_is_its_own_and_needs_no_network(toy: Phrases) -> None:
    assert toy.stop_word == "river"
    assert toy.stop_network is None
    assert all(toy.match("river", mode) == Match("stop") for mode in toy.modes)


@pytest.mark.parametrize("voice_of_user", ["espeak", "flite"])
def test_a_session_is_begun_and_stopped_in_it(
    home: ToyHome, speak: Speak, voice_of_user: str
) -> None:
    home.live(1.0)
    home.hear_aloud(speak("garden window", voice_of_user))
    assert home.loop.coach.state is State.BRIEFING
    assert "Orange garden forest." in home.watcher.soundings[0].text
    assert np.abs(home.speaker()).max() > 0.01
    home.live(2.0)
    home.hear_aloud(speak("river", voice_of_user))
    ended = [entry for entry in home.entries if isinstance(entry, SessionEnded)]
    assert [entry.reason for entry in ended] == [EndReason.STOPPED]
    assert home.watcher.soundings[-1].text == "River."


def test_a_complaint_is_heard_in_it(home: ToyHome, speak: Speak) -> None:
    home.live(1.0)
    home.hear_aloud(speak("table", "flite"))
    home.live(25)  # one word is hardly sure: where it is read back, silence lets it stand
    complained = [entry for entry in home.entries if isinstance(entry, Complained)]
    assert [entry.complaint for entry in complained] == [Complaint.PAIN]
