"""Voice: sentences of the coach in the voice of somebody whom she knows.

What a file holds is looked at by an errand, so that no sound is read in the page's own process.
"""

import shutil
import threading
import tomllib
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import tomlkit
from starlette.responses import FileResponse, Response

from voice_coach.errors import UserError
from voice_coach.home.household_words import words_of
from voice_coach.private_files import told
from voice_coach.speaking.script import Script, languages, line_name
from voice_coach.website.desk import Desk, Visit
from voice_coach.website.errand import errand
from voice_coach.website.settings_edit import change, put

LARGEST: Final = 17 << 20
"""Bytes of a form with a recording in it."""
SLOWEST: Final = 110
FASTEST: Final = 220
"""Words a minute; as the settings have it."""
SHOWN: Final = 40
"""Sentences on a page."""
LONGEST: Final = 60
"""Letters of what is looked for."""

PARTS: Final = {
    part: tuple(cues.split())
    for part, cues in tomllib.loads(
        (Path(__file__).parents[1] / "line_parts.toml").read_text(encoding="utf-8")
    ).items()
}
"""The parts in which sentences are shown, by how the names of the cues that say them begin."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence: the name of its recording, its words, and the part that it is shown in."""

    name: str
    text: str
    part: str


@dataclass(slots=True)
class _Known:
    """The sentences as they were last asked for."""

    of: object = None
    lines: tuple[Line, ...] = ()


_known = _Known()
_asking = threading.Lock()


def show(visit: Visit) -> Response:
    """List the sentences of a part, or those with certain words in them."""
    query = visit.request.query_params
    recorded = _recorded(visit)
    lines = _lines(visit)
    find = " ".join(query.get("find", "").split())[:LONGEST]
    part = query.get("part", "")
    part = part if part in PARTS else "drops"
    if find:
        found = [line for line in lines if find.casefold() in line.text.casefold()]
    else:
        found = [line for line in lines if line.part == part]
    last = max(0, (len(found) - 1) // SHOWN)
    page = min(last, int(query["page"]) if query.get("page", "").isdecimal() else 0)
    parts = [
        {
            "name": name,
            "all": sum(line.part == name for line in lines),
            "recorded": sum(line.part == name and line.name in recorded for line in lines),
        }
        for name in PARTS
    ]
    return visit.page(
        "voice",
        part="" if find else part,
        find=find,
        parts=[each for each in parts if each["all"]],
        lines=found[page * SHOWN : (page + 1) * SHOWN],
        recorded=recorded,
        page=page,
        last=last,
        languages=languages(),
        rates=(SLOWEST, FASTEST),
    )


def line(visit: Visit) -> Response:
    """Show a sentence, and the form to record it."""
    return _line(visit, visit.request.query_params.get("name", ""))


def sound(visit: Visit) -> Response:
    """Return a recording as the speaker plays it."""
    found = _found(visit, visit.request.query_params.get("name", ""))
    file = _folder(visit) / f"{found.name}.wav"
    if not file.is_file():
        raise UserError(visit.t.voice.not_recorded)
    return FileResponse(file, media_type="audio/wav")


def record(visit: Visit) -> Response:
    """Take a recording over, as loud as everything that the coach says."""
    found = _found(visit, visit.text("name"))
    sent = visit.upload("file")
    if sent is None:
        raise UserError(visit.t.voice.no_file)
    with TemporaryDirectory(prefix="voice-coach-") as folder:
        file = Path(folder) / "sound"
        with told("The recording cannot be written here ({why})."), file.open("wb") as copy:
            shutil.copyfileobj(sent.file, copy, 1 << 16)
        try:
            errand(visit.desk, "record", f"{found.name}.wav", str(file))
        except UserError as error:
            return _line(visit, found.name, 400, wrong=str(error))
    return visit.go("/voice/line", "recorded", name=found.name)


def remove(visit: Visit) -> Response:
    """Delete a recording; the coach's own voice speaks again."""
    found = _found(visit, visit.text("name"))
    errand(visit.desk, "record", f"{found.name}.wav", "--remove")
    return visit.go("/voice/line", "removed", name=found.name)


def speech(visit: Visit) -> Response:
    """Set how fast the coach speaks, and in which language; what is set wrongly is refused."""
    rate, language = visit.text("rate"), visit.text("language")
    if not (rate.isdecimal() and SLOWEST <= int(rate[:6]) <= FASTEST):
        raise UserError(visit.t.voice.no_rate.format(slowest=SLOWEST, fastest=FASTEST))
    if language not in languages():
        raise UserError(visit.t.voice.no_language)

    def edit(document: tomlkit.TOMLDocument) -> None:
        put(document, "words_per_minute", int(rate))
        put(document, "speaks", None if language == visit.settings.language else language)
        if language != visit.settings.spoken:
            put(document, "voice", None)  # it speaks the language of before

    change(visit.desk.settings_file, edit)
    return visit.go("/voice", "speech")


def _line(visit: Visit, name: str, status: int = 200, wrong: str = "") -> Response:
    found = _found(visit, name)
    lines = [each for each in _lines(visit) if each.part == found.part]
    number = lines.index(found)
    file = _folder(visit) / f"{found.name}.wav"
    return visit.page(
        "line",
        status,
        here="voice",
        line=found,
        after=lines[number + 1] if number + 1 < len(lines) else None,
        recorded=_about(file),
        wrong=wrong,
        may=visit.may("change"),
    )


def _found(visit: Visit, name: str) -> Line:
    found = next((each for each in _lines(visit) if each.name == name), None)
    if found is None:
        raise UserError(visit.t.voice.no_line)
    return found


def _about(file: Path) -> dict[str, Any] | None:
    """Return what is to be said of a recording; None where there is none."""
    try:
        with wave.open(str(file)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
    except (OSError, EOFError, wave.Error):
        return None
    return {"seconds": f"{seconds:.1f}", "changed": file.stat().st_mtime_ns}


def _folder(visit: Visit) -> Path:
    """Return where the recordings are."""
    return visit.settings.recordings / visit.settings.spoken / "lines"


def _recorded(visit: Visit) -> frozenset[str]:
    folder = _folder(visit)
    return frozenset(file.stem for file in folder.glob("*.wav")) if folder.is_dir() else frozenset()


def _lines(visit: Visit) -> tuple[Line, ...]:
    """Return everything that the coach may say."""
    of = _signature(visit.desk, visit)
    with _asking:
        if _known.of != of:
            script = Script.load(visit.settings.spoken, **words_of(visit.settings))
            lines: dict[str, tuple[int, Line]] = {}
            for text, cues in script.said_by().items():
                name, (part, place) = line_name(text), _part(cues)
                lines.setdefault(name, (place, Line(name, text, part)))
            _known.lines = tuple(line for _, line in sorted(lines.values(), key=itemgetter(0)))
            _known.of = of
        return _known.lines


def _signature(desk: Desk, visit: Visit) -> object:
    """Return what changes when the sentences may have changed."""
    settings = visit.settings
    papers = [settings.prescription, *(person.prescription for person in settings.people.values())]
    files = [desk.settings_file, *(paper for paper in papers if paper is not None)]
    return [
        (str(file), state.st_mtime_ns, state.st_size)
        for file in files
        if file.is_file() and (state := file.stat())
    ]


def _part(cues: Iterable[str]) -> tuple[str, int]:
    """Return the first part to which one of `cues` belongs, and its place there."""
    heads = {cue.partition(".")[0] for cue in cues}
    for part, names in PARTS.items():
        places = [place for place, name in enumerate(names) if name in heads]
        if places:
            return part, places[0]
    return "other", 0
