"""Hearing the heel: microphone samples in, thumps out."""

from voice_coach.hearing.heels.calibrator import (
    CalibrationFailed,
    CalibrationReason,
    Calibrator,
    DropMeasured,
    calibrate,
)
from voice_coach.hearing.heels.detector import ThumpDetector
from voice_coach.hearing.heels.landing import Landing, Rejection, Verdict
from voice_coach.hearing.heels.microphone_check import (
    MicrophoneCheck,
    MicrophoneProblem,
    check_microphone,
)
from voice_coach.hearing.heels.template import HeelTemplate
from voice_coach.hearing.heels.template_choice import TemplateChoice, renewed_by

__all__ = [
    "CalibrationFailed",
    "CalibrationReason",
    "Calibrator",
    "DropMeasured",
    "HeelTemplate",
    "Landing",
    "MicrophoneCheck",
    "MicrophoneProblem",
    "Rejection",
    "TemplateChoice",
    "ThumpDetector",
    "Verdict",
    "calibrate",
    "check_microphone",
    "renewed_by",
]
