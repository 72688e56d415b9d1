"""How good a voice sounds, by DNSMOS (Reddy, Gopal & Cutler 2022), and how well it is understood.

Both judges are trained on other people's speech: neither knows any of these voices.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.samples import Samples

_LENGTH = to_samples(9.01)
_HOP = to_samples(4.0)
_OVERALL = np.poly1d([-0.06766283, 1.11546468, 0.04602535])
"""From what the network says to a mean opinion from 1 to 5, as its authors fitted it."""
_BETWEEN = to_samples(0.3)


class Opinion(NamedTuple):
    """Mean opinions from 1 to 5: overall (P.835), and of the quality of speech (P.808)."""

    overall: float
    p808: float


def opinion(clips: Sequence[Samples]) -> Opinion:
    """Return what listeners would say of `clips`, heard one after the other."""
    pause = np.zeros(_BETWEEN, np.float32)
    sound = np.concatenate([part for clip in clips for part in (clip, pause)])
    while len(sound) < _LENGTH:
        sound = np.concatenate([sound, sound])
    found = [
        _judged(sound[at : at + _LENGTH].astype(np.float32))
        for at in range(0, len(sound) - _LENGTH + 1, _HOP)
    ]
    return Opinion(*(float(value) for value in np.mean(found, axis=0)))


def _judged(sound: Samples) -> tuple[float, float]:
    import librosa  # noqa: PLC0415 - only who measures needs it

    overall, p808 = _judges()
    raw = overall.run(None, {"input_1": sound[None]})[0][0][2]
    mel = librosa.feature.melspectrogram(
        y=sound[:-160], sr=SAMPLE_RATE, n_fft=321, hop_length=160, n_mels=120
    )
    mel = ((librosa.power_to_db(mel, ref=np.max) + 40) / 40).T.astype(np.float32)
    return float(_OVERALL(raw)), float(p808.run(None, {"input_1": mel[None]})[0][0][0])


@functools.cache
def _judges() -> tuple[Any, Any]:
    import onnxruntime  # noqa: PLC0415
    import speechmos  # noqa: PLC0415

    folder = Path(next(iter(speechmos.__path__))) / "dnsmos_models"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return tuple(
        onnxruntime.InferenceSession(str(folder / name), options)
        for name in ("sig_bak_ovr.onnx", "model_v8.onnx")
    )


def understood(
    clips: Sequence[Samples], texts: Sequence[str], noise: Samples, snr_db: float
) -> float:
    """Return the share of `clips` for which PocketSphinx picks the right one of all `texts`.

    Those with a word that it does not know are left out. `noise` is added so that each clip is
    `snr_db` louder: a recogniser hears badly in perfect silence.
    """
    known = [all(map(_is_known, _words(text).split())) for text in texts]
    pairs = [
        pair
        for pair, is_known in zip(zip(clips, texts, strict=True), known, strict=True)
        if is_known
    ]
    decoder = _decoder(tuple(text for _, text in pairs))
    right = 0
    for number, (clip, text) in enumerate(pairs):
        padded = np.pad(clip, to_samples(0.3))
        around = np.resize(np.roll(noise, -to_samples(1.7) * number), len(padded))
        level = np.sqrt(np.mean(clip**2) / np.mean(around**2)) * 10 ** (-snr_db / 20)
        padded = padded + around * level
        pcm = np.clip(padded * 16384, -32768, 32767).astype("<i2").tobytes()
        decoder.start_utt()
        decoder.process_raw(pcm, full_utt=True)
        decoder.end_utt()
        best = decoder.hyp()
        right += best is not None and best.hypstr == _words(text)
    return right / len(pairs)


@functools.cache
def _is_known(word: str) -> bool:
    from pocketsphinx import Decoder  # noqa: PLC0415

    return Decoder(lm=None, loglevel="FATAL").lookup_word(word) is not None


@functools.lru_cache(maxsize=1)
def _decoder(texts: tuple[str, ...]) -> Any:
    from pocketsphinx import Decoder  # noqa: PLC0415

    decoder = Decoder(lm=None, loglevel="FATAL", beam=1e-80, wbeam=1e-60)
    sentences = " | ".join(_words(text) for text in texts)
    grammar = f"#JSGF V1.0; grammar lines; public <line> = {sentences};"
    decoder.add_jsgf_string("lines", grammar)
    decoder.activate_search("lines")
    return decoder


def _words(text: str) -> str:
    return " ".join("".join(c if c.isalpha() or c == "'" else " " for c in text.lower()).split())
