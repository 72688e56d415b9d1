"""“Why does it not hear me?”: the journal has a line for everything, and nothing of health."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.coach.stage import Stage, asked, today
from voice_coach.coach import Command, Cue, Event, Intent, Listen, SetVolume, State
from voice_coach.coach.pacing import VOLUME_STEP_DB
from voice_coach.coach.states import Mode
from voice_coach.hearing.commands.explanation import Explanation, Reason
from voice_coach.home.journal import Journal
from voice_coach.home.kept_file import VOLUME, KeptFile
from voice_coach.home.observer import Sounding
from voice_coach.home.timekeeping import MemoryStore
from voice_coach.home.volume import VolumeKeeper
from voice_coach.programme.ledger import Complaint
from voice_coach.speaking import Script

SCRIPT = Script.load()


def journal_of(*intents: Intent, sure: bool = True) -> list[str]:
    """Return what the journal has of somebody who answers so, and of everything that is said."""
    lines: list[str] = []
    journal = Journal(lines.append)
    day = replace(
        today(),
        screening=asked("recent_fracture", "foot_injury", "balance"),
        readiness=asked("well", "place"),
    )
    stage = Stage.set_up(day)
    deliver = stage.deliver

    def watched(event: Event) -> object:
        before = len(stage.spoken)
        actions = deliver(event)
        journal.event(event, stage.state)
        for action in actions:
            journal.action(action)
        for start, cue in stage.spoken[before:]:
            text = " ".join(SCRIPT.lines(cue.name, dict(cue.slots)))
            journal.sounding(Sounding(start, start, cue, text))
        return actions

    stage.deliver = watched  # type: ignore[method-assign, assignment]
    stage.say(Intent.START)
    for intent in intents:
        stage.wait(6)
        stage.say(intent, complaint=Complaint.CHEST_PAIN, sure=sure)
    stage.wait(30)
    return lines


def test_a_command_and_what_is_said_to_it_have_a_line_each() -> None:
    lines = journal_of()
    assert any("heard: start" in line for line in lines)
    assert any("says: something for them alone" in line for line in lines)
    assert any("says: “Any new pain" in line for line in journal_of(*[Intent.NO] * 3, Intent.YES))


@pytest.mark.parametrize(
    "answers",
    [
        (Intent.YES, Intent.NO, Intent.NO),
        (Intent.NO, Intent.NO, Intent.YES, Intent.YES, Intent.YES),
        (Intent.NO, Intent.NO, Intent.NO, Intent.YES, Intent.YES),
        (Intent.NO, Intent.COMPLAIN),
    ],
)
@pytest.mark.parametrize("sure", [True, False])
def test_no_answer_about_health_can_be_read_from_it(
    answers: tuple[Intent, ...], sure: bool
) -> None:
    lines = " ".join(journal_of(*answers, sure=sure)).casefold()
    for word in (
        "yes",
        "heard: no",
        "chest",
        "heal",
        "fractured",
        "therapist",
        "broken bone needs",
    ):
        assert word not in lines, word


def test_what_was_not_believed_is_told_with_its_reason() -> None:
    lines: list[str] = []
    journal = Journal(lines.append)
    journal.explain(Explanation(0, 16_000, 16_000, Reason.NO_SENTENCE, ()))
    assert lines == ["1.0 s  not believed: words: no sentence that is listened for now"]


def test_a_drop_that_was_heard_and_one_that_was_not() -> None:
    lines: list[str] = []
    journal = Journal(lines.append)
    stage = Stage.set_up(today())
    stage.say(Intent.START)
    stage.drop(2.0)
    stage.wait_for(State.LISTENING)
    stage.wait(5)
    for action in stage.actions:
        journal.action(action)
    assert any(line.endswith("drop 1 of set 1: heard at +2 dB") for line in lines)
    assert any(line.endswith("drop 2 of set 1: not heard") for line in lines)


def test_a_command_in_an_interview_is_still_told() -> None:
    lines: list[str] = []
    journal = Journal(lines.append)
    journal.action(Listen(0, Mode.ANSWERING))
    journal.event(Command(0, Intent.STOP), State.SUMMING_UP)
    assert "heard: stop" in lines[0]
    journal.sounding(Sounding(0, 1, Cue("block.recent_fracture"), "A broken bone needs time."))
    assert "bone" not in lines[1]


def test_i_made_it_louder_and_it_still_is_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "diary" / VOLUME
    store = KeptFile(file)
    keeper = VolumeKeeper(store, -3.0)
    assert keeper.steps == 0
    keeper.action(SetVolume(0, 2 * VOLUME_STEP_DB))
    store.settle()
    assert VolumeKeeper(KeptFile(file), -3.0).steps == 2
    assert VolumeKeeper(KeptFile(file), 0.0).steps == 0  # the settings are newer


@pytest.mark.parametrize("content", [b"", b"{", b'{"volume_db": 0, "steps": 99}', b"[1]"])
def test_a_spoilt_volume_is_the_one_of_the_settings(content: bytes) -> None:
    store = MemoryStore()
    store.save(content, wait=True)
    assert VolumeKeeper(store, 0.0).steps == 0
