"""The image of a card: what somebody puts on it is taken over, and what is kept outlives that."""

import subprocess
from pathlib import Path

import pytest

from tools.image.__main__ import MASKED, OVERLAY
from voice_coach.home.settings import Settings

SCRIPTS = sorted((OVERLAY / "usr/lib/voice-coach-image").iterdir())
TAKE_OVER = OVERLAY / "usr/lib/voice-coach-image/take-over"


class Card:
    """The partition that any computer can write, and where the speaker reads."""

    def __init__(self, root: Path) -> None:
        self.boot, self.own = root / "boot", root / "own"
        self.boot.mkdir()

    def switch_on(self) -> str:
        done = subprocess.run(
            [TAKE_OVER, self.boot, self.own], capture_output=True, text=True, check=True
        )
        return done.stdout

    @property
    def settings(self) -> Settings:
        return Settings.load(self.own / "settings.toml")


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_its_scripts_can_be_read_by_the_shell(script: Path) -> None:
    done = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert script.stat().st_mode & 0o111


def test_a_new_card_has_everything_as_it_comes(card: Card) -> None:
    assert card.switch_on() == ""
    assert card.settings == Settings()


def test_settings_are_taken_over_once_and_again_when_they_change(card: Card) -> None:
    (card.boot / "settings.toml").write_text("volume_db = -6\r\n")
    assert card.switch_on() == "taken over: settings.toml\n"
    assert card.settings.volume_db == -6
    assert card.switch_on() == ""
    (card.boot / "settings.toml").write_text("volume_db = 3\n")
    card.switch_on()
    assert card.settings.volume_db == 3


def test_what_is_taken_off_the_card_again_still_holds(card: Card) -> None:
    (card.boot / "settings.toml").write_text("volume_db = -6\n")
    card.switch_on()
    (card.boot / "settings.toml").unlink()
    card.switch_on()
    assert card.settings.volume_db == -6


def test_a_prescription_alone_is_followed(card: Card) -> None:
    (card.boot / "prescription.toml").write_text('signed_by = "A"\n')
    card.switch_on()
    card.switch_on()
    assert card.settings.prescription == card.own / "prescription.toml"


def test_a_prescription_beside_settings_that_say_nothing_of_it_is_followed(card: Card) -> None:
    (card.boot / "prescription.toml").write_text('signed_by = "A"\n')
    (card.boot / "settings.toml").write_text("[controls]\nmute_stays = true\n")
    card.switch_on()
    assert card.settings.prescription == card.own / "prescription.toml"
    assert card.settings.controls.mute_stays


def test_of_several_people_each_has_the_prescription_that_is_named(card: Card) -> None:
    (card.boot / "prescription.toml").write_text('signed_by = "A"\n')
    (card.boot / "settings.toml").write_text(
        '[people.anna]\nprescription = "prescription.toml"\n[people.ben]\n'
    )
    card.switch_on()
    assert card.settings.prescription is None
    assert card.settings.people["anna"].prescription == card.own / "prescription.toml"


def test_the_system_is_only_read_and_what_is_kept_has_a_place() -> None:
    lines = (OVERLAY / "etc/fstab").read_text(encoding="utf-8").splitlines()
    mounted = {
        words[1]: words for line in lines if not line.startswith("#") and (words := line.split())
    }
    assert mounted["/"][3].split(",")[0] == "ro"
    assert mounted["/boot/firmware"][3].split(",")[0] == "ro"
    assert mounted["/var/lib/voice-coach"][0] == "/data/lib"
    assert mounted["/data"][3].split(",")[0] == "rw"
    assert {"/tmp", "/var/log"} <= {path for path, words in mounted.items() if words[2] == "tmpfs"}


def test_nobody_can_log_in() -> None:
    assert {"getty.target", "console-getty.service"} <= set(MASKED)
