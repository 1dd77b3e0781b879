"""The pointer over the transcript: hover, clicks on chips and links, selecting by dragging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QApplication

from teahouse_desktop.transcript.folds import press_line
from teahouse_desktop.transcript.painting import copy_button, line_button
from teahouse_desktop.transcript.part_lines import PartPiece, press
from teahouse_desktop.transcript.part_marks import mark_at
from teahouse_desktop.transcript.pieces import Piece
from teahouse_desktop.transcript.selection import Place, Selection, select_unit

if TYPE_CHECKING:
    from teahouse_desktop.transcript.view import Transcript

SCROLL_MS = 30


@dataclass(frozen=True, slots=True)
class Spot:
    """What lies under a point.

    Attributes:
        item: Index of the message; -1 for none.
        chip: Name of the chip, when it can be pressed.
        code: Number of the code block whose copy button it is; -1 for none.
        inside_code: Number of the code block that it is in; -1 for none.
        line: Number of the piece, when it is a line that can be pressed; -1 for none.
        link: Target of the link.
        mark: Number of the plugin's mark in the words; -1 for none.
        is_silent: It only says something: nothing can be done with it.
    """

    item: int = -1
    chip: str = ""
    code: int = -1
    inside_code: int = -1
    line: int = -1
    link: str = ""
    mark: int = -1
    is_silent: bool = False

    @property
    def is_pressable(self) -> bool:
        """Whether a click does something."""
        is_known = self.chip or self.link or self.code >= 0 or self.line >= 0 or self.mark >= 0
        return bool(is_known) and not self.is_silent


class Pointer(QObject):
    """Follows the mouse for one transcript."""

    def __init__(self, view: Transcript) -> None:
        super().__init__(view)
        self.spot = Spot()
        self._view = view
        self._pressed = Spot()
        self._is_dragging = False
        self._double_at: QPointF | None = None
        self._timer = QTimer(self, interval=SCROLL_MS)
        self._timer.timeout.connect(self._scroll)

    # --- what is where ------------------------------------------------------------------------------

    def find(self, point: QPointF) -> Spot:
        """What lies under a point of the viewport."""
        index = self._index(point)
        if index < 0:
            return Spot()
        local = point - self._view.item_rect(index).topLeft()
        for chip in self._view.chips(index):
            if chip.name and chip.is_enabled and chip.box.contains(local):
                return Spot(index, chip=chip.name)
        for number, (piece, box) in enumerate(self._view.column.items[index].boxes):
            if not box.contains(local):
                continue
            if piece.kind == "code":
                is_button = copy_button(piece, box).contains(local)
                return Spot(index, code=number if is_button else -1, inside_code=number)
            if piece.is_line:
                is_silent = isinstance(piece, PartPiece) and piece.line.run is None
                is_hit = line_button(piece, box).contains(local)
                return Spot(index, line=number if is_hit else -1, is_silent=is_silent)
            return self._in_words(index, piece, local - box.topLeft())
        return Spot(index)

    def _in_words(self, index: int, piece: Piece, point: QPointF) -> Spot:
        marks = self._view.column.items[index].marks
        mark = mark_at(piece, point) if marks else -1
        if 0 <= mark < len(marks):
            return Spot(index, mark=mark, is_silent=marks[mark].run is None)
        return Spot(index, link=piece.link_at(point))

    def place(self, point: QPointF) -> Place | None:
        """The cursor position nearest to a point of the viewport."""
        column = self._view.column
        y = point.y() + self._view.verticalScrollBar().value()
        index = column.index_at(y)
        if index < 0:
            return None
        column.ensure(index)
        local = point - self._view.item_rect(index).topLeft()
        boxes = column.items[index].boxes
        if not boxes:
            return Place(index, 0, 0)
        below = [n for n, (_, box) in enumerate(boxes) if box.top() <= local.y()]
        number = below[-1] if below else 0
        piece, box = boxes[number]
        return Place(index, number, piece.hit(local - box.topLeft()))

    # --- events -------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """The button goes down."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = self.find(event.position())
        place = self.place(event.position())
        if self._pressed.is_pressable or place is None:
            return
        self._is_dragging = True
        if self._is_triple(event.position()):
            unit = QTextCursor.SelectionType.BlockUnderCursor
            self._view.select(select_unit(self._view.column, place, unit))
            self._is_dragging = False
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._view.selection:
            self._view.select(Selection(self._view.selection.anchor, place))
        else:
            self._view.select(Selection(place, place))

    def move(self, event: QMouseEvent) -> None:
        """The pointer moves."""
        if self._is_dragging:
            self._extend(event.position())
            self._timer.start() if self._overshoot() else self._timer.stop()
        else:
            self._hover(self.find(event.position()))

    def release(self, event: QMouseEvent) -> None:
        """The button comes up."""
        self._timer.stop()
        was_dragging, self._is_dragging = self._is_dragging, False
        spot = self.find(event.position())
        if event.button() == Qt.MouseButton.LeftButton and self._pressed.is_pressable:
            if spot == self._pressed:
                self._do(spot)
        elif was_dragging:
            self._offer_selection()
        self._pressed = Spot()

    def double_click(self, event: QMouseEvent) -> None:
        """Select a word; a third click takes the paragraph."""
        place = self.place(event.position())
        if place is None or self.find(event.position()).is_pressable:
            self.press(event)
            return
        if self._view.column.items[place.item].pieces:
            unit = QTextCursor.SelectionType.WordUnderCursor
            self._view.select(select_unit(self._view.column, place, unit))
            self._offer_selection()
        self._double_at = event.position()
        QTimer.singleShot(QApplication.doubleClickInterval(), self._forget_double)

    def leave(self) -> None:
        """The pointer is gone."""
        self._hover(Spot())

    # --- inside -----------------------------------------------------------------------------------

    def _index(self, point: QPointF) -> int:
        y = point.y() + self._view.verticalScrollBar().value()
        index = self._view.column.index_at(y)
        if index < 0 or not self._view.column.items[index].is_exact:
            return -1
        return index if self._view.item_rect(index).adjusted(-40, 0, 40, 0).contains(point) else -1

    def _do(self, spot: Spot) -> None:
        if spot.link:
            self._view.link_requested.emit(spot.link)
        elif spot.mark >= 0:
            item = self._view.column.items[spot.item]
            press(item, item.marks[spot.mark])
        elif spot.line >= 0:
            press_line(self._view, spot.item, spot.line)
        elif spot.code >= 0:
            self._view.act("copy_code", spot.item, spot.code)
        else:
            self._view.act(spot.chip, spot.item)

    def _extend(self, point: QPointF) -> None:
        place = self.place(point)
        if place and self._view.selection:
            self._view.select(Selection(self._view.selection.anchor, place))

    def _hover(self, spot: Spot) -> None:
        if spot == self.spot:
            return
        self.spot = spot
        shape = Qt.CursorShape.PointingHandCursor if spot.is_pressable else Qt.CursorShape.IBeamCursor
        self._view.viewport().setCursor(shape if spot.item >= 0 else Qt.CursorShape.ArrowCursor)
        self._view.viewport().update()

    def _overshoot(self) -> int:
        y = self._view.viewport().mapFromGlobal(QCursor.pos()).y()
        return min(0, y) or max(0, y - self._view.viewport().height())

    def _scroll(self) -> None:
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + self._overshoot() // 2)
        self._extend(QPointF(self._view.viewport().mapFromGlobal(QCursor.pos())))

    def _is_triple(self, point: QPointF) -> bool:
        at = self._double_at
        return at is not None and (at - point).manhattanLength() < QApplication.startDragDistance()

    def _forget_double(self) -> None:
        self._double_at = None

    def _offer_selection(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and (text := self._view.selected_text):
            clipboard.setText(text, clipboard.Mode.Selection)
