"""A rehearsal as a dialogue: who said what when, for a person to read.

What the coach says in one go is one paragraph; a whole repetition is one line, with the landing
as it was heard. What was cut off ends with a dash.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voice_coach.clock import to_seconds
from voice_coach.rehearsal.person import Landing, Saying
from voice_coach.rehearsal.words import ENGLISH, Language
from voice_coach.speaking.script import TONE_PREFIX

WIDE: Final = 92
"""Characters of a line."""

APART: Final = 1.6
"""Seconds of silence after which the coach says something new."""

SOFTLY: Final = 0.5
"""A landing of less effort than this, against a good one, is a soft one."""

BEGINS: Final = "rise"
"""The cue that begins a line of its own."""


@dataclass(slots=True)
class _Part:
    """Something that sounded: by whom, from when until when, in seconds.

    It `begins` a line, or `belongs` to the one before, however late it is.
    """

    start: float
    end: float
    who: str
    text: str
    begins: bool = False
    belongs: bool = False


def lines(
    cues: Sequence[dict[str, Any]],
    actions: Sequence[dict[str, Any]],
    landings: Sequence[Landing],
    sayings: Sequence[Saying],
    words: Language = ENGLISH,
) -> list[str]:
    """Return the dialogue, line by line.

    Parameters
    ----------
    cues, actions
        Of the transcript, with times in seconds.
    landings, sayings
        What the person did.
    words
        Of the reader's language.
    """
    own = words.dialogue
    hushes = [action["at"] for action in actions if action["kind"] == "Hush"]
    parts = [part for cue in cues if (part := _spoken(cue, hushes, own)) is not None]
    parts += [
        _Part(
            to_seconds(landing.at),
            to_seconds(landing.at),
            own.coach,
            own.soft_thump if landing.effort < SOFTLY else own.thump,
            belongs=True,
        )
        for landing in landings
    ]
    parts += [
        _Part(to_seconds(saying.start), to_seconds(saying.end), own.person, saying.text)
        for saying in sayings
    ]
    return [line for paragraph in _joined(parts) for line in _printed(paragraph)]


def _spoken(cue: dict[str, Any], hushes: Sequence[float], words: Any) -> _Part | None:
    """Return what was heard of a cue; None where that was nothing, or nothing to tell of."""
    tone = "" if cue["text"] else words.tones.get(cue["cue"].removeprefix(TONE_PREFIX))
    text = cue["text"] or tone
    placed, end = cue["placed"], cue["end"]
    cut = next((at for at in hushes if placed < at < end), None)
    if not text or (cut is not None and cut <= cue["start"]):
        return None
    if cut is not None:
        end, text = cut, f"{text.rstrip('.?!')} –"
    begins = cue["cue"] == BEGINS
    return _Part(cue["start"], end, words.coach, text, begins, belongs=bool(tone))


def _joined(parts: Sequence[_Part]) -> Iterator[_Part]:
    """Yield what one said without the other coming between, as one."""
    last: _Part | None = None
    for part in sorted(parts, key=lambda part: part.start):
        goes_on = (
            last is not None
            and part.who == last.who
            and (part.start - last.end < APART or part.belongs)
            and not part.begins
        )
        if last is not None and goes_on:
            last.text, last.end = f"{last.text} {part.text}", max(last.end, part.end)
            continue
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last


def _printed(part: _Part) -> list[str]:
    head = f"{int(part.start) // 60:3}:{int(part.start) % 60:02}  {part.who:>5}  "
    wrapped = textwrap.wrap(part.text, WIDE - len(head))
    return [head + wrapped[0], *(" " * len(head) + line for line in wrapped[1:])]
