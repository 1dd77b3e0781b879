"""What the window does with the trash: nothing goes for good by one key, and without a question."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from teahouse.messages import Conversation
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.conversations import keeping
from teahouse_desktop.conversations.shelves import shorten
from teahouse_desktop.widgets import questions
from teahouse_desktop.workplace import Workplace

WIDEST_CHARS = 80
"""Of a title in a sentence."""


class TrashDesk(QObject):
    """Puts conversations into the trash, takes them back, and deletes them for good."""

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._app, self._runner, self._sidebar = place.app, place.runner, place.sidebar
        sidebar = place.sidebar
        self._put: list[tuple[str, bool]] = []
        sidebar.shelves.empty_requested.connect(self.ask_empty)

    def put(self, found: Conversation) -> None:
        """Put a conversation into the trash, and offer to take it back.

        Whoever goes through the list by keys stays in it, at the next one.
        """
        next_id = self._sidebar.neighbour(found.id) if self._sidebar.list.hasFocus() else ""
        put = keeping.trash_conversation(app=self._app, conversation_id=found.id)
        self._runner.start(put, done=lambda _: self._on_put(found, next_id))

    def undo(self) -> None:
        """Take back what was put into the trash last; once more, the one before."""
        while self._put:
            conversation_id, was_open = self._put.pop()
            if self._sidebar.conversation(conversation_id) is not None:  # not deleted for good meanwhile
                self._take_back(conversation_id, is_opened=was_open)
                return

    def ask_delete(self, found: Conversation) -> None:
        """Delete a conversation for good, after a question."""
        title = shorten(self._sidebar.model.title_of(found), WIDEST_CHARS)
        questions.ask_consent(
            self._sidebar.window(),
            self.tr("Delete “{title}” for good?").format(title=title),
            self.tr("This cannot be undone. Backups that were made before still have it."),
            verb=self.tr("Delete for good"),
            done=partial(self._delete, found.id),
        )

    def take_back(self, conversation_id: str) -> None:
        """Take a conversation out of the trash."""
        self._put = [one for one in self._put if one[0] != conversation_id]
        self._take_back(conversation_id, is_opened=False)

    def ask_empty(self) -> None:
        """Delete for good what is in the trash, after a question."""
        trashed = [row.id for row in self._sidebar.rows if row.trashed_ms is not None]
        if not trashed:
            return
        questions.ask_consent(
            self._sidebar.window(),
            self.tr("Delete what is in the trash for good? Conversations: {count}.").format(
                count=len(trashed)
            ),
            self.tr("This cannot be undone. Backups that were made before still have them."),
            verb=self.tr("Empty the trash"),
            done=partial(self._empty_trash, trashed),
        )

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _chat(self) -> ChatPage:
        return self._place.active

    def _where(self, conversation_id: str) -> ChatPage | None:
        """The page on which a conversation is open."""
        return next((c for c in self._place.chats if c.conversation.id == conversation_id), None)

    def _open_in(self, where: ChatPage, conversation_id: str) -> None:
        """Show another conversation on a page; people go on working where they were."""
        active = self._chat
        where.open(conversation_id if where is active else "")
        if where is not active:
            active.wanted.emit()
            active.focus_composer()

    def _on_put(self, found: Conversation, next_id: str) -> None:
        self._chat.talk.stop(found.id)
        where = self._where(found.id)
        if where is not None:
            self._open_in(where, next_id)
        self._put = [*(one for one in self._put if one[0] != found.id), (found.id, where is not None)]
        title = shorten(self._sidebar.model.title_of(found), WIDEST_CHARS)
        text = self.tr("“{title}” is in the trash and is kept there for 30 days.").format(title=title)
        self._chat.notices.offer(text, self.tr("Undo"), self.undo)

    def _take_back(self, conversation_id: str, *, is_opened: bool) -> None:
        self._chat.notices.drop_offer()
        restore = keeping.restore_conversation(app=self._app, conversation_id=conversation_id)
        self._runner.start(restore, done=lambda _: self._chat.open(conversation_id) if is_opened else None)

    def _delete(self, conversation_id: str) -> None:
        self._leave(conversation_id)
        self._runner.start(keeping.delete_conversation(app=self._app, conversation_id=conversation_id))

    def _empty_trash(self, trashed: list[str]) -> None:
        for conversation_id in trashed:
            self._leave(conversation_id)
        self._runner.start(keeping.empty_trash(app=self._app))

    def _leave(self, conversation_id: str) -> None:
        """Close a conversation that is about to be deleted; a draft in it goes with it."""
        self._chat.talk.stop(conversation_id)
        if (where := self._where(conversation_id)) is not None:
            facts = where.conversation.facts
            where.composer.set_text(facts.draft if facts else "")
            where.notices.drop_offer()
            self._open_in(where, "")
