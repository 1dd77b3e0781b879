"""Pages that stay readable in a low or narrow panel, and with large text: what does not fit is scrolled."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class Scrolled(QScrollArea):
    """Shows a page as high as there is room, and never lower than its texts and lists need."""

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = page
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(_Body(page, self))


class _Body(QWidget):
    """Tells the area what the page needs: Qt would ask for what it wishes."""

    def __init__(self, page: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = page
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)

    def minimumSizeHint(self) -> QSize:
        """As wide as the area and no wider: nothing is scrolled across, rows go on in the next line."""
        return QSize(0, super().minimumSizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The least height of the page at a width."""
        return least_height(self._page, width)


class HighEnough(QWidget):
    """A column that is never lower than its texts and lists need at its width, as a part of a splitter."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """At another width the texts take other heights."""
        super().resizeEvent(event)
        self._ask()

    def event(self, event: QEvent) -> bool:
        """Something in it has changed."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._ask()
        return is_done

    def _ask(self) -> None:
        height = least_height(self, self.width())
        if height != self.minimumHeight():
            self.setMinimumHeight(height)


def least_height(widget: QWidget, width: int) -> int:
    """How high a widget with a layout must be at a width, in pixels."""
    layout = widget.layout()
    if layout is None or not layout.hasHeightForWidth():
        return max(0, widget.minimumSizeHint().height())
    return max(0, layout.minimumHeightForWidth(width))  # -1 while it is empty
