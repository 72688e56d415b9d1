"""What the coach is given for a day: plans, refusals, questions to ask and answers to give."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voice_coach.programme.briefing import Briefing
from voice_coach.programme.firmness import Band
from voice_coach.programme.questions import Question
from voice_coach.programme.tempo import Tempo


@dataclass(frozen=True, slots=True)
class Plan:
    """One session: `repetitions` are of each set, `rest` is in seconds between two sets."""

    level: str
    sets: int
    repetitions: int
    rest: float
    tempo: Tempo
    band: Band
    asks_for_more: bool = True

    @property
    def seconds(self) -> float:
        """Length of the exercise from the first rise to the last pause."""
        repetitions = self.sets * self.repetitions * self.tempo.seconds
        return repetitions + (self.sets - 1) * self.rest


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be said: the name of its cue, and what its text may mention."""

    cue: str
    slots: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a level is not for today, and what is instead.

    Attributes
    ----------
    reason
        Name of the cue that says why, such as ``refused.rest_day``; the names are the keys of
        ``may_override`` in ``rules.toml``.
    slots
        What the cue's text may mention; always `level` (the one asked for), and where it
        applies `days` (until the next free day, 1 is tomorrow), `cap`, `instead` (the
        alternative's level), `sessions` and `weeks` (still to be done before the level asked
        for).
    may_override
        Whether an explicit second phrase ("start anyway") begins the alternative.
    alternative
        The plan that may be had instead: by that second phrase when `may_override`, otherwise
        by a simple yes; None when there is nothing to do today.
    reasons
        Of ``refused.blocked``: a line for each block, which says why and what to do.
    """

    reason: str
    slots: Mapping[str, str | int]
    may_override: bool
    alternative: Plan | None
    reasons: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Today:
    """What the coach is given.

    Attributes
    ----------
    level
        The level that "start" means.
    plans
        The answer to "start LEVEL", for every level.
    offered
        A higher level whose weeks and sessions are done: to be offered, never forced.
    notices
        Names of cues for what the person should know: ``notice.stepped_back`` (after days off),
        ``notice.prescription_expired`` (its limits go on holding), ``notice.clock_behind`` (the
        diary holds days that are still to come, so the date is probably wrong).
    cautions
        The therapist's sentences to be said before the session.
    screening
        The questions of the screening that are due: to be asked before anything is started,
        and the plans made anew afterwards.
    readiness
        The questions at the start of a session. A follow-up on what is still open comes first:
        its safe answer is `PainSettled`, after which the plans, refused until then, are made
        anew.
    answers
        What is to be said when the person asks, by the name of the intent.
    single_leg
        Whether the therapist allows drops on one leg; the coach never asks for them.
    review
        A word on last week, said in the first session of this week; otherwise empty.
    briefing
        What is told of how it is done.
    person
        Whose day this is, where there is more than one in the household.
    asks_day
        What is to be asked before a session because it is not known what day it is; its plans are
        then refused. None where it is known.
    """

    level: str
    plans: Mapping[str, Plan | Refusal]
    offered: str | None = None
    notices: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    screening: tuple[Question, ...] = ()
    readiness: tuple[Question, ...] = ()
    answers: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    single_leg: bool = False
    review: tuple[Line, ...] = ()
    briefing: Briefing = field(default_factory=Briefing)
    person: str | None = None
    asks_day: Line | None = None

    def without_a_day(self, asks: Line | None) -> "Today":
        """Return what may be done while it is not known what day it is: nothing, but to ask."""
        unknown = {
            level: Refusal("refused.no_day", {"level": level}, may_override=False, alternative=None)
            for level in self.plans
        }
        return replace(self, plans=unknown, offered=None, asks_day=asks)
