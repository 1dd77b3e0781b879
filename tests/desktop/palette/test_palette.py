"""The command palette: everything by a few letters, in both languages, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.availability import is_possible
from teahouse_desktop.pages.pages import SETTINGS
from teahouse_desktop.palette.command_list import CommandDelegate
from teahouse_desktop.palette.commands import Command, collect
from teahouse_desktop.palette.fuzzy import score
from teahouse_desktop.palette.palette import Palette, ranked
from teahouse_desktop.start import Desk
from teahouse_desktop.widgets.shadow import Shadow
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui
Ask = Callable[[str], str]


@pytest.fixture
def palette(desk: Desk) -> Palette:
    """The palette, open."""
    desk.window.activateWindow()
    desk.window.chat.composer.setFocus()
    desk.window.menus.actions["palette"].trigger()
    opened = desk.window.desks.commands.palette
    assert opened is not None and opened.isVisible()
    return opened


def titles(palette: Palette) -> list[str]:
    return [command.title for command in palette.model.rows]


def ids(app: App, desk: Desk) -> set[str]:
    return {command.id for command in collect(app, desk.window)}


def search(palette: Palette, qtbot: QtBot, query: str) -> str:
    """Types a query; the title of the first line."""
    palette.field.clear()
    if query.isascii():
        qtbot.keyClicks(palette.field, query)
    else:
        palette.field.insert(query)  # as an input method does: no key has it
    return titles(palette)[0] if titles(palette) else ""


# --- what is offered ---


def test_every_action_is_there_with_its_keys(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    found = {command.id: command for command in collect(app, desk.window)}
    names = set(desk.window.menus.actions) - {"palette"}
    assert {f"action.{name}" for name in names if is_possible(desk.window, name)} <= set(found)
    assert {"action.export", "action.regenerate", "action.about", "action.read"} <= set(found)
    assert found["action.new"].title == "New conversation" and found["action.new"].detail == "Ctrl+N"
    assert all(command.title and "&" not in command.title for command in found.values())
    assert {"choice.theme.dark", "choice.language.zh_CN", "setting.engine.context"} <= set(found)


def test_what_cannot_be_done_is_not_offered(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    assert not ids(app, desk) & {"action.stop", "action.regenerate", "action.rename", "action.edit"}
    ask("hello")
    assert {"action.regenerate", "action.rename", "action.edit"} <= ids(app, desk)
    assert "action.stop" not in ids(app, desk)
    desk.window.menus.actions["export"].setEnabled(False)
    assert "action.export" not in ids(app, desk)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("dark", "Theme: Dark"),
        ("深色", "Theme: Dark"),
        ("dark the", "Theme: Dark"),
        ("新对话", "New conversation"),
        ("expor", "Export conversations …"),
        ("kv_type", "Cache type"),
        ("缓存类型", "Cache type"),
        ("setngs", "Settings"),
    ],
)
def test_a_few_letters_find_it_in_both_languages(
    palette: Palette, qtbot: QtBot, query: str, title: str
) -> None:
    assert search(palette, qtbot, query) == title


def test_in_chinese_the_english_words_find_it_too(desk: Desk, qtbot: QtBot) -> None:
    desk.window.choose_language("zh_CN")
    QApplication.processEvents()
    desk.window.desks.commands.open()
    opened = desk.window.desks.commands.palette
    assert opened is not None
    assert search(opened, qtbot, "new conv") == "新对话"
    assert search(opened, qtbot, "theme dark") == "主题：深色"


def test_nothing_found_is_said(palette: Palette, qtbot: QtBot) -> None:
    assert search(palette, qtbot, "qqqq") == ""
    assert palette._nothing.isVisibleTo(palette)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()


# --- what it does ---


def test_enter_runs_and_the_last_used_goes_first(
    desk: Desk, palette: Palette, qtbot: QtBot, open_window: Callable[[], Desk]
) -> None:
    assert search(palette, qtbot, "show or hide the conv") == "Show or hide the conversations"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    qtbot.waitUntil(lambda: desk.window.sidebar.isHidden(), timeout=REPLY_MS)
    desk.window.desks.commands.open()
    assert titles(palette)[0] == "Show or hide the conversations"
    desk.window.close()
    again = open_window()
    again.window.desks.commands.open()
    assert again.window.desks.commands.palette is not None
    assert titles(again.window.desks.commands.palette)[0] == "Show or hide the conversations"


def test_arrows_choose_another_and_it_runs(desk: Desk, palette: Palette, qtbot: QtBot) -> None:
    search(palette, qtbot, "theme")
    rows = titles(palette)
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().data() == rows[1]
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == len(rows) - 1


def test_escape_closes_and_the_focus_goes_back(desk: Desk, palette: Palette, qtbot: QtBot) -> None:
    assert QApplication.focusWidget() is palette.field
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert QApplication.focusWidget() is desk.window.chat.composer.field


def test_a_conversation_opens_by_its_title(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Pu-erh and how to store it")
    first = desk.window.chat.conversation.id
    desk.window.desks.lists.start()
    ask("Something else")
    desk.window.pages.open(SETTINGS)
    qtbot.waitUntil(lambda: len(desk.window.sidebar.rows) == 2, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: f"conversation.{first}" in ids(app, desk), timeout=REPLY_MS)
    desk.window.desks.commands.open()
    palette = desk.window.desks.commands.palette
    assert palette is not None
    search(palette, qtbot, "pu-erh")
    assert palette.model.rows[0].id == f"conversation.{first}"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.window.chat.conversation.id == first, timeout=REPLY_MS)
    assert desk.window.pages.current == ""


def test_a_setting_opens_with_the_focus_in_its_field(desk: Desk, palette: Palette, qtbot: QtBot) -> None:
    assert search(palette, qtbot, "longest reply") == "Longest reply"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert desk.window.pages.current == SETTINGS
    qtbot.waitUntil(
        lambda: getattr(QApplication.focusWidget(), "accessibleName", str)() == "Longest reply",
        timeout=REPLY_MS,
    )


def test_it_is_named_and_keeps_its_place_in_a_small_window(desk: Desk, palette: Palette) -> None:
    assert palette.field.accessibleName() and palette.list.accessibleName()
    index = palette.model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith(titles(palette)[0])
    desk.window.resize(420, 360)
    QApplication.processEvents()
    assert desk.window.rect().contains(palette.geometry())


# --- ranking ---


def command(name: str, *others: str) -> Command:
    return Command(name, name, "", lambda: None, tuple(n.casefold() for n in (name, *others)))


def test_better_matches_go_first() -> None:
    names = ["Rename the conversation", "New conversation", "Show what is sent", "Insert a prompt"]
    commands = [command(name) for name in names]
    assert [c.id for c in ranked(commands, "conv", [])][:2] == ["New conversation", "Rename the conversation"]
    assert ranked(commands, "sws", [])[0].id == "Show what is sent"
    assert ranked(commands, "conversation new", [])[0].id == "New conversation"
    assert ranked(commands, "xyz", []) == []
    assert ranked(commands, "", ["Insert a prompt"])[0].id == "Insert a prompt"
    assert ranked(commands, "conv", ["Rename the conversation"])[0].id == "Rename the conversation"


def test_every_word_must_be_meant() -> None:
    assert score("new chat", ["new conversation"]) == 0
    assert score("", ["anything"]) > 0
    assert score("new", ["new conversation"]) > score("new", ["renew it"]) > 0


def test_the_focus_goes_back_only_to_what_is_still_there(desk: Desk, palette: Palette, qtbot: QtBot) -> None:
    palette.dismiss()
    line = QLineEdit(desk.window)
    line.show()
    line.setFocus()
    desk.window.menus.actions["palette"].trigger()
    assert palette._before is line
    shiboken6.delete(line)
    palette.dismiss()
    assert palette.isHidden()


def test_its_shadow_comes_and_goes_with_it_and_themes_leave_nothing_behind(
    desk: Desk, palette: Palette, qtbot: QtBot
) -> None:
    shadow = desk.window.findChild(Shadow)
    assert shadow is not None and shadow.isVisible()
    assert shadow.geometry().contains(palette.geometry())
    ground = QImage(shadow.size(), QImage.Format.Format_ARGB32)
    ground.fill(Qt.GlobalColor.white)
    shadow.render(ground, renderFlags=QWidget.RenderFlag(0))
    edge, corner = ground.pixelColor(shadow.width() // 2, shadow.height() - 12), ground.pixelColor(0, 0)
    assert edge.lightness() < corner.lightness() == 255
    for theme in ("dark", "light"):
        desk.window.choose_theme(theme)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert len(palette.list.findChildren(CommandDelegate)) == 1
    palette.dismiss()
    assert shadow.isHidden()
