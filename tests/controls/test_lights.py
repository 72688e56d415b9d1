"""LEDs are found by their names, lit and put out, and given back."""

from pathlib import Path

from tests.controls.machine import brightness, led
from voice_coach.controls.lights import Lights


def test_a_machine_without_any(tmp_path: Path) -> None:
    lights = Lights(sysfs=tmp_path / "leds")
    lights.show("muted", True)
    assert lights.names == {}


def test_leds_of_the_usual_names_are_found_and_put_out(tmp_path: Path) -> None:
    ours = [led(tmp_path, name) for name in ("listening", "platform:red:mute", "trouble")]
    other = led(tmp_path, "ACT", shows="mmc0")
    lights = Lights(sysfs=tmp_path / "leds")
    assert lights.names == {
        "listening": "listening",
        "muted": "platform:red:mute",
        "trouble": "trouble",
    }
    assert [brightness(folder) for folder in ours] == [0, 0, 0]
    assert brightness(other) == 255


def test_a_light_is_as_bright_as_it_can_be_and_dark_again(tmp_path: Path) -> None:
    folder = led(tmp_path, "heard", full=31)
    lights = Lights(sysfs=tmp_path / "leds")
    lights.show("heard", True)
    assert brightness(folder) == 31
    lights.show("heard", False)
    assert brightness(folder) == 0


def test_an_led_that_is_named_is_taken_from_the_kernel_and_given_back(tmp_path: Path) -> None:
    folder = led(tmp_path, "ACT", shows="mmc0")
    lights = Lights({"listening": "ACT"}, tmp_path / "leds")
    assert (folder / "trigger").read_text() == "none"
    lights.show("listening", True)
    assert brightness(folder) == 255
    lights.close()
    assert brightness(folder) == 0
    assert (folder / "trigger").read_text() == "mmc0"


def test_an_led_that_may_not_be_written_is_told_of(tmp_path: Path) -> None:
    folder = led(tmp_path, "muted")
    (folder / "trigger").unlink()
    (folder / "trigger").mkdir()
    lights = Lights(sysfs=tmp_path / "leds")
    assert lights.names == {}
    assert list(lights.refused) == ["muted"]


def test_an_led_that_is_taken_away_is_missed_by_nobody(tmp_path: Path) -> None:
    folder = led(tmp_path, "muted")
    lights = Lights(sysfs=tmp_path / "leds")
    (folder / "brightness").unlink()
    (folder / "brightness").mkdir()
    lights.show("muted", True)
    lights.show("muted", False)
    assert lights.names == {}
