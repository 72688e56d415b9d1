"""What is asked before anything starts: only the safe answer to every question goes on."""

from dataclasses import replace

import pytest

from tests.coach.stage import Stage, asked, plan, reach, today
from voice_coach.coach import Intent, NotUnderstood, PlansMade, SoundBack, SoundLost, State
from voice_coach.programme.briefing import Briefing
from voice_coach.programme.ledger import (
    Answer,
    Answered,
    Complained,
    Complaint,
    DayAnswered,
    PainSettled,
    ScreeningFinished,
    SessionStarted,
)
from voice_coach.programme.planner import Line, Refusal

SCREENING = asked("recent_fracture", "foot_injury", "balance")
READINESS = asked("well", "place")
SAFE = [Intent.NO] * 3


@pytest.fixture
def newcomer() -> Stage:
    """Somebody who has never been asked says "start"."""
    stage = Stage.set_up(replace(today(), screening=SCREENING, readiness=READINESS))
    stage.say(Intent.START)
    return stage


@pytest.fixture
def regular() -> Stage:
    """Somebody who has been screened says "start"."""
    stage = Stage.set_up(replace(today(), readiness=READINESS))
    stage.say(Intent.START)
    return stage


def answers(stage: Stage) -> dict[str, Answer]:
    return {e.question: e.answer for e in stage.entries if isinstance(e, Answered)}


def started(stage: Stage) -> bool:
    return any(isinstance(entry, SessionStarted) for entry in stage.entries)


def test_a_newcomer_is_screened_then_asked_whether_all_is_well_then_briefed(
    newcomer: Stage,
) -> None:
    newcomer.answer(*SAFE, Intent.YES)
    assert any(isinstance(entry, ScreeningFinished) for entry in newcomer.entries)
    assert newcomer.is_in(State.READINESS)
    assert not started(newcomer)
    newcomer.answer(Intent.NO, Intent.YES)
    assert newcomer.state is State.BRIEFING
    assert started(newcomer)


@pytest.mark.parametrize(
    ("answer", "next_step"),
    [(Intent.YES, "screening.what_to_do"), (Intent.NOT_SURE, "screening.find_out")],
)
def test_anything_but_the_safe_answer_blocks_at_once_and_says_why_and_what_to_do(
    newcomer: Stage, answer: Intent, next_step: str
) -> None:
    newcomer.answer(answer)
    assert newcomer.state is State.SUMMING_UP
    assert newcomer.said()[-3:] == ["screening.blocked", "block.recent_fracture", next_step]
    assert isinstance(newcomer.entries[-1], ScreeningFinished)
    newcomer.wait_for(State.ASLEEP)
    assert not started(newcomer)


class TestAQuestionThatOpensOthers:
    QUESTIONS = asked("broken_bone", "recent_fracture", "spine_fracture", "foot_injury")

    @pytest.fixture
    def stage(self) -> Stage:
        stage = Stage.set_up(replace(today(), screening=self.QUESTIONS))
        stage.say(Intent.START)
        return stage

    def test_spares_who_answers_it_safely_the_others(self, stage: Stage) -> None:
        stage.answer(Intent.NO, Intent.NO, Intent.YES)
        assert answers(stage) == {"broken_bone": Answer.NO, "foot_injury": Answer.NO}
        assert "ask.recent_fracture" not in stage.said()

    @pytest.mark.parametrize("answer", [Intent.YES, Intent.NOT_SURE])
    def test_is_followed_by_them_where_it_was_not(self, stage: Stage, answer: Intent) -> None:
        stage.answer(answer, Intent.NO, Intent.NO, Intent.NO)
        assert list(answers(stage)) == [question.name for question in self.QUESTIONS]
        stage.wait(5)
        assert stage.said()[-3:] == [
            "noted.broken_bone",
            "screening.otherwise",
            "screening.confirm",
        ]
        stage.answer(Intent.YES)
        assert "advise.broken_bone" in stage.said()

    def test_is_no_question_to_suppose_an_answer_to(self, stage: Stage) -> None:
        stage.answer(Intent.PROBABLY_NOT)
        assert answers(stage) == {}
        assert stage.said()[-2:] == ["screening.plainly", "ask.broken_bone"]

    def test_may_be_taken_back_with_all_that_it_opened(self, stage: Stage) -> None:
        stage.answer(Intent.YES)
        stage.say(Intent.TAKE_BACK)
        stage.answer(Intent.NO, Intent.NO, Intent.YES)
        assert answers(stage)["broken_bone"] is Answer.NO
        assert "noted.broken_bone" not in stage.said()


