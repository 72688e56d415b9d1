"""Training windows: three seconds of varied sound with the units to be found in them.

A window holds one or more recordings with gaps, each at its own speed (pitch and vocal tract move
with it) and level, in a simulated room, over kitchen noise or another talker, through a microphone
of random colour and gain. Some words are relabelled as garbage at random: the network cannot
know which, so its garbage output learns to be about as likely as the best units, for any word.
Every window follows from (seed, number) alone.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.signal
import soxr
from numpy.typing import NDArray

from research.model import units
from research.model.align import Aligned
from research.model.corpus import load
from research.model.features import BINS, LENGTH, SHIFT, log_mel
from research.model.mmi import Bigram, Token, numerator
from research.model.network import LEFT, RIGHT, STRIDE
from research.model.units import GARBAGE_PAIR, SILENCE_PAIR, Pair

SAMPLE_RATE = 16_000
OUTPUTS = 100
FRAMES = LEFT + STRIDE * (OUTPUTS - 1) + 1 + RIGHT
SAMPLES = (FRAMES - 1) * SHIFT + LENGTH
STEP = STRIDE * SHIFT
SPAN = OUTPUTS * STEP
TOLERANCE = 2
"""Output frames by which a unit may be earlier or later than its alignment."""
GARBAGE_WORD, GARBAGE_WINDOW = 0.2, 0.15
IGNORE = -100

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the windows hold (shares of the kinds) and how hard it is to hear, levels in dB."""

    mix: dict[str, float]
    noisy: float
    """Share of the windows with speech that have noise; its level below the speech:"""
    noise: tuple[float, float]
    crowded: float
    """Share in which somebody else talks as well; their level below the speech:"""
    other: tuple[float, float]
    roomy: float
    """Share of the windows with speech that are in a room; its reverberation time, seconds:"""
    decay: tuple[float, float]
    reverberation: tuple[float, float]
    """Level of the reverberation, below the direct sound."""
    timbre: float = 0.0
    """Spread (standard deviation) of the tilt of speech and of noise from 100 Hz to 8 kHz."""


FIRST = Conditions(
    {"read": 0.26, "word": 0.20, "keyword": 0.10, "synthetic": 0.38, "noise": 0.06},
    noisy=0.72, noise=(0, 25), crowded=0.12, other=(10, 22),
    roomy=0.5, decay=(0.1, 0.6), reverberation=(-2, 16),
)  # fmt: skip
HARD = dataclasses.replace(
    FIRST,
    mix={"read": 0.21, "word": 0.24, "keyword": 0.08, "synthetic": 0.27, "confusion": 0.15,
         "noise": 0.05},
    noisy=0.85, noise=(-3, 18), crowded=0.2, other=(3, 20),
)  # fmt: skip
ACROSS_A_KITCHEN = dataclasses.replace(
    HARD,
    mix={"read": 0.20, "word": 0.19, "keyword": 0.09, "synthetic": 0.18, "confusion": 0.07,
         "phrase": 0.22, "noise": 0.05},
    noisy=0.75, noise=(-2, 22), crowded=0.15, other=(4, 20),
    roomy=0.75, decay=(0.15, 0.8), reverberation=(-10, 12),
)  # fmt: skip
"""The talker stands at the sink, the microphone 1 to 3 m away: mostly reverberation arrives."""

ANY_TIMBRE = dataclasses.replace(
    ACROSS_A_KITCHEN,
    mix={"read": 0.21, "word": 0.20, "keyword": 0.10, "synthetic": 0.18, "confusion": 0.08,
         "phrase": 0.18, "noise": 0.05},
    noisy=0.85, noise=(-3, 18), crowded=0.15, roomy=0.65, reverberation=(-8, 14), timbre=7.0,
)  # fmt: skip
"""A dull voice has less of its treble left in the same noise than a bright one as loud."""

NATURAL = dataclasses.replace(
    ANY_TIMBRE,
    mix={"read": 0.19, "word": 0.18, "keyword": 0.09, "synthetic": 0.12, "confusion": 0.06,
         "phrase": 0.09, "natural": 0.22, "noise": 0.05},
)  # fmt: skip
"""A quarter of what is said comes from voices that run words together as people do."""


@dataclass(slots=True)
class Word:
    """A spoken word: first and one past last frame (10 ms), and its units with their ends."""

    start: int
    end: int
    pairs: list[Pair]
    ends: list[int]


@dataclass(slots=True)
class Clip:
    """A recording in memory, 16 bit, with its words."""

    sound: NDArray[np.int16]
    words: list[Word] = field(default_factory=list)


