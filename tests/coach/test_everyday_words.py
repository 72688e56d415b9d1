"""What people say in their own words is met: with what they want, or with what they can have."""

import pytest

from tests.coach.stage import Stage, asked, plan, reach, today
from voice_coach.coach import Cue, Hush, Intent, Play, SetVolume, State
from voice_coach.programme.ledger import Answer, Answered, Feeling, SessionStarted, SetFelt


def answers(stage: Stage) -> list[tuple[str, Answer]]:
    return [(e.question, e.answer) for e in stage.entries if isinstance(e, Answered)]


def screening(*questions: str) -> Stage:
    """Return a stage on which the first of `questions` is being asked."""
    day = today()
    day = type(day)(day.level, day.plans, screening=asked(*questions))
    stage = Stage.set_up(day)
    stage.say(Intent.START)
    stage.wait(6)
    return stage


@pytest.mark.parametrize("state", [State.ASLEEP, State.SUMMING_UP])
def test_who_only_says_hello_is_told_how_to_begin(state: State) -> None:
    stage = reach(state)
    stage.say(Intent.HELLO)
    assert stage.said()[-1] == "hello"
    assert stage.state is state


def test_whoever_is_tired_is_offered_a_pause_after_the_drop_in_progress() -> None:
    stage = reach(State.RISING)
    stage.say(Intent.TIRED)
    assert "tired" not in stage.said()
    stage.drop()
    assert stage.said()[-1] == "tired"
    assert stage.coach.in_session


def test_a_set_that_left_somebody_tired_was_hard() -> None:
    stage = reach(State.FEELING)
    stage.answer(Intent.TIRED)
    assert [e.feeling for e in stage.entries if isinstance(e, SetFelt)] == [Feeling.HARD]


@pytest.mark.parametrize("state", [State.BRIEFING, State.RISING, State.LISTENING, State.PAUSING])
def test_dont_stop_changes_nothing(state: State) -> None:
    stage = reach(state)
    entries = [*stage.entries]
    assert stage.say(Intent.KEEP_GOING) == []
    assert stage.state is state
    assert stage.entries == entries


@pytest.mark.parametrize("said", [Intent.RESUME, Intent.SKIP_REST, Intent.KEEP_GOING])
@pytest.mark.parametrize("state", [State.RESTING, State.FEELING])
def test_a_rest_ends_for_whoever_wants_to_go_on(state: State, said: Intent) -> None:
    stage = reach(state)
    stage.say(said)
    assert stage.said()[-1] == "next_set"
    stage.drop()


@pytest.mark.parametrize("said", [Intent.RESUME, Intent.YES, Intent.GO_AHEAD, Intent.KEEP_GOING])
def test_any_yes_ends_a_pause(said: Intent) -> None:
    stage = reach(State.PAUSED)
    stage.say(said)
    assert stage.said()[-1] == "resumed"
    stage.drop()


@pytest.mark.parametrize("state", [State.CONFIRMING, State.OFFERING, State.TEACHING])
def test_what_is_supposed_declines_an_offer(state: State) -> None:
    stage = reach(state)
    stage.say(Intent.PROBABLY_NOT)
    assert stage.state is State.SUMMING_UP
    assert not stage.coach.in_session


def test_who_does_not_think_that_all_is_well_does_not_go_on() -> None:
    stage = reach(State.CHECKING_IN)
    stage.say(Intent.PROBABLY_NOT)
    assert "not_well" in stage.said()
    assert stage.state is State.SUMMING_UP


class TestMeetsAWishThatIsHeard:
    """A pause, and another volume, are noticed at once or after the drop in progress."""

    @pytest.mark.parametrize(
        "state", [s for s in State if s not in {State.ASLEEP, State.SUMMING_UP}]
    )
    def test_a_pause_is_answered_in_words(self, state: State) -> None:
        stage = reach(state)
        actions = stage.say(Intent.PAUSE)
        assert any(isinstance(action, Hush) for action in actions)
        told = {cue.name for a in actions if isinstance(a, Play) for cue in a.cues}
        assert told & {"paused", "more_time", "stopped", "lesson.later"}

    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("wish", [Intent.LOUDER, Intent.QUIETER])
    def test_another_volume_is_heard_and_said(self, state: State, wish: Intent) -> None:
        stage = reach(state)
        actions = stage.say(wish)
        assert any(isinstance(action, SetVolume) for action in actions)
        stage.wait(35 if state is State.CALIBRATING else 12)
        assert wish in stage.said()


