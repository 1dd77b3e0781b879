"""A row of controls that goes on in the next line where the window is narrow or the font large."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

SPACING = 8


class Flow(QLayout):
    """Controls beside each other, those behind the gap at the right; in lines where there is less room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap: int | None = None
        self.setContentsMargins(QMargins(0, 0, 0, 0))
        self.setSpacing(SPACING)

    def gap(self) -> None:
        """What comes next stands at the right."""
        self._gap = len(self._items)

    # --- Qt's questions -----------------------------------------------------------------------------

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more."""
        self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Let one go."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Across."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        return self._place(QRect(0, 0, width, 0), is_real=False)

    def sizeHint(self) -> QSize:
        """All in one line."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The widest alone, pressed together where it lets itself be."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def setGeometry(self, rect: QRect) -> None:
        """Put all in their places."""
        super().setGeometry(rect)
        self._place(rect, is_real=True)

    # --- inside -------------------------------------------------------------------------------------

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, *, is_real: bool) -> int:
        """Lay out; returns the height it takes."""
        top = rect.top()
        for line in self._lines(rect.width()):
            height = max(_size(item, rect.width()).height() for item in line)
            if is_real:
                self._place_line(line, QRect(rect.left(), top, rect.width(), height))
            top += height + self.spacing()
        return max(0, top - rect.top() - self.spacing())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = width + 1
        for item in self._shown():
            wanted = item.sizeHint().width()
            if used + self.spacing() + wanted > width:
                lines.append([])
                used = -self.spacing()
            lines[-1].append(item)
            used += self.spacing() + wanted
        return lines

    def _place_line(self, line: list[QLayoutItem], rect: QRect) -> None:
        """From the left; what stands behind the gap ends at the right."""
        behind = set() if self._gap is None else set(map(id, self._items[self._gap :]))
        sizes = [_size(item, rect.width()) for item in line]
        used = sum(size.width() for size in sizes) + self.spacing() * (len(line) - 1)
        spare = max(0, rect.width() - used)
        left, is_pushed = rect.left(), False
        for item, size in zip(line, sizes, strict=True):
            if id(item) in behind and not is_pushed:
                left, is_pushed = left + spare, True
            item.setGeometry(QRect(QPoint(left, rect.top() + (rect.height() - size.height()) // 2), size))
            left += size.width() + self.spacing()


def _size(item: QLayoutItem, room: int) -> QSize:
    """The size of an item in a line of this width."""
    hint = item.sizeHint()
    width = min(hint.width(), room)
    return QSize(width, item.heightForWidth(width) if item.hasHeightForWidth() else hint.height())


class FlowRow(QWidget):
    """A row of controls in a widget: layouts ask a widget how high it is for a width.

    Args:
        left, right: Controls at either side.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        left: tuple[QWidget, ...] = (),
        right: tuple[QWidget, ...] = (),
    ) -> None:
        super().__init__(parent)
        flow = Flow(self)
        for widget in left:
            flow.addWidget(widget)
        if right:
            flow.gap()
        for widget in right:
            flow.addWidget(widget)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
