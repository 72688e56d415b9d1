"""Sending the weekly letter by the household's own account, and telling what went wrong.

Neither password nor what the server says of it is written anywhere.
"""

import logging
import smtplib
import ssl
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec
from msgspec.structs import replace

from voice_coach.errors import UserError
from voice_coach.home.page_settings import Mail
from voice_coach.private_files import private_folder, write_private
from voice_coach.programme.weekdays import WEEK
from voice_coach.text_files import read_text
from voice_coach.website.desk import Desk
from voice_coach.website.letter import Letter, letter

_LOG = logging.getLogger(__name__)

PATIENCE: Final = 20.0
"""Seconds that a server may take for an answer."""
LOOK: Final = 60.0
"""Seconds from one look whether a letter is due to the next."""
AGAIN: Final = timedelta(hours=1)
"""After which a letter that could not be sent is tried again."""
LATE: Final = timedelta(days=2)
"""A letter that is later than this is left out: the next one tells more."""
LOCAL: Final = ("localhost", "127.0.0.1", "::1")


class Posted(msgspec.Struct, frozen=True):
    """What became of the letters: when the last was due, was tried, and what went wrong."""

    due: str = ""
    tried: str = ""
    failed: str = ""


def send(mail: Mail, what: Letter, now: datetime) -> None:
    """Send a letter; UserError says what went wrong."""
    message = EmailMessage()
    message["Subject"] = what.subject
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(what.text)
    try:
        with _server(mail) as server:
            if mail.user is not None:
                server.login(mail.user, _password(mail))
            server.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        # What it answers may repeat what it was told.
        raise UserError(
            f"The mail server {mail.host} does not take this user and password "
            f"({error.smtp_code}); many accounts need a password of their own for programs."
        ) from None
    except smtplib.SMTPRecipientsRefused as error:
        refused = ", ".join(error.recipients)
        raise UserError(
            f"The mail server {mail.host} does not take letters to {refused}."
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise UserError(
            f"The mail server {mail.host} cannot do what is set: look at port and encryption."
        ) from None
    except ssl.SSLError as error:
        raise UserError(
            f"The way to the mail server {mail.host} cannot be encrypted ({error.reason}); look at "
            "port, encryption and certificate."
        ) from None
    except smtplib.SMTPResponseException as error:
        raise UserError(
            f"The mail server {mail.host} refused the letter ({error.smtp_code})."
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise UserError(f"The mail server {mail.host} cannot be reached ({why}).") from None


def _server(mail: Mail) -> smtplib.SMTP:
    """Return a connection to the server, encrypted unless that is not wanted."""
    if mail.security == "none":
        if mail.user is not None and mail.host not in LOCAL:
            raise UserError("A password is sent encrypted, or not at all: set security.")
        return smtplib.SMTP(mail.host, mail.port, timeout=PATIENCE)
    try:
        context = ssl.create_default_context(cafile=None if mail.ca is None else str(mail.ca))
    except OSError as error:
        raise UserError(f"The certificate {mail.ca} cannot be read ({error.strerror}).") from None
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(mail.host, mail.port, timeout=PATIENCE)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _password(mail: Mail) -> str:
    if mail.password_file is None:
        raise UserError("The mail account has a user and no password; set it.")
    return read_text(mail.password_file, "password file").strip()


def latest_due(mail: Mail, now: datetime) -> datetime | None:
    """Return when the latest letter was to be sent; None where none ever is."""
    if mail.every is None:
        return None
    day = now.date() - timedelta(days=(now.weekday() - WEEK.index(mail.every)) % len(WEEK))
    due = datetime.combine(day, time.fromisoformat(mail.at), now.tzinfo)
    return due if due <= now else due - timedelta(days=len(WEEK))


class Post:
    """Sends each letter once; also a context manager, in whose block a thread looks to it.

    Parameters
    ----------
    desk
        The household's files and clock.
    send
        Sends a letter.
    """

    def __init__(self, desk: Desk, send: Callable[[Mail, Letter, datetime], None] = send) -> None:
        self._desk = desk
        self._send = send
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="post", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join(1.0)

    def _work(self) -> None:
        while not self._ending.wait(LOOK):
            try:
                self.look()
            except UserError as error:
                _LOG.info("no letter: %s", error)
            except Exception:
                _LOG.exception("this is a mistake in voice-coach")

    def look(self) -> bool:
        """Send the letter that is due, if one is; return whether one was sent."""
        settings, now = self._desk.settings(), self._desk.clock()
        mail = settings.mail
        due = None if mail is None else latest_due(mail, now)
        if mail is None or due is None or now - due > LATE:
            return False
        known = posted(self._desk)
        if known.due == due.isoformat() or not _may_try(known.tried, now):
            return False
        try:
            self._send(mail, this_weeks(self._desk), now)
        except UserError as error:
            note(self._desk, replace(known, tried=now.isoformat(), failed=str(error)))
            return False
        note(self._desk, Posted(due.isoformat(), now.isoformat()))
        return True


def this_weeks(desk: Desk) -> Letter:
    """Return the letter of today, about everybody who lives here."""
    return letter([desk.visit(who) for who in desk.settings().people or (None,)])


def posted(desk: Desk) -> Posted:
    """Return what became of the letters so far."""
    try:
        return msgspec.json.decode(read_text(_file(desk), "list of letters"), type=Posted)
    except (UserError, msgspec.MsgspecError):
        return Posted()


def note(desk: Desk, what: Posted) -> None:
    """Write down what became of a letter."""
    private_folder(_file(desk).parent)
    write_private(_file(desk), msgspec.json.encode(what))


def _may_try(tried: str, now: datetime) -> bool:
    try:
        since = now - datetime.fromisoformat(tried)
    except (ValueError, TypeError):
        return True
    return not timedelta(0) <= since < AGAIN


def _file(desk: Desk) -> Path:
    return desk.settings().home.folder / "letters.json"
