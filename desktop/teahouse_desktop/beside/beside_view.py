"""How two conversations stand side by side, and what stands above each of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.elided import ElidedLabel

LEAST_EM = 19
"""A side that is narrower is no pleasure: then one is shown at a time."""

ICON = 16


class Sides(QSplitter):
    """The pages with the conversations: one alone, two beside each other, or one at a time with tabs.

    Signals:
        chosen: The number of a side whose name was pressed.
        closed: The number of a side that is to be closed.
    """

    chosen = Signal(int)
    closed = Signal(int)

    def __init__(self, pages: Sequence[ChatPage], look: Look, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self._pages, self._look = tuple(pages), look
        self._active, self._is_double, self._is_shared = 0, False, False
        self.heads = tuple(SideHead(number, look, page) for number, page in enumerate(pages))
        for page, head in zip(pages, self.heads, strict=True):
            self.addWidget(page)
            column = page.layout()
            assert isinstance(column, QVBoxLayout)
            column.insertWidget(0, head)
            head.chosen.connect(self.chosen)
            head.closed.connect(self.closed)
        self._fit()

    @property
    def is_double(self) -> bool:
        """Whether two conversations are open."""
        return self._is_double

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for only one of two conversations at a time."""
        return self._is_double and self.width() < 2 * LEAST_EM * self._look.em

    @property
    def is_turned(self) -> bool:
        """Whether the second page stands at the left."""
        return self.indexOf(self._pages[1]) < self.indexOf(self._pages[0])

    def show_both(self, is_double: bool, *, is_turned: bool | None = None) -> None:
        """Show both pages, or the first alone.

        Args:
            is_turned: Put the second page at the left; None leaves them as they are.
        """
        if is_turned is not None and is_turned != self.is_turned:
            self.insertWidget(1, self._pages[0] if is_turned else self._pages[1])
        self._is_double = is_double
        self._fit()

    def mark(self, active: int) -> None:
        """Show on which side people work."""
        self._active = active
        self._fit()

    def name(self, number: int, title: str, model: str) -> None:
        """Say which conversation is open on a side, and which model answers in it."""
        for head in self.heads:
            head.name(number, title, model)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for head in self.heads:
            head.set_look(look)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two where there is room, else one at a time."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_narrow = self.is_narrow
        for number, (page, head) in enumerate(zip(self._pages, self.heads, strict=True)):
            is_active = number == self._active
            order = (1, 0) if self.is_turned else (0, 1)
            head.setVisible(self._is_double)
            head.show_tabs(order if is_narrow else (number,), self._active)
            page.setVisible(is_active if is_narrow or not self._is_double else True)
        is_shared = self._is_double and not is_narrow
        if is_shared and not self._is_shared:
            self.setSizes([self.width() // 2] * 2)  # a page that was hidden has no width to come back to
        self._is_shared = is_shared


class SideHead(QFrame):
    """What stands above a conversation beside another one: its name, its model, and a way to close it.

    Signals:
        chosen: The number of a side whose name was pressed.
        closed: The number of this side.
    """

    chosen = Signal(int)
    closed = Signal(int)

    def __init__(self, number: int, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self._number = number
        self._order: tuple[int, ...] = ()
        self._active = -1
        self._titles, self._models = ["", ""], ["", ""]
        self.tabs = (SideTab(self), SideTab(self))
        self.model = ElidedLabel(self)
        self.model.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.model.setProperty("kind", "muted")
        self.close_button = QToolButton(self)
        self.close_button.setIconSize(QSize(ICON, ICON))
        self.close_button.clicked.connect(lambda: self.closed.emit(self._number))
        for place, tab in enumerate(self.tabs):
            tab.clicked.connect(lambda _checked=False, place=place: self.chosen.emit(place))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 2, 6, 2)
        self._row.setSpacing(4)
        for tab in self.tabs:
            self._row.addWidget(tab, 3)
        self._row.addWidget(self.model, 2)
        self._row.addWidget(self.close_button)
        self.set_look(look)
        self._name()

    def show_tabs(self, order: tuple[int, ...], active: int) -> None:
        """Offer these sides by name, in this order, and mark the one where people work."""
        if (order, active) == (self._order, self._active):
            return
        self._order, self._active = order, active
        for place in order:
            self._row.removeWidget(self.tabs[place])
            self._row.insertWidget(self._row.count() - 2, self.tabs[place], 3)
        for place, tab in enumerate(self.tabs):
            tab.setVisible(place in order)
            tab.set_active(place == active)
        self.model.setVisible(len(order) == 1)
        self.setProperty("active", self._number == active)
        self.style().unpolish(self)
        self.style().polish(self)
        self._name()

    def name(self, number: int, title: str, model: str) -> None:
        """Say which conversation is open on a side, and which model answers in it."""
        if (self._titles[number], self._models[number]) != (title, model):
            self._titles[number], self._models[number] = title, model
            self._name()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.close_button.setIcon(make_icon("x", look.colour("muted")))
        self.model.setFont(look.small)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pressed anywhere, it is gone to."""
        self.chosen.emit(self._number)

    def _name(self) -> None:
        for place, tab in enumerate(self.tabs):
            title, model = self._titles[place], self._models[place]
            tab.show_words(title, ", ".join(words for words in (title, model) if words))
            is_active = place == self._active
            tab.setAccessibleDescription(self.tr("You work on this side.") if is_active else "")
        self.model.setText(self._models[self._number])
        close = self.tr("Close “{title}” on this side").format(title=self._titles[self._number])
        self.close_button.setAccessibleName(close)
        self.close_button.setToolTip(self.tr("Close this side. The conversation stays in the list."))


class SideTab(QPushButton):
    """The name of a conversation, cut to the room there is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("side_tab")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(40)
        self._title = ""

    def show_words(self, title: str, name: str) -> None:
        """Show a title; `name` is what a screen reader says."""
        self._title = title
        self.setAccessibleName(name)
        self.setToolTip(title)
        self._cut()

    def set_active(self, is_active: bool) -> None:
        """Whether people work there."""
        self.setProperty("active", is_active)
        self.style().unpolish(self)
        self.style().polish(self)
        self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = self.width() - 2 * self.fontMetrics().averageCharWidth() - 8
        cut = self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, max(room, 20))
        self.setText(cut.replace("&", "&&"))
