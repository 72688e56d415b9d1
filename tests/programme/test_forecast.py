from datetime import timedelta
from itertools import pairwise

from tests.programme.past import LEVELS, MONDAY, past
from voice_coach.programme.forecast import preview
from voice_coach.programme.history import History
from voice_coach.programme.prescription import Prescription

TWELVE_WEEKS = list(preview(MONDAY, 12, History(), LEVELS))


def weekly(level: str) -> list[int]:
    counts = []
    for week in range(12):
        days = TWELVE_WEEKS[week * 7 : week * 7 + 7]
        plans = [day.plan for day in days if day.plan]
        if all(plan.level == level for plan in plans):
            counts.append(len(plans))
    return counts


def test_twelve_weeks_lead_through_the_levels_as_the_article_has_it() -> None:
    assert weekly("beginner") == [3] * 2
    assert weekly("intermediate") == [3] * 4
    assert weekly("advanced") == [4] * 6


def test_it_has_every_day_of_its_weeks() -> None:
    assert [each.day for each in TWELVE_WEEKS] == [
        MONDAY + timedelta(days=number) for number in range(12 * 7)
    ]


def test_a_beginner_never_practises_on_two_days_running() -> None:
    for day, after in pairwise(TWELVE_WEEKS):
        if day.plan and day.plan.level == "beginner":
            assert after.plan is None


def test_the_dose_never_shrinks_and_grows_by_half_a_session_at_most() -> None:
    totals = [day.plan.sets * day.plan.repetitions for day in TWELVE_WEEKS if day.plan]
    assert totals[0] == 20
    assert totals[-1] == 90
    for before, after in pairwise(totals):
        assert before <= after <= before * 1.5


def test_it_goes_on_from_where_a_person_stands() -> None:
    days = list(preview(MONDAY, 1, past("i-7 i-5 i-3"), LEVELS))
    assert days[0].plan is not None
    assert (days[0].plan.level, days[0].plan.repetitions) == ("intermediate", 18)


def test_it_keeps_to_a_prescription() -> None:
    paper = Prescription.parse(
        'signed_by = "A"\nvalid_until = 2030-01-01\nlevel = "beginner"\nceiling = 12\n'
        'days = ["tuesday", "saturday"]',
        "prescription.toml",
        LEVELS,
    )
    for day in preview(MONDAY, 12, History(), LEVELS, paper):
        assert (day.plan is not None) == (day.day.weekday() in {1, 5})
        assert day.plan is None or day.plan.sets * day.plan.repetitions <= 12
