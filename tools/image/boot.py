"""Boot the image of a card in QEMU: ``python -m tools.image.boot --work DIR``.

On a machine of QEMU's own (`virt`, a Cortex-A53, 512 MB) with a sound card that is not there
(`snd-aloop`). It waits until the speaker listens, cuts the power, and does so again: what was kept
has to be there. Nothing is written to the image. Needs ``qemu-system-arm`` and ``qemu-utils``.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

READY: Final = "Listening. Say"
GIVEN_UP: Final = ("Kernel panic", "You are in emergency mode")
PATIENCE: Final = 1800.0
"""Seconds until the speaker must listen: on a busy machine, an emulated one takes long."""
CONSOLE: Final = (
    "console=ttyAMA0 root=LABEL=system ro systemd.journald.forward_to_console=1 "
    "systemd.journald.max_level_console=info modules_load=snd-aloop"
)


def main() -> int:
    """Boot it twice; return 1 where it does not come to listen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, metavar="DIR")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    with tempfile.TemporaryDirectory(dir=work) as name:
        disk = Path(name) / "card.qcow2"
        image = work / "voice-coach.img"
        make = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(image)]
        subprocess.run([*make, str(disk), "2G"], check=True)
        for which in ("first", "second"):
            with booted(work / "boot", disk, work / f"{which}-boot.log") as console:
                seconds = console.wait_for(READY)
            if seconds is None:
                print(f"The {which} boot did not come to listen: {console.log}")
                return 1
            print(f"The {which} boot listened after {seconds:.0f} s; the power was cut.")
    return 0


class Console:
    """What a machine writes on its serial line, kept in a file."""

    def __init__(self, machine: subprocess.Popen[str], log: Path) -> None:
        self._machine = machine
        self._began = time.monotonic()
        self._lines: list[str] = []
        self.log = log
        threading.Thread(target=self._read, daemon=True).start()

    def wait_for(self, words: str) -> float | None:
        """Return after how many seconds a line with `words` came; None where it does not."""
        seen = 0
        while time.monotonic() - self._began < PATIENCE:
            for line in self._lines[seen:]:
                seen += 1
                if words in line:
                    return time.monotonic() - self._began
                if any(end in line for end in GIVEN_UP):
                    return None
            if self._machine.poll() is not None:
                return None
            time.sleep(0.5)
        return None

    def _read(self) -> None:
        assert self._machine.stdout is not None
        with self.log.open("w", encoding="utf-8") as log:
            for line in self._machine.stdout:
                self._lines.append(line)
                log.write(line)
                log.flush()


@contextmanager
def booted(boot: Path, disk: Path, log: Path) -> Iterator[Console]:
    """Run a machine with `disk` and the kernel in `boot`, then cut its power."""
    kernel = max(boot.glob("vmlinuz*"))
    initrd = max(boot.glob("initrd*"))
    words = ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53", "-m", "512", "-nographic"]
    words += ["-no-reboot", "-nic", "none", "-kernel", str(kernel), "-initrd", str(initrd)]
    words += ["-drive", f"file={disk},if=virtio,format=qcow2", "-append", CONSOLE]
    machine = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        yield Console(machine, log)
    finally:
        machine.kill()
        machine.wait()


if __name__ == "__main__":
    sys.exit(main())
