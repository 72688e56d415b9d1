"""The Debian package: what is in it, what its scripts do, and how little the service may do."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.package import PACKAGING, SCRIPTS, build, own_machine
from voice_coach.home.settings import SERVICE_FILE, Settings

MOST_EXPOSED = 2.0
LARGEST_MB = 150


def script(name: str, folder: Path) -> Path:
    """Return a script of the package that works on `folder` in place of the machine's own."""
    text = (PACKAGING / name).read_text(encoding="utf-8").replace("@VERSION@", "1.2.0~deb12")
    copy = folder / name
    copy.write_text(text.replace("/var/lib/voice-coach", str(folder / "state")))
    return copy


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", *command], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", SCRIPTS)
def test_its_scripts_can_be_read_by_the_shell(name: str) -> None:
    assert run("-n", PACKAGING / name).stderr == ""


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="there is no dpkg on this machine")
class TestAnUpgrade:
    def test_keeps_a_copy_of_the_diary_of_before(self, tmp_path: Path) -> None:
        diary = tmp_path / "state" / "diary"
        diary.mkdir(parents=True)
        (diary / "diary.sqlite3").write_text("what was done")
        assert run(script("preinst", tmp_path), "upgrade", "1.1.0~deb12").returncode == 0
        copy = tmp_path / "state" / "before-1.1.0_deb12"
        assert (copy / "diary" / "diary.sqlite3").read_text() == "what was done"
        assert copy.stat().st_mode & 0o777 == 0o700

    def test_to_an_older_version_is_refused_in_words(self, tmp_path: Path) -> None:
        (tmp_path / "state" / "diary").mkdir(parents=True)
        done = run(script("preinst", tmp_path), "upgrade", "1.10.0~deb12")
        assert done.returncode == 1
        assert "1.10.0~deb12 is installed, and 1.2.0~deb12 is older" in done.stderr
        assert "export --backup" in done.stderr
        assert [path.name for path in (tmp_path / "state").iterdir()] == ["diary"]

    def test_of_nothing_needs_nothing(self, tmp_path: Path) -> None:
        assert run(script("preinst", tmp_path), "install").returncode == 0


def test_the_settings_of_the_service_are_whole_and_found_by_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.load(PACKAGING / "settings.toml")
    assert settings.diary == Path("/var/lib/voice-coach/diary")
    asks_to_be_off = (PACKAGING / "voice-coach-off.path").read_text(encoding="utf-8")
    assert f"PathExists={settings.controls.power_off[-1]}" in asks_to_be_off
    unit = (PACKAGING / "voice-coach.service").read_text(encoding="utf-8")
    assert f"run --patient --settings {SERVICE_FILE}" in unit
    assert "RuntimeDirectory=voice-coach\n" in unit
    assert settings.intercom == Path("/run/voice-coach/intercom.sock")
    assert settings.home.address == "127.0.0.1"
    page = (PACKAGING / "voice-coach-home.service").read_text(encoding="utf-8")
    assert f"home --settings {SERVICE_FILE}" in page
    assert (
        f"ReadWritePaths=/var/lib/voice-coach /var/cache/voice-coach {SERVICE_FILE.parent}" in page
    )
    after = (PACKAGING / "postinst").read_text(encoding="utf-8")
    switched = [row for row in after.splitlines() if "voice-coach-home" in row]
    assert all("try-restart" in row for row in switched), "nobody switches it on but the household"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    service = tmp_path / "service.toml"
    service.write_text('input = "USB"')
    monkeypatch.setattr("voice_coach.home.settings.SERVICE_FILE", service)
    assert Settings.load().input == "USB"
    (tmp_path / "voice-coach").mkdir()
    (tmp_path / "voice-coach" / "settings.toml").write_text('input = "my own"')
    assert Settings.load().input == "my own"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("name", ["voice-coach.service", "voice-coach-home.service"])
def test_the_service_may_do_little(name: str) -> None:
    unit = PACKAGING / name
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    exposed = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    if exposed is None:
        pytest.skip(f"this systemd cannot tell: {done.stderr}")
    assert float(exposed[1]) <= MOST_EXPOSED


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="there is no dpkg-deb here")
def test_a_package_is_built_for_this_machine(tmp_path: Path) -> None:
    pytest.importorskip("uv", reason="uv is not installed: pip install uv")
    try:
        package = build("bookworm", own_machine(), tmp_path)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"the locked packages are not to be had here: {error}")

    def ask(*question: str) -> str:
        command = ["dpkg-deb", *question[:1], str(package), *question[1:]]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert int(ask("--field", "Installed-Size")) < LARGEST_MB * 1024
    assert "python3 (>= 3.11~), python3 (<< 3.12~)" in ask("--field", "Depends")
    inside = ask("--contents")
    for path in (
        "usr/bin/voice-coach",
        "lib/systemd/system/voice-coach.service",
        "lib/systemd/system/voice-coach-off.path",
        "lib/systemd/system/voice-coach-home.service",
        "lib/udev/rules.d/90-voice-coach.rules",
    ):
        assert path in inside
    assert "site-packages/voice_coach/models/en/am/final.mdl" in inside
    for absent in ("/scipy/", "/matplotlib/", "/PIL/", "__pycache__", "/pip/"):
        assert absent not in inside
    for line in inside.splitlines():
        assert " root/root " in line
        assert not re.match(r"-.......w", line), "for everybody to write"
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    assert Settings.load(root / "etc/voice-coach/settings.toml").people == {}
    if sys.version_info[:2] == (3, 11):
        # The private packages alone, by a Python of the same version.
        site = root / "usr/lib/voice-coach/lib/python3.11/site-packages"
        told = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _HELLO, site],
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.startswith("voice-coach ")


_HELLO = """
import sys; sys.path.insert(0, sys.argv.pop()); sys.argv.append("--version")
import voice_coach.home.speaker
import voice_coach.website.server, voice_coach.mqtt.bridge
from voice_coach.cli import main
main()
"""
