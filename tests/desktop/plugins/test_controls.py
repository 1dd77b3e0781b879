"""What plugins put above the composer: made once for each page, guarded, reached by Tab."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from teahouse import hookimpl
from teahouse.app import App
from teahouse.events import Notice
from teahouse_desktop.forms import PickedChip
from teahouse_desktop.panel import ConversationControl, PanelWindow
from teahouse_desktop.plugins.panels import PanelHost
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

KEY = "chat.overflow"


class Teas:
    """A chip that shows a setting of its conversation, and hides without one."""

    def __init__(self) -> None:
        self.chips: list[PickedChip] = []
        self.faces: list[PanelWindow] = []

    @hookimpl
    def register_conversation_controls(self) -> list[ConversationControl]:
        return [ConversationControl("teas", "Teas", self.make)]

    def make(self, parent: QWidget, window: PanelWindow) -> QWidget:
        chip = PickedChip("Green", "coffee", window.look, parent)

        def follow() -> None:
            chip.say(str(window.settings.get(KEY, "")))
            chip.setVisible(KEY in window.settings)

        chip.removed.connect(lambda: window.choose(KEY, None))
        window.conversation_changed.connect(follow)
        follow()
        self.chips.append(chip)
        self.faces.append(window)
        return chip


@pytest.fixture
def host(desk: Desk, qtbot: QtBot) -> PanelHost:
    qtbot.waitUntil(lambda: len(desk.window.panels.actions) >= 1, timeout=REPLY_MS)
    return desk.window.panels


def test_hook_register_conversation_controls(desk: Desk, host: PanelHost, qtbot: QtBot) -> None:
    teas, chat = Teas(), desk.window.chat
    host._host.register("teas", teas)
    host.refresh()
    [chip] = teas.chips
    assert chip in chat.controls.controls and not chat.controls.isVisible()  # nothing was chosen yet
    chat.conversation.choose(KEY, "drop")
    assert chip.isVisible() and chat.controls.isVisible() and chip.words == "drop"
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert chat.conversation.settings == {}
    assert not chat.controls.isVisible()
    host._host.unregister("teas")
    host.refresh()
    assert chip not in chat.controls.controls


def test_tab_comes_from_the_field_to_the_controls(desk: Desk, host: PanelHost, qtbot: QtBot) -> None:
    teas, chat = Teas(), desk.window.chat
    host._host.register("teas", teas)
    host.refresh()
    chat.conversation.choose(KEY, "drop")
    desk.window.activateWindow()
    chat.composer.field.setFocus()
    qtbot.waitUntil(lambda: chat.composer.field.hasFocus(), timeout=REPLY_MS)
    qtbot.keyClick(chat.composer.field, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is teas.chips[0]
    qtbot.keyClick(teas.chips[0], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is chat.composer.clip


def test_each_page_has_its_own(desk: Desk, host: PanelHost, qtbot: QtBot) -> None:
    teas = Teas()
    host._host.register("teas", teas)
    host.refresh()
    first = desk.window.chat
    first.conversation.choose(KEY, "drop")
    desk.window.desks.beside.open()
    qtbot.waitUntil(lambda: len(teas.chips) == 2, timeout=REPLY_MS)
    second = desk.window.chat
    assert second is not first and teas.chips[1] in second.controls.controls
    assert teas.chips[0].isVisible() and not teas.chips[1].isVisible()
    teas.faces[0].choose(KEY, "refuse")  # of the first page, though people work on the second
    assert (first.conversation.settings, second.conversation.settings) == ({KEY: "refuse"}, {})


def test_another_language_makes_them_anew(desk: Desk, host: PanelHost, qtbot: QtBot) -> None:
    teas = Teas()
    host._host.register("teas", teas)
    host.refresh()
    desk.languages.use("zh_CN")
    qtbot.waitUntil(lambda: len(teas.chips) == 2, timeout=REPLY_MS)
    controls = desk.window.chat.controls
    assert teas.chips[1] in controls.controls and teas.chips[0] not in controls.controls
    assert controls.accessibleName()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.expected_log
@pytest.mark.parametrize(
    "control",
    [
        "text",
        ConversationControl("", "Teas", lambda parent, window: QWidget(parent)),
        ConversationControl("a", "Teas", lambda parent, window: "no widget"),  # type: ignore[arg-type,return-value]
        ConversationControl("a", "Teas", lambda parent, window: 1 / 0),  # type: ignore[arg-type,return-value]
    ],
)
def test_what_is_no_control_is_that_plugin_s_fault(
    app: App, host: PanelHost, desk: Desk, control: object
) -> None:
    class Plugin:
        @hookimpl
        def register_conversation_controls(self) -> object:
            return [control]

    told: list[str] = []
    app.events.listen(lambda event: told.append(event.text) if isinstance(event, Notice) else None)
    before = len(desk.window.chat.controls.controls)
    host._host.register("odd", Plugin())
    host.refresh()
    assert len(desk.window.chat.controls.controls) == before
    assert told and told[0].startswith("The plugin odd failed in ")
