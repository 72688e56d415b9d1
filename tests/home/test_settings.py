import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from tests.diary.test_diary_file import as_nobody
from voice_coach.errors import UserError
from voice_coach.home.settings import (
    Controls,
    LightNames,
    Settings,
    default_file,
    read_prescription,
)
from voice_coach.programme.levels import load_levels
from voice_coach.programme.reminders import Reminders

EXAMPLE = Path(__file__).parents[2] / "docs" / "settings.example.toml"


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
            (
                'langage = "en"',
                "line 1: unknown key 'langage'; choose from: language, speaks, model",
            ),
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
            (
                '[controls]\nbutton = ["nonesuch"]',
                "line 2: button must be a list of keys such as",
            ),
            (
                '[controls.lights]\nmuted = "a/b"',
                "line 2: muted must be the name of an LED in /sys/class/leds",
            ),
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
        shown = tomllib.loads(in_use(EXAMPLE.read_text(encoding="utf-8")))
        assert set(shown) == set(Settings.__struct_fields__)
        assert set(shown["reminders"]) == set(Reminders.__struct_fields__)
        assert set(shown["controls"]) == set(Controls.__struct_fields__)
        assert set(shown["controls"]["lights"]) == set(LightNames.__struct_fields__)

    def test_is_right_with_every_key_in_use(self, home: Path) -> None:
        text = in_use(EXAMPLE.read_text(encoding="utf-8"))
        # Whoever has tables for several people has no prescription beside them.
        text = text.replace('prescription = "prescription.toml"', "")
        settings = Settings.load(written(home, text))
        default = Settings()
        for key in ("diary", "calibration", "cache", "language", "words_per_minute", "volume_db"):
            assert getattr(settings, key) == getattr(default, key)
        assert settings.people["anna"].prescription == home / "anna.toml"
        assert settings.reminders is not None
        for key in ("button", "mute", "mute_stays"):
            assert getattr(settings.controls, key) == getattr(default.controls, key)
        assert settings.reminders.quiet_from == Reminders(times=("10:30",)).quiet_from


class TestSeveralPeople:
    TWO = '[people.anna]\nprescription = "a.toml"\n[people.ben]\n'

    def test_have_folders_and_prescriptions_of_their_own(self, tmp_path: Path) -> None:
        settings = Settings.load(written(tmp_path, f'diary = "d"\ncalibration = "c"\n{self.TWO}'))
        anna, ben = settings.of("anna"), settings.of("ben")
        assert (anna.diary, anna.calibration) == (tmp_path / "d/anna", tmp_path / "c/anna")
        assert (ben.diary, ben.calibration) == (tmp_path / "d/ben", tmp_path / "c/ben")
        assert (anna.prescription, ben.prescription) == (tmp_path / "a.toml", None)

    def test_must_be_told_apart(self, tmp_path: Path) -> None:
        settings = Settings.load(written(tmp_path, self.TWO))
        with pytest.raises(UserError, match="--person NAME; the settings name anna, ben"):
            settings.of(None)
        with pytest.raises(UserError, match="no 'carla' in the settings; choose anna, ben"):
            settings.of("carla")

    def test_one_person_needs_no_name(self) -> None:
        assert Settings().of(None) == Settings()
        with pytest.raises(UserError, match=r"no 'anna' .* add a table \[people.NAME\]"):
            Settings().of("anna")

    @pytest.mark.parametrize("name", ["Anna", "anna-maria", "x", '"../ben"', '"an na"', '""'])
    def test_are_called_by_a_name_that_can_be_said_and_kept(
        self, tmp_path: Path, name: str
    ) -> None:
        with pytest.raises(UserError, match=r"people must be tables such as \[people.anna\]"):
            Settings.load(written(tmp_path, f"[people.{name}]"))

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("[people.anna]\nage = 61", "line 2: unknown key 'age'; choose from: prescription"),
            ("[people.anna]\nprescription = 5", "line 2: prescription must be the path of a file"),
            (
                f'prescription = "x.toml"\n{TWO}',
                r"line 1: prescription: .* move it to \[people.NAME\]",
            ),
            ("[reminders]", "times is missing; add a list of times"),
            ('[reminders]\ntimes = ["25:00"]', "line 2: times must be a list of times"),
            ("[reminders]\ntimes = []", "line 2: times must be a list of times"),
            (
                '[reminders]\ntimes = ["10:30"]\nagain_after = 1',
                "line 3: again_after must be a whole number of minutes",
            ),
            (
                '[reminders]\ntimes = ["10:30"]\nday = 1',
                "line 3: unknown key 'day'; choose from: t",
            ),
        ],
    )
    def test_mistakes_in_a_table_are_answered_as_everywhere(
        self, tmp_path: Path, text: str, says: str
    ) -> None:
        with pytest.raises(UserError, match=rf"^{re.escape(str(tmp_path))}/settings\.toml.*{says}"):
            Settings.load(written(tmp_path, text))


def in_use(example: str) -> str:
    """Return the example with every key that it only names in use."""
    return re.sub(r"^#(?=\w+ = |\[)", "", example, flags=re.MULTILINE)
