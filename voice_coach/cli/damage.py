"""Saying that not all of a diary can be read."""

import sys

from voice_coach.diary.diary import Diary


def tell_of_damage(diary: Diary) -> None:
    """Say on stderr which rows could not be read when `diary` was last read."""
    rows = diary.spoilt
    if not rows:
        return
    which = ", ".join(rows[:3]) + (" and more" if len(rows) > 3 else "")
    print(
        f"voice-coach: Of the diary, {len(rows)} {'entry' if len(rows) == 1 else 'entries'} cannot "
        f"be read ({which}); 'voice-coach repair' writes the rest down anew.",
        file=sys.stderr,
    )
