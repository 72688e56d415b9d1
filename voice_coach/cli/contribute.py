"""``voice-coach contribute``: a bundle of one's thumps, to be sent to the project by hand."""

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from voice_coach.cli.calibrate import word
from voice_coach.cli.confirmation import confirmed
from voice_coach.cli.person_option import add_person, of
from voice_coach.clock import to_seconds
from voice_coach.errors import UserError
from voice_coach.hearing.commands.phone_network import PhoneWeights
from voice_coach.home import equipment
from voice_coach.home.bundle import MOST_PIECES, Bundle, Kind, Piece
from voice_coach.home.contributing import Cut, cut
from voice_coach.home.heel_store import Underfoot, kept_sound
from voice_coach.home.kept_sound import KeptSound, circumstances_of
from voice_coach.home.settings import Settings
from voice_coach.private_files import told, write_private
from voice_coach.sound.playback import play

_CALLED = {
    Kind.GOOD: "a good drop",
    Kind.GENTLE: "a gentle drop",
    Kind.NOTHING: "the room",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="the new bundle, such as heels.zip")
    parser.add_argument(
        "--from",
        dest="recordings",
        action="extend",
        nargs="+",
        type=Path,
        metavar="WAV",
        help="calibrations kept with `calibrate --keep` (default: the last one, and earlier ones "
        "in the same footwear on the same floor)",
    )
    parser.add_argument(
        "--footwear", type=word, metavar="WORD", help="what you wore, where you did not say so then"
    )
    parser.add_argument(
        "--floor", type=word, metavar="WORD", help="what you stood on, where you did not say so"
    )
    parser.add_argument(
        "--microphone", type=word, metavar="WORD", help="what microphone it is, such as webcam"
    )
    parser.add_argument(
        "--listen", action="store_true", help="play everything that would be in it first"
    )
    parser.add_argument("--output", metavar="NAME", help="part of the loudspeaker's name")
    parser.add_argument("--yes", action="store_true", help="do not ask whether to write it")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Cut the thumps out of what was kept, show them, and write them once the person agrees."""
    settings = of(arguments, settings)
    to: Path = arguments.file
    if os.path.lexists(to):
        raise UserError(f"{to} is there already; name a new file for the bundle.")
    underfoot, chosen = _chosen(
        arguments.recordings
        or [file for file in kept_sound(settings.calibration) if file.exists()],
        Underfoot(arguments.footwear, arguments.floor),
    )
    phones = PhoneWeights.of_model(equipment.model_folder(settings))
    if phones is None:
        raise UserError(
            "This recogniser's model cannot tell speech from thumps, so nothing is written; "
            "use the model that comes with the program."
        )
    cuts = [each for file in chosen for each in cut(KeptSound.read(file), phones)]
    pieces = _listed(cuts)
    bundle = Bundle(
        underfoot.footwear, underfoot.floor, arguments.microphone, _month(chosen[-1]), pieces
    )
    content = bundle.as_bytes()
    print(
        f"With them is written: footwear {bundle.footwear or 'not said'}, floor "
        f"{bundle.floor or 'not said'}, microphone {bundle.microphone or 'not said'}, month "
        f"{bundle.month or 'not known'}. Nothing else: {len(content) // 1024 + 1} kB in all."
    )
    if arguments.listen:
        _play(pieces, arguments.output or settings.output)
    if not confirmed(f"Write these {len(pieces)} pieces to {to}?", yes=arguments.yes):
        print("Nothing was written.")
        return 0
    with told(f"{to} cannot be written ({{why}}); name another file."):
        write_private(to, content)
    print(f"Written: {to}. It is sent nowhere; send it by hand if you want to.")
    return 0


def _chosen(files: Sequence[Path], said: Underfoot) -> tuple[Underfoot, list[Path]]:
    """Return what the last of `files` was made in, and on, and which of them were made likewise."""
    if not files:
        raise UserError(
            "No calibration was kept; make one with 'voice-coach calibrate --keep FOLDER' first."
        )
    made = []
    for file in files:
        known = circumstances_of(file)
        made.append(Underfoot(known.footwear or said.footwear, known.floor or said.floor))
    return made[-1], [file for file, this in zip(files, made, strict=True) if this == made[-1]]


def _listed(cuts: Sequence[Cut]) -> tuple[Piece, ...]:
    """Print what becomes of each moment; return the pieces, prompted drops first."""
    ordered = sorted(cuts, key=lambda each: each.kind is Kind.NOTHING)
    pieces: list[Piece] = []
    for each in ordered:
        if each.piece is None or len(pieces) == MOST_PIECES:
            why = "somebody may be speaking" if each.piece is None else "there are enough"
            print(f"    left out: {_CALLED[each.kind]}; {why}")
            continue
        pieces.append(each.piece)
        remark = "; cut short, as somebody may be speaking beside it" if each.spoken else ""
        if each.kind is not Kind.NOTHING:
            remark = (", heard" if each.piece.landed is not None else ", not heard") + remark
        seconds = to_seconds(len(each.piece.sound))
        print(f"{len(pieces):3} {_CALLED[each.kind]}, {seconds:.1f} s{remark}")
    if all(piece.kind is Kind.NOTHING for piece in pieces):
        raise UserError(
            "No drop is left to contribute; calibrate again with --keep while nobody speaks."
        )
    return tuple(pieces)


def _month(recording: Path) -> str | None:
    """Return the month in which a calibration was kept, by its name."""
    found = re.match(r"calibration-(20\d\d)(0[1-9]|1[0-2])\d\d-", recording.name)
    return f"{found[1]}-{found[2]}" if found else None


def _play(pieces: Sequence[Piece], output: str | None) -> None:
    for number, piece in enumerate(pieces, 1):
        print(f"Piece {number}: {_CALLED[piece.kind]}", flush=True)
        play(np.concatenate([piece.sound, np.zeros(8000, np.float32)]), output)
