"""What a mistaken, unlucky or malicious hand gives it: one sentence, and nothing lost or hung."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.shared import uncounted
from voice_coach.cli import main
from voice_coach.errors import UserError
from voice_coach.home import equipment
from voice_coach.home.phrases import coach_phrases
from voice_coach.home.settings import Person, Settings
from voice_coach.sound.audio_files import write_wav

SHARED = Path(__file__).resolve().parents[3] / "shared" / "inputs"

Refuse = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refuse:
    """Return what runs a command that must fail, and returns its one sentence."""

    def attempt(*arguments: str | Path, code: int = 1) -> str:
        try:
            came = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            came = int(ended.code or 0)
        printed = capsys.readouterr()
        assert came == code, printed.err
        assert "Traceback" not in printed.err
        last = printed.err.splitlines()[-1]
        assert code == 2 or printed.err.count("\n") == 1
        return last

    return attempt


DEEP = "a = " + "[" * 50_000
SETTINGS = {
    "nested for ever": (DEEP.encode(), "nested too deeply"),
    "a number without end": (b"words_per_minute = " + b"9" * 9_000, "too large a number"),
    "saved as UTF-16": ('language = "en"\n'.encode("utf-16"), "save it as UTF-8"),
    "no text at all": (bytes(range(128, 256)), "not a text file"),
    "more than anybody writes": (b"#" * (1 << 21), "too large to be a settings file"),
    "a folder that none can have": (b'diary = "a\\u0000b"', "no name of a file"),
    "the home of nobody": (b'diary = "~nosuchuser/diary"', "nobody's home"),
    "not a number": (b"volume_db = nan", "volume_db must be"),
}


@pytest.mark.parametrize(("content", "said"), SETTINGS.values(), ids=SETTINGS)
def test_settings_that_cannot_be_meant(
    refused: Refuse, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    assert said in refused("plan", "--settings", file)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
@pytest.mark.parametrize(
    "command",
    [
        ("plan", "--settings"),
        ("plan", "--prescription"),
        ("rehearse", "--scripted"),
        ("restore", "--yes"),
        ("hear", "--only", "thumps"),
    ],
)
def test_what_is_no_file_is_never_read_from(
    refused: Refuse, tmp_path: Path, kind: str, command: tuple[str, ...]
) -> None:
    odd = Path("/dev/zero") if kind == "device" else tmp_path / "odd"
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "folder":
        odd.mkdir()
    assert str(odd) in refused(*command, odd)


@pytest.mark.parametrize(
    "command",
    [
        ("plan", "--date", "2026-13-01"),
        ("plan", "--date", "9999-12-31"),
        ("plan", "--date", "0001-01-01"),
        ("plan", "--weeks", "9" * 30),
        ("hear", "x.wav", "--cue", "nan"),
        ("hear", "x.wav", "--cue", "inf"),
        ("hear", "x.wav", "--cue", "1e300"),
        ("report", "x.pdf", "--weeks", "two"),
        ("nonsense",),
    ],
)
def test_arguments_out_of_bounds_are_wrong_usage(refused: Refuse, command: tuple[str, ...]) -> None:
    assert "error: argument" in refused(*command, code=2)


def test_a_person_whose_name_is_nothing(refused: Refuse) -> None:
    assert "--person NAME" in refused("plan", "--person=--")


def test_settings_may_be_named_for_each_action_of_model(refused: Refuse, tmp_path: Path) -> None:
    assert "There is no settings file" in refused("model", "list", "--settings", tmp_path / "none")


@pytest.mark.parametrize("name", ["stop", "no", "help", "yes", "pause"])
def test_nobody_is_called_like_a_command(name: str) -> None:
    with pytest.raises(UserError, match="Nobody can be called"):
        equipment.phrases(Settings(people={name: Person(), "ben": Person()}), None)
    assert any(coach_phrases().match(name, mode) for mode in coach_phrases().modes)
    equipment.phrases(Settings(people={"anna": Person(), "ben": Person()}), None)


def test_a_model_may_be_named_by_its_folder(tmp_path: Path) -> None:
    for name in (str(tmp_path), "~/no-such-model", "~nosuchuser/model"):
        with pytest.raises(UserError, match=r"folder"):
            equipment.model(Settings(model=name))


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    with uncounted():
        return subprocess.run(
            ["bash", "-c", command.replace("voice-coach", f"{sys.executable} -m voice_coach")],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
            env=os.environ | environment,
        )


@pytest.mark.parametrize("command", ["history", "history --json", "plan", "lines"])
def test_nothing_can_be_printed(tmp_path: Path, command: str) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    full = run(f"voice-coach {command} > /dev/full", **home)
    assert full.returncode == 1
    assert full.stderr == "voice-coach: That cannot be done (No space left on device).\n"
    closed = run(f"voice-coach {command} >&- 2>&-", **home)
    assert (closed.returncode, closed.stderr) == (0, "")
    enough = run(f"voice-coach {command} | true", **home)
    assert "Traceback" not in enough.stderr


@pytest.mark.parametrize("locale", ["C", "POSIX", "nonsense"])
def test_any_locale_will_do(tmp_path: Path, locale: str) -> None:
    plain = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    home = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    script = (
        "import sys; from voice_coach.cli import _open_streams\n"
        "_open_streams(); print('\\u201cstart beginner\\u2192'); print('\\u2192', file=sys.stderr)"
    )
    told = run(f'{sys.executable} -c "{script}"', **plain, **home)
    assert told.returncode == 0, told.stderr
    assert "start beginner" in told.stdout


def test_there_is_no_folder_for_what_is_temporary(tmp_path: Path) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    assert run("voice-coach plan", TMPDIR="/nonexistent", **home).returncode == 0


def test_a_recording_whose_name_is_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / os.fsdecode(b"sp\xff.wav")
    write_wav(path, np.zeros(16_000, np.float32))
    assert main(["hear", "--only", "thumps", "--why", "--json", str(path)]) == 0
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/inputs is not here")
@pytest.mark.parametrize(
    "command", [("plan", "--settings", "settings"), ("plan", "--prescription", "prescription")]
)
def test_it_was_written_with_notepad(command: tuple[str, str, str]) -> None:
    name, option, file = command
    assert main([name, option, str(SHARED / f"{file}_with_bom.toml")]) == 0


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/inputs is not here")
@pytest.mark.parametrize(
    "name", ["start_beginner", "data_size_0_as_after_a_crash", "inverted_stereo"]
)
def test_what_a_recorder_leaves_is_heard(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = ("hear", "--only", "commands", "--state", "asleep", "--json")
    assert main([*said, str(SHARED / f"{name}.wav")]) == 0
    assert '"intent":"start"' in capsys.readouterr().out


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/inputs is not here")
def test_a_header_and_nothing_else(refused: Refuse) -> None:
    assert "holds no sound" in refused("hear", "--only", "thumps", SHARED / "no_frames.wav")


def test_whatever_is_written_is_its_owner_s_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    home = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path)}
    done = run(f"umask 000; voice-coach rehearse lesson --scripted --out {out}", **home)
    assert done.returncode == 0, done.stderr
    for path in (out, *out.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0
