"""What Linux knows of the disk or card that a folder is on: errors, and wear."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WORN: Final = 90.0
"""Percent of its life after which a card is to be replaced."""


@dataclass(frozen=True, slots=True)
class CardState:
    """Errors of the file system, and how worn the card is, in percent, where it tells that."""

    errors: int = 0
    worn: float | None = None


def card_state(folder: Path, root: Path = Path("/")) -> CardState:
    """Return what is known of what `folder` is on; `root` holds the machine's files."""
    number = folder.stat().st_dev
    device = root / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    errors, worn = 0, None
    with suppress(OSError):
        device = device.resolve()
    with suppress(OSError, ValueError):
        errors = int((root / f"sys/fs/ext4/{device.name}/errors_count").read_text())
    for holder in (device, device.parent):  # a partition, or the whole card
        with suppress(OSError, ValueError):
            # Two values, each from 1 for 0-10 % to 11 for beyond its life; SD cards have none.
            steps = (holder / "device/life_time").read_text().split()
            worn = max(10.0 * (int(step, 16) - 1) for step in steps)
            break
    return CardState(errors, worn)
