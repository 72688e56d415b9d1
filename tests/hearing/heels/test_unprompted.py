"""Thumps that nobody was asked for make the ear listen less readily, for a while."""

from voice_coach.clock import to_samples
from voice_coach.hearing.heels.unprompted import MEMORY, Unprompted


def test_a_silent_room_costs_nothing() -> None:
    unprompted = Unprompted()
    assert unprompted.penalty_db(to_samples(60)) == 0.0


def test_unlikely_sounds_cost_next_to_nothing() -> None:
    unprompted = Unprompted()
    for second in range(10):
        unprompted.add(to_samples(second), -9.0)
    assert unprompted.penalty_db(to_samples(10)) < 0.2


def test_likely_thumps_cost_until_they_are_forgotten() -> None:
    unprompted = Unprompted()
    for second in (1, 2, 3):
        unprompted.add(to_samples(second), 4.0)
    assert unprompted.penalty_db(to_samples(4)) > 12
    assert unprompted.penalty_db(to_samples(3) + MEMORY) == 0.0


def test_a_late_drop_just_after_its_window_is_not_held_against_the_room() -> None:
    unprompted = Unprompted()
    unprompted.window_ended(to_samples(5))
    unprompted.add(to_samples(5.1), 4.0)
    assert unprompted.rate(to_samples(8)) == 0.0
