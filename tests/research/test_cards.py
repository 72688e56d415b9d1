"""The accuracy cards: every number in them is one of the figures kept beside them."""

from research import figures
from research.commands import card as commands_card
from research.heels import card as heels_card
from research.heels import lags, speech_left
from research.model import evaluate
from research.places import ROOT

MODEL = figures.read(ROOT / "models" / "figures.json")


def test_the_command_ears_card_is_what_its_figures_give() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    found = figures.read(ROOT / "docs" / "commands.json")
    assert page.endswith("\n\n" + commands_card.written(found, MODEL))


def test_the_heel_ears_card_is_what_its_figures_give() -> None:
    found = figures.read(ROOT / "docs" / "thumps.json")
    assert (ROOT / "docs" / "thumps.md").read_text("utf-8") == heels_card.text(found)


def test_the_pages_about_two_heels_and_about_contributing_are_what_their_figures_give() -> None:
    for name, measure in (("two-heels", lags), ("contribute", speech_left)):
        page = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
        found = figures.read(ROOT / "docs" / f"{name}.json")
        assert page.split(figures.MARK)[1] == f"\n{measure.text(found)}"


def test_the_recognisers_card_is_what_its_figures_give() -> None:
    page = (ROOT / "models" / "README.md").read_text("utf-8")
    assert page.split(evaluate.MARK)[1] == f"\n{evaluate.table(MODEL)}\n"
