"""Two conversations side by side, in the real window."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.errors import StoreError
from teahouse_desktop.beside.beside import BesideDesk
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.operations import Operation, quick
from teahouse_desktop.start import Desk
from tests.core.engine.backends import backend
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]
LONG = "abcdefghij" * 12


def texts(chat: ChatPage) -> list[str]:
    return [item.shown.message.text for item in chat.transcript.column.items]


def add(app: App, *said: str, title: str = "") -> str:
    """A conversation that holds these messages."""
    made = app.store.create_conversation(model="echo/echo", title=title or said[0])
    parent = None
    for number, text in enumerate(said):
        role = "assistant" if number % 2 else "user"
        parent = app.store.add_message(made.id, role, text, parent_id=parent).id
    return made.id


def beside(desk: Desk) -> BesideDesk:
    return desk.window.desks.beside


def wait_open(qtbot: QtBot, chat: ChatPage, conversation_id: str) -> None:
    qtbot.waitUntil(
        lambda: chat.conversation.id == conversation_id and chat.conversation.facts is not None,
        timeout=REPLY_MS,
    )


@pytest.fixture
def two(app: App, open_window: Callable[[], Desk], qtbot: QtBot) -> tuple[Desk, ChatPage, ChatPage]:
    """A window with “green” at the left and “black” beside it, on which people work."""
    green, black = add(app, "green", "tea"), add(app, "black", "tea")
    desk = open_window()
    first = desk.window.chat
    desk.window.desks.lists.refresh()
    first.open(green)
    wait_open(qtbot, first, green)
    beside(desk).open(black)
    assert first.beside is not None
    wait_open(qtbot, first.beside, black)
    return desk, first, first.beside


def send(qtbot: QtBot, chat: ChatPage, text: str) -> None:
    qtbot.keyClicks(chat.composer.field, text)
    qtbot.keyClick(chat.composer.field, Qt.Key.Key_Return)


def test_nothing_of_it_is_loaded_before_it_is_asked_for(desk: Desk) -> None:
    assert not desk.window.desks.is_made("beside") and not desk.window.desks.is_made("compare")
    actions = desk.window.menus.actions
    assert {"beside", "other_side", "close_side", "compare"} <= set(actions)
    assert desk.window.chat.beside is None


def test_each_side_has_its_own_conversation_and_the_window_follows(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot
) -> None:
    desk, first, second = two
    window = desk.window
    assert first.isVisible() and second.isVisible()
    assert window.chat is second and window.desks.place.chat is second
    assert (texts(first), texts(second)) == (["green", "tea"], ["black", "tea"])
    assert window.windowTitle().startswith("black")
    window.menus.actions["other_side"].trigger()
    assert window.chat is first and window.windowTitle().startswith("green")
    assert window.sidebar.list.currentIndex().data() == "green"
    second.transcript.setFocus()
    qtbot.waitUntil(lambda: window.chat is second, timeout=REPLY_MS)
    assert window.sidebar.list.currentIndex().data() == "black"
    heads = beside(desk).sides.heads
    assert [head.property("active") for head in heads] == [False, True]
    assert [head.tabs[number].text() for number, head in enumerate(heads)] == ["green", "black"]
    assert heads[1].tabs[1].accessibleDescription() == "You work on this side."


def test_actions_of_the_menus_are_for_the_side_on_which_people_work(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot, app: App
) -> None:
    desk, first, second = two
    actions = desk.window.menus.actions
    actions["find"].trigger()
    assert second.find.isVisible() and not first.find.isVisible()
    actions["edit"].trigger()
    assert second.composer.is_editing and not first.composer.is_editing
    second.composer.cancel_edit()
    actions["other_side"].trigger()
    actions["new"].trigger()
    assert first.conversation.id == "" and texts(second) == ["black", "tea"]
    actions["trash"].trigger()
    desk.window.desks.beside.activate(second)
    actions["trash"].trigger()
    qtbot.waitUntil(lambda: second.conversation.id == "", timeout=REPLY_MS)
    assert [row.title for row in app.store.conversations()] == ["green"]


def test_a_conversation_is_open_once_and_going_to_it_goes_to_its_side(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot
) -> None:
    desk, first, second = two
    desk.window.desks.lists.open(first.conversation.id)
    assert desk.window.chat is first and texts(second) == ["black", "tea"]
    beside(desk).open(second.conversation.id)
    assert desk.window.chat is second
    assert (texts(first), texts(second)) == (["green", "tea"], ["black", "tea"])


def test_the_list_opens_beside_by_middle_button_and_control(
    app: App, open_window: Callable[[], Desk], qtbot: QtBot
) -> None:
    add(app, "green"), add(app, "black"), add(app, "white")
    desk = open_window()
    qtbot.waitUntil(lambda: desk.window.sidebar.model.rowCount() == 3, timeout=REPLY_MS)
    listed, first = desk.window.sidebar.list, desk.window.chat

    def place(title: str) -> QPoint:
        rows = [listed.model().index(row, 0) for row in range(3)]
        return listed.visualRect(next(row for row in rows if row.data() == title)).center()

    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place("green"))
    qtbot.waitUntil(lambda: texts(first) == ["green"], timeout=REPLY_MS)
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.MiddleButton, pos=place("black"))
    second = first.beside
    assert second is not None
    qtbot.waitUntil(lambda: texts(second) == ["black"], timeout=REPLY_MS)
    assert texts(first) == ["green"] and desk.window.chat is second
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, control, place("white"))
    qtbot.waitUntil(lambda: texts(first) == ["white"], timeout=REPLY_MS)
    assert texts(second) == ["black"] and desk.window.chat is first


def test_both_sides_answer_one_after_the_other_and_stop_stops_the_right_one(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot, app: App
) -> None:
    desk, first, second = two
    app.settings.set("echo.delay_ms", 30)
    send(qtbot, second, LONG)
    qtbot.waitUntil(lambda: len(texts(second)) == 4 and bool(texts(second)[3]), timeout=REPLY_MS)
    desk.window.menus.actions["other_side"].trigger()
    send(qtbot, first, "next")
    qtbot.waitUntil(lambda: len(texts(first)) == 4, timeout=REPLY_MS)
    assert first.transcript.column.items[3].shown.status == "Waits until another reply has ended …"
    assert texts(second)[2] == LONG and len(texts(second)) == 4
    desk.window.desks.beside.activate(second)
    desk.window.menus.actions["stop"].trigger()
    qtbot.waitUntil(lambda: second.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: first.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: texts(first) == ["green", "tea", "next", "next"], timeout=REPLY_MS)
    states = [m.state for m in app.store.visible_path(second.conversation.id)]
    assert states[-1] == "stopped" and app.store.visible_path(first.conversation.id)[-1].state == "complete"


def test_ending_the_loading_stops_the_reply_that_it_is_for(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot, app: App
) -> None:
    desk, first, second = two
    app.engines.add_backend(backend(slow={"load_s": 60}))
    app.store.change_conversation(second.conversation.id, model="fake/slow")
    send(qtbot, second, "to be loaded for")
    qtbot.waitUntil(lambda: second.live is not None and second.live.is_loading, timeout=REPLY_MS)
    desk.window.menus.actions["other_side"].trigger()
    desk.window.topbar.picker.load_stopped.emit()
    qtbot.waitUntil(lambda: second.live is None, timeout=REPLY_MS)
    assert app.store.visible_path(second.conversation.id)[-1].state == "stopped"
    assert desk.window.chat is first


def test_messages_that_wait_go_once_and_each_draft_stays_its_own(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot, app: App
) -> None:
    _desk, first, second = two
    app.settings.set("echo.delay_ms", 20)
    send(qtbot, second, LONG)
    qtbot.waitUntil(lambda: second.live is not None, timeout=REPLY_MS)
    send(qtbot, second, "after")
    qtbot.keyClicks(second.composer.field, "typing")
    qtbot.keyClicks(first.composer.field, "elsewhere")
    app.settings.set("echo.delay_ms", 1)
    qtbot.waitUntil(lambda: texts(second)[2:] == [LONG, LONG, "after", "after"], timeout=REPLY_MS)
    assert texts(first) == ["green", "tea"]

    def drafts() -> list[str]:
        return [app.store.conversation(chat.conversation.id).draft for chat in (first, second)]

    qtbot.waitUntil(lambda: drafts() == ["elsewhere", "typing"], timeout=REPLY_MS)
    assert len(app.store.visible_path(second.conversation.id)) == 6


def test_what_cannot_be_saved_goes_back_to_its_own_side(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot, app: App
) -> None:
    _desk, first, second = two
    app.settings.set("echo.delay_ms", 30)
    send(qtbot, first, LONG)
    qtbot.waitUntil(lambda: first.live is not None and first.live.is_saved, timeout=REPLY_MS)
    send(qtbot, second, "not yet")
    qtbot.waitUntil(lambda: second.live is not None, timeout=REPLY_MS)
    second.stop()
    qtbot.waitUntil(lambda: second.live is None, timeout=REPLY_MS)
    assert second.composer.text == "not yet" and first.composer.text == ""
    first.stop()
    qtbot.waitUntil(lambda: first.live is None, timeout=REPLY_MS)


def test_closing_either_side_leaves_the_other(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot, app: App
) -> None:
    desk, first, second = two
    green, black = first.conversation.id, second.conversation.id
    desk.window.menus.actions["close_side"].trigger()
    assert first.isVisible() and not second.isVisible()
    assert desk.window.chat is first and first.conversation.id == green
    desk.window.menus.actions["close_side"].trigger()  # one alone cannot be closed
    assert desk.window.chat is first and first.isVisible()
    beside(desk).open(black)
    wait_open(qtbot, second, black)
    qtbot.keyClicks(second.composer.field, "typing")
    head = beside(desk).sides.heads[0]
    qtbot.mouseClick(head.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: texts(first) == ["black", "tea"], timeout=REPLY_MS)
    assert first.isVisible() and not second.isVisible()
    assert first.composer.text == "typing" and second.conversation.id == ""


def test_a_new_conversation_moves_with_what_is_typed_in_it(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot, app: App
) -> None:
    desk, first, second = two
    desk.window.desks.lists.start()
    qtbot.keyClicks(second.composer.field, "typed")
    beside(desk).close(0)
    assert (first.conversation.id, first.composer.text, second.composer.text) == ("", "typed", "")
    qtbot.wait(50)
    assert len(app.store.conversations()) == 2


def test_a_narrow_window_shows_one_side_at_a_time_with_tabs(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot
) -> None:
    desk, first, second = two
    desk.window.sidebar.hide()
    desk.window.resize(520, 700)
    qtbot.waitUntil(lambda: beside(desk).sides.is_narrow, timeout=REPLY_MS)
    assert second.isVisible() and not first.isVisible()
    tabs = beside(desk).sides.heads[1].tabs
    assert [tab.isVisible() for tab in tabs] == [True, True]
    qtbot.mouseClick(tabs[0], Qt.MouseButton.LeftButton)
    assert first.isVisible() and not second.isVisible() and desk.window.chat is first
    desk.window.menus.actions["other_side"].trigger()
    assert second.isVisible() and not first.isVisible()
    desk.window.resize(1180, 700)
    qtbot.waitUntil(lambda: first.isVisible() and second.isVisible(), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: abs(first.width() - second.width()) < 4, timeout=REPLY_MS)


@pytest.mark.parametrize("side", [0, 1])
def test_both_are_there_at_the_next_start(
    two: tuple[Desk, ChatPage, ChatPage], open_window: Callable[[], Desk], qtbot: QtBot, side: int
) -> None:
    desk, first, second = two
    beside(desk).activate((first, second)[side])
    desk.window.close()
    again = open_window()
    chat = again.window.chat
    qtbot.waitUntil(lambda: again.window.desks.is_made("beside"), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.beside is not None and bool(texts(chat.beside)), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: bool(texts(chat)), timeout=REPLY_MS)
    assert chat.beside is not None
    again.window.resize(1180, 700)  # the screen of these tests is narrow
    qtbot.waitUntil(lambda: chat.isVisible() and chat.beside.isVisible(), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: min(chat.width(), chat.beside.width()) > 300, timeout=REPLY_MS)
    in_order = sorted((chat, chat.beside), key=lambda page: page.mapToGlobal(QPoint(0, 0)).x())
    assert [texts(page)[0] for page in in_order] == ["green", "black"]
    assert again.window.chat is in_order[side]


def test_a_conversation_that_is_gone_is_not_brought_back(
    two: tuple[Desk, ChatPage, ChatPage], open_window: Callable[[], Desk], qtbot: QtBot, app: App
) -> None:
    desk, _first, second = two
    beside(desk).activate(second)
    desk.window.close()
    gone = next(row.id for row in app.store.conversations() if row.title == "green")
    app.store.trash_conversation(gone)
    again = open_window()
    qtbot.waitUntil(lambda: texts(again.window.chat) == ["black", "tea"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: not app.jobs.live, timeout=REPLY_MS)
    assert not again.window.desks.beside.is_double


def test_closing_before_the_list_was_read_forgets_nothing(
    two: tuple[Desk, ChatPage, ChatPage],
    open_window: Callable[[], Desk],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, _first, _second = two
    desk.window.close()
    never = quick("Waiting", lambda: (_ for _ in ()).throw(StoreError("Not yet.")))
    with monkeypatch.context() as patch:
        patch.setattr("teahouse_desktop.conversations.keeping.list_all", lambda **_named: never)
        hasty = open_window()
        qtbot.waitUntil(lambda: hasty.window.desks.is_made("beside"), timeout=REPLY_MS)
        hasty.window.chat.conversation_changed.emit()
        hasty.window.close()
    again = open_window()
    chat = again.window.chat
    qtbot.waitUntil(lambda: chat.beside is not None and bool(texts(chat.beside)), timeout=REPLY_MS)
    assert again.window.desks.beside.is_double and texts(again.window.chat)[:1] == ["black"]


def test_what_is_open_beside_is_written_beside_the_windows_thread(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot
) -> None:
    desk, first, second = two
    memory = desk.window.desks.place.memory
    qtbot.waitUntil(lambda: memory.value("beside") == first.conversation.id, timeout=REPLY_MS)
    started: list[Operation] = []
    desk.window.runner.starting.connect(started.append)
    second.conversation_changed.emit()  # nothing else is open than before
    assert [one for one in started if one.lane == "drafts"] == []
    beside(desk).close(1)
    assert [one.lane for one in started if one.is_background and one.lane == "drafts"]
    qtbot.waitUntil(lambda: memory.value("beside") == "", timeout=REPLY_MS)


def test_a_prompt_that_is_saved_on_one_side_is_offered_on_the_other(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot
) -> None:
    desk, first, _second = two
    desk.window.desks.prompts._save("Translate this.", "Translate")
    beside(desk).activate(first)
    qtbot.waitUntil(
        lambda: [prompt.name for prompt in desk.window.desks.prompts.prompts] == ["Translate"],
        timeout=REPLY_MS,
    )


def test_trashing_the_conversation_of_the_other_side_leaves_this_one(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot
) -> None:
    desk, first, second = two
    desk.window.desks.lists.act("trash", first.conversation.id)
    qtbot.waitUntil(lambda: first.conversation.id == "", timeout=REPLY_MS)
    assert desk.window.chat is second and texts(second) == ["black", "tea"]


def test_a_new_title_is_said_above_the_other_side(two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot) -> None:
    desk, first, _second = two
    desk.window.desks.lists._rename(first.conversation.id, "Sencha")
    tab = beside(desk).sides.heads[0].tabs[0]
    qtbot.waitUntil(lambda: tab.text() == "Sencha", timeout=REPLY_MS)


def test_every_control_has_a_name_and_other_themes_and_languages_reach_both(
    two: tuple[Desk, ChatPage, ChatPage], qtbot: QtBot
) -> None:
    desk, first, second = two
    for head in beside(desk).sides.heads:
        for button in head.findChildren(QAbstractButton):
            assert button.accessibleName() or not button.isVisibleTo(head)
    desk.appearance.choose("dark")
    looks = {page.transcript.column.look.theme.name for page in (first, second)}
    assert len(looks) == 1
    desk.languages.show("zh_CN")

    def named_anew() -> bool:
        names = {page.composer.field.accessibleName() for page in (first, second)}
        return len(names) == 1 and names != {"Message"}

    qtbot.waitUntil(named_anew, timeout=REPLY_MS)


def test_the_window_knows_it_without_importing_it() -> None:
    import subprocess

    code = "import sys, teahouse_desktop.window; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "teahouse_desktop.chat.chat" in done.stdout, done.stderr
    assert "beside" not in done.stdout and "compare" not in done.stdout
