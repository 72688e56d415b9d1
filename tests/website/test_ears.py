"""How loud it is where the speaker is, and what it hears by: told as figures and names alone."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.website.conftest import House
from voice_coach.intercom.client import SpeakerLine
from voice_coach.intercom.messages import Devices, Levels, ListDevices, Measure, Status
from voice_coach.intercom.server import Intercom

THERE = Devices(
    inputs=("USB PnP", "HDA Analog"), outputs=("USB PnP",), input="USB PnP: hw1", output="USB PnP"
)


class Speaker:
    """The speaker's end of an intercom that tells what it is asked for."""

    def __init__(self, path: Path) -> None:
        self.level = Levels(room_db=-51.2, peak_db=-20.4)
        self.intercom = Intercom(path)
        self.intercom.ready = True
        self.intercom.tell(Status(doing="asleep"))
        self._ending = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._ending:
            for question in self.intercom.take():
                match question.request:
                    case Measure():
                        self.intercom.tell(self.level)
                    case ListDevices():
                        self.intercom.tell(THERE)
                self.intercom.answer(question)
            time.sleep(0.005)

    def close(self) -> None:
        self._ending = True
        self._thread.join(5)
        self.intercom.close()


@pytest.fixture
def speaker(short_path: Path) -> Iterator[Speaker]:
    speaker = Speaker(short_path)
    yield speaker
    speaker.close()


@pytest.fixture
def heard(speaker: Speaker, short_path: Path, houses: Callable[..., House]) -> Iterator[House]:
    with SpeakerLine(short_path) as line:
        deadline = time.monotonic() + 10
        while line.status is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield houses(line=line, more=f'intercom = "{short_path}"\n')


def test_the_level_is_shown_when_it_is_asked_for(heard: House) -> None:
    browser = heard.browser("change")
    assert "Nothing is told" in browser.get("/ears").text
    assert browser.send("/ears/listen").headers["location"] == "/ears?done=listening"
    page = browser.get("/ears/levels").text
    assert "The room: -51 dB. The loudest: -20 dB." in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (Levels(room_db=-20.0, peak_db=0.0, clipped=True), "more than the microphone takes"),
        (Levels(room_db=-30.0, peak_db=-12.0), "The room is loud"),
        (Levels(room_db=-110.0, peak_db=-100.0), "fainter than any room"),
    ],
)
def test_what_to_do_about_a_level_is_said(
    heard: House, speaker: Speaker, level: Levels, said: str
) -> None:
    speaker.level = level
    browser = heard.browser("change")
    browser.send("/ears/listen")
    assert said in browser.get("/ears").text


def test_a_microphone_is_chosen_and_stands_in_the_settings(heard: House) -> None:
    browser = heard.browser("change")
    page = browser.get("/ears").text
    assert '<option value="HDA Analog">' in page
    assert "Microphone: USB PnP: hw1" in page
    assert browser.send("/ears/choose", input="HDA Analog", output="").status_code == 303
    assert heard.settings.input == "HDA Analog"
    assert heard.settings.output is None
    assert "# ours" in heard.file.read_text()
    assert '<option value="HDA Analog" selected>' in browser.get("/ears").text
    assert browser.send("/ears/choose", input="", output="USB PnP").status_code == 303
    assert heard.settings.input is None
    assert heard.settings.output == "USB PnP"


@pytest.mark.parametrize("name", ["Nobody's", 'a"\n[home]', "x" * 500])
def test_no_other_microphone_can_be_set(heard: House, name: str) -> None:
    before = heard.file.read_text()
    assert heard.browser("change").send("/ears/choose", input=name).status_code == 400
    assert heard.file.read_text() == before


def test_without_the_speaker_the_page_is_there_all_the_same(house: House) -> None:
    browser = house.browser("change")
    assert "Nothing is told" in browser.get("/ears").text
    assert browser.send("/ears/listen").status_code == 400
    assert browser.send("/ears/choose", input="x").status_code == 400


def test_what_was_looked_for_is_told_in_rows(house: House) -> None:
    page = house.browser("change").send("/ears/check").text
    assert "Diary" in page
    assert "Memory card" in page
    assert "All is well" not in page
    assert "Microphone</th>" not in page
    rows = re.findall(r'<th scope="row">(.*?)</th>', page)
    assert len(rows) >= 7
    assert all(row[0].isupper() for row in rows), "each has a name that a household knows"
