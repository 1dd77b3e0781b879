"""Which page the middle of the window shows: the chat, or one that was opened in its place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from shiboken6 import isValid

from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.page import Page

SETTINGS = "settings"
DOCTOR = "doctor"
FIRST_RUN = "first-run"
MODELS = "models"
PLUGINS = "plugins"


class PageHost(QObject):
    """Keeps the pages beside the chat; each is made when it is first opened.

    Signals:
        changed: Name of the page that is shown now; empty for the chat.
        dropped: Name of a page that was left and goes; it is made anew when it is opened again.
    """

    changed = Signal(str)
    dropped = Signal(str)

    def __init__(self, stack: QStackedWidget, chat: QWidget, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._stack, self._chat, self._look = stack, chat, look
        self._makers: dict[str, Callable[[Look], Page]] = {}
        self._made: dict[str, Page] = {}
        self._before: QWidget | None = None
        stack.addWidget(chat)

    @property
    def current(self) -> str:
        """Name of the page that is shown; empty for the chat."""
        shown = self._stack.currentWidget()
        return next((name for name, page in self._made.items() if page is shown), "")

    def hold(self, chat: QWidget) -> None:
        """The chat stands in this widget from now on, with another one beside it."""
        is_shown = not self.current
        self._stack.addWidget(chat)
        self._chat = chat
        if is_shown:
            self._stack.setCurrentWidget(chat)

    def add(self, name: str, make: Callable[[Look], Page]) -> None:
        """Offer a page."""
        self._makers[name] = make

    def page(self, name: str) -> Page:
        """A page, made now if it is not yet."""
        if name not in self._made:
            page = self._made[name] = self._makers[name](self._look)
            page.closed.connect(self.close)
            page.retranslate()
            self._stack.addWidget(page)
        return self._made[name]

    def open(self, name: str, place: str = "") -> Page:
        """Show a page, with the focus where work begins or at a place on it."""
        page = self.page(name)
        if not self.current:
            self._before = QApplication.focusWidget()
        elif page is not self._stack.currentWidget():
            self._leave(self.current)
        self._stack.setCurrentWidget(page)
        page.enter(place)
        self.changed.emit(name)
        return page

    def close(self) -> None:
        """Show the chat again, with the focus where it was."""
        if not self.current:
            return
        self._leave(self.current)
        self._stack.setCurrentWidget(self._chat)
        before, self._before = self._before, None
        inside = before is not None and isValid(before) and self._chat.isAncestorOf(before)
        (before if inside and before is not None else self._chat).setFocus()
        self.changed.emit("")

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for page in self._made.values():
            page.set_look(look)

    def _leave(self, name: str) -> None:
        page = self._made[name]
        page.leave()
        if not page.is_kept:
            del self._made[name]
            self.dropped.emit(name)
            page.discard()
