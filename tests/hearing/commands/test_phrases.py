"""Sentences of the phrase file: which there are, what they mean, what is refused."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.errors import UserError
from voice_coach.hearing.commands import Match, Phrases
from voice_coach.home.phrases import coach_phrases

ENGLISH = coach_phrases()

in_any_mode = st.sampled_from(ENGLISH.modes)
sentence_and_mode = in_any_mode.flatmap(
    lambda mode: st.tuples(st.sampled_from(ENGLISH.sentences(mode)), st.just(mode))
)


@pytest.mark.parametrize(
    ("text", "mode", "meaning"),
    [
        ("start intermediate", "asleep", Match("start", {"level": "intermediate"})),
        ("begin the beginner level", "asleep", Match("start", {"level": "beginner"})),
        ("start level three", "asleep", Match("start", {"level": "advanced"})),
        ("start the session", "asleep", Match("start")),
        ("stop", "exercising", Match("stop")),
        ("that's enough", "resting", Match("stop")),
        ("ouch", "exercising", Match("stop", {"cry": "ouch"})),
        ("i fell", "checking_in", Match("complain", {"complaint": "fall"})),
        ("my back hurts", "asleep", Match("complain", {"complaint": "back_pain"})),
        ("i have chest pain", "answering", Match("complain", {"complaint": "chest_pain"})),
        ("i am short of breath", "resting", Match("complain", {"complaint": "breathless"})),
        ("help", "exercising", Match("stop", {"cry": "trouble"})),
        ("help me", "asleep", Match("stop", {"cry": "trouble"})),
        ("i don't know", "answering", Match("not_sure")),
        ("it has settled", "asleep", Match("settled")),
        ("it was fine", "feeling", Match("felt_fine")),
        ("a bit sore", "feeling", Match("felt_sore")),
        ("that hurt", "feeling", Match("felt_pain")),
        ("teach me", "asleep", Match("teach_me")),
        ("how am i doing", "resting", Match("how_am_i_doing")),
        ("help", "asleep", Match("help")),
        ("what can i say", "paused", Match("help")),
        ("carry on", "paused", Match("resume")),
        ("carry on", "checking_in", Match("resume")),
        ("i'm fine", "checking_in", Match("go_ahead")),
        ("no thank you", "confirming", Match("no")),
        ("now", "answering", Match("no")),  # as the recogniser may write it
        ("start anyway", "confirming", Match("start_anyway")),
        ("skip the rest", "resting", Match("skip_rest")),
        ("how many left", "exercising", Match("how_many_left")),
        ("slow down", "exercising", Match("slower")),
        ("take a break", "exercising", Match("pause")),
        ("learn my heels", "asleep", Match("calibrate")),
    ],
)
def test_sentences_mean_what_they_say(text: str, mode: str, meaning: Match) -> None:
    assert ENGLISH.match(text, mode) == meaning


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("intermediate", "asleep"),
        ("start immediately", "asleep"),
        ("star advance", "asleep"),
        ("start the", "asleep"),
        ("start five", "asleep"),
        ("start intermediate", "exercising"),
        ("skip the rest", "exercising"),
        ("yes", "resting"),
        ("please don't stop", "answering"),
        ("the bus will stop", "exercising"),
        ("stop [unk]", "exercising"),
        ("", "exercising"),
        ("please", "exercising"),
        ("one two three", "exercising"),
        ("anna", "choosing"),
        ("maybe", "exercising"),
        # "Any pain?" - "I'm fine": neither yes nor no.
        ("i'm fine", "answering"),
        ("okay", "answering"),
    ],
)
def test_what_is_no_sentence_of_the_mode_means_nothing(text: str, mode: str) -> None:
    assert ENGLISH.match(text, mode) is None


def test_the_people_of_a_household_are_listened_for_by_name() -> None:
    two = coach_phrases(people=("anna", "ben"))
    assert two.match("start anna", "asleep") == Match("start", {"person": "anna"})
    assert two.match("start ben's plan", "asleep") == Match("start", {"person": "ben"})
    assert two.match("it's ben", "choosing") == Match("name", {"person": "ben"})
    assert two.match("anna", "asleep") is None
    assert {"anna", "ben's"} <= two.words()
    assert "anna" not in ENGLISH.words()


@pytest.mark.parametrize("mode", ENGLISH.modes)
def test_stop_is_listened_for_in_every_mode(mode: str) -> None:
    assert ENGLISH.match("stop", mode) == Match("stop")
    assert not ENGLISH.may_continue("stop", mode), "stop must not wait for more"


def test_starting_takes_two_words() -> None:
    starts = [
        sentence
        for sentence in ENGLISH.sentences("asleep")
        if (meant := ENGLISH.match(sentence, "asleep")) and meant.intent == "start"
    ]
    assert starts
    assert min(len(sentence.split()) for sentence in starts) >= 2


@given(sentence_and_mode)
def test_every_listed_sentence_means_an_intent_of_its_mode(drawn: tuple[str, str]) -> None:
    sentence, mode = drawn
    meaning = ENGLISH.match(sentence, mode)
    assert meaning is not None
    assert meaning.intent in ENGLISH.intents(mode)


@pytest.mark.parametrize("mode", ENGLISH.modes)
def test_the_meanings_are_what_matching_finds(mode: str) -> None:
    meanings = ENGLISH.meanings(mode)
    assert set(meanings) == set(ENGLISH.sentences(mode))
    for sentence, intent in meanings.items():
        meant = ENGLISH.match(sentence, mode)
        assert meant is not None
        assert meant.intent == intent, sentence


@given(sentence_and_mode, st.sampled_from(ENGLISH.skip_words), st.data())
def test_fillers_change_nothing_wherever_they_stand(
    drawn: tuple[str, str], filler: str, data: st.DataObject
) -> None:
    sentence, mode = drawn
    words = sentence.split()
    at = data.draw(st.integers(0, len(words)))
    filled = " ".join([*words[:at], filler, *words[at:]])
    assert ENGLISH.match(filled, mode) == ENGLISH.match(sentence, mode)


@given(sentence_and_mode, st.sampled_from(["[unk]", "elephant", "seven"]), st.data())
def test_any_foreign_word_spoils_a_sentence(
    drawn: tuple[str, str], foreign: str, data: st.DataObject
) -> None:
    sentence, mode = drawn
    words = sentence.split()
    at = data.draw(st.integers(0, len(words)))
    assert ENGLISH.match(" ".join([*words[:at], foreign, *words[at:]]), mode) is None


@given(sentence_and_mode)
def test_the_beginning_of_a_longer_sentence_of_another_meaning_may_continue(
    drawn: tuple[str, str],
) -> None:
    longer, mode = drawn
    words = longer.split()
    for count in range(1, len(words)):
        beginning = " ".join(words[:count])
        if ENGLISH.spoken(beginning) and ENGLISH.spoken(beginning) != ENGLISH.spoken(longer):
            meant = ENGLISH.match(longer, mode)
            same = ENGLISH.match(beginning, mode) == meant
            assert meant is not None
            # "No stop" need not be waited for after "no": the stop is heard by itself.
            comes_anyway = meant.intent in ENGLISH.urgent and meant == ENGLISH.match(
                " ".join(words[count:]), mode
            )
            assert ENGLISH.may_continue(beginning, mode) or same or comes_anyway


@pytest.mark.parametrize(
    ("text", "mode", "waits"),
    [
        ("start", "asleep", True),
        ("start the exercise", "asleep", False),
        ("start the intermediate level", "asleep", False),
        ("yes", "confirming", False),
        ("yes please", "confirming", False),
        # "No stop" begins with it, but that stop is heard by itself.
        ("no", "checking_in", False),
        ("no", "answering", False),
        ("okay", "feeling", False),
        ("okay", "paused", False),
        ("help", "asleep", True),
        ("pause", "exercising", False),
        ("go on", "confirming", True),
        ("elephant", "asleep", False),
    ],
)
def test_only_what_may_mean_more_is_waited_for(text: str, mode: str, waits: bool) -> None:
    assert ENGLISH.may_continue(text, mode) == waits


@given(st.text(max_size=40), in_any_mode)
def test_any_text_can_be_matched(text: str, mode: str) -> None:
    ENGLISH.match(text, mode)
    ENGLISH.may_continue(text, mode)


@pytest.mark.parametrize("mode", ENGLISH.modes)
def test_no_decoy_is_a_word_that_the_mode_listens_for(mode: str) -> None:
    words = {word for sentence in ENGLISH.sentences(mode) for word in sentence.split()}
    decoys = ENGLISH.decoys(mode)
    assert {"stopped", "stock"} <= set(decoys)
    assert words.isdisjoint(decoys)


def test_a_start_is_a_decoy_where_nothing_can_be_started() -> None:
    assert "start" in ENGLISH.decoys("exercising")
    assert "started" in ENGLISH.decoys("asleep")
    assert "started" not in ENGLISH.decoys("exercising")


def test_a_plain_hassil_file_is_listened_for_whole_in_every_mode(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "language": "en",
            "intents": {
                "brew": {"data": [{"sentences": ["(make|brew) [a|{cups}] {drink}"]}]},
                "halt": {"data": [{"sentences": ["halt"], "slots": {"now": True}}]},
            },
            "lists": {
                "drink": {"values": ["coffee", {"in": "(espresso|short one)", "out": "espresso"}]},
                "cups": {"range": {"from": 1, "to": 30}},
            },
        },
    )
    phrases = Phrases.load(path)
    assert phrases.modes == ()
    for mode in ("asleep", "anything"):
        assert phrases.match("brew a short one", mode) == Match("brew", {"drink": "espresso"})
        assert phrases.match("make twenty one coffee", mode) == Match(
            "brew", {"cups": "21", "drink": "coffee"}
        )
        assert "make twenty one coffee" in phrases.sentences(mode)
    assert {"make", "twenty", "espresso", "halt"} <= phrases.words()
    assert not any(character.isdigit() for word in phrases.words() for character in word)


def test_of_a_template_of_millions_of_sentences_everything_is_known(tmp_path: Path) -> None:
    digits = "(one|two|three|four|five|six|seven|eight|nine)"
    path = write(
        tmp_path,
        {"intents": {"dial": {"data": [{"sentences": ["dial " + " ".join([digits] * 8)]}]}}},
    )
    phrases = Phrases.load(path)
    assert phrases.automaton("dial").count == 9**8
    assert phrases.match("dial one two three four five six seven eight", "") == Match("dial")
    assert phrases.match("dial one two three four five six seven", "") is None
    assert phrases.begins("dial nine nine nine nine nine nine nine", "")
    assert phrases.may_continue("dial nine nine nine nine nine nine nine", "")
    assert not phrases.may_continue("dial nine nine nine nine nine nine nine nine", "")


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("stop", "lenient"),
        ("please stop the session", "lenient"),
        ("that's enough", "normal"),
        ("help me", "normal"),
        ("slower", "normal"),
    ],
)
def test_only_what_a_second_witness_vouches_for_is_believed_leniently(text: str, cost: str) -> None:
    meant = ENGLISH.match(text, "exercising")
    assert meant is not None
    assert meant.cost == cost


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("intents: [", "not YAML"),
        ("", "no intents"),
        ("- stop", "no intents"),
        ("language: en", "hassil's format"),
        ("intents: {stop: {data: [{sentences: [yes]}]}}", "got `bool`"),
        ("intents: {stop: {data: [{sentences: stop}]}}", "got `str`"),
        ("intents: {stop: {data: [{sentences: [stop], slots: 1}]}}", "slots"),
        ("{intents: {stop: {data: [{sentences: [stop]}]}}, skip_words: [1]}", "skip_words"),
        ("intents: {stop: {data: [{sentences: ['{5..1:x}']}]}}", "leads nowhere"),
        ("intents: {stop: {data: [{sentences: ['stop (it']}]}}", "template"),
        ("intents: {stop: {data: [{sentences: ['stop {thing}']}]}}", "{thing}"),
        ("intents: {stop: {data: [{sentences: ['stop <thing>']}]}}", "<thing>"),
        ("{intents: {stop: {data: [{sentences: [stop]}]}}, stop: halt at once}", "one word"),
        ("{intents: {stop: {data: [{sentences: [stop]}]}}, stop: [halt]}", "one word"),
        (
            "{intents: {stop: {data: [{sentences: [stop], metadata: {cost: high}}]}}}",
            "strict, normal, lenient",
        ),
        ("{intents: {stop: {data: [{sentences: [stop]}]}}, decoys: [stock]}", "for each word"),
        ("{intents: {stop: {data: [{sentences: [stop]}]}}, decoys: {a: [1]}}", "for each word"),
    ],
)
def test_a_faulty_file_is_refused_in_one_sentence(
    content: str, complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "phrases.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as refusal:
        Phrases.load(path).sentences("up")
    assert complaint in str(refusal.value)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_is_no_file_or_too_large_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a file"):
        Phrases.load(Path("/dev/zero"))
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(UserError, match="too large to be a phrase file"):
        Phrases.load(large)


def test_a_missing_file_and_an_unknown_language_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        Phrases.load(tmp_path / "none.yaml")
    with pytest.raises(UserError, match="known: en"):
        coach_phrases("tlh")
    with pytest.raises(UserError, match="asleep"):
        ENGLISH.sentences("dreaming")


def write(folder: Path, content: object) -> Path:
    path = folder / "phrases.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path
