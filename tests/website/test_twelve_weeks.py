"""Two people, a daughter and a therapist, over twelve weeks, by the page alone.

The speaker's household stays open all the while, as it does in the speaker: what the page writes
has to be noticed, and holds from the next session on.
"""

from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.website.conftest import House
from tests.website.test_pages import FORM
from voice_coach.home.file_watch import FileWatch
from voice_coach.home.residents import Household, open_household
from voice_coach.home.settings import Settings
from voice_coach.programme.ledger import (
    Answer,
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
from voice_coach.programme.planner import Plan
from voice_coach.programme.screening import questions

pytestmark = pytest.mark.slow


class Speaker:
    """What the speaker keeps open while it runs, without its sound."""

    household: Household

    def __init__(self, house: House) -> None:
        self.house = house
        self.begun = 0
        self._stack = ExitStack()
        self._begin()

    def _begin(self) -> None:
        settings = self.house.settings
        papers = [settings.of(name).prescription for name in settings.people]
        files = [self.house.file, *(paper for paper in papers if paper is not None)]
        self._watch = FileWatch(files, lambda: Settings.load(self.house.file))
        self.household = self._stack.enter_context(open_household(settings, lambda: self.house.now))
        self.begun += 1

    def take_over(self) -> None:
        """Go on with what was changed, as soon as nothing is going on."""
        self._watch.changed()
        if self._watch.changed():
            self._stack.close()
            self._begin()

    def screen(self, person: str, **unsafe: Answer) -> None:
        self.household.change_person(person)
        for question in questions("screening"):
            answer = unsafe.get(question.name, question.safe)
            self.household.write(Answered(0, question.name, answer))
        self.household.write(ScreeningFinished(0))
        self.household.present.diary.flush()

    def practise(self, person: str) -> Plan | None:
        """Do today's session as it is planned now; return the plan, None where there is none."""
        self.household.change_person(person)
        self.household.present.diary.changed_elsewhere()
        plans = self.household.plans()
        plan = plans.plans[plans.offered or plans.level]
        if plans.screening or not isinstance(plan, Plan):
            return None
        write = self.household.write
        write(SessionStarted(0, plan.level, plan.sets, plan.repetitions))
        at = 0
        for set_ in range(1, plan.sets + 1):
            for number in range(1, plan.repetitions + 1):
                at += 16000 * 7
                write(RepetitionPrompted(at, set_, number))
                write(RepetitionResolved(at, set_, number, Outcome.HEARD))
            write(SetFinished(at, set_))
        write(SessionEnded(at, EndReason.COMPLETED))
        self.household.present.diary.flush()
        return plan

    def close(self) -> None:
        self._stack.close()


def test_what_is_changed_on_the_page_holds_from_the_next_session_on(
    houses: Callable[..., House],
) -> None:
    house = houses()
    with house.file.open("a") as more:
        more.write("[people.anna]\n[people.ben]\n")
    daughter, therapist = house.browser("change"), house.browser("therapist")
    speaker = Speaker(house)
    speaker.screen("anna")
    speaker.screen("ben", balance=Answer.YES, falls=Answer.YES)
    house.pass_by(days=2)  # a Monday

    limits: dict[str, object] = {}
    most = {"anna": 0, "ben": 0}
    sessions = {"anna": 0, "ben": 0}
    for week in range(12):
        if week == 0:
            daughter.send("/people/reminders", times="10:30")
        if week == 1:
            assert sessions["ben"] == 0
            assert "therapist or doctor approves" in daughter.get("/?who=ben").text
            answer = therapist.send("/screening/approve", by="R. Jones", note="", who="ben")
            assert answer.status_code == 303
        if week == 3:
            limits = {"repetitions": "6", "sets": "1", "days": ["tuesday"]}
            form = {**FORM, **limits, "level": "intermediate", "valid_until": "2027-12-31"}
            form["signed_on"] = str(house.now.date())
            assert therapist.send("/prescription/preview", **form, who="anna").status_code == 200
            answer = therapist.send("/prescription/sign", **form, sure="yes", who="anna")
            assert answer.status_code == 303
        for _ in range(7):
            speaker.take_over()
            for person in ("anna", "ben"):
                plan = speaker.practise(person)
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

    assert speaker.begun == 3, "for reminders, and for the prescription; not for an approval"
    assert speaker.household.own_words["cautions"] == FORM_CAUTIONS
    assert sessions["ben"] >= 27
    assert 9 <= sessions["anna"] < sessions["ben"]
    assert most["ben"] > 30, "who has no prescription climbs"
    assert house.settings.people["ben"].prescription is None
    assert house.settings.reminders is not None
    read_back(house, speaker)


FORM_CAUTIONS = tuple(str(FORM["cautions"]).splitlines())


def read_back(house: House, speaker: Speaker) -> None:
    """Report, history, letter and backup tell what was done."""
    look = house.browser("therapist")
    page = look.get("/history?who=anna").text
    assert "6 of 6 drops heard" in page
    assert "R. Jones" in look.get("/prescription?who=anna").text
    assert "Approved by R. Jones" in look.get("/screening?who=ben").text
    assert "Practised on 1 day." in look.get("/news").text
    assert look.get("/report.pdf?who=anna&weeks=12").content.startswith(b"%PDF")
    change = house.browser("change")
    copy = change.get("/backup.sqlite3?who=ben").content
    house.access.withdraw_all()
    assert look.get("/history").status_code == 303
    speaker.close()
    again = house.browser("change")
    answer = again.send("/backup/restore", files={"file": ("d", copy)}, sure="yes", who="ben")
    assert answer.headers["location"] == "/backup?who=ben&done=restored"
