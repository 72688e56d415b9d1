"""What importing the recogniser brings with it."""

import subprocess
import sys


def test_what_only_downloads_need_is_not_imported() -> None:
    code = (
        "import sys, voice_coach.hearing.commands; "
        "sys.exit('requests' in sys.modules or 'urllib3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_others_may_still_import_it() -> None:
    code = "import voice_coach.hearing.commands, requests; requests.Session()"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
