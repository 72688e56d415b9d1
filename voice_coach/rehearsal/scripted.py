"""Commands without a recogniser: what the person is known to say, understood at once.

Stands in for the command ear where no command model is installed. It obeys the same phrase
file and the same modes; only the hearing is left out.
"""

from collections.abc import Callable, Sequence

from voice_coach.clock import to_samples
from voice_coach.hearing.commands import CommandHeard, Phrases, SpeechNotUnderstood
from voice_coach.rehearsal.person import Saying
from voice_coach.samples import Samples
from voice_coach.timed_word import TimedWord

DELAY = to_samples(0.3)
"""From the end of a phrase to its recognition."""


class ScriptedCommands:
    """Understands `sayings` as they come to their end."""

    def __init__(self, phrases: Phrases, sayings: Callable[[], Sequence[Saying]]) -> None:
        self._phrases = phrases
        self._sayings = sayings
        self._understood = 0
        self._position = 0
        self._mode = ""

    speech_began: int | None = None

    def listen_for(self, mode: str) -> None:
        """Understand the commands of `mode` only."""
        self._mode = mode

    def own_speech(self, start: int, end: int, words: Sequence[TimedWord]) -> None:
        """Nothing is really heard, the coach's own words included."""

    def hush_own_speech(self, at: int) -> None:
        """Nothing is really heard, the coach's own words included."""

    def feed(
        self, microphone: Samples, playback: Samples | None = None
    ) -> list[CommandHeard | SpeechNotUnderstood]:
        """Return what was said to its end by now."""
        self._position += len(microphone)
        heard: list[CommandHeard | SpeechNotUnderstood] = []
        for saying in self._sayings()[self._understood :]:
            decided = saying.end + DELAY
            if decided > self._position:
                break
            self._understood += 1
            match = self._phrases.match(saying.text, self._mode)
            if match is None:
                heard.append(SpeechNotUnderstood(saying.start, saying.end, decided, saying.text))
            else:
                heard.append(
                    CommandHeard(
                        saying.start,
                        saying.end,
                        decided,
                        saying.text,
                        match.intent,
                        match.slots,
                        1.0,
                    )
                )
        return heard
