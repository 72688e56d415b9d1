"""The page in a real browser: for everybody to see, on any screen, with scripts and without."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="pip install playwright axe-playwright-python")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

from tools.draw_page import CHROMIUM, browser, enter, make_up, record, served  # noqa: E402
from voice_coach.website.access import Access  # noqa: E402

if shutil.which(CHROMIUM) is None:
    pytest.skip("there is no chromium: apt install chromium", allow_module_level=True)

pytestmark = pytest.mark.slow

PAGES = {
    "change": [
        *("/", "/history", "/people", "/voice", "/voice/line?name=rise", "/ears", "/backup"),
        *("/devices", "/help", "/report", "/report/sheet", "/news", "/updates"),
    ],
    "therapist": ["/prescription", "/screening"],
}
SCREENS = {"320": (320, 1.0), "390": (390, 1.0), "1280": (1280, 1.0), "200 % text": (390, 2.0)}
"""Width, and how much larger the text is than usual."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def page_and_access() -> Iterator[tuple[str, Access]]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        tempfile.TemporaryDirectory(prefix="vc") as folder,
        served(make_up(Path(folder), port)) as access,
    ):
        yield f"http://127.0.0.1:{port}", access


@pytest.mark.parametrize("role", PAGES)
def test_nothing_is_wrong_for_anybody_on_any_screen(
    chromium: Any, page_and_access: tuple[str, Access], role: str
) -> None:
    address, access = page_and_access
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    enter(page, address, access, role)
    for path in [*PAGES[role], "/enter"]:
        page.goto(f"{address}{path}")
        for screen, (width, zoom) in SCREENS.items():
            page.set_viewport_size({"width": width, "height": 800})
            page.add_style_tag(content=f"html {{ font-size: {125 * zoom}% !important }}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, screen)
            if screen == "320":
                assert violations(page) == [], path
    context.close()


def test_german_words_fit_on_a_small_screen_too(chromium: Any) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="vc") as folder:
        file = make_up(Path(folder), port)
        file.write_text('speaks = "de"\n' + file.read_text())
        with served(file) as access:
            for role, paths in PAGES.items():
                context = chromium.new_context(viewport={"width": 320, "height": 800})
                page = context.new_page()
                enter(page, f"http://127.0.0.1:{port}", access, role)
                for path in paths:
                    page.goto(f"http://127.0.0.1:{port}{path.replace('rise', 'hoch')}")
                    assert page.get_attribute("html", "lang") == "de"
                    assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
                context.close()


def violations(page: Any) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def test_the_dark_colours_can_be_read_too(
    chromium: Any, page_and_access: tuple[str, Access]
) -> None:
    address, access = page_and_access
    context = chromium.new_context(color_scheme="dark", bypass_csp=True)
    page = context.new_page()
    enter(page, address, access, "change")
    for path in ("/", "/history", "/backup"):
        page.goto(f"{address}{path}")
        assert violations(page) == [], path
    context.close()


def test_a_prescription_is_written_without_scripts(
    chromium: Any, page_and_access: tuple[str, Access]
) -> None:
    address, access = page_and_access
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    enter(page, address, access, "therapist")
    page.goto(f"{address}/prescription")
    page.fill("#repetitions", "12")
    page.check("input[value=gentle]")
    page.click("text=Show the next twelve weeks")
    assert page.locator("tbody tr").count() == 12
    page.check("input[name=sure]")
    page.get_by_role("button", name="Sign", exact=True).click()
    assert "Signed. It holds" in page.content()
    assert "Most drops in a set: 12" in page.inner_text("main")
    context.close()


def test_a_mistake_is_shown_where_it_is(chromium: Any, page_and_access: tuple[str, Access]) -> None:
    address, access = page_and_access
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    enter(page, address, access, "therapist")
    page.goto(f"{address}/prescription")
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    page.fill("#sets", "9")
    page.click("text=Show the next twelve weeks")
    assert page.get_attribute("#sets", "aria-invalid") == "true"
    assert "not between 1 and 3" in page.inner_text("[role=alert]")
    assert violations(page) == []
    context.close()


def test_no_page_asks_anything_of_anybody_else(
    chromium: Any, page_and_access: tuple[str, Access]
) -> None:
    address, access = page_and_access
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    enter(page, address, access, "change")
    for path in PAGES["change"]:
        page.goto(f"{address}{path}")
    assert all(url.startswith((address, "data:")) for url in asked)
    assert wrong == []
    context.close()


def test_what_the_speaker_does_is_renewed_by_itself(
    chromium: Any, page_and_access: tuple[str, Access]
) -> None:
    address, access = page_and_access
    context = chromium.new_context()
    page = context.new_page()
    enter(page, address, access, "look")
    with page.expect_response(lambda answer: answer.url.endswith("/now"), timeout=15000) as seen:
        pass
    assert seen.value.status == 200
    assert "A session is going on" in page.inner_text("[data-fresh]")
    context.close()


def test_a_sentence_is_recorded_in_the_browser(
    chromium: Any, page_and_access: tuple[str, Access]
) -> None:
    address, access = page_and_access
    context = chromium.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    enter(page, address, access, "change")
    page.goto(f"{address}/voice/line?name=rise")
    record(page)
    seconds = float(page.inner_text("text=/Recorded: /").split()[1])
    assert 0.1 < seconds < 2.5
    played = page.evaluate("document.querySelector('main > audio').duration")
    assert played == pytest.approx(seconds, abs=0.1)
    assert wrong == []
    context.close()


def test_a_sentence_is_sent_as_a_file_without_scripts(
    chromium: Any, page_and_access: tuple[str, Access], tmp_path: Path
) -> None:
    sound = Path(__file__).parents[2] / "audio" / "tones" / "ready.flac"
    address, access = page_and_access
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, address, access, "change")
    page.goto(f"{address}/voice/line?name=halfway-there")
    page.set_input_files("#file", sound)
    page.get_by_role("button", name="Let the coach say it so").click()
    page.wait_for_selector("text=Recorded:", timeout=120_000)
    page.get_by_role("button", name="Remove the recording").click()
    page.wait_for_selector("text=in its own voice")
    context.close()
