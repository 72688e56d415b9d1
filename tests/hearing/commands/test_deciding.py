"""When an utterance is over, and when its words are believed."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.commands import Match
from voice_coach.hearing.commands.acceptance import Acceptance, Features, Meanwhile, Weighed, load
from voice_coach.hearing.commands.decoder import UNKNOWN, Hypothesis, Word
from voice_coach.hearing.commands.endpointing import Endpointing
from voice_coach.hearing.commands.evidence import Evidence
from voice_coach.hearing.commands.utterance import Utterance
from voice_coach.hearing.commands.witness import Statement
from voice_coach.home.phrases import coach_phrases

ENGLISH = coach_phrases()
HOP = np.zeros(BLOCK, np.int16)


def utterance(text: str, voice: float, silence: float, noisy: bool = False) -> Utterance:
    """Return an utterance of `voice` seconds, `text` recognised at their end, then `silence`."""
    made = Utterance(0, [HOP], 1)
    for _ in range(to_samples(voice) // BLOCK - 1):
        made.append(HOP, True)
    made.glimpse(text)
    for _ in range(to_samples(silence) // BLOCK):
        made.append(HOP, noisy)
    return made


def waits(text: str, mode: str, noisy: bool = False) -> float:
    """Return the seconds of silence, or of noise, after which `text` is over."""
    ending = Endpointing(ENGLISH)
    for silence in np.arange(0, 8.1, 0.02):
        if ending.over(utterance(text, 1.0, silence, noisy), mode):
            return float(silence)
    raise AssertionError("never over")


def of_levels(*levels: float, voiced: int | None = None) -> Utterance:
    """Return hops of noise at `levels`, dB full scale; in the first `voiced` (all) a voice."""
    rng = np.random.default_rng(0)
    gains = 32767 * 10 ** (np.array(levels)[:, None] / 20)
    hops = np.clip(gains * rng.standard_normal((len(levels), BLOCK)), -32767, 32767)
    first, *rest = hops.astype(np.int16)
    made = Utterance(0, [first], 1)
    for number, hop in enumerate(rest, start=1):
        made.append(hop, voiced is None or number < voiced)
    return made


class TestUtterance:
    SENTENCE = 20
    """Hops."""

    @pytest.mark.parametrize(
        ("level", "share"), [(-30.0, 1.0), (-20.0, 1.0), (-45.0, 0.0), (-80.0, 0.0)]
    )
    def test_a_voice_goes_on_where_it_stays_about_as_loud(self, level: float, share: float) -> None:
        made = of_levels(*[-30.0] * self.SENTENCE, *[level] * 30)
        assert made.goes_on(0, self.SENTENCE * BLOCK) == share

    def test_our_own_echo_is_no_voice_that_goes_on(self) -> None:
        made = of_levels(*[-30.0] * self.SENTENCE, *[-30.0] * 30, voiced=self.SENTENCE)
        assert made.goes_on(0, self.SENTENCE * BLOCK) == 0.0

    def test_it_goes_on_for_as_long_as_it_is_loud(self) -> None:
        made = of_levels(*[-30.0] * self.SENTENCE, *[-30.0] * 5, *[-60.0] * 30)
        assert made.goes_on(0, self.SENTENCE * BLOCK) == 0.25

    def test_of_speech_that_was_cut_it_is_known_what_went_before(self) -> None:
        whole = of_levels(*[-60.0] * 40, *[-30.0] * 5, *[-30.0] * self.SENTENCE)
        rest = whole.ongoing(BLOCK * (10 + 5 + self.SENTENCE))
        assert rest is not None
        start = rest.start + 15 * BLOCK
        assert rest.went_before(start, start + self.SENTENCE * BLOCK) == 0.25

    def test_before_an_utterance_that_begins_with_a_pause_nothing_went(self) -> None:
        made = of_levels(*[-30.0] * 30, *[-30.0] * self.SENTENCE)
        assert made.went_before(30 * BLOCK, (30 + self.SENTENCE) * BLOCK) == 0.0

    def test_a_soft_sound_within_does_not_make_the_rest_loud(self) -> None:
        made = of_levels(*[-30.0] * 10, *[-60.0] * 10, *[-45.0] * 30)
        assert made.goes_on(0, self.SENTENCE * BLOCK) == 0.0

    @given(st.integers(-40, 60), st.integers(-40, 60))
    def test_any_two_positions_will_do(self, start: int, end: int) -> None:
        made = of_levels(*[-30.0] * 30)
        assert 0.0 <= made.goes_on(start * BLOCK, end * BLOCK) <= 1.0
        rest = made.ongoing(20 * BLOCK)
        assert rest is not None
        assert 0.0 <= rest.went_before(start * BLOCK, end * BLOCK) <= 1.0


class TestEndpointing:
    @pytest.mark.parametrize("text", ["start", "start the", "okay coach start", "start um"])
    def test_inside_a_phrase_people_may_pause_for_most_of_a_second(self, text: str) -> None:
        assert 0.8 <= waits(text, "asleep") <= 1.0

    @pytest.mark.parametrize("text", ["", "[unk]", "[unk] [unk]", "seven"])
    def test_anything_else_is_over_after_half_a_second(self, text: str) -> None:
        assert 0.4 <= waits(text, "asleep") <= 0.6

    def test_a_complete_sentence_is_looked_into_when_only_noise_goes_on(self) -> None:
        ending = Endpointing(ENGLISH)
        assert ending.worth_a_look(utterance("pause", 1.0, 0.4, noisy=True), "exercising")
        assert not ending.worth_a_look(utterance("pause", 1.0, 0.1, noisy=True), "exercising")
        assert not ending.worth_a_look(utterance("take a", 1.0, 0.4, noisy=True), "exercising")

    def test_words_that_are_none_are_over_when_only_noise_goes_on(self) -> None:
        assert waits("seven", "exercising", noisy=True) <= 1.1

    def test_other_speech_that_goes_on_is_cut_now_and_then(self) -> None:
        assert waits("[unk]", "exercising", noisy=True) <= 2.1

    def test_noise_without_words_is_heard_out_but_not_for_ever(self) -> None:
        assert 5 < waits("", "exercising", noisy=True) < 8

    def test_a_pause_is_looked_into_once(self) -> None:
        ending, made = Endpointing(ENGLISH), utterance("", 1.0, 0.1)
        assert not ending.worth_a_look(made, "exercising")
        for _ in range(3):
            made.append(HOP, False)
        assert ending.worth_a_look(made, "exercising")
        assert not ending.worth_a_look(made, "exercising", looked_into=True)

    def test_a_pause_in_other_speech_is_not_looked_into(self) -> None:
        ending = Endpointing(ENGLISH)
        assert ending.worth_a_look(utterance("[unk] start", 1.0, 0.3), "asleep")
        assert ending.worth_a_look(utterance("[unk]", 1.0, 0.3), "asleep")
        assert not ending.worth_a_look(utterance("[unk]", 1.0, 0.6), "asleep")
        assert not ending.worth_a_look(utterance("start [unk] now", 1.0, 0.3), "asleep")
        assert not ending.worth_a_look(utterance("now start", 1.0, 0.3), "asleep")

    def test_long_speech_is_not_looked_into(self) -> None:
        assert not Endpointing(ENGLISH).worth_a_look(utterance("", 5.0, 0.3), "asleep")


def hypothesis(text: str, score: float, seconds: Sequence[float] = ()) -> Hypothesis:
    """Return `text` with words of 0.4 s, or of the lengths given."""
    words, at = [], 0
    lengths = seconds or [0.4] * len(text.split())
    for word, length in zip(text.split(), lengths, strict=True):
        words.append(Word(word, at, at + to_samples(length)))
        at += to_samples(length)
    return Hypothesis(tuple(words), score)


def weigh(
    *hypotheses: Hypothesis, mode: str = "asleep", evidence: Evidence | None = None
) -> Weighed | None:
    """Return the likeliest sentence among `hypotheses`, weighed."""
    acceptance = Acceptance(ENGLISH)
    return acceptance.weigh(acceptance.read(hypotheses, mode), evidence or Evidence())


class Heard(Evidence):
    """A witness who says this of any words."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self.asked = False

    def witness(self, words: Sequence[Word]) -> Statement:
        self.asked = True
        return self._statement


