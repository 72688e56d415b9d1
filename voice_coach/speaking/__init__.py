"""Speaking: cue names to loudspeaker samples."""

from voice_coach.speaking.clip import Clip, Fault
from voice_coach.speaking.mixer import Mixer
from voice_coach.speaking.script import Script
from voice_coach.speaking.speech import Speech
from voice_coach.speaking.voice import Voice

__all__ = ["Clip", "Fault", "Mixer", "Script", "Speech", "Voice"]
