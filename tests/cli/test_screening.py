import sys
from datetime import timedelta

import pytest

from tests.cli.conftest import Command
from tests.cli.diaries import NOW, screen
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings
from voice_coach.programme.ledger import Answer, Complained, Complaint
from voice_coach.programme.screening import findings

Printed = pytest.CaptureFixture[str]


def blocks(settings: Settings) -> tuple[str, ...]:
    with Diary.open(settings.diary) as diary:
        return findings(NOW.date(), diary.history()).verdict().blocks


def line(printed: str, name: str) -> str:
    return next(line for line in printed.splitlines() if line.startswith(name))


class TestToLookAt:
    def test_before_the_first_one(self, command: Command, capsys: Printed) -> None:
        assert command("screening") == 0
        out = capsys.readouterr().out
        assert "not asked yet" in line(out, "falls")
        assert "The screening is due" in out

    def test_afterwards(self, command: Command, settings: Settings, capsys: Printed) -> None:
        screen(settings, falls=Answer.UNSURE, balance=Answer.YES)
        with Diary.open(settings.diary, exclusive=True) as diary:
            diary.record(Complained(0, Complaint.SORENESS), NOW)
        assert command("screening") == 0
        out = capsys.readouterr().out
        assert "unsure" in line(out, "falls")
        assert "blocks" in line(out, "falls")
        assert "fine" in line(out, "foot_injury")
        assert "ask your doctor or therapist" in line(out, "balance")
        assert f"Due again on {NOW.date() + timedelta(days=91)}." in out
        assert f"Told of on {NOW.date()}, and not settled: soreness." in out
        assert "in spite of: significant balance problems, or falls." in out


class TestToChange:
    def test_an_answer_that_was_misheard(
        self, command: Command, settings: Settings, capsys: Printed
    ) -> None:
        screen(settings, falls=Answer.YES)
        assert command("screening", "--change", "falls", "no") == 0
        assert blocks(settings) == ()
        assert "no, " in line(capsys.readouterr().out, "falls")
        command("screening", "--change", "spine_fracture", "unsure")
        assert blocks(settings) == ("spine_fracture",)

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("shoe_size", "no"), "no question 'shoe_size'; choose from: broken_bone"),
            (("well", "no"), "no question 'well'; choose from"),
            (("falls", "perhaps"), "'perhaps' is no answer; choose from: yes, no, unsure"),
        ],
    )
    def test_needs_a_question_and_an_answer(
        self, command: Command, words: tuple[str, str], says: str
    ) -> None:
        with pytest.raises(UserError, match=says):
            command("screening", "--change", *words)


class TestToForget:
    def test_is_to_be_asked_anew(
        self, command: Command, settings: Settings, capsys: Printed
    ) -> None:
        screen(settings, falls=Answer.YES)
        assert command("screening", "--forget", "--yes") == 0
        assert blocks(settings) == ()
        with Diary.open(settings.diary) as diary:
            assert findings(NOW.date(), diary.history()).screened is None

    def test_takes_a_yes(
        self, command: Command, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        screen(settings, falls=Answer.YES)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
        with pytest.raises(UserError, match="add --yes"):
            command("screening", "--forget")
        assert blocks(settings) == ("falls",)


class TestAnApproval:
    def test_lifts_the_blocks_and_is_shown(
        self, command: Command, settings: Settings, capsys: Printed
    ) -> None:
        screen(settings, falls=Answer.YES, foot_injury=Answer.UNSURE)
        assert command("approve", "--by", "R. Jones", "--note", "with a chair behind") == 0
        assert capsys.readouterr().out.splitlines()[1:3] == [
            "  significant balance problems, or falls",
            "  an injury of foot or ankle, or pain in the heel",
        ]
        assert blocks(settings) == ()
        command("screening")
        out = capsys.readouterr().out
        assert "approved of" in line(out, "falls")
        assert "Approved by R. Jones on" in out
        assert "with a chair behind" in out

    def test_may_be_written_while_the_speaker_runs(
        self, command: Command, settings: Settings
    ) -> None:
        screen(settings, falls=Answer.YES)
        with Diary.open(settings.diary, exclusive=True) as speaker:
            assert command("approve", "--by", "R. Jones") == 0
            assert speaker.changed_elsewhere()
            assert findings(NOW.date(), speaker.history()).verdict().blocks == ()

    def test_of_nothing_is_a_mistake(self, command: Command, settings: Settings) -> None:
        with pytest.raises(UserError, match="nothing to approve of"):
            command("approve", "--by", "R. Jones")
        screen(settings)
        with pytest.raises(UserError, match="nothing to approve of"):
            command("approve", "--by", "R. Jones")

    def test_by_nobody_is_a_mistake(self, command: Command, settings: Settings) -> None:
        screen(settings, falls=Answer.YES)
        with pytest.raises(UserError, match="needs a name"):
            command("approve", "--by", "  ")
        with pytest.raises(SystemExit):
            command("approve")

    def test_of_one_person_is_not_the_other_s(self, command: Command, household: Settings) -> None:
        for name in household.people:
            screen(household.of(name), falls=Answer.YES)
        assert command("approve", "--by", "R. Jones", "--person", "Ben") == 0
        assert blocks(household.of("ben")) == ()
        assert blocks(household.of("anna")) == ("falls",)
