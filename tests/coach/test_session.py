"""What a session is like."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.coach.stage import Stage, plan, reach, today
from voice_coach.clock import to_samples
from voice_coach.coach import (
    Action,
    Command,
    Cue,
    Hush,
    Intent,
    NotUnderstood,
    OpenWindow,
    PlansMade,
    Play,
    SetVolume,
    SoundBack,
    SoundLost,
    State,
    Thump,
)
from voice_coach.coach.pacing import MISUNDERSTOOD_LIMIT
from voice_coach.coach.states import AT_REST
from voice_coach.programme.ledger import (
    EndReason,
    Outcome,
    RepetitionPrompted,
    RepetitionResolved,
    SessionEnded,
    SessionStarted,
    SetFinished,
)
from voice_coach.programme.planner import Line, Refusal


@pytest.fixture
def stage() -> Stage:
    return Stage.set_up()


def outcomes(stage: Stage) -> list[Outcome]:
    return [entry.outcome for entry in stage.entries if isinstance(entry, RepetitionResolved)]


def ended(stage: Stage) -> EndReason | None:
    return next((e.reason for e in stage.entries if isinstance(e, SessionEnded)), None)


def test_a_whole_session_from_start_to_summary(stage: Stage) -> None:
    stage.say(Intent.START, "beginner")
    assert stage.state is State.BRIEFING
    for _ in range(8):
        stage.drop()
    stage.wait_for(State.ASLEEP)

    assert isinstance(stage.entries[0], SessionStarted)
    assert outcomes(stage) == [Outcome.HEARD] * 8
    assert sum(isinstance(entry, SetFinished) for entry in stage.entries) == 2
    assert ended(stage) is EndReason.COMPLETED
    said = stage.said()
    assert said[:8] == [
        "briefing",
        "briefing.setup",
        "count_in",
        "count_in",
        "count_in",
        "rise",
        "tone.hold",
        "tone.drop",
    ]
    assert said.count("tone.drop") == 8
    assert said.count("halfway") == said.count("last_one") == 2
    assert said.count("next_set") == 1
    assert said[-2:] == ["summary.done", "summary.well"]


def test_each_confirmed_drop_is_counted_aloud_once_with_its_number(stage: Stage) -> None:
    stage.say(Intent.START)
    for _ in range(4):
        stage.drop()
    numbers = [dict(cue.slots)["number"] for _, cue in stage.spoken if cue.name == "count"]
    assert numbers == [1, 2, 3, 4]


def test_cadence_does_not_depend_on_when_the_landing_was_heard(stage: Stage) -> None:
    stage.say(Intent.START)
    for after in (0.1, 0.4, 0.7):
        stage.drop(after=after)
    stage.wait_for(State.LISTENING)
    drops = [at for at, cue in stage.spoken if cue.name == "tone.drop"]
    assert len({later - drop for drop, later in pairwise(drops)}) == 1


def test_timed_cues_are_placed_before_they_are_due(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    timed = [
        (action.at, placed)
        for placed, action in _placed(stage)
        if action.cues[0].name in {"rise", "tone.hold", "tone.drop", "count_in"}
    ]
    assert timed
    assert all(at - placed >= to_samples(0.2) for at, placed in timed)


def _placed(stage: Stage) -> list[tuple[int, Play]]:
    """Replay the same session, noting when each action was asked for."""
    again = Stage.set_up()
    placed: list[tuple[int, Play]] = []
    perform = again._perform

    def note(action: Action) -> None:
        if isinstance(action, Play):
            placed.append((again.now, action))
        perform(action)

    again._perform = note  # type: ignore[method-assign]
    again.say(Intent.START)
    again.wait_for(State.LISTENING)
    return placed


def test_the_coach_is_silent_from_the_drop_cue_to_the_end_of_the_window(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    stage.say(Intent.HOW_MANY_LEFT)
    stage.deliver(NotUnderstood(stage.now))
    drop = next(at for at, cue in stage.spoken if cue.name == "tone.drop")
    stage.wait(0.9)
    assert not [cue for at, cue in stage.spoken if drop < at < drop + to_samples(0.9)]
    stage.wait(1.0)
    assert "left" in stage.said()


def test_not_heard_keeps_the_pace_and_the_ledger_says_so(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.drop()
    stage.wait_for(State.LISTENING)
    stage.wait_for(State.PAUSING)
    stage.drop()
    assert outcomes(stage) == [Outcome.HEARD, Outcome.NOT_HEARD, Outcome.HEARD]
    assert stage.said().count("not_heard") == 1


def test_an_early_landing_counts_once_its_cue_has_sounded(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.HOLDING)
    drop = stage.coach.deadline
    assert drop is not None
    stage.wait((drop - stage.now) / 16_000 - 0.02)
    stage.thump(ago=0.06)
    assert outcomes(stage) == []
    stage.wait(0.05)
    assert outcomes(stage) == [Outcome.HEARD]


def test_a_thump_long_before_the_cue_is_no_repetition(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.HOLDING)
    stage.thump()
    stage.wait_for(State.PAUSING)
    assert outcomes(stage) == [Outcome.NOT_HEARD]


def test_a_second_thump_in_the_window_counts_nothing(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.drop(after=0.2)
    stage.thump()
    stage.thump()
    assert outcomes(stage) == [Outcome.HEARD]


def test_three_unheard_in_a_row_check_in_and_yes_goes_on(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.CHECKING_IN)
    assert outcomes(stage) == [Outcome.NOT_HEARD] * 3
    stage.wait(5)
    stage.say(Intent.YES)
    stage.drop()
    assert outcomes(stage)[-1] is Outcome.HEARD


def test_unheard_in_other_shoes_calibrates_anew_and_goes_on_with_the_set(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.CHECKING_IN)
    stage.say(Intent.CALIBRATE)
    assert stage.state is State.CALIBRATING
    stage.wait_for(State.RISING)
    assert "calibration.done" in stage.said()
    stage.drop()
    assert outcomes(stage) == [*[Outcome.NOT_HEARD] * 3, Outcome.HEARD]


def test_a_calibration_after_the_last_drop_of_a_set_does_not_add_one(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.drop()
    stage.wait_for(State.CHECKING_IN)
    stage.say(Intent.CALIBRATE)
    stage.wait_for(State.FEELING)
    assert len(outcomes(stage)) == 4


def tried(stage: Stage) -> list[str]:
    """Return what the summary suggests to try."""
    return [str(dict(cue.slots)["what"]) for _, cue in stage.spoken if cue.name == "summary.try"]


@pytest.mark.parametrize(
    ("levels_db", "suggested"),
    [
        ([0.0] * 6, []),
        ([0.0] * 5 + [-9.0], []),
        ([0.0] * 4 + [-9.0] * 2, ["fall"]),
        ([0.0] * 4 + [9.0] * 2, ["softer"]),
        ([-9.0] * 6, ["calibrate"]),
        ([9.0] * 6, ["calibrate"]),
    ],
)
def test_the_summary_suggests_one_thing_to_try_at_most(
    levels_db: list[float], suggested: list[str]
) -> None:
    stage = Stage.set_up(today(beginner=plan(sets=1, repetitions=6)))
    stage.say(Intent.START)
    for level_db in levels_db:
        stage.drop(level_db)
    stage.wait_for(State.ASLEEP)
    assert tried(stage) == suggested


def test_when_the_next_session_is_is_told_with_the_new_plans(stage: Stage) -> None:
    coming = Line("answer.when_next.weekday", {"weekday": "friday"})
    lines: dict[str, tuple[Line, ...]] = {Intent.WHEN_NEXT: (Line("answer.when_next.done"), coming)}
    stage.day = replace(stage.day, answers=lines)
    stage.say(Intent.START)
    stage.drop()
    stage.say(Intent.STOP)
    stage.wait_for(State.ASLEEP)
    assert stage.said()[-3:] == ["stopped", "summary.done", "answer.when_next.weekday"]


@pytest.mark.parametrize("last", [False, True])
def test_levels_that_have_drifted_bring_calibration_to_mind_but_only_at_the_end(last: bool) -> None:
    stage = Stage.set_up(today(beginner=plan(sets=1, repetitions=4)))
    stage.say(Intent.START)
    for drifted in (False, True, True, last):
        stage.wait_for(State.LISTENING)
        stage.thump(5.5, drifted=drifted)
    stage.wait_for(State.ASLEEP)
    assert outcomes(stage) == [Outcome.HEARD] * 4
    assert (tried(stage) == ["calibrate"]) is last


def test_what_had_drifted_is_forgotten_when_it_is_learnt_anew() -> None:
    stage = Stage.set_up(today(beginner=plan(sets=1, repetitions=4)))
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    stage.thump(5.5, drifted=True)
    stage.wait_for(State.CHECKING_IN)
    stage.say(Intent.CALIBRATE)
    stage.wait_for(State.ASLEEP)
    assert "calibration.done" in stage.said()
    assert "calibrate" not in tried(stage)


def test_as_many_drops_like_those_learnt_as_unlike_say_nothing_of_the_calibration(
    stage: Stage,
) -> None:
    stage.say(Intent.START)
    for level_db in [0.0, -9.0] * 4:
        stage.drop(level_db)
    stage.wait_for(State.ASLEEP)
    assert "calibrate" not in tried(stage)


def test_drops_that_noise_hid_say_nothing_of_the_calibration() -> None:
    stage = Stage.set_up(today(beginner=plan(sets=1, repetitions=6)), can_hear=False)
    stage.say(Intent.START)
    stage.wait_for(State.CHECKING_IN)
    stage.say(Intent.YES)
    stage.wait_for(State.SUMMING_UP)
    assert "calibrate" not in tried(stage)


def test_no_answer_to_checking_in_asks_again_then_pauses_then_ends(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.CHECKING_IN)
    stage.wait_for(State.PAUSED)
    assert stage.said().count("check_in.again") == 1
    stage.wait_for(State.ASLEEP, within=600)
    assert ended(stage) is EndReason.INTERRUPTED


def test_no_to_are_you_all_right_ends_the_session(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.CHECKING_IN)
    stage.say(Intent.NO)
    assert ended(stage) is EndReason.STOPPED
    assert "not_well" in stage.said()


def test_soft_landings_are_remarked_upon_but_never_twice_running() -> None:
    stage = Stage.set_up(today(beginner=plan(repetitions=6)))
    stage.say(Intent.START)
    for _ in range(4):
        stage.drop(level_db=-12)
    assert outcomes(stage) == [Outcome.SOFT] * 4
    assert stage.said().count("soft") == 2


def test_the_answers_to_soft_landings_vary() -> None:
    stage = Stage.set_up(today(beginner=plan(repetitions=9)))
    stage.say(Intent.START)
    for _ in range(9):
        stage.drop(level_db=-12)
    wordings = [dict(cue.slots)["number"] for _, cue in stage.spoken if cue.name == "soft"]
    assert wordings == [1, 2, 3, 4, 1]


def test_a_close_call_is_graded_but_not_remarked_upon_before_the_third(stage: Stage) -> None:
    stage.say(Intent.START)
    for _ in range(2):
        stage.drop(level_db=-6.5)
    assert outcomes(stage) == [Outcome.SOFT] * 2
    assert "soft" not in stage.said()
    stage.drop(level_db=-6.5)
    assert stage.said().count("soft") == 1


def test_somebody_told_to_land_gently_is_never_asked_for_more() -> None:
    stage = Stage.set_up(today(beginner=plan(asks_for_more=False)))
    stage.say(Intent.START)
    for _ in range(4):
        stage.drop(level_db=-15)
    assert "soft" not in stage.said()


def test_a_hard_landing_is_answered_with_a_little_softer(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.drop(level_db=12)
    assert outcomes(stage) == [Outcome.HARD]
    assert "hard" in stage.said()


@pytest.mark.parametrize("state", State)
def test_stop_silences_and_ends_in_every_state(state: State) -> None:
    stage = reach(state)
    actions = stage.say(Intent.STOP)
    assert isinstance(actions[0], Hush)
    assert stage.state in {State.SUMMING_UP, State.ASLEEP}
    assert not stage.coach.in_session
    stage.wait_for(State.ASLEEP)


def test_pause_in_a_repetition_resumes_with_a_count_in_and_repeats_none(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.drop()
    stage.wait_for(State.RISING)
    stage.say(Intent.PAUSE)
    assert stage.window is None
    stage.wait(30)
    stage.say(Intent.RESUME)
    assert stage.said()[-1] == "resumed"
    for _ in range(7):
        stage.drop()
    stage.wait_for(State.ASLEEP)
    prompts = [(e.set, e.number) for e in stage.entries if isinstance(e, RepetitionPrompted)]
    assert prompts == [(s, n) for s in (1, 2) for n in (1, 2, 3, 4)]
    assert ended(stage) is EndReason.COMPLETED


def test_pause_in_the_rest_keeps_what_was_left_of_it(stage: Stage) -> None:
    stage.say(Intent.START)
    for _ in range(4):
        stage.drop()
    stage.say(Intent.FELT_FINE)
    stage.wait(10)
    stage.say(Intent.PAUSE)
    stage.wait(45)
    stage.say(Intent.RESUME)
    resumed = stage.now
    stage.wait_for(State.PREPARING)
    assert stage.now - resumed == pytest.approx(to_samples(20), abs=1600)


def test_skip_the_rest_begins_the_next_set(stage: Stage) -> None:
    stage.say(Intent.START)
    for _ in range(4):
        stage.drop()
    stage.say(Intent.SKIP_REST)
    before = stage.now
    stage.wait_for(State.RISING)
    assert stage.now - before < to_samples(6)


def test_slower_lengthens_the_next_repetition_and_has_a_limit(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.drop()
    for _ in range(12):
        stage.say(Intent.SLOWER)
    assert "slowest" in stage.said()
    stage.drop()
    stage.drop()
    drops = [at for at, cue in stage.spoken if cue.name == "tone.drop"]
    assert drops[2] - drops[1] > 1.2 * (to_samples(2 + 1 + 2 + 0.9))


def test_louder_and_quieter_change_the_volume_within_limits(stage: Stage) -> None:
    levels = [a.db for _ in range(6) for a in stage.say(Intent.LOUDER) if isinstance(a, SetVolume)]
    assert levels == [4.0, 8.0, 12.0]
    assert "loudest" in stage.said()


def test_help_names_what_can_be_said_now(stage: Stage) -> None:
    stage.say(Intent.HELP)
    assert stage.said() == ["help.asleep"]


def test_not_understood_is_said_at_most_twice_and_never_asleep(stage: Stage) -> None:
    stage.deliver(NotUnderstood(0))
    assert stage.said() == []
    stage.say(Intent.START)
    for _ in range(MISUNDERSTOOD_LIMIT + 3):
        stage.deliver(NotUnderstood(stage.now))
    assert stage.said().count("not_understood.exercising") == MISUNDERSTOOD_LIMIT
    assert stage.said().count("tone.pardon") == 3


REACTION = to_samples(1.5)
"""Within this, whoever speaks and is not understood hears something."""


@pytest.mark.parametrize("state", [state for state in State if state not in AT_REST])
@pytest.mark.parametrize("times", [1, 2, 3, 5])
@pytest.mark.parametrize("later", [0.0, 0.6])
def test_what_is_not_understood_is_answered_soon_however_often_it_is_said(
    state: State, times: int, later: float
) -> None:
    stage = reach(state)
    stage.wait(later)
    if stage.state is not state:
        return
    for _ in range(times - 1):
        stage.deliver(NotUnderstood(stage.now))
    said = stage.now
    before = len(stage.spoken)
    actions = stage.deliver(NotUnderstood(said))
    heard = any(isinstance(action, Play) and action.at <= said for action in actions)
    stage.wait(1.5)
    told = [at for at, cue in stage.spoken[before:] if cue.name.startswith(UNDERSTOOD_NOT)]
    assert heard or (told and min(told) <= said + REACTION)


def test_no_tone_sounds_into_a_drop_for_what_is_not_understood(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.LISTENING)
    stage.deliver(NotUnderstood(stage.now))
    assert "tone.pardon" not in stage.said()
    stage.wait_for(State.HOLDING)
    stage.wait(0.7)
    stage.deliver(NotUnderstood(stage.now))
    assert "tone.pardon" not in stage.said()
    assert stage.said().count("not_understood.exercising") == 1


def test_repeat_says_the_briefing_again(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.say(Intent.REPEAT)
    stage.wait_for(State.COUNTING_IN)
    assert stage.said().count("briefing") == 2


def test_what_is_asked_in_the_rest_does_not_stop_the_rest(stage: Stage) -> None:
    stage.say(Intent.START)
    for _ in range(4):
        stage.drop()
    stage.say(Intent.HOW_MANY_LEFT)
    assert "left.sets" in stage.said()
    stage.wait_for(State.COUNTING_IN)


def test_too_much_noise_is_said_and_nothing_is_guessed() -> None:
    stage = Stage.set_up(can_hear=False)
    stage.say(Intent.START)
    stage.drop()
    stage.wait_for(State.PAUSING)
    assert "noise.too_loud" in stage.said()
    assert stage.said()[-1] == "count"
    assert outcomes(stage) == []
    stage.wait_for(State.RISING)
    assert outcomes(stage) == [Outcome.NOT_HEARD]
    assert not any(isinstance(action, OpenWindow) for action in stage.actions)


def test_in_noise_it_checks_in_once_a_set() -> None:
    stage = Stage.set_up(today(beginner=plan(repetitions=10)), can_hear=False)
    stage.say(Intent.START)
    stage.wait_for(State.CHECKING_IN)
    stage.wait(5)
    stage.say(Intent.YES)
    stage.wait_for(State.RESTING)
    assert stage.said().count("check_in.again") == 1


def test_what_noise_hides_counts_for_who_says_that_it_was_done() -> None:
    stage = Stage.set_up(today(beginner=plan(sets=1)), can_hear=False)
    stage.say(Intent.START)
    for number in range(4):
        stage.wait_for(State.LISTENING)
        stage.wait_for(State.PAUSING)
        if number != 1:
            stage.say(Intent.YES)
    stage.wait_for(State.FEELING)
    assert outcomes(stage) == [Outcome.TOLD, Outcome.NOT_HEARD, Outcome.TOLD, Outcome.TOLD]
    assert stage.said().count("noise.too_loud") == 1


def test_a_yes_to_a_drop_that_can_be_heard_counts_nothing(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.wait_for(State.PAUSING)
    stage.say(Intent.YES)
    assert outcomes(stage) == [Outcome.NOT_HEARD]


UNDERSTOOD_NOT = ("not_understood", "tone.pardon")

REST_DAY = Refusal("refused.rest_day", {"level": "beginner", "days": 1}, True, plan())


def test_a_rest_day_takes_an_explicit_second_phrase() -> None:
    stage = Stage.set_up(today(beginner=REST_DAY))
    stage.say(Intent.START)
    assert stage.state is State.CONFIRMING
    stage.say(Intent.YES)
    assert stage.state is State.CONFIRMING
    stage.say(Intent.START_ANYWAY)
    assert stage.is_in(State.BRIEFING)
    assert stage.entries[0] == SessionStarted(stage.now, "beginner", 2, 4, "refused.rest_day")


def test_silence_is_never_consent() -> None:
    stage = Stage.set_up(today(beginner=REST_DAY))
    stage.say(Intent.START)
    stage.wait_for(State.ASLEEP)
    assert stage.entries == []


def test_yes_begins_the_safe_alternative_to_a_level_asked_for_too_early() -> None:
    early = Refusal("refused.too_early", {"level": "advanced"}, False, plan("intermediate"))
    stage = Stage.set_up(today(advanced=early))
    stage.say(Intent.START, "advanced")
    stage.say(Intent.YES)
    assert stage.entries == [SessionStarted(stage.now, "intermediate", 2, 4)]


def test_a_refusal_without_alternative_begins_nothing() -> None:
    capped = Refusal("refused.daily_cap", {"level": "beginner"}, False, None)
    stage = Stage.set_up(today(beginner=capped))
    stage.say(Intent.START)
    stage.wait_for(State.ASLEEP)
    stage.say(Intent.START_ANYWAY)
    assert stage.entries == []


def paused_for_good(stage: Stage) -> list[str]:
    """Return what is said, from a pause on, to somebody who never comes back."""
    said = len(stage.spoken)
    stage.wait_for(State.ASLEEP, within=600.0)
    return [cue.name for _, cue in sorted(stage.spoken, key=lambda item: item[0])[said:]]


def test_a_pause_is_mentioned_again_four_times_and_then_ends_the_session(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.drop()
    stage.say(Intent.PAUSE)
    assert stage.said()[-1] == "paused"
    assert paused_for_good(stage).count("paused") == 4
    assert ended(stage) is EndReason.INTERRUPTED


def test_a_pause_for_lost_sound_waits_as_long_from_when_it_is_back(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.drop()
    stage.deliver(SoundLost(stage.now))
    stage.wait(100)
    stage.deliver(SoundBack(stage.now))
    assert paused_for_good(stage).count("paused") == 4


def test_repeat_says_nothing_again_that_merely_leads_on() -> None:
    stage = reach(State.RESTING)
    stage.say(Intent.PAUSE)
    stage.wait(2)
    stage.say(Intent.RESUME)
    stage.wait(2)
    assert stage.said()[-1] == "resumed"
    stage.say(Intent.REPEAT)
    assert stage.said()[-1] == "paused"


def test_repeat_asks_after_a_set_how_it_felt_and_no_more() -> None:
    stage = reach(State.FEELING)
    stage.wait(5)
    stage.say(Intent.REPEAT)
    assert stage.said()[-2:] == ["feel", "feel"]


def test_repeat_says_the_offer_again_that_was_declined() -> None:
    stage = reach(State.CONFIRMING)
    stage.say(Intent.NO)
    stage.wait(1)
    assert stage.said()[-1] == "declined"
    stage.say(Intent.REPEAT)
    assert stage.said()[-1] == "confirm_anyway"


def test_a_landing_is_in_keeping_with_what_was_learnt_unless_the_ear_says_otherwise(
    stage: Stage,
) -> None:
    stage.say(Intent.START)
    for _ in range(8):
        stage.wait_for(State.LISTENING)
        stage.wait(0.3)
        stage.deliver(Thump(stage.now, stage.now - to_samples(0.07), 0.0))
    stage.wait_for(State.ASLEEP)
    assert outcomes(stage) == [Outcome.HEARD] * 8
    assert "calibrate" not in tried(stage)


def test_to_start_anyway_cuts_the_question_short() -> None:
    stage = Stage.set_up(
        today(beginner=Refusal("refused.rest_day", {"level": "beginner"}, True, plan()))
    )
    stage.say(Intent.START)
    assert any(isinstance(action, Hush) for action in stage.say(Intent.START_ANYWAY))


def test_lost_sound_holds_the_session_until_resumed(stage: Stage) -> None:
    stage.say(Intent.START)
    stage.drop()
    stage.deliver(SoundLost(stage.now))
    assert stage.state is State.PAUSED
    stage.deliver(SoundBack(stage.now))
    assert stage.said()[-1] == "fault.recovered"
    stage.say(Intent.RESUME)
    stage.drop()
    assert outcomes(stage) == [Outcome.HEARD] * 2


def test_new_plans_are_what_the_next_start_begins(stage: Stage) -> None:
    stage.deliver(PlansMade(stage.now, today(beginner=REST_DAY)))
    stage.deliver(Command(stage.now, Intent.START))
    assert stage.state is State.CONFIRMING


def test_cues_are_equal_whatever_the_order_of_their_slots() -> None:
    assert Cue.of("left", a=1, b=2) == Cue.of("left", b=2, a=1)
