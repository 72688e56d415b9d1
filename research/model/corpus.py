"""The training and test recordings: who said what, and which side of the split they are on.

Splits are by speaker, voice or source, never by file:

* ``words/`` (Speech Commands): a fifth of the speakers, chosen by a hash of their id, is for test.
* ``keywords/``: jarvis, smart-mirror and view-glass are for test, all of them.
* ``read-speech/`` (LibriSpeech): reader 27 is for test.
* ``people/``: by hash a fifth of the speakers of Speech Commands, two fifths of the readers, and
  all of AN4, which has the only people who say "help" and "repeat".
* ``kitchen/``: a fifth of the sources by hash; ``kitchen-long/``: doing_the_dishes is for test.
* synthetic voices: `voices.TEST_VOICES`.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from tqdm import tqdm

from research.model import kokoro_voices, lexicon, voices
from voice_coach.home.phrases import coach_phrases
from voice_coach.simulation import Kitchen, Noise

SAMPLE_RATE = 16_000
TEST_KEYWORDS = ("jarvis", "smart-mirror", "view-glass")
TEST_READER = "27"
TEST_KITCHEN_LONG = ("doing_the_dishes",)
SYNTHETIC = {"espeak": 5200, "flite": 3600, "festival": 2800}
CONFUSIONS = {"espeak": 1200, "flite": 900, "festival": 900}
PHRASES = {"espeak": 1600, "flite": 2200, "festival": 1800}
NATURAL = {"kokoro": 3000}
_BATCH = 20


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording: where it is, what is said in it (empty for noise), its kind and speaker."""

    path: str
    text: str
    kind: str
    speaker: str


def held_out(identity: str) -> bool:
    """Whether the speaker or source `identity` belongs to the fifth kept for testing."""
    return hashlib.sha256(identity.encode()).digest()[0] % 5 == 0


def is_kept(source: str, speaker: str) -> bool:
    """Whether `speaker` of a `source` under ``people/`` is kept for testing."""
    fifths = {"an4": 5, "readers": 2}.get(source, 1)
    return hashlib.sha256(speaker.encode()).digest()[0] % 5 < fifths


def people(data: Path, test: bool) -> Iterator[Recording]:
    """Yield the recordings of people under `data` on the asked side of the split."""
    for path in sorted(data.glob("words/*/*.flac")):
        speaker = path.name[:8]
        if held_out(speaker) == test:
            yield Recording(str(path), path.parent.name, "word", speaker)
    for path in sorted(data.glob("keywords/*/*.ogg")):
        if (path.parent.name in TEST_KEYWORDS) == test:
            text = path.parent.name.replace("-", " ").replace("snowboy", "snow boy")
            yield Recording(str(path), text, "keyword", "")
    for line in (data / "read-speech" / "transcripts.tsv").read_text("utf-8").splitlines():
        name, text = line.split("\t")
        if (name.split("-")[0] == TEST_READER) == test:
            path = data / "read-speech" / name
            yield Recording(str(path), text, "read", name.split("-")[0])


def more_people(data: Path, test: bool) -> Iterator[Recording]:
    """Yield the recordings under ``people/`` on the asked side; what nobody wrote down is ""."""
    for line in (data / "people" / "index.tsv").read_text("utf-8").splitlines()[1:]:
        file, source, speaker, text = line.split("\t")
        if is_kept(source, speaker) == test:
            kind = "read" if source == "readers" else "word"
            yield Recording(str(data / "people" / file), text, kind, speaker)


def noises(data: Path, test: bool) -> Iterator[Recording]:
    """Yield the kitchen recordings on the asked side of the split."""
    for path in sorted(data.glob("kitchen/*/*.flac")):
        source = path.name.split("-")[1]
        if held_out(source) == test:
            yield Recording(str(path), "", "noise", source)
    for path in sorted(data.glob("kitchen-long/*.flac")):
        if (path.stem in TEST_KITCHEN_LONG) == test:
            yield Recording(str(path), "", "noise", path.stem)


def simulated_noises(seed: int) -> Iterator[NDArray[np.float32]]:
    """Yield half a minute of each noise that the rehearsals know, four times."""
    for number in range(4):
        for kind in ("tap", "dishes", "cupboard", "steps", "talk", "music"):
            kitchen = Kitchen(floor="tile", footwear="shoe", noises=[Noise(kind)],
                              seed=1000 * seed + number)  # fmt: skip
            sound = kitchen.microphone(np.zeros(30 * SAMPLE_RATE, np.float32))
            yield sound / max(1e-6, float(np.abs(sound).max()))


