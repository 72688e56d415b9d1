"""Rooms import what the architecture allows, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "voice_coach"

LEAVES = {
    "clock",
    "samples",
    "timed_word",
    "errors",
    "assets",
    "private_files",
    "text_files",
    "texts",
    "__init__",
}
MAY_IMPORT = {
    "programme": set(),
    "coach": {"programme"},
    "hearing": set(),
    "speaking": set(),
    "sound": set(),
    "simulation": {"sound"},
    "diary": {"programme"},
    "reports": {"programme", "diary"},
    "intercom": set(),
    "controls": set(),
    "mqtt": {"programme", "diary", "intercom", "home"},
    "website": {"programme", "diary", "reports", "intercom", "home", "speaking"},
}
"""Of each room, the other rooms it may import; docs/architecture.md holds the same table."""

OF_HOME = {
    "voice_coach.home.settings",
    "voice_coach.home.approval",
    "voice_coach.home.household_words",
    "voice_coach.home.page_settings",
}
"""What the page imports of the speaker's home: what has neither ears nor a voice."""

FORBIDDEN = {"numpy", "scipy", "threading", "time", "sounddevice", "vosk", "sqlite3", "asyncio"}
"""What the coach and the programme know nothing of."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path} imports relatively"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = {room, *MAY_IMPORT[room], *LEAVES, "__version__"}
    for path in (PACKAGE / room).rglob("*.py"):
        for name in imports(path):
            if name.startswith("voice_coach."):
                assert name.split(".")[1] in allowed, f"{path} imports {name}"


def test_the_page_has_neither_ears_nor_a_voice() -> None:
    for path in [path for room in ("website", "mqtt") for path in (PACKAGE / room).rglob("*.py")]:
        for name in imports(path):
            if name.startswith("voice_coach.home."):
                assert any(name.startswith(of) for of in OF_HOME), f"{path} imports {name}"
            if name.startswith("voice_coach.speaking"):
                assert name.startswith("voice_coach.speaking.script"), f"{path} imports {name}"


@pytest.mark.parametrize("room", ["coach", "programme"])
def test_coach_and_programme_know_neither_sound_nor_time(room: str) -> None:
    for path in (PACKAGE / room).rglob("*.py"):
        assert not FORBIDDEN & {name.split(".")[0] for name in imports(path)}, path


def test_leaves_import_no_room() -> None:
    for leaf in LEAVES:
        for name in imports(PACKAGE / f"{leaf}.py"):
            assert not name.startswith("voice_coach.") or name.split(".")[1] in LEAVES


TIME_OF_DAY = re.compile(r"\b(?:datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")

ASK_FOR_IT = {"cli", "home/speaker.py"}
"""Who may ask what time of day it is; everybody else is given a clock, or the moment."""


def test_only_the_live_speaker_and_the_command_line_ask_for_the_time_of_day() -> None:
    asking = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if TIME_OF_DAY.search(path.read_text(encoding="utf-8"))
    }
    assert {name for name in asking if name.split("/")[0] not in ASK_FOR_IT} == ASK_FOR_IT - {"cli"}


def test_the_loop_is_put_together_in_one_place() -> None:
    places = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\bLoop\(", path.read_text(encoding="utf-8"))
    ]
    assert places == ["home/wiring.py"]
