"""Which languages there are, and what each lacks."""

import pytest

from tests.cli.conftest import Command
from voice_coach.errors import UserError


def test_every_language_has_a_line(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("languages") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["de", "en"]
    assert "understood: complete; spoken: complete; reports: complete" in lines[1]


def test_what_one_lacks_is_listed(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("languages", "en") == 0
    assert command("languages", "de") == 1
    printed = capsys.readouterr().out
    assert "understood: nothing" in printed


def test_one_that_there_is_not_is_refused(command: Command) -> None:
    with pytest.raises(UserError, match="There is nothing in 'xx' yet; there are: de, en"):
        command("languages", "xx")
