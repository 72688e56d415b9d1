"""Calibration: a moment of silence, three good drops, then a gentle one; a second try if it fails.

The good drops are learnt before the gentle one is asked for, and kept whatever becomes of it: it
only tells where soft begins for this person, and may stay away.
"""

from voice_coach.clock import to_samples
from voice_coach.coach.actions import FinishCalibration, OpenWindow, StartCalibration
from voice_coach.coach.context import Calibration, Context
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import CalibrationFinished, Command, Spoken, TimeReached
from voice_coach.coach.offering import offer
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
from voice_coach.coach.repetition import proceed
from voice_coach.coach.states import State


def calibrate_again(context: Context, event: Command) -> State:
    """Try once more to learn the drops."""
    context.hush()
    return calibrate(context)


def calibrate(context: Context, *cues: Cue) -> State:
    """Say what is wanted, after `cues`."""
    context.calibration = Calibration()
    context.say(*cues, Cue("calibration.intro"), Cue("calibration.still"))
    return State.CALIBRATING


def spoken(context: Context, event: Spoken) -> State:
    """Listen to the room when the words have ended, or prompt the gentle drop."""
    calibration = _calibration(context)
    if event.utterance != context.awaiting or calibration.explained:
        return State.CALIBRATING
    context.awaiting = None
    calibration.explained = True
    if calibration.learnt:
        context.deadline = context.now + BREATH
        return State.CALIBRATING
    context.do(StartCalibration(context.now))
    context.deadline = context.now + ROOM
    return State.CALIBRATING


def time_reached(context: Context, event: TimeReached) -> State:
    """Prompt the next calibration drop, or make a template of them."""
    calibration = _calibration(context)
    wanted = CALIBRATION_DROPS + calibration.learnt
    if calibration.drops == wanted:
        context.do(FinishCalibration(context.now))
        return State.CALIBRATING
    beats = Beats.starting(event.at + LEAD, CALIBRATION_TEMPO)
    calibration.drops += 1
    context.play(beats.rise, Cue("rise"))
    context.play(beats.top, Cue("tone.hold"))
    context.play(beats.drop, Cue("tone.drop"))
    context.do(OpenWindow(context.now, *beats.window, gentle=calibration.learnt))
    pause = 0 if calibration.drops == wanted else to_samples(CALIBRATION_TEMPO.pause)
    context.deadline = beats.window[1] + MEASURING + pause
    return State.CALIBRATING


def finished(context: Context, event: CalibrationFinished) -> State:
    """Ask for a gentle drop, then go on; try once more; or offer to count without hearing."""
    calibration = _calibration(context)
    if event.problem is None:
        context.calibrated = True
        if context.session is not None:
            context.session.never_hears = context.session.drifted = False
            context.session.deaf = False
        if calibration.learnt:
            return _go_on(context, Cue("calibration.done"), *_microphone(event))
        calibration.learnt, calibration.explained = True, False
        context.say(Cue("calibration.gentle"))
        return State.CALIBRATING
    if calibration.attempt == CALIBRATION_ATTEMPTS:
        context.calibration = None
        if context.session is None:
            context.say(Cue("calibration.failed"), *_microphone(event))
            return State.SUMMING_UP
        return offer(context, *context.take_deferred(), *_microphone(event))
    context.calibration = Calibration(attempt=calibration.attempt + 1)
    context.say(_problem(event), *_microphone(event), Cue("calibration.still"))
    return State.CALIBRATING


def _problem(event: CalibrationFinished) -> Cue:
    name = f"calibration.{event.problem}"
    return Cue.of(name, heard=event.heard) if event.problem == "too_few" else Cue(name)


def _microphone(event: CalibrationFinished) -> tuple[Cue, ...]:
    """Say what is wrong with the microphone, unless it is what has been said already."""
    new = (name for name in event.microphone if name != event.problem)
    return tuple(Cue(f"microphone.{name}") for name in new)


def _go_on(context: Context, *cues: Cue) -> State:
    context.calibration = None
    if context.session is None:
        context.say(*cues)
        return State.SUMMING_UP
    return proceed(context, *cues, *context.take_deferred())


def _calibration(context: Context) -> Calibration:
    assert context.calibration is not None
    return context.calibration
