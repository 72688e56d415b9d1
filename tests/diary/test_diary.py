import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diary.sessions import BEGAN, LANDED, MEMORY, MORNING, NOON, PACE, entries, write
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.programme.history import (
    Approved,
    Felt,
    History,
    Hurt,
    PastSession,
    Screened,
    Settled,
    Told,
)
from voice_coach.programme.ledger import (
    Answer,
    Answered,
    Complained,
    Complaint,
    DoubtDecided,
    EndReason,
    FaultNoted,
    Feeling,
    LagHeard,
    Outcome,
    PainSettled,
    RepetitionPrompted,
    RepetitionResolved,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
    SetFelt,
)

EVERY = (Outcome.HEARD, Outcome.SOFT, Outcome.HARD, Outcome.NOT_HEARD)


def moment(day: int) -> datetime:
    return datetime(2026, 3, day, 18, tzinfo=UTC)


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return list(connection.iterdump())


class TestWhatIsWritten:
    def test_is_read_back_as_it_was(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(EVERY, sets=2, overrode="refused.rest_day"))
        with Diary.open(tmp_path) as diary:
            (session,) = diary.sessions()
        assert session.started == MORNING
        assert session.started.utcoffset() == MORNING.utcoffset()
        assert (session.level, session.planned_sets, session.planned_repetitions) == (
            "beginner",
            2,
            4,
        )
        assert session.overrode == "refused.rest_day"
        assert session.reason is EndReason.COMPLETED
        assert session.sets_finished == 2
        assert [(r.set, r.number, r.outcome) for r in session.repetitions] == [
            (number, repetition, outcome)
            for number in (1, 2)
            for repetition, outcome in enumerate(EVERY, start=1)
        ]
        first = session.repetitions[0]
        assert (first.prompted_at, first.thump_at) == (BEGAN + PACE, BEGAN + PACE + LANDED)
        assert first.level_db == -1.5
        tally = session.tally
        assert (tally.prompted, tally.heard, tally.not_heard) == (8, 6, 2)
        assert first.resolved_at == BEGAN + PACE + 2 * LANDED
        assert session.level_db == -1.5
        assert session.seconds == pytest.approx(10 * 7.0)
        assert (session.moment(first.prompted_at) - MORNING).total_seconds() == 7.0

    def test_is_the_same_for_the_same_session(self, tmp_path: Path) -> None:
        for name in ("one", "two"):
            with Diary.open(tmp_path / name, exclusive=True) as diary:
                write(diary, entries(EVERY, sets=2))
                write(diary, entries(reason=EndReason.STOPPED), NOON)
        assert dump(tmp_path / "one") == dump(tmp_path / "two")

    def test_can_be_read_while_the_session_goes_on(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as writer:
            write(writer, entries(EVERY, reason=None))
            with Diary.open(tmp_path) as reader:
                (session,) = reader.sessions()
                assert session.reason is None
                assert session.seconds is None
                assert session.tally.prompted == 4
                writer.record(SessionEnded(BEGAN + 9 * PACE, EndReason.STOPPED))
                assert reader.sessions()[0].reason is EndReason.STOPPED

    def test_a_repetition_prompted_again_is_another_one(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries([None], reason=None))
            diary.record(RepetitionPrompted(BEGAN + 3 * PACE, 1, 1))
            diary.record(RepetitionResolved(BEGAN + 4 * PACE, 1, 1, Outcome.NOT_HEARD))
            (session,) = diary.sessions()
        assert [r.outcome for r in session.repetitions] == [None, Outcome.NOT_HEARD]

    def test_what_was_left_open_may_be_decided_later(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries([Outcome.UNSURE, Outcome.HEARD], reason=None))
            landed = BEGAN + PACE + 100
            diary.record(DoubtDecided(BEGAN + 9 * PACE, 1, 1, Outcome.SOFT, landed, -9.5))
            (session,) = diary.sessions()
        first, second = session.repetitions
        assert (first.outcome, first.thump_at, first.level_db) == (Outcome.SOFT, landed, -9.5)
        assert second.outcome is Outcome.HEARD
        assert session.tally.unsure == 0

    def test_how_far_apart_heels_came_is_kept_with_their_repetition(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            diary.record(LagHeard(0, LANDED, 20.0))  # before any session
            write(diary, entries([Outcome.HEARD, Outcome.SOFT, Outcome.NOT_HEARD], reason=None))
            first, second, _ = diary.sessions()[0].repetitions
            assert second.thump_at is not None
            diary.record(LagHeard(second.thump_at + 6400, second.thump_at, 31.5))
            diary.record(LagHeard(second.thump_at + 6400, second.thump_at + 1, 12.0))
            (session,) = diary.sessions()
        assert [each.lag_ms for each in session.repetitions] == [None, 31.5, None]
        assert first.thump_at is not None

    def test_what_was_heard_is_not_decided_again(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries([Outcome.HEARD], reason=None))
            with pytest.raises(ValueError, match="not left open"):
                diary.record(DoubtDecided(BEGAN + 9 * PACE, 1, 1, Outcome.SOFT, BEGAN, -9.5))

    def test_faults_stand_beside_the_session_or_alone(self, tmp_path: Path) -> None:
        fault = FaultNoted(BEGAN + 1, "sound", "the microphone was unplugged")
        with Diary.open(tmp_path, exclusive=True) as diary:
            diary.record(FaultNoted(7, "sound", "no loudspeaker"))
            write(diary, entries(reason=None))
            diary.record(fault)
            assert [session.faults for session in diary.sessions()] == [(fault,)]
        assert "no loudspeaker" in "\n".join(dump(tmp_path))

    @settings(deadline=None, max_examples=50)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 2**40),
                st.sampled_from([*EVERY, None]),
                st.floats(-90, 90) | st.none(),
            ),
            max_size=30,
        )
    )
    def test_whatever_happened_is_read_back(
        self, happened: list[tuple[int, Outcome | None, float | None]]
    ) -> None:
        with (
            tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder,
            Diary.open(Path(folder), exclusive=True) as diary,
        ):
            diary.record(SessionStarted(0, "advanced", 3, 30), MORNING)
            for number, (at, outcome, level_db) in enumerate(happened):
                diary.record(RepetitionPrompted(at, 1, number))
                if outcome:
                    diary.record(RepetitionResolved(at, 1, number, outcome, at, level_db))
            (session,) = diary.sessions()
        assert [(r.prompted_at, r.outcome) for r in session.repetitions] == [
            (at, outcome) for at, outcome, _ in happened
        ]
        assert [r.level_db for r in session.repetitions if r.outcome] == [
            level_db for _, outcome, level_db in happened if outcome
        ]