def clip_of(aligned: Aligned) -> Clip:
    """Load the sound of `aligned` and gather its phones into words."""
    sound = np.clip(load(aligned.recording.path), -1, 1) * 32767
    clip = Clip(sound.astype(np.int16))
    numbers = np.array(aligned.words)
    for number in range(numbers.max(initial=-1) + 1):
        (at,) = np.nonzero(numbers == number)
        if len(at):
            phones = [aligned.phones[i] for i in at]
            ends = [aligned.ends[i] for i in at]
            clip.words.append(Word(aligned.starts[at[0]], ends[-1], units.word_pairs(phones), ends))
    return clip


def room(rng: np.random.Generator, conditions: Conditions) -> Floats:
    """Return an impulse response: a direct sound, then noise that dies away, its treble faster."""
    decay = rng.uniform(*conditions.decay)
    time = np.arange(int(min(decay, 0.5) * SAMPLE_RATE)) / SAMPLE_RATE
    low = rng.standard_normal(len(time)) * np.exp(-6.9 * time / decay)
    treble = rng.uniform(0.4, 1.0)
    high = rng.standard_normal(len(time)) * np.exp(-6.9 * time / (treble * decay))
    split = scipy.signal.butter(1, 2000, fs=SAMPLE_RATE)
    tail = high + scipy.signal.lfilter(*split, low - high)
    tail[: int(rng.uniform(0.001, 0.006) * SAMPLE_RATE)] = 0
    ratio = 10 ** (-rng.uniform(*conditions.reverberation) / 20)
    tail *= ratio / np.sqrt((tail**2).sum() + 1e-9)
    tail[0] = 1
    response: Floats = tail.astype(np.float32)
    return response


def timbre(rng: np.random.Generator, spread: float) -> Floats:
    """Return a short filter of random tilt and curve that keeps the power of pink noise."""
    hertz = np.linspace(0, SAMPLE_RATE / 2, 65)
    x = np.log(np.maximum(hertz, 100) / 100) / np.log(80)
    level = rng.normal(0, spread) * (x - 0.5)
    for order in (1, 2, 3):
        level = level + rng.normal(0, 0.4 * spread / order) * np.cos(np.pi * order * x)
    gain = 10 ** (level / 20)
    pink = 1 / np.maximum(hertz, 100)
    gain /= np.sqrt((gain**2 * pink).sum() / pink.sum())
    taps: Floats = scipy.signal.firwin2(65, hertz, gain, fs=SAMPLE_RATE).astype(np.float32)
    return taps


