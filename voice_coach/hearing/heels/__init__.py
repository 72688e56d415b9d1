"""Hearing the heel: microphone samples in, thumps out."""

from voice_coach.hearing.heels.calibrator import (
    CalibrationFailed,
    CalibrationReason,
    Calibrator,
    DropMeasured,
    calibrate,
)
from voice_coach.hearing.heels.detector import ThumpDetector
from voice_coach.hearing.heels.landing import Candidate, Refusal, ThumpHeard
from voice_coach.hearing.heels.microphone_check import (
    MicrophoneCheck,
    MicrophoneProblem,
    check_microphone,
)
from voice_coach.hearing.heels.template import HeelTemplate
from voice_coach.hearing.heels.template_choice import Choice, renewed_by

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
