"""The heel ear: learns what the user's drops sound like, then listens for them.

Keeps the calibrator on the stream's clock, whenever it was begun, and knows the drops of each
footwear and floor that was calibrated.
"""

from collections.abc import Sequence

from voice_coach.hearing.heels import (
    Calibrator,
    HeelTemplate,
    Landing,
    MicrophoneCheck,
    MicrophoneProblem,
    TemplateChoice,
    ThumpDetector,
)
from voice_coach.hearing.heels.two_heels import HeelsApart, TwoHeels
from voice_coach.samples import Samples


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
        self._choice: TemplateChoice | None = None
        self._calibrating_since = 0
        self._calibrator: Calibrator | None = None
        self._check = MicrophoneCheck()
        self._awaits_drops = False
        """A window has been opened since the calibration began."""
        self._two_heels = TwoHeels()
        self._apart: list[HeelsApart] = []
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

    @property
    def drifted(self) -> bool:
        """Whether the last landings were all louder, or all fainter, than the drops learnt."""
        return self._detector.drifted

    def feed(self, microphone: Samples, playback: Samples | None = None) -> list[Landing]:
        """Take in the next samples, and what our loudspeaker emitted meanwhile.

        Returns the heels that landed, and what may have been heels; while calibrating, the drops
        that may be learnt from, at the level to which others will be compared.
        """
        learnable = self._measure(microphone, playback)
        self._position += len(microphone)
        landings = self._landings(microphone, playback)
        self._apart += self._two_heels.feed(microphone, playback, landings)
        return [*learnable, *landings]

    def heels_apart(self) -> list[HeelsApart]:
        """Return by how much the heels of the last landings came apart, each of them once.

        It is known some moments after the landing; of many nothing is ever known.
        """
        apart, self._apart = self._apart, []
        return apart

    def _landings(self, microphone: Samples, playback: Samples | None) -> list[Landing]:
        if self._choice is None:
            return self._detector.feed(microphone, playback)
        landings = self._choice.feed(microphone, playback)
        if self._choice.chosen is not None:
            self._detector, self._choice = self._choice.chosen, None
        return landings

    def _measure(self, microphone: Samples, playback: Samples | None) -> list[Landing]:
        """Take in the next samples for a calibration; return the drops heard in them."""
        if self._calibrator is None:
            return []
        self._check.feed(microphone)
        since = self._calibrating_since
        measured = self._calibrator.feed(microphone, playback)
        if not self._awaits_drops:  # what sounds before the first of them is the room
            return []
        return [
            Landing(drop.at + since, drop.decided + since, 0.0, 1.0, certain=True)
            for drop in measured
        ]

    def open_window(self, start: int, end: int, *, prompted: int, gentle: bool = False) -> None:
        """Expect one landing in stream positions [`start`, `end`), after a cue at `prompted`.

        A `gentle` one is the last of a calibration: it tells where soft begins.
        """
        if self._awaits_gentle and not gentle:
            self._end_calibration()
        if self._calibrator is not None:
            self._awaits_drops = True
            since = self._calibrating_since
            self._calibrator.open_window(start - since, end - since, gentle=gentle)
        else:
            (self._choice or self._detector).open_window(start, end, prompted=prompted)

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
            self._choice = TemplateChoice(self._detector, others)

    def start_calibration(self) -> None:
        """Take the landings in the windows opened from now on as calibration drops."""
        self._listen_anew()
        self._calibrating_since = self._position
        self._awaits_drops = False
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

    def _listen_anew(self) -> None:
        """Expect no landing, with the detector in use alone."""
        self.close_window()
        self._choice = None
        self._detector.close_window()

    def _end_calibration(self) -> None:
        self._calibrator = None
        self._awaits_gentle = False
