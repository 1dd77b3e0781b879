"""`@` and `#` in the real window: what plugins offer is chosen by keyboard, and nothing is sent by it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QInputMethodEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from teahouse import hookimpl
from teahouse.app import App
from teahouse.events import changed
from teahouse.mentions import Mention
from teahouse.messages import Conversation
from teahouse_desktop.composer.field_popup import ABOVE, FieldPopup
from teahouse_desktop.composer.mention_desk import MentionDesk, fitting
from teahouse_desktop.composer.mention_marks import LONGEST, MOST_MARKS
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]
NAMES = ("@annual report.txt", "@2024/annual report.txt", "@山中茶事.epub", "#Books", "#Books 2", "#书房")


class Library:
    """Offers all names with what is typed in them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Conversation]] = []
        self.may_answer = Event()
        self.may_answer.set()

    @hookimpl
    def complete_mention(self, prefix: str, conversation: Conversation) -> list[Mention]:
        self.may_answer.wait(20)
        self.asked.append((prefix, conversation))
        typed = prefix[1:].casefold()
        fit = [name for name in NAMES if name[0] == prefix[0] and typed in name.casefold()]
        return [Mention(name, name[1:], "a folder", "folder") for name in fit]


@pytest.fixture
def library(app: App) -> Library:
    made = Library()
    app.plugins.register("library", made)
    return made


@pytest.fixture
def field_desk(desk: Desk, qtbot: QtBot, library: Library) -> Desk:
    """The window with the keyboard in the field."""
    desk.window.activateWindow()
    desk.window.chat.composer.field.setFocus()
    qtbot.waitUntil(lambda: desk.window.chat.composer.field.hasFocus(), timeout=REPLY_MS)
    return desk


def mentions(desk: Desk) -> MentionDesk:
    return desk.window.desks.mentions


def wait_for(qtbot: QtBot, desk: Desk, *names: str) -> None:
    qtbot.waitUntil(lambda: [one.text for one in mentions(desk).offers] == list(names), timeout=REPLY_MS)


