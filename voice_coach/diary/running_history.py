"""The history as it goes on: what was read once, and every entry since, without asking the disk."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from voice_coach.programme.history import (
    Felt,
    History,
    Hurt,
    PastSession,
    Remark,
    Screened,
    Settled,
    Told,
)
from voice_coach.programme.ledger import (
    Answered,
    Complained,
    EndReason,
    Entry,
    PainSettled,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
    SetFelt,
)
from voice_coach.programme.repetition import Repetition, note
from voice_coach.programme.tally import Tally


class RunningHistory:
    """Comes to the same as reading the diary anew after each entry.

    Parameters
    ----------
    history
        What the diary held before.
    """

    def __init__(self, history: History) -> None:
        self._sessions: Final = list(history.sessions)
        self._remarks: Final = list(history.remarks)
        self._repetitions: list[Repetition] | None = None  # of the session that goes on

    def history(self) -> History:
        """Return everything up to now."""
        return History(tuple(self._sessions), tuple(self._remarks))

    def take(self, entry: Entry, moment: datetime) -> None:
        """Take in what was recorded at `moment`."""
        match entry:
            case SessionStarted():
                self._repetitions = []
                self._sessions.append(
                    PastSession(moment.date(), entry.level, 0, completed=False, began=moment)
                )
            case SessionEnded():
                self._renew(completed=entry.reason is EndReason.COMPLETED)
                self._repetitions = None
            case Answered() | ScreeningFinished() | SetFelt() | Complained() | PainSettled():
                self._remarks.append(replace(_remark(entry, moment), moment=moment))
            case _ if self._repetitions is not None:
                note(self._repetitions, entry)
                self._renew(completed=False)

    def redate(self, by: timedelta, since: datetime) -> None:
        """Move all since a moment `by` so much: the clock was wrong, and has been set."""
        for index, session in enumerate(self._sessions):
            if session.began is not None and session.began >= since:
                began = session.began + by
                self._sessions[index] = replace(session, began=began, day=began.date())
        for index, remark in enumerate(self._remarks):
            if remark.moment is not None and remark.moment >= since:
                moment = remark.moment + by
                self._remarks[index] = replace(remark, moment=moment, day=moment.date())

    def _renew(self, *, completed: bool) -> None:
        if self._repetitions is None:
            return
        tally = Tally.of(repetition.outcome for repetition in self._repetitions)
        last = self._sessions[-1]
        self._sessions[-1] = replace(
            last,
            prompted=tally.prompted,
            completed=completed,
            heard=tally.heard,
            unsure=tally.unsure,
            told=tally.told,
            soft=tally.soft,
        )


def _remark(
    entry: Answered | ScreeningFinished | SetFelt | Complained | PainSettled, moment: datetime
) -> Remark:
    day = moment.date()
    match entry:
        case Answered():
            return Told(day, entry.question, entry.answer)
        case ScreeningFinished():
            return Screened(day)
        case SetFelt():
            return Felt(day, entry.feeling)
        case Complained():
            return Hurt(day, entry.complaint)
        case PainSettled():
            return Settled(day)
