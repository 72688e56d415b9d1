"""Run 64-bit ARM programs on this machine: ``python -m tools.foreign [--root DIR] COMMAND``.

QEMU's user emulation is told to the kernel in a namespace of our own (``binfmt_misc``, from Linux
6.7), so that nothing of this machine is changed, and nothing is left behind. Needs root, and the
package ``qemu-user-static``.
"""

import argparse
import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
QEMU: Final = Path("/usr/bin/qemu-aarch64-static")
_BINFMT: Final = Path("/proc/sys/fs/binfmt_misc")
_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x20000
_MAGIC: Final = r"\x7f\x45\x4c\x46\x02\x01\x01" + r"\x00" * 9 + r"\x02\x00\xb7\x00"
_MASK: Final = r"\xff" * 7 + r"\x00" + r"\xff" * 8 + r"\xfe\xff\xff\xff"
"""How a program of such a machine begins, and which bits of that count."""


def command(
    words: Sequence[str | Path], root: Path | None = None, binds: Sequence[tuple[Path, str]] = ()
) -> list[str]:
    """Return the command that runs `words`, in the system at `root` if there is one.

    Each of `binds` shows a folder of this machine within it.
    """
    line = [sys.executable, "-m", "tools.foreign"]
    if root is not None:
        line += ["--root", str(root)]
    for here, there in binds:
        line += ["--bind", f"{here}={there}"]
    return [*line, "--", *map(str, words)]


def missing() -> str | None:
    """Return what keeps foreign programs from being run here, in a sentence; None for nothing."""
    if os.geteuid():
        return "This needs root."
    if not QEMU.exists():
        return "This needs QEMU: sudo apt install qemu-user-static."
    return None


def main() -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, metavar="DIR")
    parser.add_argument("--bind", action="append", default=[], metavar="HERE=THERE")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    if why := missing():
        parser.error(why)
    entered, enter = os.pipe()
    mapped, map_ = os.pipe()
    child = os.fork()
    if child == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_NEW_USER | _NEW_MOUNTS):
            os._exit(125)
        os.write(enter, b".")
        os.read(mapped, 1)
        os.setgid(0)
        os.setuid(0)
        _emulate()
        _enter(arguments.root, arguments.bind, arguments.command)
    os.read(entered, 1)
    for kind in ("uid_map", "gid_map"):
        Path(f"/proc/{child}/{kind}").write_text("0 0 65536\n")
    os.write(map_, b".")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _emulate() -> None:
    """Tell the kernel, in this namespace, who runs such programs."""
    _mount("-t", "binfmt_misc", "binfmt_misc", _BINFMT)
    (_BINFMT / "register").write_text(f":aarch64:M::{_MAGIC}:{_MASK}:{QEMU}:F")


def _enter(root: Path | None, binds: Sequence[str], words: list[str]) -> None:
    """Become the command."""
    # The oldest processor that counts: three times as fast as the emulation of all there is.
    os.environ.setdefault("QEMU_CPU", "cortex-a53")
    if root is None:
        os.execvp(words[0], words)
    for name in ("proc", "dev"):
        _mount("--rbind", f"/{name}", root / name)
    for bind in binds:
        here, _, there = bind.partition("=")
        (root / there.lstrip("/")).mkdir(parents=True, exist_ok=True)
        _mount("--bind", here, root / there.lstrip("/"))
    os.chroot(root)
    os.chdir("/")
    os.environ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
    os.execvp(words[0], words)


def _mount(*words: str | Path) -> None:
    subprocess.run(["mount", *words], check=True)


if __name__ == "__main__":
    sys.exit(main())
