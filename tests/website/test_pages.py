"""The pages: what a daughter and a therapist see, and what their forms do."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.diaries import keep_two_sessions, screen
from tests.diary.sessions import NOON
from tests.website.conftest import NOW, House
from voice_coach import __version__
from voice_coach.diary.diary import Diary
from voice_coach.home.settings import read_prescription
from voice_coach.programme.ledger import Answer
from voice_coach.programme.levels import load_levels
from voice_coach.website.app import ADDRESSES
from voice_coach.website.desk import PAGES
from voice_coach.website.pages.updates import way_of

SHOWN = [path for _, path, _ in PAGES]

FORM: dict[str, Any] = {
    "level": "beginner",
    "repetitions": "8",
    "sets": "2",
    "days": ["monday", "thursday"],
    "rise": "3",
    "hold": "1",
    "pause": "2.5",
    "firmness": "gentle",
    "cautions": "Keep both hands on the sink.\nGo slowly.",
    "signed_by": "R. Jones, physiotherapist",
    "signed_on": "2026-11-28",
    "valid_until": "2027-03-31",
    "approved": "yes",
}


@pytest.mark.parametrize("path", SHOWN)
def test_every_page_is_shown_with_an_empty_diary(house: House, path: str) -> None:
    answer = house.browser("change").get(path)
    assert answer.status_code == 200
    assert answer.text.count("<h1>") == 1


@pytest.mark.parametrize("path", SHOWN)
def test_every_page_is_shown_with_sessions_in_it(house: House, path: str) -> None:
    keep_two_sessions(house.settings)
    answer = house.browser("change").get(path)
    assert answer.status_code == 200


def test_whoever_is_not_let_in_sees_nothing(house: House) -> None:
    keep_two_sessions(house.settings)
    stranger = house.browser()
    for address in ADDRESSES:
        if address.show and address.right:
            answer = stranger.get(address.path)
            assert answer.status_code == 303
            assert answer.headers["location"] == "/enter"
    assert stranger.get("/enter").status_code == 200


@pytest.mark.parametrize("role", ["look", "change", "therapist"])
def test_each_role_may_do_what_it_says_and_no_more(house: House, role: str) -> None:
    browser = house.browser(role)
    rights = {"look": {"look"}, "change": {"look", "change"}, "therapist": {"look", "prescribe"}}
    seal = browser.seal()
    for address in ADDRESSES:
        if not address.right:
            continue
        refused = address.right not in rights[role]
        if address.show:
            assert (browser.get(address.path).status_code == 403) is refused, address
        if address.act:
            files = {"file": ("x", b"x")} if address.most else None
            answer = browser.send(address.path, files=files, seal=seal)
            if refused:
                assert answer.status_code == 403, address
                assert "somebody else" in answer.text


def test_today_says_what_is_planned_and_what_was_done(house: House) -> None:
    keep_two_sessions(house.settings)
    screen(house.settings, NOW)
    page = house.browser("look").get("/").text
    assert "The last session was on" in page
    assert "drops" in page
    assert "The speaker does not answer" in page
    assert "<button" not in page


def test_a_block_and_its_reason_are_shown_and_a_therapist_lifts_it(house: House) -> None:
    screen(house.settings, NOW, falls=Answer.YES)
    assert "therapist or doctor approves" in house.browser("look").get("/").text
    therapist = house.browser("therapist")
    assert therapist.send("/screening/approve", by=" ").status_code == 400
    answer = therapist.send("/screening/approve", by="Dr. Hill", note="knows her well")
    assert answer.headers["location"].endswith("done=approved")
    page = therapist.get("/screening").text
    assert "Approved by Dr. Hill" in page
    assert "knows her well" in page
    with Diary.open(house.settings.diary) as diary:
        assert "Dr. Hill" in str(diary.history().remarks)


class TestPrescription:
    def test_is_previewed_then_signed_and_is_the_file_that_is_read_by_hand(
        self, house: House
    ) -> None:
        therapist = house.browser("therapist")
        shown = therapist.send("/prescription/preview", **FORM)
        assert shown.status_code == 200
        assert "2×8" in shown.text
        assert house.settings.prescription is None
        unsure = therapist.send("/prescription/sign", **FORM)
        assert unsure.status_code == 400
        assert "Tick that" in unsure.text
        answer = therapist.send("/prescription/sign", **FORM, sure="yes")
        assert answer.headers["location"] == "/prescription?done=signed"

        file = house.settings.prescription
        assert file is not None
        paper = read_prescription(file, load_levels())
        assert paper.signed_by == "R. Jones, physiotherapist"
        assert paper.repetitions == 8
        assert paper.days == ("monday", "thursday")
        assert str(paper.tempo) == "3-1-x-2.5"
        assert paper.cautions == ("Keep both hands on the sink.", "Go slowly.")
        assert paper.approved
        assert "# ours" in house.file.read_text()
        page = therapist.get("/prescription").text
        assert "R. Jones" in page
        assert therapist.get("/prescription.toml").content == file.read_bytes()

    def test_of_before_is_kept(self, house: House) -> None:
        therapist = house.browser("therapist")
        therapist.send("/prescription/sign", **FORM, sure="yes")
        therapist.send("/prescription/sign", **{**FORM, "repetitions": "5"}, sure="yes")
        before = list(house.folder.glob("prescription-before-*.toml"))
        assert len(before) == 1
        assert "repetitions = 8" in before[0].read_text()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"repetitions": "40"}, "40 is not between 1 and 10"),
            ({"repetitions": "-3"}, "not between"),
            ({"repetitions": "ten"}, "whole number"),
            ({"sets": "9"}, "not between"),
            ({"level": "olympic"}, "there is no level"),
            ({"valid_until": "soon"}, "a date such as"),
            ({"valid_until": ""}, "valid_until"),
            ({"valid_until": "2026-11-01"}, "after valid_until"),
            ({"signed_on": "2026-12-24"}, "still to come"),
            ({"signed_by": ""}, "signed_by"),
            ({"rise": "0"}, "tempo"),
            ({"rise": "99"}, "tempo"),
            ({"hold": ""}, "tempo"),
            ({"firmness": "brutal"}, "firm"),
            ({"single_leg": "yes"}, "one leg"),
            ({"days": ["someday"]}, ""),
            ({"cautions": "a\n" * 7}, "At most six"),
            ({"cautions": "x" * 200}, "At most six"),
        ],
    )
    def test_with_a_mistake_changes_nothing_and_says_what_is_wrong(
        self, house: House, changes: dict[str, Any], said: str
    ) -> None:
        therapist = house.browser("therapist")
        answer = therapist.send("/prescription/sign", **{**FORM, **changes}, sure="yes")
        if changes != {"days": ["someday"]}:  # a day that there is not is none
            assert answer.status_code == 400
            assert house.settings.prescription is None
            assert 'role="alert"' in answer.text
        assert said in answer.text
        assert "Traceback" not in answer.text

    def test_can_only_be_lowered(self, house: House) -> None:
        """Whatever the page writes, a session never asks for more than the programme."""
        therapist = house.browser("therapist")
        for level in load_levels():
            too_much = {**FORM, "level": level.name, "repetitions": str(level.repetitions.high + 1)}
            assert therapist.send("/prescription/sign", **too_much, sure="yes").status_code == 400

    def test_is_read_from_a_file_into_the_form(self, house: House) -> None:
        example = Path(__file__).parents[2] / "docs" / "prescription.example.toml"
        therapist = house.browser("therapist")
        files = {"file": ("p.toml", example.read_bytes())}
        answer = therapist.send("/prescription/upload", files=files)
        assert answer.status_code == 200
        assert 'value="R. Jones, physiotherapist"' in answer.text
        assert house.settings.prescription is None
        for content in (b"level = 3", b"\xff\xfe\x00", b"x" * (2 << 20)):
            files = {"file": ("p.toml", content)}
            assert therapist.send("/prescription/upload", files=files).status_code == 400

    def test_that_is_broken_is_told_and_can_be_replaced(self, house: House) -> None:
        therapist = house.browser("therapist")
        therapist.send("/prescription/sign", **FORM, sure="yes")
        assert house.settings.prescription is not None
        house.settings.prescription.write_text("level = ")
        assert "cannot be read" in therapist.get("/prescription").text
        assert therapist.send("/prescription/sign", **FORM, sure="yes").status_code == 303
        assert "Signed by" in therapist.get("/prescription").text

    def test_names_are_shown_as_they_are_and_run_nothing(self, house: House) -> None:
        therapist = house.browser("therapist")
        evil = '<script>alert("1")</script>\n[people.x]'
        form = {**FORM, "signed_by": evil, "cautions": evil}
        assert therapist.send("/prescription/sign", **form, sure="yes").status_code == 303
        page = therapist.get("/prescription").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert house.settings.prescription is not None
        assert not house.settings.people


class TestTwoPeople:
    @pytest.fixture
    def household(self, houses: Callable[..., House]) -> House:
        house = houses()
        with house.file.open("a") as more:
            more.write("[people.anna]\n[people.ben]\n")
        return house

    def test_each_has_a_page_of_their_own(self, household: House) -> None:
        keep_two_sessions(household.settings.of("anna"))
        browser = household.browser("look")
        assert "The last session" in browser.get("/?who=anna").text
        assert "Nothing is written" in browser.get("/?who=ben").text
        assert "Today: Anna" in browser.get("/?who=../../etc").text

    def test_each_has_a_prescription_of_their_own(self, household: House) -> None:
        therapist = household.browser("therapist")
        therapist.send("/prescription/sign", **FORM, sure="yes", who="ben")
        assert household.settings.people["ben"].prescription is not None
        assert household.settings.people["anna"].prescription is None
        assert "# ours" in household.file.read_text()


class TestBackup:
    def test_is_downloaded_and_restored(self, house: House, tmp_path: Path) -> None:
        keep_two_sessions(house.settings)
        browser = house.browser("change")
        content = browser.get("/backup.sqlite3").content
        file = tmp_path / "copy.sqlite3"
        file.write_bytes(content)
        with sqlite3.connect(file) as copy:
            assert copy.execute("SELECT count(*) FROM sessions").fetchone()[0] == 2
        copy.close()
        word = "forget everything"
        assert browser.send("/backup/forget", sure="yes").status_code == 400
        assert browser.send("/backup/forget", sure=word).status_code == 303
        assert "Nothing is written" in browser.get("/").text
        unsure = browser.send("/backup/restore", files={"file": ("d", content)})
        assert unsure.status_code == 400
        answer = browser.send("/backup/restore", files={"file": ("d", content)}, sure="yes")
        assert answer.headers["location"] == "/backup?done=restored"
        assert "The last session" in browser.get("/").text
        assert not list(house.settings.diary.glob(".sent-*"))

    @pytest.mark.parametrize("content", [b"", b"nonsense", b"SQLite format 3\0" + b"\0" * 4096])
    def test_that_is_none_changes_nothing(self, house: House, content: bytes) -> None:
        keep_two_sessions(house.settings)
        browser = house.browser("change")
        answer = browser.send("/backup/restore", files={"file": ("d", content)}, sure="yes")
        assert answer.status_code == 400
        assert "The last session" in browser.get("/").text

    def test_is_refused_while_another_program_writes_the_diary(self, house: House) -> None:
        keep_two_sessions(house.settings)
        browser = house.browser("change")
        content = browser.get("/backup.sqlite3").content
        with Diary.open(house.settings.diary, exclusive=True):
            answer = browser.send("/backup/restore", files={"file": ("d", content)}, sure="yes")
        assert answer.status_code == 400
        assert "in use" in answer.text


def test_reminders_are_set_and_mistakes_are_told(house: House) -> None:
    browser = house.browser("change")
    answer = browser.send("/people/reminders", times="10:30 16:00", days=["monday"])
    assert answer.status_code == 303
    assert house.settings.reminders is not None
    assert house.settings.reminders.times == ("10:30", "16:00")
    assert browser.send("/people/reminders", times="half past ten").status_code == 400
    assert house.settings.reminders.times == ("10:30", "16:00")
    browser.send("/people/reminders", times="")
    assert house.settings.reminders is None


@pytest.mark.parametrize("name", ["", "x", "Anna Maria", "../anna", "anna.ben", "a" * 30])
def test_a_name_that_cannot_be_is_refused(house: House, name: str) -> None:
    assert house.browser("change").send("/people/add", name=name).status_code == 400
    assert not house.settings.people


def test_a_report_is_a_pdf(house: House) -> None:
    browser = house.browser("look")
    assert browser.get("/report.pdf").status_code == 400
    keep_two_sessions(house.settings)
    answer = browser.get("/report.pdf?weeks=4")
    assert answer.content.startswith(b"%PDF")
    assert browser.get("/report.pdf?weeks=4000").status_code == 400


def test_a_calendar_has_an_address_that_opens_nothing_else(house: House) -> None:
    keep_two_sessions(house.settings)
    house.now = NOON + timedelta(days=5)
    screen(house.settings, house.now)
    browser = house.browser("look")
    shown = browser.send("/devices/calendar").text
    found = re.search(r"http://127.0.0.1:8127(/calendar/[\w-]+\.ics)", shown)
    assert found
    phone = house.browser()
    feed = phone.get(found[1])
    assert feed.headers["content-type"].startswith("text/calendar")
    lines = feed.text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert feed.text.count("BEGIN:VEVENT") >= 3
    assert any("heard" in line for line in lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    token = found[1].split("/")[2].removesuffix(".ics")
    phone.client.cookies.set("voice-coach", token)
    assert phone.get("/").status_code == 403
    number = house.access.devices()[0].id
    browser = house.browser("change")
    browser.send("/devices/withdraw", id=number)
    assert phone.get(found[1]).status_code == 404


def test_planned_days_of_the_calendar_keep_to_the_prescription(house: House) -> None:
    therapist = house.browser("therapist")
    therapist.send("/prescription/sign", **FORM, sure="yes")
    shown = therapist.send("/devices/calendar").text
    found = re.search(r"(/calendar/[\w-]+\.ics)", shown)
    assert found
    feed = therapist.get(found[1]).text
    days = re.findall(r"DTSTART;VALUE=DATE:(\d{8})", feed)
    assert days
    assert {date.fromisoformat(day).weekday() for day in days} <= {0, 3}


def test_a_month_can_be_looked_at(house: House) -> None:
    keep_two_sessions(house.settings)
    browser = house.browser("look")
    for month in ("2026-03", "1800-01", "9999-12", "nonsense", "2026-13"):
        assert browser.get(f"/history?month={month}").status_code == 200
    assert "March 2026" in browser.get("/history?month=2026-03").text


def test_the_day_of_the_page_is_that_of_the_clock(house: House) -> None:
    house.now = NOW.astimezone(UTC) + timedelta(days=3)
    assert "Tuesday, 1 December 2026" in house.browser("look").get("/").text


def test_the_page_may_be_in_another_language_than_the_speaker(house: House) -> None:
    keep_two_sessions(house.settings)
    screen(house.settings, NOW, falls=Answer.YES)
    with house.file.open("a") as more:
        more.write('language = "de"\n')
    browser = house.browser("change")
    for path in SHOWN:
        page = browser.get(path)
        assert page.status_code == 200
        assert '<html lang="de">' in page.text
    assert "Samstag, 28. November 2026" in browser.get("/").text
    assert house.settings.language == "en"


class TestReport:
    def test_is_read_and_printed_without_anything_that_draws(self, house: House) -> None:
        keep_two_sessions(house.settings)
        screen(house.settings, NOON, falls=Answer.YES)
        house.now = NOON + timedelta(days=1)
        browser = house.browser("therapist")
        assert "/report/sheet?weeks=4" in browser.get("/report").text
        page = browser.get("/report/sheet?weeks=4").text
        for said in ("Heel drops at home", "Sessions: 2", "Screening and approvals", "blocks"):
            assert said in page
        assert browser.get("/report/sheet?weeks=5").status_code == 400

    def test_of_an_empty_diary_is_empty(self, house: House) -> None:
        page = house.browser("look").get("/report/sheet").text
        assert "Sessions: 0" in page
        assert "None was told of." in page


class TestUpdates:
    def test_tell_the_version_and_a_way_to_a_newer_one(self, house: House) -> None:
        page = house.browser("look").get("/updates").text
        assert f"This is version {__version__}." in page
        assert "CHANGELOG.md" in page

    @pytest.mark.parametrize(
        ("place", "way"),
        [
            ("/usr/lib/voice-coach/lib/python3.11/site-packages/voice_coach", "package"),
            ("/usr/lib/python3/dist-packages/voice_coach", "other"),
        ],
    )
    def test_know_how_the_program_came_there(self, place: str, way: str) -> None:
        assert way_of(Path(place)) == way

    def test_of_a_clone_are_had_from_where_it_came(self, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        assert way_of(tmp_path / "voice_coach") == "clone"
