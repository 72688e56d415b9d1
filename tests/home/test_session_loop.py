"""The loop: what is said when, and what it does when it is talked over."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.coach.stage import plan, today
from tests.hearing.heels.home import live
from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.coach import Action, Cue, Event, Intent, PlansMade, Record, State
from voice_coach.diary.writer import DiaryWriter
from voice_coach.hearing.commands import CommandHeard, SpeechNotUnderstood
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.home.observer import Observer, Sounding
from voice_coach.home.residents import Household, Resident
from voice_coach.home.session_loop import CommandSource
from voice_coach.home.wiring import wire
from voice_coach.programme.firmness import Band
from voice_coach.programme.ledger import (
    Complained,
    Complaint,
    Entry,
    Outcome,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
)
from voice_coach.programme.planner import Today
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen
from voice_coach.sound.block import Block
from voice_coach.speaking import Clip, Mixer
from voice_coach.speaking.speech import BETWEEN_WORDS, CueVoice
from voice_coach.timed_word import TimedWord

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Hum:
    """A voice that hums: every clip is a constant of one second, a tone of a tenth."""

    def clip(self, cue: str, slots: Mapping[str, str | int]) -> Clip:
        seconds, text = (0.1, "") if cue.startswith("tone.") else (1.0, cue)
        words = (TimedWord(text, 0, to_samples(seconds)),) if text else ()
        return Clip(np.full(to_samples(seconds), 0.5, np.float32), text, words)


@dataclass
class Somebody:
    """A source of commands that is told what is heard, and remembers what it is told."""

    mode: str = ""
    heard: list[CommandHeard | SpeechNotUnderstood] = field(default_factory=list)
    own: list[tuple[int, int, tuple[TimedWord, ...]]] = field(default_factory=list)
    speech_began: int | None = None

    def listen_for(self, mode: str) -> None:
        self.mode = mode

    def own_speech(self, start: int, end: int, words: Sequence[TimedWord]) -> None:
        self.own.append((start, end, tuple(words)))

    def hush_own_speech(self, at: int) -> None:
        self.own = [(start, min(end, at), words) for start, end, words in self.own if start < at]

    def feed(
        self, microphone: Samples, playback: Samples | None = None
    ) -> list[CommandHeard | SpeechNotUnderstood]:
        heard, self.heard = self.heard, []
        return heard


@dataclass
class Watcher(Observer):
    """Keeps what it is shown."""

    soundings: list[Sounding] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def event(self, event: Event, state: State) -> None:
        self.events.append(event)

    def action(self, action: Action) -> None:
        if isinstance(action, Record):
            self.entries.append(action.entry)

    def sounding(self, sounding: Sounding) -> None:
        self.soundings.append(sounding)


class GivenDay(Household):
    """A household of which it is given what may be done today."""

    day: Today

    def plans(self) -> Today:
        return replace(self.day, person=self.present.name)


class Home:
    """A loop as it is wired at home, and a loudspeaker whose sound is kept.

    Heels are known there by `heels`, the likeliest first.
    """

    def __init__(
        self,
        folder: Path,
        stack: ExitStack,
        *,
        people: tuple[str, ...] = (),
        day: Today | None = None,
        heels: Sequence[HeelTemplate] = (),
        kitchen: Kitchen | None = None,
        commands: CommandSource | None = None,
        voice: CueVoice | None = None,
    ) -> None:
        self.kitchen = kitchen
        self._drops = 0
        self.somebody = Somebody()
        self.watcher = Watcher()
        self.said: list[Samples] = []
        self.mixer = Mixer()
        residents = {
            name: Resident(
                name,
                stack.enter_context(DiaryWriter.open(folder / f"diary {name}")),
                folder / f"heels {name}",
            )
            for name in people or [None]
        }
        self.household = GivenDay(residents, lambda: MORNING)
        self.household.day = day or today()
        for template in reversed(heels or [HeelTemplate.generic()]):
            self.household.keep_template(template)
        self.loop = wire(
            self.household,
            commands=commands or self.somebody,
            voice=voice or Hum(),
            mixer=self.mixer,
            observers=(self.watcher,),
        )

    @property
    def entries(self) -> list[Entry]:
        return self.watcher.entries

    @property
    def plans_made(self) -> int:
        return sum(isinstance(event, PlansMade) for event in self.watcher.events)

    def live(self, seconds: float, talking: Callable[[int], int | None] = lambda at: None) -> None:
        for _ in range(round(seconds * SAMPLE_RATE / BLOCK)):
            position = self.loop.position
            out = np.zeros(BLOCK, np.float32)
            self.mixer.render(position, out)
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
def home(tmp_path: Path) -> Iterator[Callable[..., Home]]:
    """Return what makes a home, of which there may be one in a test."""
    with ExitStack() as stack:
        yield partial(Home, tmp_path, stack)


@pytest.fixture
def household(home: Callable[..., Home]) -> Home:
    return home()


def test_words_never_overlap_words(household: Home) -> None:
    household.loop.say(Cue("ready"))
    household.hear(Intent.HELP)
    household.live(1.0)
    household.hear(Intent.HELP)
    household.live(6.0)
    words = [sounding for sounding in household.watcher.soundings if sounding.text]
    assert len(words) == 3
    for earlier, later in itertools.pairwise(words):
        assert later.start >= earlier.end + BETWEEN_WORDS


def test_the_ear_is_told_what_we_say_and_when(household: Home) -> None:
    household.loop.say(Cue("ready"))
    household.live(0.1)
    sounding = household.watcher.soundings[0]
    start, end = sounding.start, sounding.end
    assert household.somebody.own == [(start, end, (TimedWord("ready", start, end),))]


def test_the_ear_listens_for_what_the_coach_can_use(household: Home) -> None:
    household.live(0.1)
    assert household.somebody.mode == "asleep"
    household.hear(Intent.START, "beginner")
    household.live(0.1)
    assert household.somebody.mode == "exercising"


def test_stop_silences_the_loudspeaker_within_fifty_milliseconds(household: Home) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.8)
    assert household.said[-1].any()
    household.hear(Intent.STOP)
    household.live(0.3)
    silent_after = to_samples(0.8 + 0.02 + 0.05)
    assert not household.speaker()[silent_after : silent_after + to_samples(0.15)].any()
    assert isinstance(household.entries[-1], SessionEnded)


def test_what_is_hushed_is_not_awaited(household: Home) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.4)
    household.hear(Intent.PAUSE)
    household.live(5.0)
    assert household.loop.coach.state is State.PAUSED


def test_it_lowers_its_voice_for_who_talks_over_it_and_raises_it_again(
    household: Home,
) -> None:
    household.loop.say(Cue("ready"))
    begins, ends = to_samples(0.3), to_samples(0.7)
    household.live(1.2, lambda at: begins if begins <= at < ends else None)
    said = household.speaker()
    start = household.watcher.soundings[0].start
    assert said[start + 1000] == pytest.approx(0.5)
    assert abs(said[to_samples(0.65)]) < 0.1
    assert said[to_samples(0.9)] == pytest.approx(0.5)


def test_it_does_not_lower_its_voice_for_what_it_answers(household: Home) -> None:
    household.loop.say(Cue("ready"))
    household.live(1.2, lambda at: 0)
    start, end = household.watcher.soundings[0].start, household.watcher.soundings[0].end
    assert household.speaker()[start:end].min() == pytest.approx(0.5)


def test_a_session_that_has_ended_changes_the_plans(household: Home) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.5)
    assert isinstance(household.entries[0], SessionStarted)
    assert household.plans_made == 0
    household.hear(Intent.STOP)
    household.live(0.1)
    assert household.plans_made == 1


def test_what_is_complained_of_changes_the_plans(household: Home) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.5)
    at = household.loop.position
    household.somebody.heard.append(
        CommandHeard(at, at, at + BLOCK, "", "complain", {"complaint": "dizzy"}, 1.0)
    )
    household.live(0.1)
    assert Complained(at + BLOCK, Complaint.DIZZY) in household.entries
    assert household.plans_made >= 1


def test_what_is_hardly_understood_is_read_back_before_it_is_written(household: Home) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.5)
    at = household.loop.position
    slots = {"complaint": "dizzy"}
    household.somebody.heard.append(
        CommandHeard(at, at, at + BLOCK, "", "complain", slots, 0.6, sure=False)
    )
    household.live(2.0)
    assert household.watcher.soundings[-1].cue == Cue.of("read_back", what="dizzy")
    assert not any(isinstance(entry, Complained) for entry in household.entries)
    household.hear(Intent.YES)
    household.live(0.1)
    assert any(isinstance(entry, Complained) for entry in household.entries)


@pytest.mark.parametrize("cry", ["ouch", "trouble"])
def test_a_cry_is_more_than_a_stop(household: Home, cry: str) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.5)
    at = household.loop.position
    household.somebody.heard.append(CommandHeard(at, at, at + BLOCK, "", "stop", {"cry": cry}, 1.0))
    household.live(0.1)
    assert isinstance(household.entries[-1], SessionEnded)
    complained = any(isinstance(entry, Complained) for entry in household.entries)
    assert complained == (cry == "ouch")


def test_another_person_comes_with_their_own_plans_and_heels(
    home: Callable[..., Home],
) -> None:
    household = home(people=("anna", "ben"), heels=[live().template])
    assert household.loop.heels.template.calibrated
    at = household.loop.position
    household.somebody.heard.append(
        CommandHeard(at, at, at + BLOCK, "", "start", {"person": "ben"}, 1.0)
    )
    household.live(0.1)
    assert household.household.present.name == "ben"
    came = [event for event in household.watcher.events if isinstance(event, PlansMade)]
    assert [(event.today.person, event.calibrated) for event in came] == [("ben", False)]
    assert not household.loop.heels.template.calibrated
    assert household.loop.coach.in_session


def test_lost_sound_pauses_and_sound_regained_says_so(household: Home) -> None:
    household.hear(Intent.START, "beginner")
    household.live(0.5)
    household.loop.sound_lost()
    assert household.loop.coach.state is State.PAUSED
    household.loop.sound_back()
    household.live(3.0)
    assert [s.cue.name for s in household.watcher.soundings][-1] == "fault.recovered"


@pytest.mark.slow
@pytest.mark.parametrize("moved_db", [0.0, 7.0])
def test_levels_that_have_drifted_are_told_at_the_end_of_the_session(
    home: Callable[..., Home], moved_db: float
) -> None:
    """As when the microphone stood nearer while the drops were learnt."""
    template = live().template
    nearer = replace(template, power=(template.power * 10 ** (moved_db / 10)).astype(np.float32))
    household = home(
        day=today(beginner=replace(plan(sets=1, repetitions=8), band=Band(-12.0, 12.0))),
        heels=[nearer],
        kitchen=Kitchen(floor="wood", footwear="shoe", seed=4, echo_db=-np.inf),
    )
    household.hear(Intent.START, "beginner")
    household.live(70.0)
    outcomes = [e.outcome for e in household.entries if isinstance(e, RepetitionResolved)]
    assert len(outcomes) == 8
    assert Outcome.NOT_HEARD not in outcomes
    household.hear(Intent.FELT_FINE)
    household.live(3.0)
    tried = [
        dict(sounding.cue.slots)["what"]
        for sounding in household.watcher.soundings
        if sounding.cue.name == "summary.try"
    ]
    assert ("calibrate" in tried) is (moved_db > 0)


@pytest.mark.slow
def test_a_session_in_other_shoes_is_heard_from_the_first_drop(
    home: Callable[..., Home],
) -> None:
    """As when the heels were learnt on this floor first, and on another since."""
    here, elsewhere = live().template, live(floor="tile").template
    household = home(
        day=today(beginner=plan(sets=1, repetitions=4)),
        heels=[elsewhere, here],
        kitchen=Kitchen(floor="wood", footwear="shoe", seed=4, echo_db=-np.inf),
    )
    ear = household.loop.heels
    assert ear.template.to_json() == elsewhere.to_json()
    household.hear(Intent.START, "beginner")
    household.live(42.0)
    outcomes = [e.outcome for e in household.entries if isinstance(e, RepetitionResolved)]
    assert outcomes == [Outcome.HEARD] * 4
    assert ear.template.to_json() == here.to_json()


@pytest.mark.slow
@pytest.mark.parametrize("automatic_gain", [False, True])
def test_a_microphone_that_changes_its_level_is_told_after_the_calibration(
    home: Callable[..., Home], automatic_gain: bool
) -> None:
    household = home(
        kitchen=Kitchen(
            floor="wood", footwear="shoe", seed=4, echo_db=-np.inf, automatic_gain=automatic_gain
        )
    )
    household.hear(Intent.CALIBRATE)
    household.live(36.0)
    said = [sounding.cue.name for sounding in household.watcher.soundings]
    assert said.count("tone.drop") >= 3
    assert ("microphone.gain" in said) is automatic_gain
