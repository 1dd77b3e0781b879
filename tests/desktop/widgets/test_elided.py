from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from teahouse_desktop.widgets.check_box import CheckBox
from teahouse_desktop.widgets.elided import ElidedLabel
from teahouse_desktop.widgets.wrapped_button import WrappedButton

pytestmark = pytest.mark.gui
LONG = "A very long name of a model that nobody would ever give to one"


@pytest.fixture
def label(qtbot: QtBot) -> ElidedLabel:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText(LONG)
    label.show()
    return label


def test_it_can_be_narrow_and_then_says_all_in_its_tool_tip(label: ElidedLabel) -> None:
    assert label.minimumSizeHint().width() < 60
    label.resize(80, 20)
    assert label.is_cut
    QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
    assert QToolTip.text() == LONG
    assert label.text() == LONG
    QToolTip.hideText()


def test_what_is_whole_has_no_tool_tip(label: ElidedLabel) -> None:
    label.resize(2000, 20)
    assert not label.is_cut
    QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
    assert QToolTip.text() == ""


def test_only_as_much_is_painted_as_there_is_room_for(label: ElidedLabel) -> None:
    label.resize(80, 20)
    picture = label.grab().toImage()
    ground = picture.pixelColor(79, 0)
    columns = [x for x in range(80) if any(picture.pixelColor(x, y) != ground for y in range(20))]
    assert columns
    assert max(columns) < 80


def test_dots_alone_are_not_painted(label: ElidedLabel) -> None:
    label.resize(label.fontMetrics().horizontalAdvance("…") + 2, 20)
    picture = label.grab().toImage()
    ground = picture.pixelColor(0, 0)
    assert all(
        picture.pixelColor(x, y) == ground for x in range(picture.width()) for y in range(picture.height())
    )


def test_a_sentence_on_a_button_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    button = WrappedButton()
    qtbot.addWidget(button)
    button.setText(LONG)
    wide, narrow = button.heightForWidth(2000), button.heightForWidth(200)
    assert narrow >= 2 * wide - 30
    assert narrow > wide
    assert button.minimumSizeHint().width() <= 200
    assert button.hasHeightForWidth()
    assert button.text() == LONG


def test_the_words_of_a_check_box_go_on_in_the_next_line(qtbot: QtBot) -> None:
    box = CheckBox()
    qtbot.addWidget(box)
    box.setText(LONG)
    whole = box.sizeHint()
    assert box.minimumSizeHint().width() < whole.width() / 2
    assert box.heightForWidth(whole.width()) == whole.height()
    assert box.heightForWidth(whole.width() // 3) > 2 * box.fontMetrics().height()
    box.resize(whole.width() // 3, box.heightForWidth(whole.width() // 3))
    box.setChecked(True)
    box.show()
    picture = box.grab().toImage()
    ground = picture.pixelColor(picture.width() - 1, 0)
    lowest = [x for x in range(picture.width()) if picture.pixelColor(x, picture.height() - 9) != ground]
    assert lowest, "the last line is painted"
