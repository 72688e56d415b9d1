"""When each phone of a transcribed recording is spoken, found by PocketSphinx.

Times are in frames of 10 ms. Silence (and breath, noise) is the phone ``SIL`` and belongs to no
word. A recording PocketSphinx cannot align is dropped: it is too noisy or says something else.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from research.model import corpus, lexicon

FRAMES_PER_SECOND = 100


@dataclass(frozen=True, slots=True)
class Aligned:
    """A recording with its phones: names, first frames, frames one past the last, word numbers."""

    recording: corpus.Recording
    phones: list[str]
    starts: list[int]
    ends: list[int]
    words: list[int]


_decoder = None


def _make_decoder() -> None:
    global _decoder  # noqa: PLW0603  (one per worker process)
    from pocketsphinx import Decoder  # noqa: PLC0415

    known = lexicon.dictionary()
    _decoder = Decoder(lm=None, loglevel="FATAL", beam=1e-80, wbeam=1e-60, pbeam=1e-80)
    for word, pronunciations in lexicon.build_lexicon().items():
        for number, phones in enumerate(pronunciations):
            if phones not in [tuple(p) for p in known.get(word, ())]:
                count = number if word in known or number else 0
                name = f"{word}({count + 10})" if count else word
                _decoder.add_word(name, " ".join(phones), update=False)


def align(recording: corpus.Recording) -> Aligned | None:
    """Return `recording` with its phones, or None where PocketSphinx finds no alignment."""
    assert _decoder is not None
    sound = corpus.load(recording.path)
    # Quiet recordings defeat its silence model: bring all to one level.
    sound = sound * (0.25 / max(float(np.abs(sound).max(initial=0)), 1e-4))
    padded = np.concatenate([np.zeros(1600), sound, np.zeros(1600)])
    padded += 1e-4 * np.random.default_rng(0).standard_normal(len(padded))
    pcm = np.int16(np.clip(padded, -1, 1) * 32767).tobytes()
    shift = 1600 * FRAMES_PER_SECOND // corpus.SAMPLE_RATE
    last = len(sound) * FRAMES_PER_SECOND // corpus.SAMPLE_RATE
    for word in recording.text.split():
        if _decoder.lookup_word(word) is None:
            _decoder.add_word(word, " ".join(lexicon.pronounce(word)[0]), update=False)
    try:
        _decoder.set_align_text(recording.text)
        for second in (False, True):
            if second:
                _decoder.set_alignment()
            _decoder.start_utt()
            _decoder.process_raw(pcm, full_utt=True)
            _decoder.end_utt()
    except RuntimeError:
        return None
    phones, starts, ends, words = [], [], [], []
    number = -1
    for word in _decoder.get_alignment() or ():
        filler = word.name.startswith(("<", "[", "+"))
        number += not filler
        for phone in word:
            start = max(phone.start - shift, 0)
            end = min(phone.start + phone.duration - shift, last)
            if end <= start:
                continue
            phones.append("SIL" if filler else phone.name)
            starts.append(start)
            ends.append(end)
            words.append(-1 if filler else number)
    if number + 1 != len(recording.text.split()) or not phones:
        return None
    return Aligned(recording, phones, starts, ends, words)


def align_all(recordings: list[corpus.Recording], path: Path) -> list[Aligned]:
    """Align `recordings` into the JSON Lines file `path`, or read it where it exists."""
    if not path.exists():
        draft = path.with_suffix(".draft")
        with draft.open("w") as file, multiprocessing.Pool(2, _make_decoder) as pool:
            done = pool.imap(align, recordings, chunksize=8)
            for aligned in tqdm(done, total=len(recordings), desc=path.stem):
                if aligned is not None:
                    file.write(json.dumps(asdict(aligned)) + os.linesep)
        draft.rename(path)
    return read(path)


def read(path: Path) -> list[Aligned]:
    """Return the alignments in the JSON Lines file `path`."""
    entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Aligned(**(e | {"recording": corpus.Recording(**e["recording"])})) for e in entries]
