"""News: the letter that a family gets once a week, as it would be sent, and when and by what."""

from typing import Any, Final

import tomlkit
from starlette.responses import Response

from voice_coach.errors import UserError
from voice_coach.private_files import told, write_private
from voice_coach.programme.weekdays import WEEK
from voice_coach.website.desk import Visit
from voice_coach.website.guard import Allowance
from voice_coach.website.post import Posted, note, posted, send, this_weeks
from voice_coach.website.settings_edit import change

PASSWORD: Final = "mail-password"
"""The file beside the settings that holds the password of the account."""
SECURITY: Final = ("starttls", "tls")
MOST: Final = 5
LONGEST: Final = 200

_SENDING: Final = Allowance(per_second=1 / 600, burst=3)
"""Letters that are sent by hand: nobody's box is to be filled with them."""


def show(visit: Visit) -> Response:
    """Show the letter as it would be now, and the account."""
    return visit.page(
        "news",
        letter=this_weeks(visit.desk),
        mail=visit.settings.mail,
        posted=posted(visit.desk),
        weekdays=WEEK,
        security=SECURITY,
    )


def account(visit: Visit) -> Response:
    """Set the account, and to whom the letter goes; without a password the one of before stays."""
    password = visit.text("password")
    to = visit.text("to").replace(",", " ").split()
    values: dict[str, Any] = {
        "host": visit.text("host"),
        "security": visit.text("security"),
        "user": visit.text("user"),
        "sender": visit.text("sender"),
        "to": to[: MOST + 1],
    }
    port = visit.text("port")
    file = visit.desk.settings_file.with_name(PASSWORD)

    def edit(document: tomlkit.TOMLDocument) -> None:
        mail: Any = document.setdefault("mail", tomlkit.table())
        for key, value in values.items():
            if value:
                mail[key] = value
            else:
                mail.pop(key, None)
        mail["port"] = int(port) if port.isdecimal() and len(port) < 6 else port
        if values["user"] and (password or file.is_file()):
            mail.setdefault("password_file", PASSWORD)
        else:
            mail.pop("password_file", None)

    if len(password) > LONGEST or "\n" in password:
        raise UserError(visit.t.news.no_password)
    mail = change(visit.desk.settings_file, edit).mail
    if password and mail is not None and mail.password_file is not None:
        with told("The password cannot be written ({why})."):
            write_private(mail.password_file, f"{password}\n")
    return visit.go("/news", "account")


def post(visit: Visit) -> Response:
    """Send the letter that is shown, now."""
    mail = visit.settings.mail
    if mail is None:
        raise UserError(visit.t.news.no_account)
    if not _SENDING.grants("anybody"):
        raise UserError(visit.t.news.too_often)
    send(mail, this_weeks(visit.desk), visit.now)
    return visit.go("/news", "sent")


def weekly(visit: Visit) -> Response:
    """Send it every week from now on, if what is shown was read; or no more."""
    every = visit.text("every")
    if visit.settings.mail is None:
        raise UserError(visit.t.news.no_account)
    if every and visit.text("sure") != "yes":
        raise UserError(visit.t.news.not_sure)
    at = visit.text("at")

    def edit(document: tomlkit.TOMLDocument) -> None:
        mail: Any = document["mail"]
        mail.pop("every", None)
        if every:
            mail["every"] = every
            mail["at"] = at

    change(visit.desk.settings_file, edit)
    # What went wrong with another account does not count any more.
    note(visit.desk, Posted(due=posted(visit.desk).due))
    return visit.go("/news", "weekly" if every else "not_weekly")
