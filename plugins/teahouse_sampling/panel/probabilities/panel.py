"""The panel: its pages, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from teahouse_desktop.panel import PanelWindow
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_sampling.panel.probabilities.scrolled import Scrolled
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App

PAGES = ("reply", "steps", "compare", "tokens", "sent")


class Page(Protocol):
    """What the panel asks of each page."""

    def set_look(self) -> None:
        """Take another theme."""

    def on_busy(self) -> None:
        """A reply begins or has ended."""

    def open_reply(self, message_id: str) -> None:
        """Another reply is looked at; empty for none."""


class ProbabilityPanel(QWidget):
    """What the model could have said, on pages that are made when they are first looked at.

    Attributes:
        message_id: The reply that is looked at; empty for none.
    """

    def __init__(self, app: App, window: PanelWindow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._window = app, window
        self.message_id = ""
        self._made: dict[str, QWidget] = {}
        self._areas: dict[str, Scrolled] = {}
        self._seen: dict[str, str] = {}
        self._stack = QStackedWidget(self)
        self._group = QButtonGroup(self)
        self._buttons = {name: self._button(name) for name in PAGES}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(2)
        row = FlowRow(self, left=tuple(self._buttons.values()))
        row.setContentsMargins(8, 0, 8, 0)
        column.addWidget(row)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self._buttons["reply"])
        window.conversation_changed.connect(self._on_conversation)
        window.messages_changed.connect(self._on_messages)
        window.busy_changed.connect(self._on_busy)
        window.look_changed.connect(self._on_look)
        self._follow_last()
        self.show_page("reply")

    # --- what people do -----------------------------------------------------------------------------

    def open(self, message_id: object) -> None:
        """Look at a reply."""
        self.message_id = str(message_id)
        if self._current not in ("reply", "compare", "sent"):
            self.show_page("reply")
        self._bring()

    def show_page(self, name: str) -> None:
        """Show a page."""
        self.page(name)
        self._stack.setCurrentWidget(self._areas[name])
        self._buttons[name].setChecked(True)
        self._bring()

    def page(self, name: str) -> QWidget:
        """A page; made now where it was not yet."""
        if name not in self._made:
            self._made[name] = _maker(name)(self._app, self._window, self._stack)
            self._areas[name] = Scrolled(self._made[name], self._stack)
            self._stack.addWidget(self._areas[name])
        return self._made[name]

    def showEvent(self, event: QShowEvent) -> None:
        """What was to be looked at meanwhile is."""
        super().showEvent(event)
        self._bring()

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _current(self) -> str:
        return next(name for name, button in self._buttons.items() if button.isChecked())

    def _bring(self) -> None:
        """Let the page that is seen look at the reply, once; while nobody looks nothing is read or scored."""
        name = self._current
        if self.isVisible() and self._seen.get(name, "") != self.message_id:
            self._seen[name] = self.message_id
            cast(Page, self._made[name]).open_reply(self.message_id)

    def _follow_last(self) -> None:
        """Nobody has chosen a reply here: the marked one, else the last."""
        replies = [one.id for one in self._window.messages if one.role == "assistant" and one.id]
        marked = self._window.message_id
        self.message_id = marked if marked in replies else next(reversed(replies), "")

    def _on_conversation(self) -> None:
        self._tell_busy()

    def _on_messages(self) -> None:
        """Another version shows, or a reply has ended: the one that is visible in its place is looked at."""
        visible = [one.id for one in self._window.messages if one.role == "assistant" and one.id]
        if self.message_id not in visible and not self._window.is_busy:
            self._follow_last()
            self._bring()
        self._tell_busy()

    def _on_busy(self) -> None:
        self._tell_busy()

    def _tell_busy(self) -> None:
        for page in self._made.values():
            cast(Page, page).on_busy()

    def _on_look(self) -> None:
        for page in self._made.values():
            cast(Page, page).set_look()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(_titles()[name])
        button.setToolTip(_helps()[name])
        button.setCheckable(True)
        button.setChecked(name == "reply")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.clicked.connect(lambda _checked=False: self.show_page(name))
        self._group.addButton(button)
        return button


def _titles() -> dict[str, str]:
    return {
        "reply": _("Reply"),
        "steps": _("Step by step"),
        "compare": _("Compare"),
        "tokens": _("Tokens"),
        "sent": _("Sent"),
    }


def _helps() -> dict[str, str]:
    return {
        "reply": _("What the model could have said at each token of a reply"),
        "steps": _("The model stops before each token, and you choose"),
        "compare": _("The same reply under other settings, or by another model"),
        "tokens": _("How the model cuts any text into tokens"),
        "sent": _("What was really sent for the reply, token by token"),
    }


def _maker(name: str) -> Callable[[App, PanelWindow, QWidget], QWidget]:
    """The class of a page, imported when it is needed."""
    if name == "reply":
        from teahouse_sampling.panel.probabilities.replied import ReplyPage

        return ReplyPage
    if name == "steps":
        from teahouse_sampling.panel.probabilities.stepping import StepPage

        return StepPage
    if name == "compare":
        from teahouse_sampling.panel.probabilities.compared import ComparePage

        return ComparePage
    if name == "tokens":
        from teahouse_sampling.panel.probabilities.cut import TokensPage

        return TokensPage
    from teahouse_sampling.panel.probabilities.sent import SentPage

    return SentPage
