"""Build the Debian package: ``python -m tools.package [--release bookworm] [--machine arm64]``.

Code and locked packages lie in a private place, under the system's own Python; the version of
that tells the release of Debian that a package is for. Nothing of what is built here is run, so
that any machine builds for any other. Needs ``uv`` (``pip install uv``) and ``dpkg-deb``.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import voice_coach

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGING: Final = ROOT / "packaging" / "debian"
PRIVATE: Final = Path("usr/lib/voice-coach")

RELEASES: Final = {"bookworm": ("3.11", 12), "trixie": ("3.13", 13)}
"""By the release of Debian: its Python, and its number."""
MACHINES: Final = {"amd64": "x86_64-manylinux_2_28", "arm64": "aarch64-manylinux_2_28"}
"""By Debian's name of a machine: what its packages are called elsewhere."""
LEVEL: Final = 9
"""How hard it is compressed: more costs minutes, and saves little."""
SCRIPTS: Final = ("preinst", "postinst", "prerm", "postrm")
DOCS: Final = (
    "settings.example.toml",
    "prescription.example.toml",
    "raspberry-pi.md",
    "home.md",
    "homeassistant/she_does_not_answer.yaml",
)

CONTROL: Final = """\
Package: voice-coach
Version: {version}
Architecture: {machine}
Maintainer: voice-coach <root@localhost>
Installed-Size: {kilobytes}
Depends: python3 (>= {python}~), python3 (<< {next_python}~), libasound2 | libasound2t64, \
libportaudio2, libespeak-ng1, libatomic1, adduser, init-system-helpers
Recommends: alsa-utils
Section: sound
Priority: optional
Description: offline smart speaker that coaches heel drops
 It is spoken to, listens for the heels, and keeps to a programme whose limits a
 therapist can lower. No sound leaves the house: the service has no network.
"""


def main() -> int:
    """Build it, and print where it lies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", choices=RELEASES, default="bookworm")
    parser.add_argument("--machine", choices=MACHINES, default=own_machine())
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR")
    arguments = parser.parse_args()
    print(build(arguments.release, arguments.machine, arguments.out))
    return 0


def own_machine() -> str:
    """Return what Debian calls this machine."""
    return "arm64" if os.uname().machine == "aarch64" else "amd64"


def build(release: str, machine: str, out: Path) -> Path:
    """Build the package for a `release` of Debian and a `machine` into `out`; return its path."""
    number = RELEASES[release][1]
    version = f"{voice_coach.__version__}~deb{number}"
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"voice-coach_{version}_{machine}.deb"
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "root"
        root.mkdir(mode=0o755)
        _private_python(root / PRIVATE, release, machine)
        _files(root)
        _control(root, version, release, machine)
        command = ["dpkg-deb", "--build", "--root-owner-group", "-Zzstd"]
        subprocess.run([*command, f"-z{LEVEL}", root, package], check=True, capture_output=True)
    return package


def _private_python(private: Path, release: str, machine: str) -> None:
    """Lay out a virtual environment of the system's Python in `private`, with all packages."""
    python = RELEASES[release][0]
    site = private / "lib" / f"python{python}" / "site-packages"
    (private / "bin").mkdir(parents=True)
    (private / "bin" / "python").symlink_to("/usr/bin/python3")
    (private / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {python}\n"
    )
    # What comes as source (srt) is pure Python, and the same everywhere.
    uv = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--no-config",
        "--link-mode=copy",
    ]
    place = ["--python-platform", MACHINES[machine], "--python-version", python]
    lock = ["--require-hashes", "--requirement", "requirements/home.txt"]
    subprocess.run([*uv, *place, "--target", str(site), *lock], cwd=ROOT, check=True)
    shutil.copytree(
        ROOT / "voice_coach", site / "voice_coach", ignore=shutil.ignore_patterns("__pycache__")
    )
    for folder in ("audio", "models"):
        shutil.copytree(ROOT / folder, site / "voice_coach" / folder)
    # Scripts of the packages would be found by nobody, and name another Python.
    shutil.rmtree(site / "bin", ignore_errors=True)
    for unneeded in [*site.rglob("tests"), *site.rglob("__pycache__")]:
        if unneeded.is_dir():
            shutil.rmtree(unneeded)
    for stub in [*site.rglob("*.pyi"), *site.rglob("*.lock")]:
        stub.unlink()


def _files(root: Path) -> None:
    """Put everything else where Debian has it."""
    for name, place, mode in (
        ("voice-coach", "usr/bin", 0o755),
        ("voice-coach.service", "usr/lib/systemd/system", 0o644),
        ("voice-coach-home.service", "usr/lib/systemd/system", 0o644),
        ("voice-coach-off.path", "usr/lib/systemd/system", 0o644),
        ("voice-coach-off.service", "usr/lib/systemd/system", 0o644),
        ("90-voice-coach.rules", "usr/lib/udev/rules.d", 0o644),
        ("settings.toml", "etc/voice-coach", 0o644),
    ):
        (root / place).mkdir(parents=True, exist_ok=True)
        shutil.copy(PACKAGING / name, root / place)
        (root / place / name).chmod(mode)
    docs = root / "usr/share/doc/voice-coach"
    docs.mkdir(parents=True)
    for name in DOCS:
        shutil.copy(ROOT / "docs" / name, docs)
    shutil.copy(ROOT / "LICENSE", docs / "copyright")


def _control(root: Path, version: str, release: str, machine: str) -> None:
    """Write what dpkg has to know."""
    control = root / "DEBIAN"
    control.mkdir()
    python = RELEASES[release][0]
    major, minor = python.split(".")
    size = sum(path.lstat().st_size for path in root.rglob("*") if not path.is_dir())
    (control / "control").write_text(
        CONTROL.format(
            version=version,
            machine=machine,
            kilobytes=size // 1024,
            python=python,
            next_python=f"{major}.{int(minor) + 1}",
        )
    )
    (control / "conffiles").write_text("/etc/voice-coach/settings.toml\n")
    for name in SCRIPTS:
        text = (PACKAGING / name).read_text(encoding="utf-8").replace("@VERSION@", version)
        (control / name).write_text(text, encoding="utf-8")
        (control / name).chmod(0o755)
    for path in root.rglob("*"):
        if not path.is_symlink() and "DEBIAN" not in path.parts:
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


if __name__ == "__main__":
    sys.exit(main())
