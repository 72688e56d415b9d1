"""How much speech is left in what is contributed, and how many thumps are lost to the check.

    python -m research.heels.speech_left [--homes N] [--out docs]

Simulated kitchens in which somebody calibrates while readers whom no network of ours was trained on
are laid over their drops at several levels. The pieces that `voice_coach/home/contributing.py` cuts
are compared with where the people really spoke. Writes the end of ``contribute.md``, and
``contribute.json``.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from research import figures
from research.figures import Figures
from research.heels.card import share
from research.model import corpus
from research.places import DATA
from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples
from voice_coach.hearing.commands.model_store import choose
from voice_coach.hearing.commands.phone_network import PhoneWeights
from voice_coach.home.bundle import Kind
from voice_coach.home.contributing import LENGTH, ROOM, cut
from voice_coach.home.kept_sound import Circumstances, KeptSound
from voice_coach.samples import Samples
from voice_coach.simulation import FLOORS, FOOTWEAR, Kitchen, Noise
from voice_coach.sound.audio_files import read_recording
from voice_coach.speaking.tones import render, tones

FIRST_SEED = 700_000
LEVELS_DB = (66.0, 54.0, 42.0)
"""Of the louder half of the speech at the microphone, dB re 20 µPa: near, far, next door."""
NOISES = (None, "tap", "dishes")

LONGEST = to_samples(2.0)
"""Samples of what is said at a time."""
ACTIVE_DB = 20.0
"""Hops this much below the loudest one of what is said are silence, in dB."""
WORD = 5
"""Hops of speech in a piece that make it a spoken one: 0.1 s."""

CUES = (4.0, 8.0, 12.0)
GENTLE = 16.0
SECONDS = 19.0

Spoken = npt.NDArray[np.bool_]


def calibrated(
    kitchen: Kitchen,
    talk: Sequence[tuple[int, Samples, float]] = (),
    *,
    cues: Sequence[float] = CUES,
    gentle: float = GENTLE,
    seconds: float = SECONDS,
    absent: Sequence[float] = (),
    lands: float = 0.3,
) -> KeptSound:
    """Return what is kept of three good drops and a gentle one in `kitchen`.

    `talk` are position, speech and level; at the cues that are `absent` nobody lands.
    """
    own = np.zeros(to_samples(seconds), np.float32)
    tone = render(tones()["drop"])
    for second in (*cues, gentle):
        at = to_samples(second)
        own[at : at + len(tone)] += tone
        if second not in absent:
            kitchen.strike(at + to_samples(lands), 0.3 if second == gentle else 1.0)
    for at, speech, level_db in talk:
        kitchen.speak(at, speech, level_db)
    sound = np.concatenate([kitchen.microphone(block) for block in own.reshape(-1, BLOCK)])
    return KeptSound(sound, own, Circumstances(list(cues), [gentle], "slippers", "tiles"))


def active(speech: Samples) -> Spoken:
    """Return in which hops of `speech` there is any."""
    hops = speech[: len(speech) // BLOCK * BLOCK].reshape(-1, BLOCK)
    power = 10 * np.log10(np.square(hops, dtype=np.float64).mean(axis=1) + 1e-12)
    return np.asarray(power > power.max() - ACTIVE_DB)


def home(seed: int, people: Sequence[str], phones: PhoneWeights) -> list[dict[str, object]]:
    """Return what became of each prompted drop in one home."""
    rng = np.random.default_rng([seed, 5])
    noise = NOISES[seed % len(NOISES)]
    level_db = LEVELS_DB[seed // len(NOISES) % len(LEVELS_DB)]
    kitchen = Kitchen(
        floor=str(rng.choice(list(FLOORS))),
        footwear=str(rng.choice(list(FOOTWEAR))),
        distance_m=float(rng.uniform(1.0, 2.2)),
        noises=[Noise(noise)] if noise else [],
        seed=seed,
    )
    talk = []
    truth = np.zeros(to_samples(SECONDS) // BLOCK, bool)
    for second in (*CUES, GENTLE):
        if rng.random() < 0.5:
            continue
        speech = read_recording(Path(people[int(rng.integers(len(people)))]))
        first = int(rng.integers(max(1, len(speech) - LONGEST)))
        speech = speech[first : first + LONGEST]
        at = to_samples(second + rng.uniform(-1.5, 1.0))
        talk.append((at, speech, level_db))
        said = active(speech)
        hop = at // BLOCK
        truth[hop : hop + len(said)] |= said[: len(truth) - hop]
    kept = calibrated(kitchen, talk)
    found: list[dict[str, object]] = []
    prompted = [to_samples(second) for second in (*CUES, GENTLE)]
    cuts = [each for each in cut(kept, phones) if each.kind is not Kind.NOTHING]
    for cue, each in zip(prompted, cuts, strict=True):
        whole = slice((cue - ROOM) // BLOCK, (cue - ROOM + LENGTH) // BLOCK)
        begins = each.at // BLOCK
        left = truth[begins : begins + len(each.piece.sound) // BLOCK] if each.piece else truth[:0]
        found.append({
            "level_db": level_db, "noise": noise, "said": int(truth[whole].sum()),
            "left": int(left.sum()), "kept": each.piece is not None,
            "landed": each.piece is not None and each.piece.landed is not None,
        })  # fmt: skip
    return found


def tables(found: Sequence[dict[str, object]]) -> Figures:
    """Return the shares by level of the speech, and of what was lost by noise."""
    spoken: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
    quiet: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
    for one in found:
        if int(str(one["said"])) >= WORD:
            spoken[f"{one['level_db']:.0f} dB, {one['noise'] or 'quiet'}"].append(one)
        elif one["said"] == 0:
            quiet[str(one["noise"] or "quiet")].append(one)
    return {
        "spoken": {
            name: {
                "windows": len(those),
                "left_out": np.mean([not one["kept"] for one in those]),
                "with_speech": np.mean([int(str(one["left"])) >= WORD for one in those]),
                "seconds_left": sum(int(str(one["left"])) for one in those) * BLOCK / SAMPLE_RATE,
            }
            for name, those in sorted(spoken.items(), reverse=True)
        },
        "unspoken": {
            name: {
                "windows": len(those),
                "kept": np.mean([bool(one["kept"]) for one in those]),
            }
            for name, those in sorted(quiet.items())
        },
    }


def text(table: Figures) -> str:
    """Return the end of the page."""
    lines = [
        "", "Written by `python -m research.heels.speech_left`; do not edit below the mark. "
        "Simulated kitchens; readers whom no network of ours was trained on speak over half of the "
        "drops. A piece has speech in it when a tenth of a second or more is left. In brackets: "
        "95 % Wilson intervals.", "",
        "| level at the microphone, noise | drops spoken over | left out whole "
        "| contributed with speech in it | seconds of speech left in all |",
        "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for name, part in table["spoken"].items():
        cells = [share(part[key], part["windows"]) for key in ("left_out", "with_speech")]
        lines.append(
            f"| {name} | {part['windows']} | {' | '.join(cells)} | {part['seconds_left']:.1f} |"
        )
    lines += ["", "| nobody speaks; noise | drops | contributed |", "| --- | --- | --- |"]
    for name, part in table["unspoken"].items():
        lines.append(f"| {name} | {part['windows']} | {share(part['kept'], part['windows'])} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, and write the page's end."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--homes", type=int, default=108)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    phones = PhoneWeights.of_model(choose().path)
    assert phones is not None
    recordings = [*corpus.people(DATA, test=True), *corpus.more_people(DATA, test=True)]
    people = [one.path for one in recordings if one.kind == "read"]
    found = [
        one
        for index in tqdm(range(arguments.homes), unit="home")
        for one in home(FIRST_SEED + index, people, phones)
    ]
    table = tables(found)
    figures.write_page(arguments.out, "contribute", table, text(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
