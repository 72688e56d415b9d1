import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.diaries import keep_two_sessions, screen
from voice_coach.cli import plan
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings
from voice_coach.programme.ledger import Answer, Complained, Complaint
from voice_coach.programme.rules import load_rules

Printed = pytest.CaptureFixture[str]


def test_today_for_someone_new(command: Command, settings: Settings, capsys: Printed) -> None:
    assert command("plan", "--date", "2026-03-02") == 0
    assert capsys.readouterr().out.splitlines() == [
        'Monday, 2026-03-02. "Start" begins beginner.',
        "  beginner      2 x 10 drops, 60 s rest, tempo 3-1-x-3, about 3 min",
        "  intermediate  2 x 15 drops, 60 s rest, tempo 2-1-x-3, about 4 min",
        "  advanced      not today: too early; 4 weeks and 12 sessions come before it; "
        "instead: intermediate, 2 x 15 drops",
        "The screening is due: the speaker asks its questions before a session starts.",
    ]
    assert not settings.diary.exists()


def test_today_follows_from_the_diary(
    command: Command, settings: Settings, capsys: Printed
) -> None:
    keep_two_sessions(settings)
    command("plan", "--date", "2026-03-05")
    assert (
        'beginner      not today: a rest day; if you insist, say "start anyway" for beginner'
        in capsys.readouterr().out
    )


def test_weeks_show_what_would_happen(command: Command, capsys: Printed) -> None:
    assert command("plan", "--date", "2026-03-02", "--weeks", "3") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["week 1, from Mon 2026-03-02", "  Mon  beginner      2 x 10 drops"]
    assert lines[-3:] == [
        "  Fri  intermediate  2 x 17 drops",
        "9 sessions, 216 drops.",
        "The screening is due: the speaker asks its questions before a session starts.",
    ]


def test_a_prescription_given_or_set_is_followed(
    command: Command, tmp_path: Path, capsys: Printed
) -> None:
    (tmp_path / "rx.toml").write_text(
        'signed_by = "A"\nvalid_until = 2026-03-01\nlevel = "beginner"\nsets = 1\n'
        'cautions = ["Keep both hands on."]'
    )
    command("plan", "--date", "2026-03-02", "--prescription", tmp_path / "rx.toml")
    out = capsys.readouterr().out
    assert "beginner      1 x 10 drops" in out
    assert "intermediate  not today: above the level that the therapist prescribes" in out
    assert "The prescription has run out" in out
    assert out.endswith("Keep both hands on.\n")


def test_a_wrong_prescription_is_one_sentence(command: Command, tmp_path: Path) -> None:
    (tmp_path / "rx.toml").write_text("sets = 99")
    with pytest.raises(UserError, match="signed_by is missing"):
        command("plan", "--prescription", tmp_path / "rx.toml")


@pytest.mark.parametrize(
    "arguments", [("--weeks", "0"), ("--weeks", "many"), ("--weeks", "999"), ("--date", "soon")]
)
def test_wrong_usage_ends_with_2(command: Command, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        command("plan", *arguments)
    assert ended.value.code == 2


def test_pain_is_named(command: Command, settings: Settings, capsys: Printed) -> None:
    with Diary.open(settings.diary, exclusive=True) as diary:
        diary.record(Complained(0, Complaint.PAIN), datetime(2026, 3, 1, tzinfo=UTC))
    command("plan", "--date", "2026-03-02")
    assert "not today: pain was reported that has not settled" in capsys.readouterr().out


def test_what_holds_the_weeks_is_named(
    command: Command, settings: Settings, capsys: Printed
) -> None:
    screen(settings, datetime(2026, 3, 1, tzinfo=UTC), falls=Answer.YES)
    command("plan", "--date", "2026-03-02", "--weeks", "12")
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "0 sessions, 0 drops.",
        "No session starts: the screening found what needs a professional's approval.",
        "  significant balance problems, or falls",
    ]


def test_an_approving_prescription_lets_the_weeks_begin(
    command: Command, settings: Settings, tmp_path: Path, capsys: Printed
) -> None:
    screen(settings, datetime(2026, 3, 1, tzinfo=UTC), falls=Answer.YES)
    (tmp_path / "rx.toml").write_text(
        'signed_by = "A"\nsigned_on = 2026-03-01\nvalid_until = 2026-12-31\n'
        'level = "beginner"\napproved = true\n'
    )
    words = ("--date", "2026-03-02", "--weeks", "12", "--prescription", tmp_path / "rx.toml")
    command("plan", *words)
    assert capsys.readouterr().out.splitlines()[-1] == "36 sessions, 720 drops."


def test_the_schema_is_printed_whatever_else(command: Command, capsys: Printed) -> None:
    assert command("plan", "--schema") == 0
    assert json.loads(capsys.readouterr().out)["required"] == ["signed_by", "valid_until", "level"]


def test_there_are_words_for_every_refusal() -> None:
    assert set(plan._WHY) == {f"refused.{name}" for name in load_rules().may_override}
