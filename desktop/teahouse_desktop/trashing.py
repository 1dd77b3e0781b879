"""What the window does with the trash: nothing goes for good by one key, and without a question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from teahouse.messages import Conversation
from teahouse_desktop import keeping, questions
from teahouse_desktop.chat import ChatPage
from teahouse_desktop.runner import Runner
from teahouse_desktop.sidebar import Sidebar

if TYPE_CHECKING:
    from teahouse.app import App


class TrashDesk(QObject):
    """Puts conversations into the trash, takes them back, and deletes them for good."""

    def __init__(self, app: App, runner: Runner, sidebar: Sidebar, chat: ChatPage, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._runner, self._sidebar, self._chat = app, runner, sidebar, chat
        sidebar.shelves.empty_requested.connect(self.ask_empty)

    def put(self, found: Conversation) -> None:
        """Put a conversation into the trash, and offer to take it back."""
        is_open = found.id == self._chat.conversation.id
        self._chat.talk.stop(found.id)
        if is_open:
            self._chat.open("")

        def undo() -> None:
            restore = keeping.restore_conversation(app=self._app, conversation_id=found.id)
            self._runner.start(restore, done=lambda _: self._chat.open(found.id) if is_open else None)

        def offer(_: object) -> None:
            title = self._sidebar.model.title_of(found)
            text = self.tr("“{title}” is in the trash and is kept there for 30 days.").format(title=title)
            self._chat.notices.offer(text, self.tr("Undo"), undo)

        self._runner.start(keeping.trash_conversation(app=self._app, conversation_id=found.id), done=offer)

    def ask_delete(self, found: Conversation) -> None:
        """Delete a conversation for good, after a question."""
        title = self._sidebar.model.title_of(found)
        questions.ask_consent(
            self._sidebar.window(),
            self.tr("Delete “{title}” for good?").format(title=title),
            self.tr("This cannot be undone. Backups that were made before still have it."),
            verb=self.tr("Delete for good"),
            done=partial(self._delete, found.id),
        )

    def take_back(self, conversation_id: str) -> None:
        """Take a conversation out of the trash."""
        self._chat.notices.drop_offer()
        self._runner.start(keeping.restore_conversation(app=self._app, conversation_id=conversation_id))

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
        if conversation_id == self._chat.conversation.id:
            facts = self._chat.conversation.facts
            self._chat.composer.set_text(facts.draft if facts else "")
            self._chat.notices.drop_offer()
            self._chat.open("")
