"""How a word is pronounced: as espeak-ng says it, in the phones of the models made here."""

import ctypes
import re
from typing import Final

from voice_coach.errors import UserError
from voice_coach.hearing.commands.phones import PHONES, Pronunciation

_LIBRARY: Final = "libespeak-ng.so.1"
_RETRIEVAL: Final = 1
"""espeak-ng makes sound for whoever asks, and plays none."""
_UTF8: Final = 1

_VOWELS: Final = tuple("AEIOU")
"""First letters of the phones that are vowels."""
_PHONES_OF: Final = {
    "tS": "CH", "dZ": "JH", "aI@": "AY ER", "aI3": "AY ER", "aU@": "AW ER", "i@3": "IH R",
    "i@": "IY AH", "aI": "AY", "aU": "AW", "eI": "EY", "oU": "OW", "OI": "OY", "o@": "AO R",
    "O@": "AO R", "A@": "AA R", "e@": "EH R", "U@": "UH R", "3:": "ER", "I2": "IH", "I#": "IH",
    "I": "IH", "i:": "IY", "i": "IY", "u:": "UW", "U": "UH", "O:": "AO", "O": "AO", "A:": "AA",
    "0#": "AA", "0": "AA", "aa": "AE", "a#": "AH", "a": "AE", "E#": "EH", "E": "EH", "V": "AH",
    "@L": "AH L", "@2": "AH", "@5": "AH", "@": "AH", "3": "ER", "n-": "AH N", "N": "NG",
    "T": "TH", "D": "DH", "S": "SH", "Z": "ZH", "t#": "T", "t2": "T", "j": "Y", "h": "HH",
    "r-": "R", "r": "R", "b": "B", "d": "D", "f": "F", "g": "G", "k": "K", "l": "L", "m": "M",
    "n": "N", "p": "P", "s": "S", "t": "T", "v": "V", "w": "W", "z": "Z",
}  # fmt: skip
"""espeak-ng's American phoneme mnemonics."""
_LONGEST_FIRST: Final = sorted(_PHONES_OF, key=len, reverse=True)


def given(text: str) -> Pronunciation:
    """Return the pronunciation that somebody wrote, such as ``L AA T EY``."""
    said = tuple(text.upper().split())
    wrong = [phone for phone in said if phone not in PHONES]
    if wrong or not said:
        named = f"{wrong[0]!r} is no phone" if wrong else "there is no phone"
        raise UserError(f"In the pronunciation {text!r}, {named}; phones are {' '.join(PHONES)}.")
    return said


def espeak(word: str) -> Pronunciation:
    """Return espeak-ng's American pronunciation of `word`; of what it cannot say, nothing.

    UserError where espeak-ng is not installed.
    """
    mnemonics = _mnemonics(word)
    rest = re.sub(r"[',%=_:|;~ \n]|(?<=[a-z])\?", "", mnemonics.replace(":", "\0"))
    rest = rest.replace("\0", ":")
    said: list[str] = []
    while rest:
        name = next((name for name in _LONGEST_FIRST if rest.startswith(name)), None)
        said += _PHONES_OF[name].split() if name else []
        rest = rest[len(name or rest[0]) :]
    return tuple(said)


def as_espeak_says(word: str) -> tuple[Pronunciation, ...]:
    """Return `word` as espeak-ng says it, with r's and without; UserError where it cannot."""
    said = espeak(word)
    if not said:
        raise UserError(f"espeak-ng cannot say {word!r}; give its pronunciation: '{word}=PHONES'.")
    return tuple(dict.fromkeys([said, non_rhotic(said)]))


def non_rhotic(said: Pronunciation) -> Pronunciation:
    """Return `said` as most of England says it: "-er" as in "sofa", an r only before vowels."""
    found: list[str] = []
    for at, phone in enumerate(said):
        after = said[at + 1] if at + 1 < len(said) else ""
        if phone == "ER" and not after:
            found.append("AH")
        elif phone != "R" or after.startswith(_VOWELS):
            found.append(phone)
        elif found and found[-1] in ("IH", "IY"):  # "here", "severe"
            found.append("AH")
    return tuple(found)


def _mnemonics(word: str) -> str:
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        raise UserError(
            f"The pronunciation of {word!r} has to be given, as in 'latte=L AA T EY', for "
            f"espeak-ng is not installed."
        ) from None
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_Initialize(_RETRIEVAL, 0, None, 0)
    library.espeak_SetVoiceByName(b"en-us")
    text = ctypes.c_char_p(word.encode())
    parts = []
    while text.value is not None:
        parts.append(library.espeak_TextToPhonemes(ctypes.byref(text), _UTF8, 0) or b"")
    return b" ".join(parts).decode(errors="replace")
