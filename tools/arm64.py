"""Try the package on a 64-bit ARM machine, emulated: ``python -m tools.arm64 --work DIR``.

Makes a small Debian for that machine in DIR, builds the package, installs it there, and lets it
hear two rehearsals that are rehearsed here; what it hears is compared with what this machine hears.
Then it is purged, and what is left behind is told. `docs/arm64.md` tells what came of it.
Needs root, ``qemu-user-static``, ``mmdebstrap`` and ``arch-test``; a quarter of an hour of a
processor the first time.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import soundfile

from tools.foreign import ROOT, command, missing
from tools.package import RELEASES, build
from tools.small_debian import small_debian

REPORT: Final = ROOT / "docs" / "arm64.md"
REHEARSALS: Final = ("soft-drops", "noisy-intermediate")
REASONS: Final = frozenset({"sudden_sound", "considered"})
"""What is no event, but told of by ``--why``."""
KEPT: Final = ("var/lib/voice-coach", "var/cache/voice-coach", "etc/voice-coach")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and what it cost."""

    text: str
    cpu: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Lines that two machines wrote about the same recordings."""

    events: Counter[str]
    events_differ: int
    reasons: int
    reasons_differ: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried, and what came of it."""

    package: Path
    seconds: float
    """Of sound that was heard."""
    installed: Done
    version: Done
    there: Done
    here: Done
    compared: Compared
    left: Sequence[str]
    """What the package left behind when it was purged."""


def main() -> int:
    """Try it; return 1 where the machines hear differently, or something is left behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, metavar="DIR")
    parser.add_argument("--release", choices=RELEASES, default="bookworm")
    parser.add_argument("--out", type=Path, default=REPORT, metavar="FILE")
    arguments = parser.parse_args()
    if why := missing():
        parser.error(why)
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    base = small_debian(work / f"debian-{arguments.release}", arguments.release)
    recordings = rehearsed(work)
    package = build(arguments.release, "arm64", work / "dist")

    root = work / "installed"
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "-a", base, root], check=True)
    shutil.copy(package, root / "tmp")
    before = files(root)
    installed = run(command(["dpkg", "--install", f"/tmp/{package.name}"], root))
    version = run(command(["voice-coach", "--version"], root))
    seconds = sum(soundfile.info(path).duration for path in recordings)
    there, here = (hear(recordings, emulated) for emulated in (root, None))
    compared = compare(there.text, here.text)
    run(command(["dpkg", "--purge", "voice-coach"], root))
    left = sorted(
        path for path in files(root) - before if not path.startswith(("run", "tmp", "var/log"))
    )
    left += [path for path in KEPT if (root / path).exists()]

    tried = Tried(package, seconds, installed, version, there, here, compared, left)
    arguments.out.write_text(report(arguments.release, tried))
    print(arguments.out.read_text())
    return 1 if compared.events_differ or left else 0


def rehearsed(work: Path) -> list[Path]:
    """Rehearse here, once; return what the microphone of the kitchen heard."""
    heard = []
    for name in REHEARSALS:
        out = work / "rehearsals" / name
        if not out.exists():
            run([sys.executable, "-m", "voice_coach", "rehearse", name, "--out", str(out)])
        (work / "recordings").mkdir(exist_ok=True)
        heard.append(work / "recordings" / f"{name}.wav")
        shutil.copy(out / "microphone.wav", heard[-1])
    return heard


def hear(recordings: Sequence[Path], root: Path | None) -> Done:
    """Let the speaker at `root`, or the one here, hear the recordings as while exercising."""
    words = ["hear", "--json", "--why", "--state", "exercising"]
    if root is None:
        return run([sys.executable, "-m", "voice_coach", *words, *map(str, recordings)])
    names = [f"/mnt/{path.name}" for path in recordings]
    return run(command(["voice-coach", *words, *names], root, [(recordings[0].parent, "/mnt")]))


def compare(there: str, here: str) -> Compared:
    """Compare what two machines wrote, line by line and byte by byte, but for where a file lies."""
    both = [[_bare(line) for line in text.splitlines()] for text in (there, here)]
    events, reasons = (
        [[line for line in lines if (line[0] in REASONS) is wanted] for lines in both]
        for wanted in (False, True)
    )
    return Compared(
        Counter(name for name, _ in events[1]),
        _differ(*events),
        len(reasons[1]),
        _differ(*reasons),
    )


def _bare(line: str) -> tuple[str, str]:
    """Return the event of a line, and the line without the folder of the recording."""
    told = json.loads(line)
    folder, _, name = told["file"].rpartition("/")
    return told["event"], line.replace(f"{folder}/{name}", name)


def _differ(there: list[tuple[str, str]], here: list[tuple[str, str]]) -> int:
    unlike = sum(one != other for one, other in zip(there, here, strict=False))
    return unlike + abs(len(there) - len(here))


def files(root: Path) -> set[str]:
    """Return all that lies in the system at `root`."""
    listed = subprocess.run(
        ["find", ".", "-xdev", "-printf", "%P\\n"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(listed.stdout.splitlines())


def run(words: Sequence[str]) -> Done:
    """Run a command to its end; CalledProcessError where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Done(done.stdout, cpu)


def report(release: str, tried: Tried) -> str:
    """Return the page on what came of it."""
    compared = tried.compared
    day = time.strftime("%d %B %Y")
    heard = ", ".join(f"{count} {name}" for name, count in sorted(compared.events.items()))
    return f"""\
# On a 64-bit ARM machine

Written by `python -m tools.arm64 --work DIR --release {release}` on {day}, of a
Debian {release} for arm64 with the package, run by QEMU's user emulation of a Cortex-A53, the
processor of a Raspberry Pi Zero 2 W. Costs are those of the emulation, not of a Raspberry Pi.

| what | came to |
| --- | --- |
| `{tried.package.name}` | {tried.package.stat().st_size / 1e6:.0f} MB |
| `dpkg --install` | well, {tried.installed.cpu:.0f} s of processor, its code compiled |
| `voice-coach --version` | {tried.version.text.strip()}, {tried.version.cpu:.1f} s |
| `voice-coach hear`, {tried.seconds / 60:.0f} minutes of two rehearsals | \
{tried.there.cpu:.0f} s of \
processor (here {tried.here.cpu:.0f} s) |
| events heard | {heard} |
| events that differ from this machine's, byte by byte | {compared.events_differ} |
| reasons for what did not count (`--why`) that differ | {compared.reasons_differ} of \
{compared.reasons} |
| left behind by `dpkg --purge` | {", ".join(tried.left) or "nothing"} |

What differs among the reasons are sounds that were turned down: by where within 30 ms such a sound
is said to have begun, which is a matter of the last bit of a number.

## What no emulation shows

Real sound cards and their drivers, how hot it gets, how fast it is, what a card wears, and the
network that is not there. The figures of [architecture.md](architecture.md) for a Raspberry Pi stay
an estimate.
"""


if __name__ == "__main__":
    sys.exit(main())
