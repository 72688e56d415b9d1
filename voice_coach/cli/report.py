"""``voice-coach report``: one page for the therapist."""

import argparse
from datetime import date
from pathlib import Path

from voice_coach.cli.damage import tell_of_damage
from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.levels import load_levels
from voice_coach.programme.screening import findings
from voice_coach.reports import words
from voice_coach.reports.page_text import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    parser.add_argument("file", type=Path, metavar="FILE.pdf", help="the page to write")
    parser.add_argument(
        "--language", metavar="CODE", help="a language of the page other than the coach's own"
    )
    parser.add_argument(
        "--weeks", type=_weeks, default=12, metavar="N", help="how far back (default: %(default)s)"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Draw the page."""
    from voice_coach.reports.page import draw  # noqa: PLC0415 - matplotlib is slow to load

    person, settings = arguments.person, of(arguments, settings)
    if arguments.file.suffix.lower() != ".pdf":
        raise UserError(f"{arguments.file} does not end in .pdf; name a file that does.")
    levels = load_levels()
    file = settings.prescription
    prescription = read_prescription(file, levels) if file else None
    with Diary.open(settings.diary) as diary:
        sessions, history = diary.sessions(), diary.history()
        tell_of_damage(diary)
    if not any(session.repetitions for session in sessions):
        raise UserError("Nothing is written in the diary yet, so there is nothing to report.")
    today = date.today()
    report = Report(
        person=person,
        day=today,
        most=arguments.weeks,
        sessions=sessions,
        history=history,
        levels={
            level.name: prescription.narrow(level) if prescription else level for level in levels
        },
        findings=findings(today, history.on(today), prescription),
        prescription=prescription,
        words=words.load(arguments.language or settings.spoken),
    )
    draw(report, arguments.file)
    print(f"Written: {arguments.file}")
    return 0


def _weeks(text: str) -> int:
    weeks = int(text)
    if not 1 <= weeks <= 52:
        raise argparse.ArgumentTypeError("choose from 1 to 52 weeks")
    return weeks
