"""Run aubio and librosa over recordings; needs an interpreter that has them, not the product's.

    PYTHON -m research.heels.baselines FOLDER

Reads every ``FOLDER/*.wav``, writes ``FOLDER/onsets.json``: method -> setting -> recording ->
onset times in seconds; and CPU milliseconds per second of sound for each method.
"""

import json
import sys
import time
from pathlib import Path

import aubio
import librosa
import numpy as np
import soundfile
from scipy import signal

THRESHOLDS = (0.3, 0.6, 1.0)
AUBIO = {"energy": THRESHOLDS, "hfc": THRESHOLDS, "specflux": THRESHOLDS}
SILENCE = (-60.0, -50.0)
LIBROSA = (0.03, 0.07, 0.15, 0.3)
BANDS = {"": None, " 70-900 Hz": (70, 900)}


def aubio_onsets(sound: np.ndarray, method: str, threshold: float, silence: float) -> list[float]:
    detector = aubio.onset(method, 512, 160, 16000)
    detector.set_threshold(threshold)
    detector.set_silence(silence)
    detector.set_minioi_ms(100)
    found = []
    for i in range(0, len(sound) - 159, 160):
        if detector(sound[i : i + 160]):
            found.append(float(detector.get_last_s()))
    return found


def librosa_onsets(strength: np.ndarray, delta: float) -> list[float]:
    return librosa.onset.onset_detect(
        onset_envelope=strength, sr=16000, hop_length=160, units="time", delta=delta
    ).tolist()


def main() -> None:
    folder = Path(sys.argv[1])
    onsets: dict = {}
    cpu: dict = {}
    paths = sorted(folder.glob("*.wav"))
    for done, path in enumerate(paths):
        print(f"\rother detectors: {done} of {len(paths)} sessions", end="", file=sys.stderr)
        whole, _ = soundfile.read(path, dtype="float32")
        for suffix, band in BANDS.items():
            sound = whole
            if band:
                sos = signal.butter(2, band, "bandpass", fs=16000, output="sos")
                sound = signal.sosfilt(sos, whole).astype(np.float32)
            runs = [
                (
                    f"aubio {m}{suffix}",
                    f"{t} {s:.0f}",
                    lambda x, m=m, t=t, s=s: aubio_onsets(x, m, t, s),
                )
                for m, grid in AUBIO.items()
                for t in grid
                for s in SILENCE
            ]
            start = time.process_time()
            strength = librosa.onset.onset_strength(y=sound, sr=16000, hop_length=160)
            spent = 1000 * (time.process_time() - start) / (len(sound) / 16000)
            cpu.setdefault(f"librosa{suffix}", []).append(spent)
            runs += [
                (f"librosa{suffix}", str(d), lambda x, d=d, e=strength: librosa_onsets(e, d))
                for d in LIBROSA
            ]
            for method, setting, run in runs:
                start = time.process_time()
                found = run(sound)
                spent = time.process_time() - start
                onsets.setdefault(method, {}).setdefault(setting, {})[path.stem] = found
                if method.startswith("aubio"):
                    cpu.setdefault(method, []).append(1000 * spent / (len(sound) / 16000))
    print(file=sys.stderr)
    result = {"onsets": onsets, "cpu": {k: float(np.median(v)) for k, v in cpu.items()}}
    (folder / "onsets.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
