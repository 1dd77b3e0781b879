"""Cards one below the other, which the keys up and down go through: a list for screen readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAccessibleWidget,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.looks.look import Look

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -4, Qt.Key.Key_PageDown: 4}
ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
CORNER = 12


def make_label(kind: str = "", *, is_rich: bool = False) -> QLabel:
    """A text that wraps; foreign text is never taken for markup unless `is_rich`."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText if is_rich else Qt.TextFormat.PlainText)
    if kind:
        label.setProperty("kind", kind)
    return label


def make_name_label(kind: str = "", *, is_rich: bool = False) -> QLabel:
    """A label for names and paths, whose long words do not make the whole list wider than the window."""
    label = make_label(kind, is_rich=is_rich)
    label.setMinimumWidth(1)
    return label


def make_button(act: Callable[[], object], kind: str = "plain") -> QPushButton:
    """A button that does this."""
    button = QPushButton()
    button.setProperty("kind", kind)
    button.clicked.connect(lambda: act())
    return button


class Card(QFrame):
    """One item of a list of cards; subclasses fill `column`.

    Signals:
        entered: Return was pressed on the card itself.
    """

    entered = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install()
        self.look = look
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 11, 16, 12)
        self.column.setSpacing(5)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame in the accent's colour where the focus is."""
        super().paintEvent(event)
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.look.colour("accent"), 2.0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER - 1, CORNER - 1)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return does what the card is for."""
        if event.key() in ENTER and self.hasFocus():
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The focus comes with a click."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the frame."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the frame."""
        super().focusOutEvent(event)
        self.update()


class CardColumn(QWidget):
    """What the cards of a list stand on; for screen readers it is the list."""


class CardList(QScrollArea):
    """Shows cards; it scrolls with the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install()
        self.inside = CardColumn(self)
        self._column = QVBoxLayout(self.inside)
        self._column.setContentsMargins(0, 2, 10, 2)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self.setWidget(self.inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cards: list[Card] = []

    @property
    def cards(self) -> Sequence[Card]:
        """The cards from top to bottom."""
        return tuple(self._cards)

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these in the place of others; those that are no longer there go."""
        for card in self._cards:
            self._column.removeWidget(card)
            if card not in cards:
                card.hide()
                card.deleteLater()
        self._cards = list(cards)
        for index, card in enumerate(self._cards):
            self._column.insertWidget(index, card)
            card.show()

    def add_cards(self, cards: Sequence[Card]) -> None:
        """Show these, too, below those that are there."""
        for card in cards:
            self._column.insertWidget(len(self._cards), card)
            self._cards.append(card)
            card.show()

    def focus(self, index: int = 0) -> bool:
        """Put the focus on a card; False where there is none."""
        if not self._cards:
            return False
        card = self._cards[min(max(index, -len(self._cards)), len(self._cards) - 1)]
        card.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(card, 0, 8)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, down, page up, page down, the first, the last."""
        at = next((index for index, card in enumerate(self._cards) if _holds_focus(card)), -1)
        key = Qt.Key(event.key())
        if key in ENDS and self._cards:
            self.focus(ENDS[key])
        elif key in STEPS and at >= 0:
            self.focus(min(max(at + STEPS[key], 0), len(self._cards) - 1))
        else:
            super().keyPressEvent(event)


def _holds_focus(card: Card) -> bool:
    focused = card.window().focusWidget()
    return focused is not None and (focused is card or card.isAncestorOf(focused))


# --- for screen readers -------------------------------------------------------------------------------


class Factory:
    """Makes the interfaces, and keeps them: Qt holds only pointers, and frees what it has.

    Qt asks again for a widget whose meta-object is another one now, as PySide makes it when a method of the
    widget is connected. It must get another interface: one that is given twice it frees twice.
    """

    def __init__(self) -> None:
        self._made: list[QAccessibleInterface] = []

    def make(self, key: str, thing: Any) -> QAccessibleInterface | None:
        """A new interface of a card or of what holds cards; None for any other object."""
        role = QAccessible.Role
        if isinstance(thing, Card):
            self._made.append(QAccessibleWidget(thing, role.ListItem))
        elif isinstance(thing, CardColumn):
            self._made.append(QAccessibleWidget(thing, role.List))
        else:
            return None
        return self._made[-1]


@lru_cache(1)
def install() -> Factory:
    """Let Qt find the interfaces of cards; done once for the process."""
    factory = Factory()
    QAccessible.installFactory(factory.make)
    return factory
