"""What was heard doubtfully has no consequences before it is read back; a stop comes first."""

from dataclasses import replace

import pytest

from tests.coach.stage import PEOPLE, Stage, asked, reach, today
from voice_coach.coach import CloseWindow, Hush, Intent, SoundLost, State
from voice_coach.programme.ledger import (
    Answer,
    Answered,
    Complained,
    Complaint,
    EndReason,
    Entry,
    Feeling,
    PainSettled,
    ScreeningFinished,
    SessionEnded,
    SessionStarted,
    SetFelt,
)
from voice_coach.programme.planner import Refusal

IN_A_SESSION = [
    *(State.BRIEFING, State.CALIBRATING, State.OFFERING, State.PREPARING, State.COUNTING_IN),
    *(State.RISING, State.HOLDING, State.LISTENING, State.PAUSING, State.FEELING),
    *(State.RESTING, State.PAUSED, State.CHECKING_IN),
]
ASKED = [State.CONFIRMING, State.CHOOSING, State.SCREENING, State.READINESS, State.TEACHING]


def told(stage: Stage) -> list[Entry]:
    """Return what stands in the diary of how somebody is."""
    return [entry for entry in stage.entries if isinstance(entry, Complained | PainSettled)]


def doubtfully(
    stage: Stage, intent: Intent = Intent.COMPLAIN, complaint: Complaint | None = None
) -> None:
    """Say `intent` so that it is hardly understood, and wait until it has been read back."""
    before = [*stage.entries]
    actions = stage.say(intent, complaint=complaint, sure=False)
    assert isinstance(actions[0], Hush)
    assert stage.is_in(State.READING_BACK)
    assert all(not isinstance(entry, Complained) for entry in stage.entries[len(before) :])
    stage.wait(3)
    assert stage.said()[-1] == "read_back"


class TestAComplaintInASession:
    @pytest.mark.parametrize("state", IN_A_SESSION)
    def test_ends_the_exercise_before_anything_is_asked(self, state: State) -> None:
        stage = reach(state)
        actions = stage.say(Intent.COMPLAIN, complaint=Complaint.BACK_PAIN, sure=False)
        assert isinstance(actions[0], Hush)
        assert any(isinstance(action, CloseWindow) for action in actions)
        assert stage.window is None
        stage.wait(8)
        assert stage.said()[-1] == "read_back"
        assert dict(sorted(stage.spoken)[-1][1].slots) == {"what": "back_pain"}

    @pytest.mark.parametrize("state", IN_A_SESSION)
    def test_stands_when_it_is_confirmed(self, state: State) -> None:
        stage = reach(state)
        doubtfully(stage, complaint=Complaint.BACK_PAIN)
        stage.say(Intent.YES)
        assert told(stage) == [Complained(stage.now, Complaint.BACK_PAIN)]
        assert stage.entries[-1] == SessionEnded(stage.now, EndReason.STOPPED)
        assert stage.said()[-2:] == ["complaint.ended", "complaint.back_pain"]

    @pytest.mark.parametrize("state", IN_A_SESSION)
    def test_stands_when_nobody_answers(self, state: State) -> None:
        stage = reach(state)
        doubtfully(stage, complaint=Complaint.FALL)
        stage.wait_for(State.ASLEEP)
        assert stage.said().count("read_back") == 2
        assert [entry.complaint for entry in told(stage) if isinstance(entry, Complained)] == [
            Complaint.FALL
        ]
        assert not stage.coach.in_session
        assert stage.said()[-1] == "answer.fell"

    @pytest.mark.parametrize("no", [Intent.NO, Intent.PROBABLY_NOT])
    @pytest.mark.parametrize("state", IN_A_SESSION)
    def test_holds_the_session_when_it_is_denied(self, state: State, no: Intent) -> None:
        stage = reach(state)
        doubtfully(stage)
        stage.say(no)
        assert stage.is_in(State.PAUSED)
        assert stage.said()[-2:] == ["read_back.misheard", "paused"]
        assert told(stage) == []
        assert stage.coach.in_session
        stage.say(Intent.RESUME)
        assert stage.state is not State.PAUSED
        assert stage.coach.in_session

    def test_that_is_denied_costs_no_repetition(self) -> None:
        stage = reach(State.RISING)
        doubtfully(stage)
        stage.say(Intent.NO)
        stage.say(Intent.RESUME)
        for _ in range(8):
            stage.drop()
        stage.answer(Intent.FELT_FINE)
        assert stage.entries[-1] == SessionEnded(stage.now, EndReason.COMPLETED)

    @pytest.mark.parametrize("said", [Intent.STOP, Intent.COMPLAIN])
    def test_stands_when_it_is_stopped_or_said_again(self, said: Intent) -> None:
        stage = reach(State.RISING)
        doubtfully(stage, complaint=Complaint.CHEST_PAIN)
        stage.say(said, complaint=Complaint.CHEST_PAIN)
        assert told(stage) == [Complained(stage.now, Complaint.CHEST_PAIN)]
        assert stage.said()[-1] == "answer.chest_pain"

    def test_stands_beside_another_that_is_certain(self) -> None:
        stage = reach(State.RISING)
        doubtfully(stage, complaint=Complaint.CHEST_PAIN)
        stage.say(Intent.COMPLAIN, complaint=Complaint.DIZZY)
        assert told(stage) == [
            Complained(stage.now, Complaint.CHEST_PAIN),
            Complained(stage.now, Complaint.DIZZY),
        ]

    def test_is_asked_about_again_when_something_doubtful_is_said(self) -> None:
        stage = reach(State.RISING)
        doubtfully(stage, complaint=Complaint.CHEST_PAIN)
        stage.say(Intent.COMPLAIN, complaint=Complaint.DIZZY, sure=False)
        assert stage.is_in(State.READING_BACK)
        stage.say(Intent.NO)
        assert told(stage) == []

    def test_stands_beside_a_cry_for_help(self) -> None:
        stage = reach(State.RISING)
        doubtfully(stage, complaint=Complaint.FALL)
        stage.say(Intent.TROUBLE)
        assert told(stage) == [Complained(stage.now, Complaint.FALL)]
        assert stage.said()[-1] == "not_well"

    def test_stands_when_nobody_can_be_heard_any_more(self) -> None:
        stage = reach(State.RISING)
        doubtfully(stage, complaint=Complaint.FALL)
        stage.deliver(SoundLost(stage.now))
        assert told(stage) == [Complained(stage.now, Complaint.FALL)]
        assert not stage.coach.in_session

    def test_is_not_confirmed_by_somebody_who_is_fine(self) -> None:
        stage = reach(State.RISING)
        doubtfully(stage)
        stage.say(Intent.GO_AHEAD)
        assert stage.is_in(State.READING_BACK)
        assert told(stage) == []

    def test_that_is_a_doubtful_cry_is_read_back_as_pain(self) -> None:
        stage = reach(State.LISTENING)
        doubtfully(stage, Intent.OUCH)
        stage.say(Intent.YES)
        assert told(stage) == [Complained(stage.now, Complaint.PAIN)]

    def test_that_is_certain_is_not_asked_about(self) -> None:
        stage = reach(State.RISING)
        stage.say(Intent.COMPLAIN, complaint=Complaint.FALL)
        assert stage.is_in(State.SUMMING_UP)


