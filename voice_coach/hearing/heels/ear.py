"""The heel ear: learns what the user's drops sound like, then listens for them.

Keeps the calibrator on the stream's clock, whenever it was begun, and knows the drops of each
footwear and floor that was calibrated.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from voice_coach.hearing.heels import (
    Calibrator,
    Candidate,
    Choice,
    HeelTemplate,
    MicrophoneCheck,
    MicrophoneProblem,
    Refusal,
    ThumpDetector,
    ThumpHeard,
)
from voice_coach.samples import Samples


@dataclass(frozen=True, slots=True)
class Landing:
    """Heels that landed, or may have; positions are stream samples."""

    at: int
    """Position of the impact."""
    decided: int
    """Position up to which sound was needed to decide."""
    level_db: float
    """Against the calibration drops that it resembles."""
    soft_shift_db: float
    """How far from the usual soft begins for this person in these, in dB; below 0 is softer."""
    drifted: bool
    """Whether the last landings were all louder, or all fainter, than those learnt."""
    certain: bool
    """False for a sound that may have been the heels or something else."""


class HeelEar:
    """Hears heels land, on the clock of a stream that began with the first sample fed.

    Parameters
    ----------
    templates
        What the user's own drops sound like in each footwear on each floor that was calibrated,
        the likeliest first; empty until then.
    """

    def __init__(self, templates: Sequence[HeelTemplate] = ()) -> None:
        self._position = 0
        self._templates = tuple(templates)
        self._detector = ThumpDetector(next(iter(templates), None), gated=True)
        self._choice: Choice | None = None
        self._calibrating_since = 0
        self._calibrator: Calibrator | None = None
        self._check = MicrophoneCheck()
        self._awaits_gentle = False
        """The good drops are learnt; a gentle one may follow."""

    @property
    def can_hear(self) -> bool:
        """Whether a good drop would now stand out of the room."""
        return (self._choice or self._detector).can_hear

    @property
    def expected_snr_db(self) -> float:
        """How far a good drop would now stand out of the room, in dB."""
        return self._detector.expected_snr_db()

    @property
    def template(self) -> HeelTemplate:
        """The drops that are listened for; of several, those that the last landings resembled."""
        return self._detector.template

    def feed(self, microphone: Samples, playback: Samples | None = None) -> list[Landing]:
        """Take in the next samples, and what our loudspeaker emitted meanwhile."""
        if self._calibrator is not None:
            self._calibrator.feed(microphone, playback)
            self._check.feed(microphone)
        self._position += len(microphone)
        if self._choice is None:
            heard = self._detector.feed(microphone, playback)
            considered = self._detector.take_candidates()
            doubtful = [one for one in considered if one.refused is Refusal.UNSURE]
            return [*self._landings(heard), *self._landings(doubtful)]
        chosen_from = self._choice.feed(microphone, playback)
        unclear = self._choice.take_doubtful()
        if self._choice.chosen is not None:
            self._detector, self._choice = self._choice.chosen, None
        landings = [_landing(thump, detector) for thump, detector in chosen_from]
        return [*landings, *self._landings(unclear)]

    def open_window(self, start: int, end: int, *, gentle: bool = False) -> None:
        """Expect one landing in stream positions [`start`, `end`).

        A `gentle` one is the last of a calibration: it tells where soft begins.
        """
        if self._awaits_gentle and not gentle:
            self._end_calibration()
        if self._calibrator is not None:
            since = self._calibrating_since
            self._calibrator.open_window(start - since, end - since, gentle=gentle)
        else:
            (self._choice or self._detector).open_window(start, end)

    def close_window(self) -> None:
        """Expect no landing any more, and give up a calibration in progress."""
        self._end_calibration()
        (self._choice or self._detector).close_window()

    def listen_to(self, templates: Sequence[HeelTemplate]) -> None:
        """Listen for somebody else's drops; empty is somebody who was never calibrated."""
        self._listen_anew()
        self._templates = tuple(templates)
        self._detector.learn(next(iter(templates), HeelTemplate.generic()))

    def choose(self) -> None:
        """Find out by the next landings in which footwear they are, on which floor."""
        self._listen_anew()
        others = [known for known in self._templates if known is not self._detector.template]
        if others and self._detector.template.calibrated:
            self._choice = Choice(self._detector, others)

    def start_calibration(self) -> None:
        """Take the landings in the windows opened from now on as calibration drops."""
        self._listen_anew()
        self._calibrating_since = self._position
        self._calibrator = Calibrator(room=self._detector.room)
        self._check = MicrophoneCheck()

    def finish_calibration(self) -> HeelTemplate:
        """Return what was learnt, and listen with it from now on.

        Once the good drops are learnt a gentle one may be expected, and this be called again;
        any other window, or none, ends the calibration with what the good ones told.

        Raises
        ------
        CalibrationFailed
            When the drops cannot be learnt from; it goes on listening with what it had.
        """
        assert self._calibrator is not None, "no calibration is in progress"
        calibrator, over = self._calibrator, self._awaits_gentle
        self._end_calibration()
        template = calibrator.template()
        if not over:
            self._calibrator, self._awaits_gentle = calibrator, True
        self._detector.close_window()
        self._detector.learn(template)
        return template

    def microphone_problems(self) -> list[MicrophoneProblem]:
        """Return what the last calibration told of the microphone; empty when all is well."""
        return self._check.problems()

    def know(self, templates: Sequence[HeelTemplate]) -> None:
        """Listen for the first of these `templates`; the next session chooses among them."""
        self._templates = tuple(templates)
        self._detector.learn(self._templates[0])

    def _landings(self, sounds: Iterable[ThumpHeard | Candidate]) -> Iterator[Landing]:
        """Yield what the detector in use made of `sounds`."""
        return (_landing(sound, self._detector) for sound in sounds)

    def _listen_anew(self) -> None:
        """Expect no landing, with the detector in use alone."""
        self.close_window()
        self._choice = None
        self._detector.close_window()

    def _end_calibration(self) -> None:
        self._calibrator = None
        self._awaits_gentle = False


def _landing(sound: ThumpHeard | Candidate, detector: ThumpDetector) -> Landing:
    """Return what `detector` heard, with what it knows of whose heels these are."""
    return Landing(
        sound.at,
        sound.decided,
        sound.level_db,
        detector.template.soft_shift_db,
        detector.drifted,
        isinstance(sound, ThumpHeard),
    )
