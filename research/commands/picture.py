"""The accuracy card's picture: recall against noise, and false commands per hour."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
# The same figures give the same bytes, and texts stay texts.
mpl.rcParams["svg.hashsalt"] = "commands"
mpl.rcParams["svg.fonttype"] = "none"

import matplotlib.pyplot as plt  # noqa: E402

from research.figures import Figures  # noqa: E402


def draw(figures: Figures, path: Path) -> None:
    """Write the picture of `figures` to `path`, an SVG file."""
    both, (recall, false) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for group, by_noise in figures["noise"].items():
        shares = [100 * found["right"] / found["said"] for found in by_noise.values()]
        recall.plot(list(by_noise), shares, marker="o", label=group)
    recall.set(xlabel="voice above kitchen noise", ylabel="heard rightly, %", ylim=(0, 102))
    recall.grid(visible=True, alpha=0.3)
    recall.legend(loc="lower left")
    rows = {
        name.replace(", ", ",\n"): found["per hour"]
        for name, found in figures["false commands"].items()
        if name.split(", ")[0] in {"asleep", "exercising"}
    }
    false.barh(list(rows), list(rows.values()))
    false.invert_yaxis()
    false.set(xlabel="commands per hour heard where none was said")
    both.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(both)
