"""What a larger recogniser of phones makes of people's recordings: the network's teacher.

``hama`` (PyPI, Apache-2.0) knows the phones of many languages, from recordings of people; it is ten
times too slow for the product, and hears synthetic voices badly. Of people's recordings without
noise it says which phone is heard in every 20 ms, and the network of the product is taught to say
the same of them in noise, whether anybody knows their words or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from research.commands.phone_windows import BLANK, HOP
from research.model import corpus
from voice_coach.hearing.commands.phones import PHONES

_SAME = {
    "AA": "ɑ ä ɒ à", "AE": "æ a ã", "AH": "ʌ ə ɐ ɜ ɘ ᵊ ɵ", "AO": "ɔ", "AW": "aʊ", "AY": "aɪ",
    "B": "b ɓ β", "CH": "t͡ʃ t͡ɕ t͡ɕʰ t͡ɕ͈", "D": "d ɖ ɗ ɾ", "DH": "ð", "EH": "ɛ ẽ e eə", "ER": "ɝ ɚ",
    "EY": "eɪ", "F": "f ɸ", "G": "g ɡ ɣ", "HH": "h ɦ x ħ χ", "IH": "ɪ ɨ ɪə ì ĩ", "IY": "i y",
    "JH": "d͡ʒ", "K": "k kʰ k͈ c", "L": "l ɫ", "M": "m ɱ", "N": "n ñ ɲ", "NG": "ŋ",
    "OW": "oʊ o õ", "OY": "ɔɪ", "P": "p pʰ p͈", "R": "ɹ r ɻ ʁ ɽ", "S": "s s͈ ɕ", "SH": "ʃ ʂ",
    "T": "t tʰ t͈ ʈ", "TH": "θ", "UH": "ʊ", "UW": "u ũ ʉ ɯ", "V": "v ʋ", "W": "w ʍ", "Y": "j ʝ ɟ",
    "Z": "z ʑ", "ZH": "ʒ ʐ",
}  # fmt: skip
"""The phones of the product, and the teacher's signs for them and for what lies nearest."""

Floats = NDArray[np.float32]


def listen(recordings: Sequence[corpus.Recording], path: Path) -> dict[str, NDArray[np.float16]]:
    """Return by path what the teacher hears in `recordings`, kept in the file `path`.

    Each has the probability of every phone and of `BLANK`, shape (one for 20 ms, phones + 1).
    """
    if not path.exists():
        heard = {
            one.path: _posteriors(corpus.load(one.path)) for one in tqdm(recordings, "teacher")
        }
        np.savez(
            path,
            names=np.array(list(heard), dtype=str),
            lengths=np.array([len(one) for one in heard.values()]),
            posteriors=np.concatenate(list(heard.values())),
        )
    with np.load(path) as stored:
        ends = np.cumsum(stored["lengths"])
        every = stored["posteriors"]
        names = [str(name) for name in stored["names"]]
    return {name: every[b:e] for name, b, e in zip(names, [0, *ends[:-1]], ends, strict=True)}


_teacher: dict[str, object] = {}


def _posteriors(sound: Floats) -> NDArray[np.float16]:
    from hama.asr import ASRModel  # noqa: PLC0415  (only those who train need it)

    if not _teacher:
        model = ASRModel()
        _teacher.update(model=model, turn=_turn(model.decoder_tokens))
    model, turn = _teacher["model"], _teacher["turn"]
    assert isinstance(model, ASRModel)
    assert isinstance(turn, np.ndarray)
    padded = np.concatenate([sound, np.zeros(2 * HOP, np.float32)]).reshape(1, -1)
    lengths = np.array([padded.shape[1]], np.int64)
    (log_probs,) = model.session.run(
        ["log_probs"], {"waveform": padded, "waveform_lengths": lengths}
    )
    odds = np.exp(log_probs[0] - log_probs[0].max(axis=1, keepdims=True)) @ turn
    found: NDArray[np.float16] = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float16)
    return found


def _turn(tokens: Sequence[str]) -> Floats:
    """Return what adds the teacher's signs up to phones; what is no phone counts as blank."""
    turn = np.zeros((len(tokens), BLANK + 1), np.float32)
    numbers = {
        sign: PHONES.index(phone) for phone, signs in _SAME.items() for sign in signs.split()
    }
    for row, token in enumerate(tokens):
        turn[row, numbers.get(token, BLANK)] = 1
    return turn
