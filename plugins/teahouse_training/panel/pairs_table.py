"""A table in which questions and answers are typed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from teahouse_training.panel.words import _

Pair = tuple[str, str]
Index = QModelIndex | QPersistentModelIndex

EDITOR_LINES = 4
LEAST_LINES, MOST_LINES = 7, 16
SETTLE_MS = 300


class PairsTable(QTableWidget):
    """Two columns and always an empty row at the end; what is pasted from a table fills rows.

    Signals:
        changed: The pairs are others than before.
        removed: (where it stood, the pair) of each row that was taken out, last first.
    """

    changed = Signal()
    removed = Signal(list)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(0, 2, parent)
        self._is_filling = False
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self.changed)
        self.setHorizontalHeaderLabels([_("Question"), _("Answer")])
        self.setAccessibleName(_("Questions and answers"))
        self.setToolTip(_("Return or a letter begins to type, Tab goes to the next field."))
        self.setItemDelegate(_LongText(self))
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)  # Tab leaves the table; while one types it goes to the next field
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().hide()
        self.itemChanged.connect(self._on_changed)
        self.show_pairs(())

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The rows in which something stands."""
        rows = (self._pair(row) for row in range(self.rowCount()))
        return tuple(pair for pair in rows if any(pair))

    def show_pairs(self, pairs: Iterable[Pair]) -> None:
        """Show these rows, in the place of others."""
        self._is_filling = True
        given = [*pairs, ("", "")]
        self.setRowCount(len(given))
        for row, pair in enumerate(given):
            self._fill(row, pair)
        self._is_filling = False
        self.updateGeometry()

    def remove_marked(self) -> None:
        """Take out the rows in which a field is marked."""
        rows = sorted({index.row() for index in self.selectedIndexes()} or {self.currentRow()}, reverse=True)
        gone = [(row, self._pair(row)) for row in rows if row >= 0 and any(self._pair(row))]
        for row, _pair in gone:
            self.removeRow(row)
        if gone:
            self.removed.emit(gone)
            self._settle()

    def put_back(self, gone: Sequence[tuple[int, Pair]]) -> None:
        """Put rows back where they stood."""
        self._is_filling = True
        for row, pair in reversed(gone):
            self.insertRow(row)
            self._fill(row, pair)
        self._is_filling = False
        self._settle()

    def sizeHint(self) -> QSize:
        """As high as its rows, within limits."""
        line = self.fontMetrics().lineSpacing()
        wanted = self.horizontalHeader().height() + self.verticalHeader().length() + 4
        return QSize(280, min(max(wanted, LEAST_LINES * line), MOST_LINES * line))

    def minimumSizeHint(self) -> QSize:
        """Two narrow columns."""
        return QSize(160, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste fills rows, Delete empties fields, Return begins to type."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste(QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Delete):
            for item in self.selectedItems():
                item.setText("")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Go on in the field that was left."""
        if not self.currentIndex().isValid():
            left = next(iter(self.selectedIndexes()), self.model().index(0, 0))
            self.selectionModel().setCurrentIndex(left, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The field stays marked, but Qt would go on telling screen readers that the focus is in it."""
        super().focusOutEvent(event)
        if self.state() != QAbstractItemView.State.EditingState:
            self.selectionModel().clearCurrentIndex()

    def paste(self, text: str) -> None:
        """Put a text with tabs and line ends into rows, from the marked field on; other text into it."""
        row, column = max(0, self.currentRow()), max(0, self.currentColumn())
        if "\t" not in text:
            self._field(row, column).setText(text.strip("\n"))
            return
        for at, line in enumerate(text.rstrip("\n").split("\n"), row):
            self._make_room(at)
            question, _tab, answer = line.partition("\t")
            self._field(at, 0).setText(question.strip())
            self._field(at, 1).setText(answer.strip())

    # --- inside -----------------------------------------------------------------------------------

    def _pair(self, row: int) -> Pair:
        texts = [item.text().strip() if (item := self.item(row, at)) else "" for at in (0, 1)]
        return texts[0], texts[1]

    def _field(self, row: int, column: int) -> QTableWidgetItem:
        self._make_room(row)
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem("")
            self.setItem(row, column, item)
        return item

    def _make_room(self, row: int) -> None:
        while self.rowCount() <= row:
            self.insertRow(self.rowCount())

    def _fill(self, row: int, pair: Pair) -> None:
        for column, text in enumerate(pair):
            item = QTableWidgetItem(text)
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            self.setItem(row, column, item)

    def _on_changed(self) -> None:
        if not self._is_filling:
            self._settle()

    def _settle(self) -> None:
        """There is always an empty row at the end; the change is told after a moment."""
        if not self.rowCount() or any(self._pair(self.rowCount() - 1)):
            self._is_filling = True
            self.insertRow(self.rowCount())
            self._fill(self.rowCount() - 1, ("", ""))
            self._is_filling = False
        self.updateGeometry()
        self._timer.start()


class _LongText(QStyledItemDelegate):
    """Types into several lines; Tab goes on to the next field."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field of some lines."""
        editor = QPlainTextEdit(parent)
        editor.setTabChangesFocus(True)
        editor.setAccessibleName(_("Question") if index.column() == 0 else _("Answer"))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over its field, and further down where that is low."""
        rect = option.rect
        rect.setHeight(max(rect.height(), EDITOR_LINES * editor.fontMetrics().lineSpacing()))
        holder = editor.parentWidget()
        if holder is not None:
            room = holder.rect()
            rect.moveBottom(min(rect.bottom(), room.bottom()))
            rect = rect.intersected(room)
        editor.setGeometry(rect)
