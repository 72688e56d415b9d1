"""“A file was spoilt”: she is told, and what can go on without it goes on, within the limits."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.home.residents import open_household
from voice_coach.home.settings import Settings
from voice_coach.home.telling_faults import AGAIN, CannotStart, FaultTeller, told_as
from voice_coach.programme.ledger import Answered, ScreeningFinished, SessionStarted
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Plan
from voice_coach.programme.screening import questions

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
SIGNED = (
    'signed_by = "R. Jones"\nvalid_until = 2026-12-31\nsigned_on = 2026-01-01\napproved = true\n'
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    paper = tmp_path / "prescription.toml"
    paper.write_text(SIGNED + 'level = "advanced"\nrepetitions = 5\ntempo = "3-2-x-4"\n')
    return msgspec.structs.replace(
        Settings(),
        diary=tmp_path / "diary",
        calibration=tmp_path / "heels",
        prescription=paper,
    )


def notices(settings: Settings) -> tuple[str, ...]:
    with open_household(settings, lambda: NOW) as household:
        return household.notices


def plans(settings: Settings) -> list[Plan]:
    """Return what may be begun today, all questions answered as is safe."""
    with Diary.open(settings.diary, exclusive=True) as diary:
        for question in questions("screening"):
            diary.record(Answered(0, question.name, question.safe), NOW)
        diary.record(ScreeningFinished(0), NOW)
    with open_household(settings, lambda: NOW) as household:
        return [plan for plan in household.plans().plans.values() if isinstance(plan, Plan)]


def test_where_all_is_well_there_is_nothing_to_tell(settings: Settings) -> None:
    assert notices(settings) == ()
    assert notices(settings) == ()


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("broken", ["level = 7", "", SIGNED + 'level = "olympic"', None])
def test_a_prescription_that_cannot_be_read_lifts_no_limit(
    settings: Settings, broken: str | None, known: bool
) -> None:
    assert settings.prescription is not None
    if known:
        notices(settings)
    if broken is None:
        settings.prescription.unlink()
    else:
        settings.prescription.write_text(broken)
    assert notices(settings) == ("fault.prescription",)
    first = load_levels()[0]
    for plan in plans(settings):
        assert plan.level == first.name
        assert plan.sets <= first.sets.low
        assert plan.repetitions <= (5 if known else first.repetitions.low)
    settings.prescription.write_text(SIGNED + 'level = "beginner"\n')
    assert notices(settings) == ()


def test_a_damaged_diary_is_told_and_kept(settings: Settings) -> None:
    settings.diary.mkdir()
    (settings.diary / FILE).write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000)
    assert notices(settings) == ("fault.diary_mended",)
    assert notices(settings) == ()
    assert len(list(settings.diary.glob("diary-damaged-*.sqlite3"))) == 1


def test_a_session_that_was_cut_off_is_told_at_the_next_start(settings: Settings) -> None:
    with Diary.open(settings.diary, exclusive=True) as diary:
        diary.record(SessionStarted(0, "beginner", 1, 1), NOW)
    assert notices(settings) == ("fault.cut_off",)
    assert notices(settings) == ()


def test_a_calibration_that_cannot_be_read_is_told_and_learnt_anew(settings: Settings) -> None:
    settings.calibration.mkdir()
    (settings.calibration / "heels.json").write_bytes(b"\xff")
    assert notices(settings) == ("fault.heels",)
    with open_household(settings, lambda: NOW) as household:
        assert household.notices == ()
        assert household.templates() == []


def test_a_fault_is_said_when_it_is_new_and_then_once_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        "voice_coach.home.telling_faults.say_aloud", lambda cue, settings: said.append(cue)
    )
    now = 0.0
    teller = FaultTeller(lambda: now)
    for seconds in range(0, round(2.5 * AGAIN), 10):
        now = float(seconds)
        teller.tell(CannotStart("fault.settings", ""), None)
    assert said == ["fault.settings"] * 3
    teller.tell(CannotStart("fault.model", ""), None)
    assert said[-1] == "fault.model"


def test_a_mistake_of_ours_is_told_as_well_and_whoever_asks_to_end_is_heard() -> None:
    with pytest.raises(CannotStart) as told, told_as("fault.model"):
        raise KeyError("oops")
    assert told.value.cue == "fault.start"
    with pytest.raises(KeyboardInterrupt), told_as("fault.model"):
        raise KeyboardInterrupt
