"""The examples run as they are, and show what they say they show."""

from pathlib import Path

import pytest

from examples import drive_coach, hear_heels, household
from voice_coach.clock import to_samples
from voice_coach.sound.audio_files import write_wav


def test_the_heel_ear_hears_three_drops(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    hear_heels.main([])
    simulated = capsys.readouterr().out
    moments = [float(line.split()[0]) for line in simulated.splitlines()]
    assert moments == pytest.approx([2.0, 4.0, 6.0], abs=0.03)

    half = to_samples(8.0)
    files = [str(tmp_path / "recording.wav"), str(tmp_path / "calibration.wav")]
    write_wav(Path(files[0]), hear_heels.lent()[half:])
    write_wav(Path(files[1]), hear_heels.lent()[:half])
    hear_heels.main(files)
    recorded = capsys.readouterr().out
    heard = [float(line.split()[0]) for line in recorded.splitlines()]
    assert heard == pytest.approx(moments, abs=0.03)


def test_the_coach_goes_from_start_to_sleep(capsys: pytest.CaptureFixture[str]) -> None:
    drive_coach.main()
    printed = capsys.readouterr().out
    assert printed.count("RepetitionPrompted(") == 2
    assert printed.count("outcome=<Outcome.HEARD") == 2
    assert "EndReason.COMPLETED" in printed


def test_two_people_have_days_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    household.main()
    anna, ben = capsys.readouterr().out.split("ben:")
    assert "anna: 0 questions" in anna
    assert "advanced: refused.ceiling" in anna
    assert " 0 questions" not in ben
    assert "advanced: refused.too_early" in ben
