import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.programme.past import FOUR_MORE, LEVELS, TWO_WEEKS, dose, on, past, reason
from voice_coach.errors import UserError
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Plan, Refusal
from voice_coach.programme.prescription import Prescription

EXAMPLE = Path(__file__).parents[2] / "docs" / "prescription.example.toml"
SIGNED = 'signed_by = "R. Jones"\nvalid_until = 2030-01-01\n'


def prescribed(rest: str, level: str = "intermediate") -> Prescription:
    text = f'{SIGNED}level = "{level}"\n{rest}'
    return Prescription.parse(text, "prescription.toml", load_levels())


class TestWhatItNarrows:
    def test_repetitions_and_sets(self) -> None:
        assert dose(on(0, "", prescribed("repetitions = 12\nsets = 1")).plans["intermediate"]) == (
            1,
            12,
        )

    def test_the_drops_of_one_day(self) -> None:
        paper = prescribed("ceiling = 34")
        many = " ".join(f"i{2 * number}" for number in range(12))
        assert dose(on(25, many, paper).plans["intermediate"]) == (2, 17)
        assert dose(on(0, "", prescribed("ceiling = 8")).plans["intermediate"]) == (1, 8)

    def test_the_weekdays_as_days_of_rest(self) -> None:
        paper = prescribed('days = ["tuesday", "friday"]')
        refusal = on(0, "", paper).plans["intermediate"]
        assert isinstance(refusal, Refusal)
        assert (reason(refusal), refusal.may_override) == ("rest_day", True)
        assert refusal.slots["days"] == 1
        assert isinstance(on(1, "", paper).plans["intermediate"], Plan)

    def test_the_tempo(self) -> None:
        plan = on(0, "", prescribed('tempo = "4-2-x-5"')).plans["intermediate"]
        assert isinstance(plan, Plan)
        assert str(plan.tempo) == "4-2-x-5"

    def test_how_firmly_to_land(self) -> None:
        plan = on(0, "", prescribed('firmness = "gentle"')).plans["intermediate"]
        assert isinstance(plan, Plan)
        assert not plan.asks_for_more

    def test_the_level(self) -> None:
        now = on(42, f"{TWO_WEEKS} {FOUR_MORE}", prescribed(""))
        assert now.offered is None
        refusal = now.plans["advanced"]
        assert isinstance(refusal, Refusal)
        assert (reason(refusal), refusal.may_override) == ("ceiling", False)
        assert refusal.alternative == now.plans["intermediate"]

    def test_it_brings_back_who_is_above_it(self) -> None:
        now = on(16, f"{TWO_WEEKS} i14", prescribed("", level="beginner"))
        assert now.level == "beginner"
        assert reason(now.plans["intermediate"]) == "ceiling"


def test_start_means_its_level_for_someone_new() -> None:
    assert on(0, "", prescribed("")).level == "intermediate"


def test_it_does_not_lead_past_the_weeks_and_sessions() -> None:
    now = on(0, "", prescribed("", level="advanced"))
    assert now.level == "intermediate"
    assert reason(now.plans["advanced"]) == "too_early"


@pytest.mark.parametrize(
    ("level", "rest", "number", "cue"),
    [
        ("advanced", "single_leg = true", 0, "answer.single_leg"),
        ("advanced", "single_leg = true", 2000, "refused.single_leg"),  # it has run out
        ("advanced", "", 0, "refused.single_leg"),
        ("beginner", "", 0, "refused.single_leg"),
    ],
)
def test_one_leg_takes_its_permission(level: str, rest: str, number: int, cue: str) -> None:
    (line,) = on(number, "", prescribed(rest, level=level)).answers["single_leg"]
    assert line.cue == cue


def test_one_leg_takes_a_prescription() -> None:
    (line,) = on(0, "").answers["single_leg"]
    assert line.cue == "refused.single_leg"


def test_its_cautions_are_to_be_said() -> None:
    assert on(0, "", prescribed('cautions = ["Keep both hands on."]')).cautions == (
        "Keep both hands on.",
    )


def test_when_it_has_run_out_its_limits_hold_and_that_is_said() -> None:
    old = Prescription.parse(
        'signed_by = "R. Jones"\nvalid_until = 2026-01-04\nlevel = "beginner"',
        "prescription.toml",
        LEVELS,
    )
    now = on(0, past(""), old)
    assert now.notices == ("notice.prescription_expired",)
    assert reason(now.plans["intermediate"]) == "ceiling"
    assert old.holds(date(2026, 1, 4))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("repetitions = 40", "line 4: repetitions: 40 is not between 1 and 20"),
        ("sets = 0", "line 4: sets: 0 is not between 1 and 3"),
        ("ceiling = 61", "line 4: ceiling: 61 is not between 1 and 60"),
        ('repetitions = "ten"', "line 4: repetitions must be a whole number"),
        ("reps = 4", "line 4: unknown key 'reps'; choose from: signed_by"),
        ('days = ["mon"]', "line 4: days must be a list of weekdays"),
        ("days = []", "line 4: days: name at least one day"),
        ('tempo = "2-1-2"', 'line 4: tempo must be rise-hold-x-pause .* such as "2-1-x-2"'),
        ('tempo = "0-1-x-2"', "line 4: tempo must be rise-hold-x-pause"),
        ('firmness = "hard"', 'line 4: firmness must be "firm", "moderate" or "gentle"'),
        (
            "approved = true",
            "line 4: approved: an approval needs its day; "
            r"add signed_on = 2026-07-31 \(the day of signing\)\.$",
        ),
        ("approved = 1", "line 4: approved must be true or false"),
        ("signed_on = 2031-01-01", "line 4: signed_on: it is after valid_until"),
        ("single_leg = true", "line 4: single_leg: one leg is for advanced level alone"),
        ("cautions = 3", "line 4: cautions must be a list of sentences"),
        ("sets = ", "line 4, .*invalid value"),
        ("sets = 1\nsets = 2", "line 5, .*overwrite"),
    ],
)
def test_a_mistake_is_answered_with_its_line_and_the_remedy(line: str, says: str) -> None:
    with pytest.raises(UserError, match=f"^prescription.toml, {says}"):
        prescribed(line)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "signed_by is missing; add the name of who signed it"),
        ('signed_by = "A"\nvalid_until = "soon"\nlevel = "beginner"', "valid_until must be a date"),
        (
            f'{SIGNED}level = "expert"',
            "line 3: level: there is no level .expert.",
        ),
    ],
)
def test_what_is_missing_or_unknown_is_named(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        Prescription.parse(text, "prescription.toml", LEVELS)


@pytest.mark.parametrize("name", ["beginner", "intermediate", "advanced"])
def test_whatever_it_says_no_number_grows(name: str) -> None:
    paper = prescribed('repetitions = 20\nsets = 3\nceiling = 60\ndays = ["monday"]')
    level = next(level for level in LEVELS if level.name == name)
    narrow = paper.narrow(level)
    assert narrow.repetitions <= level.repetitions
    assert narrow.sets <= level.sets
    assert narrow.cap <= level.cap
    assert narrow.sessions_per_week <= level.sessions_per_week
    same = replace(
        narrow,
        repetitions=level.repetitions,
        sets=level.sets,
        cap=level.cap,
        sessions_per_week=level.sessions_per_week,
    )
    assert same == level


def test_the_example_uses_every_key_and_is_right() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    example = Prescription.parse(text, EXAMPLE.name, LEVELS)
    assert set(tomllib.loads(text)) == set(Prescription.__struct_fields__)
    assert dose(on(0, "", example).plans["intermediate"]) == (2, 15)