def test_what_was_understood_is_read_back_before_it_counts(newcomer: Stage) -> None:
    newcomer.answer(*SAFE)
    newcomer.wait(4)
    assert newcomer.said()[-2:] == ["screening.all_well", "screening.confirm"]


def test_of_the_questions_that_were_left_no_more_is_read_back_than_was_asked() -> None:
    stage = Stage.set_up(replace(today(), screening=asked("foot_injury")))
    stage.say(Intent.START)
    stage.answer(Intent.NO)
    assert "screening.nothing_else" in stage.said()
    assert "screening.all_well" not in stage.said()


def test_an_advice_is_said_and_the_session_goes_on(newcomer: Stage) -> None:
    newcomer.answer(Intent.NO, Intent.NO, Intent.YES, Intent.YES)
    said = newcomer.said()
    advised = said.index("advise.balance")
    assert said[advised + 1] == "screening.advised"
    newcomer.answer(Intent.NO, Intent.YES)
    assert started(newcomer)


def test_the_answers_must_be_confirmed(newcomer: Stage) -> None:
    newcomer.answer(*SAFE)
    assert not any(isinstance(entry, ScreeningFinished) for entry in newcomer.entries)
    newcomer.answer(Intent.NO)
    assert "screening.again" in newcomer.said()
    newcomer.wait(8)
    assert newcomer.said()[-1] == "ask.recent_fracture"


def test_silence_is_asked_about_once_and_then_ends(newcomer: Stage) -> None:
    newcomer.wait_for(State.ASLEEP)
    assert newcomer.said().count("ask.recent_fracture") == 2
    assert answers(newcomer) == {"recent_fracture": Answer.SILENCE}
    assert newcomer.said()[-1] == "unanswered"


def test_what_was_not_understood_is_no_answer(newcomer: Stage) -> None:
    newcomer.wait(6)
    for _ in range(5):
        newcomer.deliver(NotUnderstood(newcomer.now))
    assert answers(newcomer) == {}
    assert newcomer.state is State.SCREENING
    assert newcomer.said().count("not_understood.answering") == 2


def test_repeat_says_the_question_alone_again(newcomer: Stage) -> None:
    newcomer.wait(6)
    newcomer.say(Intent.REPEAT)
    newcomer.wait(3)
    assert newcomer.said()[-1] == "ask.recent_fracture"
    assert newcomer.said().count("screening.intro") == 1
    newcomer.answer(*SAFE)
    assert len(answers(newcomer)) == 3


def test_an_answer_may_come_before_the_question_has_been_said(newcomer: Stage) -> None:
    newcomer.say(Intent.NO)
    assert answers(newcomer) == {"recent_fracture": Answer.NO}
    newcomer.wait(4)
    assert newcomer.said()[-1] == "ask.foot_injury"


def test_a_moment_may_be_asked_for(newcomer: Stage) -> None:
    newcomer.wait(6)
    newcomer.say(Intent.PAUSE)
    newcomer.wait(25)
    assert newcomer.said().count("ask.recent_fracture") == 1
    newcomer.say(Intent.NO)
    assert answers(newcomer) == {"recent_fracture": Answer.NO}


def test_answers_may_be_changed_without_a_session() -> None:
    stage = Stage.set_up()
    stage.say(Intent.CHANGE_ANSWERS)
    assert stage.state is State.SCREENING
    stage.answer(*SAFE, Intent.YES)
    assert isinstance(stage.entries[-1], ScreeningFinished)
    stage.wait_for(State.ASLEEP)
    assert not started(stage)


