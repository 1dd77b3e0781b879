"""Searching in the real window, by keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.conversations import finding, search_field
from teahouse_desktop.conversations.results import HIT_ROLE, HitList
from teahouse_desktop.looks.look import Look
from teahouse_desktop.start import Desk
from teahouse_desktop.units import units
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Open = Callable[..., Desk]


def talk(app: App, title: str, *texts: str) -> str:
    made = app.store.create_conversation(title=title)
    for number, text in enumerate(texts):
        app.store.add_message(made.id, "assistant" if number % 2 else "user", text)
    return made.id


def snippets(desk: Desk) -> list[str]:
    hits = desk.window.sidebar.found.list.hits
    return [hits.index(row).data(HIT_ROLE).snippet for row in range(hits.rowCount())]


def seek(desk: Desk, qtbot: QtBot, query: str) -> None:
    """Type a query and wait until its hits are shown."""
    field, page = desk.window.sidebar.search, desk.window.sidebar.found
    field.clear()
    desk.window.desks.search.focus()
    field.insert(query)  # QTest types no Han
    qtbot.waitUntil(lambda: page.found is not None and page.found.query == query, timeout=REPLY_MS)
    assert page.isVisible() and not desk.window.sidebar.list.isVisible()


def shown(desk: Desk) -> list[str]:
    return [item.shown.message.text for item in desk.window.chat.transcript.column.items]


def test_enter_opens_the_best_hit_at_its_message(app: App, open_window: Open, qtbot: QtBot) -> None:
    talk(app, "other", "nothing here")
    found = talk(app, "long", *[f"line {n} about cups" for n in range(60)], "the kettle whistles", "yes")
    desk = open_window()
    seek(desk, qtbot, "kettle")
    assert snippets(desk) == ["the kettle whistles"]
    qtbot.keyClick(desk.window.sidebar.search, Qt.Key.Key_Return)
    transcript = desk.window.chat.transcript
    qtbot.waitUntil(lambda: desk.window.chat.conversation.id == found, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: transcript.current == 60, timeout=REPLY_MS)
    desk.window.grab()
    assert 60 in transcript.visible()
    seek(desk, qtbot, "line 3 about")
    qtbot.keyClick(desk.window.sidebar.search, Qt.Key.Key_Down)
    qtbot.keyClick(desk.window.sidebar.found.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: transcript.current == 3, timeout=REPLY_MS)
    desk.window.grab()
    assert 3 in transcript.visible()


def test_a_hit_on_another_branch_is_brought_to_the_screen(app: App, open_window: Open, qtbot: QtBot) -> None:
    found = talk(app, "tea", "How hot?", "Eighty degrees.")
    question = app.store.visible_path(found)[0]
    app.store.add_message(found, "assistant", "Cold is fine.", parent_id=question.id)
    desk = open_window()
    desk.window.desks.lists.open(found)
    qtbot.waitUntil(lambda: shown(desk) == ["How hot?", "Cold is fine."], timeout=REPLY_MS)
    seek(desk, qtbot, "degrees")
    qtbot.keyClick(desk.window.sidebar.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(desk) == ["How hot?", "Eighty degrees."], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: desk.window.chat.transcript.current == 1, timeout=REPLY_MS)


def test_problems_of_a_query_are_said_and_escape_ends_it(app: App, open_window: Open, qtbot: QtBot) -> None:
    talk(app, "茶", "水")
    desk = open_window()
    seek(desk, qtbot, "水")
    assert snippets(desk) == ["水"]
    qtbot.waitUntil(lambda: app.store.is_search_complete, timeout=REPLY_MS)
    seek(desk, qtbot, "foo:bar")
    note = desk.window.sidebar.found.note.text()
    assert "There is no filter “foo:”" in note and "Nothing was found." in note
    qtbot.keyClick(desk.window.sidebar.search, Qt.Key.Key_Escape)
    assert desk.window.sidebar.search.text() == ""
    assert desk.window.sidebar.list.isVisible()
    qtbot.keyClick(desk.window.sidebar.search, Qt.Key.Key_Escape)
    assert desk.window.chat.composer.field.hasFocus()


def test_enter_in_the_empty_field_opens_nothing(app: App, open_window: Open, qtbot: QtBot) -> None:
    talk(app, "tea", "water")
    desk = open_window()
    seek(desk, qtbot, "water")
    qtbot.keyClick(desk.window.sidebar.search, Qt.Key.Key_Escape)
    qtbot.keyClick(desk.window.sidebar.search, Qt.Key.Key_Return)
    assert desk.window.chat.conversation.id == ""
    assert snippets(desk) == []


def test_how_much_was_found_is_said_to_all(
    app: App, open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(search_field.accessible, "announce", lambda view, text: said.append(text))
    monkeypatch.setattr(finding, "PAGE", 2)
    for number in range(3):
        talk(app, f"t{number}", f"cup {number}")
    desk = open_window()
    qtbot.waitUntil(lambda: app.store.is_search_complete, timeout=REPLY_MS)
    note = desk.window.sidebar.found.note
    seek(desk, qtbot, "cup")
    assert note.isVisible() and "Found: 2 and more" in said
    qtbot.waitUntil(lambda: note.text() == "Found: 3", timeout=REPLY_MS)
    seek(desk, qtbot, "saucer")
    assert note.text() == "Nothing was found. The trash is only searched with “is:trashed”."
    assert said[-1] == note.text()


def test_keys_go_down_into_the_list_without_opening(app: App, open_window: Open, qtbot: QtBot) -> None:
    talk(app, "tea", "water")
    desk = open_window()
    qtbot.waitUntil(lambda: len(desk.window.sidebar.rows) == 1, timeout=REPLY_MS)
    desk.window.desks.search.focus()
    qtbot.keyClick(desk.window.sidebar.search, Qt.Key.Key_Down)
    assert desk.window.sidebar.list.hasFocus() and desk.window.sidebar.list.currentIndex().row() == 0
    assert desk.window.chat.conversation.id == ""


def test_where_nothing_can_be_saved_a_hit_still_opens_its_conversation(
    app: App, open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = talk(app, "tea", "How hot?", "Eighty degrees.")
    question = app.store.visible_path(found)[0]
    app.store.add_message(found, "assistant", "Cold is fine.", parent_id=question.id)
    desk = open_window()
    seek(desk, qtbot, "degrees")
    monkeypatch.setattr(type(app.store), "is_read_only", True)
    qtbot.keyClick(desk.window.sidebar.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(desk) == ["How hot?", "Cold is fine."], timeout=REPLY_MS)
    assert desk.window.chat.notices.isHidden()


def test_a_message_that_is_not_shown_is_forgotten_elsewhere(
    app: App, open_window: Open, qtbot: QtBot
) -> None:
    found, other = talk(app, "tea", *[f"line {n}" for n in range(60)]), talk(app, "other", "nothing")
    hit = app.store.search("line 3")[0]
    desk = open_window()
    search, transcript = desk.window.desks.search, desk.window.chat.transcript
    search._open(replace(hit, message_id="gone"), is_other_branch=False)
    qtbot.waitUntil(lambda: len(shown(desk)) == 60, timeout=REPLY_MS)
    desk.window.desks.lists.open(other)
    qtbot.waitUntil(lambda: shown(desk) == ["nothing"], timeout=REPLY_MS)
    assert search._target == ("", "")
    assert transcript.current < 0
    assert found == hit.conversation_id


def test_all_pages_of_many_hits_can_be_reached(
    app: App, open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE", 5)
    for number in range(12):
        talk(app, f"t{number}", f"cup {number}")
    desk = open_window()
    seek(desk, qtbot, "cup")
    hits = desk.window.sidebar.found.list.hits
    for count in (10, 12):
        qtbot.waitUntil(lambda: desk.window.desks.search._job is None, timeout=REPLY_MS)
        if hits.canFetchMore(hits.index(-1)):
            hits.fetchMore(hits.index(-1))
        qtbot.waitUntil(lambda count=count: hits.rowCount() >= count, timeout=REPLY_MS)  # type: ignore[misc]
    assert len(set(snippets(desk))) == 12


def test_marks_count_as_qt_counts(look: Look, qtbot: QtBot) -> None:
    assert [units(text) for text in ("tea", "茶", "😀茶")] == [3, 1, 3]
    listed = HitList(look)
    qtbot.addWidget(listed)
    mark = listed.itemDelegate()._marked("😀 tea", (2, 5))
    assert (mark.start, mark.length) == (3, 3)
