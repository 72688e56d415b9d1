"""What the coach has yet to be told, in the order of stream time."""

import heapq

from voice_coach.coach import Event, TimeReached


class EventQueue:
    """Events that have happened, or will; those of one moment keep the order they came in."""

    def __init__(self) -> None:
        self._events: list[tuple[int, int, Event]] = []
        self._came = 0

    def expect(self, event: Event) -> None:
        """Take in an event that is known now, and to be told when the stream reaches it."""
        self._came += 1
        heapq.heappush(self._events, (event.at, self._came, event))

    def forget(self, kind: type[Event]) -> None:
        """Expect no event of this `kind` any more."""
        self._events = [item for item in self._events if not isinstance(item[2], kind)]
        heapq.heapify(self._events)

    def next_due(self, position: int, deadline: int | None) -> Event | None:
        """Return, once, what is to be told next now that the stream has reached `position`.

        A `deadline` that has passed comes as TimeReached, after the events of the same moment, and
        again until the coach has another one.
        """
        due = self._events[0][0] if self._events else None
        if deadline is not None and deadline <= position and (due is None or deadline < due):
            return TimeReached(deadline)
        if due is None or due > position:
            return None
        return heapq.heappop(self._events)[2]