def sentences(data: Path, seed: int) -> Iterator[str]:
    """Yield texts without end: the product's phrases, word strings, and pieces of read speech."""
    rng = np.random.default_rng(seed)
    own, everyday = lexicon.prompts()
    prompts = own + everyday
    words = list(lexicon.build_lexicon())
    read = [r.text.split() for r in people(data, test=False) if r.kind == "read"]
    before = ("okay coach", "coach", "please", "hello coach", "okay", "um")
    after = ("please", "coach", "now", "thank you", "please coach")
    while True:
        kind = rng.random()
        if kind < 0.36:
            text = own[rng.integers(len(own))]
            if rng.random() < 0.15:
                text = f"{before[rng.integers(len(before))]} {text}"
            if rng.random() < 0.15:
                text = f"{text} {after[rng.integers(len(after))]}"
        elif kind < 0.5:
            text = prompts[rng.integers(len(prompts))]
        elif kind < 0.85:
            text = " ".join(words[i] for i in rng.integers(len(words), size=rng.integers(1, 6)))
        else:
            source = read[rng.integers(len(read))]
            start = rng.integers(max(1, len(source) - 5))
            text = " ".join(source[start : start + rng.integers(4, 9)])
        yield text


def phrases(seed: int) -> Iterator[str]:
    """Yield what the product listens for, without end, every intent as often, some in fillers."""
    rng = np.random.default_rng([seed, 5])
    known = coach_phrases()
    by_intent: dict[str, list[str]] = {}
    for mode in known.modes:
        for sentence, intent in known.meanings(mode).items():
            by_intent.setdefault(intent, []).append(sentence)
    pools = [sorted(set(by_intent[intent])) for intent in sorted(by_intent)]
    while True:
        pool = pools[rng.integers(len(pools))]
        words = [pool[rng.integers(len(pool))]]
        if rng.random() < 0.3:
            filler = known.skip_words[rng.integers(len(known.skip_words))]
            words.insert(int(rng.integers(2)), filler)
        yield " ".join(words)


def natural(data: Path, seed: int) -> Iterator[str]:
    """Yield, without end and in turn, what the product listens for and any other texts."""
    for phrase, sentence in zip(phrases(seed), sentences(data, seed), strict=True):
        yield phrase
        yield sentence


def render(
    texts: Iterator[str], counts: dict[str, int], folder: Path, seed: int
) -> list[Recording]:
    """Speak `counts` of `texts` per engine into `folder`; batches already there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    jobs = []
    for engine, count in counts.items():
        batch = _BATCH if engine == "festival" else 4
        for index in range(count // batch):
            voice = voices.training_voice(rng, engine)
            jobs.append(
                (folder / f"{engine}-{index:04d}", voice, [next(texts) for _ in range(batch)])
            )
    if "kokoro" in counts:
        kokoro_voices.fetch()
    with multiprocessing.Pool(2) as pool:
        done = pool.imap(_render, jobs, chunksize=4)
        return [r for part in tqdm(done, total=len(jobs), desc="voices") for r in part]


def _render(job: tuple[Path, voices.Voice, list[str]]) -> list[Recording]:
    stem, voice, texts = job
    index = stem.with_suffix(".json")
    if index.exists():
        return [Recording(**entry) for entry in json.loads(index.read_text())]
    recordings = []
    for number, (text, sound) in enumerate(zip(texts, voices.speak(voice, texts), strict=True)):
        path = stem.with_name(f"{stem.name}-{number:02d}.flac")
        soundfile.write(path, sound, SAMPLE_RATE)
        recordings.append(Recording(str(path), text, "synthetic", voice.label))
    index.write_text(json.dumps([asdict(r) for r in recordings]))
    return recordings


def load(path: str | Path) -> NDArray[np.float32]:
    """Return the sound at `path`, which must be 16 kHz mono, as float32."""
    sound: NDArray[np.float32]
    sound, rate = soundfile.read(path, dtype="float32")
    if rate != SAMPLE_RATE or sound.ndim != 1:
        raise ValueError(f"{path} is not 16 kHz mono")
    return sound
