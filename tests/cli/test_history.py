import json

import pytest

from tests.cli.conftest import Command
from tests.cli.diaries import keep_two_sessions
from tests.diary.sessions import NOON, entries, write
from voice_coach.diary.diary import Diary
from voice_coach.home.settings import Settings
from voice_coach.programme.ledger import Complained, Complaint

Printed = pytest.CaptureFixture[str]


def test_an_empty_diary_is_said_kindly_and_none_is_made(
    command: Command, settings: Settings, capsys: Printed
) -> None:
    assert command("history") == 0
    assert capsys.readouterr().out == (
        'Nothing is written in the diary yet. Say "start beginner" to the speaker to begin.\n'
    )
    assert not settings.diary.exists()


def test_a_table_and_what_it_comes_to(
    command: Command, settings: Settings, capsys: Printed
) -> None:
    keep_two_sessions(settings)
    assert command("history") == 0
    assert capsys.readouterr().out.splitlines() == [
        "started           level     asked  heard  soft  hard  unsure  told  not heard"
        "  length  ended",
        "2026-03-02 09:30  beginner      8      6     2     2       0     0          2"
        "    1:10  completed",
        "2026-03-04 12:00  beginner      1      1     0     0       0     0          0"
        "    0:21  stopped",
        "",
        "2 sessions (1 completed): 9 drops asked for, 7 heard (2 soft, 2 hard), 2 not heard.",
        "",
        "Begun although advised against:",
        "  2026-03-04  rest day, 1 drop",
    ]


def test_what_was_told_of_stands_below(
    command: Command, settings: Settings, capsys: Printed
) -> None:
    keep_two_sessions(settings)
    with Diary.open(settings.diary, exclusive=True) as diary:
        diary.record(Complained(0, Complaint.BACK_PAIN), NOON)
    command("history")
    assert "Told of:\n  2026-03-04  back pain, not settled\n" in capsys.readouterr().out


def test_a_session_that_is_going_on(command: Command, settings: Settings, capsys: Printed) -> None:
    with Diary.open(settings.diary, exclusive=True) as diary:
        write(diary, entries(reason=None), NOON)
        assert command("history") == 0
    out = capsys.readouterr().out
    assert "going on" in out
    assert "1 session (0 completed): 1 drop asked for, 1 heard" in out


def test_json_holds_every_repetition(command: Command, settings: Settings, capsys: Printed) -> None:
    keep_two_sessions(settings)
    assert command("history", "--json") == 0
    content = json.loads(capsys.readouterr().out)
    first, second = content["sessions"]
    assert first["session"] == "2026-03-02T09:30:00.000+01:00"
    assert [r["outcome"] for r in first["repetitions"]] == [
        "heard",
        "soft",
        "hard",
        "not_heard",
    ] * 2
    assert first["repetitions"][0]["thump_after_s"] == 0.25
    assert first["repetitions"][3]["level_db"] is None
    assert second["overrode"] == "refused.rest_day"
    assert second["faults"] == [
        {"at": 1, "source": "sound", "text": "the microphone was unplugged"}
    ]
    assert content["totals"] == {
        "sessions": 2,
        "completed": 1,
        "prompted": 9,
        "heard": 7,
        "soft": 2,
        "hard": 2,
        "unsure": 0,
        "told": 0,
        "not_heard": 2,
        "first": "2026-03-02",
        "last": "2026-03-04",
    }


def test_json_of_an_empty_diary_is_json_too(command: Command, capsys: Printed) -> None:
    assert command("history", "--json") == 0
    content = json.loads(capsys.readouterr().out)
    assert content["sessions"] == []
    assert content["totals"]["first"] is None
