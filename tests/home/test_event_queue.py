"""The coach is told what happens in the order of stream time."""

from hypothesis import given
from hypothesis import strategies as st

from voice_coach.coach import Event, NotUnderstood, Spoken, TimeReached
from voice_coach.home.event_queue import EventQueue

positions = st.integers(0, 1000)
events = st.builds(NotUnderstood, positions) | st.builds(Spoken, positions, st.integers(1, 9))


def told(queue: EventQueue, position: int) -> list[Event]:
    return list(iter(lambda: queue.next_due(position, None), None))


@given(st.lists(events), positions)
def test_all_that_has_happened_is_told_in_order_and_nothing_else(
    expected: list[Event], position: int
) -> None:
    queue = EventQueue()
    for event in expected:
        queue.expect(event)
    # Sorting is stable: what came first of one moment is told first.
    ordered = sorted(expected, key=lambda event: event.at)
    assert told(queue, position) == [event for event in ordered if event.at <= position]
    assert told(queue, 1000) == [event for event in ordered if event.at > position]


@given(st.lists(events))
def test_what_is_forgotten_is_not_told(expected: list[Event]) -> None:
    queue = EventQueue()
    for event in expected:
        queue.expect(event)
    queue.forget(Spoken)
    assert not any(isinstance(event, Spoken) for event in told(queue, 1000))


def test_a_deadline_comes_after_the_events_of_its_moment_and_before_later_ones() -> None:
    queue = EventQueue()
    for at in (4, 5, 6):
        queue.expect(NotUnderstood(at))
    assert queue.next_due(4, 5) == NotUnderstood(4)
    assert queue.next_due(4, 5) is None
    assert queue.next_due(9, 5) == NotUnderstood(5)
    assert queue.next_due(9, 5) == TimeReached(5)
    assert queue.next_due(9, 5) == TimeReached(5)
    assert queue.next_due(9, None) == NotUnderstood(6)
    assert queue.next_due(9, None) is None
