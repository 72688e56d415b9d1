"""The script and the other rooms agree: what is cued has words, what is advised is understood."""

import ast
from pathlib import Path

import pytest

import voice_coach
from voice_coach.home.phrases import coach_phrases
from voice_coach.programme.questions import load_questions
from voice_coach.programme.replies import CUES
from voice_coach.programme.rules import load_rules
from voice_coach.speaking import Script, Voice

PACKAGE = Path(voice_coach.__file__).parent


def cues_named_in(folder: Path) -> set[str]:
    """Return the cues that the code below `folder` names outright."""
    named = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = ast.unparse(node.func)
                first = node.args[0]
                values = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                if called in {"Cue", "Cue.of"} or called.endswith("voice.clip"):
                    named |= {str(v.value) for v in values if isinstance(v, ast.Constant)}
    return named


def test_every_cue_that_is_named_has_words_or_is_a_tone(script: Script, voice: Voice) -> None:
    named = cues_named_in(PACKAGE)
    assert {"rise", "briefing", "tone.drop", "fault.microphone"} <= named
    for cue in named:
        if cue.startswith("tone."):
            assert len(voice.clip(cue).samples)
        else:
            assert cue in script.cues


def test_every_question_and_every_answer_has_words(script: Script) -> None:
    for question in load_questions():
        assert {question.cue, question.reply} <= set(script.cues)
    assert set(CUES) <= set(script.cues)


def test_every_refusal_and_every_mode_has_words(script: Script) -> None:
    modes = coach_phrases().modes
    cues = {f"refused.{reason}" for reason in load_rules().may_override}
    cues |= {f"help.{mode}" for mode in modes}
    # Asleep, nothing is said to what was not understood: it may be the radio.
    cues |= {f"not_understood.{mode}" for mode in modes if mode != "asleep"}
    assert cues <= set(script.cues)


@pytest.mark.parametrize(
    ("command", "advised", "intent"),
    [
        ("stop", "stop", "stop"),
        ("pause", "pause", "pause"),
        ("pace", "slower", "slower"),
        ("left", "how many are left", "how_many_left"),
        ("volume", "louder", "louder"),
    ],
)
def test_what_is_taught_is_understood(
    command: str, advised: str, intent: str, script: Script
) -> None:
    assert advised in " ".join(script.lines("teach", {"command": command})).lower()
    match = coach_phrases().match(advised, "exercising")
    assert match is not None
    assert match.intent == intent


@pytest.mark.parametrize(
    ("cue", "mode", "advised", "intent"),
    [
        ("hello", "asleep", "start the session", "start"),
        ("hello", "asleep", "teach me", "teach_me"),
        ("help.asleep", "asleep", "start the session", "start"),
        ("help.asleep", "asleep", "what is today's plan", "todays_plan"),
        ("help.asleep", "asleep", "teach me", "teach_me"),
        ("help.asleep", "asleep", "how am i doing", "how_am_i_doing"),
        ("help.asleep", "asleep", "louder", "louder"),
        ("help.asleep", "asleep", "quieter", "quieter"),
        ("help.exercising", "exercising", "stop", "stop"),
        ("help.exercising", "exercising", "pause", "pause"),
        ("help.exercising", "exercising", "repeat", "repeat"),
        ("help.exercising", "exercising", "slower", "slower"),
        ("help.exercising", "exercising", "faster", "faster"),
        ("help.exercising", "exercising", "how many are left", "how_many_left"),
        ("help.resting", "resting", "skip the rest", "skip_rest"),
        ("help.paused", "paused", "carry on", "resume"),
        ("paused", "paused", "carry on", "resume"),
        ("check_in.paused", "paused", "carry on", "resume"),
        ("check_in", "checking_in", "yes", "yes"),
        ("check_in", "checking_in", "stop", "stop"),
        ("calibration.offer", "checking_in", "yes", "yes"),
        ("calibration.offer", "checking_in", "no", "no"),
        ("calibration.offer", "checking_in", "calibrate", "calibrate"),
        ("help.confirming", "confirming", "no", "no"),
        ("confirm_instead", "confirming", "yes", "yes"),
        ("confirm_anyway", "confirming", "start anyway", "start_anyway"),
        ("confirm_anyway", "confirming", "no", "no"),
        ("help.answering", "answering", "i don't know", "not_sure"),
        ("help.answering", "answering", "no", "no"),
        ("screening.find_out", "asleep", "change my answers", "change_answers"),
        ("noise.too_loud", "exercising", "yes", "yes"),
        ("calibration.counting", "exercising", "yes", "yes"),
        ("summary.try", "asleep", "calibrate", "calibrate"),
        ("screening.what_to_do", "asleep", "change my answers", "change_answers"),
        ("feel.first", "feeling", "easy", "felt_easy"),
        ("feel.first", "feeling", "fine", "felt_fine"),
        ("feel.first", "feeling", "hard", "felt_hard"),
        ("feel.first", "feeling", "sore", "felt_sore"),
        ("feel.first", "feeling", "painful", "felt_pain"),
        ("lesson.intro", "learning", "pause", "pause"),
        ("help.learning", "learning", "carry on", "resume"),
        ("lesson.try", "learning", "yes", "yes"),
        ("lesson.done", "asleep", "start the session", "start"),
        ("hold.place", "asleep", "start the session", "start"),
        ("unanswered", "asleep", "start the session", "start"),
        ("reminder.first", "asleep", "start the session", "start"),
        ("lesson.later", "asleep", "teach me", "teach_me"),
        ("not_today.well", "asleep", "i have pain", "complain"),
        ("not_today.well", "asleep", "i feel dizzy", "complain"),
        ("not_today.well", "asleep", "i fell", "complain"),
    ],
)
def test_what_is_advised_is_understood(
    cue: str, mode: str, advised: str, intent: str, script: Script
) -> None:
    slots = {slot: values[-1] for slot, values in script.slots(cue).items()}
    assert advised in " ".join(script.lines(cue, slots)).lower()
    match = coach_phrases().match(advised, mode)
    assert match is not None
    assert match.intent == intent
