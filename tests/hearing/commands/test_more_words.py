"""Words that are put into the recogniser's model without training."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hearing.commands.conftest import Speak
from tests.hearing.commands.test_templates import COFFEE
from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.hearing.commands import (
    CommandEar,
    CommandHeard,
    CommandModel,
    Phrases,
    model_store,
    word_graph,
)
from voice_coach.hearing.commands.grammar import copies, grammar, unknown_words
from voice_coach.hearing.commands.model_store import InstalledModel
from voice_coach.hearing.commands.more_words import add_words
from voice_coach.hearing.commands.phones import PHONES, Lexicon
from voice_coach.hearing.commands.pronunciation import espeak, non_rhotic
from voice_coach.hearing.commands.pronunciation import given as as_given
from voice_coach.hearing.commands.transducer_file import NotOursError

said = st.lists(st.sampled_from(PHONES), min_size=1, max_size=4).map(tuple)
lexicons = st.dictionaries(
    st.text("abcdefgh'", min_size=1, max_size=4),
    st.lists(said, min_size=1, max_size=3, unique=True),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def shipped() -> InstalledModel:
    """The model that ships."""
    found = [one for one in model_store.installed() if one.shipped]
    if not found:
        pytest.skip("there is no recogniser model in models/ to add words to")
    return found[0]


@pytest.fixture(scope="module")
def with_coffee(shipped: InstalledModel, tmp_path_factory: pytest.TempPathFactory) -> CommandModel:
    """A copy of it that knows what may be ordered."""
    phrases = Phrases.load(COFFEE)
    unknown = unknown_words(phrases, CommandModel.load(shipped.path))
    words = {word: [espeak(word)] for word in unknown}
    folder = tmp_path_factory.mktemp("models")
    return CommandModel.load(add_words(shipped, words, copies(phrases), folder=folder).path)


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


@given(lexicons)
def test_a_word_graph_holds_the_words_that_were_put_into_it(
    tmp_path_factory: pytest.TempPathFactory, lexicon: Lexicon
) -> None:
    folder = tmp_path_factory.mktemp("graph")
    word_graph.write(lexicon, folder)
    read = word_graph.read(folder)
    assert list(read) == list(lexicon)
    assert {w: set(s) for w, s in read.items()} == {w: set(s) for w, s in lexicon.items()}


def test_the_shipped_graph_is_read_and_written_as_it_is(
    shipped: InstalledModel, tmp_path: Path
) -> None:
    lexicon = word_graph.read(shipped.path / "graph")
    assert ("S", "T", "AA", "P") in lexicon["stop"]
    assert all(lexicon.values())
    word_graph.write(lexicon, tmp_path)
    assert word_graph.read(tmp_path) == lexicon
    for name in ("words.txt", "Gr.fst", "disambig_tid.int", "phones/word_boundary.int"):
        assert (tmp_path / name).read_bytes() == (shipped.path / "graph" / name).read_bytes()
    size = (tmp_path / "HCLr.fst").stat().st_size
    assert size == (shipped.path / "graph" / "HCLr.fst").stat().st_size


def test_every_word_of_a_foreign_file_is_known_and_tells_its_sentences_apart(
    with_coffee: CommandModel,
) -> None:
    phrases = Phrases.load(COFFEE)
    assert unknown_words(phrases, with_coffee) == ()
    for word, count in copies(phrases).items():
        assert len({with_coffee.copy(word, number) for number in range(count)}) == count, word


def test_of_millions_of_sentences_enough_are_listed_that_every_word_is_listened_for(
    with_coffee: CommandModel,
) -> None:
    phrases = Phrases.load(COFFEE)
    listed = grammar(phrases, "", with_coffee)
    assert len(listed) < 20_000
    words = {word for text in listed for word in text.split()}
    copied = {with_coffee.copy(w, n) for w, count in copies(phrases).items() for n in range(count)}
    assert copied <= words


def test_a_word_that_was_added_is_heard(with_coffee: CommandModel, speak: Speak) -> None:
    silence = np.zeros(SAMPLE_RATE, np.float32)
    order = speak("I would like a large cappuccino with almond milk", "flite")
    ear = CommandEar(with_coffee, Phrases.load(COFFEE))
    heard = [*ear.feed(np.concatenate([silence, order, silence])), *ear.flush()]
    (command,) = (event for event in heard if isinstance(event, CommandHeard))
    assert command.slots == {"size": "large", "drink": "cappuccino", "milk": "almond"}


def test_the_product_is_heard_as_before(
    with_coffee: CommandModel, phrases: Phrases, speak: Speak
) -> None:
    ear = CommandEar(with_coffee, phrases)
    ear.listen_for("exercising")
    silence = np.zeros(SAMPLE_RATE, np.float32)
    heard = [*ear.feed(np.concatenate([silence, speak("how many left", "flite"), silence]))]
    assert [e.intent for e in heard if isinstance(e, CommandHeard)] == ["how_many_left"]


def test_the_model_that_ships_stays_as_it_is_and_its_copy_is_used_instead(
    shipped: InstalledModel, tmp_path: Path
) -> None:
    before = digest(shipped.path)
    first = add_words(shipped, {"siobhan": [as_given("SH IH V AO N")]}, folder=tmp_path)
    assert digest(shipped.path) == before
    assert (first.name, first.shipped) == (f"{shipped.name}-words", False)
    places = [shipped.path.parent, tmp_path]
    assert model_store.choose(places=places).path == first.path
    second = add_words(first, {"niamh": [as_given("N IY V")]}, folder=tmp_path)
    assert second.path == first.path
    known = CommandModel.load(second.path)
    assert known.knows("siobhan")
    assert known.knows("niamh")
    assert [path.name for path in tmp_path.iterdir()] == [second.name]


def test_a_copy_of_a_model_that_ships_no_more_is_renewed_with_its_words(
    shipped: InstalledModel, tmp_path: Path
) -> None:
    own, product = tmp_path / "own", tmp_path / "product"
    copy = add_words(shipped, {"siobhan": [as_given("SH IH V AO N")]}, folder=own)
    assert not model_store.is_outdated(copy, [shipped, copy])
    shutil.copytree(shipped.path, product / shipped.name)
    with (product / shipped.name / "graph" / "words.txt").open("a") as words:
        words.write("another 999999\n")
    newer = InstalledModel(shipped.name, product / shipped.name, shipped.size, shipped=True)
    assert model_store.is_outdated(copy, [newer, copy])
    renewed = add_words(newer, {"niamh": [as_given("N IY V")]}, folder=own)
    assert renewed.path == copy.path
    assert not model_store.is_outdated(renewed, [newer, renewed])
    known = CommandModel.load(renewed.path)
    assert known.knows("siobhan")
    assert known.knows("niamh")


def test_a_word_that_is_known_gets_one_more_pronunciation(
    shipped: InstalledModel, tmp_path: Path
) -> None:
    model = add_words(shipped, {"stop": [as_given("S T UH P")]}, folder=tmp_path)
    lexicon = word_graph.read(model.path / "graph")
    assert {("S", "T", "AA", "P"), ("S", "T", "UH", "P")} <= set(lexicon["stop"])
    assert lexicon["stop~1"] == lexicon["stop"]


def test_models_made_by_others_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "vosk-model-small-xx"
    (folder / "am").mkdir(parents=True)
    (folder / "am" / "final.mdl").write_bytes(b"")
    (folder / "graph" / "phones").mkdir(parents=True)
    (folder / "graph" / "HCLr.fst").write_bytes(b"something else")
    (folder / "graph" / "words.txt").write_text("<eps> 0\n")
    (folder / "graph" / "phones" / "word_boundary.int").write_text("1 nonword\n")
    with pytest.raises(NotOursError):
        word_graph.read(folder / "graph")
    (model,) = model_store.installed([tmp_path])
    with pytest.raises(UserError, match="made by others"):
        add_words(model, {"latte": [("L",)]}, folder=tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_a_file_with_unknown_words_is_refused_with_all_of_them(model: CommandModel) -> None:
    with pytest.raises(UserError) as refusal:
        CommandEar(model, Phrases.load(COFFEE))
    for word in ("almond", "latte", "cappuccino", "vanilla", "soya"):
        assert f"'{word}'" in str(refusal.value)
    assert "model add-words --phrases" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_pronunciations_are_espeaks_or_given() -> None:
    assert espeak("latte") == ("L", "AA", "T", "EY")
    assert as_given(" l aa t ey ") == ("L", "AA", "T", "EY")
    assert espeak("...") == ()


@pytest.mark.parametrize("wrong", ["", "L AX T EY", "latte"])
def test_phones_that_there_are_not_are_refused(wrong: str) -> None:
    with pytest.raises(UserError, match="phones are AA"):
        as_given(wrong)


@pytest.mark.parametrize(
    ("american", "english"),
    [
        ("S OW F ER", "S OW F AH"),
        ("HH IH R", "HH IH AH"),
        ("HH AA R D", "HH AA D"),
        ("R EH D",) * 2,
    ],
)
def test_most_of_england_says_an_r_before_vowels_alone(american: str, english: str) -> None:
    assert non_rhotic(tuple(american.split())) == tuple(english.split())
