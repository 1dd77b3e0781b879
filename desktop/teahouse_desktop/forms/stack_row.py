"""Two controls beside each other, or below each other where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

SPACING, BELOW = 8, 2
"""Between the two, beside and below each other, in pixels."""


class StackRow(QWidget):
    """Holds them; it has no layout, as Qt asks a layout in the place of the widget how high it is.

    Args:
        wide: The number of the control that takes what room there is, 0 or 1.
    """

    def __init__(self, first: QWidget, second: QWidget, parent: QWidget, *, wide: int = 1) -> None:
        super().__init__(parent)
        self._parts, self._wide = (first, second), wide
        for part in self._parts:
            part.setParent(self)
            part.installEventFilter(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def is_stacked(self) -> bool:
        """Whether they stand below each other."""
        return self._is_narrow(self.width())

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Of one line or two."""
        heights = [part.sizeHint().height() for part in self._present]
        if self._is_narrow(width):
            return sum(heights) + BELOW * (len(heights) - 1)
        return max(heights, default=0)

    def sizeHint(self) -> QSize:
        """Beside each other."""
        width = sum(part.sizeHint().width() for part in self._present) + SPACING
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Below each other."""
        width = max(map(_least, self._present), default=0)
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be more room now, or less."""
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """One of them may be hidden or shown, or grow with its font."""
        kinds = QEvent.Type
        if event.type() in (kinds.ShowToParent, kinds.HideToParent, kinds.FontChange, kinds.StyleChange):
            self.updateGeometry()
            self._arrange()
        return super().eventFilter(watched, event)

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _present(self) -> list[QWidget]:
        """Those that nobody has hidden; one that has never been on the screen counts as hidden for Qt."""
        explicit = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        return [part for part in self._parts if not (part.isHidden() and part.testAttribute(explicit))]

    def _is_narrow(self, width: int) -> bool:
        return sum(map(_least, self._present)) + SPACING * (len(self._present) - 1) > width

    def _arrange(self) -> None:
        if self._is_narrow(self.width()):
            top = 0
            for part in self._present:
                height = part.sizeHint().height()
                is_wide = part is self._parts[self._wide] or isinstance(part, QLabel)
                width = self.width() if is_wide else min(self.width(), part.sizeHint().width())
                part.setGeometry(QRect(0, top, width, height))
                top += height + BELOW
            return
        others = [part for part in self._present if part is not self._parts[self._wide]]
        room = self.width() - sum(part.sizeHint().width() + SPACING for part in others)
        left = 0
        for part in self._present:
            size = part.sizeHint()
            width = room if part is self._parts[self._wide] else size.width()
            top = (self.height() - size.height()) // 2
            part.setGeometry(QRect(left, top, width, size.height()))
            left += width + SPACING


def _least(part: QWidget) -> int:
    """How narrow a part may be: words in one line are not cut."""
    hint = part.sizeHint() if isinstance(part, QLabel) else part.minimumSizeHint()
    return hint.width()
