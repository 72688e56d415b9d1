"""``voice-coach doctor``: whether everything is there that the speaker needs, and works.

It listens for two seconds and plays a tone, which it has to hear. What is no fault but might be
better is noted; the last line says what to do first.
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from voice_coach.clock import to_seconds
from voice_coach.diary.backups import is_damaged
from voice_coach.diary.diary import Diary
from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandEar
from voice_coach.home import equipment
from voice_coach.home.heel_store import Known, known
from voice_coach.home.machine_clock import LinuxClock
from voice_coach.home.machine_disk import WORN, card_state
from voice_coach.home.panel import Panel
from voice_coach.home.settings import Settings, read_prescription
from voice_coach.home.timekeeping import Standing
from voice_coach.programme.levels import load_levels
from voice_coach.sound.card import NoDevice
from voice_coach.sound.checkup import examine, listen
from voice_coach.sound.devices import Direction, find
from voice_coach.speaking.synthesis import SpeechError, Synthesiser

_OK, _NOTE, _FAIL = "  ok ", "note ", "FAIL "
_CLOCK: Final = {
    Standing.SET: "set by the network, or another source that knows the time",
    Standing.KEPT: "goes on while the machine is off",
    Standing.LOST: "stands still while the machine is off",
    Standing.UNKNOWN: "believed",
}

LEAST_DISK: Final = 50e6
"""Bytes that diary and rendered speech should find free."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--silent", action="store_true", help="look, but open no device, and play no tone"
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What one check came to; `advice` is what might be better, the gravest first."""

    text: str
    advice: tuple[str, ...] = ()


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check one thing after the other; return 1 if any is missing."""
    checks: dict[str, Callable[[Settings], str | _Found]] = {
        "microphone": lambda settings: _device("input", settings.input),
        "loudspeaker": lambda settings: _device("output", settings.output),
        "sound": _sound,
        "speech": _speech,
        "recogniser": _recogniser,
        "heels": _heels,
        "prescription": _prescription,
        "diary": _diary,
        "disk": _disk,
        "controls": _controls,
        "clock": _clock,
    }
    if arguments.silent:
        del checks["sound"]
    faults: list[str] = []
    notes: list[str] = []
    for name, check in checks.items():
        try:
            found = check(settings)
        except _Pointless:
            continue
        except UserError as error:
            faults.append(str(error))
            print(f"{_FAIL} {name}: {error}")
            continue
        found = _Found(found) if isinstance(found, str) else found
        print(f"{_NOTE if found.advice else _OK} {name}: {found.text}")
        for sentence in found.advice:
            print(f"       {sentence}")
        notes += found.advice
    first = next(iter([*faults, *notes]), None)
    print("All is well." if first is None else f"What to do first: {first}")
    return 1 if faults else 0


class _Pointless(Exception):  # noqa: N818 - no error, but a reason to leave a check out
    """What a check needs is missing, which another check says."""


def _sound(settings: Settings) -> _Found:
    """Listen, and play a tone."""
    try:
        heard, card = listen(settings.input, settings.output)
    except NoDevice as error:
        there = _is_there("input", settings.input) and _is_there("output", settings.output)
        if not there:
            raise _Pointless from error
        raise
    found = examine(heard)
    tone = "the tone was not heard"
    if found.late is not None:
        tone = (
            f"the tone was heard at {found.tone_db:.0f} dB, {1000 * found.late:.0f} ms from where "
            "it should be"
        )
    text = (
        f"room {found.room_db:.0f} dB, loudest {found.peak_db:.0f} dB; {tone}; "
        f"{1000 * to_seconds(card.latency):.0f} ms are played ahead"
    )
    advice = found.advice
    if card.overflows + card.underflows + card.missed:
        advice = (
            *advice,
            "Sound was lost meanwhile: the machine was too busy; end what else it does.",
        )
    return _Found(text, advice)


def _is_there(direction: Direction, name: str | None) -> bool:
    try:
        find(direction, name)
    except UserError:
        return False
    return True


def _clock(settings: Settings) -> _Found:
    """Tell what the clock shows, and whether it may be believed."""
    now = datetime.now().astimezone()
    standing = LinuxClock(lambda: now).standing()
    text = f"{now:%A, %d %B %Y, %H:%M}; {_CLOCK[standing]}"
    if standing is Standing.LOST:
        return _Found(
            text,
            (
                "The clock is not to be relied on, so that the coach asks what day it is: let the "
                "machine have the network, or fit a clock module.",
            ),
        )
    return _Found(text)


def _disk(settings: Settings) -> _Found:
    """Tell of the errors of the card that the diary is on, and of its wear where it tells that."""
    there = next(path for path in (settings.diary, *settings.diary.parents) if path.exists())
    wear = card_state(there)
    advice = []
    if wear.errors:
        advice.append(
            f"The file system has met {wear.errors} errors: copy the diary (voice-coach export "
            "--backup FILE), and replace the card."
        )
    if wear.worn is not None and wear.worn >= WORN:
        advice.append("The card is worn out: replace it soon.")
    if wear.worn is None:
        text = f"{wear.errors} errors; the card does not tell how worn it is"
    else:
        text = f"{wear.errors} errors; {wear.worn:.0f} % worn"
    return _Found(text, tuple(advice))


def _controls(settings: Settings) -> _Found:
    """Tell of the keys and lights of the machine."""
    troubles: list[str] = []
    with Panel(troubles.append) as panel:
        panel.use(settings.controls)
        return _Found(panel.names or "no button, no lights", tuple(troubles))


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
