"""Training windows of the network of phones: three seconds of varied sound, and its phones.

Drawn by the hundred as tensors, on whichever device trains, and never the same twice. A window
holds one to three recordings with gaps, each at its own speed (pitch and vocal tract move with it)
and level, in a simulated room, over kitchen noise or another talker, through a microphone of random
colour and gain. Half of them end soon after the last word, as what the product asks about does.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from research.model import features
from voice_coach.hearing.commands.phones import PHONES

BLANK: Final = len(PHONES)
"""Number of what stands between phones, and for silence."""
SAMPLE_RATE: Final = 16_000
HOP: Final = 320
HOPS: Final = 150
SAMPLES: Final = HOPS * HOP
KINDS: Final = (
    "read", "word", "keyword", "phrase", "confusion", "synthetic", "alike", "natural", "noise"
)  # fmt: skip
_MIX: Final = (0.30, 0.24, 0.06, 0.09, 0.09, 0.05, 0.04, 0.09, 0.04)
"""Share of the windows that begin with each kind."""
_MORE: Final = 0.3
"""Share of the recordings after which another one begins with something else."""
_MOST: Final = 3
_SPEED: Final = (0.85, 1.2)
_WARP: Final = np.linspace(0.88, 1.14, 14)
_FADE: Final = 80
_ROOMY: Final = 0.65
_NOISY: Final = 0.78
_NOISE_DB: Final = (-2.0, 24.0)
_CROWDED: Final = 0.15
_OTHER_DB: Final = (5.0, 22.0)
RIVALS: Final = 4
"""Sequences that are nearly the phones of a window, to be told from them."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Material:
    """All recordings, one after the other; offsets begin with 0 and end with the whole length."""

    sound: NDArray[np.int16]
    sound_at: Ints
    """Offset of each recording's sound."""
    spoken: Ints
    """First and one past last sample in which something sounds, within each: (recordings, 2)."""
    kind: NDArray[np.int8]
    """Number of each recording's kind in `KINDS`."""
    phones: NDArray[np.int8]
    phones_at: Ints
    known: NDArray[np.bool_]
    """Whether each recording's phones are known."""
    heard: NDArray[np.uint8]
    """What the teacher hears in each 20 ms of people, in 255ths: (hops, phones + 1)."""
    heard_at: Ints
    rooms: Floats
    """Impulse responses; the second half are microphones close to the mouth."""

    def save(self, path: Path) -> None:
        """Write into the file `path`, all or nothing."""
        draft = path.with_suffix(".draft.npz")
        np.savez(draft, **{field.name: getattr(self, field.name) for field in fields(self)})
        draft.rename(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(path) as stored:
            return cls(**{field.name: stored[field.name] for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch of windows is to hold; arrays of shape (windows, recordings) or (windows,)."""

    source: Ints
    """First sample of each recording that is used; the second and the third may be empty."""
    length: Ints
    """Samples of it that are used."""
    at: Ints
    """Sample of the window at which it begins."""
    speed: Floats
    gain: Floats
    heard: Ints
    """Where the teacher's answers to it begin; -1 where it was not asked."""
    hops: Ints
    """How long each window is."""
    noises: Ints
    """Begin and length of two noises and of another talker: (windows, 3, 2)."""
    noise_gain: Floats
    """Of the two noises, noise of a random slope, and the other talker: (windows, 4)."""
    slope: Floats
    response: Ints
    warp: Ints
    level: Floats
    floor: Floats
    colour: Floats
    """Added to the log mel energies: (windows, bands)."""
    hidden: Ints
    """First and one past last band that are not heard: (windows, 2)."""
    targets: Ints
    """Phones, then `RIVALS` that are nearly the same: (windows, 1 + rivals, most phones)."""
    counts: Ints
    """How many phones these are; 0 where nobody knows: (windows, 1 + rivals)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows: energies (windows, 2 hops, bands), lengths in hops, teacher's answers, phones."""

    energies: Tensor
    hops: Tensor
    heard: Tensor
    targets: Tensor
    counts: Tensor


class Planner:
    """Decides what windows hold; every plan follows from the seed and its number alone."""

    def __init__(self, material: Material, seed: int) -> None:
        self._material = material
        self._seed = seed
        self._of_kind = [np.flatnonzero(material.kind == number) for number in range(len(KINDS))]
        self._odds = np.array(_MIX)
        self._odds[[len(of) == 0 for of in self._of_kind]] = 0
        self._odds /= self._odds.sum()
        self._heard = material.heard.argmax(axis=1)

    def plan(self, number: int, windows: int) -> Plan:
        """Plan a batch."""
        rng = np.random.default_rng([self._seed, number])
        source = np.zeros((windows, _MOST), np.int64)
        length, at, speed = source.copy(), source.copy(), np.ones(source.shape, np.float32)
        gain, heard = np.zeros(source.shape, np.float32), source - 1
        hops = np.full(windows, HOPS)
        targets = np.zeros((windows, 1 + RIVALS, 64), np.int64)
        counts = np.zeros((windows, 1 + RIVALS), np.int64)
        for row in range(windows):
            phones: list[int] | None = []
            place = 0
            end = int(rng.uniform(0.02, 0.7) * SAMPLE_RATE)
            kind = self._kind(rng, noise=True)
            while KINDS[kind] != "noise" and place < _MOST:
                rate = float(rng.uniform(*_SPEED))
                piece = self._piece(rng, kind, int((SAMPLES - end) * rate))
                if piece is None:
                    if place:
                        break
                    continue
                begin, stop, answers, said = piece
                source[row, place], length[row, place] = begin, stop - begin
                at[row, place], speed[row, place], heard[row, place] = end, rate, answers
                gain[row, place] = 10 ** (rng.uniform(-4, 4) / 20)
                phones = None if phones is None or said is None else phones + said
                last = end + int((stop - begin) / rate)
                if rng.random() < 0.5:  # the product asks right after the end of a word
                    hops[row] = min(HOPS, last // HOP + int(rng.integers(2, 26)))
                else:
                    hops[row] = HOPS
                end = last + int(rng.uniform(0.1, 0.9) * SAMPLE_RATE)
                place += 1
                if rng.random() < _MORE:
                    kind = self._kind(rng, noise=False)
            if phones is not None and (len(phones) <= 60 and (phones or not place)):
                for which in range(1 + RIVALS):
                    text = phones if which == 0 else _nearly(rng, phones)
                    targets[row, which, : len(text)] = text
                    counts[row, which] = len(text)
                if not place:
                    counts[row] = 0
        return Plan(
            source, length, at, speed, gain, heard, hops, *self._around(rng, windows),
            targets, counts,
        )  # fmt: skip

    def _kind(self, rng: np.random.Generator, *, noise: bool) -> int:
        odds = self._odds if noise else np.append(self._odds[:-1], 0) / self._odds[:-1].sum()
        return int(rng.choice(len(KINDS), p=odds))

    def _piece(
        self, rng: np.random.Generator, kind: int, room: int
    ) -> tuple[int, int, int, list[int] | None] | None:
        """Choose a recording: its first and last sample, its answers' place, its phones."""
        material = self._material
        one = int(rng.choice(self._of_kind[kind]))
        base = int(material.sound_at[one])
        first, last = (int(x) for x in material.spoken[one])
        answers, beyond = (int(x) for x in material.heard_at[one : one + 2])
        if KINDS[kind] != "read":
            if last - first > room:
                return None
            said = material.phones[material.phones_at[one] : material.phones_at[one + 1]]
            known = [int(phone) for phone in said] if material.known[one] else None
            where = answers + first // HOP if beyond > answers else -1
            return base + first, base + last, where, known
        longest = min(room, int(rng.integers(9_000, 51_200)), last - first)
        if longest < 6_000:
            return None
        # Cut where the teacher hears nothing, and believe what it hears between.
        begin = (first + int(rng.integers(last - first - longest + 1))) // HOP
        end = begin + longest // HOP
        heard = self._heard[answers:beyond]
        while begin < end and (begin >= len(heard) or heard[begin] != BLANK):
            begin += 1
        end = min(end, len(heard))
        while end > begin and heard[end - 1] != BLANK:
            end -= 1
        if end - begin < 15:
            return None
        pieces = heard[begin:end]
        fresh = (pieces != BLANK) & (pieces != np.append(BLANK, pieces[:-1]))
        phones = [int(phone) for phone in pieces[fresh]]
        return base + begin * HOP, base + end * HOP, answers + begin, phones or None

    def _around(
        self, rng: np.random.Generator, windows: int
    ) -> tuple[Ints, Floats, Floats, Ints, Ints, Floats, Floats, Floats, Ints]:
        material, sizes = self._material, np.diff(self._material.sound_at)
        noise = rng.choice(self._of_kind[KINDS.index("noise")], (windows, 2))
        talk = rng.choice(np.concatenate([self._of_kind[0], self._of_kind[5]]), (windows, 1))
        chosen = np.concatenate([noise, talk], axis=1)
        noises = np.stack([material.sound_at[chosen], sizes[chosen]], axis=2)
        decibels = -rng.uniform(*_NOISE_DB, (windows, 1))
        noisy = rng.random((windows, 1)) < _NOISY
        kitchen = rng.random((windows, 1)) < 0.75
        two = rng.random((windows, 1)) < 0.3
        others = 10 ** (-rng.uniform(*_OTHER_DB, (windows, 1)) / 20)
        crowded = rng.random((windows, 1)) < _CROWDED
        loud = noisy * 10 ** (decibels / 20)
        gains = [loud * kitchen, loud * kitchen * two, loud * ~kitchen, others * crowded]
        count = len(material.rooms) // 2
        roomy = rng.random(windows) < _ROOMY
        response = rng.integers(count, size=windows) + np.where(roomy, 0, count)
        level = np.where(
            rng.random(windows) < 0.95, rng.uniform(-38, 0, windows), rng.uniform(0, 8, windows)
        )
        floor = np.where(rng.random(windows) < 0.85, rng.uniform(-95, -60, windows), -200)
        x = np.linspace(0, 1, features.BINS)
        colour = rng.normal(0, 0.8, (windows, 1)) * (x - 0.5)
        for order in (1, 2, 3, 4):
            colour = colour + rng.normal(0, 0.5 / order, (windows, 1)) * np.cos(np.pi * order * x)
        low = rng.integers(features.BINS - 6, size=windows)
        wide = rng.integers(1, 7, size=windows) * (rng.random(windows) < 0.4)
        return (
            noises,
            np.concatenate(gains, axis=1).astype(np.float32),
            rng.uniform(-0.2, 0.98, windows).astype(np.float32),
            response,
            rng.integers(len(_WARP), size=windows),
            (10 ** (level / 20)).astype(np.float32),
            (10 ** (floor / 20)).astype(np.float32),
            colour.astype(np.float32),
            np.stack([low, low + wide], axis=1),
        )


_LIKE: Final = [
    "P B T K", "B P D V", "T D K P CH", "D T G DH", "K G T P", "G K D", "F TH S V", "V F B DH",
    "TH F S DH", "DH D V TH", "S Z SH TH F", "Z S DH", "SH S CH", "ZH SH JH", "CH SH JH T",
    "JH CH ZH D", "M N NG", "N M NG L", "NG N M", "L R W N", "R L W ER", "W R L V", "Y IY JH",
    "HH K F", "AA AO AH AW", "AE EH AA AY", "AH AA EH IH UH", "AO AA OW AH", "AW AA OW AE",
    "AY AE EY OY AA", "EH IH AE AH EY", "ER AH R AO", "EY EH AY IY", "IH IY EH AH", "IY IH EY Y",
    "OW AO UW AW", "OY AY OW", "UH UW AH IH", "UW UH OW",
]  # fmt: skip
"""A phone, and those it is taken for."""
_TAKEN_FOR: Final = {
    PHONES.index(first): [PHONES.index(one) for one in others]
    for first, *others in (line.split() for line in _LIKE)
}


def _nearly(rng: np.random.Generator, phones: list[int]) -> list[int]:
    """Return `phones` with one to three of them exchanged, left out or put in."""
    changed = list(phones)
    while changed == phones:
        for _ in range(int(rng.integers(1, 4))):
            at = int(rng.integers(len(changed) + 1))
            kind = rng.random()
            if kind < 0.6 and at < len(changed):
                like = _TAKEN_FOR[changed[at]] if rng.random() < 0.6 else range(BLANK)
                changed[at] = int(rng.choice(list(like)))
            elif kind < 0.8 and at < len(changed) and len(changed) > 1:
                del changed[at]
            elif len(changed) < 62:
                changed.insert(at, int(rng.integers(BLANK)))
    return changed


class Windows:
    """Makes windows of what was planned.

    Parameters
    ----------
    material
        All recordings.
    device
        Where the windows are made.
    """

    def __init__(self, material: Material, device: torch.device) -> None:
        self._device = device
        self._sound = torch.from_numpy(material.sound).to(device)
        self._heard = torch.from_numpy(material.heard).to(device)
        self._size = 1 << int(np.ceil(np.log2(SAMPLES + material.rooms.shape[1])))
        responses = torch.from_numpy(material.rooms).to(device)
        self._responses = torch.fft.rfft(responses, self._size)
        self._banks = torch.from_numpy(
            np.stack([features.mel_bank(round(float(warp), 2)) for warp in _WARP])
        ).to(device)
        window = np.hanning(features.LENGTH) ** 0.85 * 32768
        self._window = torch.from_numpy(window.astype(np.float32)).to(device)
        self._time = torch.arange(SAMPLES, device=device)

    def draw(self, plan: Plan) -> Batch:
        """Return the windows of `plan`."""

        def of(array: NDArray[np.generic]) -> Tensor:
            return torch.from_numpy(array).to(self._device)

        speech = self._speech(plan, of)
        speech = torch.fft.rfft(speech, self._size) * self._responses[of(plan.response)]
        speech = torch.fft.irfft(speech, self._size)[:, :SAMPLES]
        gains = 0.1 * of(plan.noise_gain)
        sound = speech + gains[:, 2:3] * self._sloped(of(plan.slope))
        for number, place in enumerate((0, 1, 3)):
            begin, size = of(plan.noises[:, number]).T
            begin = begin[:, None] + self._offset(size)
            index = begin + self._time[None, :] % size[:, None].clamp(max=SAMPLES)
            noise = self._sound[index.clamp(max=len(self._sound) - 1)].float()
            noise = noise / (noise.square().mean(dim=1, keepdim=True).sqrt() + 1)
            sound = sound + gains[:, place : place + 1] * noise
        peak = sound.abs().amax(dim=1, keepdim=True) + 1e-6
        sound = sound * of(plan.level)[:, None] / peak
        sound = sound + of(plan.floor)[:, None] * torch.randn_like(sound)
        sound = (sound.clamp(-1, 1) * 32767).round() / 32768
        energies = self._energies(sound, of(plan.warp)) + of(plan.colour)[:, None, :]
        bands = torch.arange(features.BINS, device=self._device)
        low, high = of(plan.hidden).T
        hidden = (bands >= low[:, None]) & (bands < high[:, None])
        least = energies.amin(dim=(1, 2), keepdim=True)
        energies = torch.where(hidden[:, None, :], least, energies)
        heard = self._answers(plan, of)
        return Batch(energies, of(plan.hops), heard, of(plan.targets), of(plan.counts))

    def _offset(self, size: Tensor) -> Tensor:
        spare = (size - SAMPLES).clamp(min=0)
        return (torch.rand(len(size), device=self._device) * spare).long()[:, None]

    def _speech(self, plan: Plan, of: object) -> Tensor:
        assert callable(of)
        speech = torch.zeros((len(plan.hops), SAMPLES), device=self._device)
        for place in range(_MOST):
            source, length, at = (
                of(one[:, place])[:, None] for one in (plan.source, plan.length, plan.at)
            )
            speed, gain = of(plan.speed[:, place])[:, None], of(plan.gain[:, place])[:, None]
            # A cubic through the four samples around each moment.
            moment = (self._time[None, :] - at) * speed.double()
            whole = moment.floor()
            part = (moment - whole).float()
            index = (source + whole.long()).clamp(1, len(self._sound) - 3)
            before, here, after, later = (
                self._sound[index + shift].float() / 32768 for shift in (-1, 0, 1, 2)
            )
            value = here + 0.5 * part * (
                after - before + part * (
                    2 * before - 5 * here + 4 * after - later
                    + part * (3 * (here - after) + later - before)
                )
            )  # fmt: skip
            edge = torch.minimum(moment + _FADE, length + _FADE - moment).float()
            value = value * (edge / _FADE).clamp(0, 1)
            inside = ((moment >= 0) & (moment < length)).float()
            power = (value.square() * inside).sum(dim=1, keepdim=True) / inside.sum(
                dim=1, keepdim=True
            ).clamp(min=1)
            speech += value * gain * 0.1 / (power.sqrt() + 1e-4)
        return speech

    def _sloped(self, slope: Tensor) -> Tensor:
        """Return noise of unit power whose spectrum slopes."""
        white = torch.fft.rfft(torch.randn((len(slope), SAMPLES), device=self._device))
        angle = torch.linspace(0, np.pi, white.shape[1], device=self._device)
        response = 1 / (1 - slope[:, None] * torch.exp(-1j * angle)[None, :])
        noise = torch.fft.irfft(white * response, SAMPLES)
        return noise / (noise.std(dim=1, keepdim=True) + 1e-9)

    def _energies(self, sound: Tensor, warp: Tensor) -> Tensor:
        padded = functional.pad(sound, (features.LENGTH - features.SHIFT, 0))
        frames = padded.unfold(1, features.LENGTH, features.SHIFT) * self._window
        spectrum = torch.fft.rfft(frames, features.FFT)
        power = spectrum.real.square() + spectrum.imag.square()
        return torch.bmm(power, self._banks[warp]).clamp(min=features.FLOOR).log()

    def _answers(self, plan: Plan, of: object) -> Tensor:
        """Return what the teacher hears in each hop; zeros where it was not asked."""
        assert callable(of)
        middles = (torch.arange(HOPS, device=self._device) + 0.5)[None, :] * HOP
        answers = torch.zeros((len(plan.hops), HOPS, BLANK + 1), device=self._device)
        spoken = torch.zeros((len(plan.hops), HOPS), dtype=torch.bool, device=self._device)
        for place in range(_MOST):
            length, at, first = (
                of(one[:, place])[:, None] for one in (plan.length, plan.at, plan.heard)
            )
            moment = (middles - at) * of(plan.speed[:, place])[:, None]
            within = (moment >= 0) & (moment < length)
            spoken |= within
            index = first + (moment / HOP).long()
            asked = within & (first >= 0)
            found = self._heard[index.clamp(0, len(self._heard) - 1)].float() / 255
            answers += found * asked[:, :, None]
        answers[~spoken.any(dim=1), :, BLANK] = 1
        return answers
