"""Threads and priority, on the facts of other machines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from teahouse.engine.processor import NICE, default_threads


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: set(range(8)), raising=False)


def system(root: Path, **files: str) -> Path:
    for name, text in files.items():
        file = root / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "ascii")
    return root


@pytest.mark.usefixtures("eight")
def test_the_second_thread_of_a_core_is_not_counted(tmp_path: Path) -> None:
    assert default_threads(tmp_path) == 8
    assert default_threads(system(tmp_path, devices__system__cpu__smt__active="1\n")) == 4


@pytest.mark.usefixtures("eight")
@pytest.mark.parametrize(("listed", "threads"), [("0-3", 4), ("0,2-4", 4), ("16-31", 8), ("x-y", 8), ("", 8)])
def test_only_the_fast_cores_of_a_hybrid_are_counted(tmp_path: Path, listed: str, threads: int) -> None:
    assert default_threads(system(tmp_path, devices__cpu_core__cpus=f"{listed}\n")) == threads


@pytest.mark.usefixtures("eight")
@pytest.mark.parametrize(
    ("quota", "threads"),
    [("200000 100000", 2), ("150000 100000", 2), ("10000 100000", 1), ("max 100000", 8), ("1 0", 8), ("", 8)],
)
def test_a_container_s_share_bounds_them(tmp_path: Path, quota: str, threads: int) -> None:
    assert default_threads(system(tmp_path, fs__cgroup__cpu_dot_max=f"{quota}\n")) == threads


LOWER = """
import os, threading
from teahouse.engine.processor import lower_priority
before = os.nice(0)
early = threading.Event()
told = []
def wait():
    early.wait()
    told.append(os.nice(0))
thread = threading.Thread(target=wait)
thread.start()
lower_priority()
late = []
other = threading.Thread(target=lambda: late.append(os.nice(0)))
other.start(); other.join()
early.set(); thread.join()
print(os.nice(0) - before, late[0] - before, told[0] - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="each thread has its own only on Linux")
def test_what_computes_goes_after_the_window_and_what_reads_the_pipe_does_not() -> None:
    if os.nice(0) + NICE > 19:
        pytest.skip("already as low as can be")
    done = subprocess.run([sys.executable, "-c", LOWER], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(NICE), str(NICE), "0"]
