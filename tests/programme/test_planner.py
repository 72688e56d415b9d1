"""The plan for today, rule by rule. Day 0 is a Monday."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.programme.past import (
    FOUR_MORE,
    LEVELS,
    MONDAY,
    TWO_WEEKS,
    dose,
    on,
    pain,
    past,
    reason,
)
from voice_coach.programme.history import History
from voice_coach.programme.levels import MoveUp
from voice_coach.programme.planner import Plan, Refusal, today
from voice_coach.programme.progression import Standing
from voice_coach.programme.rules import load_rules


class TestSomeoneNew:
    def test_begins_as_a_beginner(self) -> None:
        now = today(MONDAY, History(), LEVELS)
        assert now.level == "beginner"
        plan = now.plans["beginner"]
        assert isinstance(plan, Plan)
        assert (plan.sets, plan.repetitions, plan.rest) == (2, 10, 60.0)
        assert (plan.band.soft_below_db, plan.band.hard_above_db) == (-6.0, 6.0)
        assert plan.asks_for_more

    def test_who_has_practised_elsewhere_is_taken_at_their_word_up_to_intermediate(self) -> None:
        assert dose(on(0, "").plans["intermediate"]) == (2, 15)

    def test_is_offered_intermediate_in_place_of_advanced(self) -> None:
        refusal = on(0, "").plans["advanced"]
        assert reason(refusal) == "too_early"
        assert isinstance(refusal, Refusal)
        assert not refusal.may_override
        assert refusal.alternative == on(0, "").plans["intermediate"]
        assert refusal.slots == {
            "level": "advanced",
            "instead": "intermediate",
            "weeks": 4,
            "sessions": 12,
        }

    def test_may_still_say_so_after_a_session_that_was_cut_short(self) -> None:
        assert dose(on(2, "b0:4!").plans["intermediate"]) == (2, 15)

    def test_may_not_after_completing_one(self) -> None:
        assert reason(on(2, "b0").plans["intermediate"]) == "too_early"


class TestRestDays:
    @pytest.mark.parametrize(
        ("history", "number", "level", "refused", "may_override"),
        [
            ("b0", 0, "beginner", "cap", False),
            ("b0:8!", 0, "beginner", "done_today", True),
            ("b0", 1, "beginner", "rest_day", True),
            ("b0:1!", 1, "beginner", "rest_day", True),
            ("b0 b2 b4", 6, "beginner", "week_full", False),
            ("i0", 0, "intermediate", "done_today", True),
            ("i0:60", 0, "intermediate", "cap", False),
            ("i0 i1 i2 i3", 4, "intermediate", "week_full", False),
            (f"{TWO_WEEKS} b14", 15, "intermediate", "rest_day", True),
        ],
    )
    def test_are_kept(
        self, history: str, number: int, level: str, refused: str, may_override: bool
    ) -> None:
        refusal = on(number, history).plans[level]
        assert isinstance(refusal, Refusal)
        assert reason(refusal) == refused
        assert refusal.may_override is may_override
        assert (refusal.alternative is not None) is may_override

    @pytest.mark.parametrize(
        ("history", "number", "level"),
        [
            ("b0:0!", 0, "beginner"),  # nothing was asked for: no session yet
            ("b0", 2, "beginner"),
            ("b0 b2 b4", 7, "beginner"),
            ("i0", 1, "intermediate"),
            ("i0 i1 i2 i3", 7, "intermediate"),
        ],
    )
    def test_over_they_are_over(self, history: str, number: int, level: str) -> None:
        assert isinstance(on(number, history).plans[level], Plan)

    @pytest.mark.parametrize(
        ("history", "number", "days"),
        [("b0", 0, 2), ("b0", 1, 1), ("b0 b2 b4", 4, 3), ("b0 b2 b4", 5, 2), ("b0 b2 b4", 6, 1)],
    )
    def test_the_next_free_day_is_named(self, history: str, number: int, days: int) -> None:
        refusal = on(number, history).plans["beginner"]
        assert isinstance(refusal, Refusal)
        assert refusal.slots["days"] == days
        assert isinstance(on(number + days, history).plans["beginner"], Plan)

    def test_too_early_a_level_on_a_rest_day_is_a_rest_day(self) -> None:
        refusal = on(1, "b0").plans["advanced"]
        assert reason(refusal) == "rest_day"
        assert isinstance(refusal, Refusal)
        assert refusal.alternative is not None
        assert refusal.alternative.level == "beginner"


class TestTheDailyCap:
    @pytest.mark.parametrize(
        ("done", "left"), [("b0:8!", (1, 10)), ("b0:15!", (1, 5)), ("i0:20!", (2, 15))]
    )
    def test_a_second_session_is_cut_to_what_it_leaves(
        self, done: str, left: tuple[int, int]
    ) -> None:
        level = {"b": "beginner", "i": "intermediate"}[done[0]]
        refusal = on(0, done).plans[level]
        assert isinstance(refusal, Refusal)
        assert refusal.alternative is not None
        assert dose(refusal.alternative) == left

    def test_counts_what_was_asked_for_on_the_day_at_every_level(self) -> None:
        assert reason(on(0, "b0:12! i0:8!").plans["beginner"]) == "cap"

    def test_what_was_missed_is_not_made_up(self) -> None:
        assert on(2, "b0:3!").plans["beginner"] == on(0, "").plans["beginner"]


class TestWithinALevel:
    @pytest.mark.parametrize(
        ("completed", "expected"), [(0, (2, 15)), (1, (2, 16)), (5, (2, 20)), (6, (3, 15))]
    )
    def test_the_dose_grows_with_completed_sessions(
        self, completed: int, expected: tuple[int, int]
    ) -> None:
        history = " ".join(f"i{2 * number}" for number in range(completed))
        assert dose(on(2 * completed + 3, history).plans["intermediate"]) == expected

    def test_it_stays_at_the_high_end(self) -> None:
        history = " ".join(f"i{2 * number}" for number in range(40))
        assert dose(on(83, history).plans["intermediate"]) == (3, 20)

    def test_a_session_cut_short_does_not_count(self) -> None:
        assert dose(on(4, "i0 i2!").plans["intermediate"]) == (2, 16)

    def test_two_on_one_day_count_once(self) -> None:
        assert dose(on(4, "i0 i0:15").plans["intermediate"]) == (2, 16)

    def test_an_easier_level_is_given_at_its_low_end(self) -> None:
        now = on(44, f"{TWO_WEEKS} {FOUR_MORE} a42")
        assert now.level == "advanced"
        assert dose(now.plans["intermediate"]) == (2, 15)


class TestMovingUp:
    @pytest.mark.parametrize(
        ("history", "number", "offered"),
        [
            (TWO_WEEKS, 13, None),  # the sessions without the weeks
            (TWO_WEEKS, 14, "intermediate"),
            ("b0 b2 b4 b7 b9", 21, None),  # the weeks without the sessions
            ("b0 b2 b4 b7 b9 b11!", 14, None),
            (f"{TWO_WEEKS} {FOUR_MORE}", 41, None),
            (f"{TWO_WEEKS} {FOUR_MORE}", 42, "advanced"),
        ],
    )
    def test_takes_the_weeks_and_the_sessions(
        self, history: str, number: int, offered: str | None
    ) -> None:
        now = on(number, history)
        assert now.offered == offered
        above = "advanced" if FOUR_MORE in history else "intermediate"
        assert isinstance(now.plans[above], Plan) is (offered is not None)

    def test_is_offered_and_not_forced(self) -> None:
        now = on(14, TWO_WEEKS)
        assert now.level == "beginner"
        assert isinstance(now.plans["beginner"], Plan)
        assert on(16, f"{TWO_WEEKS} b14").offered == "intermediate"

    def test_what_is_still_to_be_done_is_named(self) -> None:
        refusal = on(9, "b0 b2 b4 b7").plans["intermediate"]
        assert isinstance(refusal, Refusal)
        assert refusal.slots == {
            "level": "intermediate",
            "instead": "beginner",
            "weeks": 1,
            "sessions": 2,
        }

    def test_once_moved_up_start_means_the_new_level(self) -> None:
        assert on(16, f"{TWO_WEEKS} i14").level == "intermediate"

    def test_no_level_is_skipped(self) -> None:
        refusal = on(14, TWO_WEEKS).plans["advanced"]
        assert isinstance(refusal, Refusal)
        assert refusal.alternative is not None
        assert refusal.alternative.level == "intermediate"


class TestTooEarly:
    @pytest.mark.parametrize(
        ("history", "number", "weeks", "sessions"),
        [("b0 b2", 4, 2, 4), ("b0 b2 b4 b6 b8 b10", 13, 1, 0), ("b0", 14, 0, 5)],
    )
    def test_says_what_is_still_to_be_done_and_never_less_than_nothing(
        self, history: str, number: int, weeks: int, sessions: int
    ) -> None:
        refusal = on(number, history).plans["intermediate"]
        assert reason(refusal) == "too_early"
        assert isinstance(refusal, Refusal)
        assert (refusal.slots["weeks"], refusal.slots["sessions"]) == (weeks, sessions)


def test_above_the_highest_level_there_is_none_whatever_its_row_says() -> None:
    levels = [*LEVELS[:-1], replace(LEVELS[-1], move_up=MoveUp(weeks=1, sessions=1))]
    at_the_top = Standing(level=len(levels) - 1, since=MONDAY, completed=100)
    assert not at_the_top.may_move_up(MONDAY + timedelta(days=100), levels)


def test_a_plan_lasts_as_long_as_its_repetitions_and_the_rests_between_its_sets() -> None:
    plan = on(0, "").plans["beginner"]
    assert isinstance(plan, Plan)
    assert plan.seconds == 2 * 10 * (3 + 1 + 3) + 60


class TestDaysOff:
    HISTORY = f"{TWO_WEEKS} {FOUR_MORE} a42"

    @pytest.mark.parametrize(("off", "level"), [(14, "advanced"), (15, "intermediate")])
    def test_more_than_fourteen_step_back_one_level(self, off: int, level: str) -> None:
        now = on(42 + off, self.HISTORY)
        assert now.level == level
        assert ("notice.stepped_back" in now.notices) is (off > 14)

    @pytest.mark.parametrize(("history", "told"), [("i0", True), ("b0", False)])
    def test_are_told_where_they_cost_a_level(self, history: str, told: bool) -> None:
        assert ("notice.stepped_back" in on(15, history).notices) is told

    def test_are_told_until_the_next_session_even_an_easier_one(self) -> None:
        assert "notice.stepped_back" in on(62, self.HISTORY).notices
        assert "notice.stepped_back" not in on(63, f"{self.HISTORY} b62").notices

    def test_a_month_away_costs_one_level_and_begins_it_at_the_low_end(self) -> None:
        now = on(80, self.HISTORY)
        assert now.level == "intermediate"
        assert dose(now.plans["intermediate"]) == (2, 15)
        assert reason(now.plans["advanced"]) == "too_early"

    def test_the_weeks_and_sessions_of_before_do_not_count_again(self) -> None:
        back = " ".join(f"i{80 + 2 * number}" for number in range(11))
        assert on(106, f"{self.HISTORY} {back}").offered is None
        assert on(108, f"{self.HISTORY} {back} i106").offered == "advanced"

    def test_easier_sessions_do_not_keep_the_level(self) -> None:
        easier = "b44 b47 b50 b53 b56"
        assert on(57, f"{self.HISTORY} {easier}").level == "intermediate"

    def test_a_beginner_stays_one(self) -> None:
        now = on(60, "b0 b2")
        assert now.level == "beginner"
        assert now.notices == ()

    def test_after_the_first_session_back_nothing_is_said_of_it(self) -> None:
        assert on(82, f"{self.HISTORY} i80").notices == ()


class TestPain:
    def test_holds_everything_until_it_has_settled(self) -> None:
        hurting = past("i0 i2", *pain(2))
        now = on(9, hurting)
        assert {reason(answer) for answer in now.plans.values()} == {"pain"}
        assert not any(
            answer.may_override for answer in now.plans.values() if isinstance(answer, Refusal)
        )

    def test_steps_back_once_it_has(self) -> None:
        settled = past("i0 i2", *pain(2, 5))
        now = on(9, settled)
        assert now.level == "beginner"
        assert isinstance(now.plans["beginner"], Plan)
        assert reason(now.plans["intermediate"]) == "too_early"

    def test_told_of_again_before_it_has_settled_is_the_same_pain(self) -> None:
        history = f"{TWO_WEEKS} {FOUR_MORE} a42"
        twice = (*pain(43), *pain(45, 47))
        assert on(48, past(history, *twice)).level == "intermediate"
        assert on(51, past(history, *twice, *pain(49, 50))).level == "beginner"

    def test_sessions_before_it_do_not_count_towards_moving_up(self) -> None:
        settled = past(TWO_WEEKS, *pain(11, 12))
        assert on(14, settled).offered is None

    def test_that_settles_later_is_not_settled_today(self) -> None:
        assert reason(on(4, past("b0", *pain(2, 6))).plans["beginner"]) == "pain"


class TestAClockThatIsWrong:
    def test_sessions_that_are_still_to_come_are_set_aside_and_spoken_of(self) -> None:
        now = on(4, "b0 b2 b300 b302 b304")
        assert isinstance(now.plans["beginner"], Plan)
        assert now.notices == ("notice.clock_behind",)


def test_every_refusal_is_in_the_table_and_only_rest_may_be_overridden() -> None:
    assert {name for name, may in load_rules().may_override.items() if may} == {
        "rest_day",
        "done_today",
    }


def test_a_level_that_the_file_no_longer_has_is_still_rest_and_cap() -> None:
    done = past("b0:15!")
    other = History(
        tuple(
            type(session)(session.day, "gone", session.prompted, session.completed)
            for session in done.sessions
        )
    )
    refusal = on(0, other).plans["beginner"]
    assert isinstance(refusal, Refusal)
    assert refusal.alternative is not None
    assert dose(refusal.alternative) == (1, 5)
