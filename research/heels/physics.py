"""The simulator held against recordings, and our own sound played back at ourselves."""

import numpy as np
from scipy import signal
from tqdm import tqdm

from research.heels.recordings import Waveform, data_folder, impact_folders, impacts, struck
from research.heels.sessions import tick
from research.voices.recipe import AUDIO, VOICES, lines
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.hearing.heels import CalibrationFailed, Calibrator, ThumpDetector
from voice_coach.simulation import FLOORS, Kitchen
from voice_coach.speaking.rendered import RenderedVoice
from voice_coach.speaking.shaping import shape_rendered

_EVERY = 8
"""Of so many lines of the script one is said."""


def figures(sound: Waveform, onset: int) -> dict[str, float]:
    """Return attack, decays, spectrum of an impact after the microphone's high-pass."""
    part = sound[max(0, onset - 80) : onset + 6400]
    envelope = np.sqrt(np.convolve(part**2, np.ones(80) / 80, "same"))
    level = 20 * np.log10(envelope / envelope.max() + 1e-6)
    peak = int(np.argmax(level))
    first = int(np.flatnonzero(level[: peak + 1] >= -10)[0])
    after = level[peak:]
    spectrum = (
        np.abs(np.fft.rfft(part[:1600] * np.hanning(3200)[1600:][: len(part[:1600])], 4096)) ** 2
    )
    hertz = np.fft.rfftfreq(4096, 1 / SAMPLE_RATE)
    total = spectrum[hertz > 60].sum()

    def share(low: float, high: float) -> float:
        return float(10 * np.log10(spectrum[(hertz >= low) & (hertz < high)].sum() / total))

    def fall(decibels: float) -> float:
        below = np.flatnonzero(np.maximum.accumulate(after[::-1])[::-1] < decibels)
        return float(below[0] / 16) if len(below) else 400.0

    return {
        "attack_ms": (peak - first) / 16,
        "to_minus_10_db_ms": fall(-10),
        "to_minus_20_db_ms": fall(-20),
        "median_hz": float(hertz[np.searchsorted(np.cumsum(spectrum), spectrum.sum() / 2)]),
        "share_60_250_db": share(60, 250),
        "share_250_1k_db": share(250, 1000),
        "share_1k_4k_db": share(1000, 4000),
    }


def compare_with_recordings() -> dict[str, dict[str, float]]:
    """Return median figures of real impacts by folder and of simulated heels by floor."""
    rows: dict[str, list[dict[str, float]]] = {}
    data = data_folder()
    if data is not None:
        for kind in ("medicineball", "hammerdrop"):
            for half in ("dev", "test"):
                for folder in impact_folders(data, kind, half):
                    for clip in impacts(data)[folder]:
                        sos = signal.butter(2, 90, "highpass", fs=SAMPLE_RATE, output="sos")
                        sound, onset = struck(data, *clip)
                        rows.setdefault(f"REAL {folder}", []).append(
                            figures(signal.sosfilt(sos, sound), onset)
                        )
    for floor in FLOORS:
        for footwear in ("shoe", "bare"):
            for user in range(10):
                kitchen = Kitchen(floor=floor, footwear=footwear, seed=95_000 + user)
                at = int(kitchen.strike(8000))
                sound = kitchen.microphone(np.zeros(20_000, np.float32)).astype(float)
                rows.setdefault(f"SIM {floor}, {footwear}", []).append(figures(sound, at))
    return {
        name: {key: round(float(np.median([f[key] for f in found])), 1) for key in found[0]}
        for name, found in rows.items()
    }


def speech() -> list[Waveform]:
    """Return sentences of the coach as its natural voice says them and as they are played."""
    voice = RenderedVoice(AUDIO / "voices" / VOICES[0].name)
    clips = [voice.speak(line) for line in lines(VOICES[0].language)[::_EVERY]]
    return [shape_rendered(clip.samples).astype(float) for clip in clips if clip is not None]


def at_home(minute: int, echo_db: float, rng: np.random.Generator) -> tuple[Kitchen, ThumpDetector]:
    """Return a kitchen and a detector calibrated in it; the next one where the heels are faint."""
    while True:
        kitchen = Kitchen(
            floor=str(rng.choice(list(FLOORS))),
            footwear="shoe",
            echo_db=echo_db,
            seed=96_000 + minute,
        )
        calibrator = Calibrator()
        for second in (3, 6, 9):
            kitchen.strike(to_samples(second))
            calibrator.open_window(to_samples(second - 0.3), to_samples(second + 0.6))
        calibrator.feed(kitchen.microphone(np.zeros(to_samples(11), np.float32)))
        try:
            return kitchen, ThumpDetector(calibrator.finish())
        except CalibrationFailed:
            minute += 1000


def own_sound_counts(minutes: int) -> dict[str, float]:
    """Return how often the coach's own cues and words, fed back, were counted.

    Half of the time listening windows are open around every cue, half of the time it listens
    freely; each minute is another kitchen with another coupling, learnt from nothing.
    """
    words = speech()
    counts = {"minutes": float(minutes), "counted": 0.0, "cues": 0.0}
    for minute in tqdm(range(minutes), unit="minute", desc="own sound"):
        rng = np.random.default_rng([minute, 79])
        kitchen, detector = at_home(minute, float(rng.uniform(-15, 3)), rng)
        playback = np.zeros(to_samples(60), np.float32)
        at = to_samples(0.5)
        while at < len(playback) - 3 * SAMPLE_RATE:
            sound = tick(rng) if rng.random() < 0.5 else words[int(rng.integers(len(words)))]
            if len(sound) < 2000:
                counts["cues"] += 1
                if minute % 2:
                    detector.open_window(at - 2400, at + 14400, prompted=at)
            n = min(len(sound), len(playback) - at)
            playback[at : at + n] += sound[:n].astype(np.float32)
            at += len(sound) + to_samples(rng.uniform(0.9, 2.0))
        heard = detector.feed(kitchen.microphone(playback), playback)
        counts["counted"] += sum(landing.certain for landing in heard)
    return counts
