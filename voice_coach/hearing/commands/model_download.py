"""Fetching a recogniser model: download, verify, unpack."""

import hashlib
import http.client
import lzma
import shutil
import struct
import tempfile
import tomllib
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec
from tqdm import tqdm

from voice_coach.errors import UserError
from voice_coach.hearing.commands import model_store
from voice_coach.hearing.commands.model_store import InstalledModel

STOCK: Final = "vosk-model-small-en-us-0.15"
"""The model that is fetched when none is named."""

_CHUNK: Final = 1 << 16
_TIMEOUT: Final = 30.0
_LARGEST: Final = 4 << 30
"""Bytes an archive may unpack to; no Vosk model is larger."""
_MOST_FILES: Final = 1000
"""Files and folders that it may hold; a model has some twenty."""
_DENSEST: Final = 1100
"""Bytes that one byte of it may unpack to: more than deflating can, which is what models are."""
_SCRATCH: Final = ".unpacking-"
"""How the folders begin in which it is unpacked."""
_UNSOUND: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError),
    *(RuntimeError, ValueError, struct.error, LookupError, OverflowError),
)
"""What a damaged archive raises."""


class Download(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an archive lies and how to know that it is the right one."""

    url: str
    sha256: str
    bytes: int


def catalogue() -> dict[str, Download]:
    """Return the models that can be fetched, by name."""
    text = Path(__file__).with_name("models.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Download])


def install(
    name: str = STOCK,
    source: Path | None = None,
    *,
    sha256: str | None = None,
    progress: bool = True,
    folder: Path | None = None,
    known: dict[str, Download] | None = None,
    check: Callable[[Path], None] = lambda unpacked: None,
) -> InstalledModel:
    """Install the model `name` from the archive `source`, or from its official address.

    Parameters
    ----------
    name
        Name in :func:`catalogue`; with `source`, any name: the archive's folder names it.
    source
        A local zip archive, taken as it is unless `sha256` is given.
    sha256
        Digest the archive must have, in hexadecimal.
    folder
        Where models lie; by default :func:`model_store.own_folder`.
    known
        What can be fetched; by default :func:`catalogue`.
    check
        Is shown the model before it is put in its place, and may refuse it by a UserError.
    """
    folder = model_store.own_folder() if folder is None else folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if source is not None:
            if not source.is_file():
                raise UserError(f"There is no model archive {source}.")
            if sha256 is not None:
                _verify(source, sha256)
            return _unpack(source, folder, check)
        known = catalogue() if known is None else known
        if name not in known:
            raise UserError(
                f"No model called {name!r} can be fetched (known: {', '.join(known)}); "
                f"give its archive with --from FILE."
            )
        download = known[name]
        archive = folder / f"{name}.zip.part"
        _fetch(download, archive, progress)
        try:
            _verify(archive, sha256 or download.sha256)
            return _unpack(archive, folder, check)
        finally:
            archive.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"The model cannot be written to {folder}: {reason}.") from error


def _fetch(download: Download, archive: Path, progress: bool) -> None:
    """Download to `archive`, going on where an earlier attempt left off."""
    have = archive.stat().st_size if archive.exists() else 0
    if have >= download.bytes:
        return
    request = urllib.request.Request(download.url, headers={"Range": f"bytes={have}-"})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as response:
            resumed = response.status == 206
            bar = tqdm(
                total=download.bytes,
                initial=have if resumed else 0,
                unit="B",
                unit_scale=True,
                desc=download.url.rsplit("/", 1)[-1],
                disable=not progress,
            )
            with archive.open("ab" if resumed else "wb") as file, bar:
                while chunk := response.read(_CHUNK):
                    file.write(chunk)
                    bar.update(len(chunk))
                    if file.tell() > download.bytes:
                        break
    except urllib.error.HTTPError as error:
        raise UserError(
            f"{download.url} answered {error.code} {error.reason}; try again later, or give a "
            f"local archive with --from FILE."
        ) from error
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError) as error:
        raise UserError(
            f"{download.url} cannot be reached ({getattr(error, 'reason', error)}); check the "
            f"network, or give a local archive with --from FILE."
        ) from error
    if archive.stat().st_size < download.bytes:
        raise UserError(
            f"The download of {download.url} broke off; repeat the command to go on with it."
        )


def _verify(archive: Path, sha256: str) -> None:
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256.lower():
        raise UserError(
            f"The model archive is not the one expected (SHA-256 {found[:12]}..., expected "
            f"{sha256[:12].lower()}...) and was not installed; fetch it again."
        )


def _unpack(archive: Path, folder: Path, check: Callable[[Path], None]) -> InstalledModel:
    """Unpack `archive`, which holds one model in one folder, beside and then into place."""
    for ruin in folder.glob(f"{_SCRATCH}*"):  # of an installation that was killed
        shutil.rmtree(ruin, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as content:
            name = _safe_root(content)
            with tempfile.TemporaryDirectory(dir=folder, prefix=_SCRATCH) as scratch:
                content.extractall(scratch)
                check(Path(scratch) / name)
                place = folder / name
                if place.exists():
                    place.rename(Path(scratch) / "before")
                (Path(scratch) / name).rename(place)
    except _UNSOUND as error:
        raise UserError(f"{archive.name} is not a sound zip archive; fetch it again.") from error
    return next(model for model in model_store.installed([folder]) if model.name == name)


def _safe_root(content: zipfile.ZipFile) -> str:
    """Return the one folder in the archive, having made sure that all of it stays inside."""
    paths = [PurePosixPath(entry.filename) for entry in content.infolist()]
    roots = {path.parts[0] for path in paths if path.parts}
    unsafe = any(path.is_absolute() or ".." in path.parts for path in paths)
    if unsafe or len(roots) != 1 or roots & {"..", "/"}:
        raise UserError("The model archive is not one folder with a model in it.")
    (root,) = roots
    if PurePosixPath(root, "am", "final.mdl") not in paths:
        raise UserError("The archive holds no Vosk model (it has no am/final.mdl).")
    entries = content.infolist()
    if sum(entry.file_size for entry in entries) > _LARGEST or len(entries) > _MOST_FILES:
        raise UserError("The model archive is too large to be one.")
    if any(entry.file_size > _DENSEST * (entry.compress_size + 1024) for entry in entries):
        raise UserError("The model archive unpacks to far more than it holds; fetch it again.")
    return root
