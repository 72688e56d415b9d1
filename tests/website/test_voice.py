"""The coach's sentences in somebody's own voice, by the page alone."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.website.conftest import Browser, House
from voice_coach.clock import SAMPLE_RATE
from voice_coach.home import equipment
from voice_coach.speaking import shaping
from voice_coach.speaking.loudness import loudness


def hum(
    seconds: float = 0.6,
    loud: float = 0.05,
    rate: int = 44100,
    kind: str = "WAV",
    pitch: float = 700,
) -> bytes:
    """Return a file with a hum in it, and silence around it."""
    rate = 44100
    t = np.arange(int(rate * seconds)) / rate
    silence = np.zeros(rate // 2)
    sound = np.concatenate([silence, loud * np.sin(2 * np.pi * pitch * t), silence])
    file = io.BytesIO()
    soundfile.write(file, sound, rate, format=kind)
    return file.getvalue()


def send(browser: Browser, content: bytes, name: str = "rise") -> tuple[int, str]:
    answer = browser.send("/voice/record", files={"file": ("a", content, "audio/x")}, name=name)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_a_recording_is_what_the_coach_says_then_as_loud_as_all_it_says(house: House) -> None:
    browser = house.browser("change")
    assert "says this in its own voice" in browser.get("/voice/line?name=rise").text
    assert send(browser, hum(kind="OGG")) == (303, "/voice/line?done=recorded&name=rise")

    voice = equipment.voice(house.settings)
    said = voice.clip("rise").samples
    assert np.argmax(np.abs(np.fft.rfft(said, SAMPLE_RATE))) == pytest.approx(700, abs=2)
    assert loudness(said) == pytest.approx(shaping.LOUDNESS, abs=0.5)

    page = browser.get("/voice/line?name=rise").text
    assert "as loud as the coach" in page
    heard, rate = soundfile.read(io.BytesIO(browser.get("/voice/sound.wav?name=rise").content))
    assert rate == SAMPLE_RATE
    assert len(heard) == pytest.approx(len(said), abs=rate // 20)


def test_a_recording_is_replaced_and_removed(house: House) -> None:
    browser = house.browser("change")
    send(browser, hum(pitch=700))
    first = browser.get("/voice/sound.wav?name=rise").content
    send(browser, hum(pitch=900))
    assert browser.get("/voice/sound.wav?name=rise").content != first
    assert browser.get("/voice").text.count('class="good">recorded') == 1
    assert browser.send("/voice/remove", name="rise").headers["location"].endswith("name=rise")
    assert browser.get("/voice/sound.wav?name=rise").status_code == 400
    assert browser.send("/voice/remove", name="rise").status_code == 400
    assert not list((house.settings.recordings / "en" / "lines").iterdir())


def test_what_a_therapist_wants_said_can_be_said_by_the_therapist(house: House) -> None:
    paper = (
        'signed_by = "R."\nsigned_on = 2026-09-30\nvalid_until = 2027-03-31\nlevel = "beginner"\n'
        'cautions = ["Keep your knees soft."]\n'
    )
    (house.folder / "paper.toml").write_text(paper)
    house.file.write_text('prescription = "paper.toml"\n' + house.file.read_text())
    browser = house.browser("change")
    assert "Keep your knees soft." in browser.get("/voice?part=own").text
    assert send(browser, hum(), "keep-your-knees-soft")[0] == 303
    (house.folder / "paper.toml").write_text(paper.replace("soft", "straight"))
    assert "Keep your knees straight." in browser.get("/voice?part=own").text


def test_sentences_are_found_by_their_words(house: House) -> None:
    browser = house.browser("look")
    page = browser.get("/voice?find=HALFWAY").text
    assert "Halfway there." in page
    assert "/voice/line?name=rise" not in page
    assert "says nothing like that" in browser.get("/voice?find=xylophone").text
    for page in ("/voice?part=questions&page=1", "/voice?page=99999", "/voice?part=x&page=-1"):
        assert browser.get(page).status_code == 200


def test_whoever_may_look_may_listen_but_not_record(house: House) -> None:
    send(house.browser("change"), hum())
    for role in ("look", "therapist"):
        browser = house.browser(role)
        assert browser.get("/voice/sound.wav?name=rise").status_code == 200
        assert "<form" not in browser.get("/voice/line?name=rise").text
        assert send(browser, hum())[0] == 403


def test_what_cannot_be_said_changes_nothing_and_is_told_in_a_sentence(house: House) -> None:
    browser = house.browser("change")
    status, text = send(browser, b"RIFF\xff\xff\xff\xffWAVE")
    assert status == 400
    assert "no sound file" in text
    assert 'aria-invalid="true"' in text
    assert not list(house.folder.rglob("*.wav"))


@pytest.mark.parametrize(
    "name", ["", "../../settings", "rise.wav", "nobody-says-this", "rise\0", "/etc/passwd"]
)
def test_a_name_leads_nowhere_else(house: House, name: str) -> None:
    browser = house.browser("change")
    assert send(browser, hum(), name)[0] == 400
    assert browser.get(f"/voice/sound.wav?name={name.replace(chr(0), '%00')}").status_code == 400
    assert not list(Path(house.folder).rglob("*.wav"))


def test_the_coach_speaks_slower_and_another_language(house: House) -> None:
    house.file.write_text('voice = "emma"\n' + house.file.read_text())
    browser = house.browser("change")
    assert browser.send("/voice/speech", rate="120", language="de").status_code == 303
    assert house.settings.voice is None
    assert house.settings.words_per_minute == 120
    assert house.settings.spoken == "de"
    assert house.settings.language == "en"
    assert "# ours" in house.file.read_text()
    page = browser.get("/voice").text
    assert "Hoch." in page
    assert '<html lang="de">' in page
    assert browser.send("/voice/speech", rate="145", language="en").status_code == 303
    assert house.settings.speaks is None


@pytest.mark.parametrize(
    ("rate", "language"),
    [("109", "en"), ("221", "en"), ("fast", "en"), ("", "en"), ("9" * 99, "en"), ("145", "../en")],
)
def test_it_speaks_neither_faster_nor_slower_than_is_good(
    house: House, rate: str, language: str
) -> None:
    before = house.file.read_text()
    answer = house.browser("change").send("/voice/speech", rate=rate, language=language)
    assert answer.status_code == 400
    assert house.file.read_text() == before
