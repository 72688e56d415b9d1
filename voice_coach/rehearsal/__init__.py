"""A whole session with a simulated person in a simulated kitchen, faster than real time."""

from voice_coach.rehearsal.rehearse import Rehearsal, rehearse
from voice_coach.rehearsal.scenario import Scenario

__all__ = ["Rehearsal", "Scenario", "rehearse"]
