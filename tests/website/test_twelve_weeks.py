"""Two people, a daughter and a therapist, over twelve weeks, by the page alone."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.website.conftest import House
from tests.website.test_pages import FORM
from voice_coach.diary.diary import Diary
from voice_coach.home.last_prescription import prescription_or_lowest
from voice_coach.programme.ledger import (
    Answered,
    EndReason,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
    SetFinished,
)
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Plan, today
from voice_coach.programme.screening import questions

pytestmark = pytest.mark.slow


def practise(house: House, person: str, moment: datetime) -> Plan | None:
    """Do today's session as the speaker plans it, from the files as they are; return the plan."""
    own = house.settings.of(person)
    paper = None
    if own.prescription is not None:
        paper, is_sound = prescription_or_lowest(
            own.prescription, own.diary, load_levels(), moment.date()
        )
        assert is_sound
    with Diary.open(own.diary) as diary:
        history = diary.history()
    plans = today(moment.date(), history, load_levels(), paper, person=person, moment=moment)
    plan = plans.plans[plans.offered or plans.level]
    if plans.screening or not isinstance(plan, Plan):
        return None
    with Diary.open(own.diary, exclusive=True) as diary:
        # Four thousand repetitions, each for good, would take minutes.
        diary._connection.execute("PRAGMA synchronous = OFF")
        diary.record(SessionStarted(0, plan.level, plan.sets, plan.repetitions), moment)
        at = 0
        for set_ in range(1, plan.sets + 1):
            for number in range(1, plan.repetitions + 1):
                at += 16000 * 7
                diary.record(RepetitionPrompted(at, set_, number))
                diary.record(RepetitionResolved(at, set_, number, Outcome.HEARD))
            diary.record(SetFinished(at, set_))
        diary.record(SessionEnded(at, EndReason.COMPLETED))
    return plan


def screen(house: House, person: str) -> None:
    with Diary.open(house.settings.of(person).diary, exclusive=True) as diary:
        for question in questions("screening"):
            diary.record(Answered(0, question.name, question.safe), house.now)
        diary.record(ScreeningFinished(0), house.now)


def test_what_a_therapist_writes_holds_from_the_next_session_on(
    houses: Callable[..., House],
) -> None:
    house = houses()
    with house.file.open("a") as more:
        more.write("[people.anna]\n[people.ben]\n")
    daughter, therapist = house.browser("change"), house.browser("therapist")
    daughter.send("/people/reminders", times="10:30")
    for person in ("anna", "ben"):
        screen(house, person)
    house.pass_by(days=2)  # a Monday

    limits: dict[str, object] = {}
    most = {"anna": 0, "ben": 0}
    sessions = {"anna": 0, "ben": 0}
    for week in range(12):
        if week == 3:
            limits = {"repetitions": "6", "sets": "1", "days": ["tuesday"]}
            form = {**FORM, **limits, "level": "intermediate", "valid_until": "2027-12-31"}
            form["signed_on"] = str(house.now.date())
            assert therapist.send("/prescription/preview", **form, who="anna").status_code == 200
            answer = therapist.send("/prescription/sign", **form, sure="yes", who="anna")
            assert answer.status_code == 303
        for _ in range(7):
            for person in ("anna", "ben"):
                plan = practise(house, person, house.now)
                if plan is None:
                    continue
                sessions[person] += 1
                if person == "anna" and limits:
                    assert plan.sets * plan.repetitions <= 6
                    assert house.now.weekday() == 1
                    assert str(plan.tempo) == "3-1-x-2.5"
                else:
                    most[person] = max(most[person], plan.sets * plan.repetitions)
            house.pass_by(days=1)

    assert sessions["ben"] >= 30
    assert 9 <= sessions["anna"] < sessions["ben"]
    assert most["ben"] > 30, "who has no prescription climbs"
    assert house.settings.people["ben"].prescription is None
    assert house.settings.reminders is not None

    page = therapist.get("/history?who=anna").text
    assert "6 of 6 drops heard" in page
    assert "R. Jones" in therapist.get("/prescription?who=anna").text
    assert therapist.get("/report.pdf?who=anna&weeks=12").content.startswith(b"%PDF")
    copy = daughter.get("/backup.sqlite3?who=ben").content
    house.access.withdraw_all()
    assert therapist.get("/history").status_code == 303
    again = house.browser("change")
    answer = again.send("/backup/restore", files={"file": ("d", copy)}, sure="yes", who="ben")
    assert answer.headers["location"] == "/backup?who=ben&done=restored"
