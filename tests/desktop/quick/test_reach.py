"""Keys, tray and closing: what is said beside the settings, and what the window does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop import operations
from teahouse_desktop.pages.pages import SETTINGS
from teahouse_desktop.quick import global_shortcut, reach_desk
from teahouse_desktop.quick.global_shortcut import GlobalShortcut, Outcome
from teahouse_desktop.quick.reach_desk import ReachDesk
from teahouse_desktop.settings.settings_page import SettingsPage
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui


class Keyboard(GlobalShortcut):
    """A desktop that gives keys, but for those of another program."""

    held: str = ""

    def bind(self, keys: QKeySequence) -> None:
        self.release()
        told = keys.toString()
        if told != "Ctrl+Alt+T":
            self.held = told
        self.settled.emit(Outcome("used" if self.held else "taken", told))

    def release(self) -> None:
        self.held = ""


@pytest.fixture
def keyboards(monkeypatch: pytest.MonkeyPatch) -> list[Keyboard]:
    """The keyboards that were asked for keys."""
    made: list[Keyboard] = []

    def choose(parent: object) -> Keyboard:
        made.append(Keyboard(parent))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(global_shortcut, "choose", choose)
    return made


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A desktop with a tray."""
    monkeypatch.setattr(reach_desk, "_has_tray", lambda: True)
    yield
    QApplication.setQuitOnLastWindowClosed(True)


def choose(app: App, key: str, value: object) -> None:
    app.settings.set(key, value)  # type: ignore[arg-type]
    operations.tell(app, "settings")


def outcome(desk: Desk, qtbot: QtBot, key: str) -> str:
    """What the settings page says of a setting."""
    page = desk.window.pages.open(SETTINGS, key)
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: key in page.rows, timeout=REPLY_MS)
    return page.rows[key].said("outcome")


def test_keys_are_off_until_somebody_chooses_some(
    desk: Desk, keyboards: list[Keyboard], qtbot: QtBot
) -> None:
    assert keyboards == []
    assert "teahouse quick" in outcome(desk, qtbot, "quick.shortcut")


def test_keys_that_are_chosen_work_at_once_and_go_when_taken_back(
    desk: Desk, app: App, keyboards: list[Keyboard], qtbot: QtBot
) -> None:
    choose(app, "quick.shortcut", "Ctrl+Alt+Space")
    qtbot.waitUntil(lambda: bool(keyboards) and keyboards[0].held == "Ctrl+Alt+Space", timeout=REPLY_MS)
    assert "In use: Ctrl+Alt+Space" in outcome(desk, qtbot, "quick.shortcut")
    keyboards[0].pressed.emit("")
    quick = desk.window.desks.quick
    assert quick.window is not None
    assert quick.window.isVisible()
    choose(app, "quick.shortcut", "")
    qtbot.waitUntil(lambda: keyboards[0].held == "", timeout=REPLY_MS)


def test_keys_of_another_program_are_said_beside_the_setting(
    desk: Desk, app: App, keyboards: list[Keyboard], qtbot: QtBot
) -> None:
    choose(app, "quick.shortcut", "Ctrl+Alt+T")
    qtbot.waitUntil(lambda: bool(keyboards), timeout=REPLY_MS)
    assert "Another program has Ctrl+Alt+T" in outcome(desk, qtbot, "quick.shortcut")
    page = desk.window.pages.page(SETTINGS)
    assert isinstance(page, SettingsPage)
    choose(app, "quick.shortcut", "Ctrl+Alt+Y")
    qtbot.waitUntil(lambda: "In use" in page.rows["quick.shortcut"].said("outcome"), timeout=REPLY_MS)


def test_keys_of_the_window_itself_are_refused(desk: Desk, keyboards: list[Keyboard], qtbot: QtBot) -> None:
    outcome(desk, qtbot, "quick.shortcut")
    page = desk.window.pages.page(SETTINGS)
    assert isinstance(page, SettingsPage)
    row = page.rows["quick.shortcut"]
    row.field.button.pressed_keys.emit(QKeySequence())  # type: ignore[attr-defined]
    row.field.button.show_keys(QKeySequence("Ctrl+K"))  # type: ignore[attr-defined]
    row.field.changed.emit()
    assert "Ctrl+K" in row.said("problem")
    assert keyboards == []


