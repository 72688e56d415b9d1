"""The voice: from a cue and its slots to a clip, whatever it takes.

A clip is, in this order: a person's recording of the cue; its lines, each recorded by a person,
rendered in a natural voice when the product was made, or synthesised; or the tone that stands in
for it. What has to be synthesised is put into the cache by :meth:`Voice.prepare` before a session;
in a session clips are only looked up, and stretched to the rate that is wanted.
"""

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tqdm import tqdm

from voice_coach import assets
from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.speaking import recordings as recorded
from voice_coach.speaking import rendered, shaping, tones
from voice_coach.speaking.clip import Clip, Fault, join
from voice_coach.speaking.clip_cache import ClipCache, key
from voice_coach.speaking.rendered import RenderedVoice
from voice_coach.speaking.script import TONE_PREFIX, Script
from voice_coach.speaking.stretching import stretch
from voice_coach.speaking.synthesis import NoSpeechError, SpeechError, Synthesiser
from voice_coach.speaking.word_times import Mark, by_letters, by_marks

SLOWEST: Final = 110
FASTEST: Final = 220
"""Words a minute that the voice may be set to."""

_ENGINE_RATE: Final = 0.77
"""The engine's setting for one word a minute of trimmed speech: espeak-ng counts its
pauses in. Measured by `bench/voice.py`."""

_AS_IT_IS: Final = 0.03
"""A difference in rate that nobody hears is not worth stretching anything for."""

_GIVE_UP: Final = 3
"""After so many failures in a row the remaining lines are not tried."""

_NO_SLOTS: Final[Mapping[str, str | int]] = MappingProxyType({})


