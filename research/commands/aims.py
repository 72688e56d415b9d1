"""What the command ear is meant to reach, and whether the measured figures do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from research.commands import sections
from research.figures import Figures


@dataclass(frozen=True, slots=True)
class Aim:
    """One figure: what it is, how it was measured to be, and the limit it must keep."""

    what: str
    value: float
    limit: float
    unit: str
    least: bool
    """Whether the limit is the least allowed, else the most."""

    @property
    def reached(self) -> bool:
        """Whether the measured value keeps the limit."""
        return self.value >= self.limit if self.least else self.value <= self.limit

    @property
    def cells(self) -> list[str]:
        """Return the aim as a row: what, limit, measured, whether it is reached."""
        sign = "≥" if self.least else "≤"
        aim = f"{sign} {self.limit:g} {self.unit}" if self.limit else "none"
        return [
            self.what,
            aim,
            f"{self.value:.3g} {self.unit}".strip(),
            "yes" if self.reached else "**no**",
        ]


def aims(ear: Figures, model: Figures) -> Iterator[Aim]:
    """Yield every aim: `ear` is what measure.py found, `model` what evaluate.py did."""
    people, untrained = ear["people"], ear["phrases"]["untrained"]
    for word in sections.PEOPLE_SAY:
        for noise, least in (("quiet", 98), ("10 dB", 95)):
            yield _share(f"people say “{word}”, {noise}", people[f"{word}, {noise}"], least)
    for noise, least in (("quiet", 99), ("10 dB", 96), (sections.ACROSS, 97)):
        said = f"the coach's phrases, synthetic voices of engines never trained on, {noise}"
        yield _share(said, untrained[noise], least)
    taken = ear["single words"]
    share = 100 * taken["taken"] / taken["said"]
    yield Aim("other single words taken for “stop”", share, 1, "%", least=False)
    near = ear["near misses"]
    alike = sum("> pause" not in which for which in near["which"])
    what = "near misses taken for a command, “paws” apart"
    yield Aim(what, 100 * alike / near["said"], 1, "%", least=False)
    heard = ear["false commands"]
    for mode, most in (("exercising", 1), ("asleep", 0.2)):
        rate = heard[f"{mode}, read speech"]["per hour"]
        yield Aim(f"commands heard in read speech, {mode}", rate, most, "per hour", least=False)
    complaints = sum(one["complaints"] for one in heard.values())
    yield Aim("complaints that nobody made", complaints, 0, "", least=False)
    for word, name, limit in (
        ("ten short words, closed set", "10 words", 92),
        ("phrases never trained, closed set", "untrained phrases", 95),
    ):
        percent = model[f"people, {name}, closed set without [unk]"]["percent"]
        yield Aim(f"people, {word}, recogniser alone", percent, limit, "%", least=True)
    asleep = [found for name, found in heard.items() if name.startswith("asleep")]
    starts = sum(one["starts"] for one in asleep)
    yield Aim("asleep, exercises begun that nobody asked for", starts, 0, "", least=False)
    cost = ear["cost"]
    busiest = max(value for name, value in cost.items() if name.endswith("per second"))
    yield Aim("processor time per second of sound", busiest, 12, "ms", least=False)
    yield Aim("memory of the process", cost["memory of the process, MB"], 80, "MB", least=False)
    yield Aim("time to load", cost["load, seconds"], 0.3, "s", least=False)


def _share(what: str, found: Figures, limit: float) -> Aim:
    percent = 100 * found["right"] / found["said"]
    return Aim(what, percent, limit, "%", least=True)
