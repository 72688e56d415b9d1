"""The dialogue of a rehearsal: what was heard, in its order, and by whom."""

from typing import Any

from voice_coach.clock import to_samples
from voice_coach.rehearsal.dialogue import lines
from voice_coach.rehearsal.person import Landing, Saying


def cue(start: float, end: float, text: str, name: str = "cue", placed: float | None = None) -> Any:
    at = start if placed is None else placed
    return {"start": start, "end": end, "text": text, "cue": name, "placed": at}


def said(start: float, end: float, text: str) -> Saying:
    return Saying(to_samples(start), to_samples(end), text)


def test_what_follows_closely_is_one_paragraph_with_its_time() -> None:
    cues = [cue(61.0, 62.0, "Good."), cue(62.2, 64.0, "Rest for one minute.")]
    assert lines(cues, [], [], []) == ["  1:01  coach  Good. Rest for one minute."]


def test_one_speaks_after_the_other() -> None:
    cues = [cue(0.0, 2.0, "Any pain?"), cue(4.0, 5.0, "Good.")]
    assert lines(cues, [], [], [said(2.7, 3.0, "no")]) == [
        "  0:00  coach  Any pain?",
        "  0:02    you  no",
        "  0:04  coach  Good.",
    ]


def test_a_repetition_is_a_line_of_its_own_with_its_landing() -> None:
    cues = [
        cue(0.0, 0.5, "Rise.", "rise"),
        cue(3.0, 3.1, "", "tone.drop"),
        cue(3.6, 4.0, "One."),
        cue(4.5, 5.0, "Rise.", "rise"),
    ]
    landings = [Landing(to_samples(3.3), 1.0, 1)]
    assert lines(cues, [], landings, []) == [
        "  0:00  coach  Rise. ♪ [heels] One.",
        "  0:04  coach  Rise.",
    ]


def test_a_soft_landing_is_seen() -> None:
    assert "softly" in lines([], [], [Landing(to_samples(1.0), 0.3, 1)], [])[0]


def test_what_was_cut_off_ends_there_and_what_never_sounded_is_left_out() -> None:
    cues = [cue(0.0, 4.0, "Stand tall.", placed=0.0), cue(4.1, 6.0, "Never said.", placed=0.0)]
    hushed = {"kind": "Hush", "at": 2.0}
    after = cue(2.0, 3.0, "Stopped.", placed=2.0)
    assert lines([*cues, after], [hushed], [], [said(1.5, 1.9, "stop")]) == [
        "  0:00  coach  Stand tall –",
        "  0:01    you  stop",
        "  0:02  coach  Stopped.",
    ]


def test_long_paragraphs_are_wrapped_below_the_text() -> None:
    first, second = lines([cue(0.0, 9.0, "Please " * 20)], [], [], [])
    assert len(first) <= 92
    assert second.startswith(" " * len("  0:00  coach  Please"[: -len("Please")]))
