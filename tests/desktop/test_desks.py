"""The desks of a window: made when they are first needed, each once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop import first_paint
from teahouse_desktop.desks import LISTENING, Desks
from teahouse_desktop.first_paint import FirstPaint
from teahouse_desktop.language.languages import Languages
from teahouse_desktop.late import Late, load
from teahouse_desktop.looks.appearance import Appearance
from teahouse_desktop.pages.page_desks import DESKS
from teahouse_desktop.start import Desk, make_application
from teahouse_desktop.window import Window

pytestmark = pytest.mark.gui

OFFERED = {name: one for name, one in vars(Desks).items() if isinstance(one, Late)}


@pytest.mark.parametrize("path", [*(one.path for one in OFFERED.values()), *DESKS.values()])
def test_every_desk_is_where_its_path_says(path: str) -> None:
    assert issubclass(load(path), QObject)


def test_all_that_listen_are_offered() -> None:
    assert set(LISTENING) <= set(OFFERED)
    assert len(set(LISTENING)) == len(LISTENING)


def test_none_is_made_before_the_first_paint(app: App, qtbot: QtBot) -> None:
    application = make_application()
    window = Window(app, Appearance(application, "light", parent=application), Languages(application))
    desks = window.desks
    assert not [name for name in OFFERED if desks.is_made(name)]
    window.show()
    qtbot.waitUntil(lambda: all(desks.is_made(name) for name in LISTENING))
    assert not desks.is_made("exchange"), "only those that listen"
    assert desks.exchange is desks.exchange
    assert desks.exchange.parent() is window
    window.close()
    window.deleteLater()


def test_a_window_that_closes_before_it_was_painted_makes_none(app: App) -> None:
    application = make_application()
    window = Window(app, Appearance(application, "light", parent=application), Languages(application))
    window.close()
    assert not [name for name in OFFERED if window.desks.is_made(name)]
    window.deleteLater()


def test_what_is_open_is_found_again(open_window: Callable[[], Desk], app: App, qtbot: QtBot) -> None:
    desk = open_window()
    made = app.store.create_conversation()
    desk.window.chat.open(made.id)
    qtbot.waitUntil(lambda: desk.window.chat.conversation.facts is not None)
    file = app.paths.config / "window.ini"
    qtbot.waitUntil(lambda: file.is_file() and made.id in file.read_text("utf-8"))


def test_what_shows_a_message_is_imported_beside_the_windows_thread(home: Path) -> None:
    """In a process of its own: here it has been imported long ago."""
    code = """
import sys
from teahouse_desktop.warming import get_ready
from teahouse.jobs import Job

operation = get_ready()
assert "markdown_it" not in sys.modules
job = Job(operation.title, operation.work)
assert job.run(lambda event: None).error is None
assert {"markdown_it", "pygments.lexers.python", "teahouse.chat.turn"} <= set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


# --- the first paint ------------------------------------------------------------------------------


def test_the_first_paint_is_told_once(qtbot: QtBot) -> None:
    widget = QLabel("x")
    qtbot.addWidget(widget)
    told: list[bool] = []
    FirstPaint(widget).painted.connect(lambda: told.append(True))
    widget.show()
    qtbot.waitUntil(lambda: bool(told))
    widget.repaint()
    widget.hide()
    widget.show()
    qtbot.wait(50)
    assert told == [True]


def test_a_window_that_is_never_painted_does_not_wait_for_ever(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_paint, "WAIT_AT_MOST_MS", 10)
    widget = QWidget()
    widget.setUpdatesEnabled(False)
    qtbot.addWidget(widget)
    with qtbot.waitSignal(FirstPaint(widget).painted):
        widget.show()
