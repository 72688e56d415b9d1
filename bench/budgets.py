"""Measure what a session costs: processor time for each second of sound, memory, start.

Rehearses a scenario, feeds what its microphone heard to the ears alone, and prints the
figures as JSON beside the budget of each. Processor times are of one core of the machine it
runs on; the ratio to the length of the sound is what can be carried to another.

Usage: python -m bench.budgets [--scenario NAME]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.soundserver import SoundServer
from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.hearing.commands import CommandEar
from voice_coach.hearing.heels.ear import HeelEar
from voice_coach.home import equipment
from voice_coach.home.phrases import coach_phrases
from voice_coach.home.settings import Settings
from voice_coach.rehearsal import Scenario, rehearse
from voice_coach.samples import Samples
from voice_coach.sound.audio_files import read_recording


def cost(hear: Callable[[Samples, Samples], object], microphone: Samples, own: Samples) -> float:
    """Return processor milliseconds for each second of sound."""
    begun = time.process_time()
    for at in range(0, len(microphone) - BLOCK, BLOCK):
        hear(microphone[at : at + BLOCK], own[at : at + BLOCK])
    return 1000 * (time.process_time() - begun) / (len(microphone) / SAMPLE_RATE)


def hearing(folder: Path) -> dict[str, float]:
    """Measure the two ears on what a rehearsal's microphone heard."""
    microphone = read_recording(folder / "microphone.wav")
    own = read_recording(folder / "speaker.wav")
    session = json.loads((folder / "session.json").read_text())
    heels = HeelEar()
    for repetition in session["repetitions"]:
        at = round(repetition["prompted"] * SAMPLE_RATE)
        heels.open_window(at - 2400, at + 14_400, prompted=at)
    commands = CommandEar(equipment.model(Settings.load()), coach_phrases())
    commands.listen_for("exercising")
    return {
        "thumps_ms_per_s": round(cost(heels.feed, microphone, own), 2),
        "commands_ms_per_s": round(cost(commands.feed, microphone, own), 2),
    }


def start() -> tuple[float, float]:
    """Return the seconds from the speaker's start to its first word, and megabytes it takes.

    The speaker is a process of its own on a private sound server; rendered speech is in the
    cache. Memory is the most that has been resident by three seconds after the first word.
    """
    with tempfile.TemporaryDirectory() as name:
        settings = Path(name) / "settings.toml"
        settings.write_text('diary = "diary"\ncalibration = "heels"\n')
        with SoundServer() as server, server.record_speaker() as heard:
            begun = time.perf_counter()
            speaker = subprocess.Popen(
                [sys.executable, "-m", "voice_coach", "run", "--settings", str(settings)],
                env=server.environment,
                stdout=subprocess.DEVNULL,
            )
            try:
                for _, sound in heard:
                    if sound.any():
                        took = time.perf_counter() - begun
                        time.sleep(3)
                        status = Path(f"/proc/{speaker.pid}/status").read_text()
                        return took, int(status.split("VmHWM:")[1].split()[0]) / 1024
                raise RuntimeError("the speaker never spoke")
            finally:
                speaker.terminate()
                speaker.wait()


def main() -> int:
    """Measure everything and print it beside its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="noisy-intermediate")
    parser.add_argument("--hearing", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.hearing is not None:
        print(json.dumps(hearing(arguments.hearing)))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        voice = equipment.voice(Settings.load())
        voice.prepare(progress=True)
        begun = time.perf_counter()
        rehearsal = rehearse(
            Scenario.load(arguments.scenario), voice, out=folder, progress=sys.stderr.isatty()
        )
        took = time.perf_counter() - begun
        # The ears in a process of their own, away from what the rehearsal leaves behind.
        ears = subprocess.run(
            [sys.executable, "-m", "bench.budgets", "--hearing", name],
            check=True,
            capture_output=True,
        )
    figures = json.loads(ears.stdout)
    began, memory = start()
    hears = figures["thumps_ms_per_s"] + figures["commands_ms_per_s"]
    print(
        json.dumps(
            {
                "hearing_ms_per_s_of_sound": {"is": round(hears, 2), "budget": 25, **figures},
                "start_to_ready_s": {"is": round(began, 2), "budget": 2},
                "memory_mb": {"is": round(memory, 1), "budget": 120},
                "rehearsal_s_per_20_min": {
                    "is": round(1200 * took / rehearsal.seconds, 1),
                    "budget": 60,
                },
            },
            indent=2,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
