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
from teahouse_desktop.transcript.part_lines import offered, title_of
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

    @property
    def offered(self) -> dict[str, str]:
        """What plugins offer to do with it: titles by name."""
        item = self.item
        if item is None:
            return {}
        offers = {offer.name: offer.title for offer in self._view.offers(item.shown.message)}
        views = item.parts(item.shown.message)
        return {**offers, **{name: title_of(one) for name, one in offered(views).items()}}

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

    def parent(self) -> QAccessibleInterface | None:
        """The list."""
        return QAccessible.queryAccessibleInterface(self._view) if isValid(self._view) else None

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
        below = [line.text for view in item.parts(item.shown.message) for line in view.lines]
        return words.spoken(item.shown, said, is_open=item.is_open, is_left_out=item.is_left_out, below=below)

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
        state.focused = self.isValid() and self._view.hasFocus() and self._view.current == self.index
        return state

    def foregroundColor(self) -> QColor:
        """Colour of the text."""
        return self._view.column.look.colour("text")


class Messages:
    """The messages of one transcript as Qt knows them: made when they are asked for, ended with it."""

    def __init__(self, view: Any) -> None:
        self._view = view
        self._made: dict[int, MessageInterface] = {}

    def __len__(self) -> int:
        return len(self._view.column.items) if self._is_there else 0

    def at(self, index: int) -> MessageInterface | None:
        """A message, always the same one."""
        if not 0 <= index < len(self):
            return None
        if index not in self._made:
            self._made[index] = MessageInterface(self._view, index)
            QAccessible.registerAccessibleInterface(self._made[index])
        return self._made[index]

    def under(self, point: QPoint) -> MessageInterface | None:
        """The message at a point of the screen."""
        if not self._is_there:
            return None
        place = self._view.viewport().mapFromGlobal(point)
        return self.at(self._view.column.index_at(place.y() + self._view.verticalScrollBar().value()))

    @property
    def current(self) -> MessageInterface | None:
        """The marked message."""
        return self.at(self._view.current) if self._is_there else None

    def end(self) -> None:
        """Let Qt free them while it knows them: what Python frees, Qt would free again in the end."""
        for message in self._made.values():
            if isValid(message):
                QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(message))
        self._made.clear()
        self._view = None

    @property
    def _is_there(self) -> bool:
        return self._view is not None and isValid(self._view)


class TranscriptInterface(QAccessibleWidget):
    """The list of messages."""

    def __init__(self, view: Any, messages: Messages) -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self._messages = messages

    def childCount(self) -> int:
        """Number of messages."""
        return len(self._messages)

    def child(self, index: int) -> MessageInterface | None:
        """A message."""
        return self._messages.at(index)

    def childAt(self, x: int, y: int) -> MessageInterface | None:
        """The message at a point of the screen."""
        return self._messages.under(QPoint(x, y))

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Index of a message."""
        return child.index if isinstance(child, MessageInterface) else -1

    def focusChild(self) -> QAccessibleInterface | None:
        """The marked message."""
        return self._messages.current


class Factory:
    """Makes the interfaces of transcripts, and keeps them: Qt holds only pointers, and frees what it has.

    Qt asks again for a view whose meta-object is another one now, as PySide makes it when a method of the
    view is connected. It must get another interface: one that is given twice it frees twice.
    """

    def __init__(self) -> None:
        self._messages: dict[int, Messages] = {}
        self._made: list[TranscriptInterface] = []

    def make(self, key: str, thing: Any) -> QAccessibleInterface | None:
        """A new interface of a transcript; None for any other object."""
        from teahouse_desktop.transcript.view import Transcript

        if not isinstance(thing, Transcript):
            return None
        name = id(thing)
        if name not in self._messages:
            self._messages[name] = Messages(thing)
            thing.destroyed.connect(lambda: self._messages.pop(name).end())
        self._made.append(TranscriptInterface(thing, self._messages[name]))
        return self._made[-1]


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
