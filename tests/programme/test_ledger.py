"""The words of the ledger are those that diaries already hold: none may ever change."""

from enum import StrEnum

import pytest

from voice_coach.programme.ledger import Answer, Complaint, EndReason, Feeling, Outcome


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Outcome, "heard soft hard not_heard unsure told"),
        (EndReason, "completed stopped interrupted"),
        (Answer, "yes no unsure silence"),
        (Feeling, "easy fine hard sore pain silence"),
        (
            Complaint,
            "sharp_pain back_pain chest_pain breathless dizzy fall pain soreness lost_balance "
            "unwell",
        ),
    ],
)
def test_what_was_written_can_be_read(kind: type[StrEnum], words: str) -> None:
    assert [word.value for word in kind] == words.split()
    assert [word.name.lower() for word in kind] == words.split()
