"""The whole behaviour of the coach: what every event does in every state.

The rules, and where to read them:

- A row is a state; a column is an event: an intent of a spoken command, or the class of any
  other event. Every pair has an entry. What means nothing in a state is ignored by an entry
  (:func:`~voice_coach.coach.transitions.ignoring`), never by accident.
- An entry names its handler and the states that may follow; the machine holds handlers to
  it, and the diagram in ``docs/states.md`` is drawn from it.
- What has an entry that does something is listened for (`coach/listening.py`), and nothing else.
- "Stop" has an entry that silences in every state; so has a complaint. "What can I say" is answered
  in every state.
- A thump means something only between the cue of a drop and the end of its window.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from voice_coach.coach.events import (
    CalibrationFinished,
    DiaryBack,
    DiaryLost,
    DoorAnswered,
    HearingReport,
    NotUnderstood,
    PlansMade,
    SoundBack,
    SoundLost,
    Spoken,
    Thump,
    TimeReached,
)
from voice_coach.coach.handlers import (
    beginning,
    calibrating,
    checking_in,
    counting_aloud,
    feeling,
    health_questions,
    interruption,
    interview,
    lesson,
    letting_in,
    read_back,
    readiness,
    repetition,
    requests,
    resting,
    switching_off,
)
from voice_coach.coach.shared_rows import (
    AFTER_CONSIDERING,
    AFTER_PROCEEDING,
    AFTER_REPETITION,
    ASKED_IN_A_BREAK,
    AT_REST,
    AWAKE,
    BETWEEN_SESSIONS,
    BREAK_OFF,
    COMPLAINTS,
    CONSENT,
    DISSENT,
    GOING_ON,
    NEXT_SET,
    VOLUME,
    asking,
    exercising,
    ignoring_all_but,
    in_session,
)
from voice_coach.coach.states import Intent, State
from voice_coach.coach.transitions import Column, Row, Transition, staying, to


def _rows() -> Iterable[tuple[State, Row]]:
    yield from _between_sessions()
    yield from _before_a_session()
    yield from _preparing_a_set()
    yield from _repeating()
    yield from _between_repetitions()
    yield from _learning()


def _between_sessions() -> Iterable[tuple[State, Row]]:
    yield ignoring_all_but(
        State.ASLEEP,
        {
            **staying(State.ASLEEP, AT_REST),
            **staying(
                State.ASLEEP,
                {SoundBack: interruption.sound_back, DiaryBack: interruption.diary_back},
            ),
            **BETWEEN_SESSIONS,
            Intent.LET_NOBODY_IN: to(letting_in.show_out, State.ASLEEP),
        },
    )
    yield ignoring_all_but(
        State.SUMMING_UP,
        {
            **staying(State.SUMMING_UP, {**AT_REST, DiaryBack: interruption.diary_back}),
            **BETWEEN_SESSIONS,
            Intent.LET_NOBODY_IN: to(letting_in.show_out, State.SUMMING_UP),
            PlansMade: to(requests.tell_next, State.SUMMING_UP),
            Spoken: to(requests.fall_asleep, State.ASLEEP, State.SUMMING_UP),
            SoundLost: to(interruption.silence, State.ASLEEP),
        },
    )


def _before_a_session() -> Iterable[tuple[State, Row]]:
    yield asking(
        State.CONFIRMING,
        {
            Intent.START_ANYWAY: to(beginning.start_anyway, *AFTER_CONSIDERING),
            **dict.fromkeys(CONSENT, to(beginning.agree, *AFTER_CONSIDERING)),
            **dict.fromkeys(DISSENT, to(beginning.decline, State.SUMMING_UP)),
            TimeReached: to(beginning.unanswered_confirmation, State.CONFIRMING, State.ASLEEP),
        },
    )
    yield asking(
        State.CHOOSING,
        {
            Intent.NAME: to(beginning.change_person, State.CHOOSING, State.SUMMING_UP),
            PlansMade: to(beginning.person_changed, State.CHOOSING, *AFTER_CONSIDERING),
            TimeReached: to(beginning.nobody_chosen, State.CHOOSING, State.SUMMING_UP),
        },
    )
    yield asking(
        State.LETTING_IN,
        {
            Intent.YES: to(letting_in.agreed, State.LETTING_IN),
            # "I'm fine" is no answer to whether somebody may look.
            Intent.GO_AHEAD: to(letting_in.again, State.LETTING_IN),
            Intent.START_ANYWAY: to(letting_in.again, State.LETTING_IN),
            **dict.fromkeys(DISSENT, to(letting_in.declined, State.SUMMING_UP)),
            DoorAnswered: to(letting_in.answered, State.SUMMING_UP),
            TimeReached: to(letting_in.unanswered, State.LETTING_IN, State.ASLEEP),
        },
    )
    yield asking(
        State.SWITCHING_OFF,
        {
            Intent.YES: to(switching_off.agreed, State.SWITCHING_OFF, State.SUMMING_UP),
            Intent.GO_AHEAD: to(switching_off.again, State.SWITCHING_OFF),
            Intent.START_ANYWAY: to(switching_off.again, State.SWITCHING_OFF),
            **dict.fromkeys(DISSENT, to(beginning.decline, State.SUMMING_UP)),
            TimeReached: to(switching_off.unanswered, State.SWITCHING_OFF, State.ASLEEP),
        },
    )
    yield asking(State.READING_BACK, _READING_BACK)
    screened = (State.SCREENING, *AFTER_CONSIDERING)
    yield asking(
        State.SCREENING,
        {
            **dict.fromkeys(
                interview.ANSWERS,
                to(
                    read_back.unless_sure(health_questions.answered, interview.has_consequences),
                    State.READING_BACK,
                    *screened,
                ),
            ),
            Intent.PROBABLY_NOT: to(health_questions.supposed, *screened),
            Intent.TAKE_BACK: to(health_questions.take_back, *screened),
            Intent.T_SCORE: to(interview.explain, State.SCREENING),
            Intent.SETTLED: to(interview.no_answer, State.SCREENING),
            PlansMade: to(health_questions.plans_made, *screened),
            TimeReached: to(health_questions.unanswered, *screened),
        },
    )
    ready = (State.READINESS, *AFTER_CONSIDERING)
    yield asking(
        State.READINESS,
        {
            **dict.fromkeys(
                interview.ANSWERS,
                to(
                    read_back.unless_sure(readiness.answered, interview.has_consequences),
                    State.READING_BACK,
                    *ready,
                ),
            ),
            Intent.TAKE_BACK: to(readiness.take_back, *ready),
            Intent.T_SCORE: to(interview.explain, State.READINESS),
            Intent.SETTLED: to(
                read_back.unless_sure(readiness.settled, interview.has_consequences),
                State.READING_BACK,
                *ready,
            ),
            PlansMade: to(readiness.plans_made, *ready),
            TimeReached: to(readiness.unanswered, *ready),
        },
    )


_BELIEVED = (
    State.SUMMING_UP,
    State.SCREENING,
    State.READINESS,
    State.RESTING,
    *AFTER_CONSIDERING,
)
"""What may follow when something read back is confirmed, or stands."""

_WHERE_IT_WAS_SAID = (
    State.PAUSED,
    State.SUMMING_UP,
    State.CONFIRMING,
    State.CHOOSING,
    State.LETTING_IN,
    State.SWITCHING_OFF,
    State.SCREENING,
    State.READINESS,
    State.CALIBRATING,
    State.FEELING,
    State.TEACHING,
    State.PRACTISING,
)

_READING_BACK: Row = {
    Intent.YES: to(read_back.confirmed, *_BELIEVED),
    **dict.fromkeys(DISSENT, to(read_back.denied, *_WHERE_IT_WAS_SAID)),
    # "I'm fine" is no answer to whether something was understood.
    Intent.GO_AHEAD: to(read_back.again, State.READING_BACK),
    Intent.START_ANYWAY: to(read_back.again, State.READING_BACK),
    **dict.fromkeys(
        read_back.COMPLAINTS, to(read_back.complain, State.SUMMING_UP, State.READING_BACK)
    ),
    Intent.TROUBLE: to(read_back.cry_for_help, State.SUMMING_UP),
    Intent.STOP: to(read_back.stop, State.SUMMING_UP, State.ASLEEP),
    TimeReached: to(read_back.unanswered, State.READING_BACK, State.ASLEEP, *_BELIEVED),
    SoundLost: to(read_back.sound_lost, State.SUMMING_UP, State.PAUSED, State.ASLEEP),
    DiaryLost: to(read_back.diary_lost, State.SUMMING_UP),
}


def _preparing_a_set() -> Iterable[tuple[State, Row]]:
    after_briefing = (State.BRIEFING, State.CALIBRATING, State.PREPARING)
    yield exercising(State.BRIEFING, {Spoken: to(beginning.briefed, *after_briefing)})
    yield ignoring_all_but(
        State.CALIBRATING,
        {
            **staying(State.CALIBRATING, AWAKE),
            **COMPLAINTS,
            Intent.STOP: to(interruption.stop_calibration, State.SUMMING_UP),
            Intent.PAUSE: to(interruption.pause_calibration, State.PAUSED, State.SUMMING_UP),
            SoundLost: to(interruption.lose_calibration, State.PAUSED, State.ASLEEP),
            DiaryLost: to(interruption.diary_lost, State.SUMMING_UP),
            Spoken: to(calibrating.spoken, State.CALIBRATING),
            Thump: to(calibrating.landed, State.CALIBRATING),
            TimeReached: to(calibrating.time_reached, State.CALIBRATING),
            CalibrationFinished: to(
                calibrating.finished,
                State.CALIBRATING,
                State.OFFERING,
                State.SUMMING_UP,
                *AFTER_PROCEEDING,
            ),
        },
    )
    yield in_session(
        State.OFFERING,
        {
            **dict.fromkeys(GOING_ON, to(counting_aloud.accept, *AFTER_PROCEEDING)),
            **dict.fromkeys(DISSENT, to(counting_aloud.decline, State.SUMMING_UP)),
            Intent.CALIBRATE: to(calibrating.calibrate_again, State.CALIBRATING),
            Spoken: to(interview.answer_awaited, State.OFFERING),
            TimeReached: to(checking_in.no_answer, State.OFFERING, State.PAUSED),
        },
    )
    prepared = (State.PREPARING, State.COUNTING_IN)
    yield exercising(
        State.PREPARING,
        {
            Spoken: to(repetition.prepared, *prepared),
            HearingReport: to(repetition.hearing_reported, *prepared),
        },
    )
    yield exercising(State.COUNTING_IN, {TimeReached: to(repetition.counted_in, State.RISING)})


def _repeating() -> Iterable[tuple[State, Row]]:
    yield exercising(State.RISING, {TimeReached: to(repetition.reached_top, State.HOLDING)})
    yield exercising(
        State.HOLDING,
        {
            Thump: to(repetition.landed_early, State.HOLDING),
            TimeReached: to(repetition.dropped, State.LISTENING, *AFTER_REPETITION),
        },
    )
    yield exercising(
        State.LISTENING,
        {
            Thump: to(repetition.landed, State.LISTENING, *AFTER_REPETITION),
            TimeReached: to(repetition.window_ended, State.CHECKING_IN, *AFTER_REPETITION),
        },
    )
    after_pause = (State.PAUSING, State.RISING, State.FEELING)
    yield exercising(
        State.PAUSING,
        {
            Spoken: to(repetition.remark_ended, *after_pause),
            TimeReached: to(repetition.pause_ended, *after_pause),
        },
    )


def _between_repetitions() -> Iterable[tuple[State, Row]]:
    felt = (State.RESTING, State.SUMMING_UP)
    yield in_session(
        State.FEELING,
        {
            **dict.fromkeys(feeling.FEELINGS, to(feeling.answered, *felt)),
            **dict.fromkeys(
                feeling.COMPLAINTS,
                to(read_back.unless_sure(feeling.answered), State.READING_BACK, *felt),
            ),
            Intent.HOW_MANY_LEFT: to(requests.how_many_left, State.FEELING),
            **dict.fromkeys(NEXT_SET, to(feeling.skip_rest, State.PREPARING, State.SUMMING_UP)),
            Spoken: to(interview.answer_awaited, State.FEELING),
            TimeReached: to(feeling.unanswered, State.FEELING, *felt),
        },
    )
    yield exercising(
        State.RESTING,
        {
            **staying(State.RESTING, ASKED_IN_A_BREAK),
            Intent.YES: to(requests.ignore, State.RESTING),
            **dict.fromkeys(NEXT_SET, to(requests.skip_rest, State.PREPARING)),
            TimeReached: to(resting.rested, State.RESTING, State.PREPARING),
        },
    )
    resumed = (
        State.BRIEFING,
        State.CALIBRATING,
        State.OFFERING,
        State.RESTING,
        *AFTER_PROCEEDING,
    )
    yield in_session(
        State.PAUSED,
        {
            **staying(State.PAUSED, ASKED_IN_A_BREAK),
            Intent.HOW_MANY_LEFT: to(requests.how_many_left, State.PAUSED),
            Intent.PAUSE: to(interruption.still_paused, State.PAUSED),
            **dict.fromkeys(GOING_ON, to(interruption.resume, *resumed)),
            Spoken: to(interruption.pause_spoken, State.PAUSED),
            TimeReached: to(interruption.pause_reminder, State.PAUSED, State.SUMMING_UP),
            SoundLost: to(requests.ignore, State.PAUSED),
            SoundBack: to(interruption.sound_back, State.PAUSED),
        },
    )
    yield in_session(
        State.CHECKING_IN,
        {
            **dict.fromkeys(GOING_ON, to(checking_in.all_is_well, *AFTER_PROCEEDING)),
            **dict.fromkeys(DISSENT, to(checking_in.not_well, State.SUMMING_UP)),
            Intent.CALIBRATE: to(checking_in.calibrate_anew, State.CALIBRATING),
            Spoken: to(interview.answer_awaited, State.CHECKING_IN),
            TimeReached: to(checking_in.no_answer, State.CHECKING_IN, State.PAUSED),
        },
    )


def _learning() -> Iterable[tuple[State, Row]]:
    yield asking(
        State.TEACHING,
        {
            Intent.PAUSE: to(lesson.hold, State.TEACHING),
            Intent.RESUME: to(lesson.go_on, State.TEACHING),
            **dict.fromkeys(CONSENT, to(beginning.try_drops, *AFTER_CONSIDERING)),
            **dict.fromkeys(DISSENT, to(lesson.finish, State.SUMMING_UP)),
            Spoken: to(lesson.explained, State.TEACHING),
            TimeReached: to(lesson.unanswered, State.TEACHING, State.SUMMING_UP),
        },
    )
    yield ignoring_all_but(
        State.PRACTISING,
        {
            **staying(State.PRACTISING, {**VOLUME, NotUnderstood: requests.not_understood}),
            **BREAK_OFF,
            Intent.HELP: to(lesson.explain, State.PRACTISING),
            Intent.REPEAT: to(lesson.repeat, State.PRACTISING),
            Intent.PAUSE: to(lesson.finish, State.SUMMING_UP),
            Thump: to(lesson.landed, State.PRACTISING),
            Spoken: to(lesson.said, State.PRACTISING),
            TimeReached: to(lesson.time_reached, State.PRACTISING, State.SUMMING_UP),
        },
    )


TABLE: Final[Mapping[State, Mapping[Column, Transition]]] = dict(_rows())
"""The entry for every event in every state."""
