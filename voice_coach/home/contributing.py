"""Cutting the thumps out of a kept calibration, so that nothing else is left of it.

Of each prompted drop there is half a second of the room and the listening window; where somebody
speaks in it, it is cut down to what is around the landing, or left out. A few pieces of the room
tell what sounds there when nobody drops.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK, to_samples
from voice_coach.coach.pacing import WINDOW_AFTER, WINDOW_BEFORE
from voice_coach.hearing.commands.phone_network import PhoneWeights
from voice_coach.hearing.commands.speech_check import SPEECH, most_phones, phones_heard, spoken
from voice_coach.hearing.heels import CalibrationFailed, Calibrator, ThumpDetector
from voice_coach.home.bundle import Kind, Piece
from voice_coach.home.kept_sound import KeptSound
from voice_coach.samples import Samples

ROOM: Final = to_samples(0.5)
"""Samples of the room before a cue."""

LEAST_ROOM: Final = WINDOW_BEFORE + to_samples(0.05)
"""As many must be left of it."""

LEAST_BEFORE: Final = to_samples(0.3)
LEAST_AFTER: Final = to_samples(0.3)
"""Samples before and after a landing that must be left."""

ECHOES: Final = to_samples(0.3)
"""Samples after our own sound, or a window, in which the room is not taken for quiet."""

NEAR: Final = to_samples(4.0)
"""The room is taken so near to a drop: before the first one there may have been questions."""

MOST_OF_ROOM: Final = 6
"""Pieces of the room of one recording."""

LENGTH: Final = ROOM + WINDOW_AFTER


@dataclass(frozen=True, slots=True)
class Cut:
    """What was made of one moment of a recording."""

    kind: Kind
    at: int
    """Where the piece begins in the recording."""
    piece: Piece | None
    """None where it is left out."""
    spoken: bool
    """Somebody spoke: it was cut short, or left out."""


def cut(kept: KeptSound, phones: PhoneWeights) -> list[Cut]:
    """Return what becomes of each prompted drop of a calibration, then pieces of the room.

    `phones` hears where somebody speaks.
    """
    heard = phones_heard(phones, kept.sound, kept.own)
    speech = np.repeat(spoken(heard), BLOCK)
    prompted = [(to_samples(s), Kind.GOOD) for s in kept.known.drop_cues_s]
    prompted += [(to_samples(s), Kind.GENTLE) for s in kept.known.gentle_cues_s]
    # A cue that was announced and hushed before it sounded asked for nothing.
    prompted = [
        (cue, kind)
        for cue, kind in prompted
        if cue >= LEAST_ROOM
        and cue + WINDOW_AFTER <= len(speech)
        and kept.own[cue : cue + BLOCK].any()
    ]
    landings = _landings(kept, prompted)
    cuts = []
    for (cue, kind), landed in zip(prompted, landings, strict=True):
        first, last = max(0, cue - ROOM), cue + WINDOW_AFTER
        short = _without(speech, first, last, landed)
        piece = None
        if short is not None and short[0] <= cue - LEAST_ROOM:
            piece = _checked(kept, kind, short, cue, landed, phones)
        begins = first if short is None else short[0]
        cuts.append(Cut(kind, begins, piece, piece is None or short != (first, last)))
    for first in _room(kept.own, speech, [cue for cue, _ in prompted]):
        piece = _checked(kept, Kind.NOTHING, (first, first + LENGTH), first + ROOM, None, phones)
        if piece is not None:
            cuts.append(Cut(Kind.NOTHING, first, piece, spoken=False))
    return cuts


def _landings(kept: KeptSound, prompted: Sequence[tuple[int, Kind]]) -> list[int | None]:
    """Return where the heel ear hears the landing of each prompted drop; None where it does not."""
    windows = [(cue - WINDOW_BEFORE, cue + WINDOW_AFTER, kind, cue) for cue, kind in prompted]
    calibrator = Calibrator()
    for first, last, kind, _ in windows:
        calibrator.open_window(first, last, gentle=kind is Kind.GENTLE)
    calibrator.feed(kept.sound, kept.own)
    try:
        template = calibrator.template()
    except CalibrationFailed:
        return [None] * len(prompted)
    detector = ThumpDetector(template, gated=True)
    for first, last, _, cue in windows:
        detector.open_window(first, last, prompted=cue)
    landings = [*detector.feed(kept.sound, kept.own), *detector.flush()]
    return [
        next((one.impact for one in landings if one.certain and first <= one.impact < last), None)
        for first, last, *_ in windows
    ]


def _without(
    speech: npt.NDArray[np.bool_], first: int, last: int, landed: int | None
) -> tuple[int, int] | None:
    """Return what is left of positions `first` to `last` without speech; None is too little."""
    at = np.flatnonzero(speech[first:last]) + first
    if not len(at):
        return first, last
    if landed is None:
        return None
    before, after = at[at < landed], at[at >= landed]
    first = int(before[-1]) + 1 if len(before) else first
    last = int(after[0]) if len(after) else last
    enough = landed - first >= LEAST_BEFORE and last - landed >= LEAST_AFTER
    return (first, last) if enough else None


def _checked(  # noqa: PLR0917 - what a piece is made of, and by whom it is checked
    kept: KeptSound,
    kind: Kind,
    part: tuple[int, int],
    cue: int,
    landed: int | None,
    phones: PhoneWeights,
) -> Piece | None:
    """Return a part of a recording as a piece; None where speech is heard in it by itself."""
    first, last = part
    sound, own = kept.sound[first:last], kept.own[first:last]
    if most_phones(phones_heard(phones, sound, own)) >= SPEECH:
        return None
    return Piece(kind, cue - first, None if landed is None else landed - first, sound, own)


def _room(own: Samples, speech: npt.NDArray[np.bool_], cues: Sequence[int]) -> Iterator[int]:
    """Yield where pieces of the room begin: no drop, no speech, and nothing of ours."""
    busy = np.ones_like(speech)
    for cue in cues:
        near = slice(max(0, cue - NEAR), cue + WINDOW_AFTER + NEAR)
        busy[near] = speech[near]
    sounding = np.flatnonzero(own[: len(busy)])
    if len(sounding):
        edges = np.flatnonzero(np.diff(sounding) > 1)
        begins = sounding[np.concatenate([[0], edges + 1])]
        ends = sounding[np.concatenate([edges, [len(sounding) - 1]])]
        for begin, end in zip(begins, ends, strict=True):
            busy[begin : end + ECHOES] = True
    for cue in cues:
        busy[max(0, cue - ROOM) : cue + WINDOW_AFTER + ECHOES] = True
    first, found = 0, 0
    while found < MOST_OF_ROOM and first + LENGTH <= len(busy):
        inside = np.flatnonzero(busy[first : first + LENGTH])
        if len(inside):
            first += int(inside[-1]) + 1
        else:
            yield first
            first += LENGTH
            found += 1