class TestWhatCannotFollow:
    @pytest.mark.parametrize(
        "entry",
        [
            RepetitionPrompted(1, 1, 1),
            RepetitionResolved(1, 1, 1, Outcome.HEARD),
            SessionEnded(1, EndReason.STOPPED),
        ],
    )
    def test_nothing_of_a_session_before_it_has_started(
        self,
        tmp_path: Path,
        entry: RepetitionPrompted | RepetitionResolved | SessionEnded,
    ) -> None:
        with (
            Diary.open(tmp_path, exclusive=True) as diary,
            pytest.raises(ValueError, match="no session"),
        ):
            diary.record(entry)

    def test_a_session_within_a_session(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(reason=None))
            with pytest.raises(ValueError, match="has not ended"):
                write(diary, entries())

    @pytest.mark.parametrize("started", [None, datetime(2026, 3, 2)])
    def test_a_session_without_its_time_and_offset(
        self, tmp_path: Path, started: datetime | None
    ) -> None:
        with (
            Diary.open(tmp_path, exclusive=True) as diary,
            pytest.raises(ValueError, match="UTC offset"),
        ):
            diary.record(SessionStarted(0, "beginner", 2, 10), started)

    def test_a_thump_without_its_cue_or_a_second_one(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(reason=None))
            for number in (1, 2):
                with pytest.raises(ValueError, match="not prompted"):
                    diary.record(RepetitionResolved(BEGAN, 1, number, Outcome.HEARD))

    def test_anything_by_a_reader(self, tmp_path: Path) -> None:
        with (
            Diary.open(tmp_path, exclusive=True),
            Diary.open(tmp_path) as reader,
            pytest.raises(ValueError, match="for reading"),
        ):
            write(reader, entries())


class TestASessionThatWasCutOff:
    def test_is_closed_as_interrupted_with_what_was_recorded(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(EVERY, reason=None))
        with Diary.open(tmp_path, exclusive=True) as diary:
            (session,) = diary.sessions()
            write(diary, entries(), NOON)
        assert session.reason is EndReason.INTERRUPTED
        assert session.tally.prompted == 4
        assert session.ended_at == BEGAN + 5 * PACE

    def test_is_left_alone_by_a_reader(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(reason=None))
        with Diary.open(tmp_path) as reader:
            assert reader.sessions()[0].reason is None


