"""`teahouse --startup-report`: the real command opens the real window and says what that took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.gui

LATE = {
    "numpy",
    "chromadb",
    "torch",
    "llama_cpp",
    "pyqtgraph",
    "ziamath",
    "transformers",
    "jinja2",
    "markdown_it",
}
IDLE_BYTES = 200_000_000


def start(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "teahouse.cli.main", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=90,
    )


def test_the_window_opens_light_and_says_so(home: Path) -> None:
    done = start("--startup-report", TEAHOUSE_DEV="1")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert set(report) == {"first_paint_s", "rss_bytes", "modules"}
    assert 0 < report["first_paint_s"] < 30
    assert {"teahouse", "teahouse_desktop", "PySide6"} <= set(report["modules"])
    assert not LATE & set(report["modules"])
    assert 0 < report["rss_bytes"] < IDLE_BYTES


def test_without_a_display_it_says_why(home: Path) -> None:
    done = start("--startup-report", QT_QPA_PLATFORM="xcb", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "There is no display." in done.stderr
