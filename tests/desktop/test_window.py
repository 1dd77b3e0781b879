"""The real window on the real app with the echo back end, driven by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QProgressBar,
    QSplitter,
    QWidget,
)
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.errors import AppError
from teahouse.events import Notice
from teahouse_desktop.looks.theme import DARK, LIGHT
from teahouse_desktop.start import Desk, make_application, open_desk
from teahouse_desktop.widgets import notices
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]


def texts(desk: Desk) -> list[str]:
    return [item.shown.message.text for item in desk.window.chat.transcript.column.items]


def titles(desk: Desk) -> list[str]:
    model = desk.window.sidebar.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def type_and_send(desk: Desk, qtbot: QtBot, text: str) -> None:
    field = desk.window.chat.composer.field
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


# --- talking ---


def test_question_typed_before_anything_is_read_gets_a_reply(
    app: App, qtbot: QtBot, qapp: QApplication
) -> None:
    desk = open_desk(app, make_application())
    try:
        assert desk.window.focusWidget() is desk.window.chat.composer.field
        assert not desk.window.topbar.picker.has_model
        type_and_send(desk, qtbot, "Early")
        qtbot.waitUntil(lambda: texts(desk) == ["Early", "Early"], timeout=REPLY_MS)
        qtbot.waitUntil(lambda: desk.window.chat.live is None, timeout=REPLY_MS)
    finally:
        desk.window.close()
        desk.window.deleteLater()


def test_question_by_keyboard_gets_a_reply(desk: Desk, qtbot: QtBot) -> None:
    type_and_send(desk, qtbot, "Hello there")
    qtbot.waitUntil(lambda: texts(desk) == ["Hello there", "Hello there"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: desk.window.chat.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: titles(desk) == ["Hello there"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: desk.window.windowTitle() == "Hello there — Teahouse", timeout=REPLY_MS)
    last = desk.window.chat.transcript.column.items[-1].shown
    assert last.message.state == "complete"
    assert last.generation is not None


def test_question_shows_at_once(app: App, desk: Desk, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 200)
    type_and_send(desk, qtbot, "Slow one")
    qtbot.waitUntil(lambda: texts(desk)[:1] == ["Slow one"], timeout=REPLY_MS)
    assert desk.window.chat.composer.text == ""
    qtbot.waitUntil(lambda: bool(desk.window.chat.transcript.column.items[-1].shown.status), timeout=REPLY_MS)
    desk.window.chat.stop()
    qtbot.waitUntil(lambda: desk.window.chat.live is None, timeout=REPLY_MS)


def test_escape_stops_and_keeps_what_arrived(app: App, desk: Desk, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 30)
    type_and_send(desk, qtbot, "abcdefghij" * 40)
    qtbot.waitUntil(lambda: len(texts(desk)) == 2 and len(texts(desk)[1]) > 3, timeout=REPLY_MS)
    qtbot.keyClicks(desk.window.chat.composer.field, "typed meanwhile")
    qtbot.keyClick(desk.window.chat.composer.field, Qt.Key.Key_Escape)
    items = desk.window.chat.transcript.column.items
    qtbot.waitUntil(lambda: items and items[-1].shown.message.state == "stopped", timeout=REPLY_MS)
    assert 3 < len(texts(desk)[1]) < 400
    assert desk.window.chat.composer.text == "typed meanwhile"


def test_crash_keeps_the_window_and_offers_a_retry(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    assert ask("/crash 3 abcdef") == "abc"
    item = desk.window.chat.transcript.column.items[-1]
    assert item.shown.message.state == "partial"
    assert "retry" in [chip.name for chip in desk.window.chat.transcript.chips(1)]
    assert ask("still there?") == "still there?"


def test_answer_again_edit_and_versions(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    chat = desk.window.chat
    ask("first")
    desk.window.desks.last_turn.answer_again()
    qtbot.waitUntil(
        lambda: chat.live is None and chat.transcript.column.items[-1].shown.versions == 2, timeout=REPLY_MS
    )
    desk.window.desks.last_turn.edit()
    assert chat.composer.is_editing and chat.composer.text == "first"
    ask("second")
    qtbot.waitUntil(lambda: texts(desk) == ["second", "second"], timeout=REPLY_MS)
    assert not chat.composer.is_editing
    chat.act("previous", chat.transcript.column.items[0].shown.message.id)
    qtbot.waitUntil(lambda: texts(desk) == ["first", "first"], timeout=REPLY_MS)


def test_reply_goes_on_while_another_conversation_is_read(
    app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    ask("the first one")
    first = desk.window.chat.conversation.id
    desk.window.desks.lists.start()
    app.settings.set("echo.delay_ms", 20)
    type_and_send(desk, qtbot, "y" * 200)
    qtbot.waitUntil(lambda: len(texts(desk)) == 2 and len(texts(desk)[1]) > 3, timeout=REPLY_MS)
    second = desk.window.chat.conversation.id
    desk.window.chat.open(first)
    qtbot.waitUntil(lambda: texts(desk) == ["the first one"] * 2, timeout=REPLY_MS)
    assert second in desk.window.chat.talk.conversation_ids
    assert desk.window.chat.composer.button.accessibleName() == "Send"
    desk.window.chat.open(second)
    qtbot.waitUntil(lambda: texts(desk)[:1] == ["y" * 200], timeout=REPLY_MS)
    assert desk.window.chat.composer.button.accessibleName() == "Stop"
    qtbot.waitUntil(lambda: texts(desk)[-1] == "y" * 200, timeout=REPLY_MS)


def test_question_waits_for_another_reply_and_is_not_lost(app: App, desk: Desk, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 30)
    type_and_send(desk, qtbot, "z" * 100)
    qtbot.waitUntil(lambda: len(texts(desk)) == 2 and len(texts(desk)[1]) > 3, timeout=REPLY_MS)
    desk.window.desks.lists.start()
    type_and_send(desk, qtbot, "queued")
    qtbot.waitUntil(lambda: texts(desk) == ["queued", ""], timeout=REPLY_MS)
    assert desk.window.chat.transcript.column.items[-1].shown.status.startswith("Waits")
    waiting = desk.window.chat.conversation.id
    qtbot.waitUntil(lambda: app.store.conversation(waiting).draft == "queued", timeout=REPLY_MS)
    qtbot.waitUntil(lambda: texts(desk) == ["queued", "queued"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: app.store.conversation(waiting).draft == "", timeout=REPLY_MS)


def test_failed_start_gives_the_words_back(
    app: App, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise AppError("The disk is full.", "Free some space.")

    monkeypatch.setattr(app.store, "create_conversation", refuse)
    type_and_send(desk, qtbot, "precious words")
    qtbot.waitUntil(lambda: desk.window.chat.composer.text == "precious words", timeout=REPLY_MS)
    assert desk.window.chat.notices.label.text() == "The disk is full. Free some space."


# --- conversations ---


def test_draft_survives_switching_and_closing(open_window: Callable[[], Desk], qtbot: QtBot) -> None:
    desk = open_window()
    qtbot.keyClicks(desk.window.chat.composer.field, "half a though")
    qtbot.waitUntil(lambda: titles(desk) == ["half a though"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: bool(desk.window.chat.conversation.id), timeout=REPLY_MS)
    kept = desk.window.chat.conversation.id
    desk.window.desks.lists.start()
    assert desk.window.chat.composer.text == ""
    desk.window.chat.open(kept)
    qtbot.waitUntil(lambda: desk.window.chat.composer.text == "half a though", timeout=REPLY_MS)
    qtbot.keyClicks(desk.window.chat.composer.field, "t")
    desk.window.close()
    again = open_window()
    qtbot.waitUntil(lambda: again.window.chat.composer.text == "half a thought", timeout=REPLY_MS)


def test_restart_finds_everything(open_window: Callable[[], Desk], qtbot: QtBot) -> None:
    desk = open_window()
    type_and_send(desk, qtbot, "Remember me")
    qtbot.waitUntil(
        lambda: texts(desk) == ["Remember me"] * 2 and desk.window.chat.live is None, timeout=REPLY_MS
    )
    desk.window.resize(701, 555)
    desk.window.close()
    again = open_window()
    qtbot.waitUntil(lambda: texts(again) == ["Remember me"] * 2, timeout=REPLY_MS)
    assert titles(again) == ["Remember me"]
    assert (again.window.width(), again.window.height()) == (701, 555)


def test_geometry_is_kept_in_the_homes_own_folder(app: App, desk: Desk) -> None:
    desk.window.close()
    assert (app.paths.config / "window.ini").is_file()


def test_rename_by_keyboard(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("dull title")
    qtbot.waitUntil(lambda: titles(desk) == ["dull title"], timeout=REPLY_MS)
    desk.window.sidebar.rename()
    field = desk.window.sidebar.list.findChild(QLineEdit)
    assert field is not None and field.accessibleName()
    field.selectAll()
    qtbot.keyClicks(field, "  Better   title ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(desk) == ["Better title"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: desk.window.windowTitle().startswith("Better title"), timeout=REPLY_MS)


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_no_single_key_deletes_a_conversation(desk: Desk, qtbot: QtBot, ask: Ask, key: Qt.Key) -> None:
    ask("keep me")
    qtbot.waitUntil(lambda: titles(desk) == ["keep me"], timeout=REPLY_MS)
    for widget in (desk.window.sidebar.list, desk.window.chat.transcript, desk.window):
        qtbot.keyClick(widget, key)
    assert titles(desk) == ["keep me"]


def test_arrow_keys_walk_through_conversations(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("older")
    desk.window.desks.lists.start()
    ask("newer")
    qtbot.waitUntil(lambda: titles(desk) == ["newer", "older"], timeout=REPLY_MS)
    desk.window.sidebar.list.setFocus()
    qtbot.keyClick(desk.window.sidebar.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: texts(desk) == ["older"] * 2, timeout=REPLY_MS)
    assert not desk.window.chat.composer.field.hasFocus()
    qtbot.keyClick(desk.window.sidebar.list, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: texts(desk) == ["newer"] * 2, timeout=REPLY_MS)


# --- language and theme ---


def test_language_switches_at_once(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    desk.window.choose_language("zh_CN")
    QApplication.processEvents()
    assert desk.window.sidebar.new_button.text() == "新对话"
    assert desk.window.menuBar().actions()[0].text() == "文件(&F)"
    assert "词元" in desk.window.chat.transcript.chips(1)[-1].text
    assert desk.window.chat.composer.field.accessibleName() == "消息"
    qtbot.waitUntil(lambda: app.settings.get("app.language") == "zh_CN", timeout=REPLY_MS)
    desk.window.choose_language("en")
    QApplication.processEvents()
    assert desk.window.sidebar.new_button.text() == "New conversation"
    assert "tokens" in desk.window.chat.transcript.chips(1)[-1].text


def test_qts_own_texts_are_translated_too(desk: Desk) -> None:
    desk.window.choose_language("zh_CN")
    assert QApplication.translate("QPlatformTheme", "Cancel") == "取消"
    desk.window.choose_language("en")
    assert QApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_theme_switches_at_once(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    desk.window.choose_theme("dark")
    assert desk.window.chat.transcript.column.look.theme is DARK
    picture = desk.window.chat.transcript.grab().toImage()
    assert picture.pixelColor(3, 200).name() == DARK.base
    qtbot.waitUntil(lambda: app.settings.get("app.theme") == "dark", timeout=REPLY_MS)
    desk.window.choose_theme("light")
    assert desk.window.chat.transcript.grab().toImage().pixelColor(3, 200).name() == LIGHT.base


# --- names and keys ---


def interactive(window: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QProgressBar, QAbstractScrollArea)
    inner = ("qt_", "qt_scrollarea")
    widgets = [w for w in window.findChildren(QWidget) if isinstance(w, kinds)]
    return [w for w in widgets if not w.objectName().startswith(inner) and not isinstance(w, QSplitter)]


def test_every_control_has_a_name_in_both_languages(desk: Desk, ask: Ask) -> None:
    ask("hello")
    for language in ("en", "zh_CN"):
        desk.window.choose_language(language)
        QApplication.processEvents()
        nameless = []
        for widget in interactive(desk.window):
            interface = QAccessible.queryAccessibleInterface(widget)
            is_idle_bar = isinstance(widget, QProgressBar) and widget.parentWidget().isHidden()
            if not interface.text(QAccessible.Text.Name).strip() and not is_idle_bar:
                nameless.append(f"{type(widget).__name__} {widget.objectName()} in {widget.parent()}")
        assert nameless == []
    desk.window.choose_language("en")


def test_tab_reaches_the_main_controls(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    window = desk.window
    window.activateWindow()
    window.chat.composer.field.setFocus()
    wanted = {
        window.sidebar.new_button, window.sidebar.list, window.topbar.picker.button, window.chat.transcript,
        window.chat.composer.field,
    }  # fmt: skip
    seen: set[QWidget] = set()
    for _ in range(25):
        focused = QApplication.focusWidget()
        if focused is not None:
            seen.add(focused)
        window.focusNextChild()
    assert wanted <= seen


def test_every_menu_action_has_words_and_keys_are_unique(desk: Desk) -> None:
    keys: list[str] = []
    for menu in desk.window.menuBar().findChildren(QMenu):
        for action in menu.actions():
            assert action.isSeparator() or action.text()
            keys += [key.toString() for key in action.shortcuts() if key.toString()]
    assert len(set(keys)) == len(keys)
    assert {"Ctrl+N", "F2", "F6", "Ctrl+Q"} <= set(keys)


# --- trouble ---


def test_notices_are_shown_one_after_the_other(app: App, desk: Desk, qtbot: QtBot) -> None:
    for text in ("First.", "Second.", "First."):
        app.events.publish(Notice(text, "Do this."))
    bar = desk.window.chat.notices
    qtbot.waitUntil(lambda: bar.label.text() == "First. Do this.", timeout=REPLY_MS)
    qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert bar.label.text() == "Second. Do this."
    qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_a_notice_is_said_to_screen_readers_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(notices.accessible, "announce", lambda view, text: said.append(text))
    bar = desk.window.chat.notices
    bar.show_text("First.", "Do this.")
    bar.offer("It is in the trash.", "Undo", said.clear)
    bar.set_look(desk.appearance.look)
    assert said == ["First. Do this.", "It is in the trash. Undo"]
    bar.dismiss()
    bar.dismiss()
    assert said[2:] == ["First. Do this."] and bar.isHidden()


@pytest.mark.expected_log
def test_a_bug_opens_one_dialog_and_is_logged(
    desk: Desk, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    crashes = desk.window.crashes
    for number in range(3):
        try:
            raise ValueError(f"bug {number}")
        except ValueError as error:
            crashes.report(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: crashes._box is not None, timeout=REPLY_MS)
    QApplication.processEvents()
    assert "bug 0" in crashes._box.text()  # type: ignore[union-attr]
    assert [r.exc_info is not None for r in caplog.records if r.levelname == "CRITICAL"] == [True] * 3
    crashes._box.close()  # type: ignore[union-attr]


def test_link_is_opened_only_when_asked_and_never_an_odd_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from teahouse_desktop.widgets import dialogs

    went: list[str] = []
    monkeypatch.setattr(dialogs.QDesktopServices, "openUrl", lambda url: went.append(url.toString()))
    box = dialogs.ask_link(desk.window, "https://bank.example@bücher.example/a?b=c")
    assert "Server: xn--bcher-kva.example" in box.informativeText()
    box.close()
    box = dialogs.ask_link(desk.window, "https://example.org/a?b=c")
    assert box.text() == "https://example.org/a?b=c"
    assert went == []
    next(b for b in box.buttons() if b.text() == "Open").click()
    assert went == ["https://example.org/a?b=c"]
    odd = dialogs.ask_link(desk.window, "file:///etc/passwd")
    assert "Open" not in [button.text() for button in odd.buttons()]
    odd.close()


def test_closing_stops_a_running_reply(app: App, desk: Desk, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 50)
    type_and_send(desk, qtbot, "w" * 400)
    qtbot.waitUntil(lambda: len(texts(desk)) == 2 and len(texts(desk)[1]) > 1, timeout=REPLY_MS)
    conversation_id = desk.window.chat.conversation.id
    desk.window.close()
    qtbot.waitUntil(lambda: not app.jobs.live, timeout=REPLY_MS)
    assert app.store.visible_path(conversation_id)[-1].state == "stopped"


def test_sending_signals_reach_the_sidebar(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    begun = QSignalSpy(desk.window.chat.talk.begun)
    ask("hello")
    assert begun.count() == 1
    assert desk.window.sidebar.model._live == frozenset()


def test_language_can_follow_the_system_again(
    app: App, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    desk.window.choose_language("zh_CN")
    qtbot.waitUntil(lambda: app.settings.get("app.language") == "zh_CN", timeout=REPLY_MS)
    actions = desk.window.menus._language_actions
    assert actions["zh_CN"].isChecked()
    actions["system"].trigger()
    qtbot.waitUntil(lambda: app.settings.get("app.language") == "system", timeout=REPLY_MS)
    assert actions["system"].isChecked()
    qtbot.waitUntil(lambda: actions["system"].text() == "As the desktop", timeout=REPLY_MS)


def test_model_menu_from_the_keyboard_does_not_hold_replies(
    app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    ask("Hello")
    desk.window.open_models()
    menu = desk.window.topbar.picker.menu
    assert menu.isVisible()
    desk.window.chat.send("Again")
    qtbot.waitUntil(lambda: texts(desk)[-1] == "Again" and desk.window.chat.live is None, timeout=REPLY_MS)
    menu.close()
