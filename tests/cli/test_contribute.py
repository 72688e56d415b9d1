"""``voice-coach contribute``: from a kept calibration to a bundle that may be sent by hand."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.home.kept import CUES, NEIGHBOUR, kept_calibration
from voice_coach.errors import UserError
from voice_coach.home import heel_store
from voice_coach.home.bundle import LARGEST, Bundle, Kind
from voice_coach.home.settings import Settings
from voice_coach.private_files import write_private
from voice_coach.samples import Samples


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> Path:
    """A calibration that was kept on 2 March, in which the neighbour was told of."""
    recording = tmp_path / "calibration-20260302-090000.wav"
    kept_calibration((CUES[1] - 0.2, NEIGHBOUR)).write(recording)
    settings.calibration.mkdir()
    write_private(settings.calibration / heel_store.KEPT_SOUND, f'["{recording}"]')
    return recording


@pytest.mark.usefixtures("kept")
def test_the_last_kept_calibration_becomes_a_bundle(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "heels.zip"
    assert command("contribute", "--yes", "--microphone", "Webcam", file) == 0
    told = capsys.readouterr().out
    assert "left out: a good drop; somebody may be speaking" in told
    assert "footwear slippers, floor tiles, microphone webcam, month 2026-03" in told
    assert f"Written: {file}. It is sent nowhere" in told
    assert file.stat().st_mode & 0o077 == 0
    assert file.stat().st_size < LARGEST
    bundle = Bundle.read(file)
    asked = [piece.kind for piece in bundle.pieces]
    assert asked[:3] == [Kind.GOOD, Kind.GOOD, Kind.GENTLE]
    assert set(asked[3:]) == {Kind.NOTHING}
    assert bundle.month == "2026-03"


@pytest.mark.usefixtures("kept")
def test_nothing_is_replaced_and_nothing_written_unasked(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "heels.zip"
    with pytest.raises(UserError, match="nobody to ask"):
        command("contribute", file)
    assert not file.exists()
    file.write_text("a letter")
    with pytest.raises(UserError, match="is there already"):
        command("contribute", "--yes", file)
    assert file.read_text() == "a letter"


@pytest.mark.usefixtures("kept")
def test_it_can_be_listened_to_before_it_is_written(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[Samples] = []
    # There is no loudspeaker here.
    monkeypatch.setattr(
        "voice_coach.cli.contribute.play", lambda sound, _output: played.append(sound)
    )
    file = tmp_path / "heels.zip"
    with pytest.raises(UserError, match="nobody to ask"):
        command("contribute", "--listen", file)
    assert command("contribute", "--yes", file) == 0
    assert len(played) == len(Bundle.read(file).pieces)


def test_without_a_kept_calibration_it_says_how_to_make_one(
    command: Command, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="calibrate --keep FOLDER"):
        command("contribute", "--yes", tmp_path / "heels.zip")


def test_other_footwear_is_not_mixed_in(
    command: Command, kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "calibration-20260401-090000.wav"
    kept_calibration(seed=5).write(other)
    other.with_suffix(".json").write_text('{"drop_cues_s": [4.0], "gentle_cues_s": []}')
    file = tmp_path / "heels.zip"
    words = ("--yes", "--footwear", "socks", "--from", kept, other)
    assert command("contribute", file, *words) == 0
    assert "footwear socks, floor not said" in capsys.readouterr().out
    assert [piece.kind for piece in Bundle.read(file).pieces].count(Kind.GOOD) == 1


@pytest.mark.parametrize("content", ["", '{"drop_cues_s": ["x"], "gentle_cues_s": []}'])
def test_a_recording_that_was_not_kept_by_us_is_refused(
    command: Command, kept: Path, tmp_path: Path, content: str
) -> None:
    kept.with_suffix(".json").write_text(content)
    with pytest.raises(UserError, match="does not describe a kept calibration"):
        command("contribute", "--yes", tmp_path / "heels.zip")


def test_where_somebody_speaks_all_the_time_nothing_is_left(
    command: Command, kept: Path, tmp_path: Path
) -> None:
    kept_calibration(*((0.2 + 1.7 * i, NEIGHBOUR) for i in range(10))).write(kept)
    with pytest.raises(UserError, match="while nobody speaks"):
        command("contribute", "--yes", tmp_path / "heels.zip")
    assert not (tmp_path / "heels.zip").exists()
