"""What was heard doubtfully and would have consequences is read back before it has them.

A complaint ends what is going on at once, whatever comes of it; it is entered unless it is denied.
Silence lets stand what speaks against going on, and drops what speaks for it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from voice_coach.coach.cues import Cue
from voice_coach.coach.events import Command, DiaryLost, SoundLost, TimeReached
from voice_coach.coach.handlers import complaints, feeling, interruption, interview, lesson
from voice_coach.coach.handlers.calibrating import calibrate
from voice_coach.coach.memory import Doubt, Memory
from voice_coach.coach.states import AT_REST, Intent, State
from voice_coach.programme.ledger import Complained, Complaint

Believe = Callable[[Memory, Command], State]

COMPLAINTS: Final = frozenset({Intent.COMPLAIN, Intent.OUCH})


def always(memory: Memory, command: Command) -> bool:
    """Return True: what has consequences whenever it is said."""
    return True


def unless_sure(
    believe: Believe, has_consequences: Callable[[Memory, Command], bool] = always
) -> Believe:
    """Return a handler that does as `believe`, but reads back what is doubtful and matters."""

    def handle(memory: Memory, event: Command) -> State:
        if event.sure or not has_consequences(memory, event):
            return believe(memory, event)
        return _ask(memory, event, believe)

    does = (believe.__doc__ or "").splitlines()[0].rstrip(".")
    handle.__doc__ = f"{does}; read it back where it is doubtful."
    return handle


def confirmed(memory: Memory, event: Command) -> State:
    """Do what was asked for: it was understood."""
    return _believe(memory)


def denied(memory: Memory, event: Command) -> State:
    """Go back to where it was said; a session waits to be resumed."""
    doubt = _take(memory)
    misheard = Cue("read_back.misheard")
    memory.hush()
    if doubt.holds:
        memory.reminders = 0
        memory.say(misheard, Cue("paused"))
        return State.PAUSED
    if doubt.state is State.CALIBRATING:
        return calibrate(memory, misheard)
    if doubt.state in AT_REST:
        memory.say(misheard, repeatable=False)
        return State.SUMMING_UP
    if doubt.state is State.PRACTISING:
        return lesson.break_off(memory, misheard)
    memory.say(misheard, *doubt.said)
    memory.last_said = doubt.said
    return doubt.state


def unanswered(memory: Memory, event: TimeReached) -> State:
    """Ask once more; then what speaks against going on stands, and all else is dropped."""
    doubt = _doubt(memory)
    if memory.awaiting is not None:
        return State.READING_BACK
    if not doubt.reminded:
        doubt.reminded = True
        memory.say(Cue("tone.attention"), _question(doubt.command))
        return State.READING_BACK
    if doubt.stands:
        return _believe(memory)
    _take(memory)
    return State.ASLEEP if memory.interview is None else interview.give_up(memory)


def again(memory: Memory, event: Command) -> State:
    """Ask again: what was said is no answer."""
    memory.hush()
    memory.say(_question(_doubt(memory).command))
    return State.READING_BACK


def complain(memory: Memory, event: Command) -> State:
    """Take a complaint that is certain beside the doubtful one; ask again about another."""
    if not event.sure:
        return again(memory, event)
    memory.hush()
    doubted = _doubt(memory).command
    if doubted.intent in COMPLAINTS and _complaint(doubted) is _complaint(event):
        return _believe(memory)
    _enter(memory)
    return complaints.complain(memory, event)


def cry_for_help(memory: Memory, event: Command) -> State:
    """Say whom to call; what was told before stands."""
    memory.hush()
    _enter(memory)
    return complaints.cry_for_help(memory, event)


def stop(memory: Memory, event: Command) -> State:
    """End whatever is going on; a complaint stands, for nobody denied it."""
    if _doubt(memory).command.intent in COMPLAINTS:
        return _believe(memory)
    memory.hush()
    _enter(memory)
    if memory.session is not None:
        return interruption.stop(memory, event)
    return interruption.silence(memory, event)


def sound_lost(memory: Memory, event: SoundLost) -> State:
    """Hold the session, or end it if there is a complaint: nobody can deny it any more."""
    if _doubt(memory).command.intent in COMPLAINTS:
        return _believe(memory)
    _enter(memory)
    if memory.session is not None:
        return interruption.sound_lost(memory, event)
    memory.hush()
    return State.ASLEEP


def diary_lost(memory: Memory, event: DiaryLost) -> State:
    """End whatever is going on; a complaint stands, for nobody can deny it any more."""
    if _doubt(memory).command.intent in COMPLAINTS:
        return _believe(memory)
    memory.hush()
    _enter(memory)
    return interruption.diary_lost(memory, event)


def _ask(memory: Memory, command: Command, believe: Believe) -> State:
    """Break off what is going on, and ask whether that was what they said."""
    complains = command.intent in COMPLAINTS
    holds = complains and memory.session is not None
    memory.doubt = Doubt(
        command, believe, memory.state, memory.last_said, holds, _stands(memory, command)
    )
    question = _question(command)
    if holds:
        interruption.hold(memory, question)
    elif memory.state is State.PRACTISING:
        lesson.break_off(memory, question)
    else:
        memory.hush()
        memory.calibration = None
        memory.say(question)
    memory.last_said = (question,)
    return State.READING_BACK


def _stands(memory: Memory, command: Command) -> bool:
    """Whether `command` speaks against going on, so that silence lets it stand."""
    if command.intent in interview.ANSWERS:
        question = memory.asking().question
        assert question is not None
        return not question.lets_go_on(interview.ANSWERS[command.intent])
    return command.intent is not Intent.SETTLED


def _believe(memory: Memory) -> State:
    doubt = _take(memory)
    memory.hush()
    return doubt.believe(memory, replace(doubt.command, at=memory.now, sure=True))


def _enter(memory: Memory) -> None:
    """Enter what stands, without a word about it."""
    command = _take(memory).command
    if command.intent in COMPLAINTS:
        memory.record(Complained(memory.now, _complaint(command)))
    elif command.intent in feeling.FEELINGS:
        feeling.enter(memory, feeling.FEELINGS[command.intent])


def _complaint(command: Command) -> Complaint:
    return command.complaint or Complaint.PAIN


def _question(command: Command) -> Cue:
    what = _complaint(command) if command.intent in COMPLAINTS else command.intent
    return Cue.of("read_back", what=str(what))


def _doubt(memory: Memory) -> Doubt:
    assert memory.doubt is not None
    return memory.doubt


def _take(memory: Memory) -> Doubt:
    """Return what was in doubt, which it is no longer."""
    doubt = _doubt(memory)
    memory.doubt = None
    return doubt
