"""The coach: when, and what next.

A state machine that takes events and returns actions, in the manner of a sans-I/O protocol.
It knows neither sound nor files nor the time of day; time is the stream position that each
event carries. `table.py` is the whole of its behaviour at a glance.
"""

from voice_coach.coach.actions import (
    Action,
    AskHearing,
    ChangePerson,
    CloseWindow,
    FinishCalibration,
    Hush,
    LetIn,
    Listen,
    OpenWindow,
    Play,
    Record,
    SetVolume,
    ShowOut,
    StartCalibration,
    SwitchOff,
)
from voice_coach.coach.cues import Cue
from voice_coach.coach.events import (
    CalibrationFinished,
    Command,
    DiaryBack,
    DiaryLost,
    DoorAnswered,
    Event,
    HearingReport,
    NotUnderstood,
    PlansMade,
    SoundBack,
    SoundLost,
    Spoken,
    Thump,
    TimeReached,
    VolumeAsked,
)
from voice_coach.coach.machine import Coach
from voice_coach.coach.states import Intent, Mode, State

__all__ = [
    "Action",
    "AskHearing",
    "CalibrationFinished",
    "ChangePerson",
    "CloseWindow",
    "Coach",
    "Command",
    "Cue",
    "DiaryBack",
    "DiaryLost",
    "DoorAnswered",
    "Event",
    "FinishCalibration",
    "HearingReport",
    "Hush",
    "Intent",
    "LetIn",
    "Listen",
    "Mode",
    "NotUnderstood",
    "OpenWindow",
    "PlansMade",
    "Play",
    "Record",
    "SetVolume",
    "ShowOut",
    "SoundBack",
    "SoundLost",
    "Spoken",
    "StartCalibration",
    "State",
    "SwitchOff",
    "Thump",
    "TimeReached",
    "VolumeAsked",
]
