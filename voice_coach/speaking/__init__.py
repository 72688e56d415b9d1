"""Speaking: cue names to loudspeaker samples.

What is imported from here is loaded when it is first asked for: who needs only the words of the
script, as the page of the home does, loads nothing that makes sound.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from voice_coach.speaking.clip import Clip, Fault
    from voice_coach.speaking.mixer import Mixer
    from voice_coach.speaking.script import Script
    from voice_coach.speaking.speech import Speech
    from voice_coach.speaking.voice import Voice

__all__ = ["Clip", "Fault", "Mixer", "Script", "Speech", "Voice"]

_IN: Final = {
    "Clip": "clip",
    "Fault": "clip",
    "Mixer": "mixer",
    "Script": "script",
    "Speech": "speech",
    "Voice": "voice",
}


def __getattr__(name: str) -> Any:
    if name in _IN:
        return getattr(import_module(f"{__name__}.{_IN[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