class TestAComplaintOutsideASession:
    @pytest.mark.parametrize("state", [State.ASLEEP, State.SUMMING_UP])
    def test_at_rest_is_forgotten_when_it_is_denied(self, state: State) -> None:
        stage = reach(state)
        doubtfully(stage)
        stage.say(Intent.NO)
        assert stage.said()[-1] == "read_back.misheard"
        stage.wait_for(State.ASLEEP)
        assert told(stage) == []

    @pytest.mark.parametrize("state", [State.ASLEEP, *ASKED, State.PRACTISING])
    def test_stands_when_it_is_confirmed(self, state: State) -> None:
        stage = reach(state)
        doubtfully(stage, complaint=Complaint.DIZZY)
        stage.say(Intent.YES)
        assert told(stage) == [Complained(stage.now, Complaint.DIZZY)]
        assert stage.said()[-1] == "answer.dizzy"
        assert stage.state is State.SUMMING_UP

    @pytest.mark.parametrize("state", ASKED)
    def test_leads_back_to_what_was_asked_when_it_is_denied(self, state: State) -> None:
        stage = reach(state)
        stage.wait(6)
        question = stage.said()[-1]
        doubtfully(stage)
        stage.say(Intent.NO)
        assert stage.is_in(state)
        said = stage.said()
        assert "read_back.misheard" in said
        assert said[-1] == question
        assert told(stage) == []

    def test_does_not_count_as_an_answer_to_what_was_asked(self) -> None:
        stage = reach(State.READINESS)
        stage.wait(6)
        doubtfully(stage)
        stage.answer(Intent.NO, Intent.NO, Intent.YES)
        assert isinstance(stage.entries[-1], SessionStarted)

    def test_breaks_off_a_drop_of_the_lesson_which_is_guided_again(self) -> None:
        stage = reach(State.PRACTISING)
        stage.wait(2.5)
        doubtfully(stage)
        stage.say(Intent.NO)
        stage.wait_for(State.SUMMING_UP)
        assert stage.said().count("tone.drop") == 3

    def test_breaks_off_a_calibration_which_begins_again(self) -> None:
        stage = Stage.set_up(calibrated=False)
        stage.say(Intent.CALIBRATE)
        stage.wait(3)
        doubtfully(stage)
        stage.say(Intent.NO)
        assert stage.is_in(State.CALIBRATING)
        stage.wait_for(State.ASLEEP)
        assert stage.said().count("tone.drop") == 4


