from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import teahouse_desktop
from teahouse_desktop.forms import (
    BeforeAfter,
    Fold,
    LinesField,
    MarkedText,
    NumberField,
    Pair,
    SortedColumn,
    SortHandle,
    Span,
    StackRow,
)
from teahouse_desktop.looks.look import Look

pytestmark = pytest.mark.gui


def test_every_choice_is_the_one_with_an_arrow() -> None:
    roots = [
        Path(teahouse_desktop.__file__).parent,
        *Path(teahouse_desktop.__file__).parents[2].glob("plugins/*"),
    ]
    files = [file for root in roots for file in root.rglob("*.py")]
    bare = [
        file.name
        for file in files
        if re.search(r"(?<!class ChoiceBox\()\bQComboBox\(", file.read_text("utf-8"))
    ]
    assert len(files) > 200 and bare == []


def test_a_slider_counts_when_it_rests(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    field, told = NumberField(Span(0, 1), 0.5, parent), []
    field.changed.connect(told.append)
    for position in (210, 220, 240):
        field.slider.setValue(position)
    assert (field.spin.text(), told) == ("0.6", [])
    field.flush()
    assert told == [0.6]


def test_a_number_that_is_typed_is_not_overwritten(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    field = NumberField(Span(0, 1), 0.5, parent)
    field.spin.selectAll()
    QTest.keyClicks(field.spin, "0.2")
    field.set_value(0.9)
    assert field.spin.text() == "0.2"


def test_texts_on_lines_come_back_as_they_were(qtbot: QtBot) -> None:
    texts = ("\n", "a\\nb", "\t x", "茶")
    field = LinesField(texts)
    qtbot.addWidget(field)
    assert field.toPlainText().count("\n") == 3
    assert field.texts == texts
    told: list[object] = []
    field.changed.connect(told.append)
    field.setPlainText("one\n\ntwo")
    field.flush()
    assert told == [("one", "two")]


def test_a_place_is_marked_also_at_the_end(qtbot: QtBot, look: Look) -> None:
    field = MarkedText(look)
    qtbot.addWidget(field)
    field.set_text("root ::=\nx")
    field.mark_place(2, 99)
    assert len(field.extraSelections()) == 2
    field.go_to_mark()
    assert field.textCursor().blockNumber() == 1
    field.mark_place(0, 0)
    assert field.extraSelections() == []


def test_a_body_is_made_when_it_is_unfolded(qtbot: QtBot, look: Look) -> None:
    made: list[QWidget] = []

    def make(parent: QWidget) -> QWidget:
        made.append(QLabel("inside", parent))
        return made[-1]

    fold = Fold("Title", make, look)
    qtbot.addWidget(fold)
    fold.show()
    assert made == []
    fold.button.setFocus()
    QTest.keyClick(fold.button, Qt.Key.Key_Space)
    assert fold.is_unfolded
    fold.set_folded(True)
    fold.set_folded(False)
    assert len(made) == 1


def test_two_controls_stack_where_it_is_narrow(qtbot: QtBot) -> None:
    outer = QWidget()
    qtbot.addWidget(outer)
    first, second = QLabel("A label of some words"), QPushButton("A button")
    row = StackRow(first, second, outer)
    column = QVBoxLayout(outer)
    column.addWidget(row)
    outer.resize(600, 100)
    outer.show()
    qtbot.waitUntil(lambda: second.x() > 0)
    assert not row.is_stacked
    wide = row.heightForWidth(row.width())
    outer.resize(first.sizeHint().width() + 30, 100)
    qtbot.waitUntil(lambda: row.is_stacked and second.y() > first.y())
    assert row.height() >= row.heightForWidth(row.width()) > wide


@pytest.fixture
def column(qtbot: QtBot, look: Look) -> SortedColumn:
    made = SortedColumn()
    qtbot.addWidget(made)
    for key in "abc":
        thing = QWidget(made)
        thing.setFixedHeight(30)
        SortHandle(look, thing)
        made.add(key, thing)
    made.resize(200, 150)
    made.show()
    qtbot.waitUntil(lambda: made.things["c"].y() > made.things["b"].y() > 0)
    return made


def handle_of(column: SortedColumn, key: str) -> SortHandle:
    found = column.things[key].findChild(SortHandle)
    assert isinstance(found, SortHandle)
    return found


def test_keys_move_past_what_is_shown(column: SortedColumn) -> None:
    told: list[list[str]] = []
    column.sorted.connect(told.append)
    column.things["b"].hide()
    handle = handle_of(column, "c")
    handle.setFocus()
    QTest.keyClick(handle, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert told == [["c", "a", "b"]]
    QTest.keyClick(handle, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert len(told) == 1  # it is the first


def test_a_drag_is_dropped_or_put_back(column: SortedColumn) -> None:
    told: list[list[str]] = []
    column.sorted.connect(told.append)
    handle = handle_of(column, "a")
    QTest.mousePress(handle, Qt.MouseButton.LeftButton)
    column.drag(handle, column.mapToGlobal(QPoint(5, 140)))
    assert column.keys == ["b", "c", "a"]
    QTest.keyClick(handle, Qt.Key.Key_Escape)
    assert (column.keys, told) == (["a", "b", "c"], [])
    column.drag(handle, column.mapToGlobal(QPoint(5, 140)))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton)
    assert told == [["b", "c", "a"]]


def test_a_chart_shows_and_names_its_pairs(qtbot: QtBot, look: Look) -> None:
    chart = BeforeAfter(look)
    qtbot.addWidget(chart)
    chart.resize(200, 60)
    empty = chart.grab().toImage()
    chart.show_pairs([Pair("a", 0.5, 0.7), Pair("b", 0.3, 0.0), Pair("c", 0.1, None)])
    drawn = chart.grab().toImage()
    assert drawn != empty
    colours = {drawn.pixelColor(x, y).name() for x in range(60) for y in range(60)}
    assert {look.colour("accent").name(), look.colour("hover").name()} <= colours
