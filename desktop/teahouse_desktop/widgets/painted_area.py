"""A scrolled area that is painted, not built of widgets: what all do with focus, tips and language."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


class PaintedArea(QAbstractScrollArea):
    """Scrolls up and down; painted again when that, the focus or the pointer changes what is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.viewport().update())

    def show_tip(self, event: QHelpEvent) -> None:
        """Say what is under the pointer; for areas that have tips."""

    def end_hover(self) -> None:
        """The pointer has left."""

    def name(self) -> None:
        """Say the accessible name in the language in force."""

    def viewportEvent(self, event: QEvent) -> bool:
        """Tool tips; the hover ends when the pointer leaves."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self.show_tip(event)
            return True
        if event.type() == QEvent.Type.Leave:
            self.end_hover()
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus ring shows."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The focus ring goes."""
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.name()
        super().changeEvent(event)
