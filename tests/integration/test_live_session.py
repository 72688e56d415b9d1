"""A session hands free, in real time, with the speaker as a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.household import GENTLE, Inhabitant, drop_cue, speaker
from tests.soundserver import SoundServer

pytestmark = [pytest.mark.real_time, pytest.mark.usefixtures("a_speaker_can_run")]


def history(settings: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "voice_coach", "history", "--json", "--settings", str(settings)],
        capture_output=True,
        text=True,
        check=True,
    )
    (session,) = json.loads(done.stdout)["sessions"]
    return session  # type: ignore[no-any-return]


def test_a_session_by_voice_is_counted_as_it_was_and_stopped_at_once(
    settings: Path, voice_cache: Path
) -> None:
    calibration, in_set = GENTLE, 4
    left_out = calibration + 2
    with SoundServer() as server, speaker(server, settings) as process:
        assert process.stdout is not None
        assert "Listening" in process.stdout.readline()
        somebody = Inhabitant(server, drop_cue(voice_cache / "clips"), frozenset({left_out}))
        somebody.start()
        somebody.wait_for_silence(1.0, within=20)
        somebody.start_a_session()
        somebody.wait_for_drops(calibration + in_set, within=120)
        somebody.wait_for_silence(2.0, within=30)
        somebody.say("that was easy")
        somebody.wait_for_sound(within=10)
        somebody.wait_for_silence(2.0, within=30)
        somebody.say("skip the rest")
        somebody.wait_for_drops(calibration + in_set + 2, within=60)
        # What is said over the landing would be the test's own fault: first comes its count.
        somebody.wait_for_silence(0.1, within=10)
        somebody.wait_for_sound(within=10)
        somebody.wait_for_silence(0.5, within=10)
        somebody.say("stop")
        somebody.wait_for_silence(4.0, within=30)
        drops = len(somebody.drops)
        somebody.leave()
    assert drops in {calibration + in_set + 2, calibration + in_set + 3}

    session = history(settings)
    repetitions = session["repetitions"]
    assert isinstance(repetitions, list)
    outcomes = [repetition["outcome"] for repetition in repetitions]
    assert session["ended"] == "stopped"
    assert len(outcomes) == drops - calibration
    assert outcomes[1] == "not_heard"
    assert "not_heard" not in [outcomes[0], *outcomes[2:6]], outcomes
