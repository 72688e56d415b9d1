"""The whole behaviour of the coach: what every event does in every state.

The rules, and where to read them:

- A row is a state; a column is an event: an intent of a spoken command, or the class of any
  other event. Every pair has an entry. What means nothing in a state is ignored by an entry
  (:data:`IGNORED`), never by accident.
- An entry names its handler and the states that may follow; the machine holds handlers to
  it, and the diagram in ``docs/states.md`` is drawn from it.
- "Stop" has an entry that silences in every state.
- A thump means something only between the cue of a drop and the end of its window.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from voice_coach.coach import calibration, conversation, repetition
from voice_coach.coach.context import Context
from voice_coach.coach.events import (
    CalibrationFinished,
    Event,
    HearingReport,
    NotUnderstood,
    PlansMade,
    SoundBack,
    SoundLost,
    Spoken,
    Thump,
    TimeReached,
)
from voice_coach.coach.states import Intent, State

Column: TypeAlias = Intent | type[Event]
Handler: TypeAlias = Callable[[Context, Any], State]

COLUMNS: Final[tuple[Column, ...]] = (
    *Intent,
    NotUnderstood,
    Thump,
    Spoken,
    TimeReached,
    HearingReport,
    CalibrationFinished,
    SoundLost,
    SoundBack,
    PlansMade,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one event does in one state, and which states may follow."""

    handler: Handler
    targets: frozenset[State]


Row: TypeAlias = dict[Column, Entry]


def to(handler: Handler, *targets: State) -> Entry:
    """Return the entry of `handler`, which leads to one of `targets`."""
    return Entry(handler, frozenset(targets))


def ignoring(state: State) -> Row:
    """Return a row in which nothing means anything in `state`, but new plans are taken over."""
    row: Row = dict.fromkeys(COLUMNS, to(conversation.keep, state))
    row[PlansMade] = to(conversation.plans_made, state)
    return row


def staying(state: State, handlers: Mapping[Column, Handler]) -> Row:
    """Return the part of a row whose events leave the coach in `state`."""
    return {column: to(handler, state) for column, handler in handlers.items()}


VOLUME: Final[dict[Column, Handler]] = {
    Intent.LOUDER: conversation.louder,
    Intent.QUIETER: conversation.quieter,
}

TALK: Final[dict[Column, Handler]] = {
    **VOLUME,
    Intent.REPEAT: conversation.repeat,
    Intent.HELP: conversation.explain,
    NotUnderstood: conversation.not_understood,
}

IN_SESSION: Final[dict[Column, Handler]] = {
    **TALK,
    Intent.SLOWER: conversation.slower,
    Intent.FASTER: conversation.faster,
    Intent.HOW_MANY_LEFT: conversation.how_many_left,
}

HOLD: Final[Row] = {
    Intent.STOP: to(conversation.stop, State.SUMMING_UP),
    Intent.PAUSE: to(conversation.pause, State.PAUSED),
    SoundLost: to(conversation.sound_lost, State.PAUSED),
}

AFTER_PROCEEDING: Final = (State.PREPARING, State.RESTING, State.SUMMING_UP)
"""Where a set goes on after an interruption: its next repetition, or past its last."""

AFTER_REPETITION: Final = (State.PAUSING, State.RESTING, State.SUMMING_UP)

BETWEEN_SESSIONS: Final[Row] = {
    Intent.STOP: to(conversation.silence, State.ASLEEP),
    Intent.START: to(conversation.start, State.BRIEFING, State.CONFIRMING, State.SUMMING_UP),
    Intent.CALIBRATE: to(conversation.calibrate_alone, State.CALIBRATING),
}


def exercising(state: State, specific: Row) -> Row:
    """Return the row of a state within a session."""
    return {**ignoring(state), **staying(state, IN_SESSION), **HOLD, **specific}


