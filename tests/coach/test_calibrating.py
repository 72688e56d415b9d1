"""Learning what somebody's drops sound like: three good ones, a gentle one, and what if not."""

from itertools import pairwise

import pytest

from tests.coach.stage import Stage, reach
from voice_coach.clock import to_samples
from voice_coach.coach import Cue, FinishCalibration, Intent, OpenWindow, StartCalibration, State
from voice_coach.hearing.heels import CalibrationReason, MicrophoneProblem
from voice_coach.programme.ledger import Outcome, RepetitionResolved


def outcomes(stage: Stage) -> list[Outcome]:
    return [entry.outcome for entry in stage.entries if isinstance(entry, RepetitionResolved)]


def windows(stage: Stage) -> list[bool]:
    """Return, for each window of the calibration, whether it was for a gentle drop."""
    return [action.gentle for action in stage.actions if isinstance(action, OpenWindow)]


@pytest.fixture
def newcomer() -> Stage:
    """Return a stage on which a session has been started by who was never calibrated."""
    stage = Stage.set_up(calibrated=False)
    stage.say(Intent.START)
    stage.wait_for(State.CALIBRATING)
    return stage


def test_calibration_comes_first_and_its_drops_count_nothing(newcomer: Stage) -> None:
    newcomer.wait_for(State.COUNTING_IN)
    assert newcomer.said().count("tone.drop") == 4
    assert newcomer.said().index("calibration.done") < newcomer.said().index("count_in")
    assert outcomes(newcomer) == []


def test_after_three_good_drops_comes_a_gentle_one_in_a_window_of_its_own(
    newcomer: Stage,
) -> None:
    newcomer.wait_for(State.COUNTING_IN)
    assert windows(newcomer) == [False, False, False, True]
    said = newcomer.said()
    assert said[: said.index("calibration.gentle")].count("tone.drop") == 3
    assert sum(isinstance(a, StartCalibration) for a in newcomer.actions) == 1
    assert sum(isinstance(a, FinishCalibration) for a in newcomer.actions) == 2


def test_the_gentle_drop_is_asked_for_only_when_the_good_ones_were_learnt() -> None:
    stage = Stage.set_up(calibrated=False, calibration_problem="too_different")
    stage.say(Intent.CALIBRATE)
    stage.wait_for(State.ASLEEP)
    assert "calibration.gentle" not in stage.said()
    assert windows(stage) == [False] * 6


def test_nothing_is_said_between_asking_for_the_gentle_drop_and_the_end_of_its_window(
    newcomer: Stage,
) -> None:
    newcomer.wait_for(State.COUNTING_IN)
    gentle = next(a for a in newcomer.actions if isinstance(a, OpenWindow) and a.gentle)
    asked = next(at for at, cue in newcomer.spoken if cue.name == "calibration.gentle")
    said = [cue.name for at, cue in sorted(newcomer.spoken, key=lambda s: s[0]) if at > asked]
    assert said[:4] == ["rise", "tone.hold", "tone.drop", "calibration.done"]
    done = next(at for at, cue in newcomer.spoken if cue.name == "calibration.done")
    assert done > gentle.end


def test_a_session_paused_before_the_gentle_drop_goes_on_with_what_was_learnt(
    newcomer: Stage,
) -> None:
    while "calibration.gentle" not in newcomer.said():
        newcomer.wait(0.5)
    newcomer.say(Intent.PAUSE)
    newcomer.wait(20)
    newcomer.say(Intent.RESUME)
    newcomer.wait_for(State.COUNTING_IN)
    assert newcomer.said().count("tone.drop") == 3


@pytest.mark.parametrize("seconds", [1, 5, 9, 16, 30, 33, 36])
def test_stop_ends_a_calibration_at_any_moment(newcomer: Stage, seconds: float) -> None:
    newcomer.wait(seconds)
    newcomer.say(Intent.STOP)
    assert newcomer.window is None
    assert not newcomer.coach.in_session
    newcomer.wait_for(State.ASLEEP)


@pytest.mark.parametrize(
    ("gentle_db", "level", "outcome"),
    [
        (None, -7.0, Outcome.SOFT),
        (-12.0, -7.0, Outcome.SOFT),
        (-18.0, -7.0, Outcome.HEARD),
        (-18.0, -9.5, Outcome.SOFT),
        (-8.0, -5.0, Outcome.SOFT),
        (None, -5.0, Outcome.HEARD),
    ],
)
def test_where_soft_begins_is_told_by_the_gentle_drop(
    gentle_db: float | None, level: float, outcome: Outcome
) -> None:
    stage = Stage.set_up()
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    stage.thump(level, gentle_db=gentle_db)
    assert outcomes(stage) == [outcome]
    soft_below = -6.0 if gentle_db is None else gentle_db / 2
    assert ("soft" in stage.said()) is (outcome is Outcome.SOFT and level < soft_below - 1.5)


