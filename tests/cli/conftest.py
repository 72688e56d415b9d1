import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from voice_coach.settings import Settings

Command = Callable[..., int]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a diary that is not there yet."""
    return msgspec.structs.replace(Settings(), diary=tmp_path / "diary")


@pytest.fixture
def command(settings: Settings) -> Command:
    """Run ``voice-coach NAME ARGUMENT...`` with these settings; return its exit code."""

    def run(name: str, *arguments: str | Path) -> int:
        module = import_module(f"voice_coach.cli.{name}")
        parser = argparse.ArgumentParser()
        module.add_arguments(parser)
        code: int = module.run(parser.parse_args([*map(str, arguments)]), settings)
        return code

    return run
