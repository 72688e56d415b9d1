"""What a person may change: one small TOML file, in which everything may be left out.

``docs/settings.example.toml`` explains each key and shows its default.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Self

import msgspec
from msgspec import Meta
from msgspec.structs import asdict, replace
from platformdirs import user_cache_path, user_config_path

from voice_coach.controls.key_names import HIGHEST, NUMBERS
from voice_coach.errors import UserError
from voice_coach.home.page_settings import DATA, Broker, Mail, Page
from voice_coach.programme.levels import Level
from voice_coach.programme.prescription import Prescription
from voice_coach.programme.reminders import Reminders
from voice_coach.programme.typed_toml import decode, mistake
from voice_coach.text_files import read_text, shown

_NAME = "voice-coach"
SERVICE_FILE = Path("/etc/voice-coach/settings.toml")
"""The settings of the service that Debian's package installs."""


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is set for one of several people.

    `prescription` is the therapist's file, `sounds_like` what their name sounds like.
    """

    prescription: Annotated[Path | None, Meta(description="the path of a file")] = None
    sounds_like: Annotated[
        Annotated[str, Meta(pattern="^[a-z']{1,20}( [a-z']{1,20}){0,3}$")] | None,
        Meta(description="words in small letters that sound like the name"),
    ] = None


NAME: Final = "^(?=.{2,20}$)[a-z]+('[a-z]+)?$"
"""What a person can be called: small letters, with an apostrophe among them at most."""


_KEY_NAMED = Meta(pattern=f"^({'|'.join(sorted(NUMBERS))})$")
_KEY_NUMBERED = Meta(ge=1, le=HIGHEST)
_Keys = tuple[Annotated[str, _KEY_NAMED] | Annotated[int, _KEY_NUMBERED], ...]
_KEYS = Meta(description='a list of keys such as ["space", "f13"], or of their numbers')
_LED = Annotated[
    Annotated[str, Meta(pattern="^[^/\0]{1,100}$")] | None,
    Meta(description="the name of an LED in /sys/class/leds"),
]


class LightNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The LEDs that show what the speaker does; None for one of the usual name, if there is any.

    Attributes
    ----------
    listening
        Is lit while the microphone is open.
    heard
        Flashes for a command that was understood, and for a landing.
    muted
        Is lit while nothing can be heard.
    trouble
        Is lit while something is broken.
    """

    listening: _LED = None
    heard: _LED = None
    muted: _LED = None
    trouble: _LED = None


