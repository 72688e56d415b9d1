"""The page with a certificate of the household's own."""

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import httpx2
import pytest

from tests.website.conftest import House
from voice_coach.errors import UserError
from voice_coach.website.server import prepared


@pytest.fixture
def address(house: House, certificate: tuple[Path, Path]) -> Iterator[str]:
    """Where the page is, served by a process of its own."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with house.file.open("a") as more:
        more.write(f'port = {port}\ncertificate = "{certificate[0]}"\nkey = "{certificate[1]}"\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "voice_coach", "home", "--settings", str(house.file)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = process.stdout.readline()
    assert f"https://127.0.0.1:{port}/" in told
    yield f"https://localhost:{port}"
    process.terminate()
    process.wait(15)
    process.stdout.close()


def test_is_encrypted_and_its_cookie_never_goes_by_another_way(
    house: House, certificate: tuple[Path, Path], address: str
) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with httpx2.Client(verify=context, base_url=address) as browser:
        house.now = datetime.now().astimezone()  # that of the process
        code = house.access.invite("look")
        form = {"code": code, "name": "a browser"}
        answer = browser.post("/enter", data=form, headers={"origin": address})
        assert answer.status_code == 303
        assert "Secure" in answer.headers["set-cookie"]
        assert "Today" in browser.get("/").text
        elsewhere = address.replace("https", "http")
        again = browser.post("/enter", data=form, headers={"origin": elsewhere})
        assert again.status_code == 403
    with pytest.raises(httpx2.HTTPError):
        httpx2.get(address.replace("https", "http") + "/enter")


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_needs_both_of_the_pair(house: House, certificate: tuple[Path, Path], missing: str) -> None:
    pair = {"certificate": certificate[0], "key": certificate[1]}
    del pair[missing]
    with house.file.open("a") as more:
        more.writelines(f'{name} = "{file}"\n' for name, file in pair.items())
    with pytest.raises(UserError, match="set both"):
        prepared(house.desk, house.settings.home)
