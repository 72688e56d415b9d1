"""The table of the command ear's life: what can be noticed when, and where it leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.hearing.commands.listening_states import (
    AWAITING,
    PAUSE_KNOWN,
    TABLE,
    Noticed,
    State,
    after,
)

OPEN = [State.LISTENING, State.LOOKED_INTO, State.AWAITING_STOP, State.AWAITING_STOP_IN_PAUSE]
"""States in which there is an utterance that grows."""


def pass_through(*noticed: Noticed) -> State:
    """Return the state after a quiet ear has noticed one thing after the other."""
    state = State.QUIET
    for one in noticed:
        state = after(state, one)
    return state


def reachable(start: State) -> set[State]:
    found, new = {start}, [start]
    while new:
        following = {entry.to for entry in TABLE[new.pop()].values()}
        new += following - found
        found |= following
    return found


OPENED = (Noticed.VOICE, Noticed.VOICE)


def test_every_state_has_a_row() -> None:
    assert set(TABLE) == set(State)


@pytest.mark.parametrize("state", State)
def test_every_state_leads_to_every_other(state: State) -> None:
    assert reachable(state) == set(State)


@pytest.mark.parametrize("state", State)
def test_the_next_hop_is_heard_in_every_state(state: State) -> None:
    assert {Noticed.VOICE, Noticed.NO_VOICE} <= set(TABLE[state])


@pytest.mark.parametrize("state", State)
def test_every_entry_says_why(state: State) -> None:
    assert all(entry.reason for entry in TABLE[state].values())


def test_a_click_opens_nothing() -> None:
    assert pass_through(Noticed.VOICE, Noticed.NO_VOICE) is State.QUIET
    assert pass_through(Noticed.VOICE, Noticed.NO_VOICE, Noticed.VOICE) is State.OPENING
    assert pass_through(*OPENED) is State.LISTENING


@pytest.mark.parametrize("state", OPEN)
def test_whatever_is_heard_may_end(state: State) -> None:
    assert after(state, Noticed.COMMAND) is State.QUIET
    assert after(state, Noticed.END) is State.QUIET
    assert after(state, Noticed.CUT_OFF) is State.CUT


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("why", [Noticed.PAUSE, Noticed.LIKELY_STOP])
def test_a_pause_is_looked_into_once_and_the_next_one_again(state: State, why: Noticed) -> None:
    looked_into = after(state, why)
    assert looked_into in PAUSE_KNOWN
    assert after(looked_into, Noticed.NO_VOICE) in PAUSE_KNOWN
    assert after(looked_into, Noticed.VOICE) not in PAUSE_KNOWN


@pytest.mark.parametrize("state", OPEN)
def test_urgent_words_do_not_count_as_a_pause(state: State) -> None:
    assert (after(state, Noticed.URGENT) in PAUSE_KNOWN) == (state in PAUSE_KNOWN)


@pytest.mark.parametrize("state", [State.LISTENING, State.LOOKED_INTO])
def test_the_network_is_awaited_until_it_has_decided_or_there_is_news(state: State) -> None:
    awaiting = after(state, Noticed.UNDECIDED)
    assert awaiting in AWAITING
    for hop in (Noticed.VOICE, Noticed.NO_VOICE):
        assert after(awaiting, hop) in AWAITING
    for news in (Noticed.DECIDED, Noticed.URGENT, Noticed.PAUSE, Noticed.LIKELY_STOP):
        assert after(awaiting, news) not in AWAITING
    assert after(awaiting, Noticed.DECIDED) is state


@pytest.mark.parametrize("state", sorted(set(State) - AWAITING))
def test_where_nothing_is_awaited_nothing_is_decided(state: State) -> None:
    with pytest.raises(ValueError, match=state):
        after(state, Noticed.DECIDED)


@given(st.lists(st.sampled_from(Noticed)))
def test_what_cannot_be_noticed_is_refused(noticed: list[Noticed]) -> None:
    state = State.QUIET
    for one in noticed:
        if one in TABLE[state]:
            state = after(state, one)
        else:
            with pytest.raises(ValueError, match="cannot be noticed"):
                after(state, one)
