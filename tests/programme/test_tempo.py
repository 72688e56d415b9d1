import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.programme.rules import load_rules
from voice_coach.programme.tempo import Tempo

phases = st.floats(0.5, 30).map(lambda seconds: round(seconds, 1))
tempos = st.builds(Tempo, phases, phases, phases)


def test_a_tempo_is_written_as_therapists_write_it() -> None:
    tempo = Tempo.parse("2-1-x-2.5")
    assert (tempo.rise, tempo.hold, tempo.pause) == (2.0, 1.0, 2.5)
    assert tempo.seconds == 5.5


@given(tempos)
def test_what_is_written_reads_back(tempo: Tempo) -> None:
    assert Tempo.parse(str(tempo)) == tempo


@pytest.mark.parametrize(
    "text",
    ["", "2-1-2", "2-1-y-2", "2-1-x", "a-1-x-2", "-2-1-x-2", "0-1-x-2", "2-1-x-0", "2-1-x-31"],
)
def test_anything_else_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match="tempo"):
        Tempo.parse(text)


def test_slower_lengthens_every_phase_and_faster_shortens_it() -> None:
    pace = load_rules().pace
    tempo = Tempo.parse("2-1.5-x-3")
    slower, faster = pace.slower(tempo), pace.faster(tempo)
    for phase in ("rise", "hold", "pause"):
        assert getattr(faster, phase) < getattr(tempo, phase) < getattr(slower, phase)


@given(tempos)
def test_faster_ends_at_a_tempo_that_is_safe_for_balance(tempo: Tempo) -> None:
    pace = load_rules().pace
    for _ in range(40):
        tempo = pace.faster(tempo)
        assert tempo.rise >= min(pace.fastest.rise, 0.5)
    assert tempo == pace.faster(tempo)
    assert tempo.rise <= pace.fastest.rise
    assert tempo.pause <= pace.fastest.pause


@given(tempos, st.booleans())
def test_a_step_never_goes_the_other_way(tempo: Tempo, slower: bool) -> None:
    pace = load_rules().pace
    after = pace.slower(tempo) if slower else pace.faster(tempo)
    for phase in ("rise", "hold", "pause"):
        before, now = getattr(tempo, phase), getattr(after, phase)
        assert now >= before if slower else now <= before
        limit = getattr(pace.slowest if slower else pace.fastest, phase)
        assert now <= max(before, limit) if slower else now >= min(before, limit)
