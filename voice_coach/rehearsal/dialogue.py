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

WIDE: Final = 92
"""Characters of a line."""

APART: Final = 1.6
"""Seconds of silence after which the coach says something new."""

TONES: Final = {"tone.drop": "♪", "tone.perhaps": "(a soft tone)", "tone.pardon": "(a tone)"}
"""The tones that say something; the others are left out."""

THUMP: Final = "[heels]"
SOFT_THUMP: Final = "[heels, softly]"
SOFTLY: Final = 0.5
"""A landing of less effort than this, against a good one, is a soft one."""

COACH, PERSON = "coach", "you"


@dataclass(slots=True)
class _Part:
    """Something that sounded: by whom, from when until when, in seconds."""

    start: float
    end: float
    who: str
    text: str


def lines(
    cues: Sequence[dict[str, Any]],
    actions: Sequence[dict[str, Any]],
    landings: Sequence[Landing],
    sayings: Sequence[Saying],
) -> list[str]:
    """Return the dialogue, line by line.

    Parameters
    ----------
    cues, actions
        Of the transcript, with times in seconds.
    landings, sayings
        What the person did.
    """
    hushes = [action["at"] for action in actions if action["kind"] == "Hush"]
    parts = [part for cue in cues if (part := _spoken(cue, hushes)) is not None]
    parts += [
        _Part(
            to_seconds(landing.at),
            to_seconds(landing.at),
            COACH,
            SOFT_THUMP if landing.effort < SOFTLY else THUMP,
        )
        for landing in landings
    ]
    parts += [
        _Part(to_seconds(saying.start), to_seconds(saying.end), PERSON, saying.text)
        for saying in sayings
    ]
    return [line for paragraph in _joined(parts) for line in _printed(paragraph)]


def _spoken(cue: dict[str, Any], hushes: Sequence[float]) -> _Part | None:
    """Return what was heard of a cue; None where that was nothing, or nothing to tell of."""
    text = cue["text"] or TONES.get(cue["cue"], "")
    placed, end = cue["placed"], cue["end"]
    cut = next((at for at in hushes if placed < at < end), None)
    if not text or (cut is not None and cut <= cue["start"]):
        return None
    if cut is not None:
        end, text = cut, f"{text.rstrip('.?!')} –"
    return _Part(cue["start"], end, COACH, text)


def _joined(parts: Sequence[_Part]) -> Iterator[_Part]:
    """Yield what one said without the other coming between, as one."""
    last: _Part | None = None
    for part in sorted(parts, key=lambda part: part.start):
        goes_on = (
            last is not None
            and part.who == last.who
            and (part.start - last.end < APART or part.text in {THUMP, SOFT_THUMP, *TONES.values()})
            and not part.text.startswith("Rise")
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
