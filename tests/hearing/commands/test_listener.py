"""The command ear on synthetic voices: what it hears, when it answers, what it lets pass.

The voices are known to the recogniser; how well it hears others is measured by
``research/commands/measure.py`` and told in ``docs/commands.md``.
"""

import random
import resource
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hearing.commands.conftest import VOICES, Speak, said
from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.errors import UserError
from voice_coach.hearing.commands import (
    CommandEar,
    CommandHeard,
    CommandModel,
    Phrases,
    SpeechNotUnderstood,
)
from voice_coach.hearing.commands.listening_states import Noticed, State, after
from voice_coach.samples import Samples

Heard = CommandHeard | SpeechNotUnderstood


def room(seconds: float, seed: int = 0) -> Samples:
    """Return the sound of a quiet room."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(to_samples(seconds)) * 5e-4).astype(np.float32)


def in_room(*parts: Samples | float) -> Samples:
    """Return sounds and pauses (seconds) one after the other, in a quiet room."""
    silent = [np.zeros(to_samples(p), np.float32) if isinstance(p, float) else p for p in parts]
    sound = np.concatenate(silent)
    return sound + room(len(sound) / SAMPLE_RATE)[: len(sound)]


def hear(ear: CommandEar, mode: str, sound: Samples, block: int = 320) -> list[Heard]:
    ear.listen_for(mode)
    events: list[Heard] = []
    for at in range(0, len(sound), block):
        events += ear.feed(sound[at : at + block])
    return events


def over_the_loudspeaker(ear: CommandEar, clip: Samples) -> list[Heard]:
    """Return what is heard while we say `clip` after a second, and it comes back half as loud."""
    playback = np.pad(clip, (SAMPLE_RATE, to_samples(1.5)))
    microphone = 0.5 * playback + room(len(playback) / SAMPLE_RATE)[: len(playback)]
    ear.listen_for("exercising")
    return ear.feed(microphone.astype(np.float32), playback) + ear.flush()


def commands(events: Iterable[Heard]) -> list[CommandHeard]:
    return [event for event in events if isinstance(event, CommandHeard)]


class TestSentences:
    @pytest.mark.slow
    @pytest.mark.parametrize("voice", VOICES)
    def test_nearly_every_sentence_of_the_phrase_file_is_heard(
        self, voice: str, model: CommandModel, phrases: Phrases, speak: Speak
    ) -> None:
        draw = random.Random(1)
        said = heard = 0
        wrong: list[str] = []
        for mode in phrases.modes:
            intents: dict[str, list[str]] = {}
            for sentence in phrases.sentences(mode):
                meant = phrases.match(sentence, mode)
                assert meant is not None
                intents.setdefault(meant.intent, []).append(sentence)
            texts = [text for every in intents.values() for text in draw.sample(every, 2)]
            ear = CommandEar(model, phrases)
            for text in texts:
                found = commands(hear(ear, mode, in_room(0.6, speak(text, voice), 1.4)))
                meant = phrases.match(text, mode)
                assert meant is not None
                right = [c for c in found if (c.intent, c.slots) == (meant.intent, meant.slots)]
                said += 1
                heard += len(found) == 1 == len(right)
                wrong += [f"{mode}: {text} > {c.text}" for c in found if c not in right]
        assert heard / said >= 0.97, f"heard {heard} of {said}"
        assert len(wrong) / said <= 0.02, wrong

    def test_a_command_tells_what_when_and_how_sure(self, ear: CommandEar, speak: Speak) -> None:
        clip = speak("start intermediate", "flite")
        (event,) = hear(ear, "asleep", in_room(1.0, clip, 1.5))
        assert isinstance(event, CommandHeard)
        assert (event.intent, event.slots) == ("start", {"level": "intermediate"})
        assert event.text == "start intermediate"
        assert event.start == pytest.approx(SAMPLE_RATE, abs=to_samples(0.2))
        assert event.end == pytest.approx(SAMPLE_RATE + len(clip), abs=to_samples(0.2))
        assert event.end - to_samples(0.1) <= event.decided
        assert 0.0 <= event.confidence <= 1.0
        assert event.sure

    def test_a_command_belongs_to_its_mode(self, ear: CommandEar, speak: Speak) -> None:
        sound = in_room(0.5, speak("start intermediate", "flite"), 1.5)
        assert not commands(hear(ear, "exercising", sound))
        assert commands(hear(ear, "asleep", sound))

    def test_the_mode_may_change_in_the_middle_of_a_word(
        self, ear: CommandEar, speak: Speak
    ) -> None:
        sound = in_room(0.5, speak("slower", "flite"), 1.0)
        middle = to_samples(0.7)
        events = hear(ear, "asleep", sound[:middle]) + hear(ear, "exercising", sound[middle:])
        assert [command.intent for command in commands(events)] == ["slower"]

    @pytest.mark.parametrize(
        "text",
        [
            "start immediately",
            "advanced",
            "seven",
            "twenty two",
            "what a lovely morning it is",
            "the neighbour came to borrow some sugar",
        ],
    )
    @pytest.mark.parametrize("voice", VOICES)
    def test_asleep_nothing_else_is_taken_for_a_command(
        self, text: str, voice: str, ear: CommandEar, speak: Speak
    ) -> None:
        assert not commands(hear(ear, "asleep", in_room(0.5, speak(text, voice), 1.5)))

    @pytest.mark.parametrize("voice", VOICES)
    def test_a_start_without_more_begins_nothing(
        self, voice: str, ear: CommandEar, speak: Speak
    ) -> None:
        heard = commands(hear(ear, "asleep", in_room(0.5, speak("start", voice), 1.5)))
        assert {command.intent for command in heard} <= {"hello"}

    @pytest.mark.parametrize(
        "text", ["small parcel", "smart mirror", "supper is ready", "half past four", "step up"]
    )
    @pytest.mark.parametrize("voice", VOICES)
    def test_during_an_exercise_household_talk_is_not_taken_for_a_command(
        self, text: str, voice: str, ear: CommandEar, speak: Speak
    ) -> None:
        assert not commands(hear(ear, "exercising", in_room(0.5, speak(text, voice), 1.5)))


class TestTime:
    @pytest.mark.parametrize("text", ["start intermediate", "calibrate"])
    def test_a_complete_sentence_is_answered_within_400_ms(
        self, text: str, ear: CommandEar, speak: Speak
    ) -> None:
        clip = speak(text, "flite")
        (event,) = commands(hear(ear, "asleep", in_room(1.0, clip, 1.5)))
        assert event.decided - (SAMPLE_RATE + len(clip)) <= to_samples(0.4)

    @pytest.mark.parametrize("pause", [0.4, 0.7])
    def test_a_hesitant_sentence_is_waited_for(
        self, pause: float, ear: CommandEar, speak: Speak
    ) -> None:
        hesitant = in_room(0.5, speak("start", "flite"), pause, speak("intermediate", "flite"), 1.5)
        assert [c.text for c in commands(hear(ear, "asleep", hesitant))] == ["start intermediate"]

    def test_stop_does_not_wait(self, ear: CommandEar, speak: Speak) -> None:
        clip = speak("stop", "flite")
        (event,) = commands(hear(ear, "exercising", in_room(1.0, clip, 1.5)))
        assert event.intent == "stop"
        assert event.decided - (SAMPLE_RATE + len(clip)) <= to_samples(0.3)

    def test_stop_waits_for_the_pause_where_there_is_nothing_to_stop(
        self, ear: CommandEar, speak: Speak
    ) -> None:
        sound = in_room(0.5, speak("stop now", "flite"), 1.5)
        (busy,) = commands(hear(ear, "exercising", sound))
        (idle,) = commands(hear(ear, "asleep", sound))
        assert busy.intent == idle.intent == "stop"
        assert idle.decided - idle.end > busy.decided - busy.end

    @pytest.mark.parametrize("voice", VOICES)
    @pytest.mark.parametrize(
        "text",
        ["how am i doing", "okay coach how am i doing", "how was my week", "how does it work"],
    )
    def test_the_beginning_of_a_question_is_no_cry_for_help(
        self, ear: CommandEar, phrases: Phrases, speak: Speak, text: str, voice: str
    ) -> None:
        found = commands(hear(ear, "resting", in_room(0.5, speak(text, voice), 1.5)))
        meant = phrases.match(text, "resting")
        assert meant is not None
        assert [one.intent for one in found] == [meant.intent]

    def test_please_afterwards_is_no_second_command(self, ear: CommandEar, speak: Speak) -> None:
        polite = in_room(0.5, speak("slower", "flite"), 0.35, speak("please", "flite"), 2.0)
        events = hear(ear, "exercising", polite)
        assert [type(event) for event in events] == [CommandHeard]

    def test_flush_decides_upon_what_was_said_last(self, ear: CommandEar, speak: Speak) -> None:
        assert not commands(hear(ear, "exercising", in_room(0.5, speak("slower", "flite"))))
        assert [command.intent for command in commands(ear.flush())] == ["slower"]
        assert ear.flush() == []


class TestOwnVoice:
    def test_what_we_say_ourselves_is_no_command(self, ear: CommandEar, speak: Speak) -> None:
        clip = speak("pause", "espeak")
        ear.own_speech(*said("pause", SAMPLE_RATE, SAMPLE_RATE + len(clip)))
        assert over_the_loudspeaker(ear, clip) == []

    def test_somebody_who_talks_over_us_is_heard(self, ear: CommandEar, speak: Speak) -> None:
        own = speak("hold the sink with both hands and stand tall", "espeak")
        word = speak("stop", "flite")
        playback = in_room(1.0, own, 1.5) - room(2.5 + len(own) / SAMPLE_RATE)
        playback = np.where(np.abs(playback) < 1e-3, 0, playback).astype(np.float32)
        microphone = playback * 0.5 + room(len(playback) / SAMPLE_RATE)[: len(playback)]
        at = SAMPLE_RATE + to_samples(1.0)
        microphone[at : at + len(word)] += word
        ear.own_speech(*said("hold the sink with both hands", SAMPLE_RATE, SAMPLE_RATE + len(own)))
        ear.listen_for("exercising")
        began: int | None = None
        events: list[Heard] = []
        for start in range(0, len(playback) - 320, 320):
            block = slice(start, start + 320)
            events += ear.feed(microphone[block], playback[block])
            began = began or ear.speech_began
        assert [command.intent for command in commands(events)] == ["stop"]
        assert began == pytest.approx(at, abs=to_samples(0.3))

    def test_somebody_speaking_is_noticed_before_the_word_is_over(
        self, ear: CommandEar, speak: Speak
    ) -> None:
        assert ear.speech_began is None
        clip = speak("how many left", "flite")
        hear(ear, "exercising", in_room(1.0, clip[: to_samples(0.4)]))
        assert ear.speech_began == pytest.approx(SAMPLE_RATE, abs=to_samples(0.1))
        hear(ear, "exercising", in_room(clip[to_samples(0.4) :], 2.0))
        assert ear.speech_began is None

    def test_the_gusts_of_a_running_tap_are_nobody_speaking(self, ear: CommandEar) -> None:
        tap = room(15.0).reshape(-1, BLOCK) * 4
        tap[::11] *= 6
        tap[1::11] *= 6
        ear.listen_for("exercising")
        began = []
        for hop in tap:
            ear.feed(hop)
            began.append(ear.speech_began is not None)
        assert np.mean(began[5 * SAMPLE_RATE // BLOCK :]) < 0.05


class TestLife:
    """Which way the ear takes through its table."""

    @pytest.fixture
    def way(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[State, Noticed]]:
        """Return a list to which every entry taken is added, but for the hops."""
        taken: list[tuple[State, Noticed]] = []

        def followed(state: State, noticed: Noticed) -> State:
            if noticed not in (Noticed.VOICE, Noticed.NO_VOICE):
                taken.append((state, noticed))
            return after(state, noticed)

        monkeypatch.setattr("voice_coach.hearing.commands.listener.after", followed)
        return taken

    def test_silence_leads_nowhere(self, ear: CommandEar, way: list[tuple[State, Noticed]]) -> None:
        assert hear(ear, "exercising", room(2.0)) == []
        assert way == []

    def test_a_stop_awaits_its_network(
        self, ear: CommandEar, speak: Speak, way: list[tuple[State, Noticed]]
    ) -> None:
        assert commands(hear(ear, "exercising", in_room(0.5, speak("stop", "flite"), 1.0)))
        assert way[:2] == [
            (State.LISTENING, Noticed.URGENT),
            (State.LISTENING, Noticed.UNDECIDED),
        ]
        assert way[-2:] == [
            (State.AWAITING_STOP, Noticed.DECIDED),
            (State.LISTENING, Noticed.COMMAND),
        ]

    def test_what_may_go_on_is_looked_into_and_waited_for(
        self, ear: CommandEar, speak: Speak, way: list[tuple[State, Noticed]]
    ) -> None:
        hesitant = in_room(0.5, speak("start", "flite"), 0.5, speak("intermediate", "flite"), 1.5)
        assert commands(hear(ear, "asleep", hesitant))
        assert way == [
            (State.LISTENING, Noticed.PAUSE),
            (State.LISTENING, Noticed.PAUSE),
            (State.LOOKED_INTO, Noticed.COMMAND),
        ]

    def test_speech_that_goes_on_and_on_is_cut(
        self, ear: CommandEar, speak: Speak, way: list[tuple[State, Noticed]]
    ) -> None:
        talk = speak(
            "a neighbour came round early in the morning to borrow a large bag of brown sugar and "
            "a dozen eggs from my uncle's kitchen because her own shop was already empty again",
            "espeak",
        )
        began = []
        ear.listen_for("exercising")
        for at in range(0, len(talk), 320):
            assert not commands(ear.feed(talk[at : at + 320]))
            began.append(ear.speech_began is not None)
        assert (State.LISTENING, Noticed.CUT_OFF) in way
        assert all(began[began.index(True) :])
        assert not commands(ear.flush())
        assert ear.speech_began is None


class TestAnySound:
    @pytest.mark.slow
    @settings(
        max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(sizes=st.lists(st.integers(0, 4000), min_size=1, max_size=20))
    def test_the_result_does_not_depend_on_the_blocks(
        self, sizes: list[int], model: CommandModel, phrases: Phrases, speak: Speak
    ) -> None:
        sound = in_room(0.5, speak("slow down", "flite"), 1.0, speak("stop", "flite"), 1.0)
        expected = hear(CommandEar(model, phrases), "exercising", sound)
        ear = CommandEar(model, phrases)
        ear.listen_for("exercising")
        events: list[Heard] = []
        at = number = 0
        while at < len(sound):
            size = sizes[number % len(sizes)] or (320 if not any(sizes) else 0)
            events += ear.feed(sound[at : at + size])
            at, number = at + size, number + 1
        assert events == expected
        assert len(commands(events)) == 2

    @pytest.mark.parametrize(
        "sound",
        [
            np.zeros(0, np.float32),
            np.zeros(48_000, np.float32),
            np.full(48_000, 0.7, np.float32),
            np.full(48_000, np.nan, np.float32),
            np.full(48_000, np.inf, np.float32),
            np.sign(room(3)) * 1.0,
            room(3) * 200,
            np.tile(np.array([1, -1], np.float32), 24_000),
        ],
        ids=["nothing", "silence", "dc", "nan", "inf", "clipped", "noise", "nyquist"],
    )
    def test_what_is_no_speech_is_no_command(self, sound: Samples, ear: CommandEar) -> None:
        assert not commands(hear(ear, "exercising", sound.astype(np.float32)) + ear.flush())

    def test_a_command_after_broken_samples_is_heard(self, ear: CommandEar, speak: Speak) -> None:
        hear(ear, "exercising", np.full(SAMPLE_RATE, np.nan, np.float32))
        found = commands(hear(ear, "exercising", in_room(1.0, speak("slower", "flite"), 1.5)))
        assert [command.intent for command in found] == ["slower"]

    @pytest.mark.slow
    def test_memory_does_not_grow_with_time(self, ear: CommandEar, speak: Speak) -> None:
        sound = in_room(0.5, speak("the neighbour came to borrow some sugar", "flite"), 0.7)

        def resident_after_a_minute() -> int:
            for _ in range(round(60 * SAMPLE_RATE / len(sound))):
                hear(ear, "exercising", sound, block=3200)
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            return pages * resource.getpagesize()

        resident_after_a_minute()  # what the recogniser keeps ready is there from now on
        before = resident_after_a_minute()
        assert resident_after_a_minute() - before < 2_000_000


class TestUserPhrases:
    def test_a_word_that_the_recogniser_lacks_is_refused_by_name(self, model: CommandModel) -> None:
        content = {"intents": {"x": {"data": [{"sentences": ["start the zorblax"]}]}}}
        with pytest.raises(UserError, match=r"'zorblax'.*mine\.yaml"):
            CommandEar(model, Phrases(content, "mine.yaml"))

    def test_a_plain_phrase_file_is_heard_in_any_mode(
        self, model: CommandModel, speak: Speak
    ) -> None:
        content = {
            "intents": {"brew": {"data": [{"sentences": ["make (coffee|some tea) {when}"]}]}},
            "lists": {"when": {"values": ["tomorrow", "today"]}},
        }
        ear = CommandEar(model, Phrases(content, "mine.yaml"))
        sound = in_room(0.5, speak("make some tea tomorrow", "flite"), 1.5)
        (event,) = commands(hear(ear, "asleep", sound))
        assert (event.intent, event.slots) == ("brew", {"when": "tomorrow"})

    def test_an_unknown_mode_is_refused(self, ear: CommandEar) -> None:
        with pytest.raises(UserError, match="dreaming"):
            ear.listen_for("dreaming")
