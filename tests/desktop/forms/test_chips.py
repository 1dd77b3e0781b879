"""Chips and the sheet that they open: sizes, keys, where the sheet stands."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from teahouse_desktop.forms import ChoiceChip, PickedChip, Popup
from teahouse_desktop.looks.look import Look
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

LONG = "a very long name of a collection that nobody would ever want to read in a chip"


class Room:
    """A window with a button at the top, one at the bottom, and a sheet."""

    def __init__(self, look: Look, qtbot: QtBot, *, lines: int = 3) -> None:
        self.window, self.bot = QWidget(), qtbot
        qtbot.addWidget(self.window)
        self.top, self.bottom = QPushButton("top", self.window), QPushButton("bottom", self.window)
        body = QWidget()
        column = QVBoxLayout(body)
        self.fields = [QLineEdit(body) for _line in range(lines)]
        for field in self.fields:
            column.addWidget(field)
        self.popup = Popup(body, look, self.window)
        self.window.resize(400, 500)
        self.top.setGeometry(10, 4, 100, 30)
        self.bottom.setGeometry(10, 460, 100, 30)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow, timeout=REPLY_MS)


def test_a_long_name_is_cut_and_told_whole(look: Look, qtbot: QtBot) -> None:
    short, long = PickedChip("Tea", "folder", look), PickedChip(LONG, "folder", look)
    for chip in (short, long):
        qtbot.addWidget(chip)
    assert short.sizeHint().width() < long.sizeHint().width() < 18 * look.em
    assert long.minimumSizeHint().width() < long.sizeHint().width()
    assert LONG in long.toolTip() and long.accessibleName() == LONG
    long.say("<b>Tea</b>", tip="More & more", is_missing=True)
    assert "&lt;b&gt;Tea" in long.toolTip() and "More &amp; more" in long.toolTip()  # never markup
    assert long.accessibleDescription().startswith("More & more")


def test_a_chip_by_keyboard_and_by_mouse(look: Look, qtbot: QtBot) -> None:
    chip, told = PickedChip("Tea", "folder", look), list[str]()
    qtbot.addWidget(chip)
    chip.clicked.connect(lambda: told.append("opened"))
    chip.removed.connect(lambda: told.append("removed"))
    chip.resize(chip.sizeHint())
    chip.show()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_X):
        qtbot.keyClick(chip, key)
    assert told == ["opened", "opened", "removed", "removed"]
    told.clear()
    cross = QPoint(chip.width() - 6, chip.height() // 2)
    before = chip.grab().toImage()
    qtbot.mouseMove(chip, cross)
    qtbot.waitUntil(lambda: chip.grab().toImage() != before, timeout=REPLY_MS)  # it can be pressed
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=cross)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert told == ["removed", "opened"]


def test_a_choice_has_words_or_an_icon(look: Look, qtbot: QtBot) -> None:
    chip = ChoiceChip("folder", look)
    qtbot.addWidget(chip)
    chip.say("Documents", "Choose documents", tip="None yet")
    wide = chip.sizeHint().width()
    assert (chip.accessibleName(), chip.toolTip()) == ("Choose documents", "None yet")
    chip.say("", "Choose documents")
    assert chip.sizeHint().width() < wide and chip.accessibleName() == "Choose documents"


def test_a_sheet_stands_where_there_is_room(look: Look, qtbot: QtBot) -> None:
    room = Room(look, qtbot)
    room.popup.open_above(room.bottom)
    assert room.popup.geometry().bottom() < room.bottom.y()
    room.popup.shut()
    room.popup.open_above(room.top)
    assert room.popup.y() > room.top.geometry().bottom()
    assert room.window.rect().contains(room.popup.geometry())
    room.window.resize(260, 220)
    qtbot.waitUntil(lambda: room.window.rect().contains(room.popup.geometry()), timeout=REPLY_MS)


def test_what_does_not_fit_is_scrolled(look: Look, qtbot: QtBot) -> None:
    room = Room(look, qtbot, lines=40)
    room.popup.open_above(room.bottom)
    assert room.window.rect().contains(room.popup.geometry())
    assert room.popup._area.verticalScrollBar().maximum() > 0


def test_escape_leads_back_and_a_press_elsewhere_does_not(look: Look, qtbot: QtBot) -> None:
    room, told = Room(look, qtbot), list[str]()
    room.popup.closed.connect(lambda: told.append("closed"))
    room.popup.open_above(room.bottom)
    qtbot.waitUntil(room.fields[0].hasFocus, timeout=REPLY_MS)
    qtbot.keyClick(room.fields[0], Qt.Key.Key_Escape)
    assert not room.popup.is_open and room.bottom.hasFocus()
    room.popup.open_above(room.bottom)
    qtbot.mouseClick(room.fields[1], Qt.MouseButton.LeftButton)
    assert room.popup.is_open
    qtbot.mouseClick(room.top, Qt.MouseButton.LeftButton)
    assert not room.popup.is_open
    room.popup.open_above(room.bottom)
    room.top.setFocus()  # by Tab or by anything else
    assert not room.popup.is_open and told == ["closed"] * 3
    room.popup.shut()
    assert told == ["closed"] * 3


def test_a_sheet_of_flowing_text_is_not_scrolled_for_nothing(look: Look, qtbot: QtBot) -> None:
    room = Room(look, qtbot)
    text = QLabel(LONG * 3, wordWrap=True)
    column = room.popup.body.layout()
    assert column is not None
    column.addWidget(text)
    room.popup.open_above(room.bottom)
    qtbot.waitUntil(text.isVisible, timeout=REPLY_MS)
    area = room.popup.findChild(QScrollArea)
    assert column.hasHeightForWidth()
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0, timeout=REPLY_MS)
