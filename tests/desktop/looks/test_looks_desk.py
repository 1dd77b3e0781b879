from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.events import changed
from teahouse_desktop.looks.looks_desk import LooksDesk
from teahouse_desktop.looks.taste import MOST
from teahouse_desktop.start import Desk

pytestmark = pytest.mark.gui


@pytest.fixture
def looks(desk: Desk, qtbot: QtBot) -> LooksDesk:
    qtbot.waitUntil(lambda: desk.window.desks.is_made("looks"), timeout=5000)
    return desk.window.desks.looks


def test_keys_make_text_larger_smaller_and_usual(
    desk: Desk, looks: LooksDesk, app: App, qtbot: QtBot
) -> None:
    window, appearance = desk.window, desk.appearance
    usual = appearance.look.font.pointSizeF()
    for name, percent in (("larger", 110), ("larger", 120), ("smaller", 110), ("usual_size", 100)):
        window.menus.actions[name].trigger()
        assert appearance.look.font.pointSizeF() == pytest.approx(usual * percent / 100)
        qtbot.waitUntil(lambda wanted=percent: app.settings.get("app.text_size") == wanted, timeout=5000)
    assert window.menus.actions["larger"].shortcuts() == [QKeySequence("Ctrl+="), QKeySequence("Ctrl++")]


def test_pressed_again_and_again_no_step_is_lost(
    desk: Desk, looks: LooksDesk, app: App, qtbot: QtBot
) -> None:
    looks.enlarge(1)
    looks.enlarge(1)
    app.events.publish(changed("settings"))  # the first is on the disk, the second is not
    desk.window.bridge.received.emit(changed("settings"))
    looks.enlarge(1)
    assert desk.appearance.taste.text_percent == 130
    qtbot.waitUntil(lambda: app.settings.get("app.text_size") == 130 and not app.jobs.live, timeout=5000)
    app.settings.set("app.text_size", 90)
    app.events.publish(changed("settings"))
    qtbot.waitUntil(lambda: desk.appearance.taste.text_percent == 90, timeout=5000)


def test_text_ends_at_its_limits(desk: Desk, looks: LooksDesk) -> None:
    for _ in range(40):
        looks.enlarge(1)
    assert desk.appearance.taste.text_percent == MOST
    assert not looks.can_enlarge(1)
    assert looks.can_enlarge(-1)
    assert looks.can_enlarge(0)


def test_a_setting_changed_elsewhere_is_seen_at_once(
    desk: Desk, looks: LooksDesk, app: App, qtbot: QtBot
) -> None:
    app.settings.set("app.density", "compact")
    app.events.publish(changed("settings"))
    qtbot.waitUntil(lambda: desk.appearance.look.is_compact, timeout=5000)


def test_the_composer_and_its_empty_field_take_the_size(desk: Desk, looks: LooksDesk) -> None:
    field = desk.window.chat.composer.field
    before = field.height()
    looks.enlarge(1)
    looks.enlarge(1)
    size = desk.appearance.look.reading.pointSizeF()
    assert field.font().pointSizeF() == field.viewport().font().pointSizeF() == size
    assert field.height() > before


def test_tool_tips_name_the_keys_in_force(desk: Desk, looks: LooksDesk, app: App, qtbot: QtBot) -> None:
    sidebar, topbar = desk.window.sidebar, desk.window.topbar
    assert "Ctrl+N" in sidebar.new_button.toolTip()
    assert "Ctrl+Shift+F" in sidebar.search.toolTip()
    assert "Ctrl+Shift+S" in topbar.system_prompt.toolTip()
    app.settings.set("shortcuts.new", "Ctrl+Alt+N")
    app.settings.set("shortcuts.search", "")
    app.events.publish(changed("settings"))
    qtbot.waitUntil(lambda: "Ctrl+Alt+N" in sidebar.new_button.toolTip(), timeout=5000)
    assert "Ctrl" not in sidebar.search.toolTip()
    desk.languages.show("zh_CN")
    assert "Ctrl+Alt+N" in sidebar.new_button.toolTip()


def test_who_chooses_own_colours_without_any_is_shown_where(
    desk: Desk, looks: LooksDesk, qtbot: QtBot
) -> None:
    desk.window.menus.choices["theme.own"].trigger()
    assert desk.appearance.choice == "own"
    assert desk.window.pages.current == "settings"


@pytest.mark.parametrize("percent", [100, 200])
def test_a_narrow_window_shows_chat_or_conversations(
    desk: Desk, looks: LooksDesk, percent: int, qtbot: QtBot
) -> None:
    window, sidebar = desk.window, desk.window.sidebar
    while desk.appearance.taste.text_percent < percent:
        looks.enlarge(1)

    def is_small() -> bool:
        window.resize(480, 700)  # the conversations give way on the way there
        return window.width() == 480

    qtbot.waitUntil(is_small, timeout=5000)
    assert looks.narrowness.is_narrow and sidebar.isHidden()
    assert window.chat.isVisible()
    window.toggle_sidebar()
    assert sidebar.isVisible() and not window.chat.isVisible()
    sidebar.new_requested.emit()
    assert sidebar.isHidden() and window.chat.isVisible()
    window.resize(1900, 800)
    qtbot.waitUntil(lambda: sidebar.isVisible() and window.chat.isVisible(), timeout=5000)


def test_conversations_hidden_by_the_person_stay_hidden(desk: Desk, looks: LooksDesk, qtbot: QtBot) -> None:
    window = desk.window
    window.toggle_sidebar()
    window.resize(480, 700)
    window.resize(1900, 800)
    qtbot.waitUntil(lambda: not looks.narrowness.is_narrow, timeout=5000)
    assert window.sidebar.isHidden()
    assert window.chat.isVisible()


def test_escape_in_the_search_of_a_narrow_window_leads_back_to_the_chat(
    desk: Desk, looks: LooksDesk, qtbot: QtBot
) -> None:
    window = desk.window
    window.resize(480, 700)
    qtbot.waitUntil(lambda: looks.narrowness.is_narrow, timeout=5000)
    window.menus.actions["search"].trigger()
    assert window.sidebar.isVisible()
    qtbot.keyClick(window.sidebar.search, Qt.Key.Key_Escape)
    assert window.sidebar.isHidden()
    assert window.chat.isVisible()


def test_the_conversations_are_as_wide_as_before_after_a_narrow_window_was_closed(
    open_window: Callable[[], Desk], qtbot: QtBot
) -> None:
    window = open_window().window
    qtbot.waitUntil(lambda: window.desks.is_made("looks"), timeout=5000)
    wide = window.sidebar.width()
    window.resize(480, 700)
    qtbot.waitUntil(lambda: window.sidebar.isHidden(), timeout=5000)
    window.close()
    again = open_window().window
    qtbot.waitUntil(lambda: again.desks.is_made("looks"), timeout=5000)
    again.resize(1180, 780)
    qtbot.waitUntil(lambda: again.sidebar.isVisible() and again.chat.isVisible(), timeout=5000)
    assert abs(again.sidebar.width() - wide) <= 2
