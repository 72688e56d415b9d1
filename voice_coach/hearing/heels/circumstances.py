"""What is known beside a sound itself when it is judged: the moment, the room, the person.

In a room in which nothing has sounded like these heels unprompted, a faint thud at the moment of
the drop is the heels. Where somebody walks about it may be a step, above all when it resembles
the steps that were just heard. And somebody's landings resemble each other.
"""

from collections import deque
from itertools import product
from typing import Final

import numpy as np

from voice_coach.clock import to_samples
from voice_coach.hearing.heels.comparison import Comparison
from voice_coach.hearing.heels.features import GROUPS, NAMES, PARTS, Vector
from voice_coach.hearing.heels.landing_rhythm import LandingRhythm
from voice_coach.hearing.heels.onsets import AROUND
from voice_coach.hearing.heels.spectrum import Powers
from voice_coach.hearing.heels.unprompted import LONG, Unprompted

EXPECTED: Final = (to_samples(0.10), to_samples(0.68))
"""Samples after the drop cue within which heels usually land."""

REMEMBERED: Final = 64
"""Unprompted sounds that a new one is held against."""

RECENT: Final = to_samples(40.0)
"""Samples for which they are."""

BOUT: Final = to_samples(1.5)
"""Samples before a sound in which a step before it would have come."""

LANDINGS: Final = 6
"""Landings that a new one is held against."""

FARTHEST_DB: Final = 35.0
"""No room is taken to be farther below a sound, in dB."""

ALIKE: Final = 0.85
"""Likeness from which two sounds are taken for the same, 0 to 1."""

LEAST: Final = -8.0
"""No evidence is taken to be weaker: logarithm of odds."""

MOST: Final = 8.0
"""No evidence is taken to be stronger: logarithm of odds."""

_PICTURE: Final = NAMES.index(f"height {PARTS['height'][0]}")
_PICTURED: Final = slice(_PICTURE, _PICTURE + len(PARTS["height"]))

AT_ONCE: Final = (
    *("evidence", "rhythm", "unusual", "after", "unprompted", "unprompted long", "like the room"),
    *(
        "just before",
        "as like",
        "sounds of the room",
        "like the landings",
        "landings",
        "level of landings",
    ),
    *("evidence of landings", "best before", "sounds before", "visible"),
    *NAMES,
)
"""Names of the figures known when a sound is first judged."""

LATER: Final = (
    *AT_ONCE,
    "best other",
    *(
        f"{part} {where}"
        for where, part in product(
            ("before", "after 55 ms", "after 105 ms", "after 155 ms"), ("low", "mid", "high")
        )
    ),
)
"""Names of the figures known at its second look."""


def picture(sound: Comparison) -> Vector:
    """Return what a sound looked like over the room, whatever its level: length 1."""
    cells = np.maximum(sound.features[_PICTURED], 0.0)
    cells = cells - cells.mean()
    return np.asarray(cells / (np.sqrt((cells**2).sum()) + 1e-6), np.float32)


class Circumstances:
    """Remembers the room's sounds and the person's landings, and holds a new sound against them."""

    def __init__(self) -> None:
        self.rhythm: Final = LandingRhythm()
        self.unprompted = Unprompted()
        self._room: deque[tuple[int, float, Vector]] = deque(maxlen=REMEMBERED)
        self._landings: deque[tuple[float, float, Vector]] = deque(maxlen=LANDINGS)

    def forget_the_person(self) -> None:
        """Other heels are listened for: nothing of the last ones, or likened to them, remains."""
        self.unprompted = Unprompted()
        self._room.clear()
        self._landings.clear()

    def sounded(self, sound: Comparison, evidence: float) -> None:
        """Note a sound that came when nobody was asked to drop."""
        if self.unprompted.add(sound.impact, evidence):
            self._room.append((sound.impact, evidence, picture(sound)))

    def landed(self, sound: Comparison, evidence: float, after: int) -> None:
        """Note a counted landing, `after` samples from its cue."""
        self.rhythm.landed(after)
        self._landings.append((sound.level_db, min(evidence, MOST), picture(sound)))

    def at_once(
        self,
        sound: Comparison,
        evidence: float,
        after: int,
        before: list[float],
        now: int | None = None,
    ) -> Vector:
        """Return the figures `AT_ONCE` of a sound `after` samples from its cue.

        `before` holds the evidence of the sounds before it in its window. What is known at `now`,
        when that is later, is held against it; it is a position in the stream.
        """
        looks = picture(sound)
        at = sound.impact if now is None else now
        likeness, as_like, alike = self._like_the_room(at, looks)
        own, level, usual = 0.0, 0.0, 0.0
        if self._landings:
            own = float(np.mean([looks @ landing for _, _, landing in self._landings]))
            level = sound.level_db - float(np.median([level for level, _, _ in self._landings]))
            usual = min(evidence, MOST) - float(np.mean([told for _, told, _ in self._landings]))
        unusual = not EXPECTED[0] <= after < EXPECTED[1]
        figures = (
            float(np.clip(evidence, LEAST, MOST)),
            self.rhythm.odds(after),
            float(unusual),
            after / to_samples(1.0),
            self.unprompted.penalty_db(at),
            self.unprompted.penalty_db(at, LONG),
            likeness,
            self._just_before(sound.impact),
            as_like,
            alike,
            own,
            float(len(self._landings)),
            level,
            usual,
            max([LEAST, *before]),
            float(np.log1p(len(before))),
            float(sound.features[_VISIBLE].mean()),
        )
        return np.concatenate([figures, sound.features]).astype(np.float32)

    @staticmethod
    def later(at_once: Vector, others: list[float], around: Powers) -> Vector:
        """Return the figures `LATER` of a sound whose figures `at_once` are known.

        `others` holds the evidence of the other sounds in its window; `around` is how loud it was
        before and after, shape ``(len(AROUND), BANDS)``.
        """
        # A gated microphone gives nothing while all is quiet: no room is that far below heels.
        beyond = max(float(at_once[_SNR]) - FARTHEST_DB, 0.0)
        parts = [around[:, group].mean(axis=1) for group in GROUPS]
        heights = np.stack(parts, axis=1).ravel() - beyond
        return np.concatenate([at_once, [max([LEAST, *others])], heights]).astype(np.float32)

    def _just_before(self, at: int) -> float:
        """Return how like heels the likest sound of the room was, just before: steps come in bouts.

        As a logarithm of odds.
        """
        told = [told for when, told, _ in self._room if at - BOUT < when < at]
        return float(np.clip(max(told, default=LEAST), LEAST, MOST))

    def _like_the_room(self, at: int, looks: Vector) -> tuple[float, float, float]:
        """Return how like the likest sound of the room is, how like heels that one is, how many."""
        recent = [(told, known) for when, told, known in self._room if at - RECENT < when < at]
        if not recent:
            return 0.0, LEAST, 0.0
        likeness = np.array([known for _, known in recent]) @ looks
        likest = int(np.argmax(likeness))
        as_like = float(np.clip(recent[likest][0], LEAST, MOST))
        return float(likeness[likest]), as_like, float(np.log1p((likeness > ALIKE).sum()))


_SNR: Final = AT_ONCE.index("snr of this")
_VISIBLE: Final = np.array([NAMES.index(f"visible {part}") for part in PARTS["visible"]])
assert len(AROUND) == 4
