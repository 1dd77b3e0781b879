"""A text as its tokens: coloured by a number, walked through with keys, selected and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens import keys, words
from teahouse_desktop.tokens.flow_area import FlowArea
from teahouse_desktop.tokens.marks import Mark, joined_at, marks_of
from teahouse_desktop.tokens.painting import Inks, paint_token
from teahouse_desktop.tokens.palette import Colouring, Palette
from teahouse_desktop.tokens.pointer import Pointer
from teahouse_desktop.tokens.token import Token, text_of


class TokenView(FlowArea):
    """Shows the tokens of a text.

    Signals:
        current_changed: (place): another token has the mark; -1 for none.
        hovered: (place): the pointer is on another token; -1 for none.
        activated: (place): what else a token could be is asked for, by Return or a double click.

    Attributes:
        current: Place of the token with the mark; -1 for none.
    """

    current_changed = Signal(int)
    hovered = Signal(int)
    activated = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._tokens: Sequence[Token] = ()
        self._anchor = -1
        self._pointer = Pointer(self)
        self._colouring: Colouring = "probability"
        self._about = ""
        self.set_look(look)
        self.name()

    # --- what is shown ------------------------------------------------------------------------------

    @property
    def tokens(self) -> Sequence[Token]:
        """What is shown."""
        return self._tokens

    @property
    def marks(self) -> Sequence[Mark]:
        """How each token is shown."""
        return self._marks

    def show_tokens(self, tokens: Sequence[Token], *, current: int = -1) -> None:
        """Show a text; a token with the mark is brought into view."""
        is_same = len(tokens) == len(self._tokens) and all(
            one.id == other.id for one, other in zip(tokens, self._tokens, strict=True)
        )
        self._tokens = tokens
        if not is_same:
            self._marks = marks_of(tokens)
            self._pointer.under = -1
            self.lay_out()
            self.verticalScrollBar().setValue(0)
            self.current = self._anchor = -1
        if current >= 0 or not is_same:
            self.set_current(min(current, len(tokens) - 1))
        self.viewport().update()

    def set_colouring(self, colouring: Colouring) -> None:
        """Let the colours stand for another number."""
        self._colouring = colouring
        self._palette = Palette(self._look.theme, colouring)
        self.viewport().update()

    @property
    def colouring(self) -> Colouring:
        """What the colours stand for."""
        return self._colouring

    @property
    def palette_in_force(self) -> Palette:
        """The colours as they are drawn now."""
        return self._palette

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._inks = Inks.of(look)
        self.set_colouring(self._colouring)
        self.lay_out()

    def set_about(self, about: str) -> None:
        """Say for screen readers what text this is."""
        self._about = about
        self.name()

    # --- the mark and the selection -----------------------------------------------------------------

    def set_current(self, place: int, *, extend: bool = False) -> None:
        """Give a token the mark and bring it into view; -1 for none.

        Args:
            extend: Select all between the token where this began and the new one.
        """
        place = max(-1, min(place, len(self._tokens) - 1))
        if not extend or self._anchor < 0:
            self._anchor = place
        has_moved = place != self.current
        self.current = place
        if place >= 0:
            self.bring_into_view(place)
        if has_moved:
            self._tell()
            self.current_changed.emit(place)
        self.viewport().update()

    @property
    def selection(self) -> range:
        """Places of the selected tokens; the one with the mark where nothing more is."""
        if self.current < 0:
            return range(0)
        anchor = self._anchor if self._anchor >= 0 else self.current
        return range(min(anchor, self.current), max(anchor, self.current) + 1)

    @property
    def selected_text(self) -> str:
        """The text of the selected tokens."""
        return text_of(self._tokens[place] for place in self.selection)

    def select_all(self) -> None:
        """Select everything."""
        if self._tokens:
            self._anchor = 0
            self.set_current(len(self._tokens) - 1, extend=True)

    def copy(self) -> None:
        """Put the selected text on the clipboard."""
        if self.selection:
            QGuiApplication.clipboard().setText(self.selected_text)

    @property
    def spoken(self) -> str:
        """The token with the mark as a screen reader says it; empty for none."""
        if self.current < 0:
            return ""
        joined = joined_at(self._marks, self.current)
        return words.spoken(self._tokens[self.current], self.current, len(self._tokens), joined=joined)

    # --- events -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines in view."""
        painter = QPainter(self.viewport())
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(event.rect(), self._look.colour("base"))
            self._paint(painter, QRectF(event.rect()))
        finally:
            painter.end()  # a painter that is left open takes the process down with it

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        selection = self.selection
        for place in self.places_in(area):
            paint_token(
                painter,
                self.box(place),
                self._marks[place],
                self._palette.step_of(self._tokens[place]),
                self._inks,
                is_current=place == self.current,
                is_selected=len(selection) > 1 and place in selection,
                is_under=place == self._pointer.under,
                has_focus=self.hasFocus(),
                is_picked=self._tokens[place].is_picked,
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, select, copy, ask (see `keys`)."""
        if not keys.press(self, event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark a token, or begin a selection (see `pointer`)."""
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection, or follow with the hover."""
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The selection is made."""
        self._pointer.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask what else it could be."""
        self._pointer.ask(event)

    def show_tip(self, event: QHelpEvent) -> None:
        """The token under the pointer."""
        self._pointer.show_tip(event)

    def end_hover(self) -> None:
        """No token is under the pointer any more."""
        self._pointer.hover(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by the keyboard, the first token gets the mark."""
        if self.current < 0 and self._tokens and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.set_current(0)
        super().focusInEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Let screen readers say the token with the mark."""
        self.setAccessibleDescription(self.spoken)
        if QAccessible.isActive() and self.spoken:
            event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(event)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.spoken))

    def name(self) -> None:
        """Say what this is, and the token with the mark."""
        self.setAccessibleName(self._about or self.tr("Tokens"))
        self.setAccessibleDescription(self.spoken)
