"""Prescription: the therapist's form, with what each limit means and what it would lead to.

What is written is the same file that may be written by hand, read by the same code. It is shown
in weeks before it is signed, and holds from the next session on.
"""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import tomlkit
from starlette.responses import Response

from voice_coach.errors import UserError
from voice_coach.private_files import private_folder, told, write_private
from voice_coach.programme.forecast import preview as weeks_ahead
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.weekdays import WEEK
from voice_coach.text_files import LARGEST, shown
from voice_coach.website.desk import Visit
from voice_coach.website.settings_edit import change, put

WEEKS: Final = 12
CAUTIONS: Final = 6
LONGEST_CAUTION: Final = 120
"""Sentences that are said before every session, and letters of one."""

NUMBERS: Final = ("repetitions", "sets", "ceiling")


def show(visit: Visit) -> Response:
    """Show what holds, and the form to change it."""
    try:
        paper, broken = visit.paper, ""
    except UserError as error:
        paper, broken = None, str(error)
    return _page(visit, _fields(paper), broken=broken)


def preview(visit: Visit) -> Response:
    """Show the weeks that would follow."""
    text = _written(visit)
    try:
        paper = _read(visit, text)
    except UserError as error:
        return _page(visit, _sent(visit), 400, wrong=_wrong(error))
    return _page(visit, _sent(visit), preview=_weeks(visit, paper), text=text)


def upload(visit: Visit) -> Response:
    """Fill the form with a file; nothing holds before it is signed."""
    sent = visit.upload("file")
    if sent is None:
        raise UserError(visit.t.prescription.no_file)
    content = sent.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UserError(visit.t.prescription.too_large)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(visit.t.prescription.no_text) from error
    paper = Prescription.parse(text, shown(Path(sent.filename or "file")), visit.levels)
    return _page(visit, _fields(paper), preview=_weeks(visit, paper), text=text)


def sign(visit: Visit) -> Response:
    """Write the prescription down, as it was previewed; it holds from the next session on."""
    text = _written(visit)
    try:
        paper = _read(visit, text)
    except UserError as error:
        return _page(visit, _sent(visit), 400, wrong=_wrong(error))
    if visit.text("sure") != "yes":
        wrong = {"field": "sure", "sentence": visit.t.prescription.not_sure}
        return _page(visit, _sent(visit), 400, wrong=wrong, preview=_weeks(visit, paper), text=text)
    file = visit.own.prescription
    if file is None:
        file = visit.desk.settings_file.with_name(
            "prescription.toml" if visit.who is None else f"prescription-{visit.who}.toml"
        )
    with told(f"The prescription {shown(file)} cannot be written ({{why}})."):
        private_folder(file.parent)
        if file.is_file():
            write_private(_before(file, visit.now), file.read_bytes())
        write_private(file, text)
    if visit.own.prescription is None:
        _name_in_settings(visit, file)
    return visit.go("/prescription", "signed")


def download(visit: Visit) -> Response:
    """Return the file that holds."""
    file = visit.own.prescription
    if file is None or not file.is_file():
        raise UserError(visit.t.prescription.none)
    return Response(
        file.read_bytes(),
        media_type="text/plain; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="prescription.toml"'},
    )


# -- the form ------------------------------------------------------------------------------


def _page(visit: Visit, fields: dict[str, Any], status: int = 200, **context: Any) -> Response:
    shown = {"wrong": None, "preview": None, "text": "", "broken": ""} | context
    return visit.page(
        "prescription",
        status,
        paper=None if shown["broken"] else visit.paper,
        fields=fields,
        levels=visit.levels,
        weekdays=WEEK,
        most={
            "repetitions": max(level.repetitions.high for level in visit.levels),
            "sets": max(level.sets.high for level in visit.levels),
            "ceiling": max(level.cap for level in visit.levels),
        },
        **shown,
    )


def _fields(paper: Prescription | None) -> dict[str, Any]:
    """Return what stands in the form for `paper`."""
    empty = {
        "level": "beginner",
        "signed_by": "",
        "signed_on": "",
        "valid_until": "",
        "approved": False,
        "single_leg": False,
        "repetitions": "",
        "sets": "",
        "ceiling": "",
        "days": (),
        "rise": "",
        "hold": "",
        "pause": "",
        "firmness": "",
        "cautions": "",
    }
    if paper is None:
        return empty
    tempo = paper.tempo
    return empty | {
        "level": paper.level,
        "signed_by": paper.signed_by,
        "signed_on": str(paper.signed_on or ""),
        "valid_until": str(paper.valid_until),
        "approved": paper.approved,
        "single_leg": paper.single_leg,
        **{name: "" if (n := getattr(paper, name)) is None else str(n) for name in NUMBERS},
        "days": paper.days or (),
        "rise": f"{tempo.rise:g}" if tempo else "",
        "hold": f"{tempo.hold:g}" if tempo else "",
        "pause": f"{tempo.pause:g}" if tempo else "",
        "firmness": paper.firmness or "",
        "cautions": "\n".join(paper.cautions),
    }


