"""What the network of phones is trained on: sound, its phones, and what the teacher hears in it.

People and synthetic voices on the training side of ``research/model/corpus.py``. Of synthetic
voices, and of people's single words, the phones are known from the lexicon; of all people the
teacher says what it hears in each moment, which is all that is known of what they read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from research.commands import phone_teacher, stop_material
from research.commands.phone_windows import BLANK, KINDS, Material
from research.model import augment, confusions, corpus, lexicon
from research.model.augment import Clip
from voice_coach.hearing.commands.phones import PHONES, Lexicon

PHRASES: Final = {"espeak": 900, "flite": 700, "festival": 600}
SENTENCES: Final = {"espeak": 900, "flite": 600, "festival": 400}
CONFUSIONS: Final = {"espeak": 700, "flite": 500, "festival": 400}
ALIKE: Final = {"espeak": 240, "flite": 80, "festival": 80, "kokoro": 160}
NATURAL: Final = {"kokoro": 320}
"""Utterances of each engine: what is listened for, any words, words that resemble ours, words that
resemble "stop", and the first two once more in natural voices."""
_ROOMS: Final = 300
_QUIET: Final = 0.02
"""Share of the loudest moment below which a recording is silent."""
_MOMENT: Final = 160
"""Samples in which it is decided whether a recording is silent."""


def speak(data: Path, work: Path, seed: int) -> dict[str, list[corpus.Recording]]:
    """Return what synthetic voices say, by kind; what is in `work` already is kept."""
    return {
        "phrase": corpus.render(corpus.phrases(seed), PHRASES, work / "phrase", seed),
        "synthetic": corpus.render(
            corpus.sentences(data, seed + 1), SENTENCES, work / "synthetic", seed + 1
        ),
        "confusion": corpus.render(
            confusions.sentences(seed + 2), CONFUSIONS, work / "confusion", seed + 2
        ),
        "alike": [
            *corpus.render(
                stop_material.sentences_without(seed + 3), ALIKE, work / "alike", seed + 3
            ),
            *corpus.render(
                stop_material.sentences_with_stop(seed + 4), ALIKE, work / "stop", seed + 4
            ),
        ],
        "natural": corpus.render(
            corpus.natural(data, seed + 5), NATURAL, work / "natural", seed + 5
        ),
    }


def gather(data: Path, work: Path, seed: int) -> Material:
    """Return all recordings, with phones and the teacher's answers."""
    work.mkdir(parents=True, exist_ok=True)
    people = [*corpus.people(data, test=False), *corpus.more_people(data, test=False)]
    heard = phone_teacher.listen(people, work / "teacher.npz")
    rng = np.random.default_rng(seed)
    packed = _Packed()
    for one in tqdm(people, desc="people"):
        phones = None if one.kind == "read" else _phones(one.text, rng)
        packed.add(_clip(one), one.kind, phones, heard[one.path])
    for kind, recordings in speak(data, work, seed).items():
        for one in tqdm(recordings, desc=kind):
            packed.add(_clip(one), kind, _phones(one.text, rng), None)
    noises: Iterable[Clip] = [
        *(_clip(one) for one in corpus.noises(data, test=False)),
        *(_of_samples(sound) for sound in corpus.simulated_noises(seed)),
    ]
    for clip in noises:
        packed.add(clip, "noise", None, None)
    return packed.material(_rooms(seed))


def _rooms(seed: int) -> NDArray[np.float32]:
    """Return impulse responses of rooms and microphones, half of them without a room."""
    rng = np.random.default_rng([seed, 1])
    conditions = augment.NATURAL
    colours = [augment.timbre(rng, conditions.timbre) for _ in range(2 * _ROOMS)]
    responses = [np.convolve(augment.room(rng, conditions), one) for one in colours[:_ROOMS]]
    responses += colours[_ROOMS:]
    rooms = np.zeros((len(responses), max(map(len, responses))), np.float32)
    for row, one in zip(rooms, responses, strict=True):
        row[: len(one)] = one
    return rooms


class _Packed:
    """Gathers recordings."""

    def __init__(self) -> None:
        self._sounds: list[NDArray[np.int16]] = []
        self._spoken: list[tuple[int, int]] = []
        self._kinds: list[int] = []
        self._phones: list[NDArray[np.int8]] = []
        self._known: list[bool] = []
        self._heard: list[NDArray[np.uint8]] = []

    def add(
        self,
        clip: Clip,
        kind: str,
        phones: list[int] | None,
        heard: NDArray[np.float16] | None,
    ) -> None:
        first, last = _spoken(clip.sound)
        if first == last:
            return
        self._sounds.append(clip.sound)
        self._spoken.append((first, last))
        self._kinds.append(KINDS.index(kind))
        self._phones.append(np.array(phones or (), np.int8))
        self._known.append(phones is not None)
        shares = np.zeros((0, BLANK + 1)) if heard is None else heard.astype(np.float32)
        self._heard.append(np.round(255 * shares).astype(np.uint8))

    def material(self, rooms: NDArray[np.float32]) -> Material:
        return Material(
            rooms=rooms,
            sound=np.concatenate(self._sounds),
            sound_at=_offsets(self._sounds),
            spoken=np.array(self._spoken),
            kind=np.array(self._kinds, np.int8),
            phones=np.concatenate(self._phones),
            phones_at=_offsets(self._phones),
            known=np.array(self._known),
            heard=np.concatenate(self._heard),
            heard_at=_offsets(self._heard),
        )


def _offsets(pieces: Sequence[Sized]) -> NDArray[np.int64]:
    return np.cumsum([0, *map(len, pieces)])


def _of_samples(sound: NDArray[np.float32]) -> Clip:
    return Clip((np.clip(sound, -1, 1) * 32767).astype(np.int16))


def _clip(one: corpus.Recording) -> Clip:
    return _of_samples(corpus.load(one.path))


def _spoken(sound: NDArray[np.int16]) -> tuple[int, int]:
    """Return the samples between which something sounds."""
    moments = np.abs(sound[: len(sound) // _MOMENT * _MOMENT].astype(np.float32))
    loud = moments.reshape(-1, _MOMENT).max(axis=1, initial=0)
    (at,) = np.nonzero(loud > _QUIET * loud.max(initial=1))
    if not len(at):
        return 0, 0
    return max(0, int(at[0]) - 3) * _MOMENT, min(len(loud), int(at[-1]) + 4) * _MOMENT


@cache
def _known() -> Lexicon:
    return lexicon.build_lexicon()


def _phones(text: str, rng: np.random.Generator) -> list[int] | None:
    """Return the numbers of the phones of `text`; None where a word is unknown."""
    known = _known()
    found: list[int] = []
    for word in text.split():
        said = known.get(word)
        if not said:
            return None
        found += [PHONES.index(phone) for phone in said[rng.integers(len(said))]]
    return found if text else None
