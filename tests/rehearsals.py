"""The shipped scenarios, each rehearsed once a run and kept for every test that asks about it."""

import pickle
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.shared import once
from voice_coach.hearing.commands import CommandModel
from voice_coach.rehearsal import Scenario, rehearse
from voice_coach.rehearsal.person import Landing, Saying
from voice_coach.rehearsal.transcript import Transcript
from voice_coach.speaking import Voice

KEPT = "rehearsed.pickle"


@dataclass(frozen=True)
class Did:
    """What the simulated person did."""

    landings: list[Landing]
    sayings: list[Saying]


@dataclass(frozen=True)
class Rehearsed:
    """What came of a rehearsal, without the kitchen and the coach it took."""

    scenario: Scenario
    transcript: Transcript
    person: Did


class Rehearsals:
    """Rehearses a shipped scenario the first time that any worker asks for it.

    Parameters
    ----------
    folder
        Where ``NAME/microphone.wav``, ``speaker.wav``, ``session.json`` and the diary are.
    voice
        The coach's, prepared.
    model
        Recognises the commands; None understands them by script.
    """

    def __init__(self, folder: Path, voice: Voice, model: CommandModel | None = None) -> None:
        self.folder = folder
        self._voice = voice
        self._model = model
        self.of = cache(self._of)

    def _of(self, name: str) -> Rehearsed:
        def make(folder: Path) -> None:
            done = rehearse(Scenario.load(name), self._voice, model=self._model, out=folder)
            did = Did(done.person.landings, done.person.sayings)
            kept = Rehearsed(done.scenario, done.transcript, did)
            (folder / KEPT).write_bytes(pickle.dumps(kept))

        found = pickle.loads((once(self.folder / name, make) / KEPT).read_bytes())
        assert isinstance(found, Rehearsed)
        return found
