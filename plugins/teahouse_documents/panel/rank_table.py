"""A table of ranks and shares that fits into a narrow panel: words at the left, small columns beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name

MOST_ROWS = 12
"""A longer table scrolls."""
PAD = 20
"""Beside what stands in a column, as the style sheet pads it."""
LEAST_WORDS_EM, SHORT_WORDS_EM = 4, 7
"""Short words are never cut; where they are long, the numbers have their room first."""
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Row:
    """A row.

    Attributes:
        words: Its first field, in one line; shortened where there is no room.
        cells: One for each of the other columns.
        tip: All that is known of it, shown under the mouse and read aloud.
        is_strong: Whether it is what counts.
    """

    words: str
    cells: tuple[str, ...]
    tip: str = ""
    is_strong: bool = False


class RankTable(QTreeWidget):
    """Return or a double click chooses a row.

    Args:
        is_always_marked: Whether the current row is marked also while the focus is elsewhere: where what
            stands beside the table tells of it.

    Signals:
        chosen: (number of the row)
    """

    chosen = Signal(int)

    def __init__(
        self, name: str, look: Look, parent: QWidget | None = None, *, is_always_marked: bool = True
    ) -> None:
        super().__init__(parent)
        self._look, self._is_always_marked = look, is_always_marked
        self.setAccessibleName(name)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.header().setSectionsMovable(False)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(1)
        self.itemActivated.connect(lambda item: self.chosen.emit(self.indexOfTopLevelItem(item)))

    def show_rows(self, titles: Sequence[str], rows: Sequence[Row], *, tips: Sequence[str] = ()) -> None:
        """Show these; the first title is that of the words.

        Args:
            tips: Of the titles, where they are shorter than what they mean.
        """
        self.clear()
        self.setColumnCount(len(titles))
        self.setHeaderLabels(list(titles))
        for row in rows:
            self.addTopLevelItem(self._item(row))
        for column in range(1, len(titles)):
            self.headerItem().setTextAlignment(column, RIGHT)
        for column, tip in enumerate(tips):
            self.headerItem().setToolTip(column, tip)
        if rows:
            self.setCurrentItem(self.topLevelItem(0))
        self._mark(self.hasFocus())
        self._fit()
        self.updateGeometry()

    def set_look(self, look: Look) -> None:
        """Take another theme or size of text."""
        self._look = look
        self._fit()

    def sizeHint(self) -> QSize:
        """All rows, up to so many; what is more scrolls."""
        rows = min(self.topLevelItemCount(), MOST_ROWS)
        height = self.sizeHintForRow(0) if rows else self.fontMetrics().height()
        bar = self.horizontalScrollBar().sizeHint().height() if self._is_wide() else 0
        return QSize(1, self.header().sizeHint().height() + rows * height + bar + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        """As high as it wishes to be, as narrow as it must."""
        return QSize(1, self.sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The row that Return chooses is marked while people are here."""
        super().focusInEvent(event)
        self._mark(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A row that nobody has chosen would seem to be the best."""
        super().focusOutEvent(event)
        self._mark(event.reason() == Qt.FocusReason.PopupFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """A new font gives the words another room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """So does a new width, also that of a scroll bar that came or went."""
        super().resizeEvent(event)
        self._fit()
        self.updateGeometry()

    # --- inside -----------------------------------------------------------------------------------

    def _mark(self, is_marked: bool) -> None:
        if (row := self.currentItem()) is not None:
            row.setSelected(is_marked or self._is_always_marked)

    def _item(self, row: Row) -> QTreeWidgetItem:
        item = QTreeWidgetItem([row.words, *row.cells])
        # The first line of a tip is a file's name and headings: of all that a file says nothing is markup.
        tip = with_name(*(row.tip or row.words).partition("\n")[::2])
        item.setToolTip(0, tip)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, row.tip or row.words)
        for column in range(len(row.cells)):
            item.setTextAlignment(column + 1, RIGHT)
            item.setToolTip(column + 1, tip if row.tip else "")
        if row.is_strong:
            font = item.font(0)
            font.setBold(True)
            for column in range(self.columnCount()):
                item.setFont(column, font)
        return item

    def _widths(self) -> list[int]:
        """Of the columns beside the words: as wide as what stands in them."""
        return [self._width(column) for column in range(1, self.columnCount())]

    def _width(self, column: int) -> int:
        font = self.font()
        font.setBold(True)  # a row that counts is bold
        metrics = QFontMetrics(font)
        texts = [self.headerItem().text(column)]
        texts += [self.topLevelItem(row).text(column) for row in range(self.topLevelItemCount())]
        return max(metrics.horizontalAdvance(text) for text in texts) + PAD

    def _words_room(self) -> int:
        room = self.viewport().width() - sum(self._widths())
        em = self.fontMetrics().height()
        widest = self._width(0)
        return max(room, widest if widest <= em * SHORT_WORDS_EM else em * LEAST_WORDS_EM)

    def _is_wide(self) -> bool:
        return self._words_room() + sum(self._widths()) > self.viewport().width() > 0

    def _fit(self) -> None:
        if not self.columnCount():
            return
        for column in range(self.columnCount()):
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        for column, width in enumerate([self._words_room(), *self._widths()]):
            self.setColumnWidth(column, width)
