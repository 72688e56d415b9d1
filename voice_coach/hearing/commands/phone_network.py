"""Which phones are heard in a piece of sound, by a small network of its own.

A convolutional network over log mel energies that looks both ways: for every hop of 20 ms it gives
the probability of each phone, and of none (a connectionist temporal classification: a phone shows
in a hop or two, and between them there is nothing). Trained on people, whom a larger recogniser of
phones has listened to (``research/commands/train_phones.py``); it knows nothing of words, and so
has nothing in common with the recogniser whose words it is asked about.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from zipfile import BadZipFile

import numpy as np

from voice_coach.clock import BLOCK
from voice_coach.errors import UserError
from voice_coach.hearing.commands.stop_network import (
    LAGS,
    Floats,
    Layer,
    inputs,
    layers,
    log_mel,
)
from voice_coach.samples import Samples

_NETWORK: Final = "phones.npz"
"""Beside the recogniser's model, whose graph knows how words are said."""

_FULL_SCALE: Final = np.float32(1 / 32768)


@dataclass(frozen=True, slots=True)
class PhoneWeights:
    """What the network has learnt: its phones, mel bank and layers."""

    phones: tuple[str, ...]
    """Names of its outputs; the one after them is none of them."""
    bank: Floats
    layers: tuple[Layer, ...]

    @classmethod
    def of_model(cls, folder: Path) -> Self | None:
        """Load the network beside the model in `folder`; None where it has none."""
        network = folder / _NETWORK
        return cls.load(network) if network.is_file() else None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load what is in `path`; UserError if there is none."""
        try:
            with path.open("rb") as file, np.load(file) as stored:
                return cls(
                    tuple(str(phone) for phone in stored["phones"]),
                    stored["bank"].astype(np.float32),
                    layers(stored),
                )
        except (OSError, KeyError, ValueError, BadZipFile) as error:
            raise UserError(
                f"The network of phones in {path} cannot be read; install the program anew."
            ) from error


def log_probabilities(weights: PhoneWeights, sound: Samples) -> Floats:
    """Return the log probability of every phone, and of none, in each hop of `sound`.

    Parameters
    ----------
    weights
        What the network has learnt.
    sound
        Whole hops of `BLOCK` samples, 16 bit or float; before and after it there is nothing.

    Returns
    -------
    Shape (hops, phones + 1).
    """
    if sound.dtype == np.int16:
        sound = sound.astype(np.float32) * _FULL_SCALE
    energies = log_mel(sound, weights.bank)
    loudness = energies.mean(axis=1)
    frames = inputs(energies, np.concatenate([np.full(LAGS[-1], loudness[0]), loudness]))
    last = len(weights.layers) - 1
    for number, layer in enumerate(weights.layers):
        # The first layer, of an even number of taps, halves the rate: a frame for every hop.
        side = layer.context // 2
        around = np.pad(frames, ((side, side), (0, 0)))
        places = np.arange(0, len(around) - layer.context, 1 if number else 2)
        taps = np.arange(layer.taps) * layer.dilation
        seen = around.take(places[:, None] + taps, axis=0).reshape(len(places), -1)
        out: Floats = seen @ layer.weights
        out += layer.bias
        if number < last:
            np.maximum(out, 0, out=out)
            if number:
                out += frames
        frames = out
    frames -= frames.max(axis=1, keepdims=True)
    frames -= np.log(np.exp(frames).sum(axis=1, keepdims=True))
    assert len(frames) == len(sound) // BLOCK
    return frames