def test_so_it_is_for_a_landing_a_moment_before_its_cue() -> None:
    stage = Stage.set_up()
    stage.say(Intent.START)
    stage.wait_for(State.HOLDING)
    assert stage.coach.deadline is not None
    stage.wait((stage.coach.deadline - stage.now) / 16_000 - 0.02)
    stage.thump(-8.0, ago=0.06, gentle_db=-18.0)
    stage.wait(0.05)
    assert outcomes(stage) == [Outcome.HEARD]


@pytest.mark.parametrize(("gentle_db", "said"), [(None, "soft"), (-18.0, "lesson.well")])
def test_so_it_is_in_the_lesson(gentle_db: float | None, said: str) -> None:
    stage = reach(State.PRACTISING)
    while stage.window is None:
        stage.wait(0.2)
    _, closes = stage.window
    stage.wait((closes - stage.now) / 16_000 - 0.4)
    stage.thump(-8.0, gentle_db=gentle_db)
    stage.wait(0.6)
    assert stage.said()[-1] == said


@pytest.mark.parametrize("problem", CalibrationReason)
def test_what_was_wrong_is_said_and_it_is_tried_once_more(problem: str) -> None:
    stage = Stage.set_up(calibrated=False, calibration_problem=problem)
    stage.say(Intent.START)
    stage.wait_for(State.OFFERING)
    assert stage.said().count("tone.drop") == 6
    assert stage.said().count(f"calibration.{problem}") == 1
    assert stage.said()[-1] == "calibration.offer"


@pytest.fixture
def offered() -> Stage:
    """Return a stage on which the drops could not be learnt, and the coach has said so."""
    stage = reach(State.OFFERING)
    stage.wait(3)
    return stage


@pytest.mark.parametrize("answer", [Intent.YES, Intent.GO_AHEAD, Intent.RESUME])
def test_who_says_yes_is_counted_for_and_nothing_is_said_to_be_heard(
    offered: Stage, answer: Intent
) -> None:
    offered.say(answer)
    assert offered.said()[-1] == "calibration.counting"
    before = len(windows(offered))
    offered.wait_for(State.FEELING)
    assert outcomes(offered) == [Outcome.NOT_HEARD] * 4
    assert len(windows(offered)) == before
    numbers = [dict(cue.slots)["number"] for _, cue in offered.spoken if cue.name == "count"]
    assert numbers == [1, 2, 3, 4]
    assert "check_in" not in offered.said()
    assert "not_heard" not in offered.said()


def test_counted_by_voice_the_cadence_is_the_same_and_the_count_comes_after_the_drop(
    offered: Stage,
) -> None:
    offered.say(Intent.YES)
    offered.wait_for(State.FEELING)
    drops = [at for at, cue in offered.spoken if cue.name == "tone.drop"][-4:]
    counts = [at for at, cue in offered.spoken if cue.name == "count"]
    assert len({later - earlier for earlier, later in pairwise(drops)}) == 1
    assert all(count - drop >= to_samples(0.9) for drop, count in zip(drops, counts, strict=True))


def test_counted_by_voice_what_is_said_to_be_done_is_entered_as_told(offered: Stage) -> None:
    offered.say(Intent.YES)
    for _ in range(8):
        offered.wait_for(State.LISTENING)
        offered.wait_for(State.PAUSING)
        offered.say(Intent.YES)
        offered.wait_for(State.RISING, State.FEELING)
        if offered.is_in(State.FEELING):
            offered.answer(Intent.FELT_FINE)
    assert outcomes(offered) == [Outcome.TOLD] * 8
    offered.wait_for(State.ASLEEP, within=300)
    counted = [dict(cue.slots)["number"] for _, cue in offered.spoken if cue.name == "count"]
    assert counted == [1, 2, 3, 4] * 2
    said = [cue for _, cue in offered.spoken if cue.name.startswith("summary")]
    assert said == [Cue.of("summary.done", prompted=8), Cue.of("summary.well", what="stayed")]


def test_who_says_no_does_nothing_more(offered: Stage) -> None:
    offered.say(Intent.NO)
    assert not offered.coach.in_session
    offered.wait_for(State.ASLEEP)
    assert offered.said()[-1] == "declined"
    assert outcomes(offered) == []