def test_who_is_ready_is_asked_two_questions_and_no_more(regular: Stage) -> None:
    regular.answer(Intent.NO, Intent.YES)
    assert started(regular)
    assert [name for name in regular.said() if name.startswith("ask.")] == ["ask.well", "ask.place"]


@pytest.mark.parametrize("answer", [Intent.YES, Intent.NOT_SURE])
def test_who_is_not_well_does_not_start_today(regular: Stage, answer: Intent) -> None:
    regular.answer(answer)
    assert regular.said()[-1] == "not_today.well"
    regular.wait_for(State.ASLEEP)
    assert not started(regular)


def test_a_plain_yes_to_not_being_well_is_entered(regular: Stage) -> None:
    regular.answer(Intent.YES)
    assert any(
        isinstance(e, Complained) and e.complaint is Complaint.UNWELL for e in regular.entries
    )


def test_i_am_fine_is_no_yes_to_whether_there_is_pain(regular: Stage) -> None:
    regular.wait(6)
    regular.say(Intent.GO_AHEAD)
    assert regular.state is State.READINESS
    assert answers(regular) == {}


def test_no_answer_to_readiness_is_asked_once_more_and_then_nothing_starts(regular: Stage) -> None:
    regular.wait_for(State.ASLEEP)
    assert regular.said().count("ask.well") == 2
    assert answers(regular) == {"well": Answer.SILENCE}
    assert not started(regular)


def settling() -> Stage:
    """Pain has been told of; once it has settled, the plans are those of any day."""
    settled = replace(today(), readiness=READINESS)
    pain = Refusal("refused.pain", {"level": "beginner"}, False, None)
    day = replace(today(beginner=pain), readiness=(*asked("pain_settled"), *READINESS))
    stage = Stage.set_up(day)
    stage.day = settled
    stage.say(Intent.START)
    return stage


def test_what_hurt_is_followed_up_and_once_settled_the_session_goes_on() -> None:
    stage = settling()
    stage.answer(Intent.YES)
    assert any(isinstance(entry, PainSettled) for entry in stage.entries)
    stage.answer(Intent.NO, Intent.YES)
    assert started(stage)


def test_each_question_is_asked_twice_of_who_is_silent(regular: Stage) -> None:
    while regular.said().count("ask.well") < 2:
        regular.wait(1)
    regular.answer(Intent.NO)
    regular.wait_for(State.ASLEEP)
    assert regular.said().count("ask.place") == 2


@pytest.mark.parametrize("reason", ["refused.pain", "refused.soreness", "refused.unwell"])
def test_whatever_is_open_is_asked_about_before_it_holds(reason: str) -> None:
    held = Refusal(reason, {"level": "beginner"}, False, None)
    stage = Stage.set_up(replace(today(beginner=held), readiness=asked("well_again", "well")))
    stage.say(Intent.START)
    assert stage.said() == ["ask.well_again"]
    assert stage.state is State.READINESS


def test_it_has_settled_is_an_answer_to_whether_it_has() -> None:
    stage = settling()
    stage.answer(Intent.SETTLED)
    assert any(isinstance(entry, PainSettled) for entry in stage.entries)


@pytest.mark.parametrize("answer", [Intent.NO, Intent.NOT_SURE])
def test_what_has_not_settled_holds(answer: Intent) -> None:
    stage = settling()
    stage.answer(answer)
    assert stage.said()[-1] == "hold.pain_settled"
    stage.wait_for(State.ASLEEP)
    assert not started(stage)


def test_a_rest_day_that_is_overridden_is_asked_about_all_the_same() -> None:
    rest = Refusal("refused.rest_day", {"level": "beginner"}, True, plan())
    stage = Stage.set_up(replace(today(beginner=rest), readiness=READINESS))
    stage.say(Intent.START)
    stage.say(Intent.START_ANYWAY)
    assert stage.state is State.READINESS
    stage.answer(Intent.NO, Intent.YES)
    (start,) = [entry for entry in stage.entries if isinstance(entry, SessionStarted)]
    assert start.overrode == "refused.rest_day"


