"""The history in memory comes to the same as the diary on the disk."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diary.sessions import MEMORY, MORNING, entries
from voice_coach.diary.diary import Diary
from voice_coach.diary.running_history import RunningHistory
from voice_coach.programme.history import History
from voice_coach.programme.ledger import (
    Answer,
    Answered,
    Complained,
    Complaint,
    EndReason,
    FaultNoted,
    Feeling,
    Outcome,
    PainSettled,
    ScreeningFinished,
    SetFelt,
)

remarks = st.one_of(
    st.builds(Answered, st.just(0), st.text(max_size=5), st.sampled_from(Answer)),
    st.just(ScreeningFinished(0)),
    st.builds(SetFelt, st.just(0), st.integers(1, 3), st.sampled_from(Feeling)),
    st.builds(Complained, st.just(0), st.sampled_from(Complaint)),
    st.just(PainSettled(0)),
    st.just(FaultNoted(0, "sound", "gone")),
)
sessions = st.builds(
    lambda outcomes, sets, reason: list(entries(outcomes, sets=sets, reason=reason)),
    st.lists(st.none() | st.sampled_from(Outcome), max_size=3),
    st.integers(1, 2),
    st.sampled_from(EndReason),
)
lives = st.lists(remarks.map(lambda remark: [remark]) | sessions, max_size=6)


@given(lives, st.data())
@settings(deadline=None, max_examples=60)
def test_after_every_entry_it_is_as_if_the_diary_had_been_read(
    life: list[list[Answered]], data: st.DataObject
) -> None:
    where = MEMORY if MEMORY.is_dir() else None
    with (
        TemporaryDirectory(dir=where) as folder,
        Diary.open(Path(folder), exclusive=True) as diary,
    ):
        running = RunningHistory(History())
        moment = MORNING
        for part in life:
            for entry in part:
                moment += timedelta(hours=data.draw(st.integers(0, 30)))
                diary.record(entry, moment)
                running.take(entry, moment)
                assert running.history() == diary.history()