def _sent(visit: Visit) -> dict[str, Any]:
    """Return the form as it was sent."""
    fields = _fields(None)
    for name in fields:
        fields[name] = visit.text(name)
    return fields | {
        "approved": visit.text("approved") == "yes",
        "single_leg": visit.text("single_leg") == "yes",
        "days": tuple(visit.texts("days")),
        "cautions": "\n".join(_cautions(visit)),
    }


def _written(visit: Visit) -> str:
    """Return the form as a file; what cannot be written is left as it is, to be refused."""
    sent = _sent(visit)
    paper = tomlkit.document()
    paper.add(tomlkit.comment("Written by voice-coach home."))
    for name in ("signed_by", "level", "firmness"):
        if sent[name]:
            paper[name] = sent[name]
    for name in ("signed_on", "valid_until"):
        if sent[name]:
            paper[name] = _date(sent[name])
    for name in NUMBERS:
        if sent[name]:
            paper[name] = int(sent[name]) if re.fullmatch(r"-?\d{1,6}", sent[name]) else sent[name]
    if sent["days"]:
        paper["days"] = [day for day in WEEK if day in sent["days"]]
    phases = [sent["rise"], sent["hold"], sent["pause"]]
    if any(phases):
        rise, hold, pause = (phase.replace(",", ".") for phase in phases)
        paper["tempo"] = f"{rise}-{hold}-x-{pause}"
    for name in ("approved", "single_leg"):
        if sent[name]:
            paper[name] = True
    if sent["cautions"]:
        paper["cautions"] = sent["cautions"].split("\n")
    return tomlkit.dumps(paper)


def _read(visit: Visit, text: str) -> Prescription:
    cautions = _cautions(visit)
    if len(cautions) > CAUTIONS or any(len(each) > LONGEST_CAUTION for each in cautions):
        raise UserError(f"form: cautions: {visit.t.prescription.cautions_too_long}")
    paper = Prescription.parse(text, "form", visit.levels)
    if paper.signed_on is not None and paper.signed_on > visit.now.date():
        raise UserError(f"form: signed_on: {visit.t.prescription.signed_later}")
    return paper


def _cautions(visit: Visit) -> list[str]:
    lines = (" ".join(line.split()) for line in visit.text("cautions").splitlines())
    return [line for line in lines if line]


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _wrong(error: UserError) -> dict[str, str]:
    """Return which field a mistake is in, and the sentence without the file and the line."""
    sentence = re.sub(r"^form(, line \d+)?: ", "", str(error))
    field = re.match(r"(\w+)(?:: | must be | is missing)", sentence)
    name = field[1] if field else ""
    return {"field": name, "sentence": sentence.removeprefix(f"{name}: ")}


# -- what follows from it ------------------------------------------------------------------


def _weeks(visit: Visit, paper: Prescription) -> list[dict[str, Any]]:
    """Return the weeks to come, for somebody who keeps to every rule."""
    today = visit.now.date()
    history = visit.history.on(today)
    days = list(weeks_ahead(today, WEEKS, history, visit.levels, paper))
    weeks = []
    for number in range(WEEKS):
        sessions = [day for day in days[number * 7 : number * 7 + 7] if day.plan]
        weeks.append(
            {
                "first": days[number * 7].day,
                "sessions": sessions,
                "drops": sum(d.plan.sets * d.plan.repetitions for d in sessions if d.plan),
            }
        )
    return weeks


def _before(file: Path, now: datetime) -> Path:
    """Return the name under which the prescription of before is kept."""
    return file.with_name(f"{file.stem}-before-{now:%Y-%m-%d-%H%M%S}{file.suffix}")


def _name_in_settings(visit: Visit, file: Path) -> None:
    who = visit.who

    def edit(document: tomlkit.TOMLDocument) -> None:
        if who is None:
            put(document, "prescription", file.name)
            return
        people: Any = document["people"]
        people[who]["prescription"] = file.name

    change(visit.desk.settings_file, edit)
