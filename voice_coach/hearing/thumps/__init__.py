"""Hearing the heel: microphone samples in, thumps out."""

from voice_coach.hearing.thumps.calibration import (
    CalibrationFailed,
    CalibrationReason,
    Calibrator,
    DropMeasured,
    calibrate,
)
from voice_coach.hearing.thumps.choosing import Choice, renewed_by
from voice_coach.hearing.thumps.detector import ThumpDetector
from voice_coach.hearing.thumps.events import Candidate, Refusal, ThumpHeard
from voice_coach.hearing.thumps.microphone import (
    MicrophoneCheck,
    MicrophoneProblem,
    check_microphone,
)
from voice_coach.hearing.thumps.template import HeelTemplate

__all__ = [
    "CalibrationFailed",
    "CalibrationReason",
    "Calibrator",
    "Candidate",
    "Choice",
    "DropMeasured",
    "HeelTemplate",
    "MicrophoneCheck",
    "MicrophoneProblem",
    "Refusal",
    "ThumpDetector",
    "ThumpHeard",
    "calibrate",
    "check_microphone",
    "renewed_by",
]
