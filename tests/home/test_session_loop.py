"""The loop: what is said when, and what it does when it is talked over."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from tests.coach.stage import plan, today
from tests.hearing.heels.home import live
from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.coach import Action, Coach, Cue, Event, Intent, State
from voice_coach.hearing.commands import CommandHeard, SpeechNotUnderstood
from voice_coach.hearing.heels.ear import HeelEar
from voice_coach.home.session_loop import BETWEEN_WORDS, Loop, Newcomer, Sounding
from voice_coach.programme.ledger import (
    Complained,
    Complaint,
    Entry,
    Outcome,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.planner import Band, Today
from voice_coach.programme.rules import load_rules
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen
from voice_coach.sound.block import Block
from voice_coach.speaking import Clip, Mixer


class Hum:
    """A voice that hums: every clip is a constant of one second, a tone of a tenth."""

    def clip(self, cue: str, slots: Mapping[str, str | int]) -> Clip:
        seconds, text = (0.1, "") if cue.startswith("tone.") else (1.0, cue)
        return Clip(np.full(to_samples(seconds), 0.5, np.float32), text)


@dataclass
class Somebody:
    """A source of commands that is told what is heard, and remembers what it is told."""

    mode: str = ""
    heard: list[CommandHeard | SpeechNotUnderstood] = field(default_factory=list)
    own: list[tuple[int, int, str]] = field(default_factory=list)
    speech_began: int | None = None

    def listen_for(self, mode: str) -> None:
        self.mode = mode

    def own_speech(self, start: int, end: int, text: str) -> None:
        self.own.append((start, end, text))

    def hush_own_speech(self, at: int) -> None:
        self.own = [(start, min(end, at), text) for start, end, text in self.own if start < at]

    def feed(
        self, microphone: Samples, playback: Samples | None = None
    ) -> list[CommandHeard | SpeechNotUnderstood]:
        heard, self.heard = self.heard, []
        return heard


@dataclass
class Watcher:
    """Keeps what it is shown."""

    soundings: list[Sounding] = field(default_factory=list)
    states: list[State] = field(default_factory=list)

    def event(self, event: Event, state: State) -> None:
        self.states.append(state)

    def action(self, action: Action) -> None:
        pass

    def sounding(self, sounding: Sounding) -> None:
        self.soundings.append(sounding)


class Household:
    """A loop, and a loudspeaker whose sound is kept."""

    def __init__(
        self,
        people: tuple[str, ...] = (),
        day: Today | None = None,
        heels: HeelEar | None = None,
        kitchen: Kitchen | None = None,
    ) -> None:
        self.day = day or today()
        self.kitchen = kitchen
        self._drops = 0
        self.came: list[str] = []
        self.somebody = Somebody()
        self.watcher = Watcher()
        self.entries: list[Entry] = []
        self.said: list[Samples] = []
        self.plans_made = 0
        self.loop = Loop(
            coach=Coach(self.day, limits=load_rules().pace, calibrated=True, people=people),
            commands=self.somebody,
            heels=heels or HeelEar(),
            voice=Hum(),
            mixer=Mixer(),
            write=self.entries.append,
            plans=self._plans,
            keep_template=lambda template: (template,),
            change_person=self._come,
            observers=(self.watcher,),
        )

    def _come(self, person: str) -> Newcomer:
        self.came.append(person)
        return Newcomer(replace(self.day, person=person), ())

    def _plans(self) -> Today:
        self.plans_made += 1
        return self.day

    def live(self, seconds: float, talking: Callable[[int], int | None] = lambda at: None) -> None:
        for _ in range(round(seconds * SAMPLE_RATE / BLOCK)):
            position = self.loop.position
            out = np.zeros(BLOCK, np.float32)
            self.loop.mixer.render(position, out)
            self.said.append(out)
            self.somebody.speech_began = talking(position)
            self.loop.step(Block(position, self._microphone(out), out))

    def _microphone(self, out: Samples) -> Samples:
        """Return the sound of the kitchen, if there is one, in which heels follow every cue."""
        if self.kitchen is None:
            return np.zeros(BLOCK, np.float32)
        cues = [s.start for s in self.watcher.soundings if s.cue.name == "tone.drop"]
        for cue in cues[self._drops :]:
            self.kitchen.strike(cue + to_samples(0.35))
        self._drops = len(cues)
        return self.kitchen.microphone(out)

    def hear(self, intent: Intent, level: str | None = None) -> None:
        at = self.loop.position
        slots = {"level": level} if level else {}
        self.somebody.heard.append(CommandHeard(at, at, at + BLOCK, "", intent, slots, 1.0))

    def speaker(self) -> Samples:
        return np.concatenate(self.said)


@pytest.fixture
def household() -> Household:
    return Household()


def test_words_never_overlap_words(household: Household) -> None:
    household.loop.say(Cue("ready"))
    household.hear(Intent.HELP)
    household.live(1.0)
    household.hear(Intent.HELP)
    household.live(6.0)
    words = [sounding for sounding in household.watcher.soundings if sounding.text]
    assert len(words) == 3
    for earlier, later in itertools.pairwise(words):
        assert later.start >= earlier.end + BETWEEN_WORDS


def test_the_ear_is_told_what_we_say_and_when(household: Household) -> None:
    household.loop.say(Cue("ready"))
    household.live(0.1)
    sounding = household.watcher.soundings[0]
    assert household.somebody.own == [(sounding.start, sounding.end, "ready")]


def test_the_ear_listens_for_what_the_coach_can_use(household: Household) -> None:
    household.live(0.1)
    assert household.somebody.mode == "asleep"
    household.hear(Intent.START, "beginner")
    household.live(0.1)
    assert household.somebody.mode == "exercising"


def test_stop_silences_the_loudspeaker_within_fifty_milliseconds(household: Household) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.8)
    assert household.said[-1].any()
    household.hear(Intent.STOP)
    household.live(0.3)
    silent_after = to_samples(0.8 + 0.02 + 0.05)
    assert not household.speaker()[silent_after : silent_after + to_samples(0.15)].any()
    assert isinstance(household.entries[-1], SessionEnded)


def test_what_is_hushed_is_not_awaited(household: Household) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.4)
    household.hear(Intent.PAUSE)
    household.live(5.0)
    assert household.loop.coach.state is State.PAUSED


def test_it_lowers_its_voice_for_who_talks_over_it_and_raises_it_again(
    household: Household,
) -> None:
    household.loop.say(Cue("ready"))
    begins, ends = to_samples(0.3), to_samples(0.7)
    household.live(1.2, lambda at: begins if begins <= at < ends else None)
    said = household.speaker()
    start = household.watcher.soundings[0].start
    assert said[start + 1000] == pytest.approx(0.5)
    assert abs(said[to_samples(0.65)]) < 0.1
    assert said[to_samples(0.9)] == pytest.approx(0.5)


def test_it_does_not_lower_its_voice_for_what_it_answers(household: Household) -> None:
    household.loop.say(Cue("ready"))
    household.live(1.2, lambda at: 0)
    start, end = household.watcher.soundings[0].start, household.watcher.soundings[0].end
    assert household.speaker()[start:end].min() == pytest.approx(0.5)


def test_a_session_that_has_ended_changes_the_plans(household: Household) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.5)
    assert isinstance(household.entries[0], SessionStarted)
    assert household.plans_made == 0
    household.hear(Intent.STOP)
    household.live(0.1)
    assert household.plans_made == 1


def test_what_is_complained_of_changes_the_plans(household: Household) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.5)
    at = household.loop.position
    household.somebody.heard.append(
        CommandHeard(at, at, at + BLOCK, "", "complain", {"complaint": "dizzy"}, 1.0)
    )
    household.live(0.1)
    assert Complained(at + BLOCK, Complaint.DIZZY) in household.entries
    assert household.plans_made >= 1


@pytest.mark.parametrize("cry", ["ouch", "trouble"])
def test_a_cry_is_more_than_a_stop(household: Household, cry: str) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.5)
    at = household.loop.position
    household.somebody.heard.append(CommandHeard(at, at, at + BLOCK, "", "stop", {"cry": cry}, 1.0))
    household.live(0.1)
    assert isinstance(household.entries[-1], SessionEnded)
    complained = any(isinstance(entry, Complained) for entry in household.entries)
    assert complained == (cry == "ouch")


def test_another_person_comes_with_their_own_plans_and_heels() -> None:
    household = Household(people=("anna", "ben"))
    at = household.loop.position
    household.somebody.heard.append(
        CommandHeard(at, at, at + BLOCK, "", "start", {"person": "ben"}, 1.0)
    )
    household.live(0.1)
    assert household.came == ["ben"]
    assert household.loop.coach.in_session


def test_lost_sound_pauses_and_sound_regained_says_so(household: Household) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.5)
    household.loop.sound_lost()
    assert household.loop.coach.state is State.PAUSED
    household.loop.sound_back()
    household.live(3.0)
    assert [s.cue.name for s in household.watcher.soundings][-1] == "fault.recovered"


@pytest.mark.parametrize("moved_db", [0.0, 7.0])
def test_levels_that_have_drifted_are_told_at_the_end_of_the_session(moved_db: float) -> None:
    """As when the microphone stood nearer while the drops were learnt."""
    template = live().template
    nearer = replace(template, power=(template.power * 10 ** (moved_db / 10)).astype(np.float32))
    household = Household(
        day=today(beginner=replace(plan(sets=1, repetitions=8), band=Band(-12.0, 12.0))),
        heels=HeelEar([nearer]),
        kitchen=Kitchen(floor="wood", footwear="shoe", seed=4, echo_db=-np.inf),
    )
    household.hear(Intent.START, "beginner")
    household.live(70.0)
    outcomes = [e.outcome for e in household.entries if isinstance(e, RepetitionResolved)]
    assert len(outcomes) == 8
    assert Outcome.NOT_HEARD not in outcomes
    household.hear(Intent.FELT_FINE)
    household.live(3.0)
    said = [sounding.cue.name for sounding in household.watcher.soundings]
    assert ("summary.different" in said) is (moved_db > 0)


def test_a_session_in_other_shoes_is_heard_from_the_first_drop() -> None:
    """As when the heels were learnt on this floor first, and on another since."""
    here, elsewhere = live().template, live(floor="tile").template
    ear = HeelEar([elsewhere, here])
    household = Household(
        day=today(beginner=plan(sets=1, repetitions=4)),
        heels=ear,
        kitchen=Kitchen(floor="wood", footwear="shoe", seed=4, echo_db=-np.inf),
    )
    assert ear.template is elsewhere
    household.hear(Intent.START, "beginner")
    household.live(42.0)
    outcomes = [e.outcome for e in household.entries if isinstance(e, RepetitionResolved)]
    assert outcomes == [Outcome.HEARD] * 4
    assert ear.template is here


@pytest.mark.parametrize("automatic_gain", [False, True])
def test_a_microphone_that_changes_its_level_is_told_after_the_calibration(
    automatic_gain: bool,
) -> None:
    household = Household(
        kitchen=Kitchen(
            floor="wood", footwear="shoe", seed=4, echo_db=-np.inf, automatic_gain=automatic_gain
        )
    )
    household.hear(Intent.CALIBRATE)
    household.live(36.0)
    said = [sounding.cue.name for sounding in household.watcher.soundings]
    assert said.count("tone.drop") >= 3
    assert ("microphone.gain" in said) is automatic_gain
