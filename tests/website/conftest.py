"""A household with a page, and browsers that visit it."""

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from voice_coach.home.settings import Settings
from voice_coach.intercom.client import SpeakerLine
from voice_coach.website.access import Access
from voice_coach.website.app import LARGE, pages
from voice_coach.website.desk import Desk
from voice_coach.website.guard import Guard
from voice_coach.website.server import hosts

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:8127"


class Browser:
    """Somebody's browser, at first a stranger's."""

    def __init__(self, house: "House") -> None:
        self.house = house
        self.client = TestClient(
            house.guard, base_url=ADDRESS, follow_redirects=False, raise_server_exceptions=True
        )

    def enter(self, role: str, name: str = "a browser") -> "Browser":
        """Be let in."""
        code = self.house.access.invite(role)
        answer = self.send("/enter", code=code, name=name)
        assert answer.status_code == 303, answer.text
        return self

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers=headers)

    def seal(self, path: str = "/devices") -> str:
        found = re.search(r'name="seal" value="(\w+)"', self.get(path).text)
        return found[1] if found else ""

    def send(
        self,
        path: str,
        files: Any = None,
        headers: dict[str, str] | None = None,
        seal: str | None = None,
        **fields: Any,
    ) -> httpx2.Response:
        """Send a form as a page of ours would."""
        if path != "/enter":
            fields["seal"] = self.seal() if seal is None else seal
        return self.client.post(
            path, data=fields, files=files, headers={"origin": ADDRESS, **(headers or {})}
        )


class House:
    """The files of a household, its page and its clock."""

    def __init__(self, folder: Path, line: SpeakerLine | None = None, more: str = "") -> None:
        self.folder = folder
        self.now = NOW
        self.file = folder / "settings.toml"
        self.file.write_text(
            '# ours\ndiary = "diary"\ncalibration = "heels"\ncache = "cache"\n'
            f'recordings = "recordings"\n{more}'
            '[home]\nfolder = "home"\n'
        )
        self.line = line or SpeakerLine(None)
        self.access = Access(self.settings.home.folder, lambda: self.now)
        self.desk = Desk(self.file, lambda: self.now, self.line, self.access)
        self.guard = Guard(pages(self.desk), hosts(self.settings.home), large=LARGE)

    @property
    def settings(self) -> Settings:
        return Settings.load(self.file)

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)

    def browser(self, role: str | None = None) -> Browser:
        browser = Browser(self)
        return browser if role is None else browser.enter(role)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A place for a socket, whose path must be short."""
    with tempfile.TemporaryDirectory(prefix="vc") as folder:
        yield Path(folder) / "s"


@pytest.fixture
def houses(tmp_path: Path) -> Callable[..., House]:
    def make(**options: Any) -> House:
        return House(tmp_path, **options)

    return make


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    pair = folder / "mail.pem", folder / "mail.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-out", str(pair[0]), "-keyout", str(pair[1])),
        ],
        check=True,
        capture_output=True,
    )
    return pair
