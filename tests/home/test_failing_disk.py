"""“The card was full while I was on my toes”: she is told, let down, and nothing is lost."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.home.test_session_loop import MORNING, Home
from tests.small_disk import SmallDisk, small_disk
from voice_coach.coach import Intent, State
from voice_coach.diary.diary import Diary
from voice_coach.diary.writer import RESERVE
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.home.heel_store import keep, known, usable
from voice_coach.programme.ledger import EndReason


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "card") as disk:
        yield disk


@pytest.fixture
def home(disk: SmallDisk) -> Iterator[Home]:
    with ExitStack() as stack:
        yield Home(disk.place, stack)


def cues(home: Home) -> list[str]:
    return [sounding.cue.name for sounding in home.watcher.soundings]


def live_until(home: Home, reached: Callable[[], bool], seconds: float = 60.0) -> None:
    for _ in range(round(seconds * 5)):
        home.live(0.2)
        if reached():
            return
        home.household.residents[None].diary.flush(0.05)
    raise AssertionError(f"never, in {seconds} s: {cues(home)}")


def fill(disk: SmallDisk) -> None:
    (disk.place / "diary None" / RESERVE).unlink()
    disk.fill()


@pytest.mark.parametrize("state", [State.BRIEFING, State.HOLDING, State.LISTENING, State.PAUSING])
def test_the_card_was_full_in_the_middle_of_a_repetition(
    home: Home, disk: SmallDisk, state: State
) -> None:
    home.hear(Intent.START, "beginner")
    live_until(home, lambda: home.loop.coach.state is state)
    fill(disk)
    live_until(home, lambda: "fault.diary" in cues(home))
    assert not home.loop.coach.in_session
    live_until(home, lambda: home.loop.coach.state is State.ASLEEP)
    prompted = sum(name == "tone.drop" for name in cues(home))
    # It goes on living, and a wish is answered; nothing begins that is not written down.
    home.hear(Intent.START, "beginner")
    live_until(home, lambda: cues(home).count("fault.diary") == 2)
    assert sum(name == "tone.drop" for name in cues(home)) == prompted
    disk.make_room()
    live_until(home, lambda: "fault.diary_back" in cues(home))
    assert home.household.residents[None].diary.flush()
    with Diary.open(disk.place / "diary None") as diary:
        first = diary.sessions()[0]
    assert first.reason is EndReason.INTERRUPTED
    assert len(first.repetitions) == prompted
    assert [fault.source for fault in first.faults] == ["diary"]


def test_the_card_was_full_while_nobody_was_exercising(home: Home, disk: SmallDisk) -> None:
    fill(disk)
    home.somebody.heard.clear()
    home.hear(Intent.COMPLAIN)
    live_until(home, lambda: "fault.diary" in cues(home))
    disk.make_room()
    live_until(home, lambda: "fault.diary_back" in cues(home))


def test_the_calibration_file_was_spoilt_and_it_learns_anew(tmp_path: Path) -> None:
    learnt = HeelTemplate.generic()
    for rubbish in (b"\xff\xfe", b"{", b"[" * 100_000, b"", b'{"format": 99}', b"\x00" * (2 << 20)):
        (tmp_path / "heels.json").write_bytes(rubbish)
        found, broken = usable(tmp_path)
        assert found == []
        assert broken == [tmp_path / "heels.json"]
        assert usable(tmp_path) == ([], [])
        keep(tmp_path, learnt, MORNING)
        (only,) = known(tmp_path)
        assert only.template.to_json() == learnt.to_json()
    assert len(list(tmp_path.glob("heels.json.unreadable-*"))) == 6


def test_what_was_learnt_of_the_heels_could_not_be_written_and_is_used_all_the_same(
    home: Home, disk: SmallDisk
) -> None:
    fill(disk)
    learnt = HeelTemplate.generic()
    assert home.household.keep_template(learnt)[0] is learnt
    assert home.household.templates()[0] is learnt
    assert home.household.present.heels_unkept
    disk.make_room()
    home.household.keep_template(learnt)
    assert not home.household.present.heels_unkept
