"""The bar above the chat, as wide and as narrow as the window lets it be."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse_desktop.chat.topbar import TopBar
from teahouse_desktop.looks.look import Look

pytestmark = pytest.mark.gui


@pytest.fixture
def bar(look: Look, qtbot: QtBot) -> TopBar:
    made = TopBar(look)
    qtbot.addWidget(made)
    made.picker.state.setText("ready")
    made.picker.state.show()
    made.show_panels([QAction(name, made) for name in ("Documents", "Sources", "Sampling")])
    made.resize(900, 40)
    made.show()
    QApplication.processEvents()
    return made


def test_the_state_is_whole_where_the_panels_have_no_room(bar: TopBar) -> None:
    assert bar._panels.isVisible() and not bar.picker.state.is_cut
    bar.resize(bar.sizeHint().width() - 5, 40)
    QApplication.processEvents()
    assert not bar._panels.isVisible()
    assert not bar.picker.state.is_cut


def test_the_panels_come_back_with_the_room(bar: TopBar) -> None:
    needed = bar.sizeHint().width()
    bar.resize(needed - 5, 40)
    QApplication.processEvents()
    bar.resize(needed, 40)
    QApplication.processEvents()
    assert bar._panels.isVisible() and all(button.isVisible() for button in bar._panels._buttons)


def test_words_that_get_longer_take_the_panels_room(bar: TopBar, qtbot: QtBot) -> None:
    bar.resize(bar.sizeHint().width(), 40)
    QApplication.processEvents()
    assert bar._panels.isVisible()
    bar.picker.state.setText("crashed; it starts again with the next message")
    qtbot.waitUntil(lambda: not bar._panels.isVisible())
    bar.picker.state.setText("ready")
    qtbot.waitUntil(lambda: bar._panels.isVisible())


def test_a_bar_that_fits_rests(bar: TopBar) -> None:
    """To look whether it fits must not cause the next look: the window would never be idle."""
    asked: list[QEvent.Type] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            asked.append(event.type())
            return False

    for width in (bar.sizeHint().width() - 5, 900):
        bar.resize(width, 40)
        for _round in range(20):
            QApplication.processEvents()
        watch = Watch(bar)
        bar.installEventFilter(watch)
        for _round in range(20):
            QApplication.processEvents()
        bar.removeEventFilter(watch)
        assert asked.count(QEvent.Type.LayoutRequest) == 0
