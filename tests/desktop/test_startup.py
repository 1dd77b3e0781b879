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
}
IDLE_BYTES = 200_000_000

NOT_FOR_THE_FIRST_PAINT = {
    "markdown_it",
    "pygments",
    "sqlite3",
    "teahouse.chat.turn",
    "teahouse.exchange",
    "teahouse.search",
    "teahouse.store",
    "teahouse_desktop.chat.branching",
    "teahouse_desktop.safety.care",
    "teahouse_desktop.chat.contexts",
    "teahouse_desktop.pages.doctor_page",
    "teahouse_desktop.exchange.exchange_desk",
    "teahouse_desktop.composer.file_desk",
    "teahouse_desktop.models.model_settings",
    "teahouse_desktop.models.models",
    "teahouse_desktop.palette.palette",
    "teahouse_desktop.chat.preview",
    "teahouse_desktop.safety.restore_dialog",
    "teahouse_desktop.settings.setting_row",
    "teahouse_desktop.settings.settings_page",
    "teahouse_desktop.conversations.shelving",
    "teahouse_desktop.composer.slash_popup",
    "teahouse_desktop.transcript.builder",
}
"""Modules that are imported after it: each makes the window open later."""

PAINTED = """
import json, sys
from teahouse.app import App
from teahouse_desktop.start import make_application, open_desk

app = App.open()
application = make_application()
desk = open_desk(app, application)

def tell():
    print(json.dumps(sorted(sys.modules)))
    desk.window.close()

desk.window.first_paint.painted.connect(tell)
application.exec()
app.close()
"""


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


def test_before_the_first_paint_nothing_is_imported_that_it_does_not_need(home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PAINTED], capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    imported = set(json.loads(done.stdout))
    assert {"teahouse_desktop.chat.chat", "teahouse_desktop.conversations.sidebar"} <= imported
    assert not (LATE | NOT_FOR_THE_FIRST_PAINT) & imported


def test_without_a_display_it_says_why(home: Path) -> None:
    done = start("--startup-report", QT_QPA_PLATFORM="xcb", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "There is no display." in done.stderr
