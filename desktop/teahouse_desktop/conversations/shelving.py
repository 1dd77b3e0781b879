"""What the window does with its list of conversations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from teahouse.jobs import JobEnded
from teahouse.messages import Conversation
from teahouse_desktop import operations
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.conversations import keeping
from teahouse_desktop.conversations.shelves import ALL, read_tags, shorten
from teahouse_desktop.conversations.trashing import WIDEST_CHARS, TrashDesk
from teahouse_desktop.operations import Operation
from teahouse_desktop.widgets import questions
from teahouse_desktop.workplace import Workplace


class ListDesk(QObject):
    """Connects the sidebar with the operations on conversations.

    Signals:
        export_requested: Id of the conversation that is to be exported.
        system_prompt_requested: Id of the conversation whose system prompt is to be shown.
        beside_requested: Id of the conversation that is to be opened beside the other one.
        failed: The `JobEnded` of a list that could not be read.
    """

    export_requested = Signal(str)
    system_prompt_requested = Signal(str)
    beside_requested = Signal(str)
    failed = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place = place
        app, runner, sidebar, chat = place.app, place.runner, place.sidebar, place.chat
        self._app, self._runner, self._sidebar = app, runner, sidebar
        self._rows: list[Conversation] = []
        self.trash = TrashDesk(place, self)
        sidebar.opened.connect(self.open)
        sidebar.renamed.connect(self._rename)
        sidebar.acted.connect(self.act)
        sidebar.new_requested.connect(self.start)
        sidebar.list.undo_requested.connect(self.trash.undo)
        sidebar.list.clicked.connect(lambda _index: self._chat.focus_composer())
        sidebar.list.activated.connect(lambda _index: self._chat.focus_composer())
        chat.talk.begun.connect(self._on_begun)
        chat.talk.ended.connect(self._on_live)

    # --- the list -----------------------------------------------------------------------------------

    def begin(self, last_id: str) -> None:
        """Read the list for the first time, and go on where the person was."""

        def show(rows: list[Conversation]) -> None:
            is_kept = any(row.id == last_id and row.trashed_ms is None for row in rows)
            if is_kept and not self._chat.composer.text:
                self._chat.open(last_id)
            self._show(rows)

        self._read(show)

    def refresh(self) -> None:
        """Read the list again."""
        self._read(self._show)

    def start(self) -> None:
        """Open a new conversation, or stay in the open one while it is empty."""
        if self._sidebar.shelf != ALL:
            self._sidebar.show_shelf(ALL)
        self._chat.notices.drop_offer(self.tr("This conversation is in the trash."))
        self._chat.open("")
        self._sidebar.mark("")

    def open(self, conversation_id: str) -> None:
        """Open a conversation; of one in the trash, say so."""
        if conversation_id != self._chat.conversation.id:
            self._chat.open(conversation_id)
        found = self._find(conversation_id)
        text = self.tr("This conversation is in the trash.")
        self._chat.notices.drop_offer(text)  # of another one; an Undo stays
        if found is not None and found.trashed_ms is not None:
            restore = partial(self.act, "restore", conversation_id)
            self._chat.notices.offer(text, self.tr("Restore"), restore, is_lasting=True)

    # --- one conversation ---------------------------------------------------------------------------

    def act(self, name: str, conversation_id: str, value: object = None) -> None:
        """Do what was chosen in the menu of a conversation (see `conversation_menu.Act`)."""
        found = self._find(conversation_id)
        if found is None:
            return
        if name == "export":
            self.export_requested.emit(conversation_id)
        elif name == "beside":
            self.beside_requested.emit(conversation_id)
        elif name == "system_prompt":
            self.system_prompt_requested.emit(conversation_id)
        elif name in ("new_folder", "new_tags"):
            self._ask_folder(found) if name == "new_folder" else self._ask_tags(found)
        elif name == "trash" and found.trashed_ms is None:
            self.trash.put(found)
        elif name in ("trash", "delete"):
            self.trash.ask_delete(found)
        elif name == "restore":
            self.trash.take_back(conversation_id)
        else:
            change = self._change(name, conversation_id, value)
            is_leaving = name == "archive" and bool(value)
            self._runner.start(change, done=lambda _: self._offer_back(found) if is_leaving else None)

    def trash_current(self) -> None:
        """Move the open conversation to the trash."""
        self.act("trash", self._chat.conversation.id)

    def export_current(self) -> None:
        """Export the open conversation, or all where none is open."""
        self.export_requested.emit(self._chat.conversation.id)

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _chat(self) -> ChatPage:
        return self._place.active

    def _change(self, name: str, conversation_id: str, value: object) -> Operation:
        made: dict[str, Operation] = {
            "pin": keeping.pin_conversation(
                app=self._app, conversation_id=conversation_id, is_pinned=bool(value)
            ),
            "archive": keeping.archive_conversation(
                app=self._app, conversation_id=conversation_id, is_archived=bool(value)
            ),
            "folder": keeping.file_conversation(
                app=self._app, conversation_id=conversation_id, folder=str(value or "")
            ),
            "tags": keeping.tag_conversation(
                app=self._app,
                conversation_id=conversation_id,
                tags=value if isinstance(value, tuple) else (),
            ),
        }
        return made[name]

    def _offer_back(self, found: Conversation) -> None:
        text = self.tr("“{title}” is in the archive.").format(title=self._short(found))
        self._chat.notices.offer(text, self.tr("Undo"), partial(self.act, "archive", found.id, False))

    def _ask_folder(self, found: Conversation) -> None:
        questions.ask_line(
            self._sidebar.window(),
            self.tr("Folder"),
            self.tr("Put “{title}” into the folder:").format(title=self._short(found)),
            text=found.folder,
            done=lambda text: self.act("folder", found.id, " ".join(text.split())),
        )

    def _ask_tags(self, found: Conversation) -> None:
        questions.ask_line(
            self._sidebar.window(),
            self.tr("Tags"),
            self.tr("Tags of “{title}”, with commas between them:").format(title=self._short(found)),
            text=", ".join(found.tags),
            done=lambda text: self.act("tags", found.id, read_tags(text)),
        )

    def _short(self, found: Conversation) -> str:
        return shorten(self._sidebar.model.title_of(found), WIDEST_CHARS)

    def _rename(self, conversation_id: str, title: str) -> None:
        rename = operations.rename_conversation(app=self._app, conversation_id=conversation_id, title=title)
        self._runner.start(rename, done=lambda _: self._chat.conversation.refresh())

    def _read(self, show: Callable[[list[Conversation]], None]) -> None:
        self._runner.start(keeping.list_all(app=self._app), done=show, ended=self._on_read)

    def _on_read(self, ended: JobEnded) -> None:
        if ended.error is not None:
            self._sidebar.show_unreadable()
            self.failed.emit(ended)

    def _show(self, rows: list[Conversation]) -> None:
        self._rows = rows
        self._sidebar.show_conversations(rows, self._chat.conversation.id)

    def _find(self, conversation_id: str) -> Conversation | None:
        return next((row for row in self._rows if row.id == conversation_id), None)

    def _on_begun(self, live: LiveReply) -> None:
        """Who writes in a conversation wants to keep it."""
        self._on_live()
        found = self._find(live.conversation_id)
        if found is not None and found.trashed_ms is not None:
            self.act("restore", live.conversation_id)

    def _on_live(self, *_: object) -> None:
        self._sidebar.model.mark_live(self._chat.talk.conversation_ids)
