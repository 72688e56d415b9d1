"""``voice-coach doctor``: whether everything is there that the speaker needs."""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from voice_coach.diary.backups import is_damaged
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar
from voice_coach.home import equipment
from voice_coach.home.heel_store import Known, known
from voice_coach.home.settings import Settings, read_prescription
from voice_coach.programme.levels import load_levels
from voice_coach.sound.devices import Direction, find
from voice_coach.speaking.synthesis import SpeechError, Synthesiser

LEAST_DISK: Final = 50e6
"""Bytes that diary and rendered speech should find free."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes: nothing."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check one thing after the other; return 1 if any is missing."""
    checks: dict[str, Callable[[Settings], str]] = {
        "microphone": lambda settings: _device("input", settings.input),
        "loudspeaker": lambda settings: _device("output", settings.output),
        "speech": _speech,
        "recogniser": _recogniser,
        "heels": _heels,
        "prescription": _prescription,
        "diary": _diary,
    }
    failed = False
    for name, check in checks.items():
        try:
            print(f"  ok  {name}: {check(settings)}")
        except UserError as error:
            failed = True
            print(f"FAIL  {name}: {error}")
    return 1 if failed else 0


def _device(direction: Direction, name: str | None) -> str:
    return f"'{find(direction, name).name}'"


def _speech(settings: Settings) -> str:
    voice = equipment.voice(settings)
    try:
        with Synthesiser(voice.synthetic, settings.words_per_minute) as synthesiser:
            synthesiser.speak("one")
    except SpeechError as error:
        raise UserError(
            f"Speech cannot be synthesised ({error}): run 'sudo apt install libespeak-ng1'. "
            "Until then the coach beeps where it has no words recorded."
        ) from error
    return f"voice {voice.name}"


def _recogniser(settings: Settings) -> str:
    model = equipment.model(settings)
    CommandEar(model, equipment.phrases(settings, model))
    return f"model {model.name}"


def _heels(settings: Settings) -> str:
    if not settings.people:
        learnt = known(settings.calibration)
        if not learnt:
            return "not learnt yet; the first session begins with four drops for it"
        return f"{_learnt(learnt)}, kept in {settings.calibration}"
    return ", ".join(
        f"{name} {_learnt(known(settings.of(name).calibration))}" for name in settings.people
    )


def _learnt(heels: list[Known]) -> str:
    if not heels:
        return "not learnt yet"
    names = [each.name for each in heels]
    unnamed = names.count("")
    names = sorted(name for name in names if name)
    if unnamed and (names or unnamed > 1):
        names.append(f"{unnamed} without a name")
    return f"learnt ({', '.join(names)})" if names else "learnt"


def _prescription(settings: Settings) -> str:
    levels = load_levels()
    whose = [settings.of(name) for name in settings.people] or [settings]
    papers = [
        read_prescription(own.prescription, levels) for own in whose if own.prescription is not None
    ]
    if not papers:
        return "none"
    return ", ".join(f"by {paper.signed_by}, until {paper.valid_until}" for paper in papers)


def _diary(settings: Settings) -> str:
    folder = settings.diary
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise UserError(
            f"{there} cannot be written ({error.strerror}): make it writable, "
            "or set another folder for the diary."
        ) from error
    free = _free(there)
    if free < LEAST_DISK:
        raise UserError(f"Only {free / 1e6:.0f} MB are free in {there}: make room.")
    for own in [settings.of(name) for name in settings.people] or [settings]:
        _read_to_the_end(own.diary)
    return f"{folder}, {free / 1e9:.1f} GB free"


def _read_to_the_end(folder: Path) -> None:
    """Raise UserError where there is something in a diary that cannot be read."""
    if is_damaged(folder):
        raise UserError(
            f"The diary in {folder} is damaged: 'voice-coach repair' writes down anew what can be "
            "read of it."
        )
    with Diary.open(folder) as diary:
        diary.history()
        spoilt = set(diary.spoilt)
        diary.sessions()
        spoilt |= set(diary.spoilt)
    if spoilt:
        raise UserError(
            f"The diary in {folder} holds {len(spoilt)} entries that cannot be read, such as "
            f"{min(spoilt)}: 'voice-coach repair' writes the rest down anew."
        )


def _free(folder: Path) -> float:
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize
