"""What may be set for ``voice-coach home``: the page, the broker of messages, the mail account."""

from functools import partial
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta
from platformdirs import user_data_path

from voice_coach.programme.reminders import CLOCK
from voice_coach.programme.weekdays import Weekday

DATA: Final = partial(user_data_path, "voice-coach")
"""Returns the usual folder of everything that is kept."""


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is set for ``voice-coach home``.

    Attributes
    ----------
    address, port
        Where the page is served; ``127.0.0.1`` is this machine alone, ``0.0.0.0`` the whole home.
    names
        Further names under which browsers may ask for it, such as ``voice-coach.local``.
    certificate, key
        Files of a certificate for these names, and of its key; None for no encryption.
    folder
        Where it is kept who has been let in.
    language
        Code of the language of the page; None for that of the speaker.
    """

    address: Annotated[
        str, Meta(pattern=r"^[0-9a-fA-F.:]{2,45}$", description='an address such as "127.0.0.1"')
    ] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="a whole number from 1 to 65535")] = 8127
    names: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[a-z0-9.-]{1,253}$")], ...],
        Meta(description='a list of names such as ["voice-coach.local"]'),
    ] = ()
    certificate: Annotated[Path | None, Meta(description="the path of a file")] = None
    key: Annotated[Path | None, Meta(description="the path of a file")] = None
    folder: Annotated[Path, Meta(description="the path of a folder")] = msgspec.field(
        default_factory=lambda: DATA() / "home"
    )
    language: Annotated[
        Annotated[str, Meta(pattern="^[a-z]{2,3}$")] | None,
        Meta(description='the code of a language, such as "de"'),
    ] = None


_PART = Meta(pattern="^[a-z0-9_-]{1,40}$", description="small letters, digits, - and _")


class Broker(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The broker of messages to which ``voice-coach home`` tells what goes on.

    Attributes
    ----------
    host, port
        Where it is.
    user, password_file
        As whom to speak to it; the file holds the password and nothing else.
    tls, ca
        Whether the way there is encrypted, and the certificate to trust; None for the usual ones.
    topic, name
        The beginning of all topics, and the name of this speaker below it.
    discovery
        Where Home Assistant listens for what there is.
    """

    host: Annotated[str, Meta(min_length=1, max_length=253, description="the name of a machine")]
    port: Annotated[int, Meta(ge=1, le=65535, description="a whole number from 1 to 65535")] = 1883
    user: Annotated[str | None, Meta(description="a name")] = None
    password_file: Annotated[Path | None, Meta(description="the path of a file")] = None
    tls: Annotated[bool, Meta(description="true or false, without quotes")] = False
    ca: Annotated[Path | None, Meta(description="the path of a file")] = None
    topic: Annotated[str, _PART] = "voice-coach"
    name: Annotated[str, _PART] = "speaker"
    discovery: Annotated[str, _PART] = "homeassistant"


_Address = Annotated[
    str,
    Meta(
        pattern=r"^[^@\s<>,;:\"\\()\[\]]{1,64}@[A-Za-z0-9.-]{1,190}$",
        description='an address such as "anna@example.org"',
    ),
]


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The household's own account by which ``voice-coach home`` sends a letter once a week.

    Attributes
    ----------
    host, port, security, ca
        The server that takes letters, how the way to it is encrypted, and the certificate to trust;
        None for the usual ones.
    user, password_file
        As whom to speak to it; the file holds the password and nothing else.
    sender, to
        From whom the letter is, and to whom.
    every, at
        On which weekday it is sent, and from which time on; None for never.
    """

    host: Annotated[
        str, Meta(pattern=r"^[A-Za-z0-9.:-]{1,253}$", description="the name of a machine")
    ]
    port: Annotated[int, Meta(ge=1, le=65535, description="a whole number from 1 to 65535")] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"], Meta(description='"starttls", "tls" or "none"')
    ] = "starttls"
    ca: Annotated[Path | None, Meta(description="the path of a file")] = None
    user: Annotated[str | None, Meta(description="a name")] = None
    password_file: Annotated[Path | None, Meta(description="the path of a file")] = None
    sender: _Address
    to: Annotated[
        tuple[_Address, ...],
        Meta(min_length=1, max_length=5, description='a list such as ["anna@example.org"]'),
    ]
    every: Annotated[
        Weekday | None, Meta(description='a weekday such as "sunday", in small letters')
    ] = None
    at: Annotated[str, Meta(pattern=CLOCK, description='a time of the day, such as "18:00"')] = (
        "18:00"
    )
