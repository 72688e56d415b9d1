"""The kernel's numbers of keys by their names in small letters (``linux/input-event-codes.h``)."""

from typing import Final

_ROWS: Final = {
    2: "1 2 3 4 5 6 7 8 9 0",
    16: "q w e r t y u i o p",
    30: "a s d f g h j k l",
    44: "z x c v b n m",
    59: "f1 f2 f3 f4 f5 f6 f7 f8 f9 f10",
    183: "f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24",
    256: "btn_0 btn_1 btn_2 btn_3 btn_4 btn_5 btn_6 btn_7 btn_8 btn_9",
    272: "btn_left btn_right btn_middle",
}
"""Names in a row, by the number of the first."""

_SINGLE: Final = {
    "esc": 1,
    "tab": 15,
    "enter": 28,
    "space": 57,
    "f11": 87,
    "f12": 88,
    "up": 103,
    "pageup": 104,
    "left": 105,
    "right": 106,
    "down": 108,
    "pagedown": 109,
    "mute": 113,
    "power": 116,
    "pause": 119,
    "stop": 128,
    "help": 138,
    "prog1": 148,
    "prog2": 149,
    "playpause": 164,
    "stopcd": 166,
    "play": 207,
    "media": 226,
    "micmute": 248,
}

NUMBERS: Final[dict[str, int]] = _SINGLE | {
    name: first + index for first, row in _ROWS.items() for index, name in enumerate(row.split())
}
"""Every key that may be named; any other may be given by its number."""

_NAMES: Final = {number: name for name, number in NUMBERS.items()}

HIGHEST: Final = 767
"""The highest number of a key that the kernel knows."""


def number(key: str | int) -> int | None:
    """Return the number of `key`, which may be one itself; None where there is no such key."""
    if isinstance(key, int):
        return key if 0 < key <= HIGHEST else None
    return NUMBERS.get(key.lower())


def name(number: int) -> str:
    """Return the name of a key as it may stand in the settings."""
    return _NAMES.get(number, str(number))
