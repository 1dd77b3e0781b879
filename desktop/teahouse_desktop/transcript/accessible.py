"""The transcript for screen readers: a list of messages, each with its words and its actions."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QPoint, QRect, QRectF, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QColor,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import VoidPtr, isValid

from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.hands import MessageActions, MessageText
from teahouse_desktop.transcript.speech import read_aloud

if TYPE_CHECKING:
    from teahouse_desktop.chat.shown import Shown
    from teahouse_desktop.transcript.item import Item

MOST_TOLD = 500
"""Messages of a list that is told anew: each is an event; a longer list is read when asked."""


class MessageInterface(QAccessibleInterface):
    """One message as an item of the list."""

    def __init__(self, view: Any, index: int) -> None:
        super().__init__()
        self._view = view
        self.index = index
        self._text = MessageText(self)
        self._actions = MessageActions(self)

    @property
    def item(self) -> Item | None:
        """The message as the transcript holds it; None when it is gone."""
        return self._view.column.items[self.index] if self.isValid() else None

    @property
    def can_ask(self) -> bool:
        """Whether the model may be asked now."""
        return bool(self._view.can_ask)

    def read_aloud(self) -> str:
        """Its words without Markdown's marks."""
        return spoken_text(self.item.shown) if self.item else ""

    def show(self) -> None:
        """Bring it into view, marked."""
        if self.isValid():
            self._view.set_current(self.index)

    def act(self, name: str) -> None:
        """Do one of its actions: in the window's next turn, as what is asked over the bus waits for us."""
        if name == self._actions.showMenuAction():
            QTimer.singleShot(0, partial(self._view.open_menu, self.index))
        elif self.isValid():
            QTimer.singleShot(0, partial(self._view.act, name, self.index))

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """Its words and its actions; nothing else, said as a null pointer: None would become a wrong one."""
        if kind == QAccessible.InterfaceType.TextInterface:
            return self._text
        if kind == QAccessible.InterfaceType.ActionInterface:
            return self._actions
        return VoidPtr(0)

    def isValid(self) -> bool:
        """Whether the message is still shown."""
        return isValid(self._view) and self.index < len(self._view.column.items)

    def object(self) -> None:
        """It is no QObject."""
        return

    def window(self) -> QWindow | None:
        """The window it is in."""
        return self._view.window().windowHandle() if isValid(self._view) else None

    def rect(self) -> QRect:
        """Its place on the screen."""
        if not self.isValid():
            return QRect()
        box: QRectF = self._view.item_rect(self.index)
        return QRect(self._view.viewport().mapToGlobal(box.topLeft().toPoint()), box.size().toSize())

    def parent(self) -> QAccessibleInterface:
        """The list."""
        return QAccessible.queryAccessibleInterface(self._view)

    def childCount(self) -> int:
        """It has no parts."""
        return 0

    def child(self, index: int) -> None:
        """It has no parts."""
        return

    def childAt(self, x: int, y: int) -> None:
        """It has no parts."""
        return

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """It has no parts."""
        return -1

    def text(self, kind: QAccessible.Text) -> str:
        """Speaker, text, state and statistics."""
        item = self.item
        if kind != QAccessible.Text.Name or item is None:
            return ""
        said = spoken_text(item.shown)
        return words.spoken(item.shown, said, is_open=item.is_open, is_left_out=item.is_left_out)

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """It cannot be changed."""

    def role(self) -> QAccessible.Role:
        """An item of a list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Readable, focusable."""
        state = QAccessible.State()
        state.readOnly = True
        state.focusable = True
        state.focused = self._view.hasFocus() and self._view.current == self.index
        return state

    def foregroundColor(self) -> QColor:
        """Colour of the text."""
        return self._view.column.look.colour("text")


class TranscriptInterface(QAccessibleWidget):
    """The list of messages."""

    def __init__(self, view: Any) -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self._view = view
        self._children: dict[int, MessageInterface] = {}

    def childCount(self) -> int:
        """Number of messages."""
        return len(self._view.column.items)

    def child(self, index: int) -> MessageInterface | None:
        """A message."""
        if not 0 <= index < self.childCount():
            return None
        if index not in self._children:
            self._children[index] = MessageInterface(self._view, index)
            QAccessible.registerAccessibleInterface(self._children[index])
        return self._children[index]

    def childAt(self, x: int, y: int) -> MessageInterface | None:
        """The message at a point of the screen."""
        point = self._view.viewport().mapFromGlobal(QPoint(x, y))
        return self.child(self._view.column.index_at(point.y() + self._view.verticalScrollBar().value()))

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Index of a message."""
        return child.index if isinstance(child, MessageInterface) else -1

    def focusChild(self) -> QAccessibleInterface | None:
        """The marked message."""
        return self.child(self._view.current) if self._view.current >= 0 else None


class Factory:
    """Makes and keeps the interfaces: Qt holds only pointers, the Python halves live as long as the views."""

    def __init__(self) -> None:
        self._interfaces: dict[int, TranscriptInterface] = {}
        self._gone: list[TranscriptInterface] = []

    def make(self, key: str, thing: Any) -> QAccessibleInterface | None:
        """The interface of a transcript; None for any other object."""
        from teahouse_desktop.transcript.view import Transcript

        if not isinstance(thing, Transcript):
            return None
        found = self._interfaces.get(id(thing))
        if found is None or not isValid(found) or found.object() is not thing:
            self._interfaces[id(thing)] = TranscriptInterface(thing)
            thing.destroyed.connect(partial(self._forget, id(thing)))
        return self._interfaces[id(thing)]

    def _forget(self, key: int, _thing: object = None) -> None:
        if found := self._interfaces.pop(key, None):
            self._gone.append(found)  # Qt ends it and its messages: what Python ended too, it would end twice


@lru_cache(1)
def install() -> Factory:
    """Let Qt find the interface of every transcript; done once for the process."""
    factory = Factory()
    QAccessible.installFactory(factory.make)
    return factory


def spoken_text(shown: Shown) -> str:
    """What is read aloud of a message: what a person wrote as it is, a reply without its marks."""
    text = shown.message.text
    return text if shown.message.role == "user" else read_aloud(text, QLocale().name())


def announce_focus(view: Any, index: int) -> None:
    """Tell screen readers which message has the focus mark."""
    event = QAccessibleEvent(view, QAccessible.Event.Focus)
    event.setChild(index)
    QAccessible.updateAccessibility(event)


def announce_list(view: Any) -> None:
    """Tell screen readers that the messages are others now: they keep what they have read once."""
    if QAccessible.isActive() and len(view.column.items) <= MOST_TOLD:
        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.ObjectReorder))


def announce_reply(view: Any, shown: Shown) -> None:
    """Let screen readers say a reply that has ended, and tell them that the last message reads so now."""
    index = len(view.column.items) - 1
    if index >= 0:
        event = QAccessibleEvent(view, QAccessible.Event.NameChanged)
        event.setChild(index)
        QAccessible.updateAccessibility(event)
    announce(view, words.spoken(shown, spoken_text(shown)))


def announce(view: Any, text: str) -> None:
    """Let screen readers say something: a reply has ended."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, text))
