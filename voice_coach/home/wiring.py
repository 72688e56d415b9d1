"""The composition root: what the live speaker, a rehearsal and the tests are put together from.

Only the source of samples, the clock and where commands come from differ between them.
"""

from collections.abc import Sequence

from voice_coach.coach import Coach
from voice_coach.coach.pacing import VOLUME_STEP_DB
from voice_coach.hearing.heels.ear import HeelEar
from voice_coach.home.observer import Observer
from voice_coach.home.residents import Household
from voice_coach.home.session_loop import CommandSource, Door, Loop
from voice_coach.programme.rules import load_rules
from voice_coach.programme.screening import questions
from voice_coach.speaking import Mixer, Speech
from voice_coach.speaking.speech import CueVoice


def wire(
    household: Household,
    *,
    commands: CommandSource,
    voice: CueVoice,
    mixer: Mixer,
    volume_db: float = 0.0,
    louder: int = 0,
    waking: float = 0.0,
    observers: Sequence[Observer] = (),
    door: Door | None = None,
    can_switch_off: bool = False,
) -> Loop:
    """Return the loop for a household, ready for its first block.

    Parameters
    ----------
    household
        Who lives here, with their diaries, plans and heels.
    commands
        Where spoken commands come from.
    voice
        The coach's voice, prepared.
    mixer
        Is asked for the loudspeaker's samples by whoever calls the loop.
    volume_db
        How loud the voice is before anybody asks for louder or quieter.
    louder
        By how many steps somebody has asked for it to be louder, or quieter.
    waking
        Seconds that the loudspeaker takes to wake from silence.
    observers
        Are shown everything that goes on.
    door
        Of the page of the home, if there is one.
    can_switch_off
        Whether somebody who looks on switches the machine off, where that is asked for.
    """
    templates = household.templates()
    speech = Speech(voice, mixer, volume_db, waking)
    speech.make_louder(louder * VOLUME_STEP_DB)
    return Loop(
        coach=Coach(
            household.plans(),
            limits=load_rules().pace,
            calibrated=bool(templates),
            people=household.people,
            questions=questions("screening"),
            volume=louder,
            can_switch_off=can_switch_off,
        ),
        commands=commands,
        heels=HeelEar(templates),
        speech=speech,
        household=household,
        observers=observers,
        door=door,
    )
