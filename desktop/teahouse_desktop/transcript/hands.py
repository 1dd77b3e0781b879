"""What a screen reader does with one message: read its text, and do what can be done with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessibleActionInterface, QAccessibleTextInterface

from teahouse_desktop.language.languages import translate
from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.footer import actions_of, judgements_of, more_actions_of


class MessageText(QAccessibleTextInterface):
    """The words of a message, to be read by character, word or line.

    It tells of no selection: Qt's Python bindings cannot give the ends of one.
    """

    def __init__(self, message: Any) -> None:
        super().__init__()
        self._message = message
        self._cursor = 0

    def characterCount(self) -> int:
        """Length of the words."""
        return len(self._message.read_aloud())

    def text(self, start: int, end: int) -> str:
        """Some of the words; a negative end is the end of all."""
        said: str = self._message.read_aloud()
        return said[max(0, start) : len(said) if end < 0 else end]

    def cursorPosition(self) -> int:
        """Where the reader is; the window shows no cursor here."""
        return min(self._cursor, self.characterCount())

    def setCursorPosition(self, position: int) -> None:
        """Go on reading elsewhere."""
        self._cursor = max(0, min(position, self.characterCount()))

    def characterRect(self, offset: int) -> QRect:
        """The whole message: words read aloud have no place of their own."""
        place: QRect = self._message.rect()
        return place

    def offsetAtPoint(self, point: QPoint) -> int:
        """The beginning of the message under a point."""
        return 0 if self._message.rect().contains(point) else -1

    def selectionCount(self) -> int:
        """None is told of."""
        return 0

    def addSelection(self, start: int, end: int) -> None:
        """Nothing: copying is an action."""

    def removeSelection(self, selection: int) -> None:
        """Nothing."""

    def setSelection(self, selection: int, start: int, end: int) -> None:
        """Nothing."""

    def scrollToSubstring(self, start: int, end: int) -> None:
        """Bring the message into view."""
        self._message.show()


class MessageActions(QAccessibleActionInterface):
    """What can be done with a message: everything that its menu offers."""

    def __init__(self, message: Any) -> None:
        super().__init__()
        self._message = message

    def actionNames(self) -> list[str]:
        """The names by which they are done."""
        item = self._message.item
        if item is None:
            return []
        can_ask = self._message.can_ask
        more = [*more_actions_of(item, can_ask=can_ask), *self._offered()]
        return [*actions_of(item, can_ask=can_ask), *more, *judgements_of(item), self.showMenuAction()]

    def localizedActionName(self, name: str) -> str:
        """What an action is called."""
        if name == self.showMenuAction():
            return translate("Transcript", "All actions …")
        return self._offered().get(name) or words.action_name(name)

    def localizedActionDescription(self, name: str) -> str:
        """What an action does: its name says it."""
        return self.localizedActionName(name)

    def keyBindingsForAction(self, name: str) -> list[str]:
        """Return opens the menu of the marked message."""
        return ["Return"] if name == self.showMenuAction() else []

    def doAction(self, name: str) -> None:
        """Do one."""
        if name in self.actionNames():
            self._message.act(name)

    def _offered(self) -> dict[str, str]:
        """What plugins offer: titles by name."""
        return self._message.offered
