"""The rehearsal: the loop, fed from the simulated kitchen as fast as the processor allows."""

import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from tqdm import tqdm

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples, to_seconds
from voice_coach.coach import Cue, State
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar, CommandModel, Phrases
from voice_coach.home import equipment
from voice_coach.home.residents import Household, open_household
from voice_coach.home.session_loop import CommandSource
from voice_coach.home.settings import Person, Settings
from voice_coach.home.wiring import wire
from voice_coach.programme.ledger import Outcome
from voice_coach.rehearsal.background import write
from voice_coach.rehearsal.person import SimulatedPerson
from voice_coach.rehearsal.scenario import Background, Scenario
from voice_coach.rehearsal.scripted import ScriptedCommands
from voice_coach.rehearsal.transcript import Transcript
from voice_coach.rehearsal.voices import voice as voice_of_person
from voice_coach.samples import Samples
from voice_coach.simulation import Kitchen, Noise
from voice_coach.sound.audio_files import write_wav
from voice_coach.sound.block import Block
from voice_coach.speaking import Mixer, Voice

LATENCY: Final = 3 * BLOCK
"""From asking the mixer for a sample to its leaving the loudspeaker, as on a sound card."""

AFTERWARDS: Final = to_samples(3.0)
"""Sound after the last word of either side: time enough to answer it."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of a rehearsal."""

    scenario: Scenario
    seed: int
    heard_by: str
    """How commands were recognised: the name of the model, or ``script``."""
    transcript: Transcript
    person: SimulatedPerson
    seconds: float

    def as_table(self) -> dict[str, Any]:
        """Return everything as it is written into ``session.json``."""
        transcript = self.transcript
        return {
            "scenario": self.scenario.title,
            "seed": self.seed,
            "commands": self.heard_by,
            "seconds": self.seconds,
            "level": transcript.level,
            "ended": transcript.ended,
            "prompted": len(transcript.repetitions),
            "heard": transcript.count(Outcome.HEARD, Outcome.SOFT, Outcome.HARD),
            "soft": transcript.count(Outcome.SOFT),
            "hard": transcript.count(Outcome.HARD),
            "not_heard": transcript.count(Outcome.NOT_HEARD),
            "repetitions": [asdict(repetition) for repetition in transcript.repetitions],
            "person": {
                "landings": [
                    {**asdict(landing), "at": to_seconds(landing.at)}
                    for landing in self.person.landings
                ],
                "sayings": [
                    {
                        "start": to_seconds(saying.start),
                        "end": to_seconds(saying.end),
                        "text": saying.text,
                    }
                    for saying in self.person.sayings
                ],
            },
            "states": [{"at": at, "state": state} for at, state in transcript.states],
            "cues": transcript.cues,
            "events": transcript.events,
            "actions": transcript.actions,
        }


def rehearse(
    scenario: Scenario,
    voice_of_coach: Voice,
    *,
    model: CommandModel | None = None,
    seed: int | None = None,
    out: Path | None = None,
    progress: bool = False,
) -> Rehearsal:
    """Rehearse `scenario` from "start" to the last word of the summary.

    Parameters
    ----------
    scenario
        Who exercises where, and what they do.
    voice_of_coach
        The coach's voice, prepared.
    model
        Recognises the person's commands; None understands them by script.
    seed
        Instead of the scenario's own.
    out
        Folder for ``microphone.wav``, ``speaker.wav``, ``session.json`` and the diary.
    progress
        Whether to show how far it has come.

    Raises
    ------
    UserError
        When the scenario asks for what there is not, or `out` cannot be written.
    """
    seed = scenario.seed if seed is None else seed
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if out is not None:
            _clear(out)
        settings = _settings(scenario, home, (out or home) / "diary")
        clock = _SimulatedTime(scenario.started)
        household = stack.enter_context(open_household(settings, clock))
        bar = stack.enter_context(
            tqdm(desc=scenario.title, unit=" s of sound", disable=not progress)
        )
        stage = _Stage(
            scenario,
            household,
            clock,
            voice=voice_of_coach,
            model=model,
            phrases=equipment.phrases(settings, model),
            seed=seed,
        )
        microphone, speaker = [], []
        for block in stage.blocks():
            microphone.append(block.microphone)
            speaker.append(block.playback)
            if block.position // SAMPLE_RATE != (block.position + BLOCK) // SAMPLE_RATE:
                bar.update()
        rehearsal = Rehearsal(
            scenario,
            seed,
            stage.heard_by,
            stage.transcript,
            stage.person,
            to_seconds(stage.loop.position),
        )
        if out is not None:
            write_wav(out / "microphone.wav", np.concatenate(microphone))
            write_wav(out / "speaker.wav", np.concatenate(speaker))
            table = msgspec.json.format(msgspec.json.encode(rehearsal.as_table()))
            (out / "session.json").write_bytes(table + b"\n")
        return rehearsal


@dataclass(slots=True)
class _SimulatedTime:
    """The time of the day in a rehearsal: that of its start, and the sound heard since."""

    started: datetime
    position: int = 0

    def __call__(self) -> datetime:
        return self.started + timedelta(seconds=to_seconds(self.position))


def _settings(scenario: Scenario, home: Path, diary: Path) -> Settings:
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


class _Stage:
    """Everything that takes part, wired together."""

    def __init__(
        self,
        scenario: Scenario,
        household: Household,
        clock: _SimulatedTime,
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
            else CommandEar(model, phrases)
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


def _clear(folder: Path) -> None:
    """Make `folder`, without what an earlier rehearsal left in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("microphone.wav", "speaker.wav", "session.json", "timeline.png"):
            (folder / name).unlink(missing_ok=True)
        for path in sorted((folder / "diary").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    except OSError as error:
        raise UserError(
            f"The folder {folder} cannot be written ({error.strerror}); choose another with --out."
        ) from error
