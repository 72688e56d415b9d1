"""The simulated person: hears the coach's cues, lands on their heels, and speaks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.coach import Action, Event, Hush, State
from voice_coach.home.observer import Observer, Sounding
from voice_coach.programme.ledger import Answer
from voice_coach.programme.questions import load_questions
from voice_coach.rehearsal.scenario import Person, Remark
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen

VOICE_DB: Final = 66.0
"""Level of the person's voice at the microphone, where a remark names no other."""

SOFT_EFFORT: Final = (0.2, 0.42)
"""Range of the effort of a landing without impact, against a good one."""

UNCOUNTED: Final = frozenset({State.CALIBRATING, State.PRACTISING})
"""States whose drops are no repetitions."""

QUICKEST: Final = 0.08
"""Nobody lands sooner than so many seconds after the cue they answer."""


def _usual_answers() -> dict[str, str]:
    """Return the answers of somebody who is well and understands every question."""
    asked = {
        question.cue: "yes" if question.safe is Answer.YES else "no"
        for question in load_questions()
    }
    agreed = dict.fromkeys(("screening.confirm", "calibration.offer", "read_back"), "yes")
    return {**asked, **agreed, "feel": "easy", "feel.first": "easy"}


@dataclass(frozen=True, slots=True)
class Landing:
    """What really happened: where the sound of a landing reached the microphone."""

    at: int
    effort: float
    drop: int
    """Number of the drop it answers; 0 for one of a calibration or a lesson."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What the person said, and when."""

    start: int
    end: int
    text: str


class SimulatedPerson(Observer):
    """Takes part in a session, in step with it.

    Acts only on cues that have really sounded.

    Parameters
    ----------
    person
        How they exercise.
    kitchen
        Where their heels and their voice are heard.
    utter
        Returns their voice saying a text.
    seed
        Decides everything that is drawn.
    """

    def __init__(
        self, person: Person, kitchen: Kitchen, utter: Callable[[str], Samples], seed: int
    ) -> None:
        self._person = person
        self._kitchen = kitchen
        self._utter = utter
        self._random = np.random.default_rng(seed)
        self._state = State.ASLEEP
        self._coming: list[tuple[Sounding, bool]] = []
        self._drops = 0
        self._begun: dict[str, int] = {}
        self._to_say = list(person.says)
        self._last_answer = ""
        self._asked_gently = False
        self._answers = {**_usual_answers(), **person.answers}
        self.landings: list[Landing] = []
        self.sayings: list[Saying] = []

    def is_talking(self, position: int) -> bool:
        """Whether something is being said, or will be at a time that is to come."""
        return any(saying.end > position for saying in self.sayings) or any(
            remark.at is not None for remark in self._to_say
        )

    def event(self, event: Event, state: State) -> None:
        """Follow what the coach is doing."""
        self._state = state

    def action(self, action: Action) -> None:
        """Expect no more of the cues that were hushed."""
        if isinstance(action, Hush):
            self._coming = []

    def sounding(self, sounding: Sounding) -> None:
        """Expect a cue."""
        self._coming.append((sounding, self._state in UNCOUNTED))

    def live(self, position: int) -> None:
        """Do what is to be done before the stream reaches `position`."""
        due = [item for item in self._coming if item[0].start < position]
        self._coming = [item for item in self._coming if item[0].start >= position]
        for sounding, calibrating in sorted(due, key=lambda item: item[0].start):
            self._hear(sounding, calibrating)
        for remark in [r for r in self._to_say if r.at is not None]:
            if to_samples(remark.at or 0.0) < position:
                self._say(remark, to_samples(remark.at or 0.0))

    def _hear(self, sounding: Sounding, calibrating: bool) -> None:
        name = sounding.cue.name
        self._begun[name] = self._begun.get(name, 0) + 1
        for remark in [r for r in self._to_say if r.cue == name and r.nth == self._begun[name]]:
            self._say(remark, sounding.start + to_samples(remark.after))
        answer = self._answer(name, self._begun[name])
        if answer:
            self._utter_at(answer, sounding.end + to_samples(self._person.thinking))
            self._last_answer = answer
        elif name.startswith("not_understood.") and self._last_answer:
            self._utter_at(self._last_answer, sounding.end + to_samples(self._person.thinking))
        if name == "calibration.gentle":
            self._asked_gently = True
        if name == "tone.drop":
            self._drop(sounding.start, calibrating)

    def _drop(self, cue: int, calibrating: bool) -> None:
        person, random = self._person, self._random
        # Always drawn, so that one drop's fate does not change the others'.
        missed, soft = random.random() < person.miss_rate, random.random() < person.soft_rate
        reaction = max(random.normal(person.reaction, person.reaction_spread), QUICKEST)
        effort = max(random.normal(person.firmness, person.firmness_spread), 0.05)
        gentle = random.uniform(*SOFT_EFFORT)
        number = 0
        if not calibrating:
            self._drops += 1
            number = self._drops
            if missed or number in person.misses:
                return
            if soft or number in person.soft:
                effort = gentle
        elif self._asked_gently:
            effort = person.gentleness
        self._asked_gently = False
        at = self._kitchen.strike(cue + to_samples(reaction), float(effort))
        self.landings.append(Landing(round(at), round(float(effort), 3), number))

    def _answer(self, cue: str, time: int) -> str:
        """Return what is answered when `cue` is heard for the `time`-th time."""
        answers = self._answers.get(cue, "")
        if isinstance(answers, str):
            return answers
        return answers[min(time, len(answers)) - 1]

    def _say(self, remark: Remark, at: int) -> None:
        self._to_say.remove(remark)
        self._utter_at(remark.text, at, remark.level_db)

    def _utter_at(self, text: str, at: int, level_db: float = VOICE_DB) -> None:
        speech = self._utter(text)
        self._kitchen.speak(at, speech, level_db)
        self.sayings.append(Saying(at, at + len(speech), text))
