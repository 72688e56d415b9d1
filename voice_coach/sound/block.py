"""What the loop works on at a time: 20 ms of what was heard and of what was played."""

from dataclasses import dataclass

from voice_coach.samples import Samples


@dataclass(frozen=True, slots=True)
class Block:
    """`BLOCK` samples from the microphone, and what the loudspeaker emitted meanwhile."""

    position: int
    """Stream position of the first sample."""
    microphone: Samples
    playback: Samples
    """What our own loudspeaker emitted at these same stream positions."""
