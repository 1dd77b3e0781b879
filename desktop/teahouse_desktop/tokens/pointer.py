"""The mouse over a `TokenView`: marking, selecting, hovering, tool tips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from teahouse_desktop.tokens import words
from teahouse_desktop.tokens.marks import joined_at

if TYPE_CHECKING:
    from teahouse_desktop.tokens.view import TokenView


class Pointer:
    """What the mouse does with the tokens.

    Attributes:
        under: Place of the token that it is on; -1 for none.
    """

    def __init__(self, view: TokenView) -> None:
        self._view = view
        self._is_dragging = False
        self.under = -1

    def press(self, event: QMouseEvent) -> None:
        """Mark a token, or begin a selection."""
        place = self._view.token_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._view.set_current(place, extend=is_extending)
            self._is_dragging = True

    def move(self, event: QMouseEvent) -> None:
        """Extend the selection, or follow with the hover."""
        place = self._view.token_at(event.position())
        if self._is_dragging and place >= 0:
            self._view.set_current(place, extend=True)
        self.hover(place)

    def release(self) -> None:
        """The selection is made."""
        self._is_dragging = False

    def ask(self, event: QMouseEvent) -> None:
        """Ask what else a token could be."""
        place = self._view.token_at(event.position())
        if place >= 0:
            self._view.set_current(place)
            self._view.activated.emit(place)

    def hover(self, place: int) -> None:
        """Be on another token; -1 for none."""
        if place != self.under:
            self.under = place
            shape = Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor
            self._view.viewport().setCursor(shape)
            self._view.viewport().update()
            self._view.hovered.emit(place)

    def show_tip(self, event: QHelpEvent) -> None:
        """Say what is known of the token below the pointer."""
        view = self._view
        place = view.token_at(QPointF(event.pos()))
        if place < 0:
            QToolTip.hideText()
            return
        joined = joined_at(view.marks, place)
        text = words.tip(view.tokens[place], place, len(view.tokens), joined=joined)
        QToolTip.showText(event.globalPos(), text, view.viewport(), view.box(place).toRect())
