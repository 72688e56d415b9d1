"""``voice-coach history``: what was done."""

import argparse
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import msgspec

from voice_coach.cli.damage import tell_of_damage
from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.diary import Diary
from voice_coach.diary.export import repetition_row, session_row
from voice_coach.diary.records import Session
from voice_coach.diary.summary import sentence, table, totals
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.history import History
from voice_coach.programme.levels import load_levels
from voice_coach.reports.page_text import complaints, overrides


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--calendar", type=Path, metavar="FILE.png", help="draw a calendar of what was done"
    )
    form.add_argument(
        "--json", action="store_true", help="print every session and repetition as JSON"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the diary and what it comes to; a session may be going on meanwhile."""
    settings = of(arguments, settings)
    with Diary.open(settings.diary) as diary:
        sessions, history = diary.sessions(), diary.history()
        tell_of_damage(diary)
    sums = totals(sessions)
    if arguments.calendar:
        _draw(arguments, settings, sessions, history)
    elif arguments.json:
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
            "remarks": [
                {"kind": type(remark).__name__.lower(), **asdict(remark)}
                for remark in history.remarks
            ],
            "totals": sums.table(),
        }
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(content)).decode() + "\n")
    elif not sessions:
        print('Nothing is written in the diary yet. Say "start beginner" to the speaker to begin.')
    else:
        print("\n".join([*table(sessions), "", sentence(sums)]))
        for title, lines in (
            ("Told of:", complaints(history, date.min)),
            ("Begun although advised against:", overrides(sessions)),
        ):
            if lines:
                print("\n".join(["", title, *(f"  {line}" for line in lines)]))
    return 0


def _draw(
    arguments: argparse.Namespace, settings: Settings, sessions: tuple[Session, ...], past: History
) -> None:
    from voice_coach.reports import calendar, day_marks, words  # noqa: PLC0415 - matplotlib is slow to load

    levels = load_levels()
    prescription = (
        read_prescription(settings.prescription, levels) if settings.prescription else None
    )
    narrowed = [prescription.narrow(level) if prescription else level for level in levels]
    chosen = prescription and prescription.days
    if not chosen and settings.reminders:
        chosen = settings.reminders.days
    marks = day_marks.marks(
        sessions, past, {level.name: level for level in narrowed}, date.today(), chosen or ()
    )
    if not marks:
        raise UserError("Nothing is written in the diary yet, so there is nothing to draw.")
    whose = f" - {arguments.person.title()}" if arguments.person else ""
    own = words.load(settings.spoken)
    calendar.draw(marks, f"{own.calendar.title}{whose}", arguments.calendar, own)
    print(f"Written: {arguments.calendar}")
