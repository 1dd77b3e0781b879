"""The scrolled area under the transcript: what is in view is laid out, and stays where it is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolButton, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.column import Column

WIDEST_EM = 36
GUTTER = 28


class TranscriptArea(QAbstractScrollArea):
    """A column of messages that scrolls.

    At the end it sticks there while the end grows; elsewhere the message at the top stays in place
    when heights become exact or the width changes.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = Column(look)
        self._is_stuck = True
        self._jump = QToolButton(self)
        self._jump.setObjectName("jump")
        self._jump.hide()
        self._jump.clicked.connect(self.jump_to_end)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    @property
    def left(self) -> float:
        """Where the column starts in the viewport."""
        return max(GUTTER / 2, round((self.width() - self.column.width) / 2))

    def item_rect(self, index: int) -> QRectF:
        """A message's place in the viewport."""
        top = self.column.top(index) - self.verticalScrollBar().value()
        return QRectF(self.left, top, self.column.width, self.column.items[index].height)

    def visible(self) -> range:
        """Indexes of the messages in view."""
        return self.column.in_view(self.verticalScrollBar().value(), self.viewport().height())

    def minimumSizeHint(self) -> QSize:
        """Narrow windows are fine."""
        return QSize(280, 120)

    def jump_to_end(self) -> None:
        """Go to the end and stay there while it grows."""
        self._is_stuck = True
        self._settle()
        self.viewport().update()

    @property
    def is_at_end(self) -> bool:
        """Whether the end is in view and is followed."""
        return self._is_stuck

    # --- inside -----------------------------------------------------------------------------------

    def _take_width(self) -> bool:
        widest = round(self.column.look.em * WIDEST_EM)
        return self.column.set_width(float(max(160, min(widest, self.viewport().width() - 2 * GUTTER))))

    def _settle(self, ensure: int = -1) -> bool:
        """Lay out what is in view, keeping it in place; True when anything moved."""
        bar, column = self.verticalScrollBar(), self.column
        moved = False
        if ensure >= 0 and column.ensure(ensure):
            column.restack(ensure)
            moved = True
        for _round in range(20):
            self._fit_range()
            top = bar.maximum() if self._is_stuck else bar.value()
            first = column.index_at(top)
            offset = top - column.top(first) if first >= 0 else 0
            changed = [i for i in column.in_view(top, self.viewport().height()) if column.ensure(i)]
            if changed:
                column.restack(changed[0])
                self._fit_range()
                top = bar.maximum() if self._is_stuck else round(column.top(first) + offset)
            moved = self._scroll_to(top) or moved
            if not changed:
                break
            moved = True
        column.forget_unseen(self.visible())
        self._place_jump()
        return moved

    def _fit_range(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.blockSignals(True)
        bar.setPageStep(page)
        bar.setRange(0, max(0, round(self.column.height + self.column.look.em * 0.6) - page))
        bar.blockSignals(False)
        bar.setEnabled(bar.maximum() > 0)

    def _scroll_to(self, value: int) -> bool:
        bar = self.verticalScrollBar()
        if bar.value() == value:
            return False
        bar.blockSignals(True)
        bar.setValue(value)
        bar.blockSignals(False)
        return True

    def _bring_into_view(self, index: int) -> None:
        rect, page = self.item_rect(index), self.viewport().height()
        if rect.top() < 0 or rect.height() > page:
            step = rect.top()
        elif rect.bottom() > page:
            step = rect.bottom() - page
        else:
            return
        self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + step))

    def _place_jump(self) -> None:
        side = round(self.column.look.em * 1.7)
        view = self.viewport().geometry()
        self._jump.setGeometry(view.center().x() - side // 2, view.bottom() - side - 10, side, side)
        self._jump.setVisible(not self._is_stuck)

    def _on_scrolled(self, value: int) -> None:
        self._is_stuck = value >= self.verticalScrollBar().maximum() - 2
        self._place_jump()

    # --- events -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out at the new width; the message at the top stays there."""
        bar = self.verticalScrollBar()
        first = self.column.index_at(bar.value())
        share = (bar.value() - self.column.top(first)) / max(1.0, self._height(first)) if first >= 0 else 0
        if self._take_width() and first >= 0 and not self._is_stuck:
            self.column.ensure(first)
            self.column.restack(first)
            self._fit_range()
            self._scroll_to(round(self.column.top(first) + share * self._height(first)))
        self._settle()

    def _height(self, index: int) -> float:
        return self.column.items[index].height if index >= 0 else 0.0

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The painted view is drawn anew."""
        self.viewport().update()
