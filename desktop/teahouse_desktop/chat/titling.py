"""Lets the model name new conversations while it has nothing else to do."""

from __future__ import annotations

import logging
from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from teahouse.jobs import Cancel, Job, JobEnded
from teahouse.messages import Reply
from teahouse_desktop import operations
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)

WAIT_MS = 1000
"""How long nothing must have been asked of the model before it is asked for a title."""


def title_conversation(*, app: App, conversation_id: str) -> Operation:
    """Let the model name a conversation; the result is the title, empty where it stays as it was."""

    def work(cancel: Cancel) -> Generator[Any, None, str]:
        from teahouse.chat.title import give_title

        title: str = yield from give_title(app, conversation_id)(cancel)
        return title

    return Operation(translate("Operations", "Finding a title"), work, "model", is_background=True)


class TitleDesk(QObject):
    """Asks for titles after replies; whatever a person asks of a model meanwhile ends that at once."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place, self._app, self._runner = place, place.app, place.runner
        chat = place.chat
        self._untitled: list[str] = []
        self._job: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._begin)
        chat.talk.ended.connect(self._on_reply)
        chat.talk.stop_asked.connect(self.drop)
        place.runner.starting.connect(self._on_starting)

    @property
    def is_asking(self) -> bool:
        """Whether a title is being asked for."""
        return self._job is not None

    def drop(self) -> None:
        """Ask for no title until there is another reply: the person pressed stop."""
        self._untitled.clear()
        self._make_way()

    # --- inside -----------------------------------------------------------------------------------

    def _on_reply(self, live: LiveReply, ended: JobEnded) -> None:
        is_wanted = self._app.settings.get("chat.titles") == "model"
        is_complete = isinstance(ended.result, Reply) and not ended.is_cancelled
        if is_wanted and is_complete and live.conversation_id not in self._untitled:
            self._untitled.append(live.conversation_id)
        self._timer.start()

    def _on_starting(self, operation: Operation) -> None:
        if operation.lane == "model" and not operation.is_background:
            self._make_way()

    def _make_way(self) -> None:
        """Stop asking; what is still without a title comes again when all is quiet."""
        if self._job is not None:
            operations.stop(self._job)
        self._timer.start()

    def _begin(self) -> None:
        if self._untitled and self._job is None and not self._place.chat.talk.conversation_ids:
            conversation_id = self._untitled[0]
            ask = title_conversation(app=self._app, conversation_id=conversation_id)
            self._job = self._runner.start(ask, ended=partial(self._on_ended, conversation_id))

    def _on_ended(self, conversation_id: str, ended: JobEnded) -> None:
        self._job = None
        if ended.error is not None:  # nobody has asked for it: the first words do as well
            log.info("no title for %s: %s", conversation_id, ended.error)
        if not ended.is_cancelled and conversation_id in self._untitled:
            self._untitled.remove(conversation_id)
        for chat in self._place.chats if ended.result else ():
            if conversation_id == chat.conversation.id:
                chat.conversation.refresh()
        self._timer.start()
