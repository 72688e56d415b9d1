"""What a day was, and what a week came to. Day 0 is a Monday."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.programme.past import LEVELS, day
from voice_coach.diary.records import Session
from voice_coach.programme.history import History, Hurt, Settled
from voice_coach.programme.ledger import EndReason, Outcome
from voice_coach.programme.repetition import Repetition
from voice_coach.programme.tally import Tally
from voice_coach.reports.day_marks import Mark, adherence, marks, weeks

NAMED = {level.name: level for level in LEVELS}
LETTERS = {"d": Mark.DONE, "p": Mark.PARTLY, "-": Mark.MISSED, ".": Mark.REST, "!": Mark.PAIN}


def session(
    number: int,
    *outcomes: Outcome,
    reason: EndReason = EndReason.COMPLETED,
    level: str = "beginner",
) -> Session:
    heard = outcomes or (Outcome.HEARD,)
    return Session(
        started=datetime.combine(day(number), time(10), UTC),
        began_at=0,
        level=level,
        planned_sets=1,
        planned_repetitions=len(heard),
        overrode="",
        ended_at=10,
        reason=reason,
        sets_finished=1,
        repetitions=tuple(
            Repetition(1, n, n, outcome, n, -1.0) for n, outcome in enumerate(heard, start=1)
        ),
        faults=(),
    )


def drawn(
    sessions: list[Session], last: int, history: History | None = None, chosen: tuple[str, ...] = ()
) -> str:
    found = marks(sessions, history or History(), NAMED, day(last), chosen)
    assert list(found) == [day(0) + timedelta(days=n) for n in range(len(found))]
    signs = {mark: letter for letter, mark in LETTERS.items()}
    return "".join(signs[mark] for mark in found.values())


class TestADay:
    @pytest.mark.parametrize(
        ("done", "last", "expected"),
        [
            ([0, 2, 4, 7], 7, "d.d.d..d"),
            ([0, 2], 4, "d.d.."),
            ([0], 3, "d..."),  # today may still come
            ([0], 4, "d..-."),
            ([0], 9, "d..-..-..."),  # one day of reproach for each session that was not
            ([0, 6], 6, "d..-..d"),
        ],
    )
    def test_is_done_missed_or_rest(self, done: list[int], last: int, expected: str) -> None:
        assert drawn([session(number) for number in done], last) == expected

    def test_of_a_higher_level_is_missed_sooner(self) -> None:
        assert drawn([session(0, level="advanced")], 5) == "d.-.-."

    def test_is_partly_done_when_it_was_cut_short_and_not_finished_later(self) -> None:
        cut = session(0, reason=EndReason.STOPPED)
        assert drawn([cut], 0) == "p"
        assert drawn([cut, session(0)], 0) == "d"

    def test_of_pain_is_not_missed(self) -> None:
        history = History((), (Hurt(day(1)), Settled(day(8))))
        assert drawn([session(0)], 13, history) == "d!!!!!!!..-..."

    def test_chosen_is_missed_when_nothing_was_done(self) -> None:
        chosen = ("monday", "thursday")
        assert drawn([session(0), session(4)], 8, chosen=chosen) == "d..-d..-."

    def test_of_a_session_in_which_nothing_was_asked_for_is_none(self) -> None:
        nothing = session(0)
        assert marks([], History(), NAMED, day(3)) == {}
        empty = Session(nothing.started, 0, "beginner", 1, 1, "", 1, EndReason.STOPPED, 0, (), ())
        assert marks([empty], History(), NAMED, day(3)) == {}


class TestAWeek:
    def test_counts_days_and_landings(self) -> None:
        every = [
            session(0, Outcome.HEARD, Outcome.SOFT, Outcome.NOT_HEARD),
            session(0, Outcome.HARD),
            session(6, Outcome.HEARD),
            session(14, level="advanced"),
        ]
        first, second, third = weeks(every, NAMED, day(15), 12)
        assert (first.first, first.practised, first.asked) == (day(0), 2, 3)
        assert first.tally == Tally(prompted=5, good=2, soft=1, hard=1, not_heard=1)
        assert (second.practised, second.asked) == (0, 3)
        assert (third.practised, third.asked) == (1, 4)

    def test_of_long_ago_is_left_out_but_its_level_is_remembered(self) -> None:
        (latest,) = weeks([session(0, level="advanced")], NAMED, day(70), 1)
        assert (latest.first, latest.practised, latest.asked) == (day(70), 0, 4)

    def test_there_is_none_in_an_empty_diary(self) -> None:
        assert weeks([], NAMED, day(0), 12) == ()


@pytest.mark.parametrize(
    ("done", "last", "expected"),
    [
        ([0, 2, 4], 6, (0, 0)),  # the week is not over
        ([0, 2, 4], 7, (3, 3)),
        ([0, 1, 2, 3, 4], 7, (3, 3)),  # more is not better
        ([0, 1, 2, 3, 4], 14, (3, 6)),
    ],
)
def test_adherence_counts_whole_weeks(
    done: list[int], last: int, expected: tuple[int, int]
) -> None:
    found = weeks([session(number) for number in done], NAMED, day(last), 12)
    assert adherence(found, day(last)) == expected