def test_what_came_of_it_is_said_in_the_language_in_force(
    desk: Desk, app: App, keyboards: list[Keyboard], qtbot: QtBot
) -> None:
    choose(app, "quick.shortcut", "Ctrl+Alt+Space")
    outcome(desk, qtbot, "quick.shortcut")
    page = desk.window.pages.page(SETTINGS)
    assert isinstance(page, SettingsPage)
    page.rows["quick.shortcut"].show_outcome("")
    QCoreApplication.sendEvent(desk.window, QEvent(QEvent.Type.LanguageChange))
    assert "Ctrl+Alt+Space" in page.rows["quick.shortcut"].said("outcome")


def test_keys_are_let_go_when_the_window_closes(
    desk: Desk, app: App, keyboards: list[Keyboard], qtbot: QtBot
) -> None:
    choose(app, "quick.shortcut", "Ctrl+Alt+Space")
    qtbot.waitUntil(lambda: bool(keyboards) and bool(keyboards[0].held), timeout=REPLY_MS)
    desk.window.close()
    assert keyboards[0].held == ""


# --- the tray ---------------------------------------------------------------------------------------


def test_without_a_tray_closing_ends_the_app_and_the_setting_says_so(
    desk: Desk, app: App, qtbot: QtBot
) -> None:
    choose(app, "app.tray", True)
    qtbot.waitUntil(lambda: reach(desk).tray is not None, timeout=REPLY_MS)
    assert "shows no tray" in outcome(desk, qtbot, "app.tray")
    desk.window.close()
    assert not desk.window.isVisible()
    assert reach(desk).tray is None  # it has finished


def test_closing_keeps_it_in_the_tray_and_says_so_once(
    desk: Desk, app: App, tray: None, qtbot: QtBot
) -> None:
    choose(app, "app.tray", True)
    qtbot.waitUntil(lambda: reach(desk).tray is not None, timeout=REPLY_MS)
    assert "In use" in outcome(desk, qtbot, "app.tray")
    desk.window.close()
    [box] = desk.window.findChildren(QMessageBox)
    assert desk.window.isVisible()
    assert "tray" in box.text()
    box.defaultButton().click()
    assert not desk.window.isVisible()
    found = reach(desk).tray
    assert found is not None
    found.actions["show"].trigger()
    assert desk.window.isVisible()
    desk.window.close()  # said once: now without a word
    assert not desk.window.isVisible()
    found.actions["quick"].trigger()
    assert desk.window.desks.quick.window is not None
    assert desk.window.desks.quick.window.isVisible()
    assert not desk.window.isVisible()
    found.actions["new"].trigger()
    assert desk.window.isVisible()


@pytest.mark.parametrize("is_hidden", [False, True])
def test_quit_in_the_tray_ends_the_app(
    desk: Desk, app: App, tray: None, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, is_hidden: bool
) -> None:
    ended: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda: ended.append(True))
    choose(app, "app.tray", True)
    qtbot.waitUntil(lambda: reach(desk).tray is not None, timeout=REPLY_MS)
    desk.window.setVisible(not is_hidden)
    found = reach(desk).tray
    assert found is not None
    found.actions["quit"].trigger()
    assert reach(desk).tray is None
    assert ended == [True] * is_hidden
    assert QApplication.quitOnLastWindowClosed()


def test_quit_in_the_box_ends_the_app(desk: Desk, app: App, tray: None, qtbot: QtBot) -> None:
    choose(app, "app.tray", True)
    qtbot.waitUntil(lambda: reach(desk).tray is not None, timeout=REPLY_MS)
    desk.window.close()
    [box] = desk.window.findChildren(QMessageBox)
    leave = next(button for button in box.buttons() if button is not box.defaultButton())
    leave.click()
    qtbot.waitUntil(lambda: not desk.window.isVisible(), timeout=REPLY_MS)
    assert reach(desk).tray is None


def test_the_tray_speaks_both_languages_and_takes_the_theme(
    desk: Desk, app: App, tray: None, qtbot: QtBot
) -> None:
    choose(app, "app.tray", True)
    qtbot.waitUntil(lambda: reach(desk).tray is not None, timeout=REPLY_MS)
    found = reach(desk).tray
    assert found is not None
    assert QSize(22, 22) in found.icon.availableSizes()
    found.actions["quit"].setText("")
    QCoreApplication.sendEvent(desk.window, QEvent(QEvent.Type.LanguageChange))
    assert found.actions["quit"].text()
    desk.appearance.choose("dark")
    choose(app, "app.tray", False)
    qtbot.waitUntil(lambda: reach(desk).tray is None, timeout=REPLY_MS)
    assert QApplication.quitOnLastWindowClosed()


def reach(desk: Desk) -> ReachDesk:
    return desk.window.desks.reach
