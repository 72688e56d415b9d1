"""The accuracy card: text and picture from the measured figures."""

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt

from research.figures import Figures
from voice_coach.programme.rules import load_rules


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a share of `n`."""
    if n == 0:
        return 0.0, 1.0
    z = 1.96
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def share(value: float, n: int, digits: int = 1) -> str:
    """Return a share of `n` in per cent, with its interval."""
    low, high = wilson(value, n)
    return f"{100 * value:.{digits}f} % ({100 * low:.{digits}f}-{100 * high:.{digits}f})"


def _windows(table: Figures) -> str:
    return f"{table['windows']} ({table['drops']} / {table['empty']})"


def _latency(table: Figures) -> str:
    return f"{1000 * table['latency_p50']:.0f} / {1000 * table['latency_p95']:.0f} ms"


def _not_counted(table: Figures) -> str:
    return share(table["left_open_too"]["missed_good"], table["left_open_too"]["good"])


def _scores(row: Figures) -> str:
    missed, false = 100 * row["missed_good"], row["false_per_empty"]
    return f"{row['f1']:.2f}, {missed:.0f} %, {false:.2f}"


def _later(table: Figures) -> str:
    return f"{table['decided']} of {table['left_open']}, {table['right']} rightly"


def _soft(table: Figures, people: int) -> list[str]:
    """Return the section about soft landings, as lines."""
    told, later = table["told"], table["later"]
    lines = [
        "", "## Soft landings", "",
        f"{people} SIM users of their own, most of whose drops are soft: -14 to -5 dB by their "
        "speed, against their own good drops; where good ones are expected to stand out of the "
        "room by 20 dB, but for the last rows. As many REAL sessions in which half of the falls "
        "are made fainter by as much, which a soft landing is not quite. *Answered* is told as "
        "soft, or as good within 2 dB of where soft begins. Left open is what the ear abstains "
        "from, before the set or in the window.", "",
        "| | landings | answered | told as soft | left open | missed |",
        "| --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for name, part in table["parts"].items():
        cells = [share(part[key], part["windows"]) for key in ("answered", "told_soft")]
        cells += [share(part[key], part["windows"]) for key in ("left_open", "missed")]
        lines.append(f"| {name} | {part['windows']} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "False counts in the empty windows of these sessions that are told of: "
        f"{share(told['false_per_empty'], told['empty'], 2)}. Decided later, of those left open: "
        f"{_later(later)}.",
    ]
    return lines


def _whose(result: Figures) -> str:
    if result.get("bundles"):
        return "What households sent of their own heels stands in a section of its own. "
    return "**Nobody's real heels have been measured yet.** "


def heels(table: Figures) -> list[str]:
    """Return the section about the bundles that households sent, as lines."""
    lines = [
        "", "## Heels of households", "",
        "Pieces that households cut with `voice-coach contribute` and sent by hand. When somebody "
        "was asked to drop is known, not whether they did: what is not counted may not have been "
        "there. Each good drop is listened for by an ear that learnt from three others of the same "
        "bundle; the room between the pieces is repeated.", "",
        "| bundle | good drops | counted | left open | gentle drops | counted | told as soft | "
        "pieces of the room | counted |",
        "| --- |" + " --- |" * 8,
    ]  # fmt: skip
    for name, parts in table.items():
        cells = []
        for kind, keys in (
            ("good", ("counted", "left_open")),
            ("gentle", ("counted", "soft")),
            ("nothing", ("counted",)),
        ):
            part = parts[kind]
            cells.append(str(part["pieces"]))
            cells += [share(part[key], part["pieces"]) if part["pieces"] else "" for key in keys]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def text(result: Figures) -> str:
    """Return the card as Markdown."""
    lines = [
        "# How well the heels are heard",
        "",
        "Written by `python -m research.heels.measure`; do not edit. "
        "SIM is a simulation; REAL are recordings of a medicine ball falling on real floors, laid "
        "into recordings of real kitchens. "
        f"{_whose(result)}"
        f"Test sessions: {result['sessions']['SIM']} SIM users, {result['sessions']['REAL']} REAL; "
        "no user, source floor, kitchen source or clip of the test was used for fitting. "
        "In brackets: 95 % Wilson intervals. A window is 0.15 s before to 0.9 s after the cue; "
        "right means within 50 ms (mir_eval).",
        "",
        "The ear abstains twice: before a set, when it expects too little of the room, and in a "
        "window in which it hears something that may be the heels or not; then it leaves open "
        "what happened, and the coach says nothing of it. The figures are of the windows it tells "
        "of; the last three rows are of all windows, and of all that it listens to.",
        "",
        "| in windows that are told of | " + " | ".join(result["ours"]) + " |",
        "| --- |" + " --- |" * len(result["ours"]),
    ]
    rows = (
        ("windows (drops / empty)", _windows),
        ("F1", lambda t: f"{t['f1']:.3f}"),
        ("precision", lambda t: share(t["precision"], t["heard"])),
        ("recall, soft drops included", lambda t: share(t["recall"], t["drops"])),
        ("good drops missed", lambda t: share(t["missed_good"], t["good"])),
        ("false counts per empty window", lambda t: share(t["false_per_empty"], t["empty"], 2)),
        ("soft or good told right", lambda t: share(t["graded_right"], t["right"])),
        ("decision latency, median / 95 %", _latency),
    )
    for name, cell in rows:
        cells = [cell(table["listened"]) for table in result["ours"].values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    cells = [f"{100 * table['coverage']:.0f} %" for table in result["ours"].values()]
    lines.append("| coverage: windows told of | " + " | ".join(cells) + " |")
    for name, cell in (
        ("of all windows: listened to", lambda table: f"{100 * table['begun']:.0f} %"),
        ("F1, those left open taken for empty", lambda t: f"{t['left_open_too']['f1']:.3f}"),
        ("good drops not counted, left open or missed", _not_counted),
    ):
        cells = [cell(table) for table in result["ours"].values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    if "SIM" in result["ours"]:
        sim = result["ours"]["SIM"]
        lines += [
            "",
            f"In the quiet SIM kitchen it listens to {100 * sim['begun_quiet']:.0f} % of the "
            f"windows and tells of {100 * sim['coverage_quiet']:.1f} %.",
        ]
    if "soft" in result:
        lines += _soft(result["soft"], result["sessions"]["soft"])
    if result.get("bundles"):
        lines += heels(result["bundles"])
    own = result["own_sound"]
    free = ", ".join(f"{k} {v:.2f}" for k, v in result["free_running_false_per_minute"].items())
    lines += [
        "",
        f"CPU: {result['cpu_ms_per_s']:.1f} ms per second of sound. "
        f"False counts per minute without windows: {free}. "
        f"Own sound: {own['minutes']:.0f} minutes of the coach's words and {own['cues']:.0f} cues "
        f"fed back: {own['counted']:.0f} counted.",
    ]
    if "baselines" in result:
        lines += [
            *("", "## Onset detectors off the shelf", ""),
            f"The first {result['compared']} SIM sessions of the test and the first "
            f"{result['compared']} REAL ones, with the same windows for everybody; each detector "
            "tuned over its own grid of settings on as many development sessions, and again on "
            "the test itself. They have no way to abstain; ours is given both ways.",
            "",
        ]
        for evidence, both in result["baselines"].items():
            lines += [
                f"### {evidence}", "",
                "F1, good drops missed, false counts per empty window:", "",
                "| detector | tuned on development | tuned on the test itself | CPU ms/s |",
                "| --- | --- | --- | --- |",
            ]  # fmt: skip
            for name, row in both["ours"].items():
                lines.append(f"| **ours**, {name} | {_scores(row)} | | |")
            for name, row in sorted(both["others"].items()):
                cells = [_scores(row[key]) for key in ("tuned_on_dev", "tuned_on_test")]
                lines.append(f"| {name} | {cells[0]} | {cells[1]} | {row['cpu_ms_per_s']:.1f} |")
            lines.append("")
    lines += ["", "## By scene, floor, footwear and signal-to-noise ratio", ""]
    for evidence, table in result["ours"].items():
        lines += [
            f"### {evidence}", "",
            "| | windows | F1 | good drops missed | false per empty window | soft/good right |",
            "| --- | --- | --- | --- | --- | --- |",
        ]  # fmt: skip
        for name, part in table["parts"].items():
            missed = share(part["missed_good"], part["good"])
            false = share(part["false_per_empty"], part["empty"])
            graded = f"{100 * part['graded_right']:.0f} %"
            lines.append(
                f"| {name} | {part['windows']} | {part['f1']:.3f} | {missed} | {false} | {graded} |"
            )
        lines.append("")
    lines += [
        "## The simulator against recordings", "",
        "Medians, after a 90 Hz high-pass. The recordings were made in long, reverberant corridors "
        "and through floors; the simulator is a small kitchen, so it decays faster. The absolute "
        "sound levels of the simulator are assumptions.", "",
        "| | attack ms | to -10 dB ms | to -20 dB ms | median Hz | 60-250 Hz dB | 250-1k | 1-4k |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for name, row in result["physics"].items():
        lines.append(f"| {name} | " + " | ".join(f"{value:g}" for value in row.values()) + " |")
    return "\n".join(lines) + "\n"


def picture(outcomes: list[dict[str, Any]], path: Path) -> None:
    """Draw misses and false counts by expected SNR, levels of soft and good drops, latency."""
    figure, axes = plt.subplots(2, 2, figsize=(11, 7.5), constrained_layout=True)
    edges = np.arange(0, 45, 5)
    for evidence, colour in (("SIM", "C0"), ("REAL easy", "C2"), ("REAL busy", "C3")):
        mine = [o for o in outcomes if o["evidence"] == evidence]
        snr = np.array([o["snr_db"] for o in mine], float)
        good = np.array([o["effort"] is not None and o["effort"] >= 0.5 for o in mine], bool)
        empty = np.array([o["effort"] is None for o in mine], bool)
        right = np.array([o["right"] for o in mine], bool)
        heard = np.array([o["heard"] is not None for o in mine], bool)
        for axis, which, wrong in ((axes[0, 0], good, ~right), (axes[0, 1], empty, heard)):
            for low in edges:
                chosen: npt.NDArray[np.bool_] = which & (snr >= low) & (snr < low + 5)
                if np.sum(chosen) >= 10:
                    share = float(np.mean(wrong[chosen]))
                    a, b = wilson(share, int(np.sum(chosen)))
                    axis.plot([low + 2.5] * 2, [100 * a, 100 * b], color=colour, alpha=0.5)
                    axis.plot(low + 2.5, 100 * share, "o", color=colour)
            axis.plot([], [], "o", color=colour, label=evidence)
        late = [1000 * o["latency"] for o in mine if o["latency"] is not None]
        axes[1, 1].hist(late, np.arange(0, 200, 5), histtype="step", color=colour, density=True)
    axes[0, 0].set(title="good drops missed", ylabel="%", xlabel="expected SNR, dB")
    axes[0, 1].set(title="false counts in empty windows", ylabel="%", xlabel="expected SNR, dB")
    axes[0, 0].legend()
    for effort, colour, name in ((True, "C0", "good"), (False, "C1", "soft")):
        levels = [
            o["heard"]["level_db"]
            for o in outcomes
            if o["evidence"] == "SIM" and o["right"] and (o["effort"] >= 0.5) is effort
        ]
        axes[1, 0].hist(levels, np.arange(-30, 15, 1), histtype="step", color=colour, label=name)
    axes[1, 0].axvline(load_rules().firmness["moderate"].band.soft_below_db, color="k", lw=0.8)
    axes[1, 0].legend()
    axes[1, 0].set(title="SIM: level against the user's own drops", xlabel="dB")
    axes[1, 1].set(title="from impact to decision", xlabel="ms")
    axes[1, 1].axvline(100, color="k", lw=0.8)
    figure.savefig(path, dpi=90, metadata={"Software": None})
