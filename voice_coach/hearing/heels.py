"""The heel ear: learns what the user's drops sound like, then listens for them.

Keeps the calibrator on the stream's clock, whenever it was begun.
"""

from voice_coach.hearing.thumps import Calibrator, HeelTemplate, ThumpDetector, ThumpHeard
from voice_coach.samples import Samples


class HeelEar:
    """Hears heels land, on the clock of a stream that began with the first sample fed.

    Parameters
    ----------
    template
        What the user's own drops sound like; None until they have been calibrated.
    """

    def __init__(self, template: HeelTemplate | None = None) -> None:
        self._position = 0
        self._detector = ThumpDetector(template, gated=True)
        self._calibrating_since = 0
        self._calibrator: Calibrator | None = None
        self._awaits_gentle = False
        """The good drops are learnt; a gentle one may follow."""

    @property
    def can_hear(self) -> bool:
        """Whether a good drop would now stand out of the room."""
        return self._detector.can_hear

    @property
    def drifted(self) -> bool:
        """Whether the last landings were all louder, or all fainter, than those learnt."""
        return self._detector.drifted

    @property
    def expected_snr_db(self) -> float:
        """How far a good drop would now stand out of the room, in dB."""
        return self._detector.expected_snr_db()

    def feed(self, microphone: Samples, playback: Samples | None = None) -> list[ThumpHeard]:
        """Take in the next samples, and what our loudspeaker emitted meanwhile."""
        if self._calibrator is not None:
            self._calibrator.feed(microphone, playback)
        self._position += len(microphone)
        return self._detector.feed(microphone, playback)

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
            self._detector.open_window(start, end)

    def close_window(self) -> None:
        """Expect no landing any more, and give up a calibration in progress."""
        self._end_calibration()
        self._detector.close_window()

    def listen_to(self, template: HeelTemplate | None) -> None:
        """Listen for somebody else's drops; None is somebody who was never calibrated."""
        self.close_window()
        self._detector.learn(template or HeelTemplate.generic())

    def start_calibration(self) -> None:
        """Take the landings in the windows opened from now on as calibration drops."""
        self._detector.close_window()
        self._end_calibration()
        self._calibrating_since = self._position
        self._calibrator = Calibrator(room=self._detector.room)

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

    def _end_calibration(self) -> None:
        self._calibrator = None
        self._awaits_gentle = False
