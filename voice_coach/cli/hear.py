"""``voice-coach hear``: the ears on recordings, one event a line."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from voice_coach.clock import BLOCK, to_samples, to_seconds
from voice_coach.coach.pacing import WINDOW_AFTER, WINDOW_BEFORE
from voice_coach.coach.states import Mode
from voice_coach.errors import UserError
from voice_coach.hearing.commands import (
    CommandEar,
    CommandHeard,
    CommandModel,
    Explanation,
    Phrases,
    SpeechNotUnderstood,
)
from voice_coach.hearing.heels import (
    CalibrationFailed,
    HeelTemplate,
    Landing,
    ThumpDetector,
    Verdict,
    calibrate,
)
from voice_coach.home import equipment
from voice_coach.home.settings import Settings
from voice_coach.samples import Samples
from voice_coach.sound.audio_files import read_recording

_READ: Final = 5
"""Readings of an utterance that are told."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a recording: WAV, FLAC, OGG or MP3"
    )
    parser.add_argument("--json", action="store_true", help="print JSON Lines")
    parser.add_argument(
        "--only", choices=("commands", "thumps"), help="use one of the two ears alone"
    )
    parser.add_argument(
        "--why",
        action="store_true",
        help="print as well whatever may have been a command or a thump, and why it counts or not",
    )
    commands = parser.add_argument_group("commands")
    commands.add_argument(
        "--state",
        metavar="STATE",
        help=f"listen as in this state: {', '.join(Mode)} (default: the first in the phrase file)",
    )
    commands.add_argument(
        "--phrases", type=Path, metavar="FILE", help="another phrase file, in hassil's format"
    )
    thumps = parser.add_argument_group("thumps")
    thumps.add_argument(
        "--cue",
        action="extend",
        nargs="+",
        type=float,
        metavar="S",
        help="drop cues at these seconds: count one landing after each, and nothing else",
    )
    thumps.add_argument(
        "--calibrate",
        type=Path,
        metavar="FILE",
        help="a recording of three good drops, for what this person's heels sound like",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Hear every file; those that cannot be read are told, and the rest is heard all the same."""
    ear = template = None
    told: list[Explanation] = []
    if arguments.only != "thumps":
        model = equipment.model(settings)
        phrases = _phrases(arguments, settings, model)
        ear = CommandEar(model, phrases, told.append if arguments.why else None)
        ear.listen_for(_mode(arguments, phrases))
    if arguments.only != "commands":
        template = _template(arguments)
    failed = False
    for path in arguments.files:
        try:
            sound = read_recording(path)
        except UserError as error:
            print(f"voice-coach: {error}", file=sys.stderr)
            failed = True
            continue
        events: list[dict[str, Any]] = []
        if ear is not None:
            events += _commands(sound, ear)
            events += map(_explained, told)
            told.clear()
        if arguments.only != "commands":
            events += _thumps(sound, template, arguments)
        for event in sorted(events, key=lambda event: event["decided"]):
            _print({"file": str(path), **event}, as_json=arguments.json)
    return 1 if failed else 0


def _commands(sound: Samples, ear: CommandEar) -> Iterator[dict[str, Any]]:
    ear.begin_anew()
    heard = [event for block in _blocks(sound) for event in ear.feed(block)]
    for event in [*heard, *ear.flush()]:
        times = {
            "start": to_seconds(event.start),
            "end": to_seconds(event.end),
            "decided": to_seconds(event.decided),
            "text": event.text,
        }
        match event:
            case CommandHeard():
                yield {
                    "event": "command",
                    **times,
                    "intent": event.intent,
                    "slots": dict(event.slots),
                    "confidence": round(event.confidence, 3),
                }
            case SpeechNotUnderstood():
                yield {"event": "not_understood", **times}


def _explained(explanation: Explanation) -> dict[str, Any]:
    sentence, weighed = explanation.sentence, explanation.weighed
    read: dict[str, float] = {}  # the same words may have been read in several ways
    for one in explanation.hypotheses[:_READ]:
        read.setdefault(one.text or "nothing", round(one.score, 1))
    return {
        "event": "considered",
        "start": to_seconds(explanation.start),
        "end": to_seconds(explanation.end),
        "decided": to_seconds(explanation.decided),
        "read": read,
        "sentence": sentence.text if sentence else None,
        "intent": sentence.match.intent if sentence else None,
        "confidence": round(weighed.confidence, 3) if weighed else None,
        "threshold": explanation.threshold if weighed else None,
        "features": {name: round(x, 2) for name, x in explanation.features().items()},
        "outcome": str(explanation.reason),
    }


def _thumps(
    sound: Samples, template: HeelTemplate | None, arguments: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    detector = ThumpDetector(template)
    for cue in sorted(arguments.cue or ()):
        at = to_samples(cue)
        detector.open_window(max(at - WINDOW_BEFORE, 0), at + WINDOW_AFTER, prompted=at)
    settled: list[Verdict] = []
    for block in _blocks(sound):
        settled += detector.verdicts(block)
    settled += detector.last_verdicts()
    for verdict in settled:
        if verdict.rejected is None:
            yield {"event": "thump", **_landing(verdict.landing, digits=3)}
    if arguments.why:
        for verdict in settled:
            yield {
                "event": "sudden_sound",
                **_landing(verdict.landing, digits=4),
                "counted": verdict.rejected is None,
                "refused": verdict.rejected,
                "why": detector.explain(verdict),
            }


def _landing(landing: Landing, digits: int) -> dict[str, Any]:
    return {
        "at": to_seconds(landing.impact),
        "decided": to_seconds(landing.decided),
        "level_db": landing.level_db,
        "probability": round(landing.probability, digits),
    }


def _blocks(sound: Samples) -> Iterator[Samples]:
    for begin in range(0, len(sound), BLOCK):
        yield sound[begin : begin + BLOCK]


def _phrases(arguments: argparse.Namespace, settings: Settings, model: CommandModel) -> Phrases:
    if arguments.phrases is not None:
        return Phrases.load(arguments.phrases)
    return equipment.phrases(settings, model)


def _mode(arguments: argparse.Namespace, phrases: Phrases) -> str:
    """Return the listening mode; a file without modes is listened for whole."""
    if arguments.state is None:
        return phrases.modes[0] if phrases.modes else ""
    if phrases.modes and arguments.state not in phrases.modes:
        raise UserError(
            f"There is no state '{arguments.state}' to listen in; choose one of: "
            f"{', '.join(phrases.modes)}."
        )
    return str(arguments.state)


def _template(arguments: argparse.Namespace) -> HeelTemplate | None:
    """Return what the recording named teaches; None, the built-in prior, without one."""
    if arguments.calibrate is None:
        return None
    try:
        return calibrate(read_recording(arguments.calibrate))
    except CalibrationFailed as failure:
        raise UserError(
            f"Nothing can be learnt from {arguments.calibrate}: {failure}; "
            "record three good drops in a quiet room."
        ) from failure


def _print(event: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(event).decode() + "\n")
        return
    rest = ", ".join(
        f"{key} {value}"
        for key, value in event.items()
        if key not in {"file", "event", "at", "start"} and value not in ("", {}, None)
    )
    at = event.get("at", event.get("start"))
    sys.stdout.write(f"{event['file']}  {at:8.3f} s  {event['event']}: {rest}\n")
