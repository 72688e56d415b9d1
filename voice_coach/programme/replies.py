"""What the coach answers when it is asked: from the diary and the facts, three sentences at most.

Pure, as the plan is. An answer is a few lines, each the name of a cue; the sentences are the
script's. Every cue of an answer stands in `CUES`, except for the reasons of a refusal, which
are the same as when a session is refused.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from voice_coach.programme import adherence
from voice_coach.programme.day import Line, Plan, Refusal, Today
from voice_coach.programme.history import History
from voice_coach.programme.screening import findings, questions
from voice_coach.programme.weekdays import WEEK

FACTS: Final = (
    "why_heel_drops",
    "how_to",
    "how_long_until",
    "who_should_not",
    "pain",
    "dizzy",
    "fell",
    "breathless",
    "chest_pain",
    "settled",
)
"""Intents whose answer is always the same: one cue, ``answer.INTENT``."""

CUES: Final = (
    *(f"answer.{intent}" for intent in FACTS),
    "answer.how_am_i_doing.none",
    "answer.how_am_i_doing.week",
    "answer.how_am_i_doing.heard",
    "answer.how_am_i_doing.open",
    "answer.how_am_i_doing.offered",
    "answer.how_am_i_doing.away",
    "answer.how_am_i_doing.weeks",
    "answer.how_am_i_doing.level",
    "answer.review_answers.none",
    "answer.review_answers.safe",
    "answer.review_answers.unsafe",
    "numbers.prompted",
    "numbers.heard",
    "numbers.soft",
    "numbers.told",
    "numbers.unsure",
    "numbers.not_heard",
    "numbers.none",
    "answer.single_leg",
    "answer.todays_plan",
    "answer.todays_plan.screening",
    "answer.when_next.done",
    "answer.when_next.blocked",
    "answer.when_next.settled",
    "answer.when_next.today",
    "answer.when_next.tomorrow",
    "answer.when_next.weekday",
    "answer.when_next.days",
    "review.week",
    "review.heard",
)

MANY_WEEKS: Final = 13
"""The longest run of weeks that is told by its number; a longer one is told as this."""

MOST_TOLD: Final = 90
"""The largest number that is told: the most drops of a day."""

_A_WHILE: Final = timedelta(days=14)
_STREAK: Final = 2
_RECALLED: Final = 2
"""At most so many questions of the screening with unsafe answers are said again."""


def answers(day: date, history: History, now: Today) -> Mapping[str, tuple[Line, ...]]:
    """Return the answer to everything that may be asked on `day`."""
    return {
        **{intent: (Line(f"answer.{intent}"),) for intent in FACTS},
        "how_am_i_doing": _progress(day, history, now),
        "review_answers": _answered(day, history),
        "numbers": _numbers(history),
        "single_leg": (Line("answer.single_leg" if now.single_leg else "refused.single_leg"),),
        "todays_plan": _plan(now),
        "when_next": _next(day, history, now),
    }


def review(day: date, history: History) -> tuple[Line, ...]:
    """Return what is said of last week before the first session of this one.

    Nothing is said to somebody who was away: it would sound like a reproach.
    """
    last = adherence.week(history, day - adherence.WEEK)
    if adherence.week(history, day).days or not last.days:
        return ()
    lines = [Line("review.week", {"sessions": last.days})]
    first = adherence.monday(day) - adherence.WEEK
    heard = adherence.heard_of_ten(
        session for session in history.sessions if first <= session.day < first + adherence.WEEK
    )
    if heard is not None:
        lines.append(Line("review.heard", {"heard": heard}))
    return tuple(lines)


def _progress(day: date, history: History, now: Today) -> tuple[Line, ...]:
    stem = "answer.how_am_i_doing"
    practised = history.practised()
    if not practised:
        return (Line(f"{stem}.none"),)
    lines = [Line(f"{stem}.week", {"sessions": adherence.week(history, day).days})]
    heard = adherence.heard_of_ten(adherence.lately(history, day))
    if heard is not None:
        lines.append(Line(f"{stem}.heard", {"heard": heard}))
    streak = adherence.weeks_in_a_row(history, day)
    if history.open_pains:
        lines.append(Line(f"{stem}.open"))
    elif now.offered:
        lines.append(Line(f"{stem}.offered", {"level": now.offered}))
    elif day - max(practised) > _A_WHILE:
        lines.append(Line(f"{stem}.away"))
    elif streak >= _STREAK:
        lines.append(Line(f"{stem}.weeks", {"weeks": min(streak, MANY_WEEKS)}))
    else:
        lines.append(Line(f"{stem}.level", {"level": now.level}))
    return tuple(lines)


def _answered(day: date, history: History) -> tuple[Line, ...]:
    """Return what was answered in the screening: the questions whose answer is not the safe one."""
    found = findings(day, history)
    stem = "answer.review_answers"
    asked = [question for question in questions("screening") if question.name in found.answers]
    if not asked:
        return (Line(f"{stem}.none"),)
    unsafe = [q for q in asked if not q.lets_go_on(found.answers[q.name].answer)]
    if not unsafe:
        return (Line(f"{stem}.safe"),)
    return (Line(f"{stem}.unsafe"), *(Line(question.noted) for question in unsafe[:_RECALLED]))


def _numbers(history: History) -> tuple[Line, ...]:
    """Return the last session in numbers; those that are nought are left out."""
    done = [session for session in history.sessions if session.prompted]
    if not done:
        return (Line("numbers.none"),)
    last = done[-1]
    counts = {
        "prompted": last.prompted,
        "heard": last.heard,
        "soft": last.soft,
        "told": last.told,
        "unsure": last.unsure,
        "not_heard": last.prompted - last.heard - last.told - last.unsure,
    }
    return tuple(
        Line(f"numbers.{name}", {name: min(count, MOST_TOLD)})
        for name, count in counts.items()
        if count
    )


def _plan(now: Today) -> tuple[Line, ...]:
    answer = now.plans[now.level]
    if isinstance(answer, Refusal):
        return (Line(answer.reason, answer.slots), *answer.reasons[:1])
    if now.screening:
        return (Line("answer.todays_plan.screening"),)
    slots: dict[str, str | int] = {
        "repetitions": answer.repetitions,
        "sets": answer.sets,
    }
    return (Line("answer.todays_plan", slots),)


def _next(day: date, history: History, now: Today) -> tuple[Line, ...]:
    stem = "answer.when_next"
    answer = now.plans[now.level]
    if isinstance(answer, Plan):
        return (Line(f"{stem}.today"),)
    if answer.reason == "refused.blocked":
        return (Line(f"{stem}.blocked"),)
    ahead = answer.slots.get("days")
    if not isinstance(ahead, int):
        return (Line(f"{stem}.settled"),)
    done = (Line(f"{stem}.done"),) if day in history.practised() else ()
    if ahead == 1:
        return (*done, Line(f"{stem}.tomorrow"))
    if ahead < len(WEEK):
        weekday = WEEK[(day + timedelta(days=ahead)).weekday()]
        return (*done, Line(f"{stem}.weekday", {"weekday": weekday}))
    return (*done, Line(f"{stem}.days", {"days": ahead}))