class TestTheHistory:
    def test_is_what_the_programme_needs(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(EVERY, sets=2))
            write(diary, entries(level="intermediate", reason=EndReason.STOPPED), NOON)
            diary.record(Complained(0, Complaint.PAIN), moment(4))
            diary.record(PainSettled(1), moment(6))
            diary.record(Complained(2, Complaint.SORENESS), moment(9))
            assert diary.history() == History(
                sessions=(
                    PastSession(MORNING.date(), "beginner", 8, completed=True, heard=6, soft=2),
                    PastSession(NOON.date(), "intermediate", 1, completed=False, heard=1),
                ),
                remarks=(
                    Hurt(date(2026, 3, 4), Complaint.PAIN),
                    Settled(date(2026, 3, 6)),
                    Hurt(date(2026, 3, 9), Complaint.SORENESS),
                ),
            )

    def test_dates_a_session_by_the_calendar_of_the_person(self, tmp_path: Path) -> None:
        late = datetime.fromisoformat("2026-03-02T00:30:00+10:00")
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(), late)
            assert diary.history().sessions[0].day == date(2026, 3, 2)

    def test_is_empty_where_there_is_no_diary_and_none_is_made(self, tmp_path: Path) -> None:
        folder = tmp_path / "none"
        with Diary.open(folder) as diary:
            assert diary.history() == History()
            assert diary.sessions() == ()
        assert not folder.exists()


class TestWhatWasSaid:
    def test_in_and_beside_a_session_is_read_back_in_its_order(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            diary.record(Answered(0, "falls", Answer.YES), moment(1))
            diary.record(ScreeningFinished(9), moment(1))
            diary.approve(moment(1), "R. Jones", "with a belt")
            write(diary, entries(reason=None))
            diary.record(SetFelt(BEGAN + 2 * PACE, 1, Feeling.SORE))
            diary.record(SessionEnded(BEGAN + 3 * PACE, EndReason.STOPPED))
            diary.record(PainSettled(5), moment(3))
        with Diary.open(tmp_path) as diary:
            assert diary.history().remarks == (
                Told(date(2026, 3, 1), "falls", Answer.YES),
                Screened(date(2026, 3, 1)),
                Approved(date(2026, 3, 1), "R. Jones", "with a belt"),
                Felt(date(2026, 3, 2), Feeling.SORE),
                Settled(date(2026, 3, 3)),
            )

    def test_in_a_session_has_the_time_of_its_stream(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(reason=None))
            diary.record(Complained(BEGAN + PACE, Complaint.DIZZY))
            (row,) = diary._connection.execute("SELECT moment, session, at FROM remarks")
        assert row == ("2026-03-02T09:30:07.000+01:00", 1, BEGAN + PACE)

    @pytest.mark.parametrize("when", [None, datetime(2026, 3, 1)])
    def test_outside_a_session_needs_its_time(self, tmp_path: Path, when: datetime | None) -> None:
        with (
            Diary.open(tmp_path, exclusive=True) as diary,
            pytest.raises(ValueError, match="UTC offset"),
        ):
            diary.record(Complained(0, Complaint.PAIN), when)

    def test_may_be_written_beside_a_session_that_goes_on(self, tmp_path: Path) -> None:
        with Diary.open(tmp_path, exclusive=True) as diary:
            write(diary, entries(EVERY, reason=None))
            assert not diary.changed_elsewhere()
            with Diary.open_for_remarks(tmp_path) as other:
                other.approve(moment(1), "R. Jones")
            assert diary.changed_elsewhere()
            assert not diary.changed_elsewhere()
            diary.record(SessionEnded(BEGAN + 9 * PACE, EndReason.STOPPED))
            assert diary.history().remarks == (Approved(date(2026, 3, 1), "R. Jones"),)
            assert diary.sessions()[0].reason is EndReason.STOPPED

    def test_of_a_screening_is_forgotten_for_good(self, tmp_path: Path) -> None:
        with Diary.open_for_remarks(tmp_path) as diary:
            diary.record(Answered(0, "recent_fracture", Answer.YES), moment(1))
            diary.record(ScreeningFinished(0), moment(1))
            diary.approve(moment(2), "Doctor Secretive")
            diary.record(Complained(0, Complaint.BACK_PAIN), moment(3))
            diary.forget_screening()
            assert diary.history().remarks == (Hurt(date(2026, 3, 3), Complaint.BACK_PAIN),)
            left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert b"back_pain" in left
        assert b"recent_fracture" not in left
        assert b"Secretive" not in left
