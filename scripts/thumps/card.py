"""The accuracy card: text and picture from the measured figures."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a share of `n`."""
    if n == 0:
        return 0.0, 1.0
    z = 1.96
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def _share(value: float, n: int, digits: int = 1) -> str:
    low, high = wilson(value, n)
    return f"{100 * value:.{digits}f} % ({100 * low:.{digits}f}-{100 * high:.{digits}f})"


def text(result: dict) -> str:
    """Return the card as Markdown."""
    lines = [
        "# How well the heels are heard",
        "",
        "Written by `python scripts/thumps/measure.py`; do not edit. "
        "SIM is a simulation; REAL are recordings of a medicine ball falling on real floors, laid "
        "into recordings of real kitchens. **Nobody's real heels have been measured yet.** "
        f"Test sessions: {result['sessions']['SIM']} SIM users, {result['sessions']['REAL']} REAL; "
        "no user, source floor, kitchen source or clip of the test was used for fitting. "
        "In brackets: 95 % Wilson intervals. A window is 0.15 s before to 0.9 s after the cue; "
        "right means within 50 ms (mir_eval).",
        "",
        "| in windows that are listened to | " + " | ".join(result["ours"]) + " |",
        "| --- |" + " --- |" * len(result["ours"]),
    ]
    rows = [
        ("windows (drops / empty)", lambda t: f"{t['listened']['windows']} ({t['listened']['drops']} / {t['listened']['empty']})"),
        ("F1", lambda t: f"{t['listened']['f1']:.3f}"),
        ("precision", lambda t: _share(t["listened"]["precision"], t["listened"]["heard"])),
        ("recall, soft drops included", lambda t: _share(t["listened"]["recall"], t["listened"]["drops"])),
        ("good drops missed", lambda t: _share(t["listened"]["missed_good"], t["listened"]["good"])),
        ("false counts per empty window", lambda t: _share(t["listened"]["false_per_empty"], t["listened"]["empty"], 2)),
        ("soft or good told right, of those heard", lambda t: _share(t["listened"]["graded_right"], t["listened"]["right"])),
        ("decision latency, median / 95 %", lambda t: f"{1000 * t['listened']['latency_p50']:.0f} / {1000 * t['listened']['latency_p95']:.0f} ms"),
        ("coverage: windows listened to", lambda t: f"{100 * t['coverage']:.0f} %"),
    ]  # fmt: skip
    for name, cell in rows:
        lines.append(f"| {name} | " + " | ".join(cell(t) for t in result["ours"].values()) + " |")
    if "SIM" in result["ours"]:
        lines.append("")
        lines.append(
            f"Coverage in the quiet SIM kitchen: {100 * result['ours']['SIM']['coverage_quiet']:.0f} %."
        )
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
        lines += ["", "## The same windows with onset detectors off the shelf", ""]
        for evidence, methods in result["baselines"].items():
            lines += [
                f"### {evidence}", "",
                "| detector | tuned on development: F1, missed, false per empty window | tuned on the test itself | CPU ms/s |",
                "| --- | --- | --- | --- |",
            ]  # fmt: skip
            for name, row in sorted(methods.items()):
                cells = [
                    f"{row[k]['f1']:.2f}, {100 * row[k]['missed_good']:.0f} %, {row[k]['false_per_empty']:.2f}"
                    for k in ("tuned_on_dev", "tuned_on_test")
                ]
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
            lines.append(
                f"| {name} | {part['windows']} | {part['f1']:.3f} | {_share(part['missed_good'], part['good'])} "
                f"| {_share(part['false_per_empty'], part['empty'])} | {100 * part['graded_right']:.0f} % |"
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


def picture(outcomes: list[dict], result: dict, path: Path) -> None:
    """Draw misses and false counts by expected SNR, levels of soft and good drops, latency."""
    figure, axes = plt.subplots(2, 2, figsize=(11, 7.5), constrained_layout=True)
    edges = np.arange(0, 45, 5)
    for evidence, colour in (("SIM", "C0"), ("REAL easy", "C2"), ("REAL busy", "C3")):
        mine = [o for o in outcomes if o["evidence"] == evidence]
        snr = np.array([o["snr_db"] for o in mine])
        good = np.array([o["effort"] is not None and o["effort"] >= 0.5 for o in mine])
        empty = np.array([o["effort"] is None for o in mine])
        right = np.array([o["right"] for o in mine])
        heard = np.array([o["heard"] is not None for o in mine])
        for axis, which, wrong in ((axes[0, 0], good, ~right), (axes[0, 1], empty, heard)):
            for low in edges:
                chosen = which & (snr >= low) & (snr < low + 5) if mine else []
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
    axes[1, 0].axvline(-6, color="k", lw=0.8)
    axes[1, 0].legend()
    axes[1, 0].set(title="SIM: level against the user's own drops", xlabel="dB")
    axes[1, 1].set(title="from impact to decision", xlabel="ms")
    axes[1, 1].axvline(100, color="k", lw=0.8)
    figure.savefig(path, dpi=90)
