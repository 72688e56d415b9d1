"""The stage of a rehearsal: a home, its kitchen and its people, wired as in a real one."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from voice_coach.clock import BLOCK, to_samples, to_seconds
from voice_coach.coach import Cue, State
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar, CommandModel, Phrases
from voice_coach.hearing.commands.explanation import noted
from voice_coach.hearing.heels import HeelTemplate
from voice_coach.hearing.heels.calibrator import calibrate
from voice_coach.home.residents import Household
from voice_coach.home.session_loop import CommandSource
from voice_coach.home.settings import Person, Settings
from voice_coach.home.wiring import wire
from voice_coach.rehearsal.background import write
from voice_coach.rehearsal.person import SimulatedPerson
from voice_coach.rehearsal.scenario import Background, Scenario
from voice_coach.rehearsal.scripted import ScriptedCommands
from voice_coach.rehearsal.transcript import Transcript
from voice_coach.rehearsal.voices import voice as voice_of_person
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen, Noise
from voice_coach.sound.block import Block
from voice_coach.speaking import Mixer, Voice

LATENCY: Final = 3 * BLOCK
"""From asking the mixer for a sample to its leaving the loudspeaker, as on a sound card."""

AFTERWARDS: Final = to_samples(3.0)
"""Sound after the last word of either side: time enough to answer it."""


@dataclass(slots=True)
class SimulatedTime:
    """The time of the day in a rehearsal: that of its start, and the sound heard since."""

    started: datetime
    position: int = 0

    def __call__(self) -> datetime:
        """Return the time of the day now."""
        return self.started + timedelta(seconds=to_seconds(self.position))


def settings_of(scenario: Scenario, home: Path, diary: Path) -> Settings:
    """Return what is set in the home of the scenario, whose prescriptions are written there."""

    def paper(name: str, background: Background) -> Path | None:
        if not background.prescription:
            return None
        file = home / f"prescription{name}.toml"
        file.write_text(background.prescription, encoding="utf-8")
        return file

    return Settings(
        diary=diary,
        calibration=home / "heels",
        prescription=paper("", scenario.background),
        people={
            name: Person(prescription=paper(f"-{name}", background))
            for name, background in scenario.people.items()
        },
    )


def _heels(scenario: Scenario, seed: int) -> HeelTemplate:
    """Return what a calibration in the scenario's kitchen would have learnt."""
    kitchen = Kitchen(
        floor=scenario.kitchen.floor,
        footwear=scenario.kitchen.footwear,
        distance_m=scenario.kitchen.distance_m,
        seed=seed,
    )
    drops = range(3, 7)
    for second in drops:
        kitchen.strike(to_samples(second))
    silence = np.zeros(to_samples(drops.stop + 1), np.float32)
    return calibrate(kitchen.microphone(silence))


class Stage:
    """Everything that takes part, wired together."""

    def __init__(
        self,
        scenario: Scenario,
        household: Household,
        clock: SimulatedTime,
        *,
        voice: Voice,
        model: CommandModel | None,
        phrases: Phrases,
        seed: int,
    ) -> None:
        self._scenario = scenario
        self._clock = clock
        for name, resident in household.residents.items():
            known = scenario.background if name is None else scenario.people[name]
            write(known, resident.diary, scenario.started)
            if known.calibrated:
                resident.keep_template(_heels(scenario, seed), scenario.started, None)
        self._kitchen = Kitchen(
            floor=scenario.kitchen.floor,
            footwear=scenario.kitchen.footwear,
            distance_m=scenario.kitchen.distance_m,
            echo_db=scenario.kitchen.echo_db,
            noises=[
                Noise(
                    noise.kind,
                    noise.level_db,
                    to_samples(noise.from_),
                    None if noise.until is None else to_samples(noise.until),
                )
                for noise in scenario.kitchen.noises
            ],
            seed=seed,
        )
        self.person = SimulatedPerson(
            scenario.person, self._kitchen, voice_of_person(scenario.person.voice), seed
        )
        self.transcript = Transcript()
        self.heard_by = "script" if model is None else model.name
        self._mixer = Mixer()
        commands: CommandSource = (
            ScriptedCommands(phrases, lambda: self.person.sayings)
            if model is None
            else CommandEar(model, phrases, noted())
        )
        self.loop = wire(
            household,
            commands=commands,
            voice=voice,
            mixer=self._mixer,
            observers=(self.person, self.transcript),
        )

    def blocks(self) -> Iterator[Block]:
        """Play the session through, and yield every block of it."""
        loop, longest = self.loop, to_samples(self._scenario.longest)
        waiting: deque[Samples] = deque(
            np.zeros(BLOCK, np.float32) for _ in range(LATENCY // BLOCK)
        )
        loop.say(Cue("ready"))
        quiet_since: int | None = None
        while quiet_since is None or loop.position - quiet_since < AFTERWARDS:
            emitted = np.zeros(BLOCK, np.float32)
            self._mixer.render(loop.position + LATENCY, emitted)
            waiting.append(emitted)
            playback = waiting.popleft()
            self.person.live(loop.position + BLOCK)
            block = Block(loop.position, self._kitchen.microphone(playback), playback)
            self._clock.position += BLOCK
            loop.step(block)
            yield block
            if loop.position > longest:
                raise UserError(
                    f"The rehearsal has not come to its end in {self._scenario.longest:.0f} s; "
                    "give the person something to say that ends it, or raise 'longest'."
                )
            if (
                loop.coach.state is not State.ASLEEP
                or loop.is_speaking
                or self.person.is_talking(loop.position)
            ):
                quiet_since = None
            elif quiet_since is None:
                quiet_since = loop.position
