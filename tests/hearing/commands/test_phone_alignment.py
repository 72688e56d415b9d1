"""Claimed phones are laid over those that are heard, where they fit best."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.hearing.commands.phone_alignment import Floats, PhoneFit, lay_over

PHONES = 5
NOTHING = PHONES
_LIKELY, _UNLIKELY = np.log(0.95), np.log(0.01)


def heard(*phones: int, hops: int = 60, every: int = 4, first: int = 20) -> Floats:
    """Return what a network hears that is nearly certain of `phones`, one every few hops."""
    found = np.full((hops, PHONES + 1), _UNLIKELY, np.float32)
    at = [first + every * number for number in range(len(phones))]
    found[:, NOTHING] = _LIKELY
    found[at, NOTHING] = _UNLIKELY
    found[at, phones] = _LIKELY
    return found


def laid(sound: Floats, *words: list[list[int]], first: int = 20, last: int = 33) -> PhoneFit:
    fit = lay_over(sound, words, first, last)
    assert fit is not None
    return fit


def test_what_is_heard_costs_nothing() -> None:
    assert laid(heard(0, 1, 2, 3), [[0, 1, 2, 3]]) == PhoneFit(0, 0)


def test_another_phone_costs_as_much_as_it_is_less_likely() -> None:
    fit = laid(heard(0, 1, 2, 3), [[0, 1, 4, 3]])
    assert fit.worst == pytest.approx(_UNLIKELY - _LIKELY, abs=1e-5)
    assert fit.phones == pytest.approx((_UNLIKELY - _LIKELY) / 4, abs=1e-5)


def test_any_of_the_ways_to_say_a_word_will_do() -> None:
    assert laid(heard(0, 1, 2, 3), [[0, 4], [0, 1]], [[4, 3], [2, 3]]).phones == 0


def test_words_may_run_together_or_stand_apart() -> None:
    sound = np.concatenate([heard(0, 1, hops=26), heard(2, 3, hops=30, first=10)])
    assert laid(sound, [[0, 1]], [[2, 3]], last=42).phones == 0
    assert laid(heard(0, 1, 2, 3, every=1), [[0, 1]], [[2, 3]], last=24).phones == 0


@given(first=st.integers(16, 24), last=st.integers(30, 38))
def test_a_claim_may_be_some_hops_off(first: int, last: int) -> None:
    assert laid(heard(0, 1, 2, 3), [[0, 1, 2, 3]], first=first, last=last).phones == 0


def test_the_same_phone_twice_needs_something_between() -> None:
    assert laid(heard(0, 0), [[0, 0]], last=25).phones == 0
    assert laid(heard(0), [[0, 0]], last=25).phones < -1


def test_a_claim_of_more_phones_than_moments_cannot_be_laid() -> None:
    assert lay_over(heard(0, hops=6, first=2), [[[0, 1, 2, 3, 0, 1, 2, 3]]], 1, 5) is None


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, PHONES - 1), min_size=1, max_size=6))
def test_no_claim_fits_better_than_the_best_phones(seed: int, word: list[int]) -> None:
    odds = np.random.default_rng(seed).standard_normal((60, PHONES + 1)).astype(np.float32)
    fit = laid(odds, [word])
    assert fit.worst <= fit.phones <= 0
