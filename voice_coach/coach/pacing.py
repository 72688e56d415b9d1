"""How long things take: the lengths, in samples, that shape a session.

The lengths of one repetition come from the plan's tempo; these are the product's own.
"""

from dataclasses import dataclass
from typing import Final

from voice_coach.clock import to_samples
from voice_coach.programme.tempo import Tempo

LEAD: Final = to_samples(0.25)
"""Timed cues are placed this long before they sound, so that none is ever late."""

WINDOW_BEFORE: Final = to_samples(0.15)
"""Somebody who has found the rhythm lands on the beat, or a little before it."""

WINDOW_AFTER: Final = to_samples(0.90)
"""The latest landing, after the drop cue began, that answers it."""

DECISION: Final = to_samples(0.12)
"""How long after a landing the ear may take to report it."""

BEAT: Final = to_samples(1.0)
"""From number to number in the count-in."""

BREATH: Final = to_samples(0.3)
"""Between the end of a remark and the cue that follows it."""

ROOM: Final = to_samples(2.0)
"""Silence listened to before the calibration drops: what the room sounds like."""

ANSWER: Final = to_samples(10.0)
"""How long an answer is waited for."""

THINKING: Final = to_samples(30.0)
"""How long an answer is waited for when a moment was asked for."""

RECOVERY: Final = to_samples(60.0)
"""How long sound that was lost is waited for before a question counts as not answered."""

PLANS: Final = to_samples(1.0)
"""How long new plans are waited for; they are there long before that."""

PAUSE_REMINDER: Final = to_samples(60.0)
"""After this long a pause is mentioned again."""

PAUSE_REMINDERS: Final = 4
"""After so many reminders without an answer the session is ended."""

REST_MARKS: Final = (30, 10)
"""Seconds left at which a rest is counted down."""

STOP_SILENCE: Final = to_samples(0.3)
"""Silence kept after "stop" before the coach speaks again."""

UNHEARD_LIMIT: Final = 3
"""So many drops in a row without a sound, and the coach asks whether all is well."""

OPEN_LIMIT: Final = 6
"""Likewise, if something landed that may have been the heels, or not."""

SOFT_LIMIT: Final = 3
"""Of so many soft landings one is answered at the latest."""

UNDISTURBED: Final = to_samples(0.5)
"""Before a drop cue no other tone sounds for this long: somebody waits for it on their toes."""

TELLING: Final = 6
"""From so many drops on, it speaks against the calibration if most were not as wanted."""

MISUNDERSTOOD_LIMIT: Final = 2
"""So many times in a row the coach says that it did not understand."""

VOLUME_STEP_DB: Final = 4.0
VOLUME_STEPS: Final = range(-3, 4)

CALIBRATION_TEMPO: Final = Tempo(rise=2.0, hold=1.0, pause=2.0)
CALIBRATION_DROPS: Final = 3
"""Good drops, which are learnt from; one gentle drop follows them."""

MEASURING: Final = to_samples(0.2)
"""How long after its window the ear may take to measure a calibration drop."""

CALIBRATION_ATTEMPTS: Final = 2

LESSON_TEMPO: Final = Tempo(rise=3.0, hold=1.5, pause=4.0)
LESSON_DROPS: Final = 3


@dataclass(frozen=True, slots=True)
class Beats:
    """The positions of one repetition's cues, in samples."""

    rise: int
    top: int
    drop: int

    @classmethod
    def starting(cls, rise: int, tempo: Tempo) -> "Beats":
        """Return the cues of a repetition whose rise is at position `rise`."""
        top = rise + to_samples(tempo.rise)
        return cls(rise, top, top + to_samples(tempo.hold))

    @property
    def window(self) -> tuple[int, int]:
        """The positions between which a landing answers the drop cue."""
        return self.drop - WINDOW_BEFORE, self.drop + WINDOW_AFTER

    def next_rise(self, tempo: Tempo) -> int:
        """Return where the next rise falls: the cadence does not depend on what was heard."""
        return self.drop + WINDOW_AFTER + to_samples(tempo.pause)
