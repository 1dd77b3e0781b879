"""Lists of cards as screen readers meet them."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.cards import Card, CardList


def test_cards_are_items_of_a_list(look: Look, qtbot: QtBot) -> None:
    cards = CardList()
    qtbot.addWidget(cards)
    cards.set_cards([Card(look), Card(look)])
    inside = QAccessible.queryAccessibleInterface(cards.inside)
    assert inside.role() == QAccessible.Role.List
    roles = [inside.child(index).role() for index in range(inside.childCount())]
    assert roles == [QAccessible.Role.ListItem] * 2


def test_qt_frees_each_interface_once(look: Look, qtbot: QtBot) -> None:
    card = Card(look)
    before = QAccessible.queryAccessibleInterface(card)
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(card.set_look)  # the card has a meta-object of its own from here on
    after = QAccessible.queryAccessibleInterface(card)
    assert after is not before, "Qt frees both: the same one would be freed twice"
    assert after.role() == QAccessible.Role.ListItem
    delete(card)
    assert not isValid(before)
    assert not isValid(after)
