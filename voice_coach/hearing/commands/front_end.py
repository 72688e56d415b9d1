"""What the microphone hears besides our own voice."""

from voice_coach.hearing.commands import activity
from voice_coach.hearing.commands.activity import VoiceActivity
from voice_coach.hearing.commands.echo_canceller import EchoCanceller
from voice_coach.hearing.commands.expected_echo import ExpectedEcho
from voice_coach.samples import Samples


class FrontEnd:
    """Takes our echo out of the sound, and tells where a voice stands out of what is left."""

    def __init__(self) -> None:
        self._canceller = EchoCanceller()
        self._echo = ExpectedEcho()
        self._activity = VoiceActivity()

    def hop(self, microphone: Samples, playback: Samples) -> tuple[Samples, bool]:
        """Take in one hop; return it without our echo, and whether a voice stands out in it."""
        rest = self._canceller.hop(microphone, playback)
        level = activity.bands(rest)
        left = self._canceller.left
        if left is None:
            return rest, self._activity.step(level)
        besides = self._echo.excess(level, activity.in_bands(left), self._activity.room)
        return rest, self._activity.step(level, besides)
