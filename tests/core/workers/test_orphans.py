"""failures.md row 7: no child outlives its parent, however the parent ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.conftest import ROOT
from tests.core.workers.parent import REAL_STATES, STATES

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 and /proc")

GONE_WITHIN_S = 3.0
STARTED_WITHIN_S = 8.0
"""For a child that is only just starting: it dies as soon as the interpreter runs, on a busy machine too."""

YOUNG = ("made", "starting")
Parents = dict[str, "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def parents() -> Iterator[Parents]:
    """A program for every state, all starting side by side."""
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    started = {state: start(state, environ) for state in STATES if state not in YOUNG}
    yield started
    for parent in started.values():
        end(parent)


def start(state: str, environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.core.workers.parent", state],
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
    )


def end(parent: subprocess.Popen[str]) -> None:
    parent.kill()
    parent.wait()
    if parent.stdout:
        parent.stdout.close()


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie that nobody has waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


def check(
    parent: subprocess.Popen[str], *, kills_itself: bool = False, within_s: float = GONE_WITHIN_S
) -> None:
    assert parent.stdout is not None
    children = json.loads(parent.stdout.readline())
    assert children
    if not kills_itself:
        assert all(is_running(child) for child in children), "a child was gone before its parent"
        assert parent.poll() is None
        os.kill(parent.pid, signal.SIGKILL)
    parent.wait(10)
    until = time.monotonic() + within_s
    while any(is_running(child) for child in children):
        assert time.monotonic() < until, f"{children} live on"
        time.sleep(0.02)


def test_there_are_twenty_states() -> None:
    assert len(STATES) >= 20


@pytest.mark.parametrize("state", [state for state in STATES if state not in YOUNG])
def test_a_killed_parent_leaves_no_child(parents: Parents, state: str) -> None:
    check(parents[state])


@pytest.mark.parametrize("state", YOUNG)
def test_a_parent_killed_while_the_child_starts_leaves_no_child(importable: None, state: str) -> None:
    parent = start(state, dict(os.environ))
    try:
        check(parent, kills_itself=state == "made", within_s=STARTED_WITHIN_S)
    finally:
        end(parent)


@pytest.mark.gguf
@pytest.mark.parametrize("state", REAL_STATES)
def test_a_killed_parent_leaves_no_real_engine(starter: Path, state: str) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TEAHOUSE_TEST_MODEL": str(starter)}
    parent = start(state, environ)
    try:
        check(parent)
    finally:
        end(parent)


def test_a_parent_that_exits_without_closing_leaves_no_child(importable: None) -> None:
    """A bug that skips the tidy end, here os._exit."""
    program = (
        "import os; from teahouse.workers.process import Workers;"
        "w = Workers().start('tests.core.workers.entries:serve'); print([w.pid], flush=True); os._exit(1)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        check(parent, kills_itself=True)
    finally:
        end(parent)
