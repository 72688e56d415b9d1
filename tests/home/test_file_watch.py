"""A prescription that is changed while the speaker runs."""

import os
from pathlib import Path

from voice_coach.errors import UserError
from voice_coach.home.file_watch import FileWatch


class Files:
    def __init__(self) -> None:
        self.mistake = False

    def read(self) -> None:
        if self.mistake:
            raise UserError("line 3: not a number.")


def write(file: Path, text: str) -> None:
    file.write_text(text)
    os.utime(file, ns=(len(text), len(text)))


def test_a_change_is_noticed_once_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "prescription.toml"
    write(file, "a")
    watch = FileWatch([file], Files().read)
    assert not watch.changed()
    write(file, "ab")
    assert not watch.changed()
    write(file, "abc")
    assert not watch.changed()
    assert watch.changed()
    assert not watch.changed()


def test_a_mistake_changes_nothing_until_it_is_put_right(tmp_path: Path) -> None:
    file = tmp_path / "prescription.toml"
    files = Files()
    watch = FileWatch([file], files.read)
    files.mistake = True
    write(file, "wrong")
    assert [watch.changed() for _ in range(3)] == [False] * 3
    files.mistake = False
    write(file, "right again")
    assert [watch.changed() for _ in range(3)] == [False, True, False]


def test_a_file_that_comes_and_one_that_goes_are_changes(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    watch = FileWatch([file], Files().read)
    write(file, "new")
    assert [watch.changed() for _ in range(2)] == [False, True]
    file.unlink()
    assert [watch.changed() for _ in range(2)] == [False, True]
