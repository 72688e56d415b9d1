"""“My diary is damaged”: what is sound of it is read, and nothing of it is thrown away."""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.diary.sessions import MORNING, NOON, entries, write
from voice_coach.diary import reading, schema
from voice_coach.diary.backups import is_damaged, repair, restore, set_right
from voice_coach.diary.diary import Diary
from voice_coach.diary.diary_file import FILE
from voice_coach.errors import UserError
from voice_coach.programme.history import Hurt
from voice_coach.programme.ledger import Answer, Answered, Complained, Complaint, Outcome
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import today

NOW = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
SESSIONS = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A diary of many sessions, with a complaint at the end."""
    with Diary.open(tmp_path, exclusive=True) as diary:
        diary._connection.execute("PRAGMA synchronous = OFF")
        for _ in range(SESSIONS):
            write(diary, entries([Outcome.HEARD] * 5))
        diary.record(Complained(0, Complaint.DIZZY), NOON)
    return tmp_path


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
        connection.commit()


WRONG_CELLS = {
    "a moment that is none": "UPDATE sessions SET started = 'x9' WHERE id = 3",
    "a moment without a zone": "UPDATE sessions SET started = '2026-01-01T00:00:00' WHERE id = 3",
    "the last of all days": "UPDATE sessions SET started = '9999-12-31T23:59:59+00:00' WHERE id=3",
    "the first of all days": "UPDATE sessions SET started = '0001-01-01T00:00:00+00:00' WHERE id=3",
    "a reason that is none": "UPDATE sessions SET reason = 'bored' WHERE id = 3",
    "a position beyond all time": f"UPDATE sessions SET began_at = {2**63 - 1} WHERE id = 3",
    "bytes that are no text": "UPDATE sessions SET started = CAST(x'ff00fe' AS TEXT) WHERE id = 3",
}


@pytest.mark.parametrize("statement", WRONG_CELLS.values(), ids=WRONG_CELLS)
def test_one_wrong_cell_costs_that_session_alone(folder: Path, statement: str) -> None:
    change(folder, statement)
    with Diary.open(folder, exclusive=True) as diary:
        sessions = diary.sessions()
        assert diary.spoilt == ("session 3",)
        assert len(sessions) == SESSIONS - 1
        for session in sessions:
            session.moment(session.began_at)
        history = diary.history()
    assert today(date(2026, 3, 5), history, load_levels())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE repetitions SET outcome = 'wonderful' WHERE id = 3",
        "UPDATE repetitions SET level_db = 9e999 WHERE id = 3",
        "UPDATE repetitions SET lag_ms = -1 WHERE id = 3",
        f"UPDATE repetitions SET prompted_at = -{2**62} WHERE id = 3",
    ],
)
def test_one_wrong_cell_costs_that_repetition_alone(folder: Path, statement: str) -> None:
    change(folder, statement)
    with Diary.open(folder) as diary:
        repetitions = [len(session.repetitions) for session in diary.sessions()]
        assert diary.spoilt == ("repetition 3",)
    assert repetitions == [4] + [5] * (SESSIONS - 1)


def test_a_complaint_that_cannot_be_read_any_more_is_still_one(folder: Path) -> None:
    change(folder, "UPDATE remarks SET value = 'd?zzy'")
    with Diary.open(folder) as diary:
        assert [remark for remark in diary.history().remarks if isinstance(remark, Hurt)]


def test_an_answer_that_cannot_be_read_any_more_is_asked_for_again(folder: Path) -> None:
    with Diary.open(folder, exclusive=True) as diary:
        diary.record(Answered(0, "falls", Answer.NO), NOON)
    change(folder, "UPDATE remarks SET value = 'n?' WHERE kind = 'answer'")
    with Diary.open(folder) as diary:
        assert len(diary.history().remarks) == 1
        assert diary.spoilt == ("remark 2",)


def spoil_pages(folder: Path, generator: random.Random, pages: int) -> None:
    """Overwrite some pages behind the first, as a failing card does."""
    file = folder / FILE
    content = bytearray(file.read_bytes())
    for _ in range(pages):
        at = 4096 * generator.randrange(1, len(content) // 4096)
        content[at : at + 4096] = generator.randbytes(4096)
    file.write_bytes(content)


def test_what_a_failing_card_has_left_is_written_beside_and_can_be_restored(folder: Path) -> None:
    content = bytearray((folder / FILE).read_bytes())
    middle = 4096 * (len(content) // 8192)
    content[middle : middle + 4096] = b"\xa5" * 4096
    (folder / FILE).write_bytes(content)
    assert is_damaged(folder)
    file, kept = repair(folder, NOW)
    assert (folder / FILE).read_bytes() == content
    assert file.name == "diary-repaired-2026-11-28-063000.sqlite3"
    assert kept > 100
    restore(folder, file, NOW)
    with Diary.open(folder, exclusive=True) as diary:
        assert diary.sessions()
        assert not diary.spoilt
        assert diary.history().open_pains
    assert not is_damaged(folder)


@pytest.mark.parametrize("seed", range(30))
def test_the_speaker_begins_whatever_has_become_of_the_pages(folder: Path, seed: int) -> None:
    generator = random.Random(seed)
    spoil_pages(folder, generator, generator.randrange(1, 5))
    damaged = (folder / FILE).read_bytes()
    aside = set_right(folder, NOW)
    if aside is not None:
        assert aside.read_bytes() == damaged
    with Diary.open(folder, exclusive=True) as diary:
        diary.history()
        diary.sessions()
        assert not diary.spoilt
        write(diary, entries(), MORNING)


@pytest.mark.parametrize("content", [b"Dear diary", b"SQLite format 3\x00" + b"\xff" * 9000])
def test_the_speaker_begins_where_nothing_can_be_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    aside = set_right(tmp_path, NOW)
    assert aside is not None
    assert aside.read_bytes() == content
    Diary.open(tmp_path, exclusive=True).close()


def test_a_sound_diary_is_left_alone(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert set_right(folder, NOW) is None
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_newer_diary_and_another_program_s_are_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    assert set_right(tmp_path, NOW) is None
    (tmp_path / FILE).unlink()
    Diary.open(tmp_path, exclusive=True).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as newer:
        newer.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    assert set_right(tmp_path, NOW) is None


def test_a_damaged_diary_of_an_older_version_keeps_its_pains(tmp_path: Path) -> None:
    old = Path(__file__).with_name("diary-of-schema-1.sqlite3")
    (tmp_path / FILE).write_bytes(old.read_bytes())
    with Diary.open(tmp_path) as diary:
        before = diary.history()
    file, _ = repair(tmp_path, NOW)
    restore(tmp_path, file, NOW)
    with Diary.open(tmp_path) as diary:
        assert diary.history() == before


def test_where_there_is_none_there_is_nothing_to_repair(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no diary"):
        repair(tmp_path, NOW)


@pytest.mark.parametrize("cell", [None, 7, b"\x00"])
def test_a_cell_of_another_type_costs_its_row_alone(cell: object) -> None:
    spoilt = reading.Spoilt()
    rows = [(1, cell, None, "settled", "", ""), (2, "2026-03-02", None, "settled", "", "")]
    assert len(list(spoilt.sound("remark", rows, reading._remark))) == 1
    assert spoilt == ["remark 1"]


def test_tables_whose_description_is_no_text_any_more_are_told_in_a_sentence(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    spoilt = tmp_path_factory.mktemp("card") / "backup.sqlite3"
    content = (folder / FILE).read_bytes()
    spoilt.write_bytes(content.replace(b"CREATE TABLE ", b"CREATE TABL\xc6 ", 1))
    with pytest.raises(UserError, match=r"backup\.sqlite3"):
        restore(folder, spoilt, NOW)
    (folder / FILE).write_bytes(spoilt.read_bytes())
    set_right(folder, NOW)
    Diary.open(folder, exclusive=True).close()
