"""The parts of the accuracy card: each measures one thing and returns plain figures."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from research.commands import cost_alone, material
from research.commands.material import Clip
from research.commands.scene import Around, Outcome, Scene, compose, hear, outcomes
from research.figures import Figures
from research.model.voices import UNTRAINED_ENGINES
from research.places import DATA
from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.hearing.commands import CommandEar, CommandHeard, CommandModel, Phrases
from voice_coach.hearing.commands.stop_network import StopNetwork, StopWeights
from voice_coach.hearing.commands.stop_spotter import LIKELY
from voice_coach.home.phrases import coach_phrases
from voice_coach.samples import Samples

SNRS: dict[str, float | None] = {"quiet": None, "10 dB": 10.0}
ACROSS = "1.5 m"
SURROUNDINGS: dict[str, Around] = {
    **{name: {"snr_db": snr} for name, snr in SNRS.items()},
    ACROSS: {"snr_db": None, "distance_m": 1.5},
}
_NOISES = 3
"""Different pieces of noise in which people are heard."""
_AMID_READING = 150
"""Commands that are said between read sentences."""
_BREATH = SAMPLE_RATE // 2
"""Samples between what is read and a command, at the least."""
_LEVELS_DB = (20.0, 15.0, 10.0, 5.0, 0.0)
PEOPLE_SAY = {
    **dict.fromkeys(("stop", "help", "repeat"), "exercising"),
    **dict.fromkeys(("yes", "no"), "confirming"),
}
"""The commands that people say in the recordings, and the modes in which they count."""
NEAR_MISSES = (
    *("start immediately", "star advance", "start", "intermediate", "start five", "start the"),
    *("started advanced", "starting now", "stock", "the top shelf", "stopping", "stopped it"),
    *("start an argument", "begin again tomorrow", "advance to the exit", "seven", "twenty two"),
    *("lower", "slow cooker", "fast food", "loud music", "quite nice", "paws", "pass the salt"),
    *("i know", "yesterday", "no idea", "how many people", "what can we eat", "skip the queue"),
)


class Bench:
    """An ear to measure, fresh for every scene."""

    def __init__(self, model: CommandModel, phrases: Phrases) -> None:
        self.model, self.phrases = model, phrases

    def run(self, scene: Scene, mode: str) -> tuple[list[Outcome], list[CommandHeard]]:
        """Return what became of everything said in `scene`, and what was heard besides."""
        ear = CommandEar(self.model, self.phrases)
        return outcomes(scene, hear(ear, mode, scene.sound), self.phrases, mode)

    def commands(self, sound: Samples, mode: str) -> list[CommandHeard]:
        """Return the commands heard in `sound`."""
        heard = hear(CommandEar(self.model, self.phrases), mode, sound)
        return [event for event in heard if isinstance(event, CommandHeard)]


def share(outcomes: Iterable[Outcome]) -> Figures:
    """Return how many of `outcomes` were correct, missed and misunderstood."""
    every = list(outcomes)
    right = sum(o.correct for o in every)
    missed = sum(not o.heard for o in every)
    return {
        "said": len(every),
        "right": right,
        "missed": missed,
        "wrong": len(every) - right - missed,
    }


def phrases_by_intent(bench: Bench, tuning: bool, most: int, log: Callable[[str], None]) -> Figures:
    """Return recall per intent, voice and noise on synthetic voices."""
    voices = material.TUNING_VOICES if tuning else material.MEASURED_VOICES
    by: dict[str, dict[str, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
    failures: list[str] = []
    for voice in voices:
        for mode in bench.phrases.modes:
            texts = [
                text
                for intent in bench.phrases.intents(mode)
                for text in material.sentences(bench.phrases, mode, intent, most)
            ]
            clips = material.spoken(texts, voice)
            for noise, around in SURROUNDINGS.items():
                found, _ = bench.run(compose(clips, **around), mode)
                for one in found:
                    meant = bench.phrases.match(one.said.clip.text, mode)
                    assert meant is not None
                    by["intent"][f"{meant.intent}, {noise}"].append(one)
                    by["voice"][f"{voice.label}, {noise}"].append(one)
                    by["all"][noise].append(one)
                    if voice.engine in UNTRAINED_ENGINES:
                        by["untrained"][noise].append(one)
                    if not one.correct:
                        heard = "; ".join(c.text for c in one.heard) or "-"
                        failures.append(
                            f"{voice.label} {noise} {mode}: {one.said.clip.text} > {heard}"
                        )
        log(voice.label)
    figures: Figures = {kind: {k: share(v) for k, v in rows.items()} for kind, rows in by.items()}
    figures["latency"] = {k: latencies(v) for k, v in by["all"].items()}
    figures["failures"] = failures
    return figures


def people(bench: Bench, tuning: bool) -> Figures:
    """Return recall of the single words that people say and that are commands."""
    figures: Figures = {}
    for word, mode in PEOPLE_SAY.items():
        clips = material.words(tuning, word)
        for noise, around in SURROUNDINGS.items():
            found = [
                one
                for seed in range(1 if noise == "quiet" else _NOISES)
                for one in bench.run(compose(clips, seed=seed, **around), mode)[0]
            ]
            figures[f"{word}, {noise}"] = share(found) | latencies(found)
    return figures


def amid_reading(bench: Bench, tuning: bool) -> Figures:
    """Return recall of commands between sentences of somebody who reads, and what these made."""
    mode, phrases = "exercising", bench.phrases
    known = [word for word in PEOPLE_SAY if phrases.match(word, mode)]
    clips = material.words(tuning, *known)
    for voice in material.TUNING_VOICES if tuning else material.MEASURED_VOICES:
        for intent in phrases.intents(mode):
            clips += material.spoken(material.sentences(phrases, mode, intent, 2), voice)
    rng, readers = np.random.default_rng(6), material.read_speech(tuning)
    chosen = [clips[number] for number in rng.permutation(len(clips))[:_AMID_READING]]
    both = [one for clip in chosen for one in (readers[rng.integers(len(readers))], clip)]
    figures: Figures = {}
    for name, snr in SNRS.items():
        found, _ = bench.run(compose(both, snr, gap=_BREATH), mode)
        made_up = [command.text for one in found[::2] for command in one.heard]
        figures[name] = share(found[1::2]) | {"made up": made_up}
    return figures


def other_phrases(bench: Bench, tuning: bool) -> Figures:
    """Return recall of people saying what phrase files not of the product hold."""
    figures: Figures = {}
    for name, (sentences, clips) in material.other_phrases(tuning).items():
        intents = {f"_{i}": {"data": [{"sentences": [s]}]} for i, s in enumerate(sentences)}
        content = {"language": "en", "stop": "stop", "intents": intents}
        network = bench.phrases.stop_network
        other = Bench(bench.model, Phrases(content, name, stop_network=network))
        for noise, around in SURROUNDINGS.items():
            found, _ = other.run(compose(clips, **around), "")
            figures[f"{name}, {noise}"] = share(found) | latencies(found)
    return figures


def noise(bench: Bench, tuning: bool, most: int) -> Figures:
    """Return recall by group of speakers and noise, while exercising."""
    mode, phrases = "exercising", bench.phrases
    texts = [
        text
        for intent in phrases.intents(mode)
        for text in material.sentences(phrases, mode, intent, most)
    ]
    groups = {"people, stop": material.words(tuning, "stop")}
    for voice in material.TUNING_VOICES if tuning else material.MEASURED_VOICES:
        groups.setdefault(f"phrases, {voice.engine}", []).extend(material.spoken(texts, voice))
    return {
        group: {
            name: share(bench.run(compose(clips, snr), mode)[0])
            for name, snr in {"quiet": None, **{f"{db:.0f} dB": db for db in _LEVELS_DB}}.items()
        }
        for group, clips in groups.items()
    }


def synthetic(groups: Figures, name: str) -> Figures:
    """Return the sum of the synthetic voices among the groups of `noise`, in the noise `name`."""
    every = [by_noise[name] for group, by_noise in groups.items() if group.startswith("phrases")]
    return {key: sum(found[key] for found in every) for key in ("said", "right")}


def latencies(found: Sequence[Outcome]) -> Figures:
    """Return median and 95th percentile of the time from the end of the sound, in seconds."""
    seconds = [one.latency for one in found if one.correct and one.latency is not None]
    if not seconds:
        return {"p50": None, "p95": None}
    return {
        "p50": round(float(np.percentile(seconds, 50)), 3),
        "p95": round(float(np.percentile(seconds, 95)), 3),
    }


def false_commands(bench: Bench, tuning: bool, modes: Sequence[str]) -> Figures:
    """Return how often sound that is no command is taken for one, per mode and kind of sound."""
    sounds = other_sounds(tuning)
    figures: Figures = {}
    for mode in modes:
        for kind, sound in sounds.items():
            heard = bench.commands(sound, mode)
            hours = len(sound) / SAMPLE_RATE / 3600
            intents = [command.intent for command in heard]
            figures[f"{mode}, {kind}"] = {
                "hours": round(hours, 3),
                "commands": len(heard),
                "starts": intents.count("start"),
                "stops": intents.count("stop"),
                "complaints": intents.count("complain"),
                "per hour": round(len(heard) / hours, 2),
                "heard": [command.text for command in heard],
            }
    return figures


def other_sounds(tuning: bool) -> dict[str, Samples]:
    """Return speech and noise in which nothing is said to the coach."""
    gap = np.zeros(SAMPLE_RATE // 2, np.float32)

    def joined(clips: Iterable[Samples]) -> Samples:
        return np.concatenate([part for clip in clips for part in (clip, gap)])

    phrases = coach_phrases()

    def is_meant(text: str) -> bool:
        return text in ("go", "start") or any(phrases.match(text, mode) for mode in phrases.modes)

    others = [c.sound for c in material.words(tuning) if not is_meant(c.text)]
    return {
        "read speech": joined(clip.sound for clip in material.read_speech(tuning)),
        "letters, numbers": joined(clip.sound for clip in material.letters(tuning)),
        "keywords": joined(clip.sound for clip in material.keywords(tuning)),
        "other words": joined(others),
        "kitchen": joined(sound for _, sound in material.kitchen()),
    }


def near_misses(bench: Bench, tuning: bool) -> Figures:
    """Return which near misses and half sentences are taken for commands, in which mode."""
    taken: list[str] = []
    said = 0
    for voice in material.TUNING_VOICES if tuning else material.MEASURED_VOICES:
        for mode in ("asleep", "exercising", "confirming"):
            texts = [text for text in NEAR_MISSES if bench.phrases.match(text, mode) is None]
            found, _ = bench.run(compose(material.spoken(texts, voice), None), mode)
            said += len(found)
            taken += [
                f"{voice.label} {mode}: {one.said.clip.text} > {one.heard[0].text}"
                for one in found
                if one.heard
            ]
    return {"said": said, "taken": len(taken), "which": taken}


def single_words_taken_for_stop(bench: Bench, tuning: bool) -> Figures:
    """Return how many other single words are taken for "stop"."""
    clips = [clip for clip in material.words(tuning) if clip.text != "stop"]
    found, _ = bench.run(compose(clips, None), "exercising")
    stops = [o for o in found if any(c.intent == "stop" for c in o.heard)]
    return {"said": len(found), "taken": len(stops), "which": [o.said.clip.text for o in stops]}


def micro_wake_word(tuning: bool) -> Figures:
    """Return the same figures for the microWakeWord model of "stop"."""
    from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures  # noqa: PLC0415

    folder = DATA / "stop-word"

    def fires(sound: Samples) -> list[int]:
        detector, features = (
            MicroWakeWord.from_config(folder / "stop.json"),
            MicroWakeWordFeatures(),
        )
        pcm = np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16)
        fired: list[int] = []
        for at in range(0, len(pcm) - 160, 160):
            for feature in features.process_streaming(pcm[at : at + 160].tobytes()):
                if detector.process_streaming(feature):
                    fired.append(at + 160)
        return fired

    return _alone(fires, tuning)


def stop_detector(phrases: Phrases, tuning: bool) -> Figures:
    """Return the same figures for the ear's own network, which the recogniser does not check."""
    assert phrases.stop_network
    weights = StopWeights.load(phrases.stop_network)

    def fires(sound: Samples) -> list[int]:
        scores = StopNetwork(weights).accept(sound[: len(sound) // BLOCK * BLOCK])
        return [(int(hop) + 1) * BLOCK for hop in np.flatnonzero(scores >= LIKELY)]

    return _alone(fires, tuning)


def _alone(fires: Callable[[Samples], list[int]], tuning: bool) -> Figures:
    """Return what a detector that tells when it `fires` hears, and takes for "stop"."""
    figures: Figures = {}
    for noise, snr in SNRS.items():
        said = right = 0
        waits: list[float] = []
        for seed in range(1 if snr is None else _NOISES):
            scene = compose(material.words(tuning, "stop"), snr, seed)
            fired = np.array(fires(scene.sound))
            found = [fired[(fired > s.start) & (fired < s.end + SAMPLE_RATE)] for s in scene.said]
            said += len(found)
            right += sum(len(times) > 0 for times in found)
            waits += [
                (times[0] - one.end) / SAMPLE_RATE
                for one, times in zip(scene.said, found, strict=True)
                if len(times)
            ]
        figures[f"stop, {noise}"] = {
            "said": said,
            "right": right,
            "p50": round(float(np.percentile(waits, 50)), 3),
            "p95": round(float(np.percentile(waits, 95)), 3),
        }
    others = compose([c for c in material.words(tuning) if c.text != "stop"], None)
    fired = np.array(fires(others.sound))
    taken = sum(
        bool(((fired > s.start) & (fired < s.end + SAMPLE_RATE)).any()) for s in others.said
    )
    figures["single words"] = {"said": len(others.said), "taken": taken}
    for kind, sound in other_sounds(tuning).items():
        fired = np.array([0, *fires(sound)])
        count = int((np.diff(fired) > SAMPLE_RATE).sum())
        hours = len(sound) / SAMPLE_RATE / 3600
        figures[kind] = {"hours": round(hours, 3), "per hour": round(count / hours, 2)}
    return figures


def cost(model_path: Path) -> Figures:
    """Return processor time, memory and load time, measured in a process of its own."""
    gap = np.zeros(SAMPLE_RATE // 2, np.float32)
    clips: list[Clip] = material.read_speech(tuning=False)[:20]
    speech = np.concatenate([part for clip in clips for part in (clip.sound, gap)])
    noise = np.random.default_rng(1).standard_normal(20 * SAMPLE_RATE, np.float32)
    sounds = {
        "first": np.concatenate([noise, compose(material.words(False, "stop")[:3], None).sound]),
        "quiet room": 1e-3 * np.resize(noise, 60 * SAMPLE_RATE),
        "speech": speech,
        "speech in noise": speech + 0.02 * np.resize(material.noise_bed(), len(speech)),
    }
    with tempfile.TemporaryDirectory() as folder:
        recordings = Path(folder) / "sounds.npz"
        np.savez(recordings, **sounds)
        run = [sys.executable, "-m", cost_alone.__name__, str(model_path), str(recordings)]
        printed = subprocess.run(run, check=True, capture_output=True, text=True).stdout
        found: Figures = json.loads(printed)
        return found
