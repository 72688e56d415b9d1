"""Where things lie that research reads and writes."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The folder of the repository."""

DATA = Path(os.environ.get("VOICE_COACH_DATA", ROOT.parent / "shared" / "data"))
"""Other people's recordings; see README.md."""

MODEL_CACHE = ROOT.parent / "model-cache"
"""What making the recogniser has come to so far: voices, alignments, checkpoints."""
