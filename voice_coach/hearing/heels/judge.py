"""The judge: a small fitted network from the comparison's figures to a probability."""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import zip_longest
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from voice_coach.hearing.heels.circumstances import LATER
from voice_coach.hearing.heels.features import NAMES, Vector

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judge:
    """One hidden layer, several networks averaged; fitted by ``research/heels/fit.py``.

    Shapes: `mean`, `scale` ``(features,)``; `hidden` ``(nets, features, units)``; `hidden_bias`
    ``(nets, units)``; `out` ``(nets, units)``; `out_bias` ``(nets,)``.
    """

    mean: Vector
    scale: Vector
    hidden: Matrix
    hidden_bias: Matrix
    out: Matrix
    out_bias: Vector

    def evidence(self, features: Vector) -> float:
        """Return the logarithm of the odds."""
        return float(self._evidence(features[None])[0])

    def loudest(self, features: Vector) -> str:
        """Return the name of the figure that spoke loudest for the verdict reached.

        A figure speaks by how far it is from its mean, times the slope of the verdict there.
        """
        x = np.clip((features - self.mean) / self.scale, -4.0, 4.0)
        units = np.tanh(x @ self.hidden + self.hidden_bias)
        slopes = np.einsum("nfu,nu->f", self.hidden, self.out * (1.0 - units**2))
        sign = 1.0 if self.evidence(features) > 0 else -1.0
        return NAMES[int(np.argmax(sign * x * slopes))]

    def _evidence(self, features: Matrix) -> Vector:
        """Return the logarithm of the odds of several onsets; shape ``(onsets,)``."""
        x = np.clip((features - self.mean) / self.scale, -4.0, 4.0)
        units = np.tanh(x @ self.hidden + self.hidden_bias[:, None])
        votes = (units * self.out[:, None]).sum(axis=2) + self.out_bias[:, None]
        return np.asarray(votes.mean(axis=0))


class _Net(msgspec.Struct, frozen=True):
    mean: list[float]
    scale: list[float]
    hidden: list[list[list[float]]]
    hidden_bias: list[list[float]]
    out: list[list[float]]
    out_bias: list[float]


class Judges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``judges.json``: what ``research/heels/fit.py`` writes."""

    prior: str
    """Checksum of the built-in prior that the examples were found with."""
    features: list[str]
    """Names of the figures they were fitted with, in order."""
    calibrated: _Net
    generic: _Net


def read(content: bytes) -> Judges:
    """Return the judges in a file; ValueError when they were fitted with other figures."""
    judges = msgspec.json.decode(content, type=Judges)
    for theirs, ours in zip_longest(judges.features, NAMES):
        if theirs != ours:
            raise ValueError(
                f"The judges were fitted with '{theirs}' where '{ours}' is measured now; "
                "fit them again: python -m research.heels.fit"
            )
    return judges


@lru_cache(maxsize=1)
def _stored() -> Judges:
    return read(resources.files("voice_coach.hearing.heels").joinpath("judges.json").read_bytes())


def fitted_with() -> str:
    """Return the checksum of the built-in prior that the judges' examples were found with."""
    return _stored().prior


def prior() -> str:
    """Return the checksum of the built-in prior that ships."""
    data = resources.files("voice_coach.hearing.heels").joinpath("generic.json")
    return f"{zlib.crc32(data.read_bytes()):08x}"


@lru_cache(maxsize=2)
def load(kind: Literal["calibrated", "generic"]) -> Judge:
    """Return the judge for a `calibrated` template or for the `generic` one."""
    return _judge(getattr(_stored(), kind))


class Weighers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``weighers.json``: what ``research/heels/weigh.py`` writes."""

    figures: list[str]
    """Names of the figures of the later one, in order; those of the other begin them."""
    at_once: _Net
    later: _Net


@dataclass(frozen=True, slots=True)
class FittedWeigher:
    """Weighs sounds in their circumstances with two fitted judges."""

    first: Judge
    second: Judge

    def at_once(self, figures: Vector) -> float:
        """Return the logarithm of the odds by the figures `AT_ONCE`."""
        return self.first.evidence(figures)

    def later(self, figures: Vector) -> float:
        """Return the logarithm of the odds by the figures `LATER`."""
        return self.second.evidence(figures)


@lru_cache(maxsize=1)
def weigher() -> FittedWeigher:
    """Return the weigher that ships; ValueError when it was fitted with other figures."""
    data = resources.files("voice_coach.hearing.heels").joinpath("weighers.json").read_bytes()
    stored = msgspec.json.decode(data, type=Weighers)
    if tuple(stored.figures) != LATER:
        raise ValueError(
            "The weighers were fitted with other figures than are measured now; "
            "fit them again: python -m research.heels.weigh"
        )
    return FittedWeigher(_judge(stored.at_once), _judge(stored.later))


def _judge(net: _Net) -> Judge:
    return Judge(*(np.array(getattr(net, name), np.float32) for name in Judge.__slots__))
