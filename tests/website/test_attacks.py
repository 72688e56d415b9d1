"""Attacks: what somebody in the home's network, or a page elsewhere, might try."""

import gzip
import logging
import random
import re
import socket
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.diaries import keep_two_sessions
from tests.website.conftest import ADDRESS, House
from voice_coach.website.access import LASTS, TRIES
from voice_coach.website.app import ADDRESSES
from voice_coach.website.guard import ENTERING_BURST, LARGEST, SMALL, Allowance

FIELDS = (
    *("who", "name", "times", "what", "steps", "id", "by", "sure", "code", "input", "output"),
    *("host", "port", "security", "user", "password", "sender", "to", "every", "at", "days"),
    *("level", "signed_by", "signed_on", "valid_until", "repetitions", "cautions"),
)
ACTS = [address for address in ADDRESSES if address.act and address.right]


class TestAnotherPage:
    @pytest.mark.parametrize(
        "host",
        ["evil.example", "evil.example:8127", "127.0.0.1.evil.example", "", "voice-coach.local"],
    )
    def test_that_points_its_name_here_gets_nothing(self, house: House, host: str) -> None:
        browser = house.browser("change")
        answer = browser.get("/", host=host)
        assert answer.status_code == 400
        assert "speaker" not in answer.text

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8127", "LOCALHOST", "[::1]:8127"])
    def test_by_a_name_of_ours_is_answered(self, house: House, host: str) -> None:
        assert house.browser("look").get("/", host=host).status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "http://evil.example"},
            {"origin": "null"},
            {"origin": "https://127.0.0.1:8127"},
            {"origin": "http://127.0.0.1:8128"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {},
        ],
    )
    def test_cannot_send_a_form_in_somebodys_name(
        self, house: House, headers: dict[str, str]
    ) -> None:
        browser = house.browser("change")
        seal = browser.seal()
        for address in ACTS:
            answer = browser.client.post(address.path, data={"seal": seal}, headers=headers)
            assert answer.status_code == 403, address.path
        assert len(house.access.devices()) == 1

    def test_cannot_make_up_or_steal_a_seal(self, house: House) -> None:
        mine, other = house.browser("change"), house.browser("change")
        for address in ACTS:
            for seal in ("", "x" * 64, other.seal(), "ä"):
                if address.right == "prescribe":
                    continue
                answer = mine.send(address.path, seal=seal, id="all", what="stop")
                assert answer.status_code == 403, address.path
        assert len(house.access.devices()) == 2

    def test_cannot_frame_or_run_anything_in_ours(self, house: House) -> None:
        keep_two_sessions(house.settings)
        browser = house.browser("change")
        for path in ("/", "/history", "/enter", "/nothing", "/static/style.css"):
            headers = browser.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"

    def test_pages_hold_no_inline_script_or_style(self, house: House) -> None:
        browser = house.browser("change")
        for address in ADDRESSES:
            if address.show:
                page = browser.get(address.path).text
                assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", page)