def press(desk: Desk, qtbot: QtBot, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(desk.window.chat.composer.field, key)


def texts(desk: Desk) -> list[str]:
    return [item.shown.message.text for item in desk.window.chat.transcript.column.items]


def test_a_name_is_chosen_by_keyboard_and_sent_as_it_is_written(
    field_desk: Desk, qtbot: QtBot, library: Library
) -> None:
    composer = field_desk.window.chat.composer
    qtbot.keyClicks(composer.field, "What says @rep")
    wait_for(qtbot, field_desk, "@annual report.txt", "@2024/annual report.txt")
    press(field_desk, qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert composer.text == "What says @2024/annual report.txt "
    assert not mentions(field_desk).popup.isVisible() and texts(field_desk) == []
    qtbot.keyClicks(composer.field, "?")
    press(field_desk, qtbot, Qt.Key.Key_Return)
    sent = "What says @2024/annual report.txt ?"
    qtbot.waitUntil(lambda: texts(field_desk) == [sent, sent], timeout=REPLY_MS)
    prefix, conversation = library.asked[-1]
    assert prefix.startswith("@") and conversation.id == ""  # a new one


def test_chinese_marks_need_no_space_before_them(field_desk: Desk, qtbot: QtBot) -> None:
    composer = field_desk.window.chat.composer
    QApplication.sendEvent(composer.field, commit("请看😀＃"))
    wait_for(qtbot, field_desk, "#Books", "#Books 2", "#书房")
    QApplication.sendEvent(composer.field, commit("书"))
    wait_for(qtbot, field_desk, "#书房")
    press(field_desk, qtbot, Qt.Key.Key_Tab)
    assert composer.text == "请看😀#书房 "


def test_while_an_input_method_composes_its_keys_are_its_own(field_desk: Desk, qtbot: QtBot) -> None:
    composer = field_desk.window.chat.composer
    qtbot.keyClicks(composer.field, "@")
    qtbot.waitUntil(lambda: len(mentions(field_desk).offers) == 3, timeout=REPLY_MS)
    QApplication.sendEvent(composer.field, QInputMethodEvent("shan", []))
    press(field_desk, qtbot, Qt.Key.Key_Return)
    assert composer.text == "@" and texts(field_desk) == []
    QApplication.sendEvent(composer.field, commit("山"))
    wait_for(qtbot, field_desk, "@山中茶事.epub")
    press(field_desk, qtbot, Qt.Key.Key_Return)
    assert composer.text == "@山中茶事.epub "


def test_escape_closes_the_list_until_another_name_is_typed(field_desk: Desk, qtbot: QtBot) -> None:
    composer = field_desk.window.chat.composer
    qtbot.keyClicks(composer.field, "@rep")
    wait_for(qtbot, field_desk, "@annual report.txt", "@2024/annual report.txt")
    press(field_desk, qtbot, Qt.Key.Key_Escape)
    qtbot.keyClicks(composer.field, "o")
    assert mentions(field_desk).offers == []
    press(field_desk, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts(field_desk) == ["@repo", "@repo"], timeout=REPLY_MS)
    qtbot.keyClicks(composer.field, "#")
    qtbot.waitUntil(lambda: len(mentions(field_desk).offers) == 3, timeout=REPLY_MS)


def test_what_is_typed_whole_is_sent_by_enter(field_desk: Desk, qtbot: QtBot, library: Library) -> None:
    composer = field_desk.window.chat.composer
    QApplication.sendEvent(composer.field, commit("#书房"))
    qtbot.waitUntil(lambda: bool(library.asked) and library.asked[-1][0] == "#书房", timeout=REPLY_MS)
    qtbot.waitUntil(lambda: mentions(field_desk)._job is None, timeout=REPLY_MS)
    assert mentions(field_desk).offers == []
    press(field_desk, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts(field_desk) == ["#书房", "#书房"], timeout=REPLY_MS)
    assert composer.text == ""


def test_a_late_answer_opens_nothing_for_what_is_not_there_any_more(
    field_desk: Desk, qtbot: QtBot, library: Library
) -> None:
    composer = field_desk.window.chat.composer
    library.may_answer.clear()
    qtbot.keyClicks(composer.field, "@rep")
    qtbot.waitUntil(lambda: mentions(field_desk)._job is not None, timeout=REPLY_MS)
    composer.field.clear()
    library.may_answer.set()
    qtbot.waitUntil(lambda: mentions(field_desk)._job is None, timeout=REPLY_MS)
    assert mentions(field_desk).offers == []


def test_more_is_typed_while_a_plugin_thinks(field_desk: Desk, qtbot: QtBot, library: Library) -> None:
    composer = field_desk.window.chat.composer
    library.may_answer.clear()
    qtbot.keyClicks(composer.field, "@")
    qtbot.waitUntil(lambda: mentions(field_desk)._job is not None, timeout=REPLY_MS)
    qtbot.keyClicks(composer.field, "2024")
    assert composer.text == "@2024"  # nobody waits
    library.may_answer.set()
    wait_for(qtbot, field_desk, "@2024/annual report.txt")


def test_a_name_in_the_middle_and_one_behind_a_selection(field_desk: Desk, qtbot: QtBot) -> None:
    composer = field_desk.window.chat.composer
    composer.set_text("看@茶 here")
    cursor = composer.field.textCursor()
    cursor.setPosition(3)
    composer.field.setTextCursor(cursor)
    wait_for(qtbot, field_desk, "@山中茶事.epub")
    press(field_desk, qtbot, Qt.Key.Key_Tab)
    assert composer.text == "看@山中茶事.epub here"
    composer.set_text("@rep")
    composer.field.selectAll()
    assert mentions(field_desk).offers == []
    cursor = composer.field.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    composer.field.setTextCursor(cursor)
    wait_for(qtbot, field_desk, "@annual report.txt", "@2024/annual report.txt")


def test_each_page_offers_in_its_own_field(
    field_desk: Desk, qtbot: QtBot, library: Library, ask: Ask
) -> None:
    ask("hello")
    first = field_desk.window.chat
    field_desk.window.desks.beside.open()
    second = field_desk.window.chat
    assert second is not first
    qtbot.waitUntil(lambda: second.composer.field.hasFocus(), timeout=REPLY_MS)
    qtbot.keyClicks(second.composer.field, "#b")
    qtbot.waitUntil(lambda: len(field_desk.window.desks.mentions.offers) == 2, timeout=REPLY_MS)
    assert library.asked[-1][1].id == ""  # of the second page
    press(field_desk, qtbot, Qt.Key.Key_Tab)
    assert (second.composer.text, first.composer.text) == ("#Books ", "")


def test_the_list_stands_on_the_field_with_whole_rows_at_every_text_size(
    field_desk: Desk, qtbot: QtBot
) -> None:
    composer, popup = field_desk.window.chat.composer, mentions(field_desk).popup
    qtbot.keyClicks(composer.field, "@")
    qtbot.waitUntil(lambda: len(mentions(field_desk).offers) == 3, timeout=REPLY_MS)
    small = popup.height()
    assert stands_right(popup, composer)
    app = field_desk.window.desks.place.app
    for percent in (170, 100):
        app.settings.set("app.text_size", percent)
        app.events.publish(changed("settings"))
        qtbot.waitUntil(lambda is_large=percent > 100: (popup.height() > 1.3 * small) is is_large)
        qtbot.waitUntil(lambda: stands_right(popup, composer), timeout=REPLY_MS)
    composer.set_text("@a\nb\nc")  # the field grows below it
    composer.field.moveCursor(QTextCursor.MoveOperation.Start)
    composer.field.moveCursor(QTextCursor.MoveOperation.EndOfLine)
    qtbot.waitUntil(lambda: bool(mentions(field_desk).offers), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: stands_right(popup, composer), timeout=REPLY_MS)


def set_off(desk: Desk) -> list[str]:
    field = desk.window.chat.composer.field
    return [one.cursor.selectedText() for one in field.extraSelections()]


def colour_of(desk: Desk) -> QColor:
    marks = desk.window.chat.composer.field.extraSelections()
    return QColor(marks[0].format.foreground().color())


def test_chosen_names_are_set_off_and_nothing_else_is_touched(field_desk: Desk, qtbot: QtBot) -> None:
    composer = field_desk.window.chat.composer
    composer.set_text("😀 @山")
    composer.field.moveCursor(QTextCursor.MoveOperation.End)
    wait_for(qtbot, field_desk, "@山中茶事.epub")
    assert set_off(field_desk) == []  # typed, and not chosen
    press(field_desk, qtbot, Qt.Key.Key_Tab)
    assert set_off(field_desk) == ["@山中茶事.epub"]
    QApplication.sendEvent(composer.field, QInputMethodEvent("shan", []))
    assert set_off(field_desk) == []  # while an input method composes
    QApplication.sendEvent(composer.field, commit("山 @山中茶事.epub"))
    assert set_off(field_desk) == ["@山中茶事.epub"] * 2
    light = colour_of(field_desk)
    field_desk.window.choose_theme("dark")
    dark = colour_of(field_desk)
    assert light != dark == field_desk.appearance.look.colour("link")
    composer.field.undo()
    assert composer.text.count("@山中茶事.epub") == 1  # one step: what is set off is none of its own
    composer.field.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(composer.field, Qt.Key.Key_Backspace)
    qtbot.keyClick(composer.field, Qt.Key.Key_Backspace)
    assert set_off(field_desk) == []
    composer.set_text("")
    assert set_off(field_desk) == []


def test_only_a_whole_name_where_one_may_begin_is_set_off(field_desk: Desk) -> None:
    field, marks = field_desk.window.chat.composer.field, mentions(field_desk).marks
    for name in ("@plan.pdf", "@plan.pdf.bak", "#书房"):
        marks.add(name)
    field.setPlainText("😀@plan.pdf, a@plan.pdf @plan.pdfs @plan.pdfж\n@plan.pdf.bak 在#书房里")
    assert set_off(field_desk) == ["@plan.pdf", "@plan.pdf.bak", "#书房"]
    field.setPlainText("@plan.pdf " * (MOST_MARKS + 5))
    assert len(set_off(field_desk)) == MOST_MARKS
    field.setPlainText("@plan.pdf " + "x" * LONGEST)
    assert set_off(field_desk) == []


def stands_right(popup: FieldPopup, composer: QWidget) -> bool:
    """Whether the list has no strip without a row, cuts none, and ends right above the composer."""
    rows = sum(popup.sizeHintForRow(number) for number in range(popup.count()))
    gap = composer.mapTo(popup.parentWidget(), QPoint(0, 0)).y() - popup.geometry().bottom() - 1
    return popup.viewport().height() == rows and gap == ABOVE


def test_what_fits() -> None:
    books, more = Mention("#Books", "Books"), Mention("#Books 2", "Books 2")
    assert fitting([more, books], "#books") == [books, more]
    assert fitting([books], "#Books") == []  # nothing is left to choose
    assert fitting([books, more], "@books") == []


def commit(text: str) -> QInputMethodEvent:
    """An input method has decided on a text."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    return event
