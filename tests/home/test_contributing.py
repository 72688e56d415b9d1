"""What is cut out of a kept calibration: the thumps and the room, and nobody's words."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.home.kept import CUES, GENTLE, LANDS, NEIGHBOUR, kept_calibration
from tests.rehearsals import Rehearsals
from voice_coach.clock import to_samples, to_seconds
from voice_coach.hearing.commands.model_store import choose
from voice_coach.hearing.commands.phone_network import PhoneWeights
from voice_coach.hearing.commands.speech_check import SPEECH, most_phones, phones_heard
from voice_coach.home.bundle import Kind
from voice_coach.home.contributing import LENGTH, NEAR, Cut, cut
from voice_coach.home.kept_sound import Circumstances, KeptSound
from voice_coach.simulation import Noise
from voice_coach.sound.audio_files import read_recording


@cache
def phones() -> PhoneWeights:
    weights = PhoneWeights.of_model(choose().path)
    assert weights is not None
    return weights


def made_of(kept: KeptSound) -> tuple[list[Cut], list[Cut]]:
    """Return what became of the prompted drops, and of the room."""
    cuts = cut(kept, phones())
    prompted = [each for each in cuts if each.kind is not Kind.NOTHING]
    return prompted, [each for each in cuts if each.kind is Kind.NOTHING]


def test_every_prompted_drop_and_some_of_the_room_are_cut_out() -> None:
    prompted, room = made_of(kept_calibration())
    assert [each.kind for each in prompted] == [Kind.GOOD] * 3 + [Kind.GENTLE]
    for each in prompted:
        assert each.piece is not None
        assert not each.spoken
        assert len(each.piece.sound) == len(each.piece.own) == LENGTH
        assert each.piece.landed is not None
        assert to_seconds(each.piece.landed - each.piece.cue) == pytest.approx(LANDS, abs=0.02)
    assert len(room) >= 4
    for each in room:
        assert each.piece is not None
        assert not each.piece.own.any()


@pytest.mark.parametrize(("begins", "level_db"), [(-0.9, 66.0), (-0.3, 54.0), (0.1, 60.0)])
def test_a_drop_over_which_somebody_speaks_is_left_out(begins: float, level_db: float) -> None:
    prompted, _ = made_of(kept_calibration((CUES[1] + begins, NEIGHBOUR), level_db=level_db))
    assert [each.piece is None for each in prompted] == [False, True, False, False]
    assert prompted[1].spoken


def test_words_after_a_landing_are_cut_off() -> None:
    after = 0.72
    prompted, _ = made_of(kept_calibration((CUES[1] + after, NEIGHBOUR)))
    piece = prompted[1].piece
    assert piece is not None
    assert prompted[1].spoken
    assert to_samples(0.5 + LANDS + 0.3) <= len(piece.sound) <= to_samples(0.5 + after) + 320


@pytest.mark.parametrize("word", ["no", "Anna"])
def test_one_word_with_the_landing_is_found(word: str) -> None:
    prompted, _ = made_of(kept_calibration((CUES[2] + LANDS - 0.05, word)))
    assert prompted[2].spoken


def test_the_room_is_taken_where_nobody_speaks() -> None:
    talking = [(second, NEIGHBOUR) for second in (0.2, 5.0, 8.5)]
    _, room = made_of(kept_calibration(*talking))
    for each in room:
        assert each.piece is not None
        sound, own = each.piece.sound, each.piece.own
        assert most_phones(phones_heard(phones(), sound, own)) < SPEECH
    assert len(room) < 3


def test_nothing_is_taken_from_the_questions_before_the_drops() -> None:
    kept = kept_calibration()
    before = np.zeros(to_samples(20.0), np.float32)
    known = kept.known
    later = KeptSound(
        np.concatenate([before, kept.sound]),
        np.concatenate([before, kept.own]),
        Circumstances(
            [second + 20.0 for second in known.drop_cues_s],
            [second + 20.0 for second in known.gentle_cues_s],
        ),
    )
    cuts = cut(later, phones())
    assert len(cuts) >= 8
    assert min(each.at for each in cuts) >= to_samples(20.0 + CUES[0]) - NEAR


def test_a_running_tap_is_not_taken_for_somebody() -> None:
    prompted, _ = made_of(kept_calibration(noises=(Noise("tap"),)))
    assert sum(each.piece is not None for each in prompted) >= 3


def test_a_drop_that_is_not_heard_is_contributed_too() -> None:
    prompted, _ = made_of(kept_calibration(absent=(GENTLE,)))
    piece = prompted[3].piece
    assert piece is not None
    assert piece.landed is None


def test_a_cue_that_never_sounded_is_none() -> None:
    kept = kept_calibration()
    own = kept.own.copy()
    own[to_samples(CUES[0]) :][:8000] = 0.0
    kept = replace(kept, own=own)
    prompted, _ = made_of(kept)
    assert len(prompted) == 3


def test_a_recording_without_drops_to_learn_from_is_still_cut() -> None:
    prompted, _ = made_of(kept_calibration(absent=(*CUES, GENTLE)))
    assert all(each.piece is not None and each.piece.landed is None for each in prompted)


def test_of_a_whole_session_no_word_is_left(rehearsed: Rehearsals) -> None:
    done = rehearsed.of("beginner")
    folder = rehearsed.folder / "beginner"
    cues = [cue["start"] for cue in done.transcript.cues if cue["cue"] == "tone.drop"]
    kept = KeptSound(
        read_recording(folder / "microphone.wav"),
        read_recording(folder / "speaker.wav"),
        Circumstances([second for second in cues if second < 890.0], []),
    )
    cuts = [each for each in cut(kept, phones()) if each.piece is not None]
    assert len(cuts) >= len(kept.known.drop_cues_s)
    assert done.person.sayings
    for each in cuts:
        assert each.piece is not None
        last = each.at + len(each.piece.sound)
        assert not any(one.start < last and each.at < one.end for one in done.person.sayings)
