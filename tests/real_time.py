"""Tests of what happens in real time, on a machine that has other things to do as well.

A test marked ``real_time`` fails for one of two reasons: the program is wrong, or the machine
kept it, its sound server or its helpers waiting. The kernel counts how long anything waited
for a processor. A test that failed while things waited says nothing: it is tried again from
its first fixture on, and from the second try on the other workers of the run stand still
meanwhile. What fails without having waited, or in every try, fails. No limit is widened.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.shared import folder_of_run, locked

TRIES = 6
BLINK = 0.02
"""Seconds of waiting that no test minds: one block of sound."""
SHARE = 0.01
"""Share of a longer test's time that may be spent waiting on a machine at rest."""

AGAIN = pytest.StashKey[list[str]]()
PROPERTY = "tried again for want of real time, after"


class Watch:
    """Tells whether things had a processor when they wanted one, since the watch was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._before = _waited()

    @property
    def waited(self) -> float:
        """Seconds in which something that could have run had to wait; infinite if unknown."""
        return _waited() - self._before

    @property
    def had_real_time(self) -> bool:
        """Whether the waiting was too short to explain anything."""
        return self.waited <= max(BLINK, SHARE * (time.monotonic() - self._began))


def _waited() -> float:
    """Return the seconds of waiting since the machine started.

    The kernel's "pressure stall information" counts when a task waited for a processor, and
    `/proc/stat` when the processors themselves were lent to another machine. Where the first
    is not there, one cannot tell, and any failure may have been for want of time.
    """
    try:
        some = Path("/proc/pressure/cpu").read_text().splitlines()[0]
    except OSError:
        return time.monotonic()
    stolen = int(Path("/proc/stat").read_text().split(maxsplit=9)[8])
    return int(some.rpartition("=")[2]) / 1e6 + stolen / os.sysconf("SC_CLK_TCK")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run a test; a real-time one again, and by itself, where it failed for want of time."""
    in_real_time = item.get_closest_marker("real_time") is not None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for attempt in range(1, TRIES + 1):
        with _turn(item, alone=in_real_time and attempt > 1):
            watch = Watch()
            reports = runtestprotocol(item, log=False, nextitem=nextitem)
        failed = any(report.failed for report in reports)
        if not (in_real_time and failed and attempt < TRIES) or watch.had_real_time:
            break
        item.stash.setdefault(AGAIN, []).extend(_why(report) for report in reports if report.failed)
    for report in reports:
        if report.when == "call":
            report.user_properties += [(PROPERTY, why) for why in item.stash.get(AGAIN, [])]
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@contextmanager
def _turn(item: pytest.Item, alone: bool) -> Iterator[None]:
    """Run beside other workers' tests, or with all of those standing still."""
    shared = folder_of_run(item.config._tmp_path_factory)  # type: ignore[attr-defined]
    waiting, running = shared / "waiting.lock", shared / "running.lock"
    if alone:
        # Who waits here lets no new test begin: without that, one would never be alone.
        with locked(waiting), locked(running):
            yield
    else:
        with locked(waiting):
            pass
        with locked(running, fcntl.LOCK_SH):
            yield


def _why(report: pytest.TestReport) -> str:
    """Return how a try failed, in one line."""
    crash = getattr(report.longrepr, "reprcrash", None)
    message = str(crash.message if crash else report.longrepr)
    return f"{report.when}: {message.partition(chr(10))[0]}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell which tests had to be tried again."""
    done = [r for how in ("passed", "failed") for r in terminalreporter.stats.get(how, [])]
    for report in done:
        for name, why in report.user_properties:
            if name == PROPERTY:
                terminalreporter.write_line(f"{report.nodeid}: {name}: {why}")
