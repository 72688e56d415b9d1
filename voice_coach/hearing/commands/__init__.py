"""The command ear: microphone samples in, commands from a phrase file out."""

from voice_coach.hearing.commands.command_model import CommandModel
from voice_coach.hearing.commands.explanation import Explanation, Reason
from voice_coach.hearing.commands.heard import CommandHeard, SpeechNotUnderstood
from voice_coach.hearing.commands.listener import CommandEar
from voice_coach.hearing.commands.listening import Listening
from voice_coach.hearing.commands.meanings import Match
from voice_coach.hearing.commands.phrasebook import Phrases

__all__ = [
    "CommandEar",
    "CommandHeard",
    "CommandModel",
    "Explanation",
    "Listening",
    "Match",
    "Phrases",
    "Reason",
    "SpeechNotUnderstood",
]
