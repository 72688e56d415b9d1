"""A stream that comes in blocks of any length, cut into hops."""

from collections.abc import Iterator

import numpy as np

from voice_coach.clock import BLOCK
from voice_coach.samples import Samples


class Hops:
    """Cuts what the microphone heard, and what the loudspeaker emitted meanwhile, into hops."""

    def __init__(self) -> None:
        self._microphone: list[Samples] = []
        self._playback: list[Samples] = []
        self._waiting = 0

    @property
    def missing(self) -> int:
        """Samples that are needed to make a whole hop of those that wait; 0 if none does."""
        return -self._waiting % BLOCK

    def cut(self, microphone: Samples, playback: Samples) -> Iterator[tuple[Samples, Samples]]:
        """Take in as many samples of both, and yield the hops that are whole now."""
        if not self._waiting and len(microphone) == BLOCK:  # as the loop feeds it
            yield microphone, playback
            return
        self._microphone.append(microphone)
        self._playback.append(playback)
        self._waiting += len(microphone)
        if self._waiting < BLOCK:
            return
        sounds = np.concatenate(self._microphone), np.concatenate(self._playback)
        whole = self._waiting - self._waiting % BLOCK
        self._microphone, self._playback = ([sound[whole:]] for sound in sounds)
        self._waiting -= whole
        for at in range(0, whole, BLOCK):
            yield sounds[0][at : at + BLOCK], sounds[1][at : at + BLOCK]
