"""``voice-coach plan``: what is for today, and what would come."""

import argparse
import json
from datetime import date
from pathlib import Path

from voice_coach.cli.person_option import add_person, of
from voice_coach.diary.diary import Diary
from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.forecast import Day, preview
from voice_coach.programme.history import History
from voice_coach.programme.levels import Level, load_levels
from voice_coach.programme.planner import Plan, Refusal, Today, today
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.prescription_schema import schema
from voice_coach.programme.screening import about

_WHY = {
    "refused.rest_day": "a rest day",
    "refused.done_today": "there was a session today",
    "refused.cap": "the {cap} drops of one day are done",
    "refused.week_full": "the sessions of this week are done",
    "refused.too_early": "too early; {weeks} weeks and {sessions} sessions come before it",
    "refused.ceiling": "above the level that the therapist prescribes",
    "refused.pain": "pain was reported that has not settled",
    "refused.soreness": "soreness was reported that has not settled",
    "refused.unwell": "it was reported that you were not well, and not that it has settled",
    "refused.single_leg": "one leg needs the therapist's permission",
    "refused.no_day": "nobody knows what day it is; set the clock of the machine",
    "refused.blocked": "the screening found what needs a professional's approval",
}
_EARLIEST = date(1970, 1, 1)
_LATEST = date(2999, 12, 31)
_HELD = ("refused.blocked", "refused.pain", "refused.soreness", "refused.unwell")
_NOTICES = {
    "notice.stepped_back": "After the days off, the programme is one level back.",
    "notice.prescription_expired": "The prescription has run out; its limits go on holding. "
    "Ask for a new one.",
    "notice.clock_behind": "The diary holds days that are still to come: check the date of this "
    "machine.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_person(parser)
    parser.add_argument(
        "--weeks",
        type=_weeks,
        default=0,
        metavar="N",
        help="show what would happen in N weeks of keeping to every rule",
    )
    parser.add_argument(
        "--prescription",
        type=Path,
        metavar="FILE",
        help="a therapist's prescription, in place of the one in the settings",
    )
    parser.add_argument(
        "--schema",
        action="store_true",
        help="print the JSON Schema of a prescription, and nothing else",
    )
    parser.add_argument(
        "--date",
        type=_day,
        default=None,
        metavar="YYYY-MM-DD",
        help="the day to plan for (default: today)",
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the plan."""
    levels = load_levels()
    if arguments.schema:
        print(json.dumps(schema(levels), indent=2))
        return 0
    settings = of(arguments, settings)
    file = arguments.prescription or settings.prescription
    prescription = read_prescription(file, levels) if file else None
    day = arguments.date or date.today()
    with Diary.open(settings.diary) as diary:
        history = diary.history()
    now = today(day, history, levels, prescription)
    if arguments.weeks:
        _print_weeks(day, arguments.weeks, history, levels, prescription)
        _print_held(now)
    else:
        _print_today(day, now)
    return 0


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not _EARLIEST <= day <= _LATEST:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no day from {_EARLIEST} to {_LATEST}, such as 2026-07-31"
        )
    return day


def _weeks(text: str) -> int:
    weeks = int(text)
    if not 1 <= weeks <= 104:
        raise argparse.ArgumentTypeError("choose from 1 to 104 weeks")
    return weeks


def _print_today(day: date, now: Today) -> None:
    print(f'{day:%A}, {day:%Y-%m-%d}. "Start" begins {now.level}.')
    for level, answer in now.plans.items():
        print(f"  {level:<14}{_answer(answer)}")
    if now.offered:
        print(f'You have done what {now.offered} asks for; say "start {now.offered}" if you wish.')
    for notice in now.notices:
        print(_NOTICES[notice])
    _print_held(now)
    for caution in now.cautions:
        print(caution)


def _print_held(now: Today) -> None:
    """Print what stands before any session."""
    if now.screening:
        print("The screening is due: the speaker asks its questions before a session starts.")
    answer = now.plans[now.level]
    if isinstance(answer, Refusal) and answer.reason in _HELD:
        print(f"No session starts: {_WHY[answer.reason]}.")
        for line in answer.reasons:
            print(f"  {about(line.cue.removeprefix('block.'))}")


def _answer(answer: Plan | Refusal) -> str:
    if isinstance(answer, Plan):
        return (
            f"{_dose(answer)}, {answer.rest:g} s rest, tempo {answer.tempo}, "
            f"about {max(round(answer.seconds / 60), 1)} min"
        )
    why = _WHY[answer.reason].format_map(answer.slots)
    if answer.alternative is None:
        return f"not today: {why}"
    how = 'if you insist, say "start anyway" for' if answer.may_override else "instead:"
    return f"not today: {why}; {how} {answer.alternative.level}, {_dose(answer.alternative)}"


def _dose(plan: Plan) -> str:
    return f"{plan.sets} x {plan.repetitions} drops"


def _print_weeks(
    first: date,
    weeks: int,
    history: History,
    levels: tuple[Level, ...],
    prescription: Prescription | None,
) -> None:
    days = list(preview(first, weeks, history, levels, prescription))
    for week in range(weeks):
        print(f"week {week + 1}, from {days[week * 7].day:%a %Y-%m-%d}")
        for day in days[week * 7 : week * 7 + 7]:
            if day.plan:
                print(f"  {_session(day, day.plan)}")
    total = sum(day.plan.sets * day.plan.repetitions for day in days if day.plan)
    print(f"{sum(day.plan is not None for day in days)} sessions, {total} drops.")


def _session(day: Day, plan: Plan) -> str:
    return f"{day.day:%a}  {plan.level:<14}{_dose(plan)}"
