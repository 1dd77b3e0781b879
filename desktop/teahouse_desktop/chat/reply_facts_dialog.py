"""A window with everything that is stored of how a reply was made."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.chat.reply_facts import as_text, facts_of
from teahouse_desktop.chat.shown import Shown

SIZE = (520, 560)


class ReplyFactsDialog(QDialog):
    """The facts of one reply in two columns; Copy takes all of them."""

    def __init__(self, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self.list = QTreeWidget(self)
        self.list.setColumnCount(2)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.copy = QPushButton(self)
        self.copy.clicked.connect(self._copy)
        self.close_button = QPushButton(self)
        self.close_button.clicked.connect(self.close)
        self._lay_out()
        self._name()

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        self.setSizeGripEnabled(True)
        self.resize(*SIZE)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.copy, self.close_button):
            button.setProperty("kind", "plain")
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)

    def _name(self) -> None:
        title = self.tr("How this reply was made")
        self.setWindowTitle(title)
        self.list.setAccessibleName(title)
        self.list.setHeaderLabels([self.tr("What"), self.tr("Value")])
        self.copy.setText(self.tr("Copy"))
        self.close_button.setText(self.tr("Close"))
        self.list.clear()
        for name, value in facts_of(self._shown):
            item = QTreeWidgetItem([name, value])
            item.setToolTip(1, value)
            self.list.addTopLevelItem(item)
        if first := self.list.topLevelItem(0):
            self.list.setCurrentItem(first)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(facts_of(self._shown)))
