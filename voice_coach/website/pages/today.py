"""Today: what the speaker is doing, what is planned, what was done, and whether all is well."""

from typing import Final

from starlette.responses import Response

from voice_coach.errors import UserError
from voice_coach.intercom.messages import Mute, Remind, Request, SayTest, Stop, Volume
from voice_coach.programme.planner import Plan
from voice_coach.reports import words
from voice_coach.website.desk import Visit

_ASKED: Final[dict[str, Request]] = {
    "stop": Stop(id=0),
    "remind": Remind(id=0),
    "test": SayTest(id=0),
    "mute": Mute(id=0, on=True),
    "unmute": Mute(id=0, on=False),
}


def show(visit: Visit) -> Response:
    """Show the day."""
    day = visit.now.date()
    plans = visit.plans
    answer = plans.plans[plans.level]
    matters = words.load(visit.language).matters
    return visit.page(
        "today",
        day=day,
        line=visit.desk.line,
        plan=answer if isinstance(answer, Plan) else None,
        refusal=None if isinstance(answer, Plan) else answer,
        reasons=[]
        if isinstance(answer, Plan)
        else [matters[line.cue.removeprefix("block.")] for line in answer.reasons],
        plans=plans,
        sessions=[session for session in visit.sessions if session.started.date() == day],
        latest=next((s for s in reversed(visit.sessions) if s.repetitions), None),
        pains=visit.history.on(day).open_pains,
    )


def now(visit: Visit) -> Response:
    """Show what the speaker is doing, alone: what a page renews."""
    return visit.page("now", line=visit.desk.line)


def ask(visit: Visit) -> Response:
    """Ask the speaker for something."""
    what = visit.text("what")
    request = _ASKED.get(what)
    if what == "volume":
        steps = visit.text("steps")
        if steps not in {str(n) for n in range(-3, 4)}:
            raise UserError(visit.t.today.no_volume)
        request = Volume(id=0, steps=int(steps))
    if request is None:
        raise UserError(visit.t.today.no_request)
    why = visit.desk.line.ask(request)
    if why is not None:
        raise UserError(visit.t.refused.get(why, visit.t.refused.busy))
    return visit.go("/", what)
