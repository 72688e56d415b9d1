"""What two machines hear is compared byte by byte; programs of the other machine are run here."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tools import foreign
from tools.arm64 import compare
from tools.foreign import ROOT


def line(file: str, event: str, at: float) -> str:
    return json.dumps({"file": file, "event": event, "at": at}) + "\n"


def test_the_same_events_are_the_same_wherever_the_recording_lies() -> None:
    there = line("/mnt/a.wav", "thump", 1.5) + line("/mnt/a.wav", "sudden_sound", 2.0)
    here = line("/tmp/x/a.wav", "thump", 1.5) + line("/tmp/x/a.wav", "sudden_sound", 2.25)
    compared = compare(there, here)
    assert compared.events == {"thump": 1}
    assert compared.events_differ == 0
    assert (compared.reasons, compared.reasons_differ) == (1, 1)


@pytest.mark.parametrize("other", ["", line("a.wav", "thump", 1.51), line("a.wav", "command", 1.5)])
def test_another_event_and_one_that_is_missing_differ(other: str) -> None:
    assert compare(line("a.wav", "thump", 1.5), other).events_differ == 1


def test_a_program_of_another_machine_is_run_and_nothing_is_left_of_it() -> None:
    if why := foreign.missing():
        pytest.skip(why)
    root = os.environ.get("VOICE_COACH_ARM64_ROOT")
    if root is None:
        pytest.skip("VOICE_COACH_ARM64_ROOT names no arm64 system")
    before = Path("/proc/mounts").read_text()
    done = subprocess.run(
        foreign.command(["uname", "-m"], Path(root)), cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode == 125:
        pytest.skip("no namespace of our own may be made here")
    assert done.stdout == "aarch64\n", done.stderr
    assert Path("/proc/mounts").read_text() == before
