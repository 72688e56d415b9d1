"""Lets ``python -m voice_coach`` do what ``voice-coach`` does."""

import sys

from voice_coach.cli import main

sys.exit(main())