def test_a_block_is_said_with_its_reasons_and_what_to_do() -> None:
    blocked = Refusal("refused.blocked", {"level": "beginner"}, False, None)
    stage = Stage.set_up(today(beginner=blocked))
    stage.say(Intent.START)
    assert stage.said() == ["refused.blocked", "screening.what_to_do"]


@pytest.mark.parametrize("state", [State.SCREENING, State.READINESS, State.CHOOSING])
def test_every_question_can_be_stopped(state: State) -> None:
    stage = reach(state)
    stage.say(Intent.STOP)
    assert stage.state is State.ASLEEP
    stage.wait(60)
    assert not started(stage)


def test_new_plans_in_the_middle_of_the_questions_change_nothing(newcomer: Stage) -> None:
    newcomer.answer(Intent.NO)
    newcomer.deliver(PlansMade(newcomer.now, newcomer.day))
    newcomer.answer(Intent.NO, Intent.NO, Intent.YES)
    assert newcomer.state is State.READINESS


def test_calibrating_alone_asks_before_its_drops() -> None:
    stage = Stage.set_up(replace(today(), readiness=READINESS))
    stage.say(Intent.CALIBRATE)
    assert stage.is_in(State.READINESS)
    stage.answer(Intent.NO, Intent.YES)
    assert stage.state is State.CALIBRATING


def test_the_briefing_says_what_is_new_before_the_plan() -> None:
    day = replace(
        today(),
        notices=("notice.stepped_back",),
        cautions=("Keep your knees soft.",),
    )
    stage = Stage.set_up(day)
    stage.say(Intent.START)
    assert stage.said() == [
        "notice.stepped_back",
        "caution",
        "briefing",
        "briefing.setup",
    ]


def test_another_level_than_the_last_times_is_named() -> None:
    stage = Stage.set_up(replace(today(), offered="intermediate"))
    stage.say(Intent.START, "intermediate")
    assert stage.said() == ["briefing.level", "briefing", "briefing.setup"]


def test_who_may_move_up_is_told_so_after_the_session() -> None:
    stage = Stage.set_up(replace(today(), offered="intermediate"))
    stage.say(Intent.START)
    stage.drop()
    assert "offer" not in stage.said()
    stage.say(Intent.STOP)
    stage.wait_for(State.ASLEEP)
    assert stage.said()[-1] == "offer"


class TestTheBriefing:
    @staticmethod
    def said(known: Briefing) -> list[str]:
        stage = Stage.set_up(replace(today(), briefing=known))
        stage.say(Intent.START)
        return stage.said()

    def test_explains_the_first_time_how_it_is_done_and_how_to_stop(self) -> None:
        said = self.said(Briefing(explains=True, teaches="stop"))
        assert said == ["briefing", "briefing.setup", "briefing.how", "teach"]

    def test_leaves_out_the_plan_that_was_the_last_times(self) -> None:
        assert self.said(Briefing(told=("beginner", 8))) == ["briefing.setup"]

    @pytest.mark.parametrize("told", [("beginner", 12), ("intermediate", 8)])
    def test_tells_a_plan_that_is_another_one(self, told: tuple[str, int]) -> None:
        assert "briefing" in self.said(Briefing(told=told))

    def test_teaches_one_more_thing_in_the_first_rest(self) -> None:
        stage = Stage.set_up(replace(today(), briefing=Briefing(teaches="pause")))
        stage.say(Intent.START)
        stage.wait_for(State.RISING)
        assert "teach" not in stage.said()
        for _ in range(4):
            stage.drop()
        stage.answer(Intent.FELT_FINE)
        stage.wait(10)
        assert stage.said().count("teach") == 1

    def test_is_followed_by_a_word_on_last_week_in_the_first_rest(self) -> None:
        day = replace(today(), review=(Line("review.week", {"sessions": 2}),))
        stage = Stage.set_up(day)
        stage.say(Intent.START)
        for _ in range(4):
            stage.drop()
        assert "review.week" not in stage.said()
        stage.answer(Intent.FELT_FINE)
        assert "review.week" in stage.said()


