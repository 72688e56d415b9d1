import csv
import sqlite3
from contextlib import closing
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


def test_i_exported_over_my_diary_and_it_is_still_there(
    command: Command, settings: Settings, tmp_path: Path
) -> None:
    keep_two_sessions(settings)
    diary = settings.diary / "diary.sqlite3"
    before = diary.read_bytes()
    (tmp_path / "link").symlink_to(diary)
    for name in (diary, tmp_path / "link"):
        with pytest.raises(UserError, match="no earlier export; name another"):
            command("export", "--csv", name)
        with pytest.raises(UserError, match="is there already"):
            command("export", "--backup", name)
    assert diary.read_bytes() == before


def test_an_earlier_export_is_renewed_and_a_letter_is_not(
    command: Command, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "file.csv"
    command("export", "--csv", file)
    empty = file.read_text()
    keep_two_sessions(settings)
    command("export", "--csv", file)
    assert len(file.read_text()) > len(empty)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UserError, match="no earlier export"):
        command("export", "--csv", file, "--per", "session")
    for page, name in (("report", "page.pdf"), ("history", "days.png")):
        said = (page, "--calendar") if page == "history" else (page,)
        command(*said, tmp_path / name)
        command(*said, tmp_path / name)
        (tmp_path / name).write_text("dear")
        with pytest.raises(UserError, match="no earlier export"):
            command(*said, tmp_path / name)
        assert (tmp_path / name).read_text() == "dear"


def test_the_entries_that_cannot_be_read_are_told_and_the_others_exported(
    command: Command, settings: Settings, capsys: Printed
) -> None:
    keep_two_sessions(settings)
    with closing(sqlite3.connect(settings.diary / "diary.sqlite3")) as connection:
        connection.execute("UPDATE sessions SET started = 'x' WHERE id = 1")
        connection.commit()
    for said in (("export", "--csv"), ("history",)):
        assert command(*said) == 0
        assert "1 entry cannot be read (session 1)" in capsys.readouterr().err
    command("doctor")
    assert "FAIL  diary: The diary" in capsys.readouterr().out
    assert command("repair") == 0
    restore = capsys.readouterr().out.split()[-1]
    assert command("restore", restore, "--yes") == 0
    capsys.readouterr()
    assert command("history") == 0
    assert capsys.readouterr().err == ""


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
