"""The phones of the models that the product makes, and how their files number them.

A phone is numbered by its place in the word, for onsets and endings sound differently. Silence is a
phone of its own, and so is *garbage*, of which ``[unk]`` is made: three states, where every other
phone has one. A transition is that of leaving a state or of staying in it for another frame.
"""

from typing import Final, TypeAlias

Pronunciation: TypeAlias = tuple[str, ...]
"""A word as its phones."""
Lexicon: TypeAlias = dict[str, list[Pronunciation]]
"""Words with all their pronunciations."""

PHONES: Final = (
    *("AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH"),
    *("IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH"),
    *("UH", "UW", "V", "W", "Y", "Z", "ZH"),
)
"""Those of the CMU dictionary, without stress."""
PLACES: Final = ("begin", "internal", "end", "singleton")
"""Places of a phone in its word, as Kaldi calls them."""

SILENCE: Final = 1
GARBAGE: Final = 2
GARBAGE_STATES: Final = 3

_FIRST: Final = 3
"""The first number of a phone that words are made of."""
_NUMBER: Final = {
    name: number
    for number, name in enumerate(((p, place) for p in PHONES for place in PLACES), _FIRST)
}
_NAME: Final = {number: name for name, number in _NUMBER.items()}

TRANSITIONS: Final = 2 * (1 + GARBAGE_STATES + len(_NUMBER))
"""How many there are; they are counted from 1."""


def place_of(at: int, count: int) -> str:
    """Return the place of phone `at`, counted from 0, in a word of `count` phones."""
    if count == 1:
        return "singleton"
    return "begin" if at == 0 else "end" if at == count - 1 else "internal"


def number_of(phone: str, place: str) -> int:
    """Return the number of `phone` at its `place` in the word."""
    return _NUMBER[phone, place]


def names() -> dict[int, tuple[str, str]]:
    """Return phone and place of every number that words are made of."""
    return dict(_NAME)


def transition(number: int, state: int = 0, *, stay: bool = False) -> int:
    """Return the transition of leaving a state of the phone `number`, or of staying in it."""
    before = number - 1 if number <= GARBAGE else number - 2 + GARBAGE_STATES
    return 2 * (before + state) + (1 if stay else 2)


def phone_left_by(transition_id: int) -> str | None:
    """Return the phone whose one state `transition_id` leaves; None where it is none of a word."""
    number = (transition_id - 2) // 2 + 2 - GARBAGE_STATES
    name = _NAME.get(number)
    return name[0] if name and transition(number) == transition_id else None