class TestTheDigits:
    def test_are_good_once(self, house: House) -> None:
        code = house.access.invite("look")
        assert house.browser().send("/enter", code=code, name="a").status_code == 303
        assert house.browser().send("/enter", code=code, name="b").status_code == 403

    def test_are_good_for_two_minutes(self, house: House) -> None:
        code = house.access.invite("look")
        house.pass_by(seconds=LASTS.total_seconds() - 1)
        assert house.browser().send("/enter", code=code, name="a").status_code == 303
        code = house.access.invite("look")
        house.pass_by(seconds=LASTS.total_seconds())
        assert house.browser().send("/enter", code=code, name="a").status_code == 403

    def test_do_not_last_longer_where_the_clock_is_set_back(self, house: House) -> None:
        code = house.access.invite("look")
        house.pass_by(hours=-5)
        assert house.browser().send("/enter", code=code, name="a").status_code == 403

    def test_are_good_for_five_tries_of_everybody_together(self, house: House) -> None:
        code = house.access.invite("look")
        wrong = f"{(int(code) + 1) % 10**6:06}"
        for _ in range(TRIES):
            assert house.access.enter(wrong, "a") is None
        assert house.access.enter(code, "a") is None

    def test_may_be_written_with_a_space(self, house: House) -> None:
        code = house.access.invite("look")
        spaced = f" {code[:3]} {code[3:]} "
        assert house.browser().send("/enter", code=spaced, name="a").status_code == 303

    @pytest.mark.parametrize("code", ["", " ", "٣" * 6, "0" * 5, "0" * 7, "1e5", "-1", "\0"])
    def test_cannot_be_anything_else(self, house: House, code: str) -> None:
        assert house.browser().send("/enter", code=code, name="a").status_code == 403

    def test_cannot_be_tried_fast(self, house: House) -> None:
        stranger = house.browser()
        answers = [stranger.send("/enter", code="000000", name="a").status_code for _ in range(20)]
        assert answers.count(403) <= ENTERING_BURST + 1
        assert answers[-1] == 429

    def test_are_kept_nowhere_in_plain(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        code = house.access.invite("change")
        browser = house.browser()
        browser.send("/enter", code=code, name="a")
        token = browser.client.cookies["voice-coach"]
        browser.get("/")
        kept = (house.settings.home.folder / "devices.json").read_text()
        assert token not in kept + caplog.text
        assert f'"{code}"' not in kept
        assert code not in caplog.text
        assert (house.settings.home.folder / "devices.json").stat().st_mode & 0o077 == 0


class TestAToken:
    def test_that_was_stolen_is_worth_nothing_once_withdrawn(self, house: House) -> None:
        owner = house.browser("change")
        thief = house.browser()
        thief.client.cookies.set("voice-coach", owner.client.cookies["voice-coach"])
        assert thief.get("/").status_code == 200
        house.access.withdraw(house.access.devices()[0].id)
        for address in ADDRESSES:
            if address.show and address.right:
                assert thief.get(address.path).status_code == 303
        assert thief.send("/speaker", what="stop", seal="x").headers["location"] == "/enter"

    def test_is_not_to_be_had_by_scripts_nor_sent_from_elsewhere(self, house: House) -> None:
        code = house.access.invite("look")
        cookie = house.browser().send("/enter", code=code, name="a").headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie

    @pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\u00e4", "../devices.json"])
    def test_that_is_made_up_lets_nobody_in(self, house: House, token: str) -> None:
        browser = house.browser()
        cookie = f"voice-coach={token}".encode("latin-1")
        answer = browser.client.get("/", headers={b"cookie": cookie})
        assert answer.status_code == 303

    def test_opens_only_so_many_doors(self, house: House) -> None:
        for _ in range(40):
            code = house.access.invite("look")
            assert house.access.enter(code, "a")
        assert len(house.access.devices()) <= 30


@pytest.mark.parametrize(
    "path",
    [
        "/static/../access.py",
        "/static/%2e%2e/access.py",
        "/static/..%2f..%2fpyproject.toml",
        "/static//etc/passwd",
        "/static/%00",
        "/backup.sqlite3?who=../../etc",
        "/calendar/..%2f..%2fx.ics",
        "/prescription.toml?who=..%2f..%2f",
    ],
)
def test_no_path_leads_out(house: House, path: str) -> None:
    answer = house.browser("change").get(path)
    assert answer.status_code in {200, 400, 404}
    assert "import" not in answer.text
    assert "root:" not in answer.text


def test_the_name_of_an_upload_leads_nowhere(house: House) -> None:
    therapist = house.browser("therapist")
    before = sorted(house.folder.rglob("*"))
    for name in ("../../evil.toml", "/etc/passwd", "a\0b", "x" * 300):
        therapist.send("/prescription/upload", files={"file": (name, b"level = 1")})
    assert sorted(house.folder.rglob("*")) == before


class TestTooMuch:
    def test_is_refused_before_anybody_is_let_in(self, house: House) -> None:
        stranger = house.browser()
        body = b"code=" + b"1" * SMALL
        kind = {"origin": ADDRESS, "content-type": "application/x-www-form-urlencoded"}
        assert stranger.client.post("/enter", content=body, headers=kind).status_code == 413

    def test_in_a_form_is_refused(self, house: House) -> None:
        browser = house.browser("change")
        assert browser.send("/people/add", name="x" * SMALL).status_code == 413
        many: dict[str, Any] = {f"f{number}": "x" for number in range(100)}
        assert browser.send("/people/add", **many).status_code == 400

    def test_in_a_file_is_refused_as_it_comes(self, house: House) -> None:
        browser = house.browser("change")
        seal = browser.seal()
        sent = 0

        def endless() -> Iterator[bytes]:
            nonlocal sent
            yield (
                b'--x\r\ncontent-disposition: form-data; name="seal"\r\n\r\n'
                + seal.encode()
                + b'\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n'
            )
            while sent < 2 * LARGEST:
                sent += 1 << 20
                yield b"\0" * (1 << 20)

        headers = {"origin": ADDRESS, "content-type": "multipart/form-data; boundary=x"}
        answer = browser.client.post("/backup/restore", content=endless(), headers=headers)
        assert answer.status_code == 413

    def test_that_was_packed_is_not_unpacked(self, house: House) -> None:
        therapist = house.browser("therapist")
        bomb = gzip.compress(b"a" * (20 << 20))
        answer = therapist.send("/prescription/upload", files={"file": ("p.toml.gz", bomb)})
        assert answer.status_code == 400
        headers = {
            "origin": ADDRESS,
            "content-encoding": "gzip",
            "content-type": "application/x-www-form-urlencoded",
        }
        answer = therapist.client.post("/prescription/preview", content=bomb, headers=headers)
        assert answer.status_code in {400, 403}

    @pytest.mark.parametrize(
        "kind",
        ["multipart/form-data", "multipart/form-data; boundary=", "text/plain", "x" * 500, ""],
    )
    def test_of_no_kind_is_no_form(self, house: House, kind: str) -> None:
        browser = house.browser("change")
        headers = {"origin": ADDRESS, "content-type": kind}
        answer = browser.client.post("/people/add", content=b"--\r\n\0", headers=headers)
        assert answer.status_code in {400, 403}


def test_requests_without_end_are_held_back(house: House) -> None:
    now = 0.0
    allowance = Allowance(2.0, 10.0, lambda: now)
    assert [allowance.grants("a") for _ in range(11)].count(True) == 10
    assert allowance.grants("b")
    now += 1.0
    assert [allowance.grants("a") for _ in range(3)] == [True, True, False]
    for number in range(5000):
        allowance.grants(str(number))
    assert len(allowance._left) <= 256


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT"])
def test_other_ways_of_asking_are_refused(house: House, method: str) -> None:
    answer = house.browser("change").client.request(method, "/")
    assert answer.status_code == 405


def test_nothing_of_health_is_kept_by_a_browser(house: House) -> None:
    keep_two_sessions(house.settings)
    browser = house.browser("change")
    for address in ADDRESSES:
        if address.show:
            assert browser.get(address.path).headers["cache-control"] == "no-store", address.path


def test_a_thousand_odd_requests_find_no_mistake(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    keep_two_sessions(house.settings)
    browser = house.browser("change")
    house.guard._asking.per_second = 1e9
    house.guard._asking.burst = 1e9
    dice = random.Random(1)
    seal = browser.seal()
    paths = [address.path for address in ADDRESSES if "report.pdf" not in address.path]
    paths = [path for path in paths if path not in {"/ears/check", "/backup/forget"}]

    def junk(most: int = 30) -> str:
        letters = string.printable + "äé€😀\u202e\ufeff"
        return "".join(dice.choice(letters) for _ in range(dice.randrange(most)))

    for _ in range(1000):
        path = dice.choice(paths)
        if dice.random() < 0.2:
            path += "/" + "".join(dice.choice(string.ascii_letters + "./%?") for _ in range(9))
        if dice.random() < 0.5:
            answer = browser.client.get(
                path, params={dice.choice(["who", "month", "done", "find", "part", "page"]): junk()}
            )
        else:
            fields = {junk() or "x": junk(200) for _ in range(dice.randrange(5))}
            fields |= {name: junk(60) for name in FIELDS if dice.random() < 0.2}
            fields["seal"] = seal if dice.random() < 0.9 else junk()
            answer = browser.client.post(path, data=fields, headers={"origin": ADDRESS})
        assert answer.status_code < 500, (path, answer.text)
        if not house.access.devices():
            browser.enter("change")
            seal = browser.seal()
    assert "mistake" not in caplog.text


class TestSlowClients:
    @pytest.fixture
    def page(self, house: House) -> Iterator[int]:
        """The page as a process of its own, which has little patience."""
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with house.file.open("a") as more:
            more.write(f"port = {port}\n")
        code = (
            "import sys; from voice_coach.website import server, guard;"
            "server.SLOWEST = 0.7; guard.PATIENCE = 1.0;"
            "from voice_coach.cli import main; sys.exit(main(sys.argv[1:]))"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, "home", "--settings", str(house.file)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        yield port
        process.terminate()
        process.wait(10)
        process.stdout.close()

    def test_are_cut_off_and_keep_nobody_else_out(self, page: int) -> None:
        def connect() -> socket.socket:
            return socket.create_connection(("127.0.0.1", page), timeout=5)

        idle = [connect() for _ in range(40)]
        idle[0].sendall(b"GET / HT")
        time.sleep(1.2)
        assert all(each.recv(1) == b"" for each in idle)
        for each in idle:
            each.close()

        with connect() as slow:
            slow.sendall(
                b"POST /enter HTTP/1.1\r\nhost: 127.0.0.1\r\norigin: http://127.0.0.1\r\n"
                b"content-type: application/x-www-form-urlencoded\r\ncontent-length: 50\r\n\r\nco"
            )
            begun = time.monotonic()
            answer = slow.recv(4096)
            assert b" 413 " in answer
            assert time.monotonic() - begun < 4

        with connect() as one:
            one.sendall(b"GET /enter HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
            answer = one.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")
            assert b"uvicorn" not in answer.lower()

    def test_what_is_no_request_ends_nothing(self, page: int) -> None:
        for text in (b"\0" * 100, b"GET\r\n\r\n", b"A" * 70000, b"\x16\x03\x01" + b"x" * 200):
            with socket.create_connection(("127.0.0.1", page), timeout=5) as odd:
                try:
                    odd.sendall(text)
                    odd.recv(100)
                except ConnectionError:
                    pass
        with socket.create_connection(("127.0.0.1", page), timeout=5) as one:
            one.sendall(b"GET /enter HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
            assert one.recv(4096).startswith(b"HTTP/1.1 200")


def test_the_page_takes_at_most_60_megabytes(house: House) -> None:
    keep_two_sessions(house.settings)
    code = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from voice_coach.intercom.client import SpeakerLine
from voice_coach.website.access import Access
from voice_coach.website.app import pages
from voice_coach.website.desk import Desk, Visit
from voice_coach.website import server
from starlette.requests import Request
file = Path(sys.argv[1])
clock = lambda: datetime(2026, 11, 28, tzinfo=UTC)
access = Access(file.parent / "home", clock)
desk = Desk(file, clock, SpeakerLine(None), access)
pages(desk)
token = access.enter(access.invite("change"), "a")
for name in ("today", "past", "prescription", "screening", "people", "ears", "backup", "devices",
             "voice", "news", "updates"):
    module = __import__(f"voice_coach.website.pages.{name}", fromlist=["show"])
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"",
                       "headers": []})
    module.show(Visit(desk, request, access.device(token), token))
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024)
assert not {"numpy", "scipy", "matplotlib", "vosk", "sounddevice"} & set(sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(house.file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) <= 60


def test_the_page_needs_no_file_of_the_repository() -> None:
    package = Path(__file__).parents[2] / "voice_coach" / "website"
    for folder in ("templates", "static", "texts"):
        assert any((package / folder).iterdir())
