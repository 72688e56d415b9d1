"""Run aubio and librosa over recordings; needs an interpreter that has them, not the product's.

    PYTHON -m research.heels.baselines FOLDER

Reads every ``FOLDER/*.wav``, writes ``FOLDER/onsets.json``: method -> setting -> recording ->
onset times in seconds; and CPU milliseconds per second of sound for each method.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

import aubio
import librosa
import numpy as np
import numpy.typing as npt
import soundfile
from scipy import signal

Samples: TypeAlias = npt.NDArray[np.float32]
Detector: TypeAlias = Callable[[Samples], list[float]]
"""Returns the onsets in a sound, in seconds."""

RATE = 16_000
THRESHOLDS = (0.3, 0.6, 1.0)
AUBIO = {"energy": THRESHOLDS, "hfc": THRESHOLDS, "specflux": THRESHOLDS}
SILENCE = (-60.0, -50.0)
LIBROSA = (0.03, 0.07, 0.15, 0.3)
BANDS = {"": None, " 70-900 Hz": (70, 900)}
"""What each detector hears: everything, and where most of a thump is."""


def aubio_onsets(sound: Samples, method: str, threshold: float, silence: float) -> list[float]:
    """Return the onsets that one of aubio's methods finds."""
    detector = aubio.onset(method, 512, 160, RATE)
    detector.set_threshold(threshold)
    detector.set_silence(silence)
    detector.set_minioi_ms(100)
    return [
        float(detector.get_last_s())
        for i in range(0, len(sound) - 159, 160)
        if detector(sound[i : i + 160])
    ]


def librosa_onsets(sound: Samples, strength: Samples, delta: float) -> list[float]:
    """Return the onsets that librosa finds in `sound` by its onset `strength`."""
    del sound
    found = librosa.onset.onset_detect(
        onset_envelope=strength, sr=RATE, hop_length=160, units="time", delta=delta
    )
    return [float(second) for second in found]


def detectors(strength: Samples) -> Iterator[tuple[str, str, Detector]]:
    """Yield method, setting and detector for a sound with that onset `strength`."""
    for method, grid in AUBIO.items():
        for threshold in grid:
            for silence in SILENCE:
                run = partial(aubio_onsets, method=method, threshold=threshold, silence=silence)
                yield f"aubio {method}", f"{threshold} {silence:.0f}", run
    for delta in LIBROSA:
        yield "librosa", str(delta), partial(librosa_onsets, strength=strength, delta=delta)


def within(sound: Samples, band: tuple[int, int] | None) -> Samples:
    """Return what of `sound` lies in a `band` of frequencies, in Hz."""
    if band is None:
        return sound
    sos = signal.butter(2, band, "bandpass", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, sound), np.float32)


def main() -> None:
    """Run every detector over every recording of a folder."""
    folder = Path(sys.argv[1])
    onsets: dict[str, dict[str, dict[str, list[float]]]] = {}
    cpu: dict[str, list[float]] = {}
    paths = sorted(folder.glob("*.wav"))
    for done, path in enumerate(paths):
        print(f"\rother detectors: {done} of {len(paths)} sessions", end="", file=sys.stderr)
        whole, _ = soundfile.read(path, dtype="float32")
        for suffix, band in BANDS.items():
            sound = within(whole, band)
            seconds = len(sound) / RATE
            start = time.process_time()
            strength = librosa.onset.onset_strength(y=sound, sr=RATE, hop_length=160)
            spent = time.process_time() - start
            cpu.setdefault(f"librosa{suffix}", []).append(1000 * spent / seconds)
            for method, setting, run in detectors(strength):
                start = time.process_time()
                found = run(sound)
                spent = time.process_time() - start
                by_setting = onsets.setdefault(f"{method}{suffix}", {})
                by_setting.setdefault(setting, {})[path.stem] = found
                if method.startswith("aubio"):
                    cpu.setdefault(f"{method}{suffix}", []).append(1000 * spent / seconds)
    print(file=sys.stderr)
    result = {"onsets": onsets, "cpu": {k: float(np.median(v)) for k, v in cpu.items()}}
    (folder / "onsets.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
