"""Draw the page of ``voice-coach home``: ``python -m tools.draw_page [FOLDER]``.

Writes ``page-today.png`` and the like into docs, or FOLDER, as Chromium shows them on a telephone,
of a household that is made up. Needs ``pip install playwright`` and Debian's ``chromium``.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from voice_coach.diary.diary import Diary
from voice_coach.home.settings import Settings
from voice_coach.intercom.client import SpeakerLine
from voice_coach.intercom.messages import (
    Count,
    Devices,
    Levels,
    ListDevices,
    Measure,
    Status,
)
from voice_coach.intercom.server import Intercom
from voice_coach.programme.ledger import (
    Answered,
    EndReason,
    Entry,
    Feeling,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
    SetFelt,
    SetFinished,
)
from voice_coach.programme.screening import questions
from voice_coach.website.access import Access
from voice_coach.website.desk import Desk
from voice_coach.website.server import listening, prepared

ROOT: Final = Path(__file__).resolve().parents[1]
CHROMIUM: Final = "/usr/bin/chromium"
OPTIONS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that is not there, which beeps.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
NOW: Final = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
AGO: Final = (42, 40, 37, 35, 33, 30, 28, 26, 21, 19, 16, 14, 12, 7, 5, 2)
"""How many days ago sessions were."""
SHOWN: Final = {
    "today": ("/", "change"),
    "history": ("/history", "look"),
    "prescription": ("/prescription", "therapist"),
    "voice": ("/voice/line?name=rise", "change"),
    "ears": ("/ears", "change"),
    "news": ("/news", "change"),
}

PRESCRIPTION: Final = """\
signed_by = "R. Jones, physiotherapist"
signed_on = 2026-10-01
valid_until = 2027-03-31
approved = true
level = "intermediate"
repetitions = 15
firmness = "moderate"
cautions = ["Keep both hands on the sink."]
"""


def make_up(folder: Path, port: int) -> Path:
    """Write the files of a household into `folder`; return its settings file."""
    file = folder / "settings.toml"
    file.write_text(
        'diary = "diary"\ncalibration = "heels"\ncache = "cache"\nrecordings = "recordings"\n'
        f'prescription = "prescription.toml"\nintercom = "{folder / "s"}"\n'
        f'[home]\nfolder = "home"\nport = {port}\n'
    )
    (folder / "prescription.toml").write_text(PRESCRIPTION)
    with Diary.open(Settings.load(file).diary, exclusive=True) as diary:
        began = NOW - timedelta(days=43)
        for question in questions("screening"):
            diary.record(Answered(0, question.name, question.safe), began)
        diary.record(ScreeningFinished(0), began)
        for number, days in enumerate(
            (42, 40, 37, 35, 33, 30, 28, 26, 21, 19, 16, 14, 12, 7, 5, 2)
        ):
            moment = NOW - timedelta(days=days, hours=-1)
            for entry in _session(number):
                diary.record(entry, moment)
    return file


def _session(number: int) -> Iterator[Entry]:
    level, repetitions = ("beginner", 10) if number < 6 else ("intermediate", 15)
    reason = EndReason.STOPPED if number == 8 else EndReason.COMPLETED
    yield SessionStarted(0, level, 2, repetitions)
    at = 0
    for set_ in (1, 2):
        for repetition in range(1, repetitions + 1):
            at += 16000 * 7
            yield RepetitionPrompted(at, set_, repetition)
            odd = (number * 31 + set_ * 7 + repetition) % 17
            outcome = {0: Outcome.SOFT, 5: Outcome.NOT_HEARD}.get(odd, Outcome.HEARD)
            yield RepetitionResolved(at + 8000, set_, repetition, outcome)
        yield SetFinished(at, set_)
        yield SetFelt(at, set_, Feeling.FINE)
        if reason is EndReason.STOPPED:
            break
    yield SessionEnded(at, reason)


@contextmanager
def served(file: Path) -> Iterator[Access]:
    """Serve the page of the settings in `file`, with a speaker in the middle of a session."""
    settings = Settings.load(file)
    assert settings.intercom is not None
    access = Access(settings.home.folder, lambda: NOW)
    with (
        Intercom(settings.intercom, "0") as intercom,
        _answered(intercom),
        SpeakerLine(settings.intercom) as line,
    ):
        intercom.tell(Status(doing="exercising", session=True))
        intercom.tell(
            Count(
                level="intermediate",
                set=1,
                sets=2,
                number=7,
                repetitions=15,
                heard=6,
                soft=1,
                hard=0,
                not_heard=0,
            )
        )
        server = prepared(Desk(file, lambda: NOW, line, access), settings.home)
        with listening(settings.home) as place:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [place]})
            thread.start()
            while not server.started or line.count is None:
                time.sleep(0.01)
            try:
                yield access
            finally:
                server.should_exit = True
                thread.join()


@contextmanager
def _answered(intercom: Intercom) -> Iterator[None]:
    """Do what is asked over the intercom for as long as the block lasts: nothing but tell."""
    over = threading.Event()

    def answer() -> None:
        while not over.wait(0.01):
            for question in intercom.take():
                match question.request:
                    case Measure():
                        intercom.tell(Levels(room_db=-52.0, peak_db=-21.0))
                    case ListDevices():
                        intercom.tell(
                            Devices(
                                inputs=("USB PnP Sound Device", "HDA Intel"),
                                outputs=("USB PnP Sound Device",),
                                input="USB PnP Sound Device",
                                output="USB PnP Sound Device",
                            )
                        )
                intercom.answer(question)

    thread = threading.Thread(target=answer)
    intercom.ready = True
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def browser() -> Iterator[Any]:
    """Yield Chromium, without a window."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - installed apart

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        try:
            yield chromium
        finally:
            chromium.close()


def enter(page: Any, address: str, access: Access, role: str) -> None:
    """Let the browser of `page` in."""
    page.goto(f"{address}/enter")
    page.fill("#code", access.invite(role))
    page.fill("#name", "a telephone")
    page.click("main button")
    page.wait_for_selector("nav")


def record(page: Any) -> None:
    """Record a sentence on its page, as somebody does, and keep it."""
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Done", exact=True).click()
    page.wait_for_selector("#recorder audio:not([hidden])")
    page.get_by_role("button", name="Let the coach say it so").click()
    page.wait_for_selector("text=Recorded:", timeout=120_000)


def _use(page: Any, name: str) -> None:
    """Do on a page what makes its picture worth a look."""
    if name == "voice":
        record(page)
    if name == "ears":
        page.get_by_role("button", name="Tell it for half a minute").click()
        page.wait_for_selector("meter")


def main() -> int:
    """Draw the pages."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    with tempfile.TemporaryDirectory(prefix="vc") as folder, browser() as chromium:
        file = make_up(Path(folder), 8197)
        address = "http://127.0.0.1:8197"
        with served(file) as access:
            for name, (path, role) in SHOWN.items():
                context = chromium.new_context(viewport={"width": 390, "height": 844})
                page = context.new_page()
                enter(page, address, access, role)
                page.goto(f"{address}{path}")
                _use(page, name)
                picture = out / f"page-{name}.png"
                page.screenshot(path=picture, full_page=name != "prescription")
                context.close()
                print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
