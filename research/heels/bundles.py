"""Count the drops in bundles that households sent: what came of heels that nobody simulated.

A bundle (`voice_coach/home/bundle.py`) holds prompted drops and pieces of the room, of a second and
a half each. They are laid one after the other, with the room before each drop repeated in between.
Each good drop is listened for by an ear that has learnt from the next three of the same bundle, as
from a calibration; with fewer, from those there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from research.figures import Figures
from voice_coach.clock import to_samples
from voice_coach.coach.pacing import WINDOW_AFTER, WINDOW_BEFORE
from voice_coach.hearing.heels import CalibrationFailed, Calibrator, HeelTemplate, ThumpDetector
from voice_coach.home.bundle import Bundle, Kind, Piece
from voice_coach.programme.rules import load_rules
from voice_coach.samples import Samples

LEARNT_FROM = 3
"""Drops of a calibration."""

FEWEST = 2
"""Drops from which anything is learnt at all."""

BETWEEN = to_samples(2.2)
"""Samples of the room before each piece: the ear follows the room over two seconds."""

CLEAR = to_samples(0.03)
"""Samples before a landing that may belong to it."""


@dataclass(frozen=True)
class Told:
    """What was told of a piece."""

    kind: Kind
    counted: bool
    left_open: bool
    soft: bool


def room_of(piece: Piece) -> Samples:
    """Return the sound of a piece before its window, or before the landing that was heard."""
    end = piece.cue - WINDOW_BEFORE
    if piece.landed is not None:
        end = min(piece.cue, piece.landed) - CLEAR
    return piece.sound[: max(end, CLEAR)]


def repeated(room: Samples, length: int) -> Samples:
    """Return `length` samples of `room`, forwards again and again, each time faded into the next.

    Uncorrelated sound keeps its power.
    """
    fade = len(room) // 3
    rise = np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32))
    shaped = room.copy()
    shaped[:fade] *= rise
    shaped[len(room) - fade :] *= rise[::-1]
    sound = np.zeros(length + 2 * len(room), np.float32)
    for at in range(0, length + len(room), len(room) - fade):
        sound[at : at + len(room)] += shaped
    return sound[fade : fade + length]


def laid(pieces: Sequence[Piece]) -> tuple[Samples, Samples, list[int]]:
    """Return the pieces as a recording: microphone, own sound, and where the cues are in it."""
    sounds: list[Samples] = []
    own: list[Samples] = []
    cues = []
    position = 0
    for piece in pieces:
        sounds += [repeated(room_of(piece), BETWEEN), piece.sound]
        own += [np.zeros(BETWEEN, np.float32), piece.own]
        cues.append(position + BETWEEN + piece.cue)
        position += BETWEEN + len(piece.sound)
    tail = repeated(room_of(pieces[-1]), BETWEEN)
    return np.concatenate([*sounds, tail]), np.concatenate([*own, 0 * tail]), cues


def learnt(pieces: Sequence[Piece]) -> HeelTemplate | None:
    """Return the template of good drops; None where the calibration fails."""
    sound, own, cues = laid(pieces)
    calibrator = Calibrator(len(pieces))
    for cue in cues:
        calibrator.open_window(cue - WINDOW_BEFORE, cue + WINDOW_AFTER)
    calibrator.feed(sound, own)
    try:
        return calibrator.template()
    except CalibrationFailed:
        return None


def told(template: HeelTemplate, pieces: Sequence[Piece]) -> list[Told]:
    """Return what an ear that has learnt `template` tells of each piece."""
    sound, own, cues = laid(pieces)
    border = load_rules().firmness["moderate"].band.soft_below_db
    detector = ThumpDetector(template, gated=True)
    results = []
    position = 0
    for piece, cue in zip(pieces, cues, strict=True):
        start, end = cue - WINDOW_BEFORE, cue + WINDOW_AFTER
        detector.feed(sound[position:start], own[position:start])
        hears = detector.can_hear
        detector.open_window(start, end, prompted=cue)
        position = end + to_samples(0.5)
        landings = detector.feed(sound[start:position], own[start:position])
        inside = [one for one in landings if start <= one.impact < end and not one.late]
        counted = next((one for one in inside if one.certain), None)
        results.append(
            Told(
                piece.kind,
                hears and counted is not None,
                not hears or (counted is None and bool(inside)),
                counted is not None and counted.level_db < border,
            )
        )
    return results


def of_bundle(bundle: Bundle) -> list[Told]:
    """Return what is told of every piece of a bundle; each is listened to once."""
    good = [piece for piece in bundle.pieces if piece.kind is Kind.GOOD]
    others = [piece for piece in bundle.pieces if piece.kind is not Kind.GOOD]
    if len(good) <= FEWEST:
        return []
    results: list[Told] = []
    for i, piece in enumerate(good):
        following = [good[(i + 1 + j) % len(good)] for j in range(min(LEARNT_FROM, len(good) - 1))]
        template = learnt(following)
        # The other pieces are shared out among the ears.
        tested = [piece, *others[i :: len(good)]]
        if template is None:
            results += [Told(one.kind, False, True, False) for one in tested]
        else:
            results += told(template, tested)
    return results


def summary(results: Sequence[Told]) -> Figures:
    """Return how many pieces there were, and the shares of what was told of them."""
    figures: Figures = {}
    for kind in Kind:
        those = [one for one in results if one.kind is kind]
        number = max(1, len(those))
        figures[kind] = {
            "pieces": len(those),
            "counted": sum(one.counted for one in those) / number,
            "left_open": sum(one.left_open for one in those) / number,
            "soft": sum(one.counted and one.soft for one in those) / number,
        }
    return figures


def tables(folder: Path) -> Figures:
    """Return the figures of each bundle in `folder`, by what is said of it, and of all of them."""
    found: Figures = {}
    every: list[Told] = []
    for number, path in enumerate(sorted(folder.glob("*.zip")), 1):
        bundle = Bundle.read(path)
        results = of_bundle(bundle)
        every += results
        name = f"{number}: {bundle.footwear or '?'} on {bundle.floor or '?'}"
        found[f"{name}, {bundle.microphone or 'unknown microphone'}"] = summary(results)
    if found:
        found["all"] = summary(every)
    return found
