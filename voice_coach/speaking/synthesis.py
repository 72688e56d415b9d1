"""Synthesis: lines of text to raw speech, by a process of its own that may fail."""

import base64
import json
import select
import subprocess
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

import numpy as np

from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.speaking import espeak_process
from voice_coach.speaking.word_times import Mark

_START: Final = 15.0
"""Seconds until the process must have begun."""

_LINE: Final = 10.0
"""Seconds until a line must be spoken; it takes milliseconds."""

_ATTEMPTS: Final = 2
"""How often a line is tried, each time by a fresh process."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line as the synthesiser spoke it: `marks` say where its words begin, as far as it told."""

    sound: Samples
    rate: int
    """Samples of `sound` in a second."""
    marks: tuple[Mark, ...]


class SpeechError(Exception):
    """A line could not be spoken; the text says why."""


class NoSpeechError(SpeechError):
    """There is no synthesiser: no further line needs to be tried."""


class _ProcessFailedError(Exception):
    """The process crashed or hung, and has to be started afresh."""


class Synthesiser:
    """Speaks lines through pyttsx3 on espeak-ng; a context manager that ends its process.

    Parameters
    ----------
    voice : str
        A voice by its identifier, such as ``gmw/en``, with a variant such as ``+f3`` or not.
    rate : int
        The engine's own setting, near words a minute.
    """

    def __init__(self, voice: str, rate: int) -> None:
        self._voice = voice
        self._rate = rate
        self._process: subprocess.Popen[bytes] | None = None
        self._has_spoken = False

    def __enter__(self) -> "Synthesiser":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def speak(self, text: str) -> Spoken:
        """Return `text` as raw speech.

        Raises
        ------
        UserError
            When there is no such voice.
        NoSpeechError
            When there is no synthesiser.
        SpeechError
            When this line cannot be spoken, by a fresh process neither.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                if self._process is None:
                    self._start()
                return self._render(text)
            except _ProcessFailedError as error:
                self._end()
                if attempt == _ATTEMPTS:
                    failure = SpeechError if self._has_spoken else NoSpeechError
                    raise failure(str(error)) from error
        raise AssertionError("the last attempt returns or raises")

    def _render(self, text: str) -> Spoken:
        answer = self._ask(text, _LINE)
        self._has_spoken = True
        pcm, rate = base64.b64decode(answer["sound"]), answer["rate"]
        sound = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768)
        if not np.any(sound):
            raise SpeechError("the synthesiser was silent")
        marks = tuple(Mark(offset, rate * at // 1000) for offset, at in answer["words"])
        return Spoken(sound, rate, marks)

    def _start(self) -> None:
        # -P and a path instead of -m: the process needs none of our packages, and starts
        # faster without them.
        command = [sys.executable, "-P", espeak_process.__file__, self._voice, str(self._rate)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._ask(None, _START)

    def _ask(self, text: str | None, seconds: float) -> dict[str, Any]:
        """Send `text` to the process and return its answer; None awaits its first one."""
        assert self._process is not None
        assert self._process.stdin is not None
        if text is not None:
            try:
                self._process.stdin.write(json.dumps(text).encode() + b"\n")
                self._process.stdin.flush()
            except OSError as error:
                raise _ProcessFailedError("the synthesiser has gone away") from error
        answer: dict[str, Any] = json.loads(self._line(seconds))
        match answer.get("error"):
            case espeak_process.FAILED_ENGINE:
                raise NoSpeechError(f"espeak-ng does not start: {answer['reason']}")
            case espeak_process.FAILED_VOICE:
                raise UserError(f"There is no voice {self._voice!r}; choose {answer['reason']}.")
            case espeak_process.FAILED_LINE:
                raise SpeechError(answer["reason"])
        return answer

    def _line(self, seconds: float) -> bytes:
        """Return the next line of the process's answers, waiting for `seconds` at most."""
        assert self._process is not None
        assert self._process.stdout is not None
        # Answers are short and come one at a time: when anything can be read, a line can.
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        if not ready:
            raise _ProcessFailedError(f"the synthesiser did not answer within {seconds:.0f} s")
        if not (line := self._process.stdout.readline()):
            raise _ProcessFailedError("the synthesiser broke down")
        return line

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
        self._process = None
