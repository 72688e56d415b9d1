"""What importing the recogniser brings with it."""

import subprocess
import sys


def test_what_only_downloads_need_is_not_imported() -> None:
    code = (
        "import sys, voice_coach.hearing.commands; "
        "sys.exit(any(name in sys.modules for name in ('requests', 'urllib.request', 'ssl')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_others_may_still_import_it() -> None:
    code = (
        "import voice_coach.hearing.commands, requests, urllib.request; "
        "requests.Session(); urllib.request.Request('file:///')"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
