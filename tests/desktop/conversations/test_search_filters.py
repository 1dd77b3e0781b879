"""The menu of filters: what it writes is what the query language reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from teahouse.messages import Conversation
from teahouse.search.query import parse
from teahouse_desktop.conversations.search_filters import make_filter_menu
from teahouse_desktop.start import Desk

ROWS = [
    Conversation("1", "a", 0, 0, folder="work/茶 notes", tags=("x", 'sa"id'), model="Tea 0.5B"),
    Conversation("2", "b", 0, 0, folder="", tags=("x",), model="Tea 0.5B"),
]


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def leaves(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            yield from leaves(below)
        else:
            yield action


def test_every_entry_is_a_filter_that_is_understood(parent: QWidget) -> None:
    written: list[str] = []
    menu = make_filter_menu(parent, ROWS, written.append, today=date(2026, 11, 22))
    actions = list(leaves(menu))
    for action in actions:
        action.trigger()
        query = parse(written[-1])
        assert not query.problems and not query.terms, written[-1]
        assert len(query.filters) + len(query.spans) == 1, written[-1]
        assert action.text().partition("\t")[2] == written[-1]
    assert len(written) == len(actions) == len(set(written))
    for text in ('in:"work/茶 notes"', "tag:x", 'tag:"sa id"', 'model:"Tea 0.5B"', "date:>=2026-11-16"):
        assert text in written


def test_what_there_is_not_is_not_offered(parent: QWidget) -> None:
    menu = make_filter_menu(parent, [], lambda _text: None)
    titles = [action.text() for action in menu.actions()]
    assert "In the folder" not in titles and "Said by" in titles


def test_the_button_and_the_keys_open_it_and_the_field_searches(desk: Desk, qtbot: QtBot) -> None:
    field = desk.window.sidebar.search
    [button] = [b for b in field.findChildren(QToolButton) if "Filters" in b.accessibleName()]
    with qtbot.waitSignal(field.filters_requested):
        button.click()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(a for a in leaves(menu) if a.text().endswith("\trole:user")).trigger()
    menu.close()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert field.text() == "role:user"
    field.setText("tea")
    with qtbot.waitSignal(field.changed, check_params_cb=lambda query: query == "tea is:pinned"):
        field.add_filter("is:pinned")
    field.add_filter("is:pinned")
    assert field.text() == "tea is:pinned"
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert button.hasFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    QApplication.activePopupWidget().close()
