"""Rows, and parts of rows, that several states of the table have in common."""

from typing import Final

from voice_coach.coach.events import (
    DiaryLost,
    DoorAnswered,
    NotUnderstood,
    SoundBack,
    SoundLost,
    Spoken,
)
from voice_coach.coach.handlers import (
    beginning,
    complaints,
    health_questions,
    information,
    interruption,
    interview,
    lesson,
    letting_in,
    read_back,
    repetition,
    requests,
    switching_off,
)
from voice_coach.coach.states import Intent, State
from voice_coach.coach.transitions import Column, Handler, Row, ignoring, staying, to

VOLUME: Final[dict[Column, Handler]] = {
    Intent.LOUDER: requests.louder,
    Intent.QUIETER: requests.quieter,
}

TALK: Final[dict[Column, Handler]] = {
    **VOLUME,
    Intent.REPEAT: requests.repeat,
    Intent.HELP: requests.explain,
}
"""What somebody may ask of the coach whatever it is doing."""

AWAKE: Final[dict[Column, Handler]] = {**TALK, NotUnderstood: requests.not_understood}

CADENCE: Final[dict[Column, Handler]] = {
    Intent.SLOWER: requests.slower,
    Intent.FASTER: requests.faster,
    Intent.HOW_MANY_LEFT: requests.how_many_left,
    Intent.TIRED: requests.tired,
    Intent.KEEP_GOING: requests.carry_on,
    Intent.YES: repetition.told,
}

ASKED_IN_A_BREAK: Final[dict[Column, Handler]] = dict.fromkeys(
    information.IN_A_BREAK, information.tell
)

CONSENT: Final = (Intent.YES, Intent.GO_AHEAD)
"""What agrees to an offer."""

DISSENT: Final = (Intent.NO, Intent.PROBABLY_NOT)
"""What turns an offer down."""

GOING_ON: Final = (*CONSENT, Intent.RESUME, Intent.KEEP_GOING)
"""What agrees to go on with a session."""

NEXT_SET: Final = (Intent.SKIP_REST, Intent.RESUME, Intent.KEEP_GOING)
"""What ends a rest before its time."""

COMPLAINING: Final = to(
    read_back.unless_sure(complaints.complain), State.SUMMING_UP, State.READING_BACK
)

COMPLAINTS: Final[Row] = {
    Intent.TROUBLE: to(complaints.cry_for_help, State.SUMMING_UP),
    Intent.OUCH: COMPLAINING,
    Intent.COMPLAIN: COMPLAINING,
}

HOLD: Final[Row] = {
    **COMPLAINTS,
    Intent.STOP: to(interruption.stop, State.SUMMING_UP),
    Intent.PAUSE: to(interruption.pause, State.PAUSED),
    SoundLost: to(interruption.sound_lost, State.PAUSED),
    DiaryLost: to(interruption.diary_lost, State.SUMMING_UP),
}

BREAK_OFF: Final[Row] = {
    **COMPLAINTS,
    Intent.STOP: to(interruption.silence, State.ASLEEP),
    SoundLost: to(interruption.silence, State.ASLEEP),
    DiaryLost: to(interruption.diary_lost, State.SUMMING_UP),
}
"""What ends, at once, a conversation outside a session."""

AFTER_PROCEEDING: Final = (State.PREPARING, State.FEELING)
"""What follows an interruption of a set: its next repetition, or its end after the last one."""

AFTER_REPETITION: Final = (State.PAUSING, State.FEELING)

AFTER_CONSIDERING: Final = (
    State.SUMMING_UP,
    State.CONFIRMING,
    State.SCREENING,
    State.READINESS,
    State.BRIEFING,
    State.PRACTISING,
    State.CALIBRATING,
)
"""What may follow a wish: a refusal, a question, or what was wished for."""

BETWEEN_SESSIONS: Final[Row] = {
    DiaryLost: to(interruption.diary_lost, State.SUMMING_UP),
    Intent.STOP: to(interruption.silence, State.ASLEEP),
    Intent.START: to(beginning.start, *AFTER_CONSIDERING, State.CHOOSING),
    Intent.CHANGE_PERSON: to(beginning.change_person, State.CHOOSING, State.SUMMING_UP),
    Intent.CALIBRATE: to(beginning.calibrate_alone, *AFTER_CONSIDERING),
    Intent.TEACH_ME: to(lesson.teach, State.TEACHING),
    Intent.CHANGE_ANSWERS: to(health_questions.change_answers, State.SCREENING),
    Intent.LET_IN: to(letting_in.ask, State.LETTING_IN),
    DoorAnswered: to(letting_in.shown_out, State.SUMMING_UP),
    Intent.SWITCH_OFF: to(switching_off.ask, State.SWITCHING_OFF, State.SUMMING_UP),
    Intent.SETTLED: to(
        read_back.unless_sure(information.settled), State.SUMMING_UP, State.READING_BACK
    ),
    Intent.COMPLAIN: COMPLAINING,
    Intent.TROUBLE: to(complaints.cry_for_help, State.SUMMING_UP),
    # Somebody not exercising may cry out for many reasons: it silences, and enters nothing.
    Intent.OUCH: to(interruption.silence, State.ASLEEP),
}

AT_REST: Final[dict[Column, Handler]] = {
    **TALK,
    Intent.HELLO: requests.greet,
    **dict.fromkeys(information.QUESTIONS, information.tell),
    Intent.WHO: information.who,
}


def ignoring_all_but(state: State, specific: Row) -> tuple[State, Row]:
    """Return `state` with a row in which nothing but `specific` means anything."""
    return state, {**ignoring(state), **specific}


def exercising(state: State, specific: Row) -> tuple[State, Row]:
    """Return `state`, in a session that has a cadence or soon will have, with its row."""
    return in_session(state, {**staying(state, CADENCE), **specific})


def in_session(state: State, specific: Row) -> tuple[State, Row]:
    """Return `state`, within a session, with its row."""
    return ignoring_all_but(state, {**staying(state, AWAKE), **HOLD, **specific})


def asking(state: State, specific: Row) -> tuple[State, Row]:
    """Return `state`, in which a question outside a session is put, with its row."""
    shared: Row = {
        **staying(state, AWAKE),
        **BREAK_OFF,
        Intent.PAUSE: to(interview.more_time, state),
        SoundLost: to(interview.sound_lost, state),
        SoundBack: to(interview.sound_back, state),
        Spoken: to(interview.answer_awaited, state),
    }
    return ignoring_all_but(state, {**shared, **specific})
