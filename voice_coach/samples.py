"""The one form in which sound travels between the rooms."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Samples: TypeAlias = npt.NDArray[np.float32]
"""Mono sound at :data:`voice_coach.clock.SAMPLE_RATE`, shape ``(n,)``, full scale at ±1."""
