"""Calibration: a moment of silence, three good drops, then a gentle one; a second try if it fails.

The good drops are learnt before the gentle one is asked for, and kept whatever becomes of it: it
only tells where soft begins for this person, and may stay away.
"""

from voice_coach.clock import to_samples
from voice_coach.coach.actions import FinishCalibration, OpenWindow, StartCalibration
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import CalibrationFinished, Command, Spoken, Thump, TimeReached
from voice_coach.coach.handlers.counting_aloud import offer
from voice_coach.coach.handlers.repetition import proceed
from voice_coach.coach.memory import Calibration, Memory
from voice_coach.coach.pacing import (
    BREATH,
    CALIBRATION_ATTEMPTS,
    CALIBRATION_DROPS,
    CALIBRATION_TEMPO,
    LEAD,
    MEASURING,
    ROOM,
    Beats,
)
from voice_coach.coach.states import State


def calibrate_again(memory: Memory, event: Command) -> State:
    """Try once more to learn the drops."""
    memory.hush()
    return calibrate(memory)


def calibrate(memory: Memory, *cues: Cue) -> State:
    """Say what is wanted, after `cues`."""
    memory.calibration = Calibration()
    memory.say(*cues, Cue("calibration.intro"))
    return State.CALIBRATING


def spoken(memory: Memory, event: Spoken) -> State:
    """Listen to the room when the words have ended, or prompt the gentle drop."""
    calibration = _calibration(memory)
    if event.utterance != memory.awaiting or calibration.explained:
        return State.CALIBRATING
    memory.awaiting = None
    calibration.explained = True
    if calibration.learnt:
        memory.deadline = memory.now + BREATH
        return State.CALIBRATING
    memory.do(StartCalibration(memory.now))
    memory.deadline = memory.now + ROOM
    return State.CALIBRATING


def time_reached(memory: Memory, event: TimeReached) -> State:
    """Count what was heard; prompt the next calibration drop, or make a template of them."""
    calibration = _calibration(memory)
    wanted = CALIBRATION_DROPS + calibration.learnt
    if calibration.landed and not calibration.learnt:
        memory.play(memory.now, Cue.of("count", number=calibration.drops))
    calibration.landed = False
    if calibration.drops == wanted:
        memory.do(FinishCalibration(memory.now))
        return State.CALIBRATING
    if calibration.dropped:
        calibration.dropped = False
        memory.deadline = event.at + to_samples(CALIBRATION_TEMPO.pause)
        return State.CALIBRATING
    beats = Beats.starting(event.at + LEAD, CALIBRATION_TEMPO)
    calibration.drops += 1
    memory.play(beats.rise, Cue("rise"))
    memory.play(beats.top, Cue("tone.hold"))
    memory.play(beats.drop, Cue("tone.drop"))
    memory.do(OpenWindow(memory.now, *beats.window, beats.drop, gentle=calibration.learnt))
    calibration.dropped = True
    memory.deadline = beats.window[1] + MEASURING
    return State.CALIBRATING


def landed(memory: Memory, event: Thump) -> State:
    """Keep that the drop was heard until its window has ended, when it is counted aloud."""
    calibration = _calibration(memory)
    calibration.landed = calibration.landed or calibration.dropped
    return State.CALIBRATING


def finished(memory: Memory, event: CalibrationFinished) -> State:
    """Ask for a gentle drop, then go on; try once more; or offer to count without hearing."""
    calibration = _calibration(memory)
    if event.problem is None:
        memory.calibrated = True
        if memory.session is not None:
            memory.session.never_hears = memory.session.drifted = False
            memory.session.deaf = False
        if calibration.learnt:
            return _go_on(memory, Cue("calibration.done"), *_microphone(event))
        calibration.learnt, calibration.explained = True, False
        memory.say(Cue("calibration.gentle"))
        return State.CALIBRATING
    if calibration.attempt == CALIBRATION_ATTEMPTS:
        memory.calibration = None
        if memory.session is None:
            memory.say(Cue("calibration.failed"), *_microphone(event), *memory.take_deferred())
            return State.SUMMING_UP
        return offer(memory, *memory.take_deferred(), *_microphone(event))
    memory.calibration = Calibration(attempt=calibration.attempt + 1)
    memory.say(_problem(event), *_microphone(event), Cue("calibration.still"))
    return State.CALIBRATING


def _problem(event: CalibrationFinished) -> Cue:
    name = f"calibration.{event.problem}"
    return Cue.of(name, heard=event.heard) if event.problem == "too_few" else Cue(name)


def _microphone(event: CalibrationFinished) -> tuple[Cue, ...]:
    """Say what is wrong with the microphone, unless it is what has been said already."""
    new = (name for name in event.microphone if name != event.problem)
    return tuple(Cue(f"microphone.{name}") for name in new)


def _go_on(memory: Memory, *cues: Cue) -> State:
    memory.calibration = None
    cues = (*cues, *memory.take_deferred())
    if memory.session is None:
        memory.say(*cues)
        return State.SUMMING_UP
    return proceed(memory, *cues)


def _calibration(memory: Memory) -> Calibration:
    assert memory.calibration is not None
    return memory.calibration
