"""A bundle: what is in it, and that nothing else can be."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from voice_coach.errors import UserError
from voice_coach.home.bundle import LARGEST, Bundle, Kind, Piece

RNG = np.random.default_rng(1)


def piece(kind: Kind = Kind.GOOD, landed: int | None = 12_800) -> Piece:
    sound = np.round(RNG.uniform(-3000, 3000, 22_400)) / np.float32(32768)
    return Piece(kind, 8_000, landed, sound.astype(np.float32), np.zeros(22_400, np.float32))


BUNDLE = Bundle("slippers", None, "webcam", "2026-11", (piece(), piece(Kind.NOTHING, None)))


def test_what_was_written_is_read_to_the_last_bit(tmp_path: Path) -> None:
    file = tmp_path / "heels.zip"
    file.write_bytes(BUNDLE.as_bytes())
    read = Bundle.read(file)
    for name in ("footwear", "floor", "microphone", "month"):
        assert getattr(read, name) == getattr(BUNDLE, name)
    for ours, theirs in zip(BUNDLE.pieces, read.pieces, strict=True):
        assert (theirs.kind, theirs.cue, theirs.landed) == (ours.kind, ours.cue, ours.landed)
        np.testing.assert_array_equal(theirs.sound, ours.sound)
        np.testing.assert_array_equal(theirs.own, ours.own)


def test_it_tells_no_day_no_machine_and_no_user() -> None:
    with zipfile.ZipFile(io.BytesIO(BUNDLE.as_bytes())) as file:
        assert {member.date_time for member in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {member.filename for member in file.infolist()} == {
            "about.json", "piece-1.flac", "piece-2.flac"
        }  # fmt: skip
        assert not any(member.comment or member.extra for member in file.infolist())
        about = json.loads(file.read("about.json"))
        assert set(about) == {"format", "footwear", "floor", "microphone", "month", "pieces"}
        assert about["month"] == "2026-11"
        assert set(about["pieces"][0]) == {"asked", "cue", "landed"}


def test_the_same_pieces_give_the_same_bytes() -> None:
    assert BUNDLE.as_bytes() == BUNDLE.as_bytes()


def altered(**about: object) -> bytes:
    """Return a bundle whose description says something else."""
    with zipfile.ZipFile(io.BytesIO(BUNDLE.as_bytes())) as file:
        known = {**json.loads(file.read("about.json")), **about}
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as new:
            new.writestr("about.json", json.dumps(known))
            for member in file.infolist()[1:]:
                new.writestr(member.filename, file.read(member))
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x05\x06" + bytes(18),
        BUNDLE.as_bytes()[:-200],
        altered(month="2026-11-28"),
        altered(footwear="Anna's shoes"),
        altered(address="7 High Street"),
        altered(format=2),
        altered(pieces=[]),
        altered(pieces=[{"asked": "good", "cue": 23_000, "landed": None}]),
        altered(pieces=[{"asked": "good", "cue": 1, "landed": None}] * 41),
        altered(pieces=[{"asked": "good", "cue": 1, "landed": None}] * 3),
        bytes(LARGEST + 1),
    ],
    ids=range(12),
)
def test_what_is_no_bundle_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "heels.zip"
    file.write_bytes(content)
    with pytest.raises(UserError, match="is no bundle of thumps"):
        Bundle.read(file)
