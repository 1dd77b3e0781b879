from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from teahouse_desktop.widgets.flow import SPACING, Flow, FlowRow

pytestmark = pytest.mark.gui


class Block(QWidget):
    """As large as it is told."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width

    def sizeHint(self) -> QSize:
        return QSize(self._width, 20)


@pytest.fixture
def blocks(qtbot: QtBot) -> list[Block]:
    return [Block(width) for width in (50, 60, 70)]


@pytest.fixture
def row(qtbot: QtBot, blocks: list[Block]) -> FlowRow:
    row = FlowRow(left=(blocks[0],), right=(blocks[1], blocks[2]))
    qtbot.addWidget(row)
    row.show()
    return row


def test_all_stand_in_one_line_where_there_is_room(row: FlowRow, blocks: list[Block]) -> None:
    row.resize(400, 20)
    assert row.heightForWidth(400) == 20
    assert [block.y() for block in blocks] == [0, 0, 0]
    assert blocks[0].x() == 0
    assert blocks[2].geometry().right() == 399


def test_they_go_on_in_the_next_line_where_there_is_not(row: FlowRow, blocks: list[Block]) -> None:
    row.resize(130, 48)
    assert row.heightForWidth(130) == 20 + SPACING + 20
    assert [block.y() for block in blocks] == [0, 0, 20 + SPACING]
    assert blocks[2].geometry().right() == 129
    assert row.minimumSizeHint().width() <= 70
    assert not any(one.geometry().intersects(other.geometry()) for one, other in pairwise(blocks))


def test_what_is_wider_than_the_window_gets_the_whole_line(row: FlowRow, blocks: list[Block]) -> None:
    row.resize(55, 100)
    assert blocks[2].width() == 55
    assert row.heightForWidth(55) == 3 * 20 + 2 * SPACING


def test_what_is_hidden_takes_no_room(row: FlowRow, blocks: list[Block]) -> None:
    blocks[1].hide()
    assert row.layout().sizeHint().width() == 50 + SPACING + 70


def test_an_item_that_was_taken_is_gone(row: FlowRow) -> None:
    flow = row.layout()
    assert isinstance(flow, Flow)
    assert flow.count() == 3
    assert flow.takeAt(0) is not None
    assert (flow.count(), flow.itemAt(5), flow.takeAt(5)) == (2, None, None)


def test_words_that_need_more_lines_get_them(qtbot: QtBot) -> None:
    label = QLabel("one two three four five six seven eight")
    label.setWordWrap(True)
    inner = FlowRow(left=(Block(80), Block(80)))
    row = FlowRow(left=(inner, label))
    qtbot.addWidget(row)
    assert row.heightForWidth(100) >= 20 + SPACING + 20 + SPACING + label.heightForWidth(100)
    row.resize(100, row.heightForWidth(100))
    row.show()
    assert inner.height() == 20 + SPACING + 20
    assert label.geometry().top() > inner.geometry().bottom()
