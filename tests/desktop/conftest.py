"""The window in tests: a look to paint with, a real app with the echo back end, the real window."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse import language
from teahouse.app import App
from teahouse_desktop.looks import fonts
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.theme import LIGHT
from teahouse_desktop.start import Desk, make_application, open_desk

REPLY_MS = 30_000

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # pytest-qt makes its QApplication before any fixture runs


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test begins in English."""
    yield
    language.activate("en")


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """The light theme with the window's fonts."""
    font = fonts.text_font(QFont())
    return Look(LIGHT, font, font, fonts.mono_font(font.pointSizeF()))


@pytest.fixture
def app(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """A real app with the echo back end."""
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    opened = App.open()
    opened.settings.set("echo.delay_ms", 1)
    opened.settings.set("chat.titles", "words")  # a title asked for would take the next reply of a script
    yield opened
    opened.close()


@pytest.fixture
def open_window(app: App, qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[[], Desk]]:
    """Opens the real window on the app, ready to write; more than once if need be."""
    desks: list[Desk] = []

    def open_one() -> Desk:
        desk = open_desk(app, make_application())
        desks.append(desk)
        qtbot.waitUntil(lambda: desk.window.topbar.picker.has_model, timeout=REPLY_MS)
        return desk

    yield open_one
    for desk in desks:
        desk.window.close()
        desk.appearance.choose("light")
        desk.languages.show("en")
        desk.window.deleteLater()
    qapp.processEvents()


@pytest.fixture
def desk(open_window: Callable[[], Desk]) -> Desk:
    """The real window."""
    return open_window()


@pytest.fixture
def ask(desk: Desk, qtbot: QtBot) -> Callable[[str], str]:
    """Asks in the open conversation, waits for the reply's end and returns its text."""

    def ask_one(text: str) -> str:
        chat = desk.window.chat
        chat.composer.set_text(text)
        chat.composer.field.submitted.emit()
        qtbot.waitUntil(lambda: chat.live is not None, timeout=REPLY_MS)
        qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
        qtbot.waitUntil(lambda: not chat.transcript.column.items[-1].shown.is_live, timeout=REPLY_MS)
        return chat.transcript.column.items[-1].shown.message.text

    return ask_one
