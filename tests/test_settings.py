import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from tests.diary.test_files import as_nobody
from voice_coach.errors import UserError
from voice_coach.programme.levels import load_levels
from voice_coach.settings import Settings, default_file, read_prescription

EXAMPLE = Path(__file__).parents[1] / "docs" / "settings.example.toml"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's own settings: every usual place lies in a fresh folder."""
    for name, folder in (
        ("HOME", ""),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_CACHE_HOME", ".cache"),
    ):
        monkeypatch.setenv(name, str(tmp_path / folder))
    return tmp_path


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


class TestWhereThereIsNothing:
    def test_everything_has_a_default(self, home: Path) -> None:
        settings = Settings.load()
        assert settings.language == "en"
        assert settings.words_per_minute == 145
        assert settings.input is None
        assert settings.diary == home / ".local/share/voice-coach/diary"
        assert settings.cache == home / ".cache/voice-coach"

    def test_a_file_that_was_named_is_missed(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"no settings file .*none\.toml; create it, or name"):
            Settings.load(tmp_path / "none.toml")


class TestAFile:
    def test_in_the_usual_place_is_read(self) -> None:
        default_file().parent.mkdir(parents=True)
        default_file().write_text('input = "USB"')
        assert Settings.load().input == "USB"

    def test_changes_what_it_names_and_nothing_else(self, tmp_path: Path) -> None:
        settings = Settings.load(written(tmp_path, "volume_db = -6"))
        assert settings == msgspec.structs.replace(Settings(), volume_db=-6.0)

    def test_means_paths_from_its_own_folder_or_the_home(self, tmp_path: Path, home: Path) -> None:
        file = written(tmp_path, 'diary = "mine"\ncache = "~/quick"\nprescription = "/rx.toml"')
        settings = Settings.load(file)
        assert settings.diary == tmp_path / "mine"
        assert settings.cache == home / "quick"
        assert settings.prescription == Path("/rx.toml")


class TestAMistake:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ('langage = "en"', "line 1: unknown key 'langage'; choose from: language, model"),
            ("\nvolume_db = 99", "line 2: volume_db must be a number from -40 to 12"),
            ("volume_db = nan", "line 1: volume_db must be a number from -40 to 12"),
            ('words_per_minute = "fast"', "line 1: words_per_minute must be a whole number from"),
            ("words_per_minute = 20", "line 1: words_per_minute must be a whole number from 110"),
            (
                'language = "English"',
                'line 1: language must be the code of a language, such as "en"',
            ),
            ("diary = 3", "line 1: diary must be the path of a folder"),
            ('diary = ""', "line 1: diary must be the path of a folder"),
            ("[voice]\nname = 3", "voice must be the name of a voice"),
            ("input = USB", r"line 1, column 9: invalid value; each line is written name = "),
            ('input = "USB', "line 1, column .*each line is written"),
        ],
    )
    def test_is_answered_with_file_line_key_and_remedy(
        self, tmp_path: Path, text: str, says: str
    ) -> None:
        with pytest.raises(UserError, match=rf"^{re.escape(str(tmp_path))}/settings\.toml.*{says}"):
            Settings.load(written(tmp_path, text))

    def test_a_file_that_is_no_text(self, tmp_path: Path) -> None:
        (tmp_path / "photo").write_bytes(b"\x89PNG\xff")
        with pytest.raises(UserError, match="not a text file; name a settings file"):
            Settings.load(tmp_path / "photo")

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"cannot be read \(Is a directory\)"):
            Settings.load(tmp_path)

    def test_a_file_that_may_not_be_read(self, tmp_path: Path) -> None:
        file = written(tmp_path, "")
        file.chmod(0)
        with as_nobody(), pytest.raises(UserError, match=r"cannot be read \(Permission denied\)"):
            Settings.load(file)

    def test_settings_of_one_s_own_that_may_not_be_reached(self, tmp_path: Path) -> None:
        default_file().parent.mkdir(parents=True)
        default_file().touch()
        tmp_path.chmod(0o700)
        with as_nobody(), pytest.raises(UserError, match=r"cannot be read \(Permission denied\)"):
            Settings.load()


class TestAPrescription:
    def test_is_read_from_its_file(self, tmp_path: Path) -> None:
        file = tmp_path / "rx.toml"
        file.write_text('signed_by = "A"\nvalid_until = 2030-01-01\nlevel = "beginner"\n')
        assert read_prescription(file, load_levels()).signed_by == "A"

    def test_that_is_missing_is_missed(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"There is no prescription .*rx\.toml"):
            read_prescription(tmp_path / "rx.toml", load_levels())


class TestTheExample:
    def test_shows_the_defaults(self) -> None:
        assert Settings.load(EXAMPLE) == Settings()

    def test_shows_every_key(self) -> None:
        text = re.sub(r"^#(?=\w+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert set(tomllib.loads(text)) == set(Settings.__struct_fields__)

    def test_is_right_with_every_key_in_use(self, home: Path) -> None:
        text = re.sub(r"^#(?=\w+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
        settings = Settings.load(written(home, text))
        default = Settings()
        for key in ("diary", "calibration", "cache", "language", "words_per_minute", "volume_db"):
            assert getattr(settings, key) == getattr(default, key)
