"""What stands in the diary before a rehearsal begins."""

from datetime import datetime, timedelta

from voice_coach.diary.writer import DiaryWriter
from voice_coach.programme.ledger import (
    Answered,
    Complained,
    EndReason,
    Entry,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
    SetFinished,
)
from voice_coach.programme.questions import load_questions
from voice_coach.rehearsal.scenario import Background, Past

SCREENED = timedelta(days=60)
"""So long ago was the screening: not due again, and before anything else."""


def write(background: Background, diary: DiaryWriter, started: datetime) -> None:
    """Write `background` into `diary`, up to the session that starts at `started`."""
    if background.screened:
        for question in load_questions():
            if question.when == "screening" and not question.within:
                diary.record(Answered(0, question.name, question.safe), started - SCREENED)
        diary.record(ScreeningFinished(0), started - SCREENED)
    for past in sorted(background.past, key=lambda past: -past.days_ago):
        moment = started - timedelta(days=past.days_ago, hours=1)
        for entry in _entries(past):
            diary.record(entry, moment)


def _entries(past: Past) -> list[Entry]:
    if past.level is None:
        assert past.complaint is not None
        return [Complained(0, past.complaint)]
    entries: list[Entry] = [SessionStarted(0, past.level, past.sets, past.repetitions)]
    for number_of_set in range(1, past.sets + 1):
        for number in range(1, past.repetitions + 1):
            entries += [
                RepetitionPrompted(0, number_of_set, number),
                RepetitionResolved(0, number_of_set, number, Outcome.HEARD, 0, 0.0),
            ]
        entries.append(SetFinished(0, number_of_set))
    return [*entries, SessionEnded(0, EndReason.COMPLETED)]