class GoesOn(Evidence):
    """A voice that goes on for this share of the moment after the sentence."""

    def __init__(self, share: float) -> None:
        self._share = share

    def goes_on(self, start: int, end: int) -> float:
        return self._share


class WentBefore(Evidence):
    """A voice that sounded in this share of the moment before the sentence."""

    def __init__(self, share: float) -> None:
        self._share = share

    def went_before(self, start: int, end: int) -> float:
        return self._share


class StopOdds(Evidence):
    """A network that is this sure of every "stop" that there is."""

    def __init__(self, odds: float) -> None:
        self._odds = odds

    def stop(self, words: Sequence[Word]) -> float:
        return self._odds


class TestAcceptance:
    def test_a_sentence_without_rival_is_believed(self) -> None:
        reading = weigh(hypothesis("start intermediate", 10))
        assert reading is not None
        assert reading.sentence.match == Match("start", {"level": "intermediate"})
        assert Acceptance(ENGLISH).believes(reading)

    @pytest.mark.parametrize(
        "text", ["start [unk]", "start the", "[unk]", "start intermediate seven", ""]
    )
    def test_what_is_no_sentence_is_not_read(self, text: str) -> None:
        assert weigh(hypothesis(text, 10)) is None

    def test_a_start_needs_a_clear_lead_and_a_stop_little(self) -> None:
        ear = Acceptance(ENGLISH)
        start = weigh(hypothesis("start beginner", 5.2), hypothesis("[unk] [unk]", 5))
        stop = weigh(hypothesis("[unk]", 5.2), hypothesis("stop", 5))
        assert start is not None
        assert stop is not None
        assert not ear.believes(start)
        assert ear.believes(stop)

    @pytest.mark.parametrize("unknown", [2.0, 9.0, 9.9])
    def test_what_has_consequences_is_as_sure_as_a_start_must_be(self, unknown: float) -> None:
        ear = Acceptance(ENGLISH)
        start = weigh(hypothesis("start beginner", 10), hypothesis("[unk] [unk]", unknown))
        assert start is not None
        assert start.sentence.match.cost == "strict"
        assert ear.is_sure(start.confidence) == ear.believes(start) == (unknown < 9.0)

    def test_a_filler_makes_no_sentence_more_certain(self) -> None:
        plain = weigh(hypothesis("hold on", 10), mode="exercising")
        filled = weigh(hypothesis("um hold on", 10), mode="exercising")
        assert plain is not None
        assert filled is not None
        assert filled.features.three_words == plain.features.three_words == 0.0
        assert filled.confidence <= plain.confidence

    def test_while_idle_even_a_stop_needs_a_lead(self) -> None:
        ear = Acceptance(ENGLISH)
        clear, doubtful = (
            weigh(hypothesis("stop", 10), hypothesis("[unk]", score), mode="asleep")
            for score in (5.0, 10.0)
        )
        assert clear is not None
        assert doubtful is not None
        assert ear.believes(doubtful)
        assert not ear.believes(doubtful, Meanwhile(idle=True))
        assert ear.believes(clear, Meanwhile(idle=True))

    def test_while_we_talk_ourselves_all_but_stop_must_be_clearer(self) -> None:
        ear = Acceptance(ENGLISH)
        doubtful, clear = (
            weigh(hypothesis("slower", 10), hypothesis("[unk]", score), mode="exercising")
            for score in (9.9, 5)
        )
        stop = weigh(hypothesis("[unk]", 5.2), hypothesis("stop", 5))
        assert doubtful is not None
        assert clear is not None
        assert stop is not None
        assert ear.believes(doubtful)
        assert not ear.believes(doubtful, Meanwhile(talking=True))
        assert ear.believes(clear, Meanwhile(talking=True))
        assert ear.believes(stop, Meanwhile(talking=True))

    def test_while_others_talk_to_each_other_all_but_stop_must_be_clearer(self) -> None:
        ear, amid_talk = Acceptance(ENGLISH), Meanwhile(side_talk=8.0)
        doubtful, clear = (
            weigh(hypothesis("slower", 10), hypothesis("[unk]", score), mode="exercising")
            for score in (9.9, 5)
        )
        stop = weigh(hypothesis("[unk]", 5.2), hypothesis("stop", 5))
        assert doubtful is not None
        assert clear is not None
        assert stop is not None
        assert not ear.believes(doubtful, amid_talk)
        assert ear.believes(clear, amid_talk)
        assert ear.believes(stop, amid_talk)
        assert ear.is_sure(0.7)
        assert not ear.is_sure(0.7, amid_talk)

    def test_the_same_meaning_in_other_words_is_no_rival(self) -> None:
        alone = weigh(hypothesis("start beginner", 5))
        doubled = weigh(hypothesis("start beginner", 5), hypothesis("begin beginner", 5))
        assert alone == doubled

    def test_what_is_one_of_several_answers_is_that_answer(self) -> None:
        rival = hypothesis("[unk]", 9)
        one = weigh(hypothesis("no", 10), rival, mode="answering")
        either = weigh(hypothesis("no", 10), hypothesis("nope", 9.9), rival, mode="answering")
        both = weigh(hypothesis("no", 10), hypothesis("yes", 9.9), rival, mode="answering")
        assert one is not None
        assert either is not None
        assert both is not None
        assert both.confidence < one.confidence < either.confidence

    @pytest.mark.parametrize(
        "statements",
        [
            [Statement(fit, 4 * fit, 0, 0) for fit in (0, -1, -2.5)],
            [Statement(-0.5, -2, before, 0) for before in (0, 1, 5)],
            [Statement(-0.5, -2, 0, after) for after in (0, 1, 5)],
        ],
        ids=["its phones", "before it", "after it"],
    )
    def test_confidence_falls_as_the_witness_hears_something_else(
        self, statements: list[Statement]
    ) -> None:
        readings = [
            weigh(hypothesis("slower", 10), mode="exercising", evidence=Heard(one))
            for one in statements
        ]
        confidences = [reading.confidence for reading in readings if reading]
        assert len(confidences) == len(statements)
        assert confidences == sorted(confidences, reverse=True)
        assert confidences[-1] < confidences[0]

    def test_the_witness_is_only_asked_where_there_is_a_sentence(self) -> None:
        witness = Heard(Statement(0, 0, 0, 0))
        assert weigh(hypothesis("[unk]", 10), evidence=witness) is None
        assert not witness.asked

    @pytest.mark.parametrize("beside", [GoesOn, WentBefore])
    def test_confidence_falls_as_more_is_said_around_it(
        self, beside: Callable[[float], Evidence]
    ) -> None:
        readings = [
            weigh(hypothesis("slower", 10), mode="exercising", evidence=beside(share))
            for share in (0.0, 0.2, 0.9)
        ]
        confidences = [reading.confidence for reading in readings if reading]
        assert len(confidences) == 3
        assert confidences == sorted(confidences, reverse=True)
        assert confidences[-1] < confidences[0]

    def test_confidence_falls_as_the_network_doubts_the_stop(self) -> None:
        readings = [
            weigh(hypothesis("stop now", 10), mode="exercising", evidence=StopOdds(odds))
            for odds in (4.0, 0.0, -1.0, -3.0)
        ]
        confidences = [reading.confidence for reading in readings if reading]
        assert len(confidences) == 4
        assert confidences == sorted(confidences, reverse=True)
        assert confidences[-1] < confidences[0]

    def test_confidence_falls_as_the_rival_gets_nearer(self) -> None:
        readings = [
            weigh(hypothesis("start beginner", 10), hypothesis("start advanced", rival))
            for rival in (0.0, 5.0, 9.0, 9.9)
        ]
        confidences = [reading.confidence for reading in readings if reading]
        assert len(confidences) == 4
        assert confidences == sorted(confidences, reverse=True)

    def test_of_several_readings_the_best_is_the_first_and_the_likeliest_a_sentence(self) -> None:
        reading = Acceptance(ENGLISH).read(
            [hypothesis("start the", 9), hypothesis("stop", 8), hypothesis("start beginner", 7)],
            "asleep",
        )
        assert reading.best is None
        assert reading.likeliest is not None
        assert reading.likeliest.text == "stop"
        assert reading.words == hypothesis("start the", 9).words

    def test_every_feature_has_a_weight_of_its_own(self) -> None:
        weights = load().weights
        for name in Features.__struct_fields__:
            only = Features(**{field: float(field == name) for field in Features.__struct_fields__})
            assert only.times(weights) == getattr(weights, name) != 0

    def test_an_unknown_feature_is_refused(self) -> None:
        named = dict.fromkeys(Features.__struct_fields__, 1.0)
        with pytest.raises(msgspec.ValidationError, match="hat"):
            msgspec.convert({**named, "hat": 1.0}, Features)

    def test_a_short_noise_before_or_after_is_forgiven(self) -> None:
        noisy = hypothesis(f"{UNKNOWN} start beginner {UNKNOWN}", 5, [0.1, 0.4, 0.5, 0.1])
        reading = weigh(noisy)
        assert reading is not None
        assert reading.sentence.text == "start beginner"
        assert weigh(hypothesis(f"{UNKNOWN} start beginner", 5, [0.5, 0.4, 0.5])) is None

    def test_other_speech_before_a_pause_does_not_belong_to_the_sentence(self) -> None:
        before = Word(UNKNOWN, 0, to_samples(0.8))
        said = hypothesis("start beginner", 5).words
        for pause, accepted in ((0.1, False), (0.4, True)):
            at = before.end + to_samples(pause)
            later = [Word(word.text, word.start + at, word.end + at) for word in said]
            reading = weigh(Hypothesis((before, *later), 5.0))
            assert (reading is not None) == accepted

    def test_words_of_ours_in_no_order_are_a_lesser_rival_than_other_speech(self) -> None:
        sentence = hypothesis("start beginner", 5)
        nonsense = weigh(sentence, hypothesis("start the start", 5))
        other = weigh(sentence, hypothesis("start [unk]", 5))
        assert nonsense is not None
        assert other is not None
        assert nonsense.confidence > other.confidence

    @pytest.mark.parametrize("length", [0.03, 6.0])
    def test_words_too_short_or_too_long_to_have_been_spoken_are_not_believed(
        self, length: float
    ) -> None:
        reading = weigh(hypothesis("start intermediate", 5, [length, length]))
        assert reading is not None
        assert reading.confidence == 0

    @given(st.lists(st.tuples(st.sampled_from(["stop", "pause", UNKNOWN]), st.floats(-50, 50))))
    def test_confidence_is_a_probability(self, drawn: list[tuple[str, float]]) -> None:
        ranked = sorted(drawn, key=lambda one: -one[1])
        reading = weigh(*(hypothesis(*one) for one in ranked), mode="exercising")
        assert reading is None or 0.0 <= reading.confidence <= 1.0
