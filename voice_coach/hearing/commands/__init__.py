"""The command ear: microphone samples in, commands from a phrase file out."""

from voice_coach.hearing.commands.ear import CommandEar
from voice_coach.hearing.commands.events import CommandHeard, SpeechNotUnderstood
from voice_coach.hearing.commands.model import CommandModel
from voice_coach.hearing.commands.phrasebook import Match, Phrases

__all__ = [
    "CommandEar",
    "CommandHeard",
    "CommandModel",
    "Match",
    "Phrases",
    "SpeechNotUnderstood",
]
