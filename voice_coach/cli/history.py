"""``voice-coach history``: what was done."""

import argparse
import sys

import msgspec

from voice_coach.cli.people import add_person, of
from voice_coach.diary.diary import Diary
from voice_coach.diary.export import repetition_row, session_row
from voice_coach.diary.summary import sentence, table, totals
from voice_coach.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    parser.add_argument(
        "--json", action="store_true", help="print every session and repetition as JSON"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the diary and what it comes to; a session may be going on meanwhile."""
    settings = of(arguments, settings)
    with Diary.open(settings.diary) as diary:
        sessions = diary.sessions()
    sums = totals(sessions)
    if arguments.json:
        content = {
            "sessions": [
                session_row(session)
                | {
                    "repetitions": [
                        repetition_row(session, repetition) for repetition in session.repetitions
                    ],
                    "faults": session.faults,
                }
                for session in sessions
            ],
            "totals": sums,
        }
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(content)).decode() + "\n")
    elif not sessions:
        print('Nothing is written in the diary yet. Say "start beginner" to the speaker to begin.')
    else:
        print("\n".join([*table(sessions), "", sentence(sums)]))
    return 0
