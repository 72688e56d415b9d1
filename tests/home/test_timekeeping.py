"""“The clock was wrong again this morning”: what is believed of it over a restart."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voice_coach.home.kept_file import TIME, KeptFile
from voice_coach.home.timekeeping import Standing, Timekeeper
from voice_coach.programme.ledger import Answer

MONDAY = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Home:
    """A machine, and the time that passes."""

    folder: Path
    shows: datetime = MONDAY
    said: Standing = Standing.LOST
    boots: int = 1
    passed: float = 0.0
    moves: list[tuple[timedelta, datetime]] = field(default_factory=list)

    def boot(self) -> str:
        return str(self.boots)

    def standing(self) -> Standing:
        return self.said

    def wait(self, by: timedelta) -> None:
        """Let time pass with the machine on and its clock running."""
        self.passed += by.total_seconds()
        self.shows += by

    def restart(self, shows: datetime) -> None:
        """Switch it off and on, and let the clock then show something."""
        self.boots += 1
        self.passed = 0.0
        self.shows = shows

    def begin(self, latest: datetime | None = None) -> Timekeeper:
        return Timekeeper(
            lambda: self.shows,
            lambda: self.passed,
            lambda by, since: self.moves.append((by, since)),
            latest=latest,
            machine=self,
            store=KeptFile(self.folder / TIME),
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def asked(keeper: Timekeeper) -> tuple[object, ...] | None:
    line = keeper.question
    return None if line is None else tuple(line.slots.values())


def test_a_clock_that_a_network_sets_is_believed(home: Home) -> None:
    home.said = Standing.SET
    assert home.begin().question is None
    home.restart(MONDAY + 3 * DAY)
    keeper = home.begin()
    assert keeper.question is None
    assert keeper.now() == MONDAY + 3 * DAY


def test_a_clock_that_goes_on_without_power_is_believed(home: Home) -> None:
    home.said = Standing.KEPT
    home.begin()
    home.restart(MONDAY + 3 * DAY)
    assert home.begin().question is None


def test_a_clock_that_stands_still_without_power_is_asked_about_once(home: Home) -> None:
    keeper = home.begin()
    assert asked(keeper) == ("monday", 2, 3)
    keeper.answer(Answer.YES)
    assert keeper.question is None
    assert keeper.now() == MONDAY


def test_it_began_in_1970_again_and_i_said_what_day_it_is(home: Home) -> None:
    home.said = Standing.SET
    home.begin()
    home.restart(datetime(1970, 1, 1, tzinfo=UTC))
    home.said = Standing.LOST
    keeper = home.begin()
    assert asked(keeper) == ("monday", 2, 3)
    keeper.answer(Answer.NO)
    assert asked(keeper) == ("tuesday", 3, 3)
    keeper.answer(Answer.YES)
    assert keeper.now().date() == (MONDAY + DAY).date()


def test_a_clock_that_fell_behind_is_not_believed_even_where_it_mostly_keeps_time(
    home: Home,
) -> None:
    home.said = Standing.KEPT
    home.begin(latest=MONDAY)
    home.restart(MONDAY - 30 * DAY)
    assert home.begin(latest=MONDAY).question is not None


def test_silence_and_doubt_leave_it_open(home: Home) -> None:
    keeper = home.begin()
    for answer in (Answer.SILENCE, Answer.UNSURE):
        assert keeper.question is not None
        keeper.answer(answer)
        assert not keeper.is_sure


def test_the_day_that_was_told_is_asked_for_again_at_the_next_session(home: Home) -> None:
    keeper = home.begin()
    assert keeper.question is not None
    keeper.answer(Answer.YES)
    home.wait(5 * DAY / 6)
    assert asked(keeper) == ("tuesday", 3, 3)
    assert keeper.vague


def test_only_the_program_was_restarted_and_the_day_is_known_still(home: Home) -> None:
    keeper = home.begin()
    assert keeper.question is not None
    keeper.answer(Answer.YES)
    keeper.save(wait=True)
    home.wait(timedelta(minutes=5))
    assert home.begin().question is None


def test_while_the_machine_is_on_a_frozen_clock_does_not_matter(home: Home) -> None:
    keeper = home.begin()
    assert keeper.question is not None
    keeper.answer(Answer.YES)
    home.passed += (3 * DAY).total_seconds()
    assert keeper.now() == MONDAY + 3 * DAY


def test_the_network_came_later_and_what_was_written_is_dated_anew(home: Home) -> None:
    keeper = home.begin()
    home.wait(timedelta(hours=1))
    home.shows += 10 * DAY
    home.said = Standing.SET
    assert keeper.now() == home.shows
    ((by, since),) = home.moves
    assert by == 10 * DAY
    assert since <= MONDAY
    assert keeper.question is None


def test_a_clock_that_was_ahead_for_a_while_locks_nobody_out(home: Home) -> None:
    home.said = Standing.SET
    ahead = MONDAY + 400 * DAY
    keeper = home.begin(latest=ahead)
    assert keeper.now() == MONDAY
    ((by, since),) = home.moves
    assert ahead + by == MONDAY
    assert MONDAY < since < ahead


@pytest.mark.parametrize("content", ["", "{", "[]", '{"boot": 1}', "\x00" * 100])
def test_what_was_kept_of_the_time_is_spoilt(home: Home, content: str) -> None:
    (home.folder / TIME).write_text(content)
    keeper = home.begin(latest=MONDAY)
    assert keeper.now() >= MONDAY


def test_nothing_can_be_kept_and_it_goes_on(home: Home, tmp_path: Path) -> None:
    home.folder = tmp_path / "file" / "folder"
    (tmp_path / "file").write_text("")
    assert home.begin().now() == MONDAY


def test_what_is_kept_is_private_and_says_nothing_of_anybody(home: Home) -> None:
    home.begin()
    file = home.folder / TIME
    assert file.stat().st_mode & 0o077 == 0
    assert all(
        isinstance(value, int | float | str | None)
        for value in json.loads(file.read_text()).values()
    )