class TestAMistakenAnswer:
    def test_is_taken_back_and_asked_for_again(self) -> None:
        stage = screening("recent_fracture", "foot_injury")
        stage.say(Intent.NO)
        assert stage.said()[-1] == "ask.foot_injury"
        stage.say(Intent.TAKE_BACK)
        assert stage.said()[-2:] == ["taken_back", "ask.recent_fracture"]
        stage.answer(Intent.NO, Intent.NO, Intent.YES)
        assert answers(stage) == [
            ("recent_fracture", Answer.NO),
            ("recent_fracture", Answer.NO),
            ("foot_injury", Answer.NO),
        ]
        stage.wait_for(State.RISING)

    def test_before_the_first_answer_only_asks_again(self) -> None:
        stage = screening("recent_fracture")
        stage.say(Intent.TAKE_BACK)
        assert stage.said()[-1] == "ask.recent_fracture"
        assert answers(stage) == []

    def test_after_the_last_answer_takes_back_that_one(self) -> None:
        stage = screening("recent_fracture", "foot_injury")
        stage.answer(Intent.NO, Intent.NO)
        assert stage.said()[-1] == "screening.confirm"
        stage.say(Intent.TAKE_BACK)
        assert stage.said()[-1] == "ask.foot_injury"
        stage.answer(Intent.YES)
        assert "block.foot_injury" in stage.said()

    def test_to_whether_all_is_well_must_be_answered_again_before_anything_begins(self) -> None:
        stage = reach(State.READINESS)
        stage.answer(Intent.NO)
        stage.say(Intent.TAKE_BACK)
        assert stage.said()[-1] == "ask.well"
        stage.answer(Intent.NO, Intent.YES)
        assert isinstance(stage.entries[-1], SessionStarted)


class TestNotThatIKnow:
    def test_is_no_answer_where_a_yes_would_block(self) -> None:
        stage = screening("spine_fracture", "balance")
        stage.say(Intent.PROBABLY_NOT)
        assert answers(stage) == []
        assert stage.said()[-2:] == ["screening.plainly", "ask.spine_fracture"]
        stage.answer(Intent.NO)
        assert answers(stage) == [("spine_fracture", Answer.NO)]

    def test_said_twice_is_not_to_know(self) -> None:
        stage = screening("very_low_density")
        stage.answer(Intent.PROBABLY_NOT, Intent.PROBABLY_NOT)
        assert answers(stage) == [("very_low_density", Answer.UNSURE)]
        assert "block.very_low_density" in stage.said()
        assert not any(isinstance(entry, SessionStarted) for entry in stage.entries)

    def test_is_a_no_where_nothing_depends_on_it(self) -> None:
        stage = screening("balance")
        stage.say(Intent.PROBABLY_NOT)
        assert answers(stage) == [("balance", Answer.NO)]

    def test_is_asked_about_anew_at_each_question(self) -> None:
        stage = screening("recent_fracture", "foot_injury")
        stage.answer(Intent.PROBABLY_NOT, Intent.NO, Intent.PROBABLY_NOT)
        assert answers(stage) == [("recent_fracture", Answer.NO)]
        assert stage.said().count("screening.plainly") == 2


@pytest.mark.parametrize(
    ("question", "explained"),
    [
        ("very_low_density", "explain.t_score"),
        ("spine_fracture", "explain.broken_bone"),
        ("under_control", "explain.osteoporosis"),
        ("falls", "explain.balance"),
        ("foot_injury", "explain.foot_injury"),
    ],
)
def test_what_a_question_means_is_explained_and_it_is_asked_again(
    question: str, explained: str
) -> None:
    stage = screening(question)
    stage.wait(6)
    stage.say(Intent.T_SCORE)
    assert stage.said()[-2:] == [explained, f"ask.{question}"]
    assert answers(stage) == []
    stage.wait_for(State.SUMMING_UP)  # and it is waited for an answer as ever


def test_a_question_that_says_it_all_is_only_asked_again() -> None:
    stage = reach(State.READINESS)
    stage.wait(6)
    stage.say(Intent.T_SCORE)
    assert stage.said() == ["ask.well", "ask.well"]


def test_a_rest_of_one_set_only_is_the_end_for_whoever_goes_on() -> None:
    stage = Stage.set_up(today(beginner=plan(sets=1, repetitions=1)))
    stage.say(Intent.START)
    stage.drop()
    assert stage.is_in(State.FEELING)
    stage.say(Intent.RESUME)
    assert Cue("tone.done") in [cue for _, cue in stage.spoken]
