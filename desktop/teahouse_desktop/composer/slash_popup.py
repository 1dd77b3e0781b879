"""The list that opens above the field while a slash command is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from teahouse_desktop.composer.field import Field
from teahouse_desktop.composer.slash import Offer
from teahouse_desktop.transcript import accessible

MOST_ROWS = 8
GAP = 6
WIDEST = 460
LONGEST_TITLE = 60
CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
MOVING = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: +1}


class SlashPopup(QListWidget):
    """Offers commands; the keyboard stays in the field.

    Args:
        field: Where the command is typed.
        above: What the list stands above.
        read: The offers for a text; none closes the list.

    Signals:
        chosen: The `Offer` that was chosen.
    """

    chosen = Signal(object)

    def __init__(
        self, field: Field, above: QWidget, read: Callable[[str], Sequence[Offer]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("slash")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._field, self._above, self._read = field, above, read
        self._offers: list[Offer] = []
        self._is_dismissed = False
        self.setAccessibleName(self.tr("Commands"))
        self.hide()
        field.installEventFilter(self)
        field.textChanged.connect(self.refresh)
        field.focus_changed.connect(self._on_focus)
        self.itemClicked.connect(lambda item: self._choose(self.row(item)))

    @property
    def offers(self) -> list[Offer]:
        """What is offered; empty while the list is closed."""
        return list(self._offers) if self.isVisible() else []

    def refresh(self) -> None:
        """Offer what fits what has been typed."""
        text = self._field.toPlainText()
        if not text.startswith("/"):
            self._is_dismissed = False
        self._offers = [] if self._is_dismissed or not self._field.hasFocus() else list(self._read(text))
        self.clear()
        for offer in self._offers:
            item = QListWidgetItem(f"{offer.typed}    {offer.title[:LONGEST_TITLE]}", self)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{offer.typed}, {offer.title}")
        self.setAccessibleName(self.tr("Commands"))
        self.setVisible(bool(self._offers))
        if self._offers:
            self._place()
            self._mark(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that move in the list and choose, while it is open."""
        is_mine = watched is self._field and self.isVisible() and not self._field.is_composing
        if is_mine and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take(event)
        return super().eventFilter(watched, event)

    def _take(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        if key in MOVING:
            self._mark((self.currentRow() + MOVING[key]) % len(self._offers))
        elif key in CHOOSING:
            self._choose(self.currentRow())
        elif key == Qt.Key.Key_Escape:
            self._is_dismissed = True
            self.hide()
        else:
            return False
        return True

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._offers):
            offer = self._offers[row]
            self.hide()
            self.chosen.emit(offer)

    def _mark(self, row: int) -> None:
        self.setCurrentRow(row)
        offer = self._offers[row]
        accessible.announce(self._field, f"{offer.typed}, {offer.title}")

    def _place(self) -> None:
        rows = min(len(self._offers), MOST_ROWS)
        height = max(1, self.sizeHintForRow(0)) * rows + 2 * self.frameWidth() + 2 * GAP
        self.resize(min(WIDEST, self._above.width()), height)
        corner = self._above.mapTo(self.parentWidget(), QPoint(0, 0))
        self.move(corner.x(), max(0, corner.y() - height - GAP))
        self.raise_()

    def _on_focus(self, has_focus: bool) -> None:
        if not has_focus:
            self.hide()