class TestHowASetFelt:
    @pytest.mark.parametrize(
        ("said", "feeling"),
        [(Intent.FELT_SORE, Feeling.SORE), (Intent.FELT_PAIN, Feeling.PAIN)],
    )
    @pytest.mark.parametrize("answer", [Intent.YES, None])
    def test_is_entered_when_it_is_confirmed_or_nobody_answers(
        self, said: Intent, feeling: Feeling, answer: Intent | None
    ) -> None:
        stage = reach(State.FEELING)
        doubtfully(stage, said)
        if answer:
            stage.say(answer)
        else:
            stage.wait(26)
        assert [e.feeling for e in stage.entries if isinstance(e, SetFelt)] == [feeling]
        assert stage.coach.in_session == (feeling is Feeling.SORE)

    def test_is_asked_again_when_it_is_denied(self) -> None:
        stage = reach(State.FEELING)
        doubtfully(stage, Intent.FELT_SORE)
        stage.say(Intent.NO)
        assert stage.is_in(State.FEELING)
        assert stage.said()[-1] == "feel"
        stage.answer(Intent.FELT_FINE)
        assert [e.feeling for e in stage.entries if isinstance(e, SetFelt)] == [Feeling.FINE]

    def test_is_entered_before_a_stop(self) -> None:
        stage = reach(State.FEELING)
        doubtfully(stage, Intent.FELT_SORE)
        stage.say(Intent.STOP)
        assert [e.feeling for e in stage.entries if isinstance(e, SetFelt)] == [Feeling.SORE]
        assert not stage.coach.in_session

    @pytest.mark.parametrize("said", [Intent.FELT_EASY, Intent.FELT_FINE, Intent.FELT_HARD])
    def test_that_it_was_well_needs_no_certainty(self, said: Intent) -> None:
        stage = reach(State.FEELING)
        stage.say(said, sure=False)
        assert stage.is_in(State.RESTING)


class TestThatSomethingHasSettled:
    @pytest.mark.parametrize("answer", [Intent.NO, Intent.STOP, None])
    def test_is_not_entered_unless_it_is_confirmed(self, answer: Intent | None) -> None:
        stage = reach(State.ASLEEP)
        doubtfully(stage, Intent.SETTLED)
        if answer:
            stage.say(answer)
        stage.wait_for(State.ASLEEP)
        assert told(stage) == []

    def test_is_entered_when_it_is_confirmed(self) -> None:
        stage = reach(State.ASLEEP)
        doubtfully(stage, Intent.SETTLED)
        stage.say(Intent.YES)
        assert told(stage) == [PainSettled(stage.now)]

    @pytest.mark.parametrize("said", [Intent.YES, Intent.SETTLED])
    def test_is_read_back_as_an_answer_too(self, said: Intent) -> None:
        day = replace(
            today(beginner=Refusal("refused.pain", {"level": "beginner"}, False, None)),
            readiness=asked("pain_settled"),
        )
        stage = Stage.set_up(day)
        stage.say(Intent.START)
        stage.wait(6)
        doubtfully(stage, said)
        stage.wait_for(State.SUMMING_UP)
        assert told(stage) == []
        assert stage.said()[-1] == "unanswered"

    def test_is_not_read_back_where_something_else_was_asked(self) -> None:
        stage = Stage.set_up(replace(today(), readiness=asked("well")))
        stage.say(Intent.START)
        stage.wait(6)
        stage.say(Intent.SETTLED, sure=False)
        assert stage.is_in(State.READINESS)


class TestAnAnswer:
    def test_that_would_block_is_read_back(self) -> None:
        day = replace(today(), screening=asked("recent_fracture", "foot_injury"))
        stage = Stage.set_up(day)
        stage.say(Intent.START)
        stage.wait(6)
        doubtfully(stage, Intent.YES)
        stage.say(Intent.NO)
        assert stage.said()[-1] == "ask.recent_fracture"
        assert not any(isinstance(entry, Answered) for entry in stage.entries)
        stage.answer(Intent.NO)
        stage.wait(6)
        doubtfully(stage, Intent.YES)
        stage.wait_for(State.SUMMING_UP)
        answers = [e.answer for e in stage.entries if isinstance(e, Answered)]
        assert answers == [Answer.NO, Answer.YES]
        assert any(isinstance(entry, ScreeningFinished) for entry in stage.entries)
        assert "block.foot_injury" in stage.said()

    def test_that_opens_a_complaint_is_read_back(self) -> None:
        stage = reach(State.READINESS)
        stage.wait(6)
        doubtfully(stage, Intent.YES)
        stage.say(Intent.YES)
        assert told(stage) == [Complained(stage.now, Complaint.UNWELL)]

    def test_that_is_safe_is_not(self) -> None:
        stage = reach(State.READINESS)
        stage.wait(6)
        stage.say(Intent.NO, sure=False)
        assert stage.said()[-1] == "ask.place"


def test_a_choice_is_still_open_after_a_complaint_that_was_none() -> None:
    stage = reach(State.CHOOSING)
    stage.wait(6)
    doubtfully(stage)
    stage.say(Intent.NO)
    stage.wait(6)
    stage.say(Intent.NAME, person=PEOPLE[1])
    assert "briefing" in stage.said()
