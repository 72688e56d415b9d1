"""Where somebody speaks in a recording, whatever they say.

The network of phones (`phone_network.py`) hears a phone in nearly every hop of speech, and hardly
any in a thump, in dishes or in a running tap.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from voice_coach.clock import BLOCK, to_samples
from voice_coach.hearing.commands.phone_network import PhoneWeights, log_probabilities
from voice_coach.samples import Samples

STRETCH: Final = to_samples(0.5) // BLOCK
"""Hops over which phones are counted."""

SPEECH: Final = 0.9
"""Phones in so many hops from which somebody speaks. A thump has about half of one."""

FAINTEST: Final = 0.05
"""Probability of a phone below which there is none."""

BESIDE: Final = to_samples(0.1) // BLOCK
"""Hops beside a phone that belong to the speech."""

AFTER_OWN: Final = to_samples(0.16) // BLOCK
"""Hops after our own sound whose phones are its echo's."""

_AT_ONCE: Final = to_samples(20.0) // BLOCK
"""Hops that the network is given at a time."""
_CONTEXT: Final = to_samples(1.0) // BLOCK
"""Hops before and after them that it is given, too."""


def phones_heard(weights: PhoneWeights, sound: Samples, own: Samples) -> npt.NDArray[np.float32]:
    """Return about how many phones are heard in each hop; none where we sound ourselves.

    Parameters
    ----------
    weights
        What the network has learnt.
    sound
        From the microphone; shape ``(n,)``.
    own
        What our loudspeaker emitted meanwhile; same shape.

    Returns
    -------
    Shape ``(n // BLOCK,)``.
    """
    hops = len(sound) // BLOCK
    heard = np.zeros(hops, np.float32)
    for first in range(0, hops, _AT_ONCE):
        last = min(first + _AT_ONCE, hops)
        begin, end = max(0, first - _CONTEXT), min(hops, last + _CONTEXT)
        logs = log_probabilities(weights, sound[begin * BLOCK : end * BLOCK])
        heard[first:last] = 1.0 - np.exp(logs[first - begin : last - begin, -1])
    ours = own[: hops * BLOCK].reshape(hops, BLOCK).any(axis=1)
    ours = np.convolve(ours, np.ones(1 + AFTER_OWN), "full")[:hops] > 0
    heard[ours] = 0.0
    return heard


def most_phones(heard: npt.NDArray[np.float32]) -> float:
    """Return how many phones there are in the `STRETCH` that has most of them."""
    return float(_counted(heard).max(initial=0.0))


def spoken(heard: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Return in which hops somebody speaks: on, or right beside, phones that are among many."""
    full = _counted(heard) >= SPEECH
    # A stretch that ends in one of the full ones covers it.
    among = np.convolve(full, np.ones(STRETCH), "full")[STRETCH - 1 :][: len(heard)] > 0
    phones = among & (heard >= FAINTEST)
    return np.convolve(phones, np.ones(2 * BESIDE + 1), "same")[: len(heard)] > 0.5


def _counted(heard: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return how many phones there are in the stretch that ends with each hop."""
    return np.convolve(heard, np.ones(STRETCH, np.float32), "full").astype(np.float32)