class Controls(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A button, a switch and lights at the machine; each is used where it is there.

    Attributes
    ----------
    device
        Part of the name of the device that has the keys; None for every one that has them.
    button
        The keys that stop at once, and start where nothing is going on.
    mute
        The keys that close the microphone, and open it again.
    mute_stays
        Whether such a key stays down, as a switch does, and the microphone is closed so long.
    power_off
        The command that switches the machine off, when the button is held down; empty for none.
    lights
        LEDs.
    """

    device: Annotated[str | None, Meta(description="part of the name of a device")] = None
    button: Annotated[_Keys, _KEYS] = ("stop", "stopcd", "playpause")
    mute: Annotated[_Keys, _KEYS] = ("micmute",)
    mute_stays: Annotated[bool, Meta(description="true or false, without quotes")] = False
    power_off: Annotated[
        tuple[str, ...], Meta(description='a command such as ["systemctl", "poweroff"]')
    ] = ()
    lights: Annotated[
        LightNames, Meta(description='a table [controls.lights] with muted = "ACT"')
    ] = msgspec.field(default_factory=LightNames)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that may be set; paths are absolute.

    Attributes
    ----------
    language
        Code of the language understood, and spoken where `speaks` is None.
    speaks
        Code of the language spoken, where it is another one.
    model
        Name or folder of the command model; None for the one that ships.
    voice
        Name of the synthetic voice; None for the language's own.
    words_per_minute
        Rate of speech.
    volume_db
        Loudness of the coach at the start, 0 is as recorded.
    loudspeaker_wakes_in
        Seconds that the loudspeaker takes to wake from silence; 0 where it never sleeps.
    input, output
        Names of the microphone and the loudspeaker, or a part of them; None for the system's.
    diary, calibration, cache
        Folders for what was done, for how this person's heels sound, and for rendered speech.
    recordings
        Folder for what somebody of the household, or a therapist, has recorded for the coach.
    prescription
        The therapist's prescription file, if there is one.
    people
        Who lives here, by the name that they are called by; empty for one person, who needs
        no name.
    reminders
        When to remind of a session; None for never.
    intercom
        The socket at which other programs of this machine may hear what goes on, and ask for a
        few things; None for none.
    controls
        A button, a switch and lights at the machine.
    home
        The page of ``voice-coach home``.
    mqtt
        The broker to which it tells what goes on; None for none.
    mail
        The account by which it sends a letter once a week; None for none.
    """

    language: Annotated[
        str, Meta(pattern="^[a-z]{2,3}$", description='the code of a language, such as "en"')
    ] = "en"
    speaks: Annotated[
        Annotated[str, Meta(pattern="^[a-z]{2,3}$")] | None,
        Meta(description='the code of a language, such as "de"'),
    ] = None
    model: Annotated[str | None, Meta(description="the name or the folder of a model")] = None
    voice: Annotated[str | None, Meta(description="the name of a voice")] = None
    words_per_minute: Annotated[
        int, Meta(ge=110, le=220, description="a whole number from 110 to 220")
    ] = 145
    volume_db: Annotated[float, Meta(ge=-40, le=12, description="a number from -40 to 12")] = 0.0
    loudspeaker_wakes_in: Annotated[
        float, Meta(ge=0, le=3, description="a number of seconds from 0 to 3")
    ] = 0.0
    input: Annotated[str | None, Meta(description="the name of a microphone")] = None
    output: Annotated[str | None, Meta(description="the name of a loudspeaker")] = None
    diary: Annotated[Path, Meta(description="the path of a folder")] = msgspec.field(
        default_factory=lambda: DATA() / "diary"
    )
    calibration: Annotated[Path, Meta(description="the path of a folder")] = msgspec.field(
        default_factory=lambda: DATA() / "calibration"
    )
    cache: Annotated[Path, Meta(description="the path of a folder")] = msgspec.field(
        default_factory=lambda: user_cache_path(_NAME)
    )
    recordings: Annotated[Path, Meta(description="the path of a folder")] = msgspec.field(
        default_factory=lambda: DATA() / "recordings"
    )
    prescription: Annotated[Path | None, Meta(description="the path of a file")] = None
    people: Annotated[
        dict[Annotated[str, Meta(pattern=NAME)], Person],
        Meta(description="tables such as [people.anna], with names in small letters"),
    ] = {}
    reminders: Annotated[
        Reminders | None, Meta(description='a table [reminders] with times = ["10:30"]')
    ] = None
    intercom: Annotated[Path | None, Meta(description="the path of a socket")] = None
    controls: Annotated[
        Controls, Meta(description='a table [controls] with button = ["space"]')
    ] = msgspec.field(default_factory=Controls)
    home: Annotated[Page, Meta(description="a table [home] with port = 8127")] = msgspec.field(
        default_factory=Page
    )
    mqtt: Annotated[Broker | None, Meta(description='a table [mqtt] with host = "..."')] = None

    mail: Annotated[Mail | None, Meta(description='a table [mail] with host = "..."')] = None

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Return the settings in `path`, or in the usual place when that is None.

        Paths in the file may begin with ``~`` and are otherwise taken from the file's own
        folder. UserError for a file that was named and is not there, and for every mistake in
        it; where there is no file in the usual place, everything has its default.
        """
        file = default_file() if path is None else path
        try:
            text = read_text(file, "settings file")
        except UserError as error:
            if path is None and isinstance(error.__cause__, FileNotFoundError):
                return cls()
            raise
        settings = decode(text, shown(file), cls)
        if settings.people and settings.prescription:
            what = "with several people, each has their own; move it to [people.NAME]"
            raise mistake(text, str(file), "prescription", what)

        people = {
            name: replace(person, **_paths(person, file.parent))
            for name, person in settings.people.items()
        }
        mqtt = settings.mqtt and replace(settings.mqtt, **_paths(settings.mqtt, file.parent))
        mail = settings.mail and replace(settings.mail, **_paths(settings.mail, file.parent))
        home = replace(settings.home, **_paths(settings.home, file.parent))
        return replace(
            settings,
            **_paths(settings, file.parent),
            people=people,
            home=home,
            mqtt=mqtt,
            mail=mail,
        )

    @property
    def spoken(self) -> str:
        """The language that the coach speaks."""
        return self.speaks or self.language

    def of(self, person: str | None) -> Self:
        """Return the settings as they are for `person`: their own folders and prescription.

        UserError for somebody who does not live here, and for nobody where several do.
        """
        known = ", ".join(self.people)
        if person is None:
            if self.people:
                raise UserError(f"Say whose with --person NAME; the settings name {known}.")
            return self
        if person not in self.people:
            there = f"choose {known}" if known else "add a table [people.NAME] for everyone"
            raise UserError(f"There is no {person!r} in the settings; {there}.")
        return replace(
            self,
            diary=self.diary / person,
            calibration=self.calibration / person,
            prescription=self.people[person].prescription,
            people={},
        )


def _paths(settings: msgspec.Struct, folder: Path) -> dict[str, Path]:
    """Return the fields that are paths, as seen from `folder`."""
    return {
        name: _path(value, folder, name)
        for name, value in asdict(settings).items()
        if isinstance(value, Path)
    }


def _path(value: Path, folder: Path, key: str) -> Path:
    try:
        path = (folder / value.expanduser()).absolute()
    except RuntimeError as error:
        raise UserError(f"{key}: {shown(value)} names nobody's home; name a folder.") from error
    if "\0" in str(path):
        raise UserError(f"{key}: {shown(value)} is no name of a file; name another.")
    return path


def default_file() -> Path:
    """Return the usual place of the settings file: one's own, or the service's where that is."""
    own = user_config_path(_NAME) / "settings.toml"
    try:
        is_there = own.exists()
    except OSError:
        is_there = True  # whoever reads it says what is wrong with it
    return own if is_there or not SERVICE_FILE.exists() else SERVICE_FILE


def read_prescription(file: Path, levels: Sequence[Level]) -> Prescription:
    """Return the therapist's prescription in `file`; UserError for every mistake in it."""
    return Prescription.parse(read_text(file, "prescription"), str(file), levels)
