"""The rehearsal: the loop, fed from the simulated kitchen as fast as the processor allows."""

import tempfile
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from tqdm import tqdm

from voice_coach.clock import BLOCK, SAMPLE_RATE, to_samples, to_seconds
from voice_coach.coach import Coach, Cue, State
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar, CommandModel, Phrases
from voice_coach.hearing.heels import HeelTemplate, renewed_by
from voice_coach.hearing.heels.ear import HeelEar
from voice_coach.home.session_loop import CommandSource, Loop, Newcomer
from voice_coach.programme.ledger import Entry, Outcome, SessionStarted
from voice_coach.programme.levels import load_levels
from voice_coach.programme.planner import Today, today
from voice_coach.programme.rules import load_rules
from voice_coach.programme.screening import questions
from voice_coach.rehearsal.background import write
from voice_coach.rehearsal.person import SimulatedPerson
from voice_coach.rehearsal.scenario import Scenario
from voice_coach.rehearsal.scripted import ScriptedCommands
from voice_coach.rehearsal.transcript import Transcript
from voice_coach.rehearsal.voices import voice
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
        folder = out or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _clear(folder)
        diaries = {
            name: stack.enter_context(Diary.open(folder / "diary" / name, exclusive=True))
            for name in scenario.people or [""]
        }
        bar = stack.enter_context(
            tqdm(desc=scenario.title, unit=" s of sound", disable=not progress)
        )
        stage = _Stage(scenario, voice_of_coach, model, seed, diaries)
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


class _Stage:
    """Everything that takes part, wired together."""

    def __init__(
        self,
        scenario: Scenario,
        voice_of_coach: Voice,
        model: CommandModel | None,
        seed: int,
        diaries: Mapping[str, Diary],
    ) -> None:
        self._scenario = scenario
        self._diaries = diaries
        self._known = scenario.people or {"": scenario.background}
        for name, background in self._known.items():
            write(background, diaries[name], scenario.started)
        self._who = next(iter(diaries))
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
            scenario.person, self._kitchen, voice(scenario.person.voice), seed
        )
        self.transcript = Transcript()
        self.heard_by = "script" if model is None else model.name
        self._templates: dict[str, tuple[HeelTemplate, ...]] = {}
        self.loop = Loop(
            coach=Coach(
                self._plans(),
                limits=load_rules().pace,
                calibrated=scenario.calibrated,
                people=tuple(scenario.people),
                questions=questions("screening"),
            ),
            commands=self._commands(model),
            heels=HeelEar(),
            voice=voice_of_coach,
            mixer=Mixer(),
            write=self._write,
            plans=self._plans,
            keep_template=self._keep_template,
            change_person=self._change_person,
            observers=(self.person, self.transcript),
        )

    def _commands(self, model: CommandModel | None) -> CommandSource:
        people = {name: (name,) for name in self._scenario.people}
        phrases = Phrases.for_language("en", people)
        if model is None:
            return ScriptedCommands(phrases, lambda: self.person.sayings)
        return CommandEar(model, phrases)

    def _plans(self) -> Today:
        levels = load_levels()
        return today(
            self._scenario.started.date(),
            self._diaries[self._who].history(),
            levels,
            self._known[self._who].read_prescription(levels),
            person=self._who or None,
        )

    def _change_person(self, person: str) -> Newcomer:
        self._who = person
        return Newcomer(self._plans(), self._templates.get(person, ()))

    def _keep_template(self, template: HeelTemplate) -> tuple[HeelTemplate, ...]:
        known = self._templates.get(self._who, ())
        others = (each for each in known if renewed_by(template, [each]) is None)
        self._templates[self._who] = template, *others
        return self._templates[self._who]

    def _write(self, entry: Entry) -> None:
        started = self._scenario.started
        if not isinstance(entry, SessionStarted):
            started += timedelta(seconds=to_seconds(entry.at))
        self._diaries[self._who].record(entry, started)

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
            loop.mixer.render(loop.position + LATENCY, emitted)
            waiting.append(emitted)
            playback = waiting.popleft()
            self.person.live(loop.position + BLOCK)
            block = Block(loop.position, self._kitchen.microphone(playback), playback)
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