def test_pain_told_of_between_sessions_is_entered_and_answered() -> None:
    stage = Stage.set_up()
    stage.say(Intent.COMPLAIN, complaint=Complaint.BACK_PAIN)
    assert [type(entry) for entry in stage.entries] == [Complained]
    stage.wait(2)
    assert stage.said() == ["complaint.back_pain"]
    stage.say(Intent.SETTLED)
    assert isinstance(stage.entries[-1], PainSettled)


@pytest.mark.parametrize(
    "state", [State.SCREENING, State.READINESS, State.CONFIRMING, State.CHOOSING, State.TEACHING]
)
def test_sound_that_is_lost_for_a_moment_takes_no_answer_away(state: State) -> None:
    stage = reach(state)
    stage.wait(3)
    stage.deliver(SoundLost(stage.now))
    stage.wait(20)
    assert stage.is_in(state)
    told = len(stage.said())
    stage.deliver(SoundBack(stage.now))
    assert stage.is_in(state)
    assert stage.said()[told] == "fault.recovered"
    assert len(stage.said()) > told + 1


def test_after_lost_sound_the_question_at_hand_is_asked_again(newcomer: Stage) -> None:
    newcomer.answer(Intent.NO)
    newcomer.deliver(SoundLost(newcomer.now))
    newcomer.deliver(SoundBack(newcomer.now))
    newcomer.wait(3)
    assert newcomer.said()[-1] == "ask.foot_injury"
    newcomer.answer(Intent.NO, Intent.NO, Intent.YES)
    assert answers(newcomer).keys() == {"recent_fracture", "foot_injury", "balance"}
    assert newcomer.is_in(State.READINESS)


def test_after_sound_that_stays_lost_nothing_begins(newcomer: Stage) -> None:
    newcomer.wait(6)
    newcomer.deliver(SoundLost(newcomer.now))
    newcomer.wait_for(State.ASLEEP, within=200)
    assert not started(newcomer)


class TestWhatDayItIs:
    """Where the clock may be wrong it is asked before everything else."""

    @staticmethod
    def line(day: int) -> Line:
        return Line("ask.date", {"weekday": "monday", "day": day, "month": 3})

    @pytest.fixture
    def lost(self) -> Stage:
        stage = Stage.set_up(replace(today(), readiness=READINESS).without_a_day(self.line(2)))
        stage.say(Intent.START)
        return stage

    def test_the_right_day_is_believed_and_the_session_goes_on(self, lost: Stage) -> None:
        assert lost.said() == ["ask.date"]
        lost.day = replace(today(), readiness=READINESS)
        lost.answer(Intent.YES, Intent.NO, Intent.YES)
        assert started(lost)
        assert DayAnswered(lost.entries[0].at, Answer.YES) == lost.entries[0]

    def test_after_a_wrong_day_the_next_one_is_asked_for(self, lost: Stage) -> None:
        lost.day = lost.day.without_a_day(self.line(3))
        lost.answer(Intent.NO)
        assert [dict(cue.slots)["day"] for _, cue in lost.spoken] == [2, 3]
        assert not started(lost)

    @pytest.mark.parametrize("answer", [Intent.NOT_SURE, Intent.STOP])
    def test_who_does_not_know_starts_nothing(self, lost: Stage, answer: Intent) -> None:
        lost.answer(answer)
        lost.wait(60)
        assert lost.state is State.ASLEEP
        assert not started(lost)

    def test_a_doubtful_yes_is_read_back(self, lost: Stage) -> None:
        lost.wait(6)
        lost.say(Intent.YES, sure=False)
        assert lost.is_in(State.READING_BACK)

    def test_silence_starts_nothing(self, lost: Stage) -> None:
        lost.wait_for(State.ASLEEP)
        assert not started(lost)
        assert lost.said()[-1] == "unanswered"

    def test_where_it_cannot_be_found_out_that_is_said(self, lost: Stage) -> None:
        lost.day = lost.day.without_a_day(None)
        lost.answer(Intent.NO)
        assert lost.said()[-1] == "refused.no_day"
        assert not started(lost)
