"""Render the tones of `voice_coach/speaking/tones.toml` into `audio/tones/`.

Usage: python scripts/make_tones.py
"""

import soundfile

from voice_coach import assets
from voice_coach.clock import SAMPLE_RATE
from voice_coach.speaking.tones import render, tones


def main() -> None:
    folder = assets.folder("audio") / "tones"
    folder.mkdir(parents=True, exist_ok=True)
    for name, notes in tones().items():
        sound = render(notes)
        soundfile.write(folder / f"{name}.flac", sound, SAMPLE_RATE, subtype="PCM_16")
        print(f"{name:10s} {len(sound) / SAMPLE_RATE:.3f} s")


if __name__ == "__main__":
    main()
