import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from voice_coach.home.settings import Person, Settings

Command = Callable[..., int]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a diary that is not there yet."""
    return msgspec.structs.replace(
        Settings(),
        diary=tmp_path / "diary",
        calibration=tmp_path / "calibration",
        cache=tmp_path / "cache",
        recordings=tmp_path / "recordings",
    )


@pytest.fixture
def in_use(settings: Settings) -> list[Settings]:
    """The settings that commands run with, as a list of one."""
    return [settings]


@pytest.fixture
def household(settings: Settings, in_use: list[Settings]) -> Settings:
    """Settings for two people, which commands run with."""
    in_use[0] = msgspec.structs.replace(settings, people={"anna": Person(), "ben": Person()})
    return in_use[0]


@pytest.fixture
def command(in_use: list[Settings]) -> Command:
    """Run ``voice-coach NAME ARGUMENT...`` with these settings; return its exit code."""

    def run(name: str, *arguments: str | Path) -> int:
        module = import_module(f"voice_coach.cli.{name}")
        parser = argparse.ArgumentParser()
        module.add_arguments(parser)
        code: int = module.run(parser.parse_args([*map(str, arguments)]), in_use[0])
        return code

    return run
