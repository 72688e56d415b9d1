"""Make a small Debian for a 64-bit ARM machine, on any machine."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.foreign import ROOT, command

RUNS: Final = (
    *("python3", "libasound2", "libportaudio2", "libespeak-ng1", "libatomic1", "adduser"),
    *("init-system-helpers", "systemd-sysv", "udev"),
)
"""What the package depends on, and what a service needs."""

_LEFT_OUT: Final = ("/usr/share/man/*", "/usr/share/locale/*", "/usr/share/doc/*")
_KEPT: Final = ("/usr/share/doc/*/copyright", "/usr/share/doc/voice-coach/*")


def small_debian(
    folder: Path, release: str, packages: Sequence[str] = (), components: str = "main"
) -> Path:
    """Make it in `folder`, where it is not there yet, with further `packages`; return `folder`."""
    if folder.exists():
        return folder
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    # From trixie on its name tells that it counts time in 64 bits.
    sound = "libasound2" if release == "bookworm" else "libasound2t64"
    names = [*(sound if name == "libasound2" else name for name in RUNS), *packages]
    # What a kernel starts with is made by whoever wants it, once: emulated, it takes minutes.
    words = [
        "env",
        "INITRD=No",
        "mmdebstrap",
        "--mode=root",
        "--architectures=arm64",
        "--variant=minbase",
    ]
    words += [f"--include={','.join(names)}", f"--components={components}"]
    words += [f"--dpkgopt=path-exclude={path}" for path in _LEFT_OUT]
    words += [f"--dpkgopt=path-include={path}" for path in _KEPT]
    # The firmware's package fills the boot partition only where there is a place for it.
    words += ['--essential-hook=mkdir -p "$1/boot/firmware"']
    subprocess.run(command([*words, release, part]), cwd=ROOT, check=True)
    part.rename(folder)
    return folder
