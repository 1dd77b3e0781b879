"""How the parts of the window stand: the conversations at the left, the bars and the page beside them."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

SIZE = (1180, 780)
SIDEBAR_WIDTH = 268
NARROWEST_SIDEBAR = 180


class Frame(QWidget):
    """The middle of a window.

    Args:
        side: Stands at the left; people choose how wide it is.
        column: Stand below each other at the right; the last one takes what room there is.
    """

    def __init__(self, side: QWidget, column: list[QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        centre = QFrame(self)
        centre.setObjectName("centre")
        inner = QVBoxLayout(centre)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        for part in column:
            inner.addWidget(part, 1 if part is column[-1] else 0)
        side.setMinimumWidth(NARROWEST_SIDEBAR)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(side)
        self._splitter.addWidget(centre)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setCollapsible(0, False)
        self._splitter.setCollapsible(1, False)
        self._splitter.setSizes([SIDEBAR_WIDTH, SIZE[0] - SIDEBAR_WIDTH])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)

    def save(self) -> QByteArray:
        """Where the parts stand."""
        return self._splitter.saveState()

    def restore(self, state: QByteArray) -> None:
        """Put the parts where they were."""
        self._splitter.restoreState(state)


def make_dock(window: QMainWindow) -> QDockWidget:
    """The place for one panel at the right of a window; hidden until one is opened."""
    dock = QDockWidget(window)
    dock.setObjectName("panels")
    dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
    dock.hide()
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    return dock