class Voice:
    """Clips for the cues of `script`.

    Parameters
    ----------
    script : Script
        What is said.
    voice : str, optional
        A natural voice that ships, such as ``emma``, or one of espeak-ng such as ``gmw/en-us``;
        the script's own by default.
    words_per_minute : int
        How fast, the pauses between sentences not counted.
    cache : Path
        Where rendered clips are kept; made when missing.
    recordings : Path
        A folder laid out as `audio/README.md` describes; by default the one that ships.
    own : Path, optional
        Another such folder, of the household, which goes before it.
    voices : Path
        The folder of the natural voices; by default those that ship.

    Raises
    ------
    UserError
        When `words_per_minute` is out of range.
    """

    def __init__(
        self,
        script: Script,
        *,
        voice: str | None = None,
        words_per_minute: int = 145,
        cache: Path,
        recordings: Path | None = None,
        own: Path | None = None,
        voices: Path | None = None,
    ) -> None:
        if not SLOWEST <= words_per_minute <= FASTEST:
            raise UserError(
                f"The voice cannot speak {words_per_minute} words a minute;"
                f" choose between {SLOWEST} and {FASTEST}."
            )
        self._script = script
        self._words_per_minute = words_per_minute
        natural = assets.folder("audio") / "voices" if voices is None else voices
        self._natural = _natural(natural, voice or script.natural_voice, script.language)
        # A natural voice speaks one language; in another, that language's own speaks.
        is_natural = (voice or "").casefold() in rendered.folders(natural)
        self._voice = voice if voice and not is_natural else script.default_voice
        self._rate = round(words_per_minute * _ENGINE_RATE)
        self._cache = ClipCache(cache)
        self._synthetic = self._never_natural()
        folder = assets.folder("audio") if recordings is None else recordings
        self._recordings = recorded.Recordings([own, folder] if own else [folder], script)
        self._keys: dict[Path, str] = {}
        self._unusable: dict[Path, str] = {}

    @property
    def name(self) -> str:
        """The voice that speaks: natural, or of espeak-ng."""
        return self._natural.manifest.name if self._natural else self._voice

    @property
    def synthetic(self) -> str:
        """The voice of espeak-ng, for whatever has no clip."""
        return self._voice

    def prepare(self, progress: bool = False) -> list[Fault]:
        """Render what the cache lacks; return what will not be heard as it should be.

        Parameters
        ----------
        progress : bool
            Show a progress bar when there is something to render.

        Raises
        ------
        UserError
            When there is no such voice.
        """
        faults = self._prepare_recordings()
        missing = [text for text in self._script.every_line() if not self._has_line(text)]
        try:
            faults += self._render(missing, progress) if missing else []
        except OSError as error:
            faults.append(Fault("speech", f"the voice cannot be rendered: {error}"))
        if self._cache.failure is not None:
            faults.append(Fault("clip cache", f"it cannot be written: {self._cache.failure}"))
        return faults

    def prepare_cue(self, cue: str) -> None:
        """Render what the cache lacks of the one cue `cue`, which has no slots.

        For what must be said when nothing else is ready; where speech fails, its tone is heard.
        """
        missing = [text for text in self._script.lines(cue, _NO_SLOTS) if not self._has_line(text)]
        if missing:
            with contextlib.suppress(OSError):
                self._render(missing, progress=False)

    def clip(self, cue: str, slots: Mapping[str, str | int] = _NO_SLOTS) -> Clip:
        """Return the clip for `cue`; its tone where speech failed or has no words for `slots`.

        Raises
        ------
        KeyError
            When the script has no such cue, or there is no such tone.
        """
        if cue.startswith(TONE_PREFIX):
            return Clip(self._tone(cue.removeprefix(TONE_PREFIX)), "")
        try:
            lines = self._script.lines(cue, slots)
        except UserError:
            # Better a tone than the end of the session; whoever plans it asks the script first.
            return self._stand_in(cue)
        if (path := self._recordings.cue(cue, slots)) is not None:
            samples = self._recording(path, _speech)
            if samples is not None:
                text = " ".join(lines)
                return Clip(samples, text, by_letters(text, len(samples)))
        clips = [clip for text in lines if (clip := self.line(text)) is not None]
        return join(clips) if clips else self._stand_in(cue)

    def line(self, text: str) -> Clip | None:
        """Return one line as it will be played, or None when it was not rendered."""
        path = self._recordings.line(text)
        samples = None if path is None else self._recording(path, _speech)
        if samples is not None:
            return Clip(samples, text, by_letters(text, len(samples)))
        if self._natural and self._is_natural(text):
            clip = self._natural_line(self._natural, text)
            if clip is not None:
                return clip
        kept = self._cache.load(self._line_key(text))
        return None if kept is None else Clip(kept.samples, text, kept.words)

    def _natural_line(self, natural: RenderedVoice, text: str) -> Clip | None:
        """Return a line of the natural voice at the rate that is wanted."""
        factor = natural.words_per_minute / self._words_per_minute
        name = key(natural.made_from(text), self._words_per_minute, shaping.VERSION)
        kept = self._cache.load(name)
        if kept is None:
            clip = natural.speak(text)
            if clip is None:
                return None
            samples = shaping.shape_rendered(clip.samples)
            if abs(factor - 1) <= _AS_IT_IS:
                kept = self._cache.remember(name, samples, clip.words)
            else:
                words = [word.stretched(factor) for word in clip.words]
                kept = self._cache.keep(
                    name, shaping.shape_stretched(stretch(samples, factor)), words
                )
        return Clip(kept.samples, text, kept.words)

    def _is_natural(self, text: str) -> bool:
        """Tell whether the line `text` is said by the natural voice."""
        if self._natural is None or rendered.key(text) in self._synthetic:
            return False
        return self._natural.says_all([text])

    def _never_natural(self) -> frozenset[str]:
        """Return the lines that the natural voice might say, but not all that go with them.

        A sentence with the names of two people shall not be half one voice and half the other.
        """
        if self._natural is None:
            return frozenset()
        together = self._script.own_lines().values()
        mixed = (texts for texts in together if not self._natural.says_all(texts))
        return frozenset(rendered.key(text) for texts in mixed for text in texts)

    def _stand_in(self, cue: str) -> Clip:
        return Clip(self._tone(self._script.tone(cue)), "")

    def _line_key(self, text: str) -> str:
        return key(text, self._voice, self._rate, shaping.VERSION)

    def _has_line(self, text: str) -> bool:
        path = self._recordings.line(text)
        recorded_well = path is not None and path not in self._unusable
        if recorded_well or self._is_natural(text):
            return True
        return self._cache.holds(self._line_key(text))

    def _tone(self, tone: str) -> Samples:
        path = self._recordings.tone(tone)
        samples = None if path is None else self._recording(path, shaping.shape_tone)
        if samples is None:
            name = key("tone", tone, shaping.VERSION)
            kept = self._cache.load(name)
            if kept is None:
                sound = tones.render(tones.tones()[tone])
                kept = self._cache.keep(name, shaping.shape_tone(sound, SAMPLE_RATE))
            samples = kept.samples
        return samples

    def _recording(self, path: Path, shape: Callable[[Samples, int], Samples]) -> Samples | None:
        """Return the shaped recording, or None when it cannot be used."""
        if path in self._unusable:
            return None
        try:
            if path not in self._keys:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                self._keys[path] = key(digest, shape.__name__, shaping.VERSION)
            name = self._keys[path]
            kept = self._cache.load(name)
            if kept is None:
                shaped = shape(*recorded.read(path))
                if not len(shaped):
                    raise ValueError("there is nothing to hear in it")
                kept = self._cache.keep(name, shaped)
        except (OSError, ValueError) as error:
            self._unusable[path] = str(error)
            return None
        return kept.samples

    def _prepare_recordings(self) -> list[Fault]:
        for path in self._recordings.spoken():
            self._recording(path, _speech)
        for path in self._recordings.tones():
            self._recording(path, shaping.shape_tone)
        faults = [Fault(path.name, reason) for path, reason in self._unusable.items()]
        nothing = "it has the name of no cue, line or tone, so it replaces nothing"
        return faults + [Fault(path.name, nothing) for path in self._recordings.misnamed()]

    def _render(self, missing: list[str], progress: bool) -> list[Fault]:
        """Synthesise the `missing` lines into the cache."""
        faults: list[Fault] = []
        failed_in_a_row = 0
        with Synthesiser(self._voice, self._rate) as synthesiser:
            for text in tqdm(missing, "Preparing the voice", unit="line", disable=not progress):
                try:
                    spoken = synthesiser.speak(text)
                    samples, begin = shaping.shape_speech(spoken.sound, spoken.rate)
                    if not len(samples):
                        raise SpeechError("the synthesiser was silent")
                except NoSpeechError as error:
                    return [Fault("speech", f"there will be tones instead: {error}")]
                except SpeechError as error:
                    faults.append(Fault(text, str(error)))
                    failed_in_a_row += 1
                    if failed_in_a_row == _GIVE_UP:
                        faults.append(Fault("speech", "too many lines failed; the rest is left"))
                        return faults
                    continue
                failed_in_a_row = 0
                marks = [
                    Mark(mark.offset, mark.at * SAMPLE_RATE // spoken.rate - begin)
                    for mark in spoken.marks
                ]
                self._cache.keep(self._line_key(text), samples, by_marks(text, marks, samples))
        return faults


def _natural(voices: Path, name: str | None, language: str) -> RenderedVoice | None:
    """Return the natural voice `name` that speaks `language`; None where none does."""
    folder = rendered.folders(voices).get((name or "").casefold())
    natural = None if folder is None else RenderedVoice(folder)
    return natural if natural and natural.manifest.language == language else None


def _speech(sound: Samples, rate: int) -> Samples:
    """Return recorded speech ready to be played."""
    return shaping.shape_speech(sound, rate).samples