class Windows:
    """Draws training windows from recordings of each kind and from noises."""

    def __init__(
        self,
        clips: dict[str, list[Clip]],
        noises: list[Clip],
        seed: int,
        conditions: Conditions = FIRST,
    ) -> None:
        self.clips = clips
        self.noises = noises
        self.conditions = conditions
        self.seed = seed
        self.bigram: Bigram | None = None
        rng = np.random.default_rng([seed, 1])
        self.rooms = [room(rng, conditions) for _ in range(300)]
        self.dry: list[Floats] = []
        if conditions.timbre:
            self.rooms = [np.convolve(one, timbre(rng, conditions.timbre)) for one in self.rooms]
            self.dry = [timbre(rng, conditions.timbre) for _ in range(300)]
            self.noises = [_coloured(rng, one, conditions.timbre) for one in noises for _ in "ab"]
        self.kinds = list(conditions.mix)
        self.odds = np.array(list(conditions.mix.values()))

    def learn_bigram(self, count: int = 12_000) -> Bigram:
        """Estimate the denominator's bigram on `count` windows (their units alone)."""
        sequences = []
        for number in range(count):
            rng = np.random.default_rng([self.seed, 2, number])
            tokens = self._tokens(rng, self._choose(rng))
            sequences.append([t.pair for t in tokens if not t.optional or rng.random() < 0.6])
        # Every unit of the material must be known, however rare.
        for clips in self.clips.values():
            sequences += [[p for w in clip.words for p in w.pairs] for clip in clips]
        self.bigram = Bigram(sequences)
        return self.bigram

    def _choose(self, rng: np.random.Generator) -> list[tuple[Clip, list[Word], float, int]]:
        """Fill a window: (clip, its words used, speed, first sample in the window) in order."""
        kind = self.kinds[rng.choice(len(self.kinds), p=self.odds)]
        placed: list[tuple[Clip, list[Word], float, int]] = []
        at = int(rng.uniform(0.02, 0.7) * SAMPLE_RATE)
        while kind != "noise":
            pool = self.clips[kind]
            clip = pool[rng.integers(len(pool))]
            speed = float(rng.uniform(0.85, 1.2))
            room_left = int((SPAN - at) * speed) // SHIFT
            first = 0
            if kind == "read" or (kind == "synthetic" and rng.random() < 0.1):
                first = int(rng.integers(len(clip.words)))
            words = clip.words[first:]
            begin = words[0].start
            limit = min(room_left, int(rng.integers(100, 320)) if kind == "read" else 320)
            words = [w for w in words if w.end - begin <= limit]
            if kind != "read" and not placed and not words:
                continue
            if not words or (kind == "word" and words[-1].end - begin > room_left):
                break
            placed.append((clip, words, speed, at))
            length = int((words[-1].end - begin) * SHIFT / speed)
            at += length + int(rng.uniform(0.1, 0.9) * SAMPLE_RATE)
            if rng.random() < 0.3:
                kind = self.kinds[
                    rng.choice(len(self.kinds) - 1, p=self.odds[:-1] / self.odds[:-1].sum())
                ]
        return placed

    def _tokens(
        self, rng: np.random.Generator, placed: list[tuple[Clip, list[Word], float, int]]
    ) -> list[Token]:
        """Return the units of the window, some words turned into garbage."""
        if not placed:
            return [Token(SILENCE_PAIR, 0, OUTPUTS)]
        rate = 1.0 if rng.random() < GARBAGE_WINDOW else GARBAGE_WORD
        tokens: list[Token] = []
        before = 0
        for _, words, speed, at in placed:
            for word in words:
                start, *ends = (
                    round(((frame - words[0].start) * SHIFT / speed + at - LENGTH / 2) / STEP)
                    for frame in (word.start, *word.ends)
                )
                gap = Token(SILENCE_PAIR, before - TOLERANCE, start + TOLERANCE, optional=True)
                before = ends[-1]
                if rng.random() >= rate:
                    tokens.append(gap)
                    for pair, end in zip(word.pairs, ends, strict=True):
                        tokens.append(Token(pair, start - TOLERANCE, end + TOLERANCE))
                        start = end
                elif tokens and tokens[-1].pair == GARBAGE_PAIR and rng.random() < 0.5:
                    last = tokens.pop()
                    tokens.append(Token(GARBAGE_PAIR, last.first, before + TOLERANCE))
                else:
                    garbage = Token(GARBAGE_PAIR, start - TOLERANCE, before + TOLERANCE)
                    tokens += [gap, garbage]
        tokens.append(Token(SILENCE_PAIR, before - TOLERANCE, OUTPUTS, optional=True))
        return tokens

    def window(self, number: int) -> tuple[Floats, NDArray[np.int64], dict[str, NDArray[Any]]]:
        """Return features (frames, 40), pdf per output frame, and numerator of a window."""
        assert self.bigram is not None
        rng = np.random.default_rng([self.seed, 3, number])
        placed = self._choose(rng)
        speech = np.zeros(SAMPLES, np.float32)
        targets = np.full(OUTPUTS, 2 * units.SILENCE + 1, np.int64)
        for clip, words, speed, at in placed:
            self._place(rng, speech, targets, (clip, words, speed, at))
        sound = self._surround(rng, speech, bool(placed))
        features = log_mel(sound, warp=round(float(rng.uniform(0.88, 1.14)), 2))
        features = self._colour(rng, features)
        if rng.random() < 0.2:  # the stream begins here
            features[:LEFT] = features[LEFT]
        return features, targets, numerator(self._tokens(rng, placed), self.bigram)

    def _place(
        self,
        rng: np.random.Generator,
        speech: Floats,
        targets: NDArray[np.int64],
        placed: tuple[Clip, list[Word], float, int],
    ) -> None:
        clip, words, speed, at = placed
        begin, end = words[0].start * SHIFT, words[-1].end * SHIFT
        # Keep the recording's own surroundings of whole recordings, a little of cut ones.
        before = begin if words[0] is clip.words[0] else 0
        after = len(clip.sound) - end if words[-1] is clip.words[-1] else 0
        start = LEFT * SHIFT + at
        before = min(before, int(start * speed), int(0.4 * SAMPLE_RATE))
        after = max(0, min(after, int(0.4 * SAMPLE_RATE)))
        piece = clip.sound[begin - before : end + after].astype(np.float32) / 32768
        voiced = piece[before : before + max(end - begin, 1)]
        piece *= 10 ** (rng.uniform(-4, 4) / 20) * 0.1 / (np.sqrt((voiced**2).mean()) + 1e-4)
        fade = min(80, len(piece) // 4)
        piece[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
        piece[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        piece = soxr.resample(piece, SAMPLE_RATE * speed, SAMPLE_RATE, quality="QQ")
        left = start - int(before / speed)
        length = min(len(piece), SAMPLES - left)
        speech[left : left + length] += piece[:length]
        # Output frame i sees the input frame LEFT + 3i, whose middle is half a frame later.
        middles = np.arange(OUTPUTS) * STRIDE * SHIFT + LENGTH // 2
        frame = (middles - at) * speed / SHIFT + words[0].start
        for word in words:
            previous = word.start
            for pair, stop in zip(word.pairs, word.ends, strict=True):
                (within,) = np.nonzero((frame >= previous) & (frame < stop))
                targets[within[:1]] = pair[0]
                targets[within[1:]] = pair[1]
                previous = stop

    def _surround(self, rng: np.random.Generator, speech: Floats, spoken: bool) -> Floats:
        """Put the speech into a room with noise, at a random level, as 16-bit samples."""
        if spoken and rng.random() < self.conditions.roomy:
            response = self.rooms[rng.integers(len(self.rooms))]
            speech = scipy.signal.oaconvolve(speech, response)[:SAMPLES].astype(np.float32)
        elif spoken and self.dry:
            response = self.dry[rng.integers(len(self.dry))]
            speech = scipy.signal.oaconvolve(speech, response)[:SAMPLES].astype(np.float32)
        sound = speech
        if not spoken or rng.random() < self.conditions.noisy:
            snr = rng.uniform(*self.conditions.noise) if spoken else rng.uniform(-10, 20)
            sound = sound + 0.1 * 10 ** (-snr / 20) * self._noise(rng)
        if rng.random() < self.conditions.crowded:
            pool = self.clips["synthetic" if rng.random() < 0.5 else "read"]
            other = self._fill(rng, pool[rng.integers(len(pool))].sound)
            sound = sound + 0.1 * 10 ** (-rng.uniform(*self.conditions.other) / 20) * other
        peak = float(np.abs(sound).max()) + 1e-6
        level = rng.uniform(-38, 0) if rng.random() < 0.95 else rng.uniform(0, 8)
        sound = sound * np.float32(10 ** (level / 20) / peak)
        if rng.random() < 0.85:
            floor = 10 ** (rng.uniform(-95, -60) / 20)
            sound = sound + floor * rng.standard_normal(SAMPLES, dtype=np.float32)
        return np.round(np.clip(sound, -1, 1) * 32767).astype(np.float32) / np.float32(32768)

    def _noise(self, rng: np.random.Generator) -> Floats:
        """Return noise of unit power: of the kitchen, or of a random spectral slope."""
        if rng.random() < 0.75:
            noise = self._fill(rng, self.noises[rng.integers(len(self.noises))].sound)
            if rng.random() < 0.3:
                noise += self._fill(rng, self.noises[rng.integers(len(self.noises))].sound)
            return noise
        slope = rng.uniform(-0.2, 0.98)
        noise = scipy.signal.lfilter([1], [1, -slope], rng.standard_normal(SAMPLES))
        sloped: Floats = (noise / (noise.std() + 1e-9)).astype(np.float32)
        return sloped

    def _fill(self, rng: np.random.Generator, sound: NDArray[np.int16]) -> Floats:
        start = int(rng.integers(max(1, len(sound) - SAMPLES)))
        piece: Floats = np.resize(sound[start : start + SAMPLES], SAMPLES).astype(np.float32)
        filled: Floats = piece / (np.sqrt((piece**2).mean()) + 1.0)
        return filled

    def _colour(self, rng: np.random.Generator, features: Floats) -> Floats:
        """Bend the spectrum as a microphone would, and hide a band now and then."""
        x = np.linspace(0, 1, BINS, dtype=np.float32)
        curve = rng.normal(0, 0.8) * (x - 0.5)
        for order in (1, 2, 3, 4):
            curve = curve + rng.normal(0, 0.5 / order) * np.cos(np.pi * order * x)
        features = features + curve.astype(np.float32)
        if rng.random() < 0.3:
            width = int(rng.integers(1, 6))
            low = int(rng.integers(BINS - width))
            features[:, low : low + width] = features.min()
        return features


def _coloured(rng: np.random.Generator, noise: Clip, spread: float) -> Clip:
    """Return `noise` with another timbre, as loud."""
    sound = scipy.signal.oaconvolve(noise.sound.astype(np.float32), timbre(rng, spread), "same")
    sound *= np.abs(noise.sound).max() / (np.abs(sound).max() + 1e-9)
    return Clip(np.clip(sound, -32767, 32767).astype(np.int16))
