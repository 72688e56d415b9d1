"""The process that speaks: turns lines of text into WAV files through pyttsx3 on espeak-ng.

Run as a file of its own (`python -P espeak_process.py VOICE RATE`), it reads one JSON
object a line, `{"text": ..., "path": ...}`, and answers each with `{"words": ...}`, pairs of where
a word begins in the text (characters) and in the sound (milliseconds), or with `{"error": ...}`,
after a first such answer that says whether speech is to be had at all.
It is a process so that neither a hang nor a crash of the synthesiser reaches the speaker.

Two habits of pyttsx3 2.99 shape it. A rate that is set is now and then lost, without an
error, so it is read back after every line. A file is now and then empty, because the end of
an earlier utterance was taken for its own; texts and files may then be out of step, so
whoever started us ends us and starts another.
"""

import json
import os
import sys
from typing import IO, Any, Final

RATE_PARAMETER: Final = 1
"""espeakRATE in espeak-ng's speak_lib.h."""

FAILED_VOICE: Final = "voice"
FAILED_ENGINE: Final = "engine"
FAILED_RATE: Final = "rate"


class _FailureError(Exception):
    """Speech is not to be had: a kind (one of `FAILED_*`) and a reason."""


def _start(voice: str, rate: int) -> Any:
    """Return an engine that speaks with `voice` at `rate`."""
    try:
        import pyttsx3  # noqa: PLC0415 - its failures are part of the answer

        engine = pyttsx3.init("espeak")
        voices = engine.getProperty("voices")
    except Exception as error:  # whatever it is, the speaker goes on without a voice
        raise _FailureError(FAILED_ENGINE, f"{error}") from error
    known = {voice.id for voice in voices}
    # By its language as well, which is what people know: "en-gb" is "gmw/en".
    ids = {language: voice.id for voice in voices for language in voice.languages}
    name, plus, variant = voice.partition("+")
    name = ids.get(name.lower(), name)
    if name.lower() not in known:
        raise _FailureError(FAILED_VOICE, ", ".join(sorted(id_ for id_ in known if "/en" in id_)))
    engine.setProperty("voice", f"{name}{plus}{variant}")
    engine.setProperty("rate", rate)
    return engine


def _speak(engine: Any, text: str, path: str, rate: int) -> list[tuple[int, int]]:
    """Write `text` to the WAV file `path`, and return where its words begin in text and sound.

    Only one text may be waiting at a time.
    """
    from pyttsx3.drivers import _espeak  # noqa: PLC0415

    driver, begun = engine.proxy._driver, []

    def heard(sound: Any, length: int, events: Any) -> int:
        # pyttsx3 tells which word has begun, but not when.
        number = 0
        while (event := events[number]).type != _espeak.EVENT_LIST_TERMINATED:
            if event.type == _espeak.EVENT_WORD and event.length > 0:
                begun.append((event.text_position - 1, event.audio_position))
            number += 1
        return int(driver._onSynth(sound, length, events))

    _espeak.SetSynthCallback(heard)
    engine.save_to_file(text, path)
    engine.runAndWait()
    if (actual := _espeak.dll.espeak_GetParameter(RATE_PARAMETER, 1)) != rate:
        raise _FailureError(FAILED_RATE, f"spoke at {actual} words a minute instead of {rate}")
    return begun


def _answer(to: IO[str], answer: dict[str, Any]) -> None:
    print(json.dumps(answer), file=to, flush=True)


def main(voice: str, rate: int) -> None:
    """Answer requests until there are no more."""
    # pyttsx3 prints to standard output: keep the real one for the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        engine = _start(voice, rate)
        # The first utterance of a process sometimes ends early: let it be this one.
        _speak(engine, "Ready.", os.devnull, rate)
        _answer(answers, {})
        for line in sys.stdin:
            request = json.loads(line)
            begun = _speak(engine, request["text"], request["path"], rate)
            _answer(answers, {"words": begun})
    except _FailureError as failure:
        kind, reason = failure.args
        _answer(answers, {"error": kind, "reason": reason})
    answers.flush()
    # Not sys.exit: espeak-ng is known to stumble over Python's way of shutting down.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
