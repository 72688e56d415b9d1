"""What is kept of a calibration, when asked for: the sound, and where to look for which drop."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from voice_coach.coach import Cue
from voice_coach.home.heel_store import kept_sound
from voice_coach.home.observer import Sounding
from voice_coach.home.sound_keeper import SoundKeeper
from voice_coach.sound.audio_files import read_recording
from voice_coach.sound.block import Block

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_good_and_gentle_drops_are_told_apart(tmp_path: Path) -> None:
    keeper = SoundKeeper(tmp_path, tmp_path / "heels")
    sound = np.full(16_000, 0.25, np.float32)
    keeper.hear(Block(0, sound, sound))
    cues = ["rise", "tone.drop", "tone.drop", "calibration.gentle", "rise", "tone.drop"]
    for second, name in enumerate(cues):
        keeper.sounding(Sounding(16_000 * second, 16_000 * second + 1, Cue(name), ""))
    path = keeper.save(NOW)
    assert len(read_recording(path)) == 16_000
    assert json.loads(path.with_suffix(".json").read_text()) == {
        "drop_cues_s": [1.0, 2.0],
        "gentle_cues_s": [5.0],
    }
    assert path.name == "calibration-20260302-090000.wav"
    assert kept_sound(tmp_path / "heels") == [path]
    for kept in tmp_path.iterdir():
        assert kept.stat().st_mode & 0o077 == 0
