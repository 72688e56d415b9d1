"""Changing the settings file: the lines that are meant, and no comment of anybody's."""

from collections.abc import Callable
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from voice_coach.errors import UserError
from voice_coach.home.settings import Settings
from voice_coach.private_files import private_folder, replacing, told
from voice_coach.text_files import read_text, shown


def put(document: tomlkit.TOMLDocument, key: str, value: object) -> None:
    """Set what stands at the top of the file; None to take it away."""
    if value is None:
        document.pop(key, None)
    elif key in document:
        document[key] = value
    else:
        # Before the first table, or it would belong to that.
        document.add(key, tomlkit.item(value))


def change(file: Path, edit: Callable[[tomlkit.TOMLDocument], None]) -> Settings:
    """Let `edit` change the settings in `file`, and return what they are then.

    They are read by what reads them afterwards before they take the place of the old ones.
    UserError says what is wrong; nothing has been changed then.
    """
    try:
        text = read_text(file, "settings file")
    except UserError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        text = ""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise UserError(f"{shown(file)}: {error}; mend it first.") from error
    edit(document)
    with told(f"The settings {shown(file)} cannot be written ({{why}}); make them writable."):
        private_folder(file.parent)
        with replacing(file) as new:
            new.write_text(tomlkit.dumps(document), encoding="utf-8")
            try:
                return Settings.load(new)
            except UserError as error:
                raise UserError(str(error).replace(shown(new), shown(file))) from error
