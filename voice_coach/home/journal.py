"""The journal: one line for whatever is heard, not believed, said, counted or not.

So that "why does it not hear me?" has an answer in the log. What somebody answers about their
health is never in it, nor what they complain of, nor what is said to that.
"""

import logging
from collections.abc import Callable
from typing import Final

from voice_coach.clock import to_seconds
from voice_coach.coach import Action, Command, Event, Intent, Listen, NotUnderstood, State, Thump
from voice_coach.coach.actions import Record
from voice_coach.coach.states import Mode
from voice_coach.hearing.commands.explanation import Explanation, Reason
from voice_coach.home.observer import Observer, Sounding
from voice_coach.programme.ledger import (
    FaultNoted,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)

_LOG = logging.getLogger(__name__)

ANSWERS: Final = frozenset(
    {
        *(Intent.YES, Intent.NO, Intent.GO_AHEAD, Intent.PROBABLY_NOT, Intent.NOT_SURE),
        *(Intent.TROUBLE, Intent.OUCH, Intent.COMPLAIN, Intent.SETTLED, Intent.TIRED),
        *(Intent.FELT_EASY, Intent.FELT_FINE, Intent.FELT_HARD, Intent.FELT_SORE),
        *(Intent.FELT_PAIN, Intent.TAKE_BACK, Intent.T_SCORE),
    }
)
"""What may tell of somebody's health."""
ASKING: Final = frozenset({Mode.ANSWERING, Mode.FEELING, Mode.CHECKING_IN, Mode.CONFIRMING})
"""Modes in which whatever is said may be such an answer."""
PLAIN: Final = frozenset(
    {
        *("ready", "hello", "briefing", "count_in", "rise", "count", "soft", "hard", "not_heard"),
        *("halfway", "last_one", "set_done", "rest", "rest_left", "next_set", "paused", "resumed"),
        *("stopped", "slower", "faster", "slowest", "fastest", "louder", "quieter", "loudest"),
        *("quietest", "left", "left.sets", "posture", "person", "called", "unanswered"),
        *("more_time", "declined", "feel", "ask.well", "ask.place"),
        *("ask.date", "ask.month", "ask.later_in_month"),  # others follow from what was answered
    }
)
"""Cues whose words tell nothing of anybody's health ..."""
PLAIN_KINDS: Final = (
    *("fault.", "summary.", "help.", "not_understood.", "lesson.", "tone."),
    *("calibrate", "calibration", "notice.", "reminder", "check_in"),
)
"""... and how the names of others begin."""


class Journal(Observer):
    """Writes a line of what it is shown.

    Parameters
    ----------
    write
        Is given each line; by default the log has it.
    """

    def __init__(self, write: Callable[[str], None] | None = None) -> None:
        self._write = write or (lambda line: _LOG.info("%s", line))
        self._mode: Mode | None = None
        self._set = self._number = 0

    @staticmethod
    def wanted() -> bool:
        """Tell whether anybody sees the log."""
        return _LOG.isEnabledFor(logging.INFO)

    def explain(self, explanation: Explanation) -> None:
        """Write what the command ear made of something, where that was no command."""
        if explanation.reason in {Reason.BELIEVED, Reason.STOP_DOUBTED}:
            return
        sentence = explanation.sentence
        if sentence is None:
            what = "words"
        elif self._mode in ASKING or sentence.match.intent in ANSWERS:
            what = "an answer"
        else:
            what = f"“{sentence.text}”"
        certain = ""
        if explanation.weighed is not None and explanation.threshold is not None:
            certain = (
                f", certain to {explanation.weighed.confidence:.2f} of {explanation.threshold:.2f}"
            )
        self._line(explanation.decided, f"not believed: {what}{certain}: {explanation.reason}")

    def event(self, event: Event, state: State) -> None:
        """Write what was heard."""
        match event:
            case Command():
                self._line(event.at, f"heard: {self._heard(event, state)}")
            case NotUnderstood():
                self._line(event.at, "heard: something that was no command")
            case Thump():
                sure = "" if event.certain else ", or something else"
                self._line(event.at, f"heard: a landing at {event.level_db:+.0f} dB{sure}")

    def _heard(self, command: Command, state: State) -> str:
        if command.intent in ANSWERS:
            return "an answer"
        named = [part for part in (command.level, command.person) if part]
        return " ".join([str(command.intent).replace("_", " "), *named]) + f"; now {state}"

    def action(self, action: Action) -> None:
        """Write what was counted."""
        if isinstance(action, Listen):
            self._mode = action.mode
        if not isinstance(action, Record):
            return
        match action.entry:
            case SessionStarted() as began:
                self._line(
                    began.at, f"begun: {began.level}, {began.sets} sets of {began.repetitions}"
                )
            case RepetitionPrompted() as asked:
                self._set, self._number = asked.set, asked.number
            case RepetitionResolved() as done:
                level = "" if done.level_db is None else f" at {done.level_db:+.0f} dB"
                what = str(done.outcome).replace("_", " ")
                self._line(done.at, f"drop {done.number} of set {done.set}: {what}{level}")
            case SessionEnded() as ended:
                self._line(ended.at, f"ended: {ended.reason}")
            case FaultNoted() as fault:
                self._line(fault.at, f"fault: {fault.text}")

    def sounding(self, sounding: Sounding) -> None:
        """Write what is said."""
        name = sounding.cue.name
        plain = name in PLAIN or name.startswith(PLAIN_KINDS)
        text = f"“{sounding.text}”" if sounding.text else name
        self._line(sounding.start, f"says: {text if plain else 'something for them alone'}")

    def _line(self, at: int, what: str) -> None:
        self._write(f"{to_seconds(at):.1f} s  {what}")
