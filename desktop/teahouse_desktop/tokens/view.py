"""A text as its tokens: coloured by a number, walked through with keys, selected and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
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
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens import keys, words
from teahouse_desktop.tokens.flow import Flow
from teahouse_desktop.tokens.marks import Mark, marks_of
from teahouse_desktop.tokens.painting import Inks, paint_token
from teahouse_desktop.tokens.palette import Colouring, Palette
from teahouse_desktop.tokens.token import Token, text_of

MARGIN = 8.0
AT_ONCE = 2000
"""Tokens laid out in one go while the rest is estimated."""


class TokenView(QAbstractScrollArea):
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
        super().__init__(parent)
        self.current = -1
        self._tokens: Sequence[Token] = ()
        self._marks: list[Mark] = []
        self._anchor = self._under = -1
        self._is_dragging = False
        self._colouring: Colouring = "probability"
        self._about = ""
        self._look = look
        self._rest = QTimer(self, interval=0)
        self._rest.timeout.connect(self._lay_out_more)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.viewport().update())
        self.set_look(look)
        self._name()

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
            self._under = -1
            self._lay_out()
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
        self._lay_out()

    def set_about(self, about: str) -> None:
        """Say for screen readers what text this is."""
        self._about = about
        self._name()

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
            self._bring_into_view(place)
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

    # --- places -------------------------------------------------------------------------------------

    @property
    def flow(self) -> Flow:
        """Where the tokens stand."""
        return self._flow

    def box(self, place: int) -> QRectF:
        """Where a token is, in the viewport."""
        return self._flow.box(place).translated(MARGIN, MARGIN - self.verticalScrollBar().value())

    def token_at(self, point: QPointF) -> int:
        """The token under a point of the viewport; -1 for none."""
        y = point.y() - MARGIN + self.verticalScrollBar().value()
        return self._flow.at(point.x() - MARGIN, y)

    def lines_in_view(self) -> int:
        """How many lines fit."""
        return max(1, int(self.viewport().height() // self._flow.line_height))

    def minimumSizeHint(self) -> QSize:
        """Narrow panels are fine."""
        return QSize(120, round(self._flow.line_height * 2 + 2 * MARGIN))

    def sizeHint(self) -> QSize:
        """Some lines."""
        return QSize(360, round(self._flow.line_height * 8))

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
        top = area.top() - MARGIN + self.verticalScrollBar().value()
        self._flow.lay_out(until_y=top + area.height())
        height = self._flow.line_height
        first = max(0, int(top // height))
        selection = self.selection
        for line in self._flow.lines[first : int((top + area.height()) // height) + 1]:
            for place in range(line.first, line.end):
                paint_token(
                    painter,
                    self.box(place),
                    self._marks[place],
                    self._palette.step_of(self._tokens[place]),
                    self._inks,
                    is_current=place == self.current,
                    is_selected=len(selection) > 1 and place in selection,
                    is_under=place == self._under,
                    has_focus=self.hasFocus(),
                    is_picked=self._tokens[place].is_picked,
                )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out at the new width; the token with the mark stays in view."""
        self._lay_out()
        if self.current >= 0:
            self._bring_into_view(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, select, copy, ask (see `keys`)."""
        if not keys.press(self, event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark a token, or begin a selection."""
        place = self.token_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.set_current(place, extend=is_extending)
            self._is_dragging = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection, or follow with the hover."""
        place = self.token_at(event.position())
        if self._is_dragging and place >= 0:
            self.set_current(place, extend=True)
        self._hover(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The selection is made."""
        self._is_dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask what else it could be."""
        place = self.token_at(event.position())
        if place >= 0:
            self.set_current(place)
            self.activated.emit(place)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tool tips; the hover ends when the pointer leaves."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event.pos(), event.globalPos())
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by the keyboard, the first token gets the mark."""
        if self.current < 0 and self._tokens and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.set_current(0)
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The focus ring goes."""
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        width = self.viewport().width() - 2 * MARGIN
        self._flow = Flow(self._marks, self._look.reading, width)
        self._flow.lay_out(until_y=self.viewport().height() + self.verticalScrollBar().value(), most=AT_ONCE)
        self._fit_range()
        if not self._flow.is_whole:
            self._rest.start()

    def _lay_out_more(self) -> None:
        self._flow.lay_out(until_token=len(self._tokens), most=AT_ONCE)
        self._fit_range()
        if self._flow.is_whole:
            self._rest.stop()

    def _fit_range(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(page)
        bar.setSingleStep(round(self._flow.line_height))
        bar.setRange(0, max(0, round(self._flow.height + 2 * MARGIN) - page))

    def _bring_into_view(self, place: int) -> None:
        box = self._flow.box(place)
        self._fit_range()
        bar, page = self.verticalScrollBar(), self.viewport().height()
        top, bottom = box.top(), box.bottom() + 2 * MARGIN
        if top < bar.value():
            bar.setValue(round(top))
        elif bottom > bar.value() + page:
            bar.setValue(round(bottom - page))

    def _hover(self, place: int) -> None:
        if place != self._under:
            self._under = place
            shape = Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()
            self.hovered.emit(place)

    def _show_tip(self, point: QPoint, where: QPoint) -> None:
        place = self.token_at(QPointF(point))
        if place < 0:
            QToolTip.hideText()
            return
        joined = joined_at(self._marks, place)
        text = words.tip(self._tokens[place], place, len(self._tokens), joined=joined)
        QToolTip.showText(where, text, self.viewport(), self.box(place).toRect())

    def _tell(self) -> None:
        """Let screen readers say the token with the mark."""
        self.setAccessibleDescription(self.spoken)
        if QAccessible.isActive() and self.spoken:
            event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(event)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.spoken))

    def _name(self) -> None:
        self.setAccessibleName(self._about or self.tr("Tokens"))
        self.setAccessibleDescription(self.spoken)


def joined_at(marks: Sequence[Mark], place: int) -> str:
    """The characters that a token spells together with its neighbours; empty where it needs none."""
    if not marks[place].is_inside:
        return ""
    for mark in marks[place:]:
        if mark.closes:
            return mark.joined
    return ""
