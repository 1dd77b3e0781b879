"""The page about the program: versions, what the doctor says, the log, and all of it as text."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from teahouse import diagnosis
from teahouse.app import App
from teahouse.errors import EngineError
from teahouse.jobs import Cancel, Work
from teahouse_desktop.pages.doctor_page import DoctorPage
from teahouse_desktop.pages.pages import DOCTOR
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui
REPORT = {
    "machine": {"cpu": "A processor", "cores": 2},
    "backends": [{"backend": "llama.cpp"}],
    "devices": [],
    "cards": ["No graphics card can be used."],
    "isolation": {"seccomp": True},
    "tried": [{"config": {}, "result": "ok"}],
    "ladder": {},
    "paths": {"data": str(Path.home() / "data")},
}


def saying(result: Any, gate: threading.Event | None = None) -> Callable[[App], Work]:
    """A diagnosis that waits at a gate and then says this, or fails."""

    def diagnose(_app: App) -> Work:
        def work(cancel: Cancel) -> Generator[str, None, Any]:
            yield "Looking …"
            while gate is not None and not gate.is_set() and not cancel.is_set():
                cancel.wait(0.01)
            if isinstance(result, Exception):
                raise result
            return result

        return work

    return diagnose


@pytest.fixture
def open_page(desk: Desk) -> Callable[[], DoctorPage]:
    def open_one() -> DoctorPage:
        page = desk.window.pages.open(DOCTOR)
        assert isinstance(page, DoctorPage)
        return page

    return open_one


def test_the_check_runs_as_a_job_while_the_window_lives(
    open_page: Callable[[], DoctorPage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(diagnosis, "diagnose", saying(REPORT, gate))
    page = open_page()
    qtbot.waitUntil(lambda: page.state.text() == "Looking …", timeout=REPLY_MS)
    assert page.check.text() == "Stop"
    gate.set()
    qtbot.waitUntil(lambda: page.check.text() == "Check again", timeout=REPLY_MS)
    assert page.state.text() == "The engine works on this machine. No graphics card can be used."
    assert "cpu: A processor" in page.report_box.toPlainText()
    assert str(Path.home()) not in page.report_box.toPlainText()


def test_the_check_can_be_stopped_and_ends_with_the_page(
    app: App, desk: Desk, open_page: Callable[[], DoctorPage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "diagnose", saying(REPORT, threading.Event()))
    page = open_page()
    qtbot.waitUntil(lambda: page.state.text() == "Looking …", timeout=REPLY_MS)
    qtbot.mouseClick(page.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state.text() == "Stopped.", timeout=REPLY_MS)
    qtbot.mouseClick(page.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state.text() == "Looking …", timeout=REPLY_MS)
    desk.window.pages.close()
    qtbot.waitUntil(lambda: not app.jobs.live, timeout=REPLY_MS)


def test_an_error_is_said_and_the_check_can_be_repeated(
    open_page: Callable[[], DoctorPage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "diagnose", saying(EngineError("It died.", "Try again.")))
    page = open_page()
    qtbot.waitUntil(lambda: page.state.text() == "It died. Try again.", timeout=REPLY_MS)
    broken = {**REPORT, "backends": [{"backend": "llama.cpp", "error": "No library."}], "tried": []}
    monkeypatch.setattr(diagnosis, "diagnose", saying(broken))
    qtbot.mouseClick(page.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: "does not work on this machine: No library." in page.state.text(), timeout=REPLY_MS
    )


def test_all_of_it_can_be_copied_for_a_report(
    app: App, open_page: Callable[[], DoctorPage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "diagnose", saying(REPORT))
    app.paths.logs.mkdir(parents=True)
    (app.paths.logs / "teahouse.log").write_text(
        f"2026-11-22 INFO teahouse: read {Path.home()}/a.gguf\n", "utf-8"
    )
    page = open_page()
    qtbot.waitUntil(lambda: "a.gguf" in page.log_box.toPlainText(), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: page.check.text() == "Check again", timeout=REPLY_MS)
    qtbot.mouseClick(page.copy_all, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert "teahouse 0." in text and "PySide6-Essentials 6." in text
    assert "cpu: A processor" in text
    assert "INFO teahouse: read ~/a.gguf" in text
    assert "teahouse.log" in text
    assert str(Path.home()) + "/" not in text
    qtbot.mouseClick(page.copy_log, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith("2026-11-22 INFO teahouse")


def test_the_real_check_of_this_machine(app: App, open_page: Callable[[], DoctorPage], qtbot: QtBot) -> None:
    page = open_page()
    qtbot.waitUntil(lambda: page.check.text() == "Stop", timeout=REPLY_MS)
    qtbot.waitUntil(lambda: page.check.text() == "Check again", timeout=120_000)
    assert page.state.text().startswith("The engine works on this machine.")
    assert "isolation:" in page.report_box.toPlainText()
    assert not any(worker.is_alive for worker in app.workers._live)


def test_everything_on_it_has_a_name(
    open_page: Callable[[], DoctorPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "diagnose", saying(REPORT))
    page = open_page()
    for widget in (page.report_box, page.log_box, page.back):
        assert widget.accessibleName()
    assert all(button.text() for button in (page.copy_all, page.check, page.copy_log, page.open_folder))
