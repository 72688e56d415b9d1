"""The weekly letter: read before it is sent, sent once, by an account that stays at home."""

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiosmtpd", reason="pip install aiosmtpd")
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.cli.diaries import keep_two_sessions
from tests.diary.sessions import NOON
from tests.website.conftest import House
from voice_coach.errors import UserError
from voice_coach.home.page_settings import Mail
from voice_coach.website.guard import Allowance
from voice_coach.website.letter import Letter
from voice_coach.website.pages import news
from voice_coach.website.post import LATE, Post, latest_due, posted, send

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SECRET = "quite secret 7"
LETTER = Letter("Heel drops", "Practised.\n")


class Box:
    """Takes every letter, but those to "nobody"."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.users: list[str] = []

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 there is nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.users.append(data.login.decode())
        right = data.password.decode() == SECRET
        return AuthResult(success=right, handled=False)


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def servers(box: Box, certificate: tuple[Path, Path]) -> Iterator[Callable[..., int]]:
    """Start mail servers, and return their ports."""
    running: list[Controller] = []

    def start(security: str = "starttls") -> int:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*map(str, certificate))
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": free_port()}
        if security == "tls":
            options["ssl_context"] = context
        elif security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if security != "none":
            options |= {"authenticator": box.authenticate, "auth_required": True}
            options["auth_require_tls"] = security == "starttls"
        server = Controller(box, **options)
        server.start()
        running.append(server)
        return int(options["port"])

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def account(tmp_path: Path, certificate: tuple[Path, Path]) -> Callable[..., Mail]:
    (tmp_path / "password").write_text(f"{SECRET}\n")

    def make(port: int, **more: Any) -> Mail:
        usual: dict[str, Any] = {
            "host": "localhost",
            "port": port,
            "ca": certificate[0],
            "user": "anna",
            "password_file": tmp_path / "password",
            "sender": "anna@example.org",
            "to": ("maria@example.org", "ben@example.org"),
        }
        return Mail(**{**usual, **more})

    return make


NOW = datetime(2026, 11, 29, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_is_sent_encrypted_to_everybody(
    box: Box, servers: Callable[..., int], account: Callable[..., Mail], security: str
) -> None:
    send(account(servers(security), security=security), LETTER, NOW)
    (letter,) = box.letters
    assert letter["To"] == "maria@example.org, ben@example.org"
    assert letter["From"] == "anna@example.org"
    assert letter["Subject"] == "Heel drops"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().splitlines() == ["Practised."]
    assert box.users == ["anna"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password_file": None}, "no password"),
        ({"ca": None}, "cannot be encrypted"),
        ({"to": ("nobody@example.org",)}, "does not take letters to nobody@"),
        ({"user": None}, "refused the letter"),
        ({"security": "none", "host": "192.0.2.1"}, "encrypted, or not at all"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence(
    servers: Callable[..., int],
    account: Callable[..., Mail],
    changes: dict[str, Any],
    said: str,
    box: Box,
) -> None:
    with pytest.raises(UserError, match=said):
        send(account(servers(), **changes), LETTER, NOW)
    assert not box.letters


def test_a_wrong_password_is_told_without_it(
    servers: Callable[..., int], account: Callable[..., Mail], tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("guessed 123")
    with pytest.raises(UserError, match="user and password") as told:
        send(account(servers()), LETTER, NOW)
    assert "guessed" not in str(told.value)
    assert told.value.__cause__ is None


def test_a_server_that_is_not_there_is_told(account: Callable[..., Mail]) -> None:
    with pytest.raises(UserError, match="cannot be reached"):
        send(account(free_port()), LETTER, NOW)


class TestTheTime:
    @pytest.mark.parametrize(
        ("now", "due"),
        [
            (datetime(2026, 11, 29, 17, 59, tzinfo=UTC), datetime(2026, 11, 22, 18, 0, tzinfo=UTC)),
            (datetime(2026, 11, 29, 18, 0, tzinfo=UTC), datetime(2026, 11, 29, 18, 0, tzinfo=UTC)),
            (datetime(2026, 12, 2, 3, 0, tzinfo=UTC), datetime(2026, 11, 29, 18, 0, tzinfo=UTC)),
        ],
    )
    def test_is_that_of_the_settings(
        self, account: Callable[..., Mail], now: datetime, due: datetime
    ) -> None:
        assert latest_due(account(1, every="sunday"), now) == due
        assert latest_due(account(1), now) is None

    def test_comes_once_a_week_and_a_failure_is_tried_again(
        self, houses: Callable[..., House]
    ) -> None:
        house = houses(more=MAIL.format(port=1, more='every = "sunday"'))
        sent: list[datetime] = []
        works = True

        def take(mail: Mail, letter: Letter, now: datetime) -> None:
            if not works:
                raise UserError("The mail server is not there.")
            sent.append(now)

        post = Post(house.desk, take)
        for _ in range(7 * 24 * 4):  # from Saturday 10:00 on, every quarter of an hour
            post.look()
            house.pass_by(minutes=15)
        assert sent == [datetime(2026, 11, 29, 18, 0, tzinfo=UTC)]
        works = False
        house.pass_by(days=1, hours=8, minutes=-30)
        for _ in range(16):
            assert not post.look()
            house.pass_by(minutes=15)
        assert posted(house.desk).failed == "The mail server is not there."
        works = True
        house.pass_by(hours=1)
        assert post.look()
        assert not posted(house.desk).failed
        works = False
        house.pass_by(days=7)
        post.look()
        works = True
        house.pass_by(days=LATE.days)
        assert not post.look(), "a letter of long ago is not sent"


MAIL = """
[mail]
host = "localhost"
port = {port}
security = "none"
sender = "anna@example.org"
to = ["maria@example.org"]
{more}
"""


@pytest.fixture(autouse=True)
def letters_may_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "_SENDING", Allowance(per_second=1 / 600, burst=3))


class TestThePage:
    def test_shows_the_letter_as_it_would_be_sent_and_sends_nothing_by_itself(
        self, house: House
    ) -> None:
        keep_two_sessions(house.settings)
        house.now = NOON + timedelta(days=1)
        page = house.browser("look").get("/news").text
        assert "No letter is sent." in page
        assert "drops heard" in page
        assert "<form" not in page
        assert not Post(house.desk).look()

    def test_what_is_shown_is_what_arrives_without_matters_of_health(
        self, houses: Callable[..., House], servers: Callable[..., int], box: Box
    ) -> None:
        house = houses(more=MAIL.format(port=servers("none"), more=""))
        keep_two_sessions(house.settings)
        house.now = NOON + timedelta(days=1)
        browser = house.browser("change")
        assert browser.send("/news/send").headers["location"] == "/news?done=sent"
        (letter,) = box.letters
        shown = browser.get("/news").text
        for line in letter.get_content().splitlines():
            assert line in shown.replace("&#39;", "'")
        assert "pain" not in letter.get_content().lower()
        assert letter["Subject"] in shown

    def test_nobodys_box_is_filled(
        self, houses: Callable[..., House], servers: Callable[..., int], box: Box
    ) -> None:
        house = houses(more=MAIL.format(port=servers("none"), more=""))
        browser = house.browser("change")
        for _ in range(8):
            answer = browser.send("/news/send")
        assert answer.status_code == 400
        assert "Wait ten minutes" in answer.text
        assert len(box.letters) <= 3

    def test_two_people_are_in_one_letter(self, house: House) -> None:
        with house.file.open("a") as more:
            more.write("[people.anna]\n[people.ben]\n")
        keep_two_sessions(house.settings.of("anna"))
        house.now = NOON + timedelta(days=1)
        page = house.browser("look").get("/news").text
        assert "Ben\n\nNo session in these seven days." in page

    def test_sets_an_account_and_a_week_once_the_letter_was_read(
        self, house: House, servers: Callable[..., int], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        browser = house.browser("change")
        assert browser.send("/news/send").status_code == 400
        assert browser.send("/news/weekly", every="sunday", at="18:00").status_code == 400
        answer = browser.send("/news/account", **FORM, password=SECRET)
        assert answer.headers["location"] == "/news?done=account"
        mail = house.settings.mail
        assert mail is not None
        assert mail.to == ("maria@example.org", "ben@example.org")
        assert mail.every is None
        assert mail.password_file is not None
        assert mail.password_file.read_text() == f"{SECRET}\n"
        assert mail.password_file.stat().st_mode & 0o077 == 0
        assert browser.send("/news/weekly", every="sunday", at="18:00").status_code == 400
        assert browser.send("/news/weekly", every="sunday", at="99", sure="yes").status_code == 400
        answer = browser.send("/news/weekly", every="sunday", at="18:00", sure="yes")
        assert answer.status_code == 303
        page = browser.get("/news").text
        assert "every Sunday from 18:00 on, to maria@example.org" in page
        assert browser.send("/news/account", **FORM).status_code == 303, "the password stays"
        assert mail.password_file.read_text() == f"{SECRET}\n"
        assert SECRET not in page + house.file.read_text() + caplog.text
        assert browser.send("/news/weekly", every="").status_code == 303
        assert not house.settings.mail or house.settings.mail.every is None

    @pytest.mark.parametrize(
        "changes",
        [
            {"to": ""},
            {"to": "a@b c@d e@f g@h i@j k@l"},
            {"to": "not an address"},
            {"sender": "a@b\r\nBcc: all@example.org"},
            {"host": "a b"},
            {"port": "0"},
            {"port": "x"},
            {"security": "never"},
            {"password": "a\nb", "user": "u"},
        ],
    )
    def test_refuses_what_is_no_account(self, house: House, changes: dict[str, str]) -> None:
        before = house.file.read_text()
        answer = house.browser("change").send("/news/account", **{**FORM, **changes})
        assert answer.status_code == 400
        assert house.file.read_text() == before


FORM: dict[str, Any] = {
    "host": "smtp.example.org",
    "port": "587",
    "security": "starttls",
    "user": "anna",
    "sender": "anna@example.org",
    "to": "maria@example.org, ben@example.org",
}
