"""The first day by voice, with somebody who answers as quickly as people do."""

import time
from pathlib import Path

import numpy as np
import pytest

from tests.integration.household import Inhabitant, drop_cue, speaker
from tests.soundserver import SoundServer
from voice_coach.clock import SAMPLE_RATE, to_samples
from voice_coach.diary.diary import Diary
from voice_coach.programme.history import Screened, Told
from voice_coach.programme.ledger import Answer
from voice_coach.samples import Samples
from voice_coach.speaking import Script, Voice

pytestmark = [pytest.mark.real_time, pytest.mark.usefixtures("a_speaker_can_run")]

QUICKLY = 0.2
"""Seconds from the end of a question to its answer."""

ENDING = 0.6
"""Seconds of a question's end by which it is known."""

ALIKE = 0.8
"""Correlation from which a sound is that ending."""

ASKED = {
    "ask.broken_bone": "no",
    "ask.osteoporosis": "no",
    "ask.balance": "no",
    "ask.foot_injury": "no",
    "screening.confirm": "yes",
    "ask.well": "no",
    "ask.place": "yes",
}


def ends(heard: Samples, ending: Samples) -> int | None:
    """Return where `ending` came to its end in what was heard, if it did."""
    if len(heard) < len(ending):
        return None
    product = np.correlate(heard, ending, "valid")
    energy = np.cumsum(np.concatenate([[0.0], heard.astype(np.float64) ** 2]))
    power = energy[len(ending) :] - energy[: -len(ending)]
    alike = product / np.sqrt(np.maximum(power, 1e-6) * float(ending @ ending))
    best = int(np.argmax(alike))
    return best + len(ending) if alike[best] > ALIKE else None


def answer_quickly(somebody: Inhabitant, question: Samples, answer: str) -> None:
    """Wait for the end of `question`, and give the answer."""
    loud = np.flatnonzero(np.abs(question) > 1e-3)
    ending = question[: loud[-1] + 1][-to_samples(ENDING) :]
    begun = len(somebody.heard())
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        heard = somebody.heard()[begun:]
        ended = ends(heard, ending)
        if ended is not None:
            late = (len(heard) - ended) / SAMPLE_RATE
            time.sleep(max(QUICKLY - late, 0.0))
            somebody.say(answer)
            return
        time.sleep(0.05)
    raise TimeoutError(f"the question before {answer!r} was not asked")


def test_who_answers_at_once_is_asked_everything_once_and_may_begin(
    settings: Path, voice_cache: Path
) -> None:
    paper = settings.with_name("prescription.toml")
    paper.write_text(paper.read_text().replace("approved = true", "approved = false"))
    voice = Voice(Script.load(), cache=voice_cache / "clips")
    voice.prepare(progress=False)
    questions = {cue: voice.clip(cue, {}).samples for cue in ASKED}
    with SoundServer() as server, speaker(server, settings) as process:
        assert process.stdout is not None
        assert "Listening" in process.stdout.readline()
        somebody = Inhabitant(server, drop_cue(voice_cache / "clips"))
        somebody.start()
        somebody.wait_for_silence(1.0, within=20)
        somebody.say("start the session")
        for cue, answer in ASKED.items():
            answer_quickly(somebody, questions[cue], answer)
        somebody.wait_for_drops(1, within=60)
        somebody.say("stop")
        somebody.wait_for_silence(3.0, within=30)
        somebody.leave()

    with Diary.open(settings.with_name("diary")) as diary:
        remarks = diary.history().remarks
    told = {remark.question: remark.answer for remark in remarks if isinstance(remark, Told)}
    assert told == {
        cue.removeprefix("ask."): Answer(answer)
        for cue, answer in ASKED.items()
        if cue.startswith("ask.")
    }
    assert any(isinstance(remark, Screened) for remark in remarks)
    assert sum(isinstance(remark, Told) for remark in remarks) == len(told)
