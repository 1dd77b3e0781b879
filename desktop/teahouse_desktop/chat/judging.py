"""What the window does with the person's judgement of replies: thumbs, notes, the best version."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from teahouse.messages import Message
from teahouse_desktop.chat import preferences
from teahouse_desktop.operations import Operation
from teahouse_desktop.widgets import questions
from teahouse_desktop.workplace import Workplace

THUMBS = {"good": 1, "bad": -1, "no_thumb": 0}


class JudgeDesk(QObject):
    """Connects the actions on replies with what is kept of them."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner, self._chat = place.app, place.runner, place.chat
        chat = place.chat
        chat.transcript.action_requested.connect(self.act)

    def praise(self) -> None:
        """Call the marked reply good, else the last one; once more takes it back."""
        self._toggle("good")

    def criticise(self) -> None:
        """Call the marked reply bad, else the last one; once more takes it back."""
        self._toggle("bad")

    def act(self, name: str, message_id: str) -> None:
        """Do what was chosen on a reply."""
        if name in THUMBS:
            self._start(preferences.judge_message(app=self._app, message_id=message_id, thumb=THUMBS[name]))
        elif name == "best":
            self._start(preferences.prefer_message(app=self._app, message_id=message_id))
        elif name == "not_best":
            self._start(preferences.prefer_none(app=self._app, message_id=message_id))
        elif name == "rank":
            self._ask_order(message_id)
        elif name == "note":
            self._ask_note(message_id)

    def _toggle(self, name: str) -> None:
        column, current = self._chat.transcript.column, self._chat.transcript.current
        index = current if current >= 0 and not column.items[current].is_user else -1
        index = index if index >= 0 else column.index_of(self._chat.last_message_id("assistant"))
        if index < 0 or column.items[index].shown.is_live:
            return
        message = column.items[index].shown.message
        self.act("no_thumb" if message.thumb == THUMBS[name] else name, message.id)

    def _ask_order(self, message_id: str) -> None:
        read = preferences.read_versions(app=self._app, message_id=message_id)
        self._runner.start(read, done=self._open_order)

    def _open_order(self, versions: list[Message]) -> None:
        from teahouse_desktop.chat.ranking import RankingDialog

        if len(versions) < 2:
            return  # the others have been deleted meanwhile
        dialog = RankingDialog(versions, self._chat.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rank, clear = preferences.rank_versions, preferences.prefer_none
        dialog.ranked.connect(lambda ids: self._start(rank(app=self._app, ids_best_first=ids)))
        dialog.cleared.connect(lambda: self._start(clear(app=self._app, message_id=versions[0].id)))
        dialog.open()

    def _ask_note(self, message_id: str) -> None:
        index = self._chat.transcript.column.index_of(message_id)
        if index >= 0:
            self._open_note(self._chat.transcript.column.items[index].shown.message)
        else:  # a version that is not shown here, but beside another one
            read = preferences.read_message(app=self._app, message_id=message_id)
            self._runner.start(read, done=self._open_note)

    def _open_note(self, message: Message) -> None:
        questions.ask_text(
            self._chat.window(),
            self.tr("Note on this reply"),
            self.tr("What is good or bad about it:"),
            text=message.note,
            done=lambda text: self._start(
                preferences.judge_message(app=self._app, message_id=message.id, note=text.strip())
            ),
        )

    def _start(self, operation: Operation) -> None:
        self._runner.start(operation, done=lambda _: self._chat.conversation.refresh())
