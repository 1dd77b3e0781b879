"""The tokens that could stand at a place, as bars: for the model itself, and after its sampler chain."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens import words
from teahouse_desktop.tokens.bar_painting import BarScene, paint_row, row_height
from teahouse_desktop.tokens.stage_words import stage_name
from teahouse_desktop.tokens.stages import Alternative
from teahouse_desktop.tokens.token import Token
from teahouse_desktop.widgets.painted_area import PaintedArea

SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""What the widest bar can stand for."""


class ProbabilityBars(PaintedArea):
    """A list of alternatives, likeliest first; one has the mark.

    Signals:
        current_changed: (row): another alternative has the mark; -1 for none.
        chosen: (token id): an alternative was chosen, by Return or a double click.
        left: Escape: the person goes back to the tokens.
    """

    current_changed = Signal(int)
    chosen = Signal(int)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Alternative] = ()
        self._has_stages = False
        self._names = ("", "")
        self._under = -1
        self.current = -1
        self._look = look
        self.name()

    @property
    def rows(self) -> Sequence[Alternative]:
        """What is shown."""
        return self._rows

    def show_rows(
        self,
        rows: Sequence[Alternative],
        *,
        has_stages: bool,
        keeps_mark: bool = False,
        marks_taken: bool = False,
    ) -> None:
        """Show alternatives.

        Args:
            has_stages: What the chain does to them is known: a second bar stands below the model's own.
            keeps_mark: It is the same place: the alternative with the mark keeps it.
            marks_taken: The token that stands there gets the mark, not the likeliest other one.
        """
        marked = self._rows[self.current].id if 0 <= self.current < len(self._rows) else None
        self._rows, self._has_stages = rows, has_stages
        first = next((n for n, row in enumerate(rows) if row.is_taken == marks_taken), 0 if rows else -1)
        same = next((n for n, row in enumerate(rows) if row.id == marked), first)
        self.current = -1
        self._fit_range()
        if not keeps_mark:
            self.verticalScrollBar().setValue(0)
        self.set_current(same if keeps_mark else first)
        self.viewport().update()

    def set_names(self, own: str, now: str) -> None:
        """Say what the two bars are; empty for the model and its chain."""
        self._names = (own, now)

    @property
    def scale(self) -> float:
        """What the widest bar stands for."""
        greatest = max((max(row.own or 0.0, row.now or 0.0) for row in self._rows), default=1.0)
        return SCALES[min(bisect.bisect_left(SCALES, greatest), len(SCALES) - 1)]

    @property
    def marked(self) -> Alternative | None:
        """The alternative with the mark."""
        return self._rows[self.current] if 0 <= self.current < len(self._rows) else None

    @property
    def spoken(self) -> str:
        """The alternative with the mark as a screen reader says it; empty for none."""
        row = self.marked
        return self._say(row, self.current) if row else ""

    def set_current(self, row: int) -> None:
        """Give an alternative the mark and bring it into view."""
        row = max(-1, min(row, len(self._rows) - 1))
        has_moved, self.current = row != self.current, row
        if row >= 0:
            self._bring_into_view(row)
        self.setAccessibleDescription(self.spoken)
        if has_moved:
            self.current_changed.emit(row)
            if self.hasFocus() and QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.spoken))
        self.viewport().update()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._fit_range()
        self.viewport().update()

    def row_box(self, row: int) -> QRectF:
        """Where an alternative is, in the viewport."""
        height = row_height(self._look, has_stages=self._has_stages)
        return QRectF(0, row * height - self.verticalScrollBar().value(), self.viewport().width(), height)

    def minimumSizeHint(self) -> QSize:
        """Three rows."""
        return QSize(160, round(row_height(self._look, has_stages=True) * 3))

    def sizeHint(self) -> QSize:
        """Eight rows."""
        return QSize(280, round(row_height(self._look, has_stages=True) * 8))

    # --- events -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in view."""
        painter = QPainter(self.viewport())
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(event.rect(), self._look.colour("base"))
            for row in self._visible():
                scene = BarScene(
                    self._look,
                    self.scale,
                    has_stages=self._has_stages,
                    is_current=row == self.current,
                    is_under=row == self._under,
                    has_focus=self.hasFocus(),
                )
                paint_row(painter, self.row_box(row), self._rows[row], scene)
        finally:
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down mark, Return chooses, Escape goes back."""
        key = Qt.Key(event.key())
        page = max(1, len(self._visible()) - 1)
        steps = {
            Qt.Key.Key_Up: self.current - 1,
            Qt.Key.Key_Down: self.current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._rows) - 1,
            Qt.Key.Key_PageUp: self.current - page,
            Qt.Key.Key_PageDown: self.current + page,
        }
        if key in steps and self._rows:
            self.set_current(max(0, steps[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (row := self.marked):
            self.chosen.emit(row.id)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark an alternative."""
        row = self._row_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.set_current(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow with the hover."""
        self._hover(self._row_at(event.position().y()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose an alternative."""
        row = self._row_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.chosen.emit(self._rows[row].id)

    def show_tip(self, event: QHelpEvent) -> None:
        """The alternative under the pointer."""
        row = self._row_at(float(event.pos().y()))
        text = self._say(self._rows[row], row) if row >= 0 else ""
        QToolTip.showText(event.globalPos(), text, self.viewport())

    def end_hover(self) -> None:
        """No alternative is under the pointer any more."""
        self._hover(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows fit."""
        self._fit_range()
        if self.current >= 0:
            self._bring_into_view(self.current)

    # --- inside -----------------------------------------------------------------------------------

    def _visible(self) -> range:
        height = row_height(self._look, has_stages=self._has_stages)
        top = self.verticalScrollBar().value()
        first = int(top // height)
        return range(first, min(len(self._rows), int((top + self.viewport().height()) // height) + 1))

    def _row_at(self, y: float) -> int:
        height = row_height(self._look, has_stages=self._has_stages)
        row = int((y + self.verticalScrollBar().value()) // height)
        return row if 0 <= row < len(self._rows) else -1

    def _hover(self, row: int) -> None:
        if row != self._under:
            self._under = row
            self.viewport().update()

    def _fit_range(self) -> None:
        height = row_height(self._look, has_stages=self._has_stages)
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(page)
        bar.setSingleStep(round(height))
        bar.setRange(0, max(0, round(len(self._rows) * height) - page))

    def _bring_into_view(self, row: int) -> None:
        box, bar = self.row_box(row), self.verticalScrollBar()
        if box.top() < 0:
            bar.setValue(round(bar.value() + box.top()))
        elif box.bottom() > self.viewport().height():
            bar.setValue(round(bar.value() + box.bottom() - self.viewport().height()))

    def _say(self, row: Alternative, place: int) -> str:
        text = self.tr("Alternative {place} of {total}: {token}")
        token = words.quoted(Token(row.id, row.piece, row.is_control))
        said = [text.format(place=place + 1, total=len(self._rows), token=token)]
        if row.own is not None:
            text = self.tr("{what} {share}")
            said.append(text.format(what=self._names[0] or self.tr("model"), share=words.share(row.own)))
        if row.cut_by:
            said.append(self.tr("cut by {stage}").format(stage=stage_name(row.cut_by)))
        elif row.now is not None and self._has_stages:
            text = self.tr("{what} {share}")
            name = self._names[1] or self.tr("after the chain")
            said.append(text.format(what=name, share=words.share(row.now)))
        if row.is_taken:
            said.append(self.tr("stands there now"))
        said.append(self.tr("id {id}").format(id=row.id))
        return words.listed(said)

    def name(self) -> None:
        """Say what this list is."""
        self.setAccessibleName(self.tr("Alternatives"))
