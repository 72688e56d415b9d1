"""The accuracy card: the figures in words and tables."""

from __future__ import annotations

from collections.abc import Iterable

from research.commands import aims, sections
from research.figures import Figures

MARK = "<!-- What follows is written by research/commands/measure.py. -->"

_KINDS = ("read speech", "letters, numbers", "keywords", "other words", "kitchen")


def written(figures: Figures, model: Figures) -> str:
    """Return the measured half of docs/commands.md; `model` is what evaluate.py found."""
    parts = [
        MARK,
        "## How well it hears",
        f"Recogniser model `{figures['model']}`. Synthetic voices and people apart; none of them "
        "is known to the recogniser, and the ear's own thresholds were set on others. Noise is "
        "running water, a fan, frying and washing-up, at the level given relative to the voice. "
        f"*{sections.ACROSS}*: quiet, but from that far away in a simulated kitchen, where what "
        "arrives is mostly reverberation. The engines of the `pico` and `piper` voices were not "
        "used in training at all. "
        "Good figures on synthetic voices promise little for people."
        + (" (A quick run: a small part of everything.)" if figures["quick"] else ""),
        "![Recall against noise, and false commands per hour](commands.svg)",
        *_aims(figures, model),
        *_phrases(figures["phrases"]),
        *_people(figures),
        *_false_commands(figures),
        *_own_voice(figures["own voice"]),
        *_talking_over(figures),
        *_others(figures),
        *_cost(figures["cost"]),
    ]
    return "\n\n".join(parts) + "\n"


def _aims(figures: Figures, model: Figures) -> Iterable[str]:
    yield "### What it is meant to reach"
    yield _table(
        ["", "aim", "measured", "reached"], [one.cells for one in aims.aims(figures, model)]
    )


def _phrases(figures: Figures) -> Iterable[str]:
    yield "### The coach's phrases, synthetic voices"
    rows = []
    for kind, name in (("all", "all"), ("untrained", "engines never trained on")):
        cells = (_recall(figures[kind][n]) for n in sections.SURROUNDINGS)
        rows.append([f"**{name}**", *cells])
    for kind in ("voice", "intent"):
        for name in sorted({name.rsplit(", ", 1)[0] for name in figures[kind]}):
            cells = (_recall(figures[kind][f"{name}, {n}"]) for n in sections.SURROUNDINGS)
            rows.append([f"`{name}`", *cells])
    yield _table(["voice or intent", *sections.SURROUNDINGS], rows)
    rows = [
        [noise, _milliseconds(times["p50"]), _milliseconds(times["p95"])]
        for noise, times in figures["latency"].items()
    ]
    yield "From the end of the sound to the decision:"
    yield _table(["", "median", "95th percentile"], rows)


def _people(figures: Figures) -> Iterable[str]:
    yield "### People"
    yield "Single words from Speech Commands and AN4, heard in the mode where they count."
    rows = [
        [name, _recall(found), _milliseconds(found["p50"]), _milliseconds(found["p95"])]
        for name, found in figures["people"].items()
    ]
    alone = {"detector alone": figures["stop detector"], "microWakeWord": figures["microwakeword"]}
    rows += [
        [
            f"{which}, {name}",
            _recall(found),
            *(_milliseconds(found[p]) for p in ("p50", "p95")),
        ]
        for which, heard in alone.items()
        for name, found in heard.items()
        if name.startswith("stop")
    ]
    yield _table(["said", "heard", "median", "95th percentile"], rows)
    yield (
        "Phrases that are not the product's, each file by itself: the ten words of Speech "
        'Commands, and 45 phrases of which people say three ("jarvis", "smart mirror", '
        '"view glass") that the recogniser was never taught.'
    )
    rows = [
        [name, _recall(found), _milliseconds(found["p50"]), _milliseconds(found["p95"])]
        for name, found in figures["other phrases"].items()
    ]
    yield _table(["said", "heard", "median", "95th percentile"], rows)
    ours = figures["single words"]
    others = ", ".join(
        f"{which}: {heard['single words']['taken']} of {heard['single words']['said']}"
        for which, heard in alone.items()
    )
    yield (f'Other single words taken for "stop": {ours["taken"]} of {ours["said"]} ({others}).')


def _false_commands(figures: Figures) -> Iterable[str]:
    yield "### Commands heard where none was said, per hour"
    yield (
        "Read speech, letters and numbers, calls to other devices, single words (not those we "
        "listen for) and kitchen sounds; in brackets, of them starts and stops."
    )
    found = figures["false commands"]
    modes = dict.fromkeys(name.split(", ")[0] for name in found)
    hours = [f"{kind} ({found[f'asleep, {kind}']['hours'] * 60:.0f} min)" for kind in _KINDS]
    rows = [
        [f"`{mode}`", *(_per_hour(found[f"{mode}, {kind}"]) for kind in _KINDS)] for mode in modes
    ]
    for which, key in (("detector alone", "stop detector"), ("microWakeWord", "microwakeword")):
        rates = (f"{figures[key][kind]['per hour']:.0f}" for kind in _KINDS)
        rows.append([f'{which}, "stop"', *rates])
    yield _table(["mode", *hours], rows)
    amid = figures["amid reading"]
    said = "; ".join(
        f"{name}: {_recall(row)} heard, {len(row['made up'])} made up of what was read"
        for name, row in amid.items()
    )
    yield (
        "Commands of an exercise, by people and synthetic voices, each half a second or so after a "
        f"sentence that somebody reads aloud: {said}."
    )
    near = figures["near misses"]
    taken = ", ".join(f'"{which}"' for which in near["which"]) or "none"
    yield (
        f'Near misses and half sentences in synthetic voices ("start immediately", "star '
        f'advance", numbers, ...): {near["taken"]} of {near["said"]} taken for a command: {taken}.'
    )


