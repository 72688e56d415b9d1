"""A simulated kitchen: heels, voice, room, noises, loudspeaker and microphone, seeded."""

from voice_coach.simulation.kitchen import Kitchen
from voice_coach.simulation.noises import NOISE_KINDS, Noise
from voice_coach.simulation.strike import FLOORS, FOOTWEAR

__all__ = ["FLOORS", "FOOTWEAR", "NOISE_KINDS", "Kitchen", "Noise"]
