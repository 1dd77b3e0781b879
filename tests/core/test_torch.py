"""The tests with torch, in a process of their own: torch and llama.cpp never share one."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(900)
@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="no torch: install the extra train")
def test_everything_in_tests_core_torch(request: pytest.FixtureRequest) -> None:
    guard = ["-p", "network_guard"] if request.config.pluginmanager.has_plugin("network_guard") else []
    options = ["-q", "-p", "no:cacheprovider", "-m", "not soak", *guard]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "tests/core/torch"],
        cwd=ROOT,
        env={**os.environ, "GOMP_SPINCOUNT": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
