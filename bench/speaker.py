"""Measure what the whole speaker costs, sound client and callbacks included, beside its budget.

The speaker is a process of its own on a private sound server. It is started twice: cold, with no
clip rendered yet, and warm. Then it sleeps in a quiet kitchen, amid dishes, and amid talk, and
leads a session. Processor time is of one core of the machine it runs on; the server's own is not
counted.

Usage: python -m bench.speaker [--only SITUATION...] [--seconds N] [--threads]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
from tqdm import tqdm

from tests.integration.household import Inhabitant, drop_cue
from tests.soundserver import SoundServer, missing
from voice_coach.clock import to_samples
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen, Noise

BUDGETS = {"quiet": 25, "dishes": 45, "talk": 45, "exercising": 60}
"""Milliseconds of processor time a second, asleep but for the last."""
ASLEEP_MB, MOST_MB = 80, 100
START_S = 2.0
SETTLING = 8.0
"""Seconds after a beginning that are not measured: "ready" is said, the room gets known."""


def main() -> int:
    """Measure everything and print it beside its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each situation (30)")
    parser.add_argument("--threads", action="store_true", help="show the time of each thread")
    parser.add_argument("--cache", type=Path, help="with clips that are ready: no cold start")
    parser.add_argument("--only", nargs="*", default=list(BUDGETS), choices=list(BUDGETS))
    arguments = parser.parse_args()
    if reason := missing():
        print(reason, file=sys.stderr)
        return 1
    report: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name, SoundServer() as server:
        settings = written(Path(name), arguments.cache or Path(name) / "cache")
        for start in ("warm",) if arguments.cache else ("cold", "warm"):
            with speaker(server, settings) as process, server.record_speaker() as heard:
                began = time.perf_counter()
                next(sound for _, sound in heard if np.abs(sound).max() > 1e-3)
                took = time.perf_counter() - began
                time.sleep(SETTLING)
                report[f"start_{start}"] = {
                    "first_sound_s": {"is": round(took, 2), "budget": START_S},
                    "most_mb": {"is": megabytes(process.pid, "VmHWM"), "budget": MOST_MB},
                }
        for situation in tqdm(arguments.only, disable=not sys.stderr.isatty()):
            with speaker(server, settings) as process:
                assert process.stdout is not None
                process.stdout.readline()  # it listens
                spent = Spent(process.pid)
                with sounding(server, situation, arguments.cache or Path(name) / "cache"):
                    time.sleep(SETTLING)
                    before, began = spent.now(), time.perf_counter()
                    time.sleep(arguments.seconds)
                    seconds = time.perf_counter() - began
                    used = spent.now() - before
                    by_thread = {
                        thread: round(nanoseconds / 1e6 / seconds, 1)
                        for thread, nanoseconds in used.most_common()
                    }
                report[situation] = {
                    "ms_per_s": {
                        "is": round(used.total() / 1e6 / seconds, 1),
                        "budget": BUDGETS[situation],
                    },
                    "resident_mb": {
                        "is": megabytes(process.pid, "VmRSS"),
                        "budget": MOST_MB if situation == "exercising" else ASLEEP_MB,
                    },
                } | ({"threads": by_thread} if arguments.threads else {})
    print(json.dumps(report, indent=2))
    return 0


def written(folder: Path, cache: Path) -> Path:
    """Return settings in `folder` of somebody whom a therapist has approved."""
    (folder / "prescription.toml").write_text(
        f'signed_by = "bench"\nsigned_on = {datetime.now().date()}\n'
        'valid_until = 2999-12-31\napproved = true\nlevel = "beginner"\n'
    )
    file = folder / "settings.toml"
    file.write_text(
        'diary = "diary"\ncalibration = "heels"\n'
        f'cache = "{cache.resolve()}"\n'
        'prescription = "prescription.toml"\n'
    )
    return file


@contextmanager
def speaker(server: SoundServer, settings: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the speaker as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "voice_coach", "run", "--settings", str(settings)],
        env=server.environment,
        stdout=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def sounding(server: SoundServer, situation: str, cache: Path) -> Iterator[None]:
    """Let the microphone hear a situation; somebody exercises in the last."""
    if situation == "exercising":
        somebody = Inhabitant(server, drop_cue(cache / "clips"))
        somebody.start()
        somebody.wait_for_silence(2.0, within=60)
        somebody.start_a_session()
        somebody.wait_for_drops(5, within=120)
        yield
        somebody.leave()
    else:
        playing = server.play_into_microphone(np.tile(kitchen(situation), 8))
        yield
        playing.stop()


def kitchen(situation: str, seconds: float = 20.0) -> Samples:
    """Return what the microphone hears of a kitchen."""
    noises = () if situation == "quiet" else (Noise(situation),)
    room = Kitchen(
        floor="wood", footwear="shoe", distance_m=1.0, echo_db=-np.inf, seed=3, noises=noises
    )
    return room.microphone(np.zeros(to_samples(seconds), np.float32))


class Spent:
    """Processor time that the threads of a process have used, in nanoseconds."""

    def __init__(self, process: int) -> None:
        self._tasks = Path(f"/proc/{process}/task")

    def now(self) -> Counter[str]:
        """Return what each of the threads that there are has used so far."""
        found: Counter[str] = Counter()
        for number, task in enumerate(sorted(self._tasks.iterdir())):
            name = f"{number} {(task / 'comm').read_text().strip()}"
            found[name] = int((task / "schedstat").read_text().split()[0])
        return found


def megabytes(process: int, what: str) -> float:
    """Return the line `what` of the process's status."""
    status = Path(f"/proc/{process}/status").read_text()
    return round(int(status.split(f"{what}:")[1].split()[0]) / 1024, 1)


if __name__ == "__main__":
    sys.exit(main())
