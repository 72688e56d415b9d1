"""``voice-coach home``: the page for whoever helps, a program of its own beside the speaker."""

import argparse
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from voice_coach.errors import UserError
from voice_coach.home.settings import Settings

if TYPE_CHECKING:
    from voice_coach.website.access import Access

_ROLES = ("look", "change", "therapist")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    does = parser.add_mutually_exclusive_group()
    does.add_argument(
        "--let-in",
        choices=_ROLES,
        metavar="ROLE",
        help=f"print six digits by which a browser is let in for good, and end; {_spoken(_ROLES)}",
    )
    does.add_argument("--devices", action="store_true", help="list who has been let in, and end")
    does.add_argument(
        "--withdraw", metavar="ID", help="let a device in no more, or 'all' of them, and end"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve the page until stopped, or do one thing for it."""
    try:
        from voice_coach.website.access import Access  # noqa: PLC0415 - is installed apart
    except ImportError as error:
        raise UserError(
            f"The page needs what is not installed ({error.name}): pip install 'voice-coach[home]'."
        ) from error
    access = Access(settings.home.folder, _now)
    if arguments.let_in is not None:
        code = access.invite(arguments.let_in)
        print(f"{code[:3]} {code[3:]}  is good once, for two minutes.")
        return 0
    if arguments.devices:
        for device in access.devices():
            print(f"{device.id}  {device.role:<10}{device.since}  {device.seen}  {device.name}")
        return 0
    if arguments.withdraw is not None:
        return _withdraw(access, arguments.withdraw)
    return _serve(arguments, settings, access)


def _serve(arguments: argparse.Namespace, settings: Settings, access: "Access") -> int:
    try:
        from voice_coach.website.desk import Desk  # noqa: PLC0415
        from voice_coach.website.door import door  # noqa: PLC0415
        from voice_coach.website.post import Post  # noqa: PLC0415
        from voice_coach.website.server import serve  # noqa: PLC0415
    except ImportError as error:
        raise UserError(
            f"The page needs what is not installed ({error.name}): pip install 'voice-coach[home]'."
        ) from error
    from voice_coach.intercom.client import SpeakerLine  # noqa: PLC0415

    with SpeakerLine(settings.intercom) as line, ExitStack() as stack:
        line.listen(door(access))
        if settings.mqtt is not None:
            from voice_coach.mqtt.bridge import Bridge  # noqa: PLC0415

            load = partial(Settings.load, arguments.settings)
            stack.enter_context(Bridge(load, line, _now))
        desk = Desk(arguments.settings, _now, line, access, settings.home.certificate is not None)
        stack.enter_context(Post(desk))
        serve(desk, settings.home, lambda sentence: print(sentence, flush=True))
    return 0


def _withdraw(access: "Access", number: str) -> int:
    if number == "all":
        access.withdraw_all()
    elif number in {device.id for device in access.devices()}:
        access.withdraw(number)
    else:
        raise UserError(f"There is no device {number!r}; --devices lists them.")
    print("Withdrawn.")
    return 0


def _spoken(roles: tuple[str, ...]) -> str:
    return f"{', '.join(roles[:-1])} or {roles[-1]}"


def _now() -> datetime:
    return datetime.now().astimezone()
