"""What people say in their own words, each where they would say it."""

import pytest

from voice_coach.hearing.commands import Match
from voice_coach.home.phrases import coach_phrases

ENGLISH = coach_phrases()

WISHED = {
    ("feeling", "felt_fine"): "okay; all right; very good; well; great; very well; it went well",
    ("feeling", "felt_hard"): "tiring; a bit tiring; it was very tiring",
    ("feeling", "tired"): "i'm tired; my legs are tired",
    ("feeling", "skip_rest"): "ready; next; skip",
    ("feeling", "resume"): "continue; carry on",
    ("resting", "resume"): "continue; carry on",
    ("resting", "skip_rest"): "ready; next; skip; i'm ready now; next one please; skip it",
    ("paused", "yes"): "yes; right; yes please",
    ("paused", "go_ahead"): "okay; i'm ready; all right",
    ("paused", "resume"): "i'm back; i am back; i'm back again",
    ("paused", "keep_going"): "don't stop",
    ("answering", "no"): "never; no no; well no; oh no; no never; no i don't think so",
    ("answering", "probably_not"): "not that i know; not that i know of; i don't think so",
    ("answering", "yes"): "right; that's correct; that's right; correct",
    ("answering", "take_back"): "i made a mistake; sorry i made a mistake; that was a mistake",
    ("answering", "t_score"): "what is a t score; what's a t-score; what does t score mean",
    ("confirming", "probably_not"): "i don't think so",
    ("confirming", "no"): "that's wrong; that's not right",
    ("checking_in", "probably_not"): "i don't think so",
    ("checking_in", "keep_going"): "don't stop",
    ("exercising", "stop"): "enough; quit; finish; i can't do any more; let's stop",
    ("exercising", "pause"): "wait; wait wait; wait wait wait; hold on a minute; can we pause",
    ("exercising", "slower"): "too fast for me; that's too fast for me",
    ("exercising", "tired"): "my legs are tired; i'm getting tired",
    ("exercising", "keep_going"): "don't stop; do not stop; i don't want to stop",
    ("asleep", "hello"): "start; begin; hello; hello there; wake up; are you there",
    ("asleep", "start"): "can we start; i would like to start; i'd like to start; could we begin",
}
"""By mode and intent, sentences that are wished for."""

STOPS = (
    "okay stop; oh stop; no stop; well stop; stop stop; stop stop stop; stop it now please; "
    "please stop; stop now please; stop please stop; um stop; i want to stop"
)

COMPLAINTS = {
    "i lost my balance": "lost_balance",
    "i'm losing my balance": "lost_balance",
    "i nearly fell": "lost_balance",
    "oh my back": "back_pain",
    "oh my knee": "pain",
}


@pytest.mark.parametrize(
    ("mode", "intent", "said"),
    [(*key, said) for key, texts in WISHED.items() for said in texts.split("; ")],
)
def test_it_means_what_is_meant(mode: str, intent: str, said: str) -> None:
    match = ENGLISH.match(said, mode)
    assert match is not None
    assert match.intent == intent


@pytest.mark.parametrize("mode", ENGLISH.modes)
@pytest.mark.parametrize("said", STOPS.split("; "))
def test_a_stop_with_fillers_is_a_stop_in_every_mode(said: str, mode: str) -> None:
    match = ENGLISH.match(said, mode)
    assert match == Match("stop")
    assert match.cost == "lenient"
    assert not ENGLISH.may_continue(said, mode)


@pytest.mark.parametrize("mode", ENGLISH.modes)
@pytest.mark.parametrize("said", ["don't stop", "do not stop", "i don't want to stop"])
def test_a_stop_that_is_denied_is_none_in_any_mode(said: str, mode: str) -> None:
    match = ENGLISH.match(said, mode)
    assert match is None or match.intent == "keep_going"
    if match is None and said != "i don't want to stop":
        assert said in ENGLISH.decoys(mode)


@pytest.mark.parametrize("mode", ENGLISH.modes)
@pytest.mark.parametrize(("said", "complaint"), COMPLAINTS.items())
def test_a_complaint_is_one_in_every_mode(said: str, complaint: str, mode: str) -> None:
    assert ENGLISH.match(said, mode) == Match("complain", {"complaint": complaint})


@pytest.mark.parametrize("mode", ENGLISH.modes)
@pytest.mark.parametrize(
    ("said", "wrongly"),
    [("my legs are tired", "complain"), ("are you there", "settled"), ("i am back", "stop")],
)
def test_what_was_once_taken_for_something_else_is_known_or_no_command(
    said: str, wrongly: str, mode: str
) -> None:
    match = ENGLISH.match(said, mode)
    assert match is None or match.intent != wrongly
