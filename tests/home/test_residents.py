"""Who lives here: each with their own diary, plans and reminders, and a name that can be heard."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.hearing.heels.home import live
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.hearing.commands import Match
from voice_coach.home import equipment
from voice_coach.home.reminding import Reminder
from voice_coach.home.residents import Household, Resident, open_household
from voice_coach.home.settings import Person, Settings
from voice_coach.programme.history import History
from voice_coach.programme.ledger import (
    Answered,
    Complained,
    Complaint,
    EndReason,
    RepetitionPrompted,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.screening import questions

MORNING = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
TWO = """
diary = "diary"
calibration = "heels"

[people.anna]
prescription = "anna.toml"
[people.ben]

[reminders]
times = ["10:30"]
"""
PRESCRIPTION = """
signed_by = "the therapist"
valid_until = 2026-12-31
level = "beginner"
cautions = ["Keep your knees soft."]
"""


@pytest.fixture
def two(tmp_path: Path) -> Settings:
    (tmp_path / "anna.toml").write_text(PRESCRIPTION)
    (tmp_path / "settings.toml").write_text(TWO)
    return Settings.load(tmp_path / "settings.toml")


def history(resident: Resident) -> History:
    return resident.diary.history()


def opened(settings: Settings) -> AbstractContextManager[Household]:
    return open_household(settings, lambda: MORNING)


def test_one_person_needs_no_name(tmp_path: Path) -> None:
    with opened(Settings(diary=tmp_path)) as household:
        assert list(household.residents) == [None]
        assert household.people == ()
        assert household.plans().person is None


def test_two_people_are_kept_apart(two: Settings) -> None:
    with opened(two) as household:
        anna, ben = household.residents["anna"], household.residents["ben"]
        for question in questions("screening"):
            anna.diary.record(Answered(0, question.name, question.safe), MORNING)
        anna.diary.record(ScreeningFinished(0), MORNING)
        assert anna.plans(MORNING.date()).screening == ()
        assert ben.plans(MORNING.date()).screening
        assert [r.plans(MORNING.date()).person for r in (anna, ben)] == ["anna", "ben"]
        assert anna.cautions == ("Keep your knees soft.",)
        assert ben.cautions == ()
        assert household.own_words == {"people": ("anna", "ben"), "cautions": anna.cautions}


def test_what_is_done_is_written_down_for_whose_turn_it_is(two: Settings) -> None:
    with opened(two) as household:
        assert household.plans().person == "anna"
        household.write(Complained(0, Complaint.DIZZY))
        household.change_person("ben")
        assert household.plans().person == "ben"
        household.write(SessionStarted(0, "beginner", 2, 10))
        assert [len(history(each).open_pains) for each in household.residents.values()] == [1, 0]
        household.present.diary.flush()
        with Diary.open(two.diary / "ben") as diary:
            (session,) = diary.sessions()
        assert session.started == MORNING
        assert history(household.residents["anna"]).sessions == ()


def test_heels_are_learnt_for_whose_turn_it_is(two: Settings) -> None:
    learnt = live(seconds=0.1).template
    with opened(two) as household:
        household.change_person("ben")
        assert household.templates() == []
        assert household.keep_template(learnt) == [learnt]
        (known,) = household.templates()
        assert known.to_json() == learnt.to_json()
        household.change_person("anna")
        assert household.templates() == []
    assert [path.name for path in (two.calibration / "ben").iterdir()] == ["heels.json"]


def test_the_day_is_that_of_the_clock(two: Settings) -> None:
    now = MORNING
    with open_household(two, lambda: now) as household:
        household.write(SessionStarted(0, "beginner", 2, 10))
        household.write(RepetitionPrompted(0, 1, 1))
        household.write(SessionEnded(0, EndReason.COMPLETED))
        assert household.plans() == household.present.plans(MORNING.date())
        now += timedelta(days=3)
        assert household.plans() == household.present.plans(now.date())
        assert household.plans() != household.present.plans(MORNING.date())


def test_each_is_reminded_by_name_and_not_after_their_session(two: Settings) -> None:
    with opened(two) as household:
        diary = household.residents["anna"].diary
        diary.record(SessionStarted(0, "beginner", 2, 10), MORNING - timedelta(hours=1))
        diary.record(RepetitionPrompted(0, 1, 1), MORNING - timedelta(hours=1))
        diary.record(SessionEnded(0, EndReason.COMPLETED), MORNING - timedelta(hours=1))
        reminder = Reminder(two.reminders, household)
        said = reminder.due(MORNING)
        assert [cue.name for cue in said] == ["called", "reminder.first"]
        assert dict(said[0].slots) == {"person": "ben"}
        assert reminder.due(MORNING + timedelta(minutes=1)) == ()
        again = reminder.due(MORNING + timedelta(minutes=31))
        assert [cue.name for cue in again] == ["called", "reminder.again"]


def test_without_reminders_nothing_is_said(tmp_path: Path) -> None:
    with opened(Settings(diary=tmp_path)) as household:
        assert Reminder(None, household).due(MORNING) == ()


@pytest.mark.parametrize("name", ["anna", "zxqwv"])
def test_names_are_listened_for_those_that_were_taught_too(tmp_path: Path, name: str) -> None:
    (tmp_path / "settings.toml").write_text(f"[people.{name}]\n[people.ben]\n")
    settings = Settings.load(tmp_path / "settings.toml")
    try:
        model = equipment.model(settings)
    except UserError as error:
        pytest.skip(str(error))
    phrases = equipment.phrases(settings, model)
    assert phrases.match(f"this is {name}", "choosing") == Match("name", {"person": name})


def test_where_nothing_is_recognised_every_name_is_known() -> None:
    settings = Settings(people={"zxqwv": Person(), "ben": Person()})
    phrases = equipment.phrases(settings, None)
    for name in settings.people:
        assert phrases.match(f"this is {name}", "choosing") == Match("name", {"person": name})
