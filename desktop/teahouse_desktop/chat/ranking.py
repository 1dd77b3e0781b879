"""A window in which the versions of a reply are put in order, the best first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from teahouse.messages import Message

SIZE = (760, 480)
LONGEST_LINE = 80
"""Characters of a version's beginning in the list; the whole stands beside it."""

ID_ROLE = Qt.ItemDataRole.UserRole


class RankingDialog(QDialog):
    """Versions to move up and down, by mouse or keys.

    Signals:
        ranked: Ids of all versions, the best first.
        cleared: No order is wanted any more.
    """

    ranked = Signal(list)
    cleared = Signal()

    def __init__(self, versions: Sequence[Message], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = {one.id: one.text for one in versions}
        self._numbers = {one.id: number for number, one in enumerate(versions, 1)}
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        self.list = QListWidget(self)
        self.list.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.view = QPlainTextEdit(self)
        self.view.setReadOnly(True)
        self.up, self.down = QPushButton(self), QPushButton(self)
        self.clear, self.cancel, self.keep = QPushButton(self), QPushButton(self), QPushButton(self)
        # those without a rank come last, in the order in which they were made
        for one in sorted(versions, key=lambda one: (one.rank or len(versions) + 1, self._numbers[one.id])):
            item = QListWidgetItem(self.list)
            item.setData(ID_ROLE, one.id)
        self.clear.setEnabled(any(one.rank for one in versions))
        self._lay_out()
        self._connect()
        self._name()
        self.list.setCurrentRow(0)

    @property
    def order(self) -> list[str]:
        """Ids as they stand, the best first."""
        return [str(self.list.item(row).data(ID_ROLE)) for row in range(self.list.count())]

    def move_current(self, step: int) -> None:
        """Move the marked version up (-1) or down (+1); at the end it stays."""
        row = self.list.currentRow()
        if row >= 0 and 0 <= row + step < self.list.count():
            self.list.insertItem(row + step, self.list.takeItem(row))
            self.list.setCurrentRow(row + step)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setSizeGripEnabled(True)
        self.resize(*SIZE)
        parts = QSplitter(Qt.Orientation.Horizontal, self)
        parts.addWidget(self.list)
        parts.addWidget(self.view)
        parts.setChildrenCollapsible(False)
        parts.setSizes([SIZE[0] // 2, SIZE[0] // 2])
        buttons = QHBoxLayout()
        for button in (self.up, self.down, self.clear, self.cancel, self.keep):
            button.setProperty("kind", "plain")
            button.setAutoDefault(button is self.keep)
            buttons.addWidget(button)
        buttons.insertStretch(3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.hint)
        column.addWidget(parts, 1)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._show)
        for button, keys, step in ((self.up, "Ctrl+Up", -1), (self.down, "Ctrl+Down", +1)):
            button.clicked.connect(lambda _=False, step=step: self.move_current(step))
            QShortcut(QKeySequence(keys), self, lambda step=step: self.move_current(step))
        self.clear.clicked.connect(self._clear)
        self.cancel.clicked.connect(self.reject)
        self.keep.clicked.connect(self._keep)

    def _show(self, item: QListWidgetItem | None) -> None:
        self.view.setPlainText(self._texts[str(item.data(ID_ROLE))] if item else "")

    def _keep(self) -> None:
        self.ranked.emit(self.order)
        self.accept()

    def _clear(self) -> None:
        self.cleared.emit()
        self.accept()

    def _name(self) -> None:
        self.setWindowTitle(self.tr("Order of the versions"))
        self.hint.setText(
            self.tr("The best version first. Training from preferences learns from this order.")
        )
        self.list.setAccessibleName(self.windowTitle())
        self.view.setAccessibleName(self.tr("The whole version"))
        self.up.setText(self.tr("Up (Ctrl+↑)"))
        self.down.setText(self.tr("Down (Ctrl+↓)"))
        self.clear.setText(self.tr("Forget the order"))
        self.cancel.setText(self.tr("Cancel"))
        self.keep.setText(self.tr("Keep"))
        for row in range(self.list.count()):
            item = self.list.item(row)
            found = str(item.data(ID_ROLE))
            line = " ".join(self._texts[found].split())[:LONGEST_LINE] or self.tr("(empty)")
            item.setText(self.tr("Version {number}: {text}").format(number=self._numbers[found], text=line))
