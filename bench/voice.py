"""Measure the voice and the tones: rate, loudness, spectrum, and the time it takes to prepare.

Usage: python -m bench.voice [--voice NAME] [--picture FILE.png]

Words a minute are counted over the lines of four words and more, trimmed as they are
played; hyphens separate words.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from voice_coach.clock import SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice
from voice_coach.speaking.tones import tones


def decibels(share: float) -> float:
    """Return a share of energy in dB."""
    return 10 * float(np.log10(max(share, 1e-12)))


def share(sound: Samples, low: float, high: float) -> float:
    """Return how much of the energy of `sound` lies from `low` to `high` Hz, 0 to 1."""
    padded = np.pad(sound, SAMPLE_RATE // 2)
    power = np.abs(np.fft.rfft(padded)) ** 2
    frequency = np.fft.rfftfreq(len(padded), 1 / SAMPLE_RATE)
    return float(power[(frequency >= low) & (frequency < high)].sum() / power.sum())


def measure_tones(voice: Voice) -> None:
    """Print length, peak and spectrum of every tone."""
    print("tone        seconds  peak dB  500-1500 Hz of total  above 2 kHz  below 300 Hz")
    for name in tones():
        sound = voice.clip(f"tone.{name}").samples
        print(
            f"{name:10s} {len(sound) / SAMPLE_RATE:8.3f} {20 * np.log10(np.abs(sound).max()):8.1f}"
            f" {share(sound, 500, 1500):11.1%} ({decibels(share(sound, 500, 1500)):.2f} dB)"
            f" {decibels(share(sound, 2000, 8000)):9.1f} dB"
            f" {decibels(share(sound, 0, 300)):9.1f} dB"
        )


def measure_lines(script: Script, voice: Voice) -> None:
    """Print rate, loudness and low frequencies of all the lines together."""
    words, seconds = 0, 0.0
    peaks, levels, low = [], [], []
    for text in script.every_line():
        clip = voice.line(text)
        if clip is None:
            continue
        sound = clip.samples
        count = len(text.replace("-", " ").split())
        if count >= 4:
            words += count
            seconds += len(sound) / SAMPLE_RATE
        peaks.append(20 * np.log10(np.abs(sound).max()))
        levels.append(20 * np.log10(np.sqrt(np.mean(sound**2))))
        low.append(decibels(share(sound, 0, 250)))
    print(f"lines: {len(peaks)}; {60 * words / seconds:.1f} words a minute")
    print(f"peak: {max(peaks):.1f} dB at most, median {np.median(peaks):.1f} dB")
    print(f"root mean square: median {np.median(levels):.1f} dB, spread {np.std(levels):.1f} dB")
    print(f"below 250 Hz, of the whole: {max(low):.1f} dB at most, median {np.median(low):.1f} dB")


def draw(voice: Voice, path: Path) -> None:
    """Draw waveforms and spectrograms of some cues into the picture `path`."""
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    import matplotlib.pyplot as plt  # noqa: PLC0415

    shown = ["tone.drop", "tone.ready", "tone.fault", "rise", "soft", "ready"]
    figure, axes = plt.subplots(2, len(shown), figsize=(20, 7), constrained_layout=True)
    for (above, below), cue in zip(axes.T, shown, strict=True):
        sound = np.pad(voice.clip(cue).samples, 400)
        above.plot(np.arange(len(sound)) / SAMPLE_RATE, sound, linewidth=0.5)
        above.set(title=cue, ylim=(-0.5, 0.5))
        below.specgram(sound, NFFT=256, noverlap=224, Fs=SAMPLE_RATE, vmin=-130, vmax=-40)
        below.axhline(300, color="white", linewidth=0.5)
        below.set(ylim=(0, 4000), xlabel="seconds")
    figure.savefig(path, dpi=70)


def main() -> None:
    """Prepare the voice twice, measure it, and draw it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voice", help="a voice of espeak-ng")
    parser.add_argument("--picture", type=Path, help="where to draw spectrograms")
    arguments = parser.parse_args()
    script = Script.load()
    with tempfile.TemporaryDirectory() as folder:
        for state in ("cold", "warm"):
            begin = time.perf_counter()
            voice = Voice(script, voice=arguments.voice, cache=Path(folder))
            for fault in voice.prepare(progress=True):
                print(f"FAULT {fault.text}: {fault.reason}")
            print(f"prepared from a {state} cache in {time.perf_counter() - begin:.2f} s")
        measure_lines(script, voice)
        measure_tones(voice)
        if arguments.picture:
            draw(voice, arguments.picture)


if __name__ == "__main__":
    main()
