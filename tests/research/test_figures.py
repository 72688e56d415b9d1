"""What was measured: written so that a change of one figure changes one line."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research import figures
from research.places import ROOT

FILES = ("docs/commands.json", "docs/thumps.json", "models/figures.json")

values = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), values, max_size=4))
def test_what_is_written_is_what_was_measured_in_its_order(measured: figures.Figures) -> None:
    read = json.loads(figures.in_lines(measured))
    assert read == measured
    assert list(read) == list(measured)


def test_a_figure_takes_one_line() -> None:
    measured = {"people": {"stop": {"said": 12, "right": 11}, "yes": {"said": 3, "right": 3}}}
    changed = {"people": {"stop": {"said": 12, "right": 12}, "yes": {"said": 3, "right": 3}}}
    lines = [figures.in_lines(one).splitlines() for one in (measured, changed)]
    assert sum(a != b for a, b in zip(*lines, strict=True)) == 1
    assert '  "yes": {"said": 3, "right": 3}' in lines[0]


def test_a_long_list_beside_figures_takes_a_line_for_each_item() -> None:
    text = figures.in_lines({"phrases": {"all": {"said": 2}, "wrong": ["a > b", "c > d"]}})
    assert '\n   "a > b",\n   "c > d"\n' in text


def test_nothing_is_written_more_exactly_than_it_was_measured(tmp_path: Path) -> None:
    figures.write(tmp_path / "figures.json", {"share": 2 / 3, "of": [1 / 3, 123_456_789]})
    assert figures.read(tmp_path / "figures.json") == {
        "share": 0.666667,
        "of": [0.333333, 123_456_789],
    }


@pytest.mark.parametrize("name", FILES)
def test_the_figures_kept_here_are_written_so(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == figures.in_lines(figures.read(ROOT / name))
