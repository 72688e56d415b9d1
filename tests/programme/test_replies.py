"""What is answered when it is asked. Day 0 is a Monday."""

from dataclasses import replace

import pytest

from tests.programme.past import FOUR_MORE, SCREENED, TWO_WEEKS, day, on, pain, past
from voice_coach.programme.adherence import week, weeks_in_a_row
from voice_coach.programme.day import Line
from voice_coach.programme.history import History, Hurt, Remark, Told
from voice_coach.programme.ledger import Answer, Complaint
from voice_coach.programme.replies import CUES, FACTS

YEAR = " ".join(f"b{7 * number}!" for number in range(52))


def heard(history: History, of_ten: int) -> History:
    return replace(
        history,
        sessions=tuple(
            replace(session, heard=session.prompted * of_ten // 10) for session in history.sessions
        ),
    )


def answer(intent: str, number: int, history: History | str) -> list[Line]:
    return list(on(number, history).answers[intent])


def said(intent: str, number: int, history: History | str) -> dict[str, object]:
    """Return the last part of each cue, with its only slot if it has one."""
    return {
        line.cue.removeprefix(f"answer.{intent}").lstrip("."): next(iter(line.slots.values()), None)
        for line in answer(intent, number, history)
    }


@pytest.mark.parametrize("intent", FACTS)
def test_facts_are_the_same_for_everybody(intent: str) -> None:
    assert answer(intent, 0, "") == answer(intent, 60, TWO_WEEKS) == [Line(f"answer.{intent}")]


class TestHowAmIDoing:
    @pytest.mark.parametrize(
        ("number", "history", "expected"),
        [
            (0, past(""), {"none": None}),
            (0, past("b0:0!"), {"none": None}),
            (1, heard(past("b0:4!"), 10), {"week": 1, "level": "beginner"}),
            (1, heard(past("b0"), 9), {"week": 1, "heard": 9, "level": "beginner"}),
            (8, heard(past("b0 b2 b7"), 10), {"week": 1, "heard": 10, "weeks": 2}),
            (13, heard(past(TWO_WEEKS), 5), {"week": 3, "heard": 5, "weeks": 2}),
            (14, heard(past(TWO_WEEKS), 5), {"week": 0, "heard": 5, "offered": "intermediate"}),
            (13, heard(past(TWO_WEEKS, *pain(12)), 5), {"week": 3, "heard": 5, "open": None}),
            (16, heard(past("b0 b2"), 10), {"week": 0, "heard": 10, "level": "beginner"}),
            (17, heard(past("b0 b2"), 10), {"week": 0, "heard": 10, "away": None}),
            (29, heard(past("b0 b2"), 0), {"week": 0, "heard": 0, "away": None}),
            (30, heard(past("b0 b2"), 0), {"week": 0, "away": None}),
            (40, heard(past("b0 b2"), 0), {"week": 0, "away": None}),
            (25, heard(past("b0 b2"), 0), {"week": 0, "heard": 0, "away": None}),
            (358, heard(past(YEAR), 10), {"week": 1, "heard": 10, "weeks": 13}),
        ],
    )
    def test_is_told_from_the_diary(
        self, number: int, history: History, expected: dict[str, object]
    ) -> None:
        assert said("how_am_i_doing", number, history) == expected


class TestWhenNext:
    @pytest.mark.parametrize(
        ("number", "history", "expected"),
        [
            (0, "", {"today": None}),
            (0, "b0", {"done": None, "weekday": "wednesday"}),
            (1, "b0", {"tomorrow": None}),
            (4, "b0 b2 b4", {"done": None, "weekday": "monday"}),
            (3, past("b0 b2", *pain(2)), {"settled": None}),
            (3, past("b0", Hurt(day(0), Complaint.SORENESS)), {"settled": None}),
            (3, past("b0", Told(day(0), "falls", Answer.YES)), {"blocked": None}),
        ],
    )
    def test_is_the_next_day_on_which_one_may(
        self, number: int, history: History | str, expected: dict[str, object]
    ) -> None:
        assert said("when_next", number, history) == expected


class TestWhatWasAnswered:
    @pytest.mark.parametrize(
        ("history", "cues"),
        [
            (History(), ["answer.review_answers.none"]),
            (past(""), ["answer.review_answers.safe"]),
            (
                past("", Told(day(0), "falls", Answer.UNSURE)),
                ["answer.review_answers.unsafe", "noted.falls"],
            ),
            (
                past(
                    "",
                    Told(day(0), "balance", Answer.YES),
                    Told(day(0), "foot_injury", Answer.YES),
                    Told(day(0), "falls", Answer.YES),
                ),
                ["answer.review_answers.unsafe", "noted.balance", "noted.falls"],
            ),
        ],
    )
    def test_says_at_most_two_unsafe_answers_again(self, history: History, cues: list[str]) -> None:
        assert [line.cue for line in answer("review_answers", 0, history)] == cues


class TestTodaysPlan:
    def test_is_what_start_means(self) -> None:
        assert answer("todays_plan", 14, TWO_WEEKS) == [
            Line("answer.todays_plan", {"repetitions": 10, "sets": 2})
        ]

    def test_is_the_reason_where_there_is_none(self) -> None:
        (refusal,) = answer("todays_plan", 1, "b0")
        assert refusal.cue == "refused.rest_day"

    @pytest.mark.parametrize(
        ("remarks", "cues"),
        [
            ((), ["answer.todays_plan.screening"]),
            (SCREENED[:-1], ["answer.todays_plan.screening"]),
            (SCREENED, ["answer.todays_plan"]),
            ((*SCREENED, Told(day(0), "falls", Answer.YES)), ["refused.blocked", "block.falls"]),
            (
                (
                    *SCREENED,
                    Told(day(0), "falls", Answer.YES),
                    Told(day(0), "foot_injury", Answer.YES),
                ),
                ["refused.blocked", "block.falls"],
            ),
        ],
    )
    def test_begins_with_the_questions(self, remarks: tuple[Remark, ...], cues: list[str]) -> None:
        assert [line.cue for line in answer("todays_plan", 0, History((), remarks))] == cues


class TestTheWeekInReview:
    @pytest.mark.parametrize(
        ("number", "history", "expected"),
        [
            (0, "", ()),
            (4, "b0 b2", ()),
            (7, "b0 b2:5!", (Line("review.week", {"sessions": 2}), Line("review.heard"))),
            (8, "b4:3!", (Line("review.week", {"sessions": 1}),)),
            (9, "b0 b2 b7", ()),  # not the first session of the week
            (16, "b0 b2", ()),  # nothing last week: nothing is said of it
        ],
    )
    def test_is_a_word_on_last_week(
        self, number: int, history: str, expected: tuple[Line, ...]
    ) -> None:
        review = on(number, heard(past(history), 10)).review
        assert [line.cue for line in review] == [line.cue for line in expected]
        assert review[:1] == expected[:1]
        assert all(line.slots == {"heard": 10} for line in review[1:])


class TestWeeksInARow:
    @pytest.mark.parametrize(
        ("history", "number", "weeks"),
        [
            ("", 0, 0),
            ("b0", 0, 1),
            ("b0", 6, 1),
            ("b0", 13, 1),  # this week may still come
            ("b0", 14, 0),
            ("b0 b13 b14", 20, 3),
            ("b0 b13:0! b14", 20, 1),  # nothing was asked for in the second
            (f"{TWO_WEEKS} {FOUR_MORE}", 41, 6),
        ],
    )
    def test_are_weeks_with_any_practice_at_all(
        self, history: str, number: int, weeks: int
    ) -> None:
        assert weeks_in_a_row(past(history), day(number)) == weeks

    def test_a_week_is_from_monday_to_sunday(self) -> None:
        history = heard(past("b-1 b0 b6 b7"), 5)
        assert (week(history, day(3)).days, week(history, day(3)).prompted) == (2, 40)
        assert week(history, day(3)).heard == 20


def test_no_cue_is_listed_twice() -> None:
    assert len(set(CUES)) == len(CUES)
