"""The bar above the composer: errors and notices, one after the other, until they are closed."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from teahouse.language import sentences
from teahouse_desktop.icons import make_icon
from teahouse_desktop.look import Look


class NoticeBar(QFrame):
    """Shows one text at a time; hidden when there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._waiting: deque[tuple[str, bool]] = deque()
        self._icon = QLabel(self)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton(self)
        self.close_button.clicked.connect(self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._look = look
        self._name()
        self.hide()

    def show_text(self, text: str, hint: str = "", *, is_error: bool = False) -> None:
        """Show a text, after those that are not closed yet; the same text is shown once."""
        whole = sentences(text, hint)
        if (whole, is_error) not in self._waiting:
            self._waiting.append((whole, is_error))
        self._show()

    def dismiss(self) -> None:
        """Close the text that is shown."""
        if self._waiting:
            self._waiting.popleft()
        self._show()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        self.close_button.setAccessibleName(self.tr("Close this notice"))
        self.close_button.setToolTip(self.tr("Close this notice"))

    def _show(self) -> None:
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            return
        text, is_error = self._waiting[0]
        self.label.setText(text)
        self.setAccessibleName(text)
        self.setProperty("kind", "error" if is_error else "notice")
        self.style().polish(self)
        icon = make_icon(
            "triangle-alert" if is_error else "info", self._look.colour("danger" if is_error else "muted")
        )
        self._icon.setPixmap(icon.pixmap(QSize(18, 18), self.devicePixelRatioF()))
        self.close_button.setIcon(make_icon("x", self._look.colour("muted")))
