"""A list that opens above the field while something is typed that can be completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from teahouse_desktop.composer.field import Field
from teahouse_desktop.transcript import accessible

MOST_ROWS = 8
ABOVE = 4
"""Between the list and what it stands above; what lies there is covered whole."""
WIDEST_EM = 27
"""In heights of a line."""
CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
MOVING = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: +1}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list.

    Attributes:
        words: What is shown.
        spoken: What a screen reader says.
        value: What it stands for.
    """

    words: str
    spoken: str
    value: object
    icon: QIcon | None = None


class FieldPopup(QListWidget):
    """Offers what fits; while an input method composes, all keys are its own.

    Args:
        field: Where people type.
        above: What the list stands above.

    Signals:
        chosen: The value of the row that was chosen.
        dismissed: Escape has closed the list.
    """

    chosen = Signal(object)
    dismissed = Signal()

    def __init__(self, field: Field, above: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("slash")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._field, self._above = field, above
        self._rows: list[Row] = []
        self.hide()
        field.installEventFilter(self)
        above.installEventFilter(self)
        field.focus_changed.connect(self._on_focus)
        self.itemClicked.connect(lambda item: self._choose(self.row(item)))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Offer these; none closes the list."""
        self._rows = list(rows)
        self.clear()
        for row in self._rows:
            item = QListWidgetItem(row.words, self)
            if row.icon is not None:
                item.setIcon(row.icon)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
        self.setVisible(bool(self._rows))
        if self._rows:
            self._place()
            self._mark(0)

    def changeEvent(self, event: QEvent) -> None:
        """Another text size or theme: its rows are as high as their words again."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._place_soon()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that move in the list and choose, while it is open; and where it belongs."""
        if watched is self._above and event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place_soon()
        is_mine = watched is self._field and self.isVisible() and not self._field.is_composing
        if is_mine and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take(event)
        return super().eventFilter(watched, event)

    def _take(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        if key in MOVING:
            self._mark((self.currentRow() + MOVING[key]) % len(self._rows))
        elif key in CHOOSING:
            self._choose(self.currentRow())
        elif key == Qt.Key.Key_Escape:
            self.hide()
            self.dismissed.emit()
        else:
            return False
        return True

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._rows):
            row = self._rows[number]
            self.hide()
            self.chosen.emit(row.value)

    def _mark(self, number: int) -> None:
        self.setCurrentRow(number)
        accessible.announce(self._field, self._rows[number].spoken)

    def _place_soon(self) -> None:
        if self.isVisible():
            QTimer.singleShot(0, self, self._place)  # what it stands above has not settled yet

    def _place(self) -> None:
        """Whole rows, as many as have room above what it stands on."""
        if not self._rows or not self.isVisible():
            return
        around = self.height() - self.viewport().height()
        corner = self._above.mapTo(self.parentWidget(), QPoint(0, 0))
        rows = [max(1, self.sizeHintForRow(number)) for number in range(min(len(self._rows), MOST_ROWS))]
        while len(rows) > 1 and sum(rows) + around > corner.y() - ABOVE:
            rows.pop()
        height = sum(rows) + around
        width = min(round(WIDEST_EM * self.fontMetrics().height()), self._above.width())
        self.setGeometry(corner.x(), max(0, corner.y() - height - ABOVE), width, height)
        self.raise_()
        self.scrollToItem(self.currentItem())

    def _on_focus(self, has_focus: bool) -> None:
        if not has_focus:
            self.hide()
