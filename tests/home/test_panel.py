"""What a press at the machine does, and what its lights show."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.controls.machine import InputDevice, brightness, led
from tests.home.test_session_loop import Home
from voice_coach.coach import Command, Cue, Intent, State, SwitchOff, Thump
from voice_coach.home.hands import CALM, HELD
from voice_coach.home.panel import FLASH, Panel
from voice_coach.home.settings import Controls, LightNames

STOP, B, MICMUTE, SW_MUTE = 128, 48, 248, 14


class Machine:
    """A speaker at home with a button, a switch and four lights."""

    def __init__(self, root: Path, stack: ExitStack, controls: Controls | None = None) -> None:
        self.now = 100.0
        self.home = Home(root, stack)
        self.lamps = {name: led(root, name) for name in ("listening", "heard", "muted", "trouble")}
        self.button = InputDevice(root, "event0", "gpio-keys", [STOP, MICMUTE], [SW_MUTE])
        self.told: list[str] = []
        self.panel = stack.enter_context(
            Panel(
                self.told.append,
                lambda: self.now,
                input_devices=root / "input",
                devices=root / "dev",
                leds=root / "leds",
            )
        )
        self.home.loop._observers = (*self.home.loop._observers, self.panel)
        self.panel.use(controls or Controls())

    def pass_time(self, seconds: float = 0.02, *, trouble: bool = False) -> None:
        """Let `seconds` pass by the clock; the panel is served before and after."""
        self.serve(trouble=trouble)
        self.now += seconds
        self.serve(trouble=trouble)

    def serve(self, *, trouble: bool = False) -> None:
        self.panel.serve(self.home.loop, muted=False, trouble=trouble)

    def press(self, seconds: float = 0.2) -> None:
        """Press the button for so long."""
        self.button.press(STOP)
        self.pass_time(seconds)
        self.button.let_go(STOP)
        self.serve()

    @property
    def state(self) -> State:
        return self.home.loop.coach.state

    @property
    def lit(self) -> set[str]:
        return {name for name, folder in self.lamps.items() if brightness(folder)}


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def machine(tmp_path: Path, stack: ExitStack) -> Machine:
    return Machine(tmp_path, stack)


def test_where_nothing_is_going_on_the_button_begins_what_start_would(machine: Machine) -> None:
    machine.press()
    asked = [event for event in machine.home.watcher.events if isinstance(event, Command)]
    assert [command.intent for command in asked] == [Intent.START]
    assert machine.state is not State.ASLEEP


def test_a_session_is_stopped_when_the_button_goes_down(machine: Machine) -> None:
    machine.press()
    machine.button.press(STOP)
    machine.serve()
    assert machine.home.watcher.events[-1] == Command(machine.home.loop.position, Intent.STOP)
    assert not machine.home.loop.coach.in_session


def test_who_presses_again_and_again_begins_nothing(machine: Machine) -> None:
    machine.press()
    for _ in range(9):
        machine.press(0.1)
    assert machine.state in {State.ASLEEP, State.SUMMING_UP}
    machine.home.live(60.0)
    machine.pass_time(CALM)
    machine.press()
    assert machine.state not in {State.ASLEEP, State.SUMMING_UP}


def test_what_is_said_while_asleep_is_silenced_and_nothing_begun(machine: Machine) -> None:
    machine.home.loop.say(Cue("ready"))
    machine.press()
    assert machine.state is State.ASLEEP
    assert not machine.home.loop.is_speaking


def test_held_down_it_says_so_and_switches_off(tmp_path: Path, stack: ExitStack) -> None:
    done = tmp_path / "off"
    machine = Machine(tmp_path, stack, Controls(power_off=("touch", str(done))))
    machine.press()
    machine.button.press(STOP)
    machine.pass_time(HELD)
    assert machine.panel.wants_off
    assert machine.state is State.ASLEEP
    assert machine.home.loop.is_speaking
    machine.button.let_go(STOP)
    machine.serve()
    assert machine.state is State.ASLEEP
    assert machine.panel.switch_off()
    assert done.exists()


def test_who_stops_it_while_it_says_goodbye_keeps_it_on(tmp_path: Path, stack: ExitStack) -> None:
    machine = Machine(tmp_path, stack, Controls(power_off=("true",)))
    machine.panel.action(SwitchOff(0))
    assert machine.panel.wants_off
    machine.home.loop.ask(Intent.STOP)
    assert not machine.panel.wants_off


@pytest.mark.parametrize(
    ("command", "why"),
    [(("false",), "code 1"), (("/no/such",), "No such file"), (("ls", "/no"), "cannot access")],
)
def test_a_machine_that_cannot_be_switched_off_stays_on_and_says_why(
    tmp_path: Path, stack: ExitStack, command: tuple[str, ...], why: str
) -> None:
    machine = Machine(tmp_path, stack, Controls(power_off=command))
    assert not machine.panel.switch_off()
    assert not machine.panel.wants_off
    assert why in machine.told[-1]


def test_without_a_command_to_hold_it_down_is_only_to_press_it(machine: Machine) -> None:
    machine.press(2 * HELD)
    assert not machine.panel.wants_off
    assert machine.state is not State.ASLEEP


class TestTheMicrophone:
    def test_a_switch_closes_it_as_long_as_it_is_on(self, machine: Machine) -> None:
        machine.button.turn(SW_MUTE, on=True)
        machine.serve()
        assert machine.panel.muted
        machine.button.turn(SW_MUTE, on=False)
        machine.serve()
        assert not machine.panel.muted

    def test_a_button_closes_it_and_opens_it_again(self, machine: Machine) -> None:
        for muted in (True, False):
            machine.button.press(MICMUTE)
            machine.button.let_go(MICMUTE)
            machine.serve()
            assert machine.panel.muted is muted

    def test_a_key_that_stays_down_is_a_switch(self, tmp_path: Path, stack: ExitStack) -> None:
        machine = Machine(tmp_path, stack, Controls(mute_stays=True))
        machine.button.press(MICMUTE)
        machine.serve()
        assert machine.panel.muted
        machine.button.let_go(MICMUTE)
        machine.serve()
        assert not machine.panel.muted

    def test_a_button_cannot_undo_a_switch(self, machine: Machine) -> None:
        machine.button.turn(SW_MUTE, on=True)
        for _ in range(2):
            machine.button.press(MICMUTE)
            machine.button.let_go(MICMUTE)
        machine.serve()
        assert machine.panel.muted

    def test_while_it_is_closed_a_press_begins_nothing_and_is_answered(
        self, machine: Machine
    ) -> None:
        machine.button.turn(SW_MUTE, on=True)
        machine.serve()
        answered = []
        machine.button.press(STOP)
        machine.button.let_go(STOP)
        machine.panel.serve_closed(lambda: answered.append("muted"))
        machine.panel.serve_closed(lambda: answered.append("muted"))
        assert answered == ["muted"]
        assert machine.state is State.ASLEEP
        assert machine.lit == {"muted"}


class TestLights:
    def test_that_it_listens(self, machine: Machine) -> None:
        machine.serve()
        assert machine.lit == {"listening"}

    def test_that_something_was_heard_for_a_moment(self, machine: Machine) -> None:
        machine.home.loop.tell(Thump(0, 0, 0.0))
        machine.serve()
        assert machine.lit == {"listening", "heard"}
        machine.pass_time(FLASH)
        assert machine.lit == {"listening"}

    def test_that_it_is_muted_by_whomever(self, machine: Machine) -> None:
        machine.panel.serve(machine.home.loop, muted=True, trouble=False)
        assert machine.lit == {"muted"}

    def test_that_something_is_broken(self, machine: Machine) -> None:
        machine.serve(trouble=True)
        assert machine.lit == {"listening", "trouble"}
        with machine.panel.troubled():
            assert machine.lit == {"trouble"}

    def test_that_the_speaker_has_ended(self, machine: Machine) -> None:
        machine.serve()
        with machine.panel:
            pass
        assert machine.lit == set()

    def test_one_that_is_named_and_not_there_is_told_of(
        self, tmp_path: Path, stack: ExitStack
    ) -> None:
        named = Controls(lights=LightNames(muted="ACT"))
        assert Machine(tmp_path, stack, named).told == ["There is no LED “ACT” to show “muted”."]


def test_the_settings_are_taken_over_anew(machine: Machine, tmp_path: Path) -> None:
    pedal = InputDevice(tmp_path, "event5", "FootSwitch", [B])
    machine.panel.use(Controls(button=("b",)))
    machine.serve()
    pedal.press(B)
    pedal.let_go(B)
    machine.serve()
    assert machine.state is not State.ASLEEP
    assert machine.panel.names.startswith("keys: ")
    assert "FootSwitch" in machine.panel.names