def _rows() -> Iterable[tuple[State, Row]]:
    yield (
        State.ASLEEP,
        {
            **ignoring(State.ASLEEP),
            **staying(State.ASLEEP, VOLUME),
            **staying(State.ASLEEP, {Intent.HELP: conversation.explain}),
            **staying(State.ASLEEP, {Intent.REPEAT: conversation.repeat}),
            **staying(State.ASLEEP, {SoundBack: conversation.sound_back}),
            **BETWEEN_SESSIONS,
        },
    )
    yield (
        State.SUMMING_UP,
        {
            **ignoring(State.SUMMING_UP),
            **staying(State.SUMMING_UP, VOLUME),
            **staying(State.SUMMING_UP, {Intent.REPEAT: conversation.repeat}),
            **BETWEEN_SESSIONS,
            Spoken: to(conversation.fall_asleep, State.ASLEEP, State.SUMMING_UP),
            SoundLost: to(conversation.silence, State.ASLEEP),
        },
    )
    yield (
        State.CONFIRMING,
        {
            **ignoring(State.CONFIRMING),
            **staying(State.CONFIRMING, TALK),
            Intent.STOP: to(conversation.silence, State.ASLEEP),
            Intent.START_ANYWAY: to(conversation.start_anyway, State.BRIEFING),
            Intent.YES: to(conversation.agree, State.BRIEFING, State.CONFIRMING),
            Intent.NO: to(conversation.decline, State.SUMMING_UP),
            Spoken: to(conversation.answer_awaited, State.CONFIRMING),
            TimeReached: to(conversation.unanswered_confirmation, State.ASLEEP),
            SoundLost: to(conversation.silence, State.ASLEEP),
        },
    )
    yield (
        State.BRIEFING,
        exercising(
            State.BRIEFING,
            {
                Spoken: to(
                    conversation.briefed, State.BRIEFING, State.CALIBRATING, State.PREPARING
                ),
            },
        ),
    )
    yield (
        State.CALIBRATING,
        {
            **ignoring(State.CALIBRATING),
            **staying(State.CALIBRATING, TALK),
            Intent.STOP: to(conversation.stop_calibration, State.SUMMING_UP),
            Intent.PAUSE: to(conversation.pause_calibration, State.PAUSED, State.SUMMING_UP),
            SoundLost: to(conversation.lose_calibration, State.PAUSED, State.ASLEEP),
            Spoken: to(calibration.spoken, State.CALIBRATING),
            TimeReached: to(calibration.time_reached, State.CALIBRATING),
            CalibrationFinished: to(
                calibration.finished, State.CALIBRATING, State.PREPARING, State.SUMMING_UP
            ),
        },
    )
    yield (
        State.PREPARING,
        exercising(
            State.PREPARING,
            {
                Spoken: to(repetition.prepared, State.PREPARING, State.COUNTING_IN),
                HearingReport: to(repetition.hearing_reported, State.PREPARING, State.COUNTING_IN),
            },
        ),
    )
    yield (
        State.COUNTING_IN,
        exercising(
            State.COUNTING_IN,
            {
                TimeReached: to(repetition.counted_in, State.RISING),
            },
        ),
    )
    yield (
        State.RISING,
        exercising(State.RISING, {TimeReached: to(repetition.reached_top, State.HOLDING)}),
    )
    yield (
        State.HOLDING,
        exercising(
            State.HOLDING,
            {
                Thump: to(repetition.landed_early, State.HOLDING),
                TimeReached: to(repetition.dropped, State.LISTENING, *AFTER_REPETITION),
            },
        ),
    )
    yield (
        State.LISTENING,
        exercising(
            State.LISTENING,
            {
                Thump: to(repetition.landed, State.LISTENING, *AFTER_REPETITION),
                TimeReached: to(repetition.window_ended, State.CHECKING_IN, *AFTER_REPETITION),
            },
        ),
    )
    yield (
        State.PAUSING,
        exercising(
            State.PAUSING,
            {
                Spoken: to(repetition.remark_ended, State.PAUSING, State.RISING),
                TimeReached: to(repetition.pause_ended, State.PAUSING, State.RISING),
            },
        ),
    )
    yield (
        State.RESTING,
        exercising(
            State.RESTING,
            {
                Intent.SKIP_REST: to(conversation.skip_rest, State.PREPARING),
                TimeReached: to(repetition.rested, State.RESTING, State.PREPARING),
            },
        ),
    )
    yield (
        State.PAUSED,
        exercising(
            State.PAUSED,
            {
                Intent.PAUSE: to(conversation.keep, State.PAUSED),
                Intent.RESUME: to(
                    conversation.resume,
                    State.BRIEFING,
                    State.CALIBRATING,
                    *AFTER_PROCEEDING,
                ),
                Spoken: to(conversation.pause_spoken, State.PAUSED),
                TimeReached: to(conversation.pause_reminder, State.PAUSED, State.SUMMING_UP),
                SoundLost: to(conversation.keep, State.PAUSED),
                SoundBack: to(conversation.sound_back, State.PAUSED),
            },
        ),
    )
    yield (
        State.CHECKING_IN,
        exercising(
            State.CHECKING_IN,
            {
                Intent.YES: to(conversation.all_is_well, *AFTER_PROCEEDING),
                Intent.RESUME: to(conversation.all_is_well, *AFTER_PROCEEDING),
                Intent.NO: to(conversation.not_well, State.SUMMING_UP),
                Spoken: to(conversation.answer_awaited, State.CHECKING_IN),
                TimeReached: to(conversation.no_answer, State.CHECKING_IN, State.PAUSED),
            },
        ),
    )


TABLE: Final[Mapping[State, Mapping[Column, Entry]]] = dict(_rows())
"""The entry for every event in every state."""
