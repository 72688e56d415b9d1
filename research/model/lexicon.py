"""Which words the model knows and how they are pronounced.

Words: the two commonest tiers of SCOWL (Debian package ``scowl``), the contractions among them,
and every word of ``prompts.txt``. Pronunciations: the CMU dictionary that travels in the
PyPI package ``pocketsphinx`` (39 phones, no stress); words missing there are respelled from
British to American (organise, flavour) or spoken by espeak-ng, whose phonemes are mapped onto the
same 39 phones (:mod:`voice_coach.hearing.commands.pronunciation`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from voice_coach.hearing.commands import grammar
from voice_coach.hearing.commands.command_model import COPY_MARK
from voice_coach.hearing.commands.phones import Lexicon, Pronunciation
from voice_coach.hearing.commands.pronunciation import espeak, non_rhotic
from voice_coach.home.phrases import coach_phrases

_SPARE = 2
"""Copies of every word, and of the product's own beyond those that its sentences need."""
_SOMEBODY = "mary"
SCOWL = Path("/usr/share/dict/scowl")
PROMPTS = Path(__file__).with_name("prompts.txt")

# British spelling -> American, tried in turn on words the dictionary lacks.
_RESPELL = (
    (r"isation", "ization"), (r"is(e[srd]?|ing|able|ers?)$", r"iz\1"), (r"our", "or"),
    (r"ys(e[srd]?|ing)$", r"yz\1"), (r"ogue", "og"), (r"ence(s?)$", r"ense\1"), (r"ae", "e"),
    (r"ll(ed|ing|er|ers|ings)$", r"l\1"), (r"re(s?)$", r"er\1"), (r"mme(s?)$", r"m\1"),
)  # fmt: skip

# First names to call people by, and other machines' names, to be told apart from commands.
_NAMES = """
    alan alexa alice andrew anna annie arthur barbara ben betty brian bridget carol catherine
    charles christine daniel david deborah diana donald dorothy edith edward elizabeth emily
    emma eric eva frances frank fred george gerald google graham harold harry helen henry irene
    jack jacqueline james jane janet jarvis jean jennifer jim joan joe john joyce judith julia
    karen kate keith kenneth laura linda lisa louise lucy margaret maria marie martha martin
    mary michael nancy nicholas oliver pamela patricia paul peter philip richard robert roger
    ronald rose ruth sally sandra sarah sharon siri sophie stephen steve susan sylvia teresa
    thomas tom tony victoria walter william
"""

# How people also say some of the product's own words, besides saying them without r's.
_EXTRA = {
    "okay": ["OW K EY", "AH K EY", "K EY"],
    "practise": ["P R AE K T AH S"],
    "ouch": ["AW CH"],
    "intermediate": ["IH N T ER M IY D IY IH T", "IH N T AH M IY D IY AH T"],
    "calibrate": ["K AE L IH B R EY T"],
    "exercise": ["EH K S ER S AY Z", "EH K S AH S AY Z"],
    "finish": ["F IH N IH SH"],
    "finished": ["F IH N IH SH T"],
    "hurt": ["HH AH T"],
    "hurts": ["HH AH T S"],
    "quieter": ["K W AY AH T ER"],
    "faster": ["F AA S T ER"],
    "fast": ["F AA S T"],
    "can't": ["K AA N T"],
    "advanced": ["AH D V AA N S T"],
    "answers": ["AA N S ER Z"],
    "answer": ["AA N S ER"],
    "resume": ["R IH Z Y UW M"],
    "pause": ["P AA Z"],
    "stop": ["S T AO P"],
    "drops": ["D R AO P S"],
    "volume": ["V AO L Y UW M"],
    "not": ["N AO T"],
}


@cache
def dictionary() -> Lexicon:
    """Return the CMU dictionary of the pocketsphinx package, variants in its order."""
    import pocketsphinx  # noqa: PLC0415  (a training-time dependency)

    path = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    lexicon: Lexicon = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        lexicon.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(tuple(phones))
    return lexicon


def prompts() -> tuple[list[str], list[str]]:
    """Return the phrases of ``prompts.txt``: the product's own, and all others."""
    own, everyday = PROMPTS.read_text("utf-8").split("# --- near misses")
    return _phrases(own), _phrases(everyday.partition("\n")[2])


def _phrases(text: str) -> list[str]:
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def pronounce(word: str) -> list[Pronunciation]:
    """Return every pronunciation of `word`, the commonest first."""
    known = dictionary()
    found = list(known.get(word, ()))
    if not found:
        for pattern, replacement in _RESPELL:
            respelt = re.sub(pattern, replacement, word)
            if respelt != word and respelt in known:
                found = list(known[respelt])
                break
    if not found:
        found = [espeak(word)]
    extra = [tuple(text.split()) for text in _EXTRA.get(word, ())]
    return list(dict.fromkeys([*found, *extra]))


def common_words() -> list[str]:
    """Return the lower-case words and contractions of the two commonest SCOWL tiers."""
    words: set[str] = set()
    for tier in (10, 20):
        for region in ("english", "american", "british"):
            for kind in ("words", "contractions"):
                path = SCOWL / f"{region}-{kind}.{tier}"
                if path.exists():
                    listed = path.read_text("latin-1").split()
                    words.update(w for w in listed if kind == "contractions" or "'" not in w)
    return sorted(word for word in words if re.fullmatch(r"[a-z][a-z']*[a-z]|[ai]", word))


def build_lexicon() -> Lexicon:
    """Return the model's words with their pronunciations, sorted by word."""
    own, everyday = ({word for text in part for word in text.split()} for part in prompts())
    own |= coach_phrases().words()
    words = own | everyday | set(common_words()) | set(_NAMES.split())
    lexicon = {word: pronounce(word) for word in sorted(words)}
    for word in own:
        lexicon[word] = list(dict.fromkeys([*lexicon[word], *map(non_rhotic, lexicon[word])]))
    return lexicon


def with_copies(lexicon: Lexicon) -> Lexicon:
    """Return `lexicon` with as many copies of each word as tell the product's sentences apart.

    A few more, so that phrases may be changed, and some of every word, for phrases of others.
    """
    named = coach_phrases(people=[_SOMEBODY], knows=_SOMEBODY.__eq__)
    needed = grammar.copies(named)
    wanted = dict.fromkeys(lexicon, _SPARE) | dict.fromkeys(_NAMES.split(), needed[_SOMEBODY])
    wanted |= {word: count + _SPARE for word, count in needed.items() if word in lexicon}
    return lexicon | {
        f"{word}{COPY_MARK}{number}": lexicon[word]
        for word, count in sorted(wanted.items())
        for number in range(1, count)
    }
