"""What is installed is locked: exact versions, the hashes of their files, and no address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import voice_coach

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECLARED = PROJECT["project"]["dependencies"]
REHEARSAL = PROJECT["project"]["optional-dependencies"]["rehearsal"]
GROUPS = PROJECT["dependency-groups"]
HOME = PROJECT["project"]["optional-dependencies"]["home"]


def locked(name: str) -> dict[str, list[tuple[Requirement, int]]]:
    """Return what a lock holds: by name, each version with the number of its hashes."""
    text = (LOCKS / name).read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    found: dict[str, list[tuple[Requirement, int]]] = {}
    for line in text.splitlines():
        pin, *hashes = line.split(" --hash=sha256:")
        requirement = Requirement(pin.strip())
        assert all(re.fullmatch(r"[0-9a-f]{64}\s*", each) for each in hashes)
        found.setdefault(canonicalize_name(requirement.name), []).append((requirement, len(hashes)))
    return found


@pytest.mark.parametrize("name", ["build.txt", "run.txt", "rehearse.txt", "home.txt", "test.txt"])
def test_a_lock_holds_exact_versions_with_hashes_and_no_address(name: str) -> None:
    text = (LOCKS / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "file:" not in text
    assert not re.search(r"^\s*-", re.sub(r"--hash=", "", text), flags=re.MULTILINE)
    for pins in locked(name).values():
        for pin, hashes in pins:
            assert re.fullmatch(r"==[^*,]+", str(pin.specifier))
            assert hashes > 0


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("build.txt", [*PROJECT["build-system"]["requires"], *GROUPS["build"]]),
        ("run.txt", DECLARED),
        ("rehearse.txt", [*DECLARED, *REHEARSAL]),
        ("home.txt", [*DECLARED, *HOME]),
        ("test.txt", [*DECLARED, *REHEARSAL, *HOME, *GROUPS["test"]]),
    ],
)
def test_a_lock_holds_what_is_declared(name: str, declared: list[str]) -> None:
    pins = locked(name)
    for requirement in map(Requirement, declared):
        for pin, _ in pins[canonicalize_name(requirement.name)]:
            (version,) = pin.specifier
            assert requirement.specifier.contains(version.version), pin


@pytest.mark.parametrize(("less", "more"), [("run", "rehearse"), ("rehearse", "test")])
def test_what_needs_more_runs_with_the_same_versions(less: str, more: str) -> None:
    among = locked(f"{more}.txt")
    for name, pins in locked(f"{less}.txt").items():
        assert [str(pin) for pin, _ in pins] == [str(pin) for pin, _ in among[name]]


def test_the_speaker_needs_nothing_that_only_rehearsals_and_pictures_do() -> None:
    assert not {"scipy", "matplotlib", "pillow", "contourpy"} & set(locked("run.txt"))


def test_the_version_stands_in_one_place() -> None:
    assert "version" not in PROJECT["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## (\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE)
    assert released[0] == voice_coach.__version__
