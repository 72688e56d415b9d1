"""Hours on end, in stream time, and whether anything grows, breaks or gets lost.

The loop with its heel ear, coach, mixer and diary on the noise of a room, with somebody who begins
a session whenever that is allowed and answers what is asked. Days pass twenty-four times as fast.
"""

import resource
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from tqdm import tqdm

from bench.torture.outcome import Outcome
from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples, to_seconds
from voice_coach.coach import Action, Intent, State
from voice_coach.coach.actions import Record
from voice_coach.diary.diary import Diary
from voice_coach.hearing.commands import CommandHeard, SpeechNotUnderstood
from voice_coach.home.observer import Observer, Sounding
from voice_coach.home.residents import open_household
from voice_coach.home.settings import Settings
from voice_coach.home.wiring import wire
from voice_coach.programme.ledger import Answer, SessionStarted
from voice_coach.programme.questions import load_questions
from voice_coach.samples import Samples
from voice_coach.sound.block import Block
from voice_coach.speaking import Clip, Mixer
from voice_coach.timed_word import TimedWord

BEGAN: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FASTER: Final = 24
"""Days pass so many times as fast as the stream."""
EVERY: Final = to_samples(150.0)
"""From one wish to begin to the next."""
GROWTH: Final = 8 << 20
"""Bytes by which the process may grow after its first half hour."""
WARM: Final = to_samples(1800.0)
SAFE: Final = {question.cue: question.safe for question in load_questions()}


class Murmur:
    """Says everything in a tone that lasts as long as a short sentence."""

    def __init__(self) -> None:
        t = np.arange(to_samples(0.8)) / SAMPLE_RATE
        self._sound = (0.1 * np.sin(2 * np.pi * 300 * t)).astype(np.float32)

    def clip(self, cue: str, slots: object) -> Clip:
        """Return the one clip there is."""
        return Clip(self._sound, cue)


class Silent:
    """Understands nothing: the commands are given to the loop."""

    speech_began = None

    def listen_for(self, mode: str) -> None:
        """Do nothing."""

    def own_speech(self, start: int, end: int, words: Sequence[TimedWord]) -> None:
        """Do nothing."""

    def hush_own_speech(self, at: int) -> None:
        """Do nothing."""

    def feed(
        self, microphone: Samples, playback: Samples | None = None
    ) -> list[CommandHeard | SpeechNotUnderstood]:
        """Hear nothing."""
        return []


class Person(Observer):
    """Answers what is asked."""

    def __init__(self) -> None:
        self.begun = 0
        self._asked = ""

    def action(self, action: Action) -> None:
        """Count the sessions."""
        if isinstance(action, Record) and isinstance(action.entry, SessionStarted):
            self.begun += 1

    def sounding(self, sounding: Sounding) -> None:
        """Take note of what is asked."""
        if sounding.cue.name in SAFE:
            self._asked = sounding.cue.name

    def answer(self, state: State) -> Intent | None:
        """Return what to say in `state`, once nothing is being said."""
        match state:
            case State.SCREENING | State.READINESS:
                asked, self._asked = self._asked, ""
                return Intent.NO if SAFE.get(asked) is Answer.NO else Intent.YES
            case State.FEELING:
                return Intent.FELT_FINE
            case State.CHECKING_IN | State.OFFERING:
                return Intent.YES
            case State.PAUSED:
                return Intent.RESUME
            case State.CONFIRMING:
                return Intent.NO
        return None


def soak(hours: float, seed: int, folder: Path) -> Outcome:
    """Let it run for so many hours of stream time."""
    outcome = Outcome("hours on end, in stream time")
    settings = msgspec.structs.replace(
        Settings(), diary=folder / "diary", calibration=folder / "heels"
    )
    noise = np.random.default_rng(seed).normal(0, 1e-3, 60 * SAMPLE_RATE).astype(np.float32)
    position, person, mixer, answer_at = 0, Person(), Mixer(), 0

    def elapsed() -> float:
        return FASTER * to_seconds(position)

    end, grown_from = to_samples(hours * 3600), _grown()
    with open_household(
        settings, lambda: BEGAN + timedelta(seconds=elapsed()), elapsed=elapsed
    ) as household:
        loop = wire(household, commands=Silent(), voice=Murmur(), mixer=mixer, observers=(person,))
        day = household.clock().date()
        with tqdm(total=round(hours * 3600), unit="s", disable=None) as bar:
            while position < end:
                at = position % (len(noise) - BLOCK)
                out = np.zeros(BLOCK, np.float32)
                mixer.render(position, out)
                loop.step(Block(position, noise[at : at + BLOCK], out))
                position += BLOCK
                if position % SAMPLE_RATE == 0:
                    bar.update(1)
                    if not loop.is_speaking and position >= answer_at:
                        intent = person.answer(loop.coach.state)
                        if intent is not None:
                            loop.ask(intent)
                            answer_at = position + 2 * SAMPLE_RATE
                if position % EVERY == 0 and loop.coach.state is State.ASLEEP:
                    before, day = day, household.clock().date()
                    if before != day:
                        loop.plans_changed()
                    loop.ask(Intent.START)
                if position == min(WARM, end // BLOCK // 2 * BLOCK):
                    grown_from = _grown()
        if loop.coach.in_session:
            loop.ask(Intent.STOP)
        names = Counter(thread.name for thread in threading.enumerate())
        for name, number in names.items():
            if number > 1:  # what writes, and what shows how far we are, has one each
                outcome.fault(f"{number} threads {name}")
    grown = _grown() - grown_from
    if grown > GROWTH:
        outcome.fault(f"it has grown by {grown >> 20} MB")
    with Diary.open(settings.diary) as diary:
        outcome.lost = person.begun - sum(s.reason is not None for s in diary.sessions())
    outcome.tried = round(hours) if hours >= 1 else 1
    megabytes = round(grown / 2**20, 1)
    outcome.more = {"hours": hours, "sessions": person.begun, "MB grown": megabytes}
    return outcome


def _grown() -> int:
    """Return the bytes that the process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
