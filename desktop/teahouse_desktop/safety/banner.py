"""The line above the chat that says that nothing can be saved, and why."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.safety.restoring import Condition


class StoreBanner(QFrame):
    """Stays as long as the conversations can only be read, or not at all; hidden while all is well.

    Signals:
        restore_requested: The person wants to see what can be done.
    """

    restore_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._icon = QLabel(self)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(self)
        self.button.setProperty("kind", "plain")
        self.button.clicked.connect(self.restore_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.label, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_look(look)
        self._name()
        self.hide()

    def show_condition(self, condition: Condition) -> None:
        """Say how the store is."""
        text = " ".join(part for part in (condition.text, condition.hint) if part)
        self.label.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        icon = make_icon("triangle-alert", look.colour("warning"))
        self._icon.setPixmap(icon.pixmap(QSize(18, 18), self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        self.button.setText(self.tr("What can I do? …"))
