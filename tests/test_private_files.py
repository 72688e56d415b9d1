"""A private file is its owner's alone, and is replaced whole or not at all."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diary.test_diary_file import as_nobody
from voice_coach.errors import UserError
from voice_coach.private_files import part_of, private_folder, replacing, told, write_private


@contextmanager
def masked(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@given(st.binary(), st.none() | st.binary(), st.sampled_from([0o000, 0o022, 0o077, 0o277, 0o777]))
@settings(deadline=None)
def test_it_holds_what_was_written_for_its_owner_alone_whatever_the_umask(
    content: bytes, before: bytes | None, mask: int
) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        if before is not None:
            file.write_bytes(before)
            file.chmod(0o644)
        with masked(mask):
            write_private(file, content)
        assert file.read_bytes() == content
        assert mode(file) == 0o600
        assert list(file.parent.iterdir()) == [file]


def fail_to_write(file: Path, half: bytes, failure: type[BaseException]) -> None:
    with replacing(file) as new:
        new.write_bytes(half)
        raise failure


@given(st.none() | st.binary(), st.binary(), st.sampled_from([OSError, KeyboardInterrupt]))
def test_a_write_that_fails_leaves_what_was_there(
    before: bytes | None, half: bytes, failure: type[BaseException]
) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        if before is not None:
            file.write_bytes(before)
        with pytest.raises(failure):
            fail_to_write(file, half, failure)
        assert (file.read_bytes() if file.exists() else None) == before
        assert list(file.parent.iterdir()) == [file] * file.exists()


def test_nobody_sees_half_of_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_private(file, "old")
    with replacing(file) as new:
        new.write_text("ne")
        assert file.read_text() == "old"
        new.write_text("new")
    assert file.read_text() == "new"


def test_a_process_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_private(file, "old")
    killed = (
        "import os, sys; from pathlib import Path\n"
        "from voice_coach.private_files import replacing\n"
        "with replacing(Path(sys.argv[1])) as new:\n"
        "    new.write_text('ne')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", killed, str(file)], check=False)
    assert file.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [part_of(file), file]
    write_private(file, "new")
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


def test_two_who_write_the_same_file_write_it_one_after_the_other(tmp_path: Path) -> None:
    file = tmp_path / "file"
    contents = ["a" * 100_000, "b" * 90_000]
    writes = (
        "import sys; from pathlib import Path\n"
        "from voice_coach.private_files import write_private\n"
        "for _ in range(50): write_private(Path(sys.argv[1]), sys.argv[2])\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", writes, str(file), content]) for content in contents
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert file.read_text() in contents
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_followed(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    link.symlink_to(file)
    write_private(link, "new")
    assert link.is_symlink()
    assert file.read_text() == "new"


def test_what_is_no_file_is_written_into_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_private(pipe, "words")
    assert os.read(reader, 100) == b"words"
    os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_a_folder_and_those_above_it_are_made_for_their_owner_alone(
    tmp_path: Path, mask: int
) -> None:
    tmp_path.chmod(0o755)
    with masked(mask):
        private_folder(tmp_path / "above" / "folder")
    assert mode(tmp_path / "above" / "folder") == mode(tmp_path / "above") == 0o700
    private_folder(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_folder_that_is_missing_or_closed_is_told_in_the_sentence_given(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "{file}"
    sentence = f"{missing} cannot be written ({{why}}); name another."
    with pytest.raises(UserError) as refused, told(sentence):
        write_private(missing, "")
    assert str(refused.value) == (
        f"{missing} cannot be written (No such file or directory); name another."
    )
    with as_nobody(), pytest.raises(UserError, match="Permission denied"), told("No: {why}."):
        write_private(tmp_path / "file", "")
    with pytest.raises(UserError, match="directory"), told("No: {why}."):
        write_private(tmp_path, "")
    assert list(tmp_path.iterdir()) == []