def test_who_wants_to_tries_again(offered: Stage) -> None:
    offered.calibration_problem = None
    offered.say(Intent.CALIBRATE)
    offered.wait_for(State.COUNTING_IN)
    offered.drop()
    assert outcomes(offered) == [Outcome.HEARD]


def test_silence_is_no_yes(offered: Stage) -> None:
    offered.wait_for(State.PAUSED)
    assert offered.said().count("calibration.offer") == 2
    offered.say(Intent.RESUME)
    assert offered.state is State.OFFERING
    assert "rise" not in offered.said()[-3:]
    offered.wait_for(State.ASLEEP, within=900)
    assert outcomes(offered) == []


def test_stop_ends_the_offer(offered: Stage) -> None:
    offered.say(Intent.STOP)
    assert not offered.coach.in_session
    offered.wait_for(State.ASLEEP)


def test_what_was_learnt_later_ends_counting_by_voice(offered: Stage) -> None:
    offered.say(Intent.YES)
    offered.wait_for(State.CHECKING_IN)
    offered.calibration_problem = None
    offered.say(Intent.CALIBRATE)
    offered.wait_for(State.COUNTING_IN)
    offered.drop()
    assert outcomes(offered)[-1] is Outcome.HEARD


def test_outside_a_session_there_is_nothing_to_count() -> None:
    stage = Stage.set_up(calibration_problem="clipped")
    stage.say(Intent.CALIBRATE)
    stage.wait_for(State.ASLEEP)
    assert stage.said()[-1] == "calibration.failed"
    assert "calibration.offer" not in stage.said()


def test_calibration_can_be_asked_for_without_a_session() -> None:
    stage = Stage.set_up()
    stage.say(Intent.CALIBRATE)
    stage.wait_for(State.ASLEEP)
    assert stage.said().count("tone.drop") == 4
    assert stage.entries == []


def test_what_was_learnt_without_a_session_serves_the_next_one() -> None:
    stage = Stage.set_up(calibrated=False)
    stage.say(Intent.CALIBRATE)
    stage.wait_for(State.ASLEEP)
    stage.say(Intent.START)
    stage.wait_for(State.CALIBRATING, State.RISING)
    assert stage.is_in(State.RISING)


def test_the_ear_has_the_time_it_needs_to_measure_a_drop() -> None:
    stage = Stage.set_up(calibrated=False)
    stage.say(Intent.CALIBRATE)
    for _ in range(2):
        while not any(isinstance(a, FinishCalibration) for a in stage.actions):
            stage.wait(0.05)
        last = [a for a in stage.actions if isinstance(a, OpenWindow)][-1]
        finished = [a for a in stage.actions if isinstance(a, FinishCalibration)]
        assert finished[-1].at >= last.end + to_samples(0.16)
        stage.actions.clear()


@pytest.mark.parametrize("problem", MicrophoneProblem)
def test_what_is_wrong_with_the_microphone_is_said_once_at_the_end(problem: str) -> None:
    stage = Stage.set_up(calibrated=False, microphone=(problem,))
    stage.say(Intent.START)
    stage.wait_for(State.COUNTING_IN)
    said = stage.said()
    assert said.count(f"microphone.{problem}") == 1
    assert said.index("calibration.done") < said.index(f"microphone.{problem}")


def test_it_is_said_where_nothing_could_be_learnt_too() -> None:
    stage = Stage.set_up(calibration_problem="clipped", microphone=("clipped", "gain"))
    stage.say(Intent.CALIBRATE)
    stage.wait_for(State.ASLEEP)
    assert stage.said().count("microphone.gain") == 2
    assert "microphone.clipped" not in stage.said()
    assert stage.said()[-2:] == ["calibration.failed", "microphone.gain"]


def dropped(stage: Stage) -> list[int]:
    """Return where the drop cues sound."""
    return [at for at, cue in stage.spoken if cue.name == "tone.drop"]


def test_a_drop_that_is_heard_is_counted_aloud_once_its_window_has_ended() -> None:
    stage = Stage.set_up(calibrated=False)
    stage.say(Intent.START)
    for number in (1, 2, 3):
        while sum(at <= stage.now for at in dropped(stage)) < number:
            stage.wait(0.1)
        stage.wait(0.3)
        if number != 2:
            stage.thump()
        stage.wait(1.0)
    counted = [dict(cue.slots)["number"] for _, cue in stage.spoken if cue.name == "count"]
    assert counted == [1, 3]
    assert outcomes(stage) == []
