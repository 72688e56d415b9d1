"""“What may it do on my machine?”: the services are shut in, as systemd itself judges them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[1] / "systemd").glob("*.service"))
MOST = 2.0
"""Exposure by systemd's own scale from 0 to 10."""


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_service_is_hardly_exposed(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze")
    named = tmp_path / unit.name.replace("@", "@somebody")
    shutil.copy(unit, named)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(named)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    if found is None:
        pytest.skip(f"systemd-analyze says nothing: {done.stderr.strip()[:80]}")
    assert float(found[1]) <= MOST


def test_the_speaker_has_no_network_at_all() -> None:
    unit = next(unit for unit in UNITS if unit.name == "voice-coach@.service").read_text()
    assert "PrivateNetwork=yes" in unit
    assert "RestrictAddressFamilies=AF_UNIX" in unit
    assert "CapabilityBoundingSet=\n" in unit
