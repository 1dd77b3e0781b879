"""A window that nobody touches: it costs nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

REST_MS = 300


class Layouts(QObject):
    """Counts how often something is laid out."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.mark.parametrize("width", [1100, 560])
def test_nothing_is_laid_out_for_ever(desk: Desk, qapp: QApplication, qtbot: QtBot, width: int) -> None:
    desk.window.resize(width, 700)
    qtbot.waitUntil(lambda: not desk.window.runner.is_working, timeout=REPLY_MS)
    layouts = Layouts()
    qapp.installEventFilter(layouts)
    try:

        def is_at_rest() -> bool:
            before = layouts.count
            qtbot.wait(REST_MS)
            return layouts.count == before

        qtbot.waitUntil(is_at_rest, timeout=REPLY_MS // 2)
    finally:
        qapp.removeEventFilter(layouts)
