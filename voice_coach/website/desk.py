"""What every page has at hand: the household's files, the speaker, the words, who is visiting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import jinja2
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from voice_coach import __version__
from voice_coach.diary.diary import Diary
from voice_coach.diary.records import Session
from voice_coach.home.settings import Settings, default_file, read_prescription
from voice_coach.intercom.client import SpeakerLine
from voice_coach.programme.history import History
from voice_coach.programme.levels import Level, load_levels
from voice_coach.programme.planner import Today, today
from voice_coach.programme.prescription import Prescription
from voice_coach.website import texts
from voice_coach.website.access import Access, Device
from voice_coach.website.texts import Language

PAGES: Final = (
    ("today", "/", "look"),
    ("history", "/history", "look"),
    ("prescription", "/prescription", "look"),
    ("report", "/report", "look"),
    ("screening", "/screening", "look"),
    ("people", "/people", "change"),
    ("voice", "/voice", "look"),
    ("ears", "/ears", "look"),
    ("news", "/news", "look"),
    ("backup", "/backup", "change"),
    ("devices", "/devices", "look"),
    ("updates", "/updates", "look"),
    ("help", "/help", "look"),
)
"""What stands in the list of pages: name, path, and the right that it needs."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What outlasts a visit.

    Parameters
    ----------
    file
        The settings file; None for the usual one.
    clock
        Tells the time of the day, with its offset from UTC.
    line
        To the speaker.
    access
        Who has been let in.
    secure
        Whether browsers come by an encrypted connection.
    """

    file: Path | None
    clock: Callable[[], datetime]
    line: SpeakerLine
    access: Access
    secure: bool = False

    @property
    def settings_file(self) -> Path:
        """Where the settings are, or would be."""
        return default_file() if self.file is None else self.file

    def settings(self) -> Settings:
        """Return the settings as they are now."""
        return Settings.load(self.file)

    def visit(self, who: str | None) -> "Visit":
        """Return a visit of nobody's, about `who`: for what the program does by itself."""
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
        visit = Visit(self, Request(scope), None, "")
        visit.form = {"who": who or ""}
        return visit


_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Visit:
    """One request of somebody, about one person."""

    def __init__(self, desk: Desk, request: Request, device: Device | None, token: str) -> None:
        self.desk = desk
        self.request = request
        self.device = device
        self.token = token
        self.now = desk.clock()
        self.form: Mapping[str, Any] = {}

    @cached_property
    def settings(self) -> Settings:
        """The settings of the household."""
        return self.desk.settings()

    @cached_property
    def who(self) -> str | None:
        """Whom it is about; None where one person lives alone."""
        people = list(self.settings.people)
        asked = str(self.form.get("who") or self.request.query_params.get("who", ""))
        if not people:
            return None
        return asked if asked in people else people[0]

    @cached_property
    def own(self) -> Settings:
        """The settings of that person."""
        return self.settings.of(self.who)

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.settings.home.language or self.settings.spoken

    @cached_property
    def t(self) -> Language:
        """The words."""
        return texts.load(self.language)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The levels of the programme."""
        return load_levels()

    @cached_property
    def paper(self) -> Prescription | None:
        """The prescription; UserError where there is one that cannot be read."""
        file = self.own.prescription
        return None if file is None else read_prescription(file, self.levels)

    @cached_property
    def _diary(self) -> tuple[tuple[Session, ...], History]:
        with Diary.open(self.own.diary) as diary:
            return diary.sessions(), diary.history()

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Every session."""
        return self._diary[0]

    @property
    def history(self) -> History:
        """What the programme knows of the past."""
        return self._diary[1]

    @cached_property
    def plans(self) -> Today:
        """What may be done today."""
        return today(
            self.now.date(),
            self.history,
            self.levels,
            self.paper,
            person=self.who,
            moment=self.now,
        )

    def may(self, right: str) -> bool:
        """Tell whether who is visiting may do what needs `right`."""
        return self.device is not None and self.device.may(right)

    def text(self, name: str) -> str:
        """Return what was written into the field `name`, without spaces around it."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def upload(self, name: str) -> UploadFile | None:
        """Return the file that was sent in the field `name`, if one was."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def texts(self, name: str) -> list[str]:
        """Return everything that was chosen in the field `name`."""
        form = self.form
        if not isinstance(form, FormData):
            return []
        return [value for value in form.getlist(name) if isinstance(value, str)]

    # -- answers -----------------------------------------------------------------------------

    def page(self, name: str, status: int = 200, **context: Any) -> Response:
        """Return the page `name`, filled in with `context`."""
        shown = {
            "t": self.t,
            "visit": self,
            "device": self.device,
            "who": self.who,
            "people": list(self.settings.people),
            "pages": [each for each in PAGES if self.may(each[2])],
            "here": name,
            "seal": self.desk.access.seal(self.token) if self.token else "",
            "done": self.t.done.get(self.request.query_params.get("done", "")),
            "version": __version__,
            "language": self.language,
            **context,
        }
        return HTMLResponse(_TEMPLATES.get_template(f"{name}.html").render(shown), status)

    def go(self, path: str, done: str = "", **more: str) -> Response:
        """Return the way to `path`, where it is said what was `done`."""
        query = urlencode({k: v for k, v in {"who": self.who, "done": done, **more}.items() if v})
        return RedirectResponse(f"{path}{'?' if query else ''}{query}", 303)

    def at(self, path: str) -> str:
        """Return the address of `path` about the same person."""
        return path if self.who is None else f"{path}?who={self.who}"
