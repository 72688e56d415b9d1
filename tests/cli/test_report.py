from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.diary.sessions import entries, write
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def keep_one(settings: Settings) -> None:
    with Diary.open(settings.diary, exclusive=True) as diary:
        write(diary, entries(), YESTERDAY)


@pytest.mark.parametrize(
    ("words", "starts"),
    [(("report", "it.pdf"), b"%PDF"), (("history", "--calendar", "it.png"), b"\x89PNG")],
)
def test_a_picture_is_written(
    command: Command,
    settings: Settings,
    tmp_path: Path,
    words: tuple[str, ...],
    starts: bytes,
) -> None:
    words = (*words[:-1], str(tmp_path / words[-1]))
    with pytest.raises(UserError, match="Nothing is written in the diary yet"):
        command(*words)
    keep_one(settings)
    assert command(*words) == 0
    assert Path(words[-1]).read_bytes().startswith(starts)


def test_a_report_is_a_pdf(command: Command, settings: Settings) -> None:
    keep_one(settings)
    with pytest.raises(UserError, match=r"page\.doc does not end in \.pdf"):
        command("report", "page.doc")


@pytest.mark.parametrize("weeks", ["0", "53", "many"])
def test_wrong_usage_ends_with_2(command: Command, weeks: str) -> None:
    with pytest.raises(SystemExit) as ended:
        command("report", "it.pdf", "--weeks", weeks)
    assert ended.value.code == 2


def test_of_each_person_their_own(command: Command, household: Settings, tmp_path: Path) -> None:
    keep_one(household.of("anna"))
    assert command("report", tmp_path / "anna.pdf", "--person", "anna") == 0
    with pytest.raises(UserError, match="Nothing is written"):
        command("report", tmp_path / "ben.pdf", "--person", "ben")
