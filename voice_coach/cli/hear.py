"""``voice-coach hear``: the ears on recordings, one event a line."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from voice_coach.clock import to_samples, to_seconds
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
from voice_coach.sound.audio_files import LONGEST, read_recording, recording_blocks
from voice_coach.text_files import shown

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
        type=_seconds,
        metavar="S",
        help="drop cues at these seconds: count one landing after each, and nothing else",
    )
    thumps.add_argument(
        "--calibrate",
        type=Path,
        metavar="FILE",
        help="a recording of three good drops, for what this person's heels sound like",
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text} is no time in a recording, in seconds")
    return seconds


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
        thumps = None if arguments.only == "commands" else _Thumps(template, arguments)
        try:
            events = list(_heard(path, ear, thumps))
        except UserError as error:
            print(f"voice-coach: {error}", file=sys.stderr)
            failed = True
            continue
        events += map(_explained, told)
        told.clear()
        for event in sorted(events, key=lambda event: event["decided"]):
            _print({"file": shown(path), **event}, as_json=arguments.json)
    return 1 if failed else 0


def _heard(
    path: Path, ear: CommandEar | None, thumps: "_Thumps | None"
) -> Iterator[dict[str, Any]]:
    """Yield what is heard in one recording, which is never in memory as a whole."""
    if ear is not None:
        ear.begin_anew()
    for block in recording_blocks(path):
        if ear is not None:
            yield from _commands(ear.feed(block))
        if thumps is not None:
            thumps.hear(block)
    if ear is not None:
        yield from _commands(ear.flush())
    if thumps is not None:
        yield from thumps.events()


def _commands(heard: Sequence[CommandHeard | SpeechNotUnderstood]) -> Iterator[dict[str, Any]]:
    for event in heard:
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


class _Thumps:
    """The heel ear on one recording."""

    def __init__(self, template: HeelTemplate | None, arguments: argparse.Namespace) -> None:
        self._detector = ThumpDetector(template)
        self._why = arguments.why
        for cue in sorted(arguments.cue or ()):
            at = to_samples(cue)
            begin = max(at - WINDOW_BEFORE, 0)
            self._detector.open_window(begin, at + WINDOW_AFTER, prompted=at)
        self._settled: list[Verdict] = []

    def hear(self, block: Samples) -> None:
        """Take in a block; what was no thump is kept only where that is asked for."""
        self._keep(self._detector.verdicts(block))

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield all that was heard, once the recording is over."""
        self._keep(self._detector.last_verdicts())
        for verdict in self._settled:
            if verdict.rejected is None:
                yield {"event": "thump", **_landing(verdict.landing, digits=3)}
        for verdict in self._settled if self._why else ():
            yield {
                "event": "sudden_sound",
                **_landing(verdict.landing, digits=4),
                "counted": verdict.rejected is None,
                "refused": verdict.rejected,
                "why": self._detector.explain(verdict),
            }

    def _keep(self, verdicts: Iterable[Verdict]) -> None:
        self._settled += (each for each in verdicts if self._why or each.rejected is None)


def _landing(landing: Landing, digits: int) -> dict[str, Any]:
    return {
        "at": to_seconds(landing.impact),
        "decided": to_seconds(landing.decided),
        "level_db": landing.level_db,
        "probability": round(landing.probability, digits),
    }


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
