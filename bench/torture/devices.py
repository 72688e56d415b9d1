"""Devices that fail in the midst of everything: the coach goes on, ends or waits, and says so.

Sessions on the real table of the coach, with everything that may be said in any state, in which the
microphone goes deaf, sound or diary are lost and come back at any moment.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tqdm import tqdm

from bench.torture.outcome import Outcome
from tests.coach.stage import Stage, asked, today
from voice_coach.coach import (
    Command,
    DiaryBack,
    DiaryLost,
    Event,
    Intent,
    NotUnderstood,
    SoundBack,
    SoundLost,
    State,
)
from voice_coach.programme.ledger import (
    Complaint,
    Entry,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)

STEPS: Final = 120
"""Things that happen in a session."""
TALK: Final = tuple(Intent)
LONG: Final = 1200.0
"""Seconds after which nothing may be going on any more."""


def suffer(numbers: range, seed: int) -> Outcome:
    """Go through the sessions of these numbers, in which devices fail."""
    outcome = Outcome("sessions in which microphone, loudspeaker or diary fail")
    for number in tqdm(numbers, unit="session", disable=None):
        dice = random.Random(f"{seed} {number}")
        outcome.tried += 1
        try:
            entries = _session(dice)
        except AssertionError as error:
            outcome.fault(f"(seed {seed} {number}) {str(error).splitlines()[0]}")
            continue
        except Exception as error:
            outcome.fault(f"(seed {seed} {number}) {type(error).__name__}: {error}")
            continue
        outcome.lost += _lost(entries)
    return outcome


def _session(dice: random.Random) -> list[Entry]:
    """Go through a session; return what was entered into the diary."""
    day = replace(
        today(),
        screening=asked("recent_fracture", "falls") if dice.random() < 0.3 else (),
        readiness=asked("well", "place"),
    )
    stage = Stage.set_up(day, calibrated=dice.random() < 0.8)
    stage.say(Intent.START)
    gone: set[str] = set()
    for _ in range(STEPS):
        stage.wait(dice.choice((0.05, 0.3, 1.0, 3.0, 12.0)))
        for event in _happening(stage, dice, gone):
            stage.deliver(event)
    if "sound" in gone:
        stage.deliver(SoundBack(stage.now))
    if "diary" in gone:
        stage.deliver(DiaryBack(stage.now))
    if dice.random() < 0.5:
        stage.say(Intent.STOP)
        assert not stage.coach.in_session, "a session goes on after a stop"
    stage.wait(LONG)
    assert stage.state is State.ASLEEP, f"still {stage.state} after {LONG:.0f} s of silence"
    return stage.entries


def _happening(stage: Stage, dice: random.Random, gone: set[str]) -> Sequence[Event]:
    """Return what happens next; nothing that is gone is lost once more before it is back."""
    now, events = stage.now, list[Event]()
    match dice.randrange(10):
        case 0 if "sound" not in gone:
            gone.add("sound")
            events.append(SoundLost(now, deaf=dice.random() < 0.5))
        case 1 | 2 if "sound" in gone:
            gone.discard("sound")
            events.append(SoundBack(now))
        case 3 if "diary" not in gone and dice.random() < 0.3:
            gone.add("diary")
            events.append(DiaryLost(now))
        case 4 | 5 if "diary" in gone:
            gone.discard("diary")
            events.append(DiaryBack(now))
        case 6:
            events.append(NotUnderstood(now))
        case 7 if stage.state is State.LISTENING:
            stage.thump(dice.uniform(-15, 10), certain=dice.random() < 0.8)
        case 8 | 9:
            intent = dice.choice((*TALK, *[Intent.YES, Intent.NO, Intent.START] * 6))
            complaint = dice.choice(list(Complaint)) if intent is Intent.COMPLAIN else None
            events.append(Command(now, intent, None, None, complaint, dice.random() < 0.7))
    return events


def _lost(entries: Sequence[Entry]) -> int:
    """Return how many entries are missing: a start without an end, a repetition left open."""
    lost, open_drops, going_on = 0, set[tuple[int, int]](), False
    for entry in entries:
        match entry:
            case SessionStarted():
                lost += going_on
                going_on, open_drops = True, set()
            case SessionEnded():
                lost += not going_on
                going_on = False
            case RepetitionPrompted():
                lost += not going_on
                open_drops.add((entry.set, entry.number))
            case RepetitionResolved():
                lost += (entry.set, entry.number) not in open_drops
                open_drops.discard((entry.set, entry.number))
    return lost + going_on + len(open_drops)
