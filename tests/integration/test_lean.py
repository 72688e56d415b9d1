"""The speaker where nothing but its own dependencies is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.household import speaker
from tests.soundserver import SoundServer

NOT_INSTALLED = ("scipy", "matplotlib", "PIL", "requests", "urllib3")


@pytest.fixture
def without_extras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the programs to come find none of what only rehearsals and pictures need."""
    folder = tmp_path / "not installed"
    folder.mkdir()
    for name in NOT_INSTALLED:
        (folder / f"{name}.py").write_text(
            f"raise ModuleNotFoundError('there is no {name}', name={name!r})\n"
        )
    monkeypatch.setenv("PYTHONPATH", str(folder))


@pytest.mark.real_time
@pytest.mark.usefixtures("a_speaker_can_run", "without_extras")
def test_the_speaker_runs_without_what_only_rehearsals_and_pictures_need(settings: Path) -> None:
    with SoundServer() as server, speaker(server, settings) as process:
        assert process.stdout is not None
        assert "Listening" in process.stdout.readline()


@pytest.mark.usefixtures("without_extras")
@pytest.mark.parametrize("command", [["rehearse"], ["rehearse", "--help"]])
def test_what_needs_more_says_how_to_get_it(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "voice_coach", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "which the speaker alone does without: run 'scripts/setup --rehearse'" in done.stderr
