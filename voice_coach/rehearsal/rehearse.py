"""The rehearsal: the loop, fed from the simulated kitchen as fast as the processor allows."""

import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from tqdm import tqdm

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_seconds
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel
from voice_coach.home import equipment
from voice_coach.home.residents import open_household
from voice_coach.private_files import told
from voice_coach.rehearsal.person import SimulatedPerson
from voice_coach.rehearsal.scenario import Scenario
from voice_coach.rehearsal.stage import SimulatedTime, Stage, settings_of
from voice_coach.rehearsal.transcript import Transcript, repetition_table
from voice_coach.sound.audio_files import write_wav
from voice_coach.speaking import Voice


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
            **transcript.tally.table(),
            "repetitions": [repetition_table(one) for one in transcript.repetitions],
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
        Folder for ``microphone.wav``, ``speaker.wav``, ``session.json`` and the diary; empty, or
        not there yet.
    progress
        Whether to show how far it has come.

    Raises
    ------
    UserError
        When the scenario asks for what there is not, or `out` holds anything or cannot be
        written.
    """
    seed = scenario.seed if seed is None else seed
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if out is not None:
            _made(out)
        settings = settings_of(scenario, home, (out or home) / "diary")
        clock = SimulatedTime(scenario.started)
        household = stack.enter_context(open_household(settings, clock))
        bar = stack.enter_context(
            tqdm(desc=scenario.title, unit=" s of sound", disable=not progress)
        )
        stage = Stage(
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


def _made(folder: Path) -> None:
    """Make `folder`; UserError where there is anything in it: nothing is ever deleted here."""
    with told(f"The folder {folder} cannot be written ({{why}}); choose another with --out."):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UserError(f"The folder {folder} is not empty; choose another with --out.")
