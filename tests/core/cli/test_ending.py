"""The process ends, whatever a plugin has left running in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from teahouse.cli.ending import NAME, end_in_time
from tests.core.cli.commands import environment, teahouse
from tests.core.distributions import GOOD, install

ROOT = Path(__file__).resolve().parents[3]
LEFT = {
    "thread": "import threading, time; threading.Thread(target=time.sleep, args=(300,)).start()",
    "atexit": "import atexit, time; atexit.register(time.sleep, 300)",
}


@pytest.mark.parametrize("name", LEFT)
def test_a_command_ends_although_its_plugin_left_something(tmp_path: Path, name: str) -> None:
    groups = ("teahouse.plugins", "teahouse.commands")
    install(tmp_path / "site", name, f"{LEFT[name]}\n{GOOD.format(name=name)}", groups=groups)
    path = os.pathsep.join([str(tmp_path / "site"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = teahouse(name, "say", "tea", within_s=100, PYTHONPATH=path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "said: tea\n", "")


def test_a_program_that_goes_on_is_left_alone() -> None:
    program = "from teahouse.cli.ending import end_in_time\nimport time\n"
    program += "end_in_time(7, within_s=0.2)\ntime.sleep(1.5)\nprint('here')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, env=environment())
    assert (done.returncode, done.stdout.strip()) == (0, b"here")


def test_it_looks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    end_in_time(0, within_s=0.5)
    end_in_time(0, within_s=0.5)
    assert [thread.name for thread in threading.enumerate()].count(NAME) == 1
    until = time.monotonic() + 20
    while any(thread.name == NAME for thread in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.05)
