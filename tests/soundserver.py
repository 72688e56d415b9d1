"""A private sound server: real sound through PulseAudio on a machine without a sound card.

Each server has two sinks that lead nowhere. What the program under test plays goes to
`speaker`; what is played into `room` is what its `microphone` hears. The samples that come
out are bit for bit the samples that went in, at 16 kHz, mono, 16 bits.

>>> with SoundServer() as server:
...     coach = subprocess.Popen(["voice-coach", "run"], env=server.environment)
...     with server.record_speaker() as heard:
...         server.play_into_microphone("start_beginner.wav")
...         for position, samples in heard:
...             ...
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np

from voice_coach.clock import BLOCK, SAMPLE_RATE
from voice_coach.samples import Samples
from voice_coach.sound.audio_files import read_recording, write_wav

PROGRAMS = ("pulseaudio", "pactl", "pacat", "parec")
FORMAT = ("format=s16le", f"rate={SAMPLE_RATE}", "channels=1", "channel_map=mono")
RAW = ("--raw", "--format=s16le", f"--rate={SAMPLE_RATE}", "--channels=1")
OPTIONS = (
    "-n",
    "--daemonize=no",
    "--use-pid-file=no",
    "--realtime=no",
    "--high-priority=no",
    "--disable-shm=yes",
    "--exit-idle-time=-1",
    "--log-level=error",
)
PATIENCE = 10.0
"""Seconds that a server may take to start, or a player to end, on a busy machine."""


def missing() -> str | None:
    """Return what is not installed that a sound server needs, or None when all is there."""
    absent = [program for program in PROGRAMS if shutil.which(program) is None]
    if absent:
        return f"{', '.join(absent)} not found: install pulseaudio and pulseaudio-utils"
    plugins = ("/usr/lib/*/alsa-lib", "/usr/lib/alsa-lib", "/usr/lib64/alsa-lib")
    pattern = "libasound_module_pcm_pulse.so"
    if not any(list(Path("/").glob(f"{place[1:]}/{pattern}")) for place in plugins):
        return f"{pattern} not found: install libasound2-plugins"
    return None


class SoundServer:
    """A PulseAudio server of its own, in a folder of its own, gone when the block is left.

    Parameters
    ----------
    echo
        When true, the microphone hears the loudspeaker itself, unchanged and within a
        millisecond, along with whatever is played into the microphone.
    """

    def __init__(self, *, echo: bool = False) -> None:
        self.echo = echo
        self.folder = Path()
        self.environment: dict[str, str] = {}
        """A copy of this process's environment in which every program uses this server."""
        self._server: subprocess.Popen[bytes] | None = None
        self._helpers: list[subprocess.Popen[bytes]] = []
        self._plays = 0

    @property
    def variables(self) -> dict[str, str]:
        """The variables that `environment` adds: enough to point a process at this server."""
        return {
            "PULSE_SERVER": f"unix:{self.folder}/native",
            "ALSA_CONFIG_PATH": f"{self.folder}/asound.conf",
        }

    def __enter__(self) -> SoundServer:
        # A unix socket's path may have 107 characters at most: not pytest's long folders.
        self.folder = Path(tempfile.mkdtemp(prefix="vc-", dir="/tmp"))
        self.environment = {**os.environ, **self.variables}
        (self.folder / "asound.conf").write_text(_ALSA, encoding="ascii")
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for helper in self._helpers:
            _end(helper)
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server, or start it again after `kill`, with all its devices."""
        private = {
            "NOTIFY_SOCKET": "",  # it would report to the service manager of the program under test
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder),
            "PULSE_RUNTIME_PATH": str(self.folder),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
        }
        (self.folder / "native").unlink(missing_ok=True)
        socket = f"module-native-protocol-unix auth-anonymous=1 socket={self.folder}/native"
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                ["pulseaudio", *OPTIONS, f"--load={socket}"],
                env={**os.environ, **private},
                stdout=log,
                stderr=log,
            )
        self._wait_until_ready()
        self.plug_in()

    def _wait_until_ready(self) -> None:
        assert self._server is not None
        deadline = time.monotonic() + PATIENCE
        while subprocess.run(
            ["pactl", "info"], env=self.environment, capture_output=True, check=False
        ).returncode:
            if self._server.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"pulseaudio did not start: {log}")
            time.sleep(0.01)

    def freeze(self, *, thaw: bool = False) -> None:
        """Let the server hang as it stands, or go on."""
        assert self._server is not None
        self._server.send_signal(signal.SIGCONT if thaw else signal.SIGSTOP)

    def plug_in(self) -> None:
        """Create the loudspeaker, the room and the microphone; the server starts with them."""
        for sink in ("speaker", "room"):
            # With rewinds a null sink renders two seconds ahead and callbacks stall.
            self.pactl(
                "load-module", "module-null-sink", f"sink_name={sink}", "norewinds=1", *FORMAT
            )
        master = "speaker.monitor" if self.echo else "room.monitor"
        remap = ("module-remap-source", "source_name=microphone", f"master={master}")
        self.pactl("load-module", *remap, "remix=no", *FORMAT)
        self.pactl("set-default-sink", "speaker")
        self.pactl("set-default-source", "microphone")
        if self.echo:
            self._keep_blocks_short()

    def _keep_blocks_short(self) -> None:
        """Have the loudspeaker render a millisecond at a time, as its quickest listener asks.

        A null sink hands a block to its monitor when it begins to play it, so that the echo
        is early by up to a block and PulseAudio's delays are out by as much: 20 ms otherwise.
        """
        listener = subprocess.Popen(
            ["parec", "--device=speaker.monitor", "--latency-msec=1", *RAW],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._helpers.append(listener)

    def unplug(self) -> None:
        """Take the loudspeaker, the room and the microphone away, as if a cable were pulled."""
        self.pactl("unload-module", "module-remap-source")
        self.pactl("unload-module", "module-null-sink")

    def suspend(self, asleep: bool, *names: str) -> None:
        """Send devices, all unless some are named, to sleep without taking them away, or wake."""
        for name in names or ("speaker", "room", "microphone"):
            kind = "source" if name == "microphone" else "sink"
            self.pactl(f"suspend-{kind}", name, "1" if asleep else "0")

    def kill(self) -> None:
        """Kill the server outright; `start` brings it back."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def pactl(self, *arguments: str) -> str:
        """Run a `pactl` command on this server and return what it printed."""
        command = ["pactl", *arguments]
        return subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def play_into_microphone(self, sound: Path | str | Samples) -> Playing:
        """Start to play a sound file, or samples at 16 kHz, where the microphone hears it.

        Several may sound at once: they mix. Returns at once; the sound begins some tens of
        milliseconds later.
        """
        samples = read_recording(Path(sound)) if isinstance(sound, str | Path) else sound
        self._plays += 1
        file = self.folder / f"play{self._plays}.raw"
        file.write_bytes(_to_bytes(samples))
        target = "speaker" if self.echo else "room"
        with file.open("rb") as source:
            player = subprocess.Popen(
                ["pacat", "--playback", f"--device={target}", "--latency-msec=500", *RAW],
                env=self.environment,
                stdin=source,
                stderr=subprocess.DEVNULL,
            )
        self._helpers.append(player)
        return Playing(player, file)

    def record_speaker(self) -> Recording:
        """Start to record what the loudspeaker plays; see `Recording`."""
        return self._record("speaker.monitor")

    def record_microphone(self) -> Recording:
        """Start to record what the microphone hears; see `Recording`."""
        return self._record("microphone")

    def _record(self, source: str) -> Recording:
        recorder = subprocess.Popen(
            ["parec", f"--device={source}", "--latency-msec=10", *RAW],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._helpers.append(recorder)
        return Recording(recorder)


class Playing:
    """A sound on its way into the microphone."""

    def __init__(self, player: subprocess.Popen[bytes], file: Path) -> None:
        self._player = player
        self._file = file

    @property
    def done(self) -> bool:
        """Whether the last sample has been played."""
        return self._player.poll() is not None

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the last sample has been played."""
        self._player.wait(timeout)
        self._file.unlink(missing_ok=True)

    def stop(self) -> None:
        """Break off."""
        _end(self._player)
        self._file.unlink(missing_ok=True)


class Recording:
    """What a device sounds like while it goes on: iterate, or `stop` and take the whole.

    Iteration yields `(position, samples)` in chunks of 20 ms as they come, where position
    counts samples since the recording began; it goes on where the last one left off and
    ends when the recording does: stopped from another thread, or with the server. Nothing is
    lost while nobody iterates.
    """

    def __init__(self, recorder: subprocess.Popen[bytes]) -> None:
        self._recorder = recorder
        self._chunks: list[Samples] = []
        self._ended = False
        self._news = threading.Condition()
        self._taken = 0
        self._thread = threading.Thread(target=self._fetch, daemon=True)
        self._thread.start()

    def _fetch(self) -> None:
        assert self._recorder.stdout is not None
        with self._recorder.stdout as pipe:
            while len(chunk := pipe.read(BLOCK * 2)) == BLOCK * 2:
                with self._news:
                    sound = np.frombuffer(chunk, "<i2").astype(np.float32)
                    self._chunks.append(sound * np.float32(2**-15))
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def __iter__(self) -> Iterator[tuple[int, Samples]]:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._taken < len(self._chunks) or self._ended)
                if self._taken == len(self._chunks):
                    return
                at, chunk = self._taken * BLOCK, self._chunks[self._taken]
                self._taken += 1
            yield at, chunk

    @property
    def position(self) -> int:
        """Samples recorded so far."""
        return len(self._chunks) * BLOCK

    def read(self, seconds: float) -> Samples:
        """Wait until so many seconds have been recorded; return all recorded so far."""
        wanted = round(seconds * SAMPLE_RATE)
        with self._news:
            self._news.wait_for(
                lambda: self.position >= wanted or self._ended, timeout=seconds + PATIENCE
            )
        return self.samples

    @property
    def samples(self) -> Samples:
        """All that has been recorded so far."""
        return np.concatenate([np.zeros(0, np.float32), *self._chunks])

    def last(self, seconds: float) -> Samples:
        """Return the end of what has been recorded so far, or all of it where that is less."""
        wanted = round(seconds * SAMPLE_RATE)
        chunks = self._chunks[-(wanted // BLOCK + 1) :]
        return np.concatenate([np.zeros(0, np.float32), *chunks])[-wanted:]

    def stop(self) -> Samples:
        """End the recording and return the whole of it."""
        _end(self._recorder)
        self._thread.join(PATIENCE)
        return self.samples

    def save(self, path: Path) -> None:
        """Write what has been recorded so far as a WAV file."""
        write_wav(path, self.samples)


@contextlib.contextmanager
def inside(server: SoundServer) -> Iterator[SoundServer]:
    """Let this very process, not only its children, use the server while the block runs."""
    before = {name: os.environ.get(name) for name in server.variables}
    os.environ.update(server.variables)
    try:
        _restart_portaudio()
        yield server
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _restart_portaudio()


def _restart_portaudio() -> None:
    """Let PortAudio look at its devices afresh, where it is already loaded."""
    sounddevice = sys.modules.get("sounddevice")
    if sounddevice is not None:
        sounddevice._terminate()
        sounddevice._initialize()


def _to_bytes(samples: Samples) -> bytes:
    scaled = np.clip(np.round(samples * 32768), -32768, 32767)
    return scaled.astype("<i2").tobytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# Only what the tests need, and nothing of the machine's own: PortAudio lists these three.
_ALSA = """\
pcm.!default { type pulse }
pcm.speaker { type asym playback.pcm { type pulse device speaker } }
pcm.microphone { type asym capture.pcm { type pulse device microphone } }
"""
