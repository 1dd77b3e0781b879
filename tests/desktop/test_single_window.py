"""Two real processes on one home: the second asks the first, and never opens the same conversations."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cli.commands import COMMAND, environment, teahouse
from tests.journeys.screen import wait_for

pytestmark = pytest.mark.gui

Process = subprocess.Popen[bytes]
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def requests(home: Path) -> list[Path]:
    return list((home / "data" / "window").glob("*.ring"))


@pytest.fixture
def first(home: Path) -> Iterator[Process]:
    """A window that is open."""
    with subprocess.Popen(COMMAND, env=environment(**OFFSCREEN), stderr=subprocess.DEVNULL) as process:
        wait_for(lambda: (home / "data" / "teahouse.db").exists(), "the window's conversations")
        yield process
        process.kill()


def test_a_second_start_asks_the_first_and_ends(home: Path, first: Process) -> None:
    done = teahouse(**OFFSCREEN)
    assert (done.returncode, "open already" in done.stderr) == (0, True), done.stderr
    done = teahouse("quick", **OFFSCREEN)
    assert (done.returncode, done.stderr) == (0, "")
    assert requests(home) == []
    assert first.poll() is None


def test_safe_mode_beside_an_open_window_is_refused_in_words(home: Path, first: Process) -> None:
    done = teahouse("--safe-mode", **OFFSCREEN)
    assert done.returncode == 1
    assert "Close its window" in done.stderr


def test_a_report_leaves_an_open_window_alone(home: Path, first: Process) -> None:
    done = teahouse("--startup-report", **OFFSCREEN)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["modules"]
    assert first.poll() is None


def test_after_a_kill_the_next_start_opens_its_own(home: Path, first: Process) -> None:
    first.kill()
    first.wait(10)
    with subprocess.Popen(
        [*COMMAND, "quick"], env=environment(**OFFSCREEN), stderr=subprocess.DEVNULL
    ) as second:
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(3)
        wait_for(lambda: not requests(home), "its own request taken")
        second.kill()


def test_homes_do_not_know_each_other(home: Path, first: Process, tmp_path: Path) -> None:
    command = [*COMMAND, "quick"]
    other = environment(**OFFSCREEN, TEAHOUSE_HOME=str(tmp_path / "other"))
    with subprocess.Popen(command, env=other, stderr=subprocess.DEVNULL) as second:
        wait_for(lambda: (tmp_path / "other" / "data" / "teahouse.db").exists(), "a window of its own")
        second.kill()


def test_without_a_display_quick_says_why(home: Path) -> None:
    done = teahouse("quick")
    assert done.returncode == 1
    assert "no display" in done.stderr
    assert not (home / "data" / "window").exists()
