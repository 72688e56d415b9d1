import csv
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.diaries import keep_two_sessions
from tests.diary.sessions import MORNING
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings

Printed = pytest.CaptureFixture[str]


def test_csv_has_a_row_for_each_repetition(
    command: Command, settings: Settings, capsys: Printed
) -> None:
    keep_two_sessions(settings)
    assert command("export", "--csv") == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert len(rows) == 9
    assert rows[0] == {
        "session": "2026-03-02T09:30:00.000+01:00",
        "level": "beginner",
        "set": "1",
        "repetition": "1",
        "prompted": "2026-03-02T09:30:07.000+01:00",
        "outcome": "heard",
        "thump_after_s": "0.25",
        "level_db": "-1.5",
    }
    assert (rows[3]["outcome"], rows[3]["thump_after_s"], rows[3]["level_db"]) == (
        "not_heard",
        "",
        "",
    )


def test_csv_has_a_row_for_each_session(
    command: Command, settings: Settings, tmp_path: Path
) -> None:
    keep_two_sessions(settings)
    file = tmp_path / "sessions.csv"
    assert command("export", "--csv", file, "--per", "session") == 0
    with file.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["planned"], row["prompted"], row["heard"], row["ended"]) for row in rows] == [
        ("8", "8", "6", "completed"),
        ("1", "1", "1", "stopped"),
    ]
    assert datetime.fromisoformat(rows[0]["session"]) == MORNING
    assert [row["overrode"] for row in rows] == ["", "refused.rest_day"]


def test_times_add_up(command: Command, settings: Settings, capsys: Printed) -> None:
    keep_two_sessions(settings)
    command("export", "--csv")
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))[:8]
    times = [datetime.fromisoformat(row["prompted"]) for row in rows]
    assert {after - before for before, after in pairwise(times)} == {timedelta(seconds=7)}


@pytest.mark.parametrize("per", ["session", "repetition"])
def test_an_empty_diary_is_a_header(command: Command, capsys: Printed, per: str) -> None:
    assert command("export", "--csv", "--per", per) == 0
    assert capsys.readouterr().out.startswith("session,level,")
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_written(command: Command, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot be written .* name another file"):
        command("export", "--csv", tmp_path / "no" / "file.csv")


def test_it_must_be_said_what_to_export(command: Command) -> None:
    with pytest.raises(SystemExit) as ended:
        command("export")
    assert ended.value.code == 2


def test_a_backup_is_restored(
    command: Command, settings: Settings, tmp_path: Path, capsys: Printed
) -> None:
    keep_two_sessions(settings)
    command("history")
    before = capsys.readouterr().out
    assert command("export", "--backup", tmp_path / "backup") == 0
    assert command("forget", "--yes") == 0
    assert command("restore", tmp_path / "backup", "--yes") == 0
    assert "is kept as" not in capsys.readouterr().out
    command("history")
    assert capsys.readouterr().out == before
