from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse import language
from teahouse.app import App
from teahouse_desktop.start import Desk, make_application, open_desk
from teahouse_sampling.panel.controls import ControlsPanel
from teahouse_sampling.panel.entries import NumberEntry

pytestmark = pytest.mark.gui

WAIT_MS = 30_000
LONGEST_STEP_MS = 400
"""Generous: other tests run beside this one. Measured alone a step takes some milliseconds."""


@pytest.fixture
def desk(app: App, qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    app.settings.set("echo.delay_ms", 1)
    app.settings.set("chat.titles", "words")
    desk = open_desk(app, make_application())
    qtbot.waitUntil(lambda: desk.window.topbar.picker.has_model, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: any(a.text() == "Sampling" for a in desk.window.panels.actions), timeout=WAIT_MS)
    yield desk
    desk.window.close()
    desk.languages.show("en")
    desk.window.deleteLater()
    qapp.processEvents()
    language.activate("en")


def open_panel(desk: Desk, qtbot: QtBot) -> ControlsPanel:
    next(action for action in desk.window.panels.actions if action.text() == "Sampling").setChecked(True)
    panel = desk.window.findChildren(ControlsPanel)[-1]
    qtbot.waitUntil(lambda: panel.is_ready, timeout=WAIT_MS)
    return panel


def test_the_panel_changes_the_open_conversation(desk: Desk, app: App, qtbot: QtBot) -> None:
    panel = open_panel(desk, qtbot)
    row = panel.rows["chat.temperature"][0]
    assert isinstance(row.entry, NumberEntry)
    spin = row.entry.field.spin
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "0.25")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.window.chat.conversation.settings.get("chat.temperature") == 0.25)
    chat = desk.window.chat
    chat.send("tea")  # the new conversation takes its values to the disk
    qtbot.waitUntil(lambda: bool(chat.conversation.id) and chat.live is None, timeout=WAIT_MS)
    assert app.store.conversation(chat.conversation.id).settings["chat.temperature"] == 0.25
    [_asked, reply] = app.store.visible_path(chat.conversation.id)
    made = app.store.generation(reply.id)
    assert made is not None
    assert made.sampling["temperature"] == 0.25


def test_moving_a_stage_judges_no_reply(desk: Desk, qtbot: QtBot) -> None:
    panel = open_panel(desk, qtbot)
    card = panel.groups.cards["min_p"]
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow, timeout=WAIT_MS)
    card.handle.setFocus()
    QTest.keyClick(card.handle, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    settings = desk.window.chat.conversation
    qtbot.waitUntil(lambda: "sampling.order" in settings.settings, timeout=WAIT_MS)
    order = str(settings.settings["sampling.order"]).split(", ")
    assert order.index("min_p") == order.index("top_p") - 1


def test_opening_does_not_hold_the_window_up(desk: Desk, qtbot: QtBot) -> None:
    gaps: list[int] = []
    clock = QElapsedTimer()
    action = next(action for action in desk.window.panels.actions if action.text() == "Sampling")
    clock.start()
    action.setChecked(True)
    gaps.append(clock.restart())
    panel = desk.window.findChildren(ControlsPanel)[-1]
    while not panel.is_ready:
        QApplication.processEvents()
        gaps.append(clock.restart())
    assert max(gaps) < LONGEST_STEP_MS
