"""Letting somebody look at the page of the home, with digits; and letting nobody in any more.

Only a plain yes lets anybody in, from whoever is asked at the speaker.
"""

from voice_coach.coach.actions import LetIn, ShowOut
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, DoorAnswered, TimeReached
from voice_coach.coach.memory import Memory
from voice_coach.coach.states import State

LOOK = "look"
"""The role of who is let in without a word about it."""


def ask(memory: Memory, event: Command) -> State:
    """Ask whether somebody may be let in, and say what they could do then."""
    memory.hush()
    memory.letting_in = event.role or LOOK
    memory.reminders = 0
    memory.say(_question(memory))
    return State.LETTING_IN


def agreed(memory: Memory, event: Command) -> State:
    """Have digits made; ask again where the yes is doubtful."""
    if not event.sure:
        return again(memory, event)
    memory.hush()
    memory.do(LetIn(memory.now, _role(memory)))
    return State.LETTING_IN


def again(memory: Memory, event: Command) -> State:
    """Ask again: what was said is no plain yes."""
    memory.hush()
    memory.say(_question(memory))
    return State.LETTING_IN


def declined(memory: Memory, event: Command) -> State:
    """Let nobody in."""
    memory.hush()
    memory.say(Cue("let_in.declined"), repeatable=False)
    return State.SUMMING_UP


def answered(memory: Memory, event: DoorAnswered) -> State:
    """Say the digits twice; or that there is no page."""
    if event.code is None:
        memory.say(Cue("let_in.no_page"), repeatable=False)
        return State.SUMMING_UP
    digits = tuple(Cue.of("digit", number=int(digit)) for digit in event.code)
    memory.say(Cue("let_in.code"), *digits, Cue("let_in.again"), *digits)
    return State.SUMMING_UP


def unanswered(memory: Memory, event: TimeReached) -> State:
    """Ask once more; silence lets nobody in."""
    if memory.awaiting is not None:
        return State.LETTING_IN
    memory.reminders += 1
    if memory.reminders == 1:
        memory.say(Cue("tone.attention"), _question(memory))
        return State.LETTING_IN
    return State.ASLEEP


def show_out(memory: Memory, event: Command) -> State:
    """Let nobody in any more, whoever has been."""
    memory.hush()
    memory.do(ShowOut(memory.now))
    return memory.state


def shown_out(memory: Memory, event: DoorAnswered) -> State:
    """Say that nobody is let in any more; or that there is no page."""
    memory.say(Cue("let_nobody_in" if event.there else "let_in.no_page"), repeatable=False)
    return State.SUMMING_UP


def _question(memory: Memory) -> Cue:
    return Cue.of("let_in.ask", role=_role(memory))


def _role(memory: Memory) -> str:
    return memory.letting_in or LOOK
