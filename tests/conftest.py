from collections.abc import Generator, Iterator
from contextlib import nullcontext
from pathlib import Path

import hypothesis
import pytest

from tests.rehearsals import Rehearsals
from tests.shared import folder_of_run, once, uncounted
from tests.soundserver import SoundServer, inside, missing
from voice_coach.rehearsal import Scenario
from voice_coach.rehearsal.scenario import shipped
from voice_coach.speaking import Script, Voice

pytest_plugins = ["tests.real_time"]

# How long an example takes is the machine's affair: costs have tests of their own.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

SLOW = {
    "voice_cache",
    "cache",
    "rehearsed",
    "sound_server",
    "echoing_sound_server",
    "a_speaker_can_run",
}
"""Fixtures that take seconds: what asks for one of them is marked ``slow``."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and begin with what waits for real time.

    Real time passes no faster on more processors: a worker that is busy with it leaves its
    processor to the others, as long as there is something left for these to do.
    """
    for item in items:
        if "slow" in item.keywords:
            # It computes for seconds. What only waits, or asks for what has been made once a
            # run, takes no longer when its lines are counted.
            item.add_marker("uncounted")
        elif SLOW.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    items.sort(key=lambda item: ("real_time" not in item.keywords, "slow" not in item.keywords))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Make what an uncounted test asks for, uncounted."""
    return (yield from _run(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Run an uncounted test uncounted."""
    return (yield from _run(item))


def _run(item: pytest.Item) -> Generator[None]:
    with uncounted() if "uncounted" in item.keywords else nullcontext():
        return (yield)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have in common; see `tests.shared`."""
    return folder_of_run(tmp_path_factory)


@pytest.fixture(scope="session")
def script() -> Script:
    """The English script for everybody whom a test or a scenario knows."""
    words = [Scenario.load(name).own_words() for name in shipped()]
    people = ("anna", "ben", *(name for own in words for name in own["people"]))
    cautions = ("Keep both hands on.", *(text for own in words for text in own["cautions"]))
    return Script.load(people=tuple(dict.fromkeys(people)), cautions=cautions)


@pytest.fixture(scope="session")
def voice_cache(shared: Path, script: Script) -> Path:
    """What ``cache`` is in the settings: every line of `script` is rendered in it.

    Tests may add to it; one that damages it takes a copy.
    """

    def render(folder: Path) -> None:
        assert Voice(script, cache=folder / "clips").prepare() == []

    return once(shared / "voice", render)


@pytest.fixture(scope="session")
def rehearsed(shared: Path, script: Script, voice_cache: Path) -> Rehearsals:
    """The shipped scenarios, each rehearsed once a run, with its commands by script."""
    return Rehearsals(shared / "rehearsals", Voice(script, cache=voice_cache / "clips"))


@pytest.fixture
def sound_server() -> Iterator[SoundServer]:
    """A private sound server that this process and its children use; its room is silent."""
    if reason := missing():
        pytest.skip(reason)
    with SoundServer() as server, inside(server):
        yield server


@pytest.fixture
def echoing_sound_server() -> Iterator[SoundServer]:
    """A private sound server whose microphone hears the loudspeaker."""
    if reason := missing():
        pytest.skip(reason)
    with SoundServer(echo=True) as server, inside(server):
        yield server