def _own_voice(figures: Figures) -> Iterable[str]:
    yield "### While the coach speaks"
    yield (
        "The coach's own lines come back into the microphone in three simulated rooms "
        "(reverberation 0.2, 0.4 and 0.7 s), at the given level relative to somebody talking. "
        "*Invented*: commands heard though nobody spoke. Then somebody says commands over it. "
        "*10 dB*: all the while kitchen noise sounds, so much below somebody talking."
    )
    rows = [
        [
            level,
            f"{found['invented']} in {found['minutes']} min",
            f"{found['accepted']} of {found['said over it']}",
            str(found["missed"]),
            str(found["wrong"]),
        ]
        for level, found in figures.items()
    ]
    yield _table(["our voice", "invented", "accepted", "missed", "taken for another"], rows)


def _talking_over(figures: Figures) -> Iterable[str]:
    stops, answers = figures.get("stop over us"), figures.get("answers")
    if stops is None or answers is None:
        return
    yield '"Stop" alone, by people and voices, while the coach says what belongs to an exercise:'
    rows = [
        [what.removeprefix("cue "), f"{found['heard']} of {found['said']}",
         f"{found['p95, ms']} ms" if found.get("p95, ms") is not None else "-"]
        for what, found in stops.items()
    ]  # fmt: skip
    yield _table(["our voice, or the cue", "heard", "end of the word to silence, p95"], rows)
    yield (
        "Answers that begin about when a prompt ends, our voice as loud as theirs, in quiet; "
        "seconds from the prompt's end to the answer's beginning:"
    )
    words = list(dict.fromkeys(what.split(", ")[0] for what in answers))
    offsets = list(dict.fromkeys(what.split(", ")[1] for what in answers))
    rows = [
        [word, *(f"{one['heard']} of {one['said']}"
                 for offset in offsets for one in [answers[f"{word}, {offset}"]])]
        for word in words
    ]  # fmt: skip
    yield _table(["answer", *offsets], rows)


def _others(figures: Figures) -> Iterable[str]:
    yield "### Beside other recognisers"
    yield (
        "The commands of an exercise and people's single words. PocketSphinx 5 hears each thing "
        "said cut out for it, with exactly the sentences of the mode as its grammar, and has no "
        'way of rejecting. microWakeWord knows "stop" alone.'
    )
    sphinx, micro = figures["pocketsphinx"], figures["microwakeword"]
    models: Figures = figures["other models"]
    ours = {**figures["people"], **{k: figures[k] for k in ("single words", "near misses")}}
    ours |= {f"phrases, {n}": sections.synthetic(figures["noise"], n) for n in ("quiet", "10 dB")}
    columns = {"this ear": ours, "PocketSphinx": sphinx, "microWakeWord": micro} | (
        {f"ear with {name}": found for name, found in models.items()}
        or {"ear with the stock Vosk model": None}
    )
    heard = {f"{what}, {noise}": f"{what}, {noise}" for what in ("phrases", "stop", "yes", "no")
             for noise in ("quiet", "10 dB")}  # fmt: skip
    rows = {
        **heard,
        "single words": 'other single words taken for "stop"',
        "near misses": "near misses taken for a command",
    }
    yield _table(
        ["", *columns],
        [
            [text, *(_cell(found, name) for found in columns.values())]
            for name, text in rows.items()
        ],
    )


def _cell(found: Figures | None, name: str) -> str:
    if found is None:
        return "not installed"
    if name not in found:
        return "-"
    one = found[name]
    return f"{one['taken']} of {one['said']}" if "taken" in one else _recall(one)


def _cost(figures: Figures) -> Iterable[str]:
    yield "### What it costs"
    yield _table(
        ["", "one core of the machine that measured"], [[k, str(v)] for k, v in figures.items()]
    )


def _recall(found: Figures) -> str:
    percent = 100 * found["right"] / found["said"]
    wrong = f", {found['wrong']} wrong" if found.get("wrong") else ""
    return f"{percent:.1f} % of {found['said']}{wrong}"


def _per_hour(found: Figures) -> str:
    special = f" ({found['starts']}/{found['stops']})" if found["commands"] else ""
    return f"{found['per hour']:.1f}{special}"


def _milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{1000 * seconds:.0f} ms"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
