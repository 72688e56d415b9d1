"""Finds the words that sound like a command and are none, and writes them into a phrase file.

    python -m research.commands.decoys [language]

A command of one word is the easiest to take for something else; of a longer one that is costly to
believe wrongly, the first and the last word matter most. The common words that differ from these
in a phone, or only go on where they end (``research/model/confusions.py``), are
listened for so that they are not mistaken; but none that many people say as the command itself.
Pronunciations come from the package ``pocketsphinx``, which must be installed for this.
"""

from __future__ import annotations

import argparse
import re
import textwrap
from pathlib import Path

from research.model import confusions, lexicon
from voice_coach.hearing.commands import Phrases
from voice_coach.hearing.commands.phones import Pronunciation
from voice_coach.hearing.commands.pronunciation import non_rhotic
from voice_coach.home.phrases import coach_phrases

_COLUMNS = 96
_BY_HAND = {
    "intermediate": ["immediate", "immediately", "start immediately"],
    "advanced": ["advance", "advantage", "star advance"],
    "stop": ["don't stop", "do not stop"],
    "hurt": ["my legs are tired"],
}
"""What is further from a command than a phone or two, and yet was mistaken for it."""


def targets(phrases: Phrases) -> set[str]:
    """Return the words that are sentences alone, and first and last of costly sentences."""
    found: set[str] = set()
    for mode in phrases.modes:
        for sentence in phrases.sentences(mode):
            meant = phrases.match(sentence, mode)
            words = sentence.split()
            if len(words) == 1 or (meant and meant.cost == "strict"):
                found |= {words[0], words[-1]}
    return found


def decoys(phrases: Phrases) -> dict[str, list[str]]:
    """Return what to listen for besides the sentences of `phrases`, by what it sounds like."""
    known = lexicon.build_lexicon()
    found = {
        word: [other for other in others if not _same(known[word], known[other])]
        for word, others in confusions.confusable(targets(phrases) & set(known), known).items()
    }
    for word, texts in _BY_HAND.items():
        if word in phrases.words():
            found[word] = list(dict.fromkeys([*found.get(word, ()), *texts]))
    return dict(sorted(found.items()))


def _same(one: list[Pronunciation], other: list[Pronunciation]) -> bool:
    """Whether some people say both alike."""
    return not set(map(non_rhotic, one)).isdisjoint(map(non_rhotic, other))


def written(found: dict[str, list[str]]) -> str:
    """Return the end of the phrase file."""
    lines = ["# Written by research/commands/decoys.py.", "decoys:"]
    for target, words in found.items():
        # Quoted: YAML takes some words for truth values.
        entries = ", ".join(f'"{word}"' for word in words)
        folded = textwrap.wrap(f'"{target}": [{entries}]', _COLUMNS - 2, break_on_hyphens=False)
        lines += ["  " + folded[0], *("    " + line for line in folded[1:])]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the decoys of a phrase file into it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language", nargs="?", default="en")
    phrases = coach_phrases(parser.parse_args().language)
    found, path = decoys(phrases), Path(phrases.source)
    text = path.read_text("utf-8")
    text = re.sub(r"^(# Written by [^\n]*\n)?decoys:.*\Z", "", text, flags=re.MULTILINE | re.DOTALL)
    path.write_text(text + written(found), "utf-8")
    print(f"{sum(map(len, found.values()))} decoys of {len(found)} words")


if __name__ == "__main__":
    main()
