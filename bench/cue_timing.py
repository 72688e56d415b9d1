"""Measure how exactly cues sound when they were scheduled, on a busy machine.

Ticks of one sample are placed in the mixer at irregular stream positions and played through
the sound card code on a private sound server, while other processes keep every processor
busy. Two things are compared with the schedule:

* `pace`: when each tick left the loudspeaker, as recorded at the loudspeaker, against the
  median of all of them (the recorder's clock begins when it likes);
* `position`: at which stream position the microphone heard each tick. Loudspeaker and
  microphone are one here, so this is the error of the measured latency.

Prints JSON; deviations are in samples of 1/16 ms. Fails when a tick is lost.

Usage: python -m bench.cue_timing [--ticks N] [--load PROCESSES] [--seed N]
"""

import argparse
import json
import os
import subprocess
import sys

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from tests.soundserver import SoundServer, inside, missing
from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.sound.card import SoundCard
from voice_coach.speaking import Mixer

Positions = npt.NDArray[np.int64]

TICK = np.array([0.5], np.float32)
AHEAD = SAMPLE_RATE // 2
"""Ticks are handed to the mixer this long before they are due, as the coach does."""


def main() -> int:
    """Play the ticks and print how far off they were; return 1 when one was lost."""
    parser = argparse.ArgumentParser(description="Measure how exactly cues keep their schedule.")
    parser.add_argument("--ticks", type=int, default=200, help="ticks to play (200)")
    parser.add_argument(
        "--load",
        type=int,
        default=os.cpu_count() or 1,
        help="busy processes beside (one for each processor)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the schedule (1)")
    arguments = parser.parse_args()
    if reason := missing():
        print(reason, file=sys.stderr)
        return 1
    rng = np.random.default_rng(arguments.seed)
    schedule = SAMPLE_RATE + np.cumsum(rng.integers(1600, 4800, arguments.ticks))

    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(arguments.load)
    ]
    try:
        recorded, heard, faults = play(schedule)
    finally:
        for process in busy:
            process.kill()
            process.wait()

    left, arrived = ticks_in(recorded), ticks_in(heard)
    report: dict[str, object] = {"ticks": arguments.ticks, "busy_processes": arguments.load}
    report |= faults | {"recorded": len(left), "heard": len(arrived)}
    complete = len(left) == len(arrived) == len(schedule)
    if complete:
        pace = left - schedule
        report["pace"] = deviations(pace - np.median(pace))
        report["position"] = deviations(arrived - schedule)
    print(json.dumps(report, indent=2))
    return 0 if complete else 1


def play(schedule: Positions) -> tuple[Samples, Samples, dict[str, int]]:
    """Play a tick at each position; return what was recorded, what was heard, and faults."""
    mixer = Mixer()
    heard: list[Samples] = []
    end = int(schedule[-1]) + SAMPLE_RATE
    waiting = list(schedule)
    with (
        SoundServer(echo=True) as server,
        inside(server),
        server.record_speaker() as recording,
        SoundCard(input_name="microphone", output_name="speaker", render=mixer.render) as card,
        tqdm(total=end // SAMPLE_RATE, unit="s", disable=not sys.stderr.isatty()) as progress,
    ):
        for block in card.blocks():
            heard.append(block.microphone)
            while waiting and waiting[0] - block.position < AHEAD:
                mixer.place(TICK, int(waiting.pop(0)))
            progress.update(block.position // SAMPLE_RATE - progress.n)
            if block.position + BLOCK >= end:
                break
        faults = {
            "overflows": card.overflows,
            "underflows": card.underflows,
            "blocks_missed": card.missed,
            "latency": card.latency,
        }
        return recording.stop(), np.concatenate(heard), faults


def ticks_in(sound: Samples) -> Positions:
    """Return where the ticks are."""
    return np.flatnonzero(sound > TICK[0] / 2)


def deviations(samples: npt.NDArray[np.float64] | Positions) -> dict[str, float]:
    """Summarise how far off the schedule the ticks were, early or late."""
    far = np.abs(samples)
    return {
        "median": float(np.median(far)),
        "p95": float(np.quantile(far, 0.95)),
        "max": float(far.max()),
    }


if __name__ == "__main__":
    sys.exit(main())
