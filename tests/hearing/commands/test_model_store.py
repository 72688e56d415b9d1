"""Which recogniser model is used, and how one is fetched."""

import hashlib
import io
import logging
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from voice_coach.errors import UserError
from voice_coach.hearing.commands import CommandModel
from voice_coach.hearing.commands.model_download import Download, catalogue, install
from voice_coach.hearing.commands.model_store import choose, installed


def make_model(folder: Path, name: str, size: int) -> None:
    (folder / name / "am").mkdir(parents=True)
    with (folder / name / "am" / "final.mdl").open("wb") as file:
        file.truncate(size)


def make_archive(entries: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return content.getvalue()


SOUND = make_archive({"tiny/": b"", "tiny/am/final.mdl": bytes(range(256)) * 4000})


class TestChoosing:
    @pytest.fixture
    def places(self, tmp_path: Path) -> list[Path]:
        make_model(tmp_path / "shipped", "en", 3_000_000)
        make_model(tmp_path / "user", "vosk-model-small-en-us-0.15", 68_000_000)
        make_model(tmp_path / "user", "vosk-model-small-de-0.15", 90_000_000)
        (tmp_path / "user" / "unfinished").mkdir()
        (tmp_path / "shipped" / "README.md").write_text("no model")
        return [tmp_path / "shipped", tmp_path / "user"]

    def test_only_whole_models_count(self, places: list[Path]) -> None:
        names = [model.name for model in installed(places)]
        assert names == ["en", "vosk-model-small-de-0.15", "vosk-model-small-en-us-0.15"]

    def test_what_somebody_has_installed_is_used_only_when_asked_for(
        self, places: list[Path], caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO):
            assert choose(places=places).name == "en"
        assert "model en" in caplog.text
        stock = "vosk-model-small-en-us-0.15"
        assert choose(stock, places=places).name == stock

    def test_the_only_one_is_used(self, places: list[Path]) -> None:
        assert choose(places=places[1:]).name == "vosk-model-small-en-us-0.15"

    def test_another_language_has_its_own(self, places: list[Path]) -> None:
        assert choose(None, "de", places=places).name == "vosk-model-small-de-0.15"

    def test_the_one_set_by_name_is_used(self, places: list[Path]) -> None:
        assert choose("en", places=places).name == "en"

    def test_one_that_is_not_there_is_refused_naming_those_that_are(
        self, places: list[Path]
    ) -> None:
        with pytest.raises(UserError, match=r"'xy'.*installed: en, "):
            choose("xy", places=places)

    def test_without_any_it_says_how_to_get_one(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="voice-coach model install"):
            choose(places=[tmp_path])

    def test_a_model_that_cannot_be_loaded_is_refused(self, places: list[Path]) -> None:
        with pytest.raises(UserError, match="install it anew"):
            CommandModel.load(places[0] / "en")


class Site:
    """A web site with one file, which it may serve badly."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.breaks_off_after: int | None = None
        self.asked: list[str | None] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != "/tiny.zip":
                    self.send_error(404)
                    return
                wanted = self.headers["Range"]
                site.asked.append(wanted)
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                self.send_response(206)
                self.send_header("Content-Length", str(len(site.content) - start))
                self.end_headers()
                self.wfile.write(site.content[start : site.breaks_off_after])

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        serve = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        serve.start()

    def offers(self, path: str = "tiny.zip", sha256: str | None = None) -> dict[str, Download]:
        url = f"http://127.0.0.1:{self.server.server_port}/{path}"
        digest = sha256 or hashlib.sha256(SOUND).hexdigest()
        return {"tiny": Download(url=url, sha256=digest, bytes=len(SOUND))}


class TestFetching:
    @pytest.fixture
    def site(self) -> Iterator[Site]:
        site = Site(SOUND)
        yield site
        site.server.shutdown()
        site.server.server_close()

    def test_a_model_is_fetched_verified_and_ready_to_choose(
        self, site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        model = install("tiny", known=site.offers(), folder=tmp_path / "models")
        assert model.path == tmp_path / "models" / "tiny"
        assert [path.name for path in (tmp_path / "models").iterdir()] == ["tiny"]
        assert "tiny.zip" in capsys.readouterr().err, "progress is shown"
        assert choose("tiny", places=[tmp_path / "models"]) == model

    def test_fetching_again_replaces_it(self, site: Site, tmp_path: Path) -> None:
        for _ in range(2):
            install("tiny", known=site.offers(), folder=tmp_path, progress=False)
            assert installed([tmp_path])[0].name == "tiny"

    def test_a_broken_download_goes_on_where_it_left_off(self, site: Site, tmp_path: Path) -> None:
        site.breaks_off_after = 300_000
        with pytest.raises(UserError, match="broke off; repeat"):
            install("tiny", known=site.offers(), folder=tmp_path, progress=False)
        assert installed([tmp_path]) == []
        site.breaks_off_after = None
        install("tiny", known=site.offers(), folder=tmp_path, progress=False)
        assert site.asked == ["bytes=0-", "bytes=300000-"]
        assert installed([tmp_path])[0].size == 256 * 4000

    def test_another_file_than_expected_is_not_installed(self, site: Site, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="not the one expected"):
            install("tiny", known=site.offers(sha256="0" * 64), folder=tmp_path, progress=False)
        assert list(tmp_path.iterdir()) == [], "nor kept to go on with"

    def test_a_missing_file_is_reported(self, site: Site, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="404"):
            install("tiny", known=site.offers("none.zip"), folder=tmp_path, progress=False)

    def test_an_unreachable_site_is_reported(self, site: Site, tmp_path: Path) -> None:
        offers = site.offers()
        site.server.shutdown()
        site.server.server_close()
        with pytest.raises(UserError, match="cannot be reached"):
            install("tiny", known=offers, folder=tmp_path, progress=False)

    def test_an_unknown_name_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="vosk-model-small-en-us"):
            install("vosk-model-large-tlh", folder=tmp_path)

    def test_what_can_be_fetched_is_pinned_and_official(self) -> None:
        for download in catalogue().values():
            assert download.url.startswith("https://alphacephei.com/")
            assert len(bytes.fromhex(download.sha256)) == 32


class TestLocalArchive:
    def archive(self, folder: Path, content: bytes) -> Path:
        path = folder / "archive.zip"
        path.write_bytes(content)
        return path

    def test_it_is_installed_under_its_own_name(self, tmp_path: Path) -> None:
        model = install("any", self.archive(tmp_path, SOUND), folder=tmp_path / "models")
        assert model.name == "tiny"

    def test_a_digest_given_is_held_to(self, tmp_path: Path) -> None:
        path = self.archive(tmp_path, SOUND)
        digest = hashlib.sha256(SOUND).hexdigest()
        install("any", path, sha256=digest.upper(), folder=tmp_path / "models")
        with pytest.raises(UserError, match="not the one expected"):
            install("any", path, sha256="ab" * 32, folder=tmp_path / "models")

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"PK no archive",
            SOUND[: len(SOUND) // 2],
            make_archive({"am/final.mdl": b"x"}),
            make_archive({"tiny/am/final.mdl": b"x", "other/file": b"x"}),
            make_archive({"tiny/am/final.mdl": b"x", "tiny/../../outside": b"x"}),
            make_archive({"tiny/am/final.mdl": b"x", "/outside": b"x"}),
            make_archive({"../am/final.mdl": b"x"}),
            make_archive({"tiny/README": b"x"}),
        ],
    )
    def test_what_is_no_model_is_refused_and_leaves_nothing_behind(
        self, content: bytes, tmp_path: Path
    ) -> None:
        with pytest.raises(UserError) as refusal:
            install("any", self.archive(tmp_path, content), folder=tmp_path / "models")
        assert "\n" not in str(refusal.value)
        assert list((tmp_path / "models").iterdir()) == []
        assert not (tmp_path / "outside").exists()

    def test_a_missing_archive_and_an_unwritable_folder_are_reported(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="no model archive"):
            install("any", tmp_path / "none.zip", folder=tmp_path / "models")
        (tmp_path / "file").write_text("")
        with pytest.raises(UserError, match="cannot be written"):
            install("any", self.archive(tmp_path, SOUND), folder=tmp_path / "file")
