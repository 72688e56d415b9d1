"""The picture of the coach's states, docs/states.md, phase by phase."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from voice_coach.coach.events import DiaryLost, SoundLost
from voice_coach.coach.handlers import requests
from voice_coach.coach.listening import LISTENED_FOR
from voice_coach.coach.shared_rows import AFTER_CONSIDERING
from voice_coach.coach.states import MODES, Intent, Mode, State
from voice_coach.coach.table import TABLE
from voice_coach.coach.transitions import COLUMNS, Column

HEAD: Final = """\
# What the coach does in every state

Drawn from `voice_coach/coach/table.py` by `python -m tools.draw_states`; do not
edit by hand.

A session goes through four phases: asking, preparing, repeating, between sets; the lesson is a
phase of its own. Arrows are events that lead elsewhere. A “stop”, a complaint, a cry, “pause”, a
lost sound card and a lost diary lead out of almost every state; they are listed under
[everywhere](#everywhere) and not drawn, nor, in the first picture, that everything comes to rest,
and that what was read back goes on where it was said. *Considering* is no state: what somebody
wants to begin is refused, asked about or begun at once.
"""

REST: Final = "at rest"
READING_BACK: Final = "reading back"

PHASES: Final[Mapping[str, tuple[State, ...]]] = {
    REST: (State.ASLEEP, State.SUMMING_UP),
    "asking": (
        *(State.CHOOSING, State.SCREENING, State.READINESS, State.CONFIRMING),
        State.LETTING_IN,
        State.SWITCHING_OFF,
    ),
    "preparing": (
        State.BRIEFING,
        State.CALIBRATING,
        State.OFFERING,
        State.PREPARING,
        State.COUNTING_IN,
    ),
    "repeating": (
        State.RISING,
        State.HOLDING,
        State.LISTENING,
        State.PAUSING,
        State.CHECKING_IN,
    ),
    "between sets": (State.FEELING, State.RESTING, State.PAUSED),
    "learning": (State.TEACHING, State.PRACTISING),
    READING_BACK: (State.READING_BACK,),
}

PHASE_OF: Final = {state: phase for phase, states in PHASES.items() for state in states}

UNDRAWN: Final[tuple[Column, ...]] = (
    Intent.STOP,
    Intent.PAUSE,
    Intent.COMPLAIN,
    Intent.OUCH,
    Intent.TROUBLE,
    SoundLost,
    DiaryLost,
)

CONSIDERING: Final = "considering"
CONSIDERED: Final = frozenset(AFTER_CONSIDERING)

COMMON: Final = 8
"""What does the same in so many states is listed once, for all of them."""

IGNORED: Final = (requests.ignore, requests.plans_made)

LABEL: Final = 3
"""So many events are named on an arrow."""


def name(column: Column) -> str:
    """Return what the diagram calls an event."""
    if isinstance(column, Intent):
        return f"“{column.replace('_', ' ')}”"
    return re.sub(r"(?<!^)(?=[A-Z])", " ", column.__name__).lower()


def node(text: str) -> str:
    """Return the identifier of a state or phase in a diagram."""
    return text.replace(" ", "_")


def moves() -> Iterator[tuple[State, State | str, Column]]:
    """Yield every event that is drawn, with the state it leads from and one it leads to.

    Where a wish is considered, all that may follow from that is one place, `CONSIDERING`.
    """
    for state in State:
        for column in COLUMNS:
            if column not in UNDRAWN:
                targets = TABLE[state][column].targets - {state}
                if targets >= CONSIDERED - {state}:
                    yield state, CONSIDERING, column
                    targets -= CONSIDERED
                for target in State:
                    if target in targets:
                        yield state, target, column


def mermaid(lines: Iterable[str]) -> str:
    """Return a picture of `lines`."""
    return "\n".join(
        ["```mermaid", "stateDiagram-v2", *(f"    {line}" for line in lines), "```", ""]
    )


def overview() -> str:
    """Return the picture of the phases."""
    ways = dict.fromkeys(
        (PHASE_OF[state], PHASE_OF[target])
        for state in State
        for column in COLUMNS
        if column not in UNDRAWN
        for target in TABLE[state][column].targets
    )
    lines = [f"{node(phase)}: {phase}" for phase in PHASES]
    lines += [f"[*] --> {node(REST)}"]
    lines += [
        f"{node(source)} --> {node(target)}"
        for source, target in sorted(ways, key=lambda way: [*map(list(PHASES).index, way)])
        if target not in {source, REST} and source != READING_BACK
    ]
    return mermaid(lines)


def label(columns: Iterable[Column]) -> str:
    """Return the names of some events, and that there are more."""
    names = list(dict.fromkeys(map(name, columns)))
    return ", ".join(names[:LABEL]) + (", …" if len(names) > LABEL else "")


def phase_picture(phase: str) -> str:
    """Return the picture of one phase: its states, and where they lead."""

    def place(target: State | str) -> str:
        """Return `target`, or the phase that it is in, if that is another."""
        outside = isinstance(target, State) and PHASE_OF[target] != phase
        return f"to {PHASE_OF[State(target)]}" if outside else target

    arrows: dict[tuple[str, str], list[Column]] = defaultdict(list)
    for source, target, column in moves():
        if PHASE_OF[source] == phase:
            arrows[source, place(target)].append(column)
    considered: Iterable[str] = ()
    if any(target == CONSIDERING for _, target in arrows):
        considered = dict.fromkeys(place(state) for state in State if state in CONSIDERED)
    inside = PHASES[phase]
    ends = dict.fromkeys([*(target for _, target in arrows), *considered])
    lines = [f"{node(state)}: {state}" for state in inside]
    lines += [f"{node(end)}: {end.removeprefix('to ')}" for end in ends if end not in inside]
    lines += [
        f"{node(source)} --> {node(target)}: {label(columns)}"
        for (source, target), columns in arrows.items()
    ]
    lines += [f"{node(CONSIDERING)} --> {node(target)}" for target in considered]
    return mermaid(lines)


def doings() -> dict[tuple[str, str], dict[State, str]]:
    """Return for every event, and for what it does, where it does that, and what follows."""
    found: dict[tuple[str, str], dict[State, str]] = defaultdict(dict)
    for column in COLUMNS:
        for state in State:
            entry = TABLE[state][column]
            if entry.handler not in IGNORED:
                does = (entry.handler.__doc__ or "").splitlines()[0].rstrip(".")
                found[name(column), does][state] = follows(state, column)
    return found


def follows(state: State, column: Column) -> str:
    """Return in words where an event leads."""
    targets = TABLE[state][column].targets
    words = ["stays"] if state in targets else []
    others = targets - {state}
    if others >= CONSIDERED - {state}:
        others -= CONSIDERED
        words = [CONSIDERING]
    return ", ".join([*words, *(target for target in State if target in others)])


def everywhere() -> str:
    """Return what does the same in many states, as a table."""
    lines = ["| event | does | leads to | but not in |", "| --- | --- | --- | --- |"]
    for (event, does), states in doings().items():
        if len(states) >= COMMON:
            ends = ", or ".join(dict.fromkeys(states.values()))
            absent = ", ".join(state for state in State if state not in states)
            lines.append(f"| {event} | {does} | {ends} | {absent} |")
    return "\n".join([*lines, ""])


def phase_table(phase: str) -> str:
    """Return what only some states do, of one phase, as a table."""
    events: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for (event, does), ends in doings().items():
        if len(ends) < COMMON:
            by_end: dict[str, list[str]] = defaultdict(list)
            for state in PHASES[phase]:
                if state in ends:
                    by_end[ends[state]].append(state)
            for end, states in by_end.items():
                events[", ".join(states), does, end].append(event)
    lines = ["| state | event | does | leads to |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {states} | {', '.join(names)} | {does} | {end} |"
        for (states, does, end), names in events.items()
    ]
    return "\n".join([*lines, ""])


def modes() -> str:
    """Return what is listened for in which states, as a table."""
    lines = ["| mode | states | listened for |", "| --- | --- | --- |"]
    for mode in Mode:
        states = ", ".join(state for state in State if MODES[state] is mode)
        intents = ", ".join(intent.replace("_", " ") for intent in LISTENED_FOR[mode])
        lines.append(f"| `{mode}` | {states} | {intents} |")
    return "\n".join([*lines, ""])


def coach_pictures() -> Iterator[str]:
    """Yield the parts of the page that show the coach."""
    yield f"## The phases\n\n{overview()}"
    for phase in PHASES:
        yield f"## {phase.capitalize()}\n\n{phase_picture(phase)}\n{phase_table(phase)}"
    yield f"## Everywhere\n\n{everywhere()}"
    yield f"## What is listened for\n\n{modes()}"


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *coach_pictures()])
