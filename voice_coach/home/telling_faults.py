"""Saying aloud what keeps the speaker from starting, wherever a loudspeaker works.

Whoever uses it has no screen. The sentence says what is wrong in few words, and whom to ask; what
there is to know beyond that stands on the screen and in the journal. Where speech itself fails, a
tone is heard. Said once, it is said again only after an hour, when something else is wrong, or to
somebody who speaks to the speaker.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from voice_coach.errors import UserError
from voice_coach.home import equipment
from voice_coach.home.settings import Settings
from voice_coach.sound.playback import play

_LOG = logging.getLogger(__name__)

AGAIN: Final = 3600.0
"""Seconds after which a fault that is still there is said again."""

ANY: Final = "fault.start"
"""The cue for what has none of its own."""


class CannotStart(UserError):  # noqa: N818 - what is so, as the speaker tells it
    """The speaker cannot start or go on.

    Parameters
    ----------
    cue
        Says so aloud.
    sentence
        Says it on a screen.
    """

    def __init__(self, cue: str, sentence: str) -> None:
        super().__init__(sentence)
        self.cue = cue


@contextmanager
def told_as(cue: str) -> Iterator[None]:
    """Raise what goes wrong in the block as CannotStart with `cue`, unless it has one already.

    So is a mistake of ours, which must not leave anybody in silence either; the log has all of it.
    """
    try:
        yield
    except CannotStart:
        raise
    except UserError as error:
        raise CannotStart(cue, str(error)) from error
    except Exception as error:
        _LOG.exception("this is a mistake in voice-coach")
        raise CannotStart(ANY, f"Something unexpected went wrong ({error!r}).") from error


class FaultTeller:
    """Says a fault aloud when it is new, to whoever speaks to us, and again every hour.

    Parameters
    ----------
    monotonic
        Tells the seconds that pass.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._last: tuple[str, float] | None = None

    def tell(self, fault: CannotStart, settings: Settings | None, *, asked: bool = False) -> bool:
        """Say `fault` in the voice of `settings`, or the usual one; return whether it was said.

        Where somebody has `asked`, it is said in any case.
        """
        now = self._monotonic()
        if self._last is not None and not asked:
            cue, when = self._last
            if cue == fault.cue and now - when < AGAIN:
                return False
        self._last = fault.cue, now
        say_aloud(fault.cue, settings)
        return True

    def forget(self) -> None:
        """Take note that all is well."""
        self._last = None


def say_aloud(cue: str, settings: Settings | None) -> None:
    """Say `cue` on the loudspeaker of `settings`, or on the usual one where that does not work."""
    usual = Settings()
    for own in (settings, usual):
        if own is None:
            continue
        try:
            voice = equipment.voice(own)
            voice.prepare_cue(cue)
            clip = voice.clip(cue)
            break
        except (UserError, OSError) as error:
            _LOG.info("no voice to say it in: %s", error)
    else:
        return
    outputs = [None] if settings is None or settings.output is None else [settings.output, None]
    for output in outputs:
        try:
            play(clip.samples, output)
        except UserError as error:
            _LOG.info("no loudspeaker to say it on: %s", error)
        else:
            return
