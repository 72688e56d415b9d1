"""Measures the command ear; writes its accuracy card: commands.md, .json and .svg of docs.

    python -m research.commands.measure [--model FOLDER] [--quick] [--tuning] [--out FOLDER]
        [--only SECTION ...]

Takes about half an hour on one core. The first run also renders the synthetic voices (needs
espeak-ng, flite, festival and what ``research/model/requirements.txt`` lists for measuring) into
the user's cache folder. Where the package ``pocketsphinx`` is installed, it is measured as well.
`--tuning` measures on the people and voices on which the ear's own numbers may be tuned, and
writes nothing. `--out` writes into another folder; the half of commands.md that is written by hand
is copied from docs.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from research import figures
from research.commands import card, own_voice, picture, rivals, sections, talking_over
from research.figures import Figures
from research.places import DATA, ROOT
from voice_coach.hearing.commands import CommandModel, model_store
from voice_coach.home.phrases import coach_phrases

DOCS = ROOT / "docs"
MODEL_FIGURES = ROOT / "models" / "figures.json"
"""What research/model/evaluate.py found of the shipped recogniser alone."""
_MODES = ("asleep", "exercising", "confirming", "feeling")
"""Those in which false commands are counted."""


def main() -> None:
    """Measure what the arguments ask for, and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, help="model folder; by default the product's choice")
    parser.add_argument("--quick", action="store_true", help="a small part of everything")
    parser.add_argument("--tuning", action="store_true", help="on tuning material; only prints")
    parser.add_argument("--only", nargs="+", help="sections to measure anew")
    parser.add_argument("--out", type=Path, default=DOCS, help="folder to write into; docs")
    options = parser.parse_args()
    if not DATA.is_dir():
        parser.error(f"there are no recordings at {DATA}; set VOICE_COACH_DATA")
    path = options.model or model_store.choose("en").path
    model, phrases = CommandModel.load(path), coach_phrases()
    bench, tuning = sections.Bench(model, phrases), options.tuning
    most = 2 if options.quick else 3
    parts = {
        "phrases": lambda: sections.phrases_by_intent(bench, tuning, most, tqdm.write),
        "people": lambda: sections.people(bench, tuning),
        "other phrases": lambda: sections.other_phrases(bench, tuning),
        "false commands": lambda: sections.false_commands(
            bench, tuning, _MODES[: 2 if options.quick else None]
        ),
        "amid reading": lambda: sections.amid_reading(bench, tuning),
        "near misses": lambda: sections.near_misses(bench, tuning),
        "single words": lambda: sections.single_words_taken_for_stop(bench, tuning),
        "own voice": lambda: own_voice.measure(
            model, phrases, tuning, every=24 if options.quick else 6
        ),
        "stop over us": lambda: talking_over.stop_over_us(model, phrases, tuning),
        "answers": lambda: talking_over.answers(model, phrases, tuning),
        "noise": lambda: sections.noise(bench, tuning, 2 if options.quick else 3),
        "pocketsphinx": lambda: rivals.pocketsphinx(bench, tuning, 2),
        "other models": lambda: rivals.other_models(bench, tuning, 2),
        "microwakeword": lambda: sections.micro_wake_word(tuning),
        "stop detector": lambda: sections.stop_detector(phrases, tuning),
        "cost": lambda: sections.cost(path),
    }
    found: Figures = {}
    for name, part in tqdm(parts.items(), desc="sections"):
        if not options.only or name in options.only:
            found[name] = part()
            if tuning:
                tqdm.write(figures.in_lines({name: found[name]}))
    if not tuning:
        found |= {"model": path.name, "quick": options.quick}
        write(options.out, found, parts.keys(), keep=bool(options.only))


def write(folder: Path, found: Figures, sections: Iterable[str], *, keep: bool) -> None:
    """Write what was `found` into `folder`: figures, and the page where no section is missing.

    `keep` keeps the other sections that were measured before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / "commands.json"
    if keep and record.exists():
        found = figures.read(record) | found
    figures.write(record, found)
    missing = ", ".join(name for name in sections if name not in found)
    if missing:
        tqdm.write(f"written: {record}; the page needs what is missing, too: {missing}")
        return
    page = folder / "commands.md"
    by_hand = (page if page.exists() else DOCS / page.name).read_text("utf-8").split(card.MARK)[0]
    page.write_text(by_hand + card.written(found, figures.read(MODEL_FIGURES)), "utf-8")
    picture.draw(found, folder / "commands.svg")
    tqdm.write(f"written: {page}")


if __name__ == "__main__":
    main()
