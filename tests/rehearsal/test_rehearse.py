"""Whole sessions, rehearsed: the real voice, mixer, thump ear and diary; commands by script.

The spoken commands are scripted here so that these hold whatever recogniser is installed;
`tests/integration` has them heard.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.rehearsals import Rehearsals, Rehearsed
from voice_coach.clock import to_samples
from voice_coach.coach import State
from voice_coach.coach.grading import grade
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.programme.ledger import Complaint, EndReason, Outcome
from voice_coach.programme.rules import load_rules
from voice_coach.programme.screening import questions
from voice_coach.rehearsal import Rehearsal, Scenario, rehearse
from voice_coach.rehearsal.scenario import shipped
from voice_coach.rehearsal.timeline import draw
from voice_coach.sound.audio_files import read_recording
from voice_coach.speaking import Script, Voice

CHEST_PAIN = Path(__file__).with_name("chest_pain.toml")
EVERYDAY_WORDS = Path(__file__).with_name("everyday_words.toml")

COUNT_IN = 3.0
"""Seconds of counting in, which the calibration of the rehearsal stands before."""

CALIBRATED = (
    "beginner",
    "first-time",
    "household",
    "impatient",
    "noisy-intermediate",
    "pain",
    "soft-drops",
    "stopped",
)
"""The scenarios in which somebody is calibrated."""

TOO_FAINT = "noisy-intermediate"
"""The one in which the tap runs by the gentle drop of the calibration."""


@pytest.fixture(scope="session")
def voice(script: Script, voice_cache: Path) -> Voice:
    return Voice(script, cache=voice_cache / "clips")


def test_how_far_apart_heels_come_is_written_into_the_diary_and_told_nowhere(
    rehearsed: Rehearsals,
) -> None:
    rehearsed.of("beginner")
    folder = rehearsed.folder / "beginner"
    with Diary.open(folder / "diary") as diary:
        (session,) = diary.sessions()
    lags = [each.lag_ms for each in session.repetitions]
    assert len([lag for lag in lags if lag is not None]) >= 3
    assert all(each.thump_at is not None for each in session.repetitions if each.lag_ms is not None)
    assert "lag" not in (folder / "session.json").read_text("utf-8")


def test_the_shipped_scenarios_are_the_ones_that_are_tested_here() -> None:
    assert shipped() == [
        "beginner",
        "blocked",
        "first-time",
        "household",
        "impatient",
        "lesson",
        "noisy-intermediate",
        "pain",
        "second-day",
        "soft-drops",
        "stopped",
    ]


def test_a_clean_session_is_heard_to_the_last_drop(rehearsed: Rehearsals) -> None:
    transcript = rehearsed.of("beginner").transcript
    assert transcript.ended == EndReason.COMPLETED
    assert len(transcript.repetitions) == 20
    assert transcript.tally.not_heard == 0


@pytest.mark.parametrize("name", shipped())
def test_what_is_counted_has_really_landed(rehearsed: Rehearsals, name: str) -> None:
    rehearsal = rehearsed.of(name)
    landings = [landing.at / 16_000 for landing in rehearsal.person.landings]
    for repetition in rehearsal.transcript.repetitions:
        if repetition.thump_at is not None:
            assert min(abs(repetition.thump_at / 16_000 - at) for at in landings) < 0.05


@pytest.mark.parametrize("name", shipped())
def test_what_was_left_out_is_not_counted(rehearsed: Rehearsals, name: str) -> None:
    rehearsal = rehearsed.of(name)
    for number in rehearsal.scenario.person.misses:
        repetition = rehearsal.transcript.repetitions[number - 1]
        assert repetition.outcome is Outcome.NOT_HEARD, number


def test_soft_landings_are_never_taken_for_good_ones(rehearsed: Rehearsals) -> None:
    rehearsal = rehearsed.of("soft-drops")
    for number in rehearsal.scenario.person.soft:
        outcome = rehearsal.transcript.repetitions[number - 1].outcome
        assert outcome in {Outcome.SOFT, Outcome.UNSURE, Outcome.NOT_HEARD}


def test_stop_ends_the_session_and_silences_the_speaker(rehearsed: Rehearsals) -> None:
    rehearsal = rehearsed.of("stopped")
    assert rehearsal.transcript.ended == EndReason.STOPPED
    stop = next(e for e in rehearsal.transcript.events if e.get("intent") == "stop")
    said = read_recording(rehearsed.folder / "stopped" / "speaker.wav")
    silent = said[to_samples(stop["at"] + 0.1) : to_samples(stop["at"] + 0.25)]
    assert not silent.any()
    assert not any(
        cue["start"] > stop["at"] for cue in rehearsal.transcript.cues if cue["cue"] == "rise"
    )


@pytest.mark.parametrize("name", CALIBRATED)
def test_soft_is_graded_by_this_persons_own_gentle_drop(rehearsed: Rehearsals, name: str) -> None:
    transcript = rehearsed.of(name).transcript
    finished = [e for e in transcript.events if e["kind"] == "CalibrationFinished"]
    assert [event["problem"] for event in finished] == [None, None]
    assert [event["microphone"] for event in finished] == [(), ()]
    thumps = [
        event
        for event in transcript.events
        if event["kind"] == "Thump" and event["state"] is not State.CALIBRATING
    ]
    (gentle_db,) = {event["gentle_db"] for event in thumps}
    (shift,) = {event["soft_shift_db"] for event in thumps}
    assert (gentle_db is None) == (shift == 0.0) == (name == TOO_FAINT)
    usual = load_rules().firmness["moderate"].band
    band = usual.of_person(gentle_db)
    assert band.soft_below_db == usual.soft_below_db + shift
    for repetition in transcript.repetitions:
        if repetition.level_db is not None:
            assert repetition.outcome is grade(repetition.level_db, band), repetition


def test_a_gentle_drop_that_stays_away_or_is_too_faint_changes_nothing(
    voice: Voice, tmp_path: Path
) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(
        'title = "x"\n[kitchen]\nfloor = "tile"\n[person]\ngentleness = 0.001\n'
        '[[person.says]]\ntext = "start beginner"\nat = 4.0\n'
        '[[person.says]]\ntext = "stop"\ncue = "rise"\nnth = 7\nafter = 0.8\n'
    )
    transcript = rehearse(Scenario.load(str(path)), voice).transcript
    finished = [e for e in transcript.events if e["kind"] == "CalibrationFinished"]
    assert [event["problem"] for event in finished] == [None, None]
    thumps = [e for e in transcript.events if e["kind"] == "Thump"]
    assert {(e["gentle_db"], e["soft_shift_db"]) for e in thumps} == {(None, 0.0)}
    assert transcript.tally.good == 2


UNHEARD = """
title = "x"
[[kitchen.noises]]
kind = "tap"
level_db = 86.0
[person.answers]
check_in = "yes i'm fine"
[[person.says]]
text = "start beginner"
at = 4.0
[[person.says]]
text = "stop"
cue = "count"
nth = 5
after = 1.5
"""
"""The tap drowns these heels."""


def test_whose_heels_are_not_heard_is_asked_and_counted_for(voice: Voice, tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(UNHEARD)
    transcript = rehearse(Scenario.load(str(path)), voice).transcript
    cues = [cue["cue"] for cue in transcript.cues]
    assert cues.count("calibration.too_noisy") == 1
    assert cues.index("calibration.offer") < cues.index("calibration.counting")
    assert cues.index("calibration.counting") < cues.index("rise", cues.index("count_in"))
    assert transcript.tally.not_heard == len(transcript.repetitions) == 5
    assert transcript.ended == EndReason.STOPPED
    assert not any(event["kind"] == "Thump" for event in transcript.events)


@pytest.mark.parametrize("name", sorted({*shipped()} - {"blocked", "lesson"}))
def test_the_diary_holds_what_the_session_said(rehearsed: Rehearsals, name: str) -> None:
    rehearsal = rehearsed.of(name)
    assert rehearsal.transcript.level is not None
    person = "ben" if rehearsal.scenario.people else ""
    with Diary.open(rehearsed.folder / name / "diary" / person) as diary:
        session = diary.sessions()[-1]
    assert session.reason == rehearsal.transcript.ended
    # How far the heels landed apart is the diary's alone.
    assert all(each.lag_ms is None or 0 <= each.lag_ms <= 60 for each in session.repetitions)
    kept = [replace(each, lag_ms=None) for each in session.repetitions]
    assert kept == rehearsal.transcript.repetitions
    assert session.tally == rehearsal.transcript.tally


def said(rehearsal: Rehearsed | Rehearsal) -> list[str]:
    return [cue["cue"] for cue in rehearsal.transcript.cues]


def entries(rehearsal: Rehearsed | Rehearsal, kind: str) -> list[dict[str, Any]]:
    actions = rehearsal.transcript.actions
    written = [action["entry"] for action in actions if action["kind"] == "Record"]
    return [entry for entry in written if entry["kind"] == kind]


def test_a_first_time_user_is_asked_everything_before_the_first_drop(
    rehearsed: Rehearsals,
) -> None:
    rehearsal = rehearsed.of("first-time")
    cues = said(rehearsal)
    asked = [cue for cue in cues if cue.startswith("ask.")]
    screening = [q.cue for q in questions("screening") if q.within in {"", "balance"}]
    assert asked == [*screening, *(q.cue for q in questions("readiness"))]
    assert cues.index("advise.balance") < cues.index("ask.well")
    assert cues.index("caution") < cues.index("rise")
    assert max(cues.index(cue) for cue in asked) < cues.index("rise")
    assert rehearsal.transcript.ended == EndReason.COMPLETED
    assert [entry["feeling"] for entry in entries(rehearsal, "SetFelt")] == ["easy", "easy"]


def test_a_blocked_user_hears_why_and_starts_nothing(rehearsed: Rehearsals) -> None:
    rehearsal = rehearsed.of("blocked")
    cues = said(rehearsal)
    assert cues.count("block.recent_fracture") == 2
    assert "refused.blocked" in cues
    assert cues[-1] == "screening.what_to_do"
    assert "rise" not in cues
    assert entries(rehearsal, "SessionStarted") == []


def test_pain_after_the_first_set_ends_the_session_kindly(rehearsed: Rehearsals) -> None:
    rehearsal = rehearsed.of("pain")
    assert rehearsal.transcript.ended == EndReason.STOPPED
    assert len(rehearsal.transcript.repetitions) == 10
    assert said(rehearsal)[-2:] == ["complaint.ended", "answer.pain"]
    with Diary.open(rehearsed.folder / "pain" / "diary") as diary:
        assert diary.history().open_pains


def test_chest_pain_told_at_whose_plan_ends_it_and_is_written_down(
    voice: Voice, tmp_path: Path
) -> None:
    rehearsal = rehearse(Scenario.load(str(CHEST_PAIN)), voice, out=tmp_path)
    assert [cue for cue in said(rehearsal) if cue != "ready"] == [
        "whose",
        "whose",
        "whose.ask",
        "answer.chest_pain",
    ]
    assert rehearsal.transcript.states[-1][1] == "asleep"
    assert not rehearsal.transcript.repetitions
    (complained,) = entries(rehearsal, "Complained")
    assert complained["complaint"] == Complaint.CHEST_PAIN
    with Diary.open(tmp_path / "diary" / "anna") as diary:  # who was here last
        assert [pain.kind for pain in diary.history().open_pains] == [Complaint.CHEST_PAIN]


def test_an_impatient_user_must_insist_and_that_is_written_down(rehearsed: Rehearsals) -> None:
    rehearsal = rehearsed.of("impatient")
    assert "refused.rest_day" in said(rehearsal)
    (start,) = entries(rehearsal, "SessionStarted")
    assert (start["level"], start["overrode"]) == ("beginner", "refused.rest_day")


def test_in_a_household_of_two_each_has_their_own(rehearsed: Rehearsals) -> None:
    rehearsal = rehearsed.of("household")
    cues = said(rehearsal)
    assert cues.index("whose.ask") < cues.index("ask.well")
    assert len(rehearsal.transcript.repetitions) == 6
    assert cues[-2:] == ["person", "refused.cap"]
    for name, days in (("anna", 1), ("ben", 1)):
        with Diary.open(rehearsed.folder / "household" / "diary" / name) as diary:
            assert len(diary.history().sessions) == days


def test_a_lesson_plays_both_thumps_and_counts_nothing(rehearsed: Rehearsals) -> None:
    rehearsal = rehearsed.of("lesson")
    cues = said(rehearsal)
    assert cues.index("tone.thump_good") < cues.index("tone.thump_soft") < cues.index("ask.well")
    assert cues.index("ask.place") < cues.index("tone.drop")
    assert len(rehearsal.person.landings) == 3
    assert entries(rehearsal, "SessionStarted") == []
    windows = [a for a in rehearsal.transcript.actions if a["kind"] == "OpenWindow"]
    thumps = [c for c in rehearsal.transcript.cues if c["cue"].startswith("tone.thump")]
    assert not any(w["start"] < t["end"] and t["start"] < w["end"] for w in windows for t in thumps)


def test_on_a_usual_day_little_is_said_before_the_first_rise(rehearsed: Rehearsals) -> None:
    cues = rehearsed.of("beginner").transcript.cues
    before = cues[1 : next(i for i, cue in enumerate(cues) if cue["cue"] == "rise")]
    usual = [cue for cue in before if not cue["cue"].startswith("calibration.")]
    seconds = sum(cue["end"] - cue["start"] for cue in usual)
    assert seconds + COUNT_IN < 30


def test_words_of_the_coach_are_no_thumps(rehearsed: Rehearsals) -> None:
    rehearsal = rehearsed.of("beginner")
    thumps = [
        event["landed"]
        for event in rehearsal.transcript.events
        if event["kind"] == "Thump" and event["state"] is not State.CALIBRATING
    ]
    landings = [landing.at / 16_000 for landing in rehearsal.person.landings]
    for thump in thumps:
        assert min(abs(thump - at) for at in landings) < 0.05


@pytest.mark.slow
def test_the_same_seed_gives_the_same_session_byte_for_byte(
    rehearsed: Rehearsals, voice: Voice, tmp_path: Path
) -> None:
    rehearsed.of("stopped")
    rehearse(Scenario.load("stopped"), voice, out=tmp_path)
    first = rehearsed.folder / "stopped"
    for name in ("session.json", "microphone.wav", "speaker.wav", "diary/diary.sqlite3"):
        assert (first / name).read_bytes() == (tmp_path / name).read_bytes()
    with Diary.open(first / "diary") as one, Diary.open(tmp_path / "diary") as other:
        assert one.sessions() == other.sessions()


def test_the_time_of_day_is_that_of_the_scenario_and_the_sound_since(
    rehearsed: Rehearsals,
) -> None:
    rehearsal = rehearsed.of("stopped")
    (start,) = entries(rehearsal, "SessionStarted")
    with Diary.open(rehearsed.folder / "stopped" / "diary") as diary:
        began = diary.sessions()[-1].started - rehearsal.scenario.started
    assert began.total_seconds() == pytest.approx(start["at"], abs=0.02)


@pytest.mark.slow
def test_another_seed_gives_another_session(
    rehearsed: Rehearsals, voice: Voice, tmp_path: Path
) -> None:
    rehearsed.of("stopped")
    rehearse(Scenario.load("stopped"), voice, seed=99, out=tmp_path)
    one, other = (
        json.loads((folder / "session.json").read_text())["person"]
        for folder in (rehearsed.folder / "stopped", tmp_path)
    )
    assert one != other


def test_the_session_file_and_the_picture_can_be_read(rehearsed: Rehearsals) -> None:
    rehearsed.of("stopped")
    folder = rehearsed.folder / "stopped"
    session = json.loads((folder / "session.json").read_text())
    assert session["prompted"] == len(session["repetitions"])
    assert {event["kind"] for event in session["events"]} >= {"Command", "Thump", "TimeReached"}
    microphone = read_recording(folder / "microphone.wav")
    assert len(microphone) == len(read_recording(folder / "speaker.wav"))
    assert len(microphone) == to_samples(session["seconds"])
    assert np.abs(microphone).max() < 1.0
    picture = draw(folder).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000


def test_an_unknown_scenario_is_answered_with_those_there_are() -> None:
    with pytest.raises(UserError, match="beginner, blocked"):
        Scenario.load("nonsense")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("title = 3", "title"),
        ('title = "x"\n[person]\nreaction = "quick"', "reaction"),
        ('title = "x"\n[person]\njumps = 3', "jumps"),
        ('title = "x"\n[[person.says]]\ntext = "stop"', "needs either"),
        ("title = ", "mistake"),
    ],
)
def test_a_mistake_in_a_scenario_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(text)
    with pytest.raises(UserError, match=complaint):
        Scenario.load(str(path))


def test_a_floor_that_is_not_there_is_named(voice: Voice, tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text('title = "x"\n[kitchen]\nfloor = "lava"')
    with pytest.raises(UserError, match="lava"):
        rehearse(Scenario.load(str(path)), voice)


def test_a_session_that_never_ends_is_broken_off(voice: Voice, tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(
        'title = "x"\nlongest = 20.0\n[[person.says]]\ntext = "start beginner"\nat = 1.0'
    )
    with pytest.raises(UserError, match="has not come to its end in 20 s"):
        rehearse(Scenario.load(str(path)), voice)
