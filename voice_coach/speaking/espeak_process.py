"""The process that speaks: turns lines of text into samples, by espeak-ng through pyttsx3.

Run as a file of its own (`python -P espeak_process.py VOICE RATE`), it reads one JSON string a
line and answers each with one JSON object a line: `{"sound": ..., "rate": ..., "words": ...}`, the
samples as base64 of 16 bits each, and pairs of where a word begins in the text (characters) and in
the sound (milliseconds); or `{"error": ..., "reason": ...}`. A first answer, `{}`, says that
speech is to be had at all.

espeak-ng works in its synchronous mode: `Synth` returns when the line has been spoken, with no
thread, queue or file in between. It is a process all the same, for it is C that reads what people
write (names, a therapist's cautions): neither a hang nor a crash of it may reach the speaker, and
what it took of the memory is given back.
"""

import base64
import ctypes
import json
import os
import sys
from typing import IO, Any, Final

FAILED_VOICE: Final = "voice"
FAILED_ENGINE: Final = "engine"
FAILED_LINE: Final = "line"


class _FailureError(Exception):
    """Speech is not to be had: a kind (one of `FAILED_*`) and a reason."""


class _Engine:
    """espeak-ng with a voice at a rate; there can be one in a process."""

    def __init__(self, voice: str, rate: int) -> None:
        try:
            # Its failures are part of the answer.
            from pyttsx3.drivers import _espeak  # noqa: PLC0415

            self._espeak = _espeak
            self._samples_a_second = _espeak.Initialize(_espeak.AUDIO_OUTPUT_SYNCHRONOUS, 0)
            if self._samples_a_second <= 0:
                raise OSError("its data are missing")
        except Exception as error:  # whatever it is, the speaker goes on without a voice
            raise _FailureError(FAILED_ENGINE, f"{error}") from error
        self._sound: list[bytes] = []
        self._words: list[tuple[int, int]] = []
        _espeak.SetSynthCallback(self._take)
        if _espeak.SetVoiceByName(self._named(voice).encode()) != _espeak.EE_OK:
            raise _FailureError(FAILED_ENGINE, f"it does not take the voice {voice!r}")
        _espeak.SetParameter(_espeak.RATE, rate, 0)

    def speak(self, text: str) -> dict[str, Any]:
        """Return the answer to a line: its sound, and where its words begin."""
        self._sound.clear()
        self._words.clear()
        flags = self._espeak.CHARS_UTF8 | self._espeak.ENDPAUSE
        if self._espeak.Synth(text, flags=flags) != self._espeak.EE_OK:
            return {"error": FAILED_LINE, "reason": "espeak-ng does not take the line"}
        sound = base64.b64encode(b"".join(self._sound)).decode()
        return {"sound": sound, "rate": self._samples_a_second, "words": self._words}

    def _take(self, sound: Any, length: int, events: Any) -> int:
        """Take in the next samples, and what happens in them; 0 asks for more."""
        if length > 0:
            self._sound.append(ctypes.string_at(sound, length * ctypes.sizeof(ctypes.c_short)))
        number = 0
        while (event := events[number]).type != self._espeak.EVENT_LIST_TERMINATED:
            if event.type == self._espeak.EVENT_WORD and event.length > 0:
                self._words.append((event.text_position - 1, event.audio_position))
            number += 1
        return 0

    def _named(self, voice: str) -> str:
        """Return the identifier of `voice`, which may be called by its language ("en-gb")."""
        known = {}
        languages = {}
        for each in self._espeak.ListVoices(None):
            identifier = each.identifier.decode()
            known[identifier.lower()] = identifier
            # One byte of priority stands before the name of the language.
            languages[each.languages[1:].decode(errors="replace").lower()] = identifier
        name, plus, variant = voice.partition("+")
        identifier = known.get(name.lower()) or languages.get(name.lower())
        if identifier is None:
            raise _FailureError(
                FAILED_VOICE, ", ".join(sorted(id_ for id_ in known if "/en" in id_))
            )
        return f"{identifier}{plus}{variant}"


def _answer(to: IO[str], answer: dict[str, Any]) -> None:
    print(json.dumps(answer), file=to, flush=True)


def main(voice: str, rate: int) -> None:
    """Answer requests until there are no more."""
    # A C library may print to standard output: keep the real one for the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        engine = _Engine(voice, rate)
    except _FailureError as failure:
        kind, reason = failure.args
        _answer(answers, {"error": kind, "reason": reason})
        return
    # The first line of a process sounds a little different from what follows: let it be this one.
    engine.speak("Ready.")
    _answer(answers, {})
    for line in sys.stdin:
        _answer(answers, engine.speak(json.loads(line)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
