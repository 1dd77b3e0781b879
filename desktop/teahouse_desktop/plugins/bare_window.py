"""A `PanelWindow` without a chat, for `teahouse plugins check` and for tests of a panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from teahouse.jobs import Job, JobEnded
from teahouse.messages import Conversation, Message
from teahouse.setting import Value
from teahouse_desktop.looks import fonts
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.theme import LIGHT
from teahouse_desktop.operations import Operation


class BareWindow(QObject):
    """Nothing is open in it, and nothing that a panel asks of it is done.

    Attributes:
        told: What was to be shown above the composer.
        shown: (key, argument) of the panels that were to be opened.
        chosen: Settings of the conversation.
    """

    conversation_changed = Signal()
    messages_changed = Signal()
    message_selected = Signal(str)
    busy_changed = Signal()
    look_changed = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widget = widget
        self.look = _plain_look()
        self.conversation_id, self.model, self.message_id = "", "", ""
        self.conversation: Conversation | None = None
        self.messages: tuple[Message, ...] = ()
        self.is_busy = False
        self.told: list[str] = []
        self.shown: list[tuple[str, object]] = []
        self.chosen: dict[str, Value] = {}
        self.downloads = NoDownloads(self)

    @property
    def settings(self) -> Mapping[str, Value]:
        """What was chosen."""
        return self.chosen

    def choose(self, key: str, value: Value | None) -> None:
        """Remember it."""
        self.chosen.pop(key, None)
        if value is not None:
            self.chosen[key] = value

    def open_conversation(self, conversation_id: str) -> None:
        """There is none."""

    def open_version(self, message_id: str) -> None:
        """There is none."""

    def open_settings(self, key: str = "") -> None:
        """There is no page."""

    def show_panel(self, key: str, argument: object = None) -> bool:
        """Remember it."""
        self.shown.append((key, argument))
        return False

    def run(
        self,
        operation: Operation,
        *,
        done: Callable[[Any], None] | None = None,
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job:
        """A job that does not begin."""
        return Job(operation.title, operation.work)

    def ask(
        self,
        operation: Operation,
        *,
        replaces: str = "",
        question: str = "",
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job | None:
        """No conversation is open."""
        return None

    def stop(self, job: Job) -> None:
        """It has not begun."""
        job.cancel.set()

    def tell(self, text: str, hint: str = "", *, is_error: bool = False) -> None:
        """Remember it."""
        self.told.append(text)


class NoDownloads(QObject):
    """A queue in which nothing is fetched."""

    changed = Signal(str)
    ended = Signal(object)

    def add(self, wanted: object) -> None:
        """It is not fetched."""

    def stop(self, key: str) -> None:
        """There is none."""

    def find(self, key: str) -> None:
        """There is none."""


def _plain_look() -> Look:
    font = fonts.text_font(QApplication.font())
    return Look(LIGHT, font, font, fonts.mono_font(font.pointSizeF()))
