"""The names of what the coach can be doing, of what can be asked of it, of what it listens for."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """What the coach is doing."""

    ASLEEP = "asleep"
    """Between sessions: waits for a full phrase such as "start beginner"."""
    CONFIRMING = "confirming"
    """Has said why not today, and waits for the explicit second phrase."""
    CHOOSING = "choosing"
    """Finds out which person of the household it is."""
    SCREENING = "screening"
    """Asks, one by one, whether there is anything that speaks against the exercise."""
    READINESS = "readiness"
    """Asks, before each session, whether all is well today."""
    BRIEFING = "briefing"
    """Says the plan and the starting position."""
    CALIBRATING = "calibrating"
    """Learns what this person's own drops sound like."""
    OFFERING = "offering"
    """Could not learn them: offers to count by voice instead, and waits for a yes."""
    PREPARING = "preparing"
    """Finds out, before a set, whether heels can be heard over the room."""
    COUNTING_IN = "counting in"
    RISING = "rising"
    HOLDING = "holding"
    LISTENING = "listening"
    """The drop cue has sounded: silence until the thump, or until the window ends."""
    PAUSING = "pausing"
    """The recovery after a drop; the count and remarks are spoken here."""
    FEELING = "feeling"
    """Asks, in the rest after a set, how it felt."""
    RESTING = "resting"
    PAUSED = "paused"
    CHECKING_IN = "checking in"
    """Three drops in a row were not heard: "are you all right?"."""
    READING_BACK = "reading back"
    """Heard something of consequence, but doubtfully, and asks whether that was it."""
    LETTING_IN = "letting in"
    """Asks whether somebody may be let in to the page of the home."""
    SWITCHING_OFF = "switching off"
    """Asks whether the machine is to be switched off."""
    SUMMING_UP = "summing up"
    TEACHING = "teaching"
    """Explains the exercise; nobody has to move."""
    PRACTISING = "practising"
    """Guides the slow drops of the lesson."""


class Intent(StrEnum):
    """What a spoken command asks for."""

    HELLO = "hello"
    """Somebody wants something, and has not said what."""
    START = "start"
    START_ANYWAY = "start_anyway"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    KEEP_GOING = "keep_going"
    """"Don't stop"."""
    REPEAT = "repeat"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    QUIETER = "quieter"
    SKIP_REST = "skip_rest"
    HOW_MANY_LEFT = "how_many_left"
    HELP = "help"
    YES = "yes"
    NO = "no"
    GO_AHEAD = "go_ahead"
    """"I'm fine", "okay": a yes to an offer, but not to every question."""
    PROBABLY_NOT = "probably_not"
    """"I don't think so": a no, but not one that rules out a danger."""
    NOT_SURE = "not_sure"
    TAKE_BACK = "take_back"
    """"I made a mistake": the last answer was none."""
    T_SCORE = "t_score"
    """What a word of a question means."""
    CALIBRATE = "calibrate"
    TROUBLE = "trouble"
    """A cry for help: "help me"."""
    OUCH = "ouch"
    """A cry of pain, which somebody not exercising may utter for many reasons."""
    COMPLAIN = "complain"
    """A full sentence about pain, dizziness, a fall or the like."""
    SETTLED = "settled"
    FELT_EASY = "felt_easy"
    FELT_FINE = "felt_fine"
    FELT_HARD = "felt_hard"
    FELT_SORE = "felt_sore"
    FELT_PAIN = "felt_pain"
    TIRED = "tired"
    TEACH_ME = "teach_me"
    CHANGE_PERSON = "change_person"
    NAME = "name"
    """A name, in answer to the question whose plan it is to be."""
    WHO = "who"
    CHANGE_ANSWERS = "change_answers"
    REVIEW_ANSWERS = "review_answers"
    LET_IN = "let_in"
    """"Let me look in": somebody wants to see the page of the home."""
    LET_NOBODY_IN = "let_nobody_in"
    SWITCH_OFF = "switch_off"
    """The machine, until somebody switches it on."""
    NUMBERS = "numbers"
    """What the last session came to, drop by drop."""
    HOW_AM_I_DOING = "how_am_i_doing"
    WHEN_NEXT = "when_next"
    TODAYS_PLAN = "todays_plan"
    WHY_HEEL_DROPS = "why_heel_drops"
    HOW_TO = "how_to"
    HOW_LONG_UNTIL = "how_long_until"
    WHO_SHOULD_NOT = "who_should_not"
    SINGLE_LEG = "single_leg"


class Mode(StrEnum):
    """Which commands are listened for."""

    ASLEEP = "asleep"
    EXERCISING = "exercising"
    RESTING = "resting"
    PAUSED = "paused"
    CHECKING_IN = "checking_in"
    CONFIRMING = "confirming"
    CHOOSING = "choosing"
    ANSWERING = "answering"
    FEELING = "feeling"
    LEARNING = "learning"
    GUIDED = "guided"
    """While single drops are guided that are no repetitions, to calibrate or to practise."""


MODES: Final = {
    State.ASLEEP: Mode.ASLEEP,
    State.CONFIRMING: Mode.CONFIRMING,
    State.CHOOSING: Mode.CHOOSING,
    State.SCREENING: Mode.ANSWERING,
    State.READINESS: Mode.ANSWERING,
    State.BRIEFING: Mode.EXERCISING,
    State.CALIBRATING: Mode.GUIDED,
    State.OFFERING: Mode.CHECKING_IN,
    State.PREPARING: Mode.EXERCISING,
    State.COUNTING_IN: Mode.EXERCISING,
    State.RISING: Mode.EXERCISING,
    State.HOLDING: Mode.EXERCISING,
    State.LISTENING: Mode.EXERCISING,
    State.PAUSING: Mode.EXERCISING,
    State.FEELING: Mode.FEELING,
    State.RESTING: Mode.RESTING,
    State.PAUSED: Mode.PAUSED,
    State.CHECKING_IN: Mode.CHECKING_IN,
    State.READING_BACK: Mode.CONFIRMING,
    State.LETTING_IN: Mode.CONFIRMING,
    State.SWITCHING_OFF: Mode.CONFIRMING,
    State.SUMMING_UP: Mode.ASLEEP,
    State.TEACHING: Mode.LEARNING,
    State.PRACTISING: Mode.GUIDED,
}
"""The mode in which each state listens; the table says what for (`coach/listening.py`)."""

AT_REST: Final = frozenset({State.ASLEEP, State.SUMMING_UP})
"""Nothing is going on, and nothing is about to begin."""
