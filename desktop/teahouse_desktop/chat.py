"""The chat page: one open conversation with its transcript and the composer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from teahouse.jobs import JobEnded
from teahouse.messages import Conversation
from teahouse_desktop import operations
from teahouse_desktop.composer import Composer
from teahouse_desktop.look import Look
from teahouse_desktop.notices import NoticeBar
from teahouse_desktop.operations import Opened, Operation
from teahouse_desktop.replies import LiveReply, merge
from teahouse_desktop.runner import Runner, in_words
from teahouse_desktop.talk import Talk
from teahouse_desktop.transcript import accessible, words
from teahouse_desktop.transcript.area import GUTTER, WIDEST_EM
from teahouse_desktop.transcript.view import Transcript
from teahouse_desktop.welcome import NoModel, Welcome

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(eq=False)
class _Creation:
    """A new conversation on its way to the disk, and what is to be sent in it."""

    text: str = ""


class ChatPage(QWidget):
    """Shows one conversation and lets people talk in it.

    Signals:
        conversation_changed: Another conversation is open, or its facts have changed.
    """

    conversation_changed = Signal()

    def __init__(self, app: App, runner: Runner, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chat")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._app, self._runner = app, runner
        self._conversation: Conversation | None = None
        self._id = ""
        self._creation: _Creation | None = None
        self._edited_id = ""
        self._has_model = True
        self.talk = Talk(runner, self)
        self.transcript = Transcript(look, self)
        self.welcome = Welcome(self)
        self.no_model = NoModel(look, app.paths.models, self)
        self.notices = NoticeBar(look, self)
        self.composer = Composer(look, self)
        self._stack = QStackedWidget(self)
        self._lay_out(look)
        self._connect()
        self._show_page()

    # --- the open conversation ----------------------------------------------------------------------

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation; None for a new one that is not on disk yet."""
        return self._conversation

    @property
    def conversation_id(self) -> str:
        """Its id; empty for a new one."""
        return self._id

    @property
    def live(self) -> LiveReply | None:
        """The reply that is being made here."""
        return self.talk.live_in(self._id)

    def open(self, conversation_id: str) -> None:
        """Open a conversation, or a new one for an empty id."""
        self._leave()
        self._id = conversation_id
        if conversation_id:
            read = operations.open_conversation(app=self._app, conversation_id=conversation_id)
            self._runner.start(read, done=self._on_opened)
            return
        self._conversation = None
        self.transcript.open([])
        self.composer.set_text("")
        self._show_page()
        self.conversation_changed.emit()
        self.composer.setFocus()

    def refresh(self) -> None:
        """Read the open conversation again: something has changed."""
        if self._id and (self.live is None or self.live.is_saved):
            read = operations.open_conversation(app=self._app, conversation_id=self._id)
            self._runner.start(read, done=self._on_refreshed)

    def draft_to_keep(self) -> Operation | None:
        """The operation that keeps what has been typed; None when there is nothing to keep."""
        is_sending = self._creation is not None or (self.live is not None and not self.live.is_saved)
        if self.composer.is_editing or is_sending:
            return None
        text = self.composer.text
        if self._conversation and text != self._conversation.draft:
            return operations.save_draft(app=self._app, conversation_id=self._conversation.id, text=text)
        if not self._id and text.strip():
            return operations.new_conversation(app=self._app, draft=text)
        return None

    # --- asking -------------------------------------------------------------------------------------

    def send(self, text: str) -> None:
        """Send a message, or the new version of the one that is being edited."""
        if self.composer.is_editing:
            edited, self._edited_id = self._edited_id, ""
            self.composer.end_edit()
            edit = operations.edit_message(app=self._app, message_id=edited, text=text)
            self.talk.ask(edit, LiveReply(self._id, text, replaces=edited))
        elif self._id:
            self._send_to(self._id, text)
        else:
            self._create(text, is_sent=True)

    def answer_again(self, message_id: str) -> None:
        """Let the model answer again, as another version."""
        again = operations.regenerate(app=self._app, message_id=message_id)
        self.talk.ask(again, LiveReply(self._id, replaces=message_id))

    def stop(self) -> None:
        """Stop the reply that is being made here."""
        self.talk.stop(self._id)

    def focus_composer(self, _index: object = None) -> None:
        """Let the person write."""
        self.composer.setFocus()

    def act(self, name: str, message_id: str) -> None:
        """Do what was chosen on a message."""
        index = self.transcript.column.index_of(message_id)
        if index < 0 or self.live:
            return
        shown = self.transcript.column.items[index].shown
        if name in ("regenerate", "retry"):
            self.answer_again(message_id)
        elif name == "edit":
            self._edited_id = message_id
            self.composer.begin_edit(shown.message.text)
        elif name in ("previous", "next"):
            sibling = shown.sibling(-1 if name == "previous" else +1)
            show = operations.show_version(app=self._app, message_id=sibling)
            self._runner.start(show, done=lambda _: self.refresh())

    def last_message_id(self, role: str) -> str:
        """Id of the last message of a role; empty for none."""
        items = reversed(self.transcript.column.items)
        return next((i.shown.message.id for i in items if i.shown.message.role == role), "")

    # --- looks --------------------------------------------------------------------------------------

    def set_has_model(self, has_model: bool) -> None:
        """Show the way to a model while there is none."""
        self._has_model = has_model
        self.composer.set_can_send(has_model)
        self._show_page()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for part in (self.transcript, self.composer, self.notices, self.no_model):
            part.set_look(look)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops the reply, wherever on the page the focus is, or goes back to writing."""
        if event.key() == Qt.Key.Key_Escape and self.live:
            self.stop()
        elif event.key() == Qt.Key.Key_Escape:
            self.composer.setFocus()
        else:
            super().keyPressEvent(event)

    # --- inside: opening ------------------------------------------------------------------------------

    def _on_opened(self, opened: Opened) -> None:
        if opened.conversation.id != self._id:
            return
        self._conversation = opened.conversation
        self.composer.set_text(opened.conversation.draft)
        self.transcript.open(merge(opened.shown, self.live))
        self._show_page()
        self.conversation_changed.emit()

    def _on_refreshed(self, opened: Opened) -> None:
        if opened.conversation.id != self._id:
            return
        self._conversation = opened.conversation
        self.transcript.refresh(merge(opened.shown, self.live))
        self._show_page()
        self.conversation_changed.emit()

    def _leave(self) -> None:
        if keep := self.draft_to_keep():
            self._runner.start(keep)
        self._creation = None
        self.composer.end_edit()
        self._edited_id = ""

    # --- inside: sending ------------------------------------------------------------------------------

    def _create(self, text: str, *, is_sent: bool) -> None:
        """Put the new conversation on disk, once, whether it begins with a draft or a message."""
        if self._creation is None:
            creation = self._creation = _Creation()
            create = operations.new_conversation(app=self._app, draft=text)
            self._runner.start(create, ended=lambda ended: self._on_created(creation, ended))
        if is_sent:
            self._creation.text = text

    def _on_created(self, creation: _Creation, ended: JobEnded) -> None:
        is_here, text = creation is self._creation, creation.text
        if is_here:
            self._creation = None
        if ended.error is not None or ended.result is None:
            self._give_back(text if is_here else "", ended)
            return
        if is_here:
            self._id, self._conversation = ended.result.id, ended.result
            self.conversation_changed.emit()
        if text:
            self._send_to(ended.result.id, text)

    def _send_to(self, conversation_id: str, text: str) -> None:
        """Send; until the message is on disk, which may have to wait, its text is kept as the draft."""
        if self._conversation and self._conversation.draft != text:
            keep = operations.save_draft(app=self._app, conversation_id=conversation_id, text=text)
            self._runner.start(keep)
        send = operations.send_message(app=self._app, conversation_id=conversation_id, text=text)
        self.talk.ask(send, LiveReply(conversation_id, text))

    def _give_back(self, text: str, ended: JobEnded) -> None:
        """Nothing was saved: the words go back to where they were typed, with the reason."""
        if text and not self.composer.text:
            self.composer.set_text(text)
        if ended.error is not None:
            self.notices.show_text(*in_words(ended.error), is_error=True)

    # --- inside: replies ------------------------------------------------------------------------------

    def _on_begun(self, live: LiveReply) -> None:
        if live is not self.live:
            return
        if live.replaces:
            self.transcript.truncate(live.replaces)
        self.transcript.append(*live.shown())
        self._show_page()

    def _on_saved(self, live: LiveReply) -> None:
        if live.question and not live.replaces:
            is_typing = live is self.live and not self.composer.is_editing
            draft = self.composer.text if is_typing else ""
            save = operations.save_draft(app=self._app, conversation_id=live.conversation_id, text=draft)
            self._runner.start(save, done=self._on_draft_kept)
        self._show_live(live)

    def _on_grew(self, live: LiveReply, text: str) -> None:
        if live is self.live and self.transcript.column.items:
            self.transcript.feed(len(self.transcript.column.items) - 1, text)

    def _show_live(self, live: LiveReply) -> None:
        shown = live.shown()
        first = len(self.transcript.column.items) - len(shown)
        if live is not self.live or first < 0:
            return
        for offset, one in enumerate(shown):
            self.transcript.update_message(first + offset, one)

    def _on_ended(self, live: LiveReply, ended: JobEnded) -> None:
        is_here = live.conversation_id == self._id
        if not live.is_saved:
            self._give_back(live.question if is_here else "", ended)
        if is_here:
            self._show_page()
            self.refresh()
            self._announce(live, ended)

    def _announce(self, live: LiveReply, ended: JobEnded) -> None:
        if ended.error is not None:
            accessible.announce(self.transcript, " ".join(in_words(ended.error)))
        elif live.text:
            said = words.spoken(live.shown()[-1].with_state("complete"), live.text)
            accessible.announce(self.transcript, said)

    # --- inside: the page -----------------------------------------------------------------------------

    def _connect(self) -> None:
        self.composer.sent.connect(self.send)
        self.composer.stop_requested.connect(self.stop)
        self.composer.draft_changed.connect(self._on_draft)
        self.composer.edit_cancelled.connect(self._on_edit_cancelled)
        self.transcript.action_requested.connect(self.act)
        self.transcript.typed.connect(self._on_typed)
        self.welcome.example_chosen.connect(self._on_example)
        self.talk.begun.connect(self._on_begun)
        self.talk.saved.connect(self._on_saved)
        self.talk.grew.connect(self._on_grew)
        self.talk.changed.connect(self._show_live)
        self.talk.ended.connect(self._on_ended)

    def _on_draft(self, text: str) -> None:
        keep = self.draft_to_keep()
        if keep and self._id:
            self._runner.start(keep, done=self._on_draft_kept)
        elif keep:
            self._create(text, is_sent=False)

    def _on_draft_kept(self, changed: Conversation) -> None:
        if changed.id == self._id:
            self._conversation = changed

    def _on_edit_cancelled(self) -> None:
        self._edited_id = ""

    def _on_typed(self, text: str) -> None:
        self.composer.setFocus()
        self.composer.field.insertPlainText(text)

    def _on_example(self, text: str) -> None:
        self.composer.set_text(text)
        self.composer.setFocus()

    def _show_page(self) -> None:
        has_messages = bool(self.transcript.column.items)
        page = self.transcript if has_messages else self.welcome if self._has_model else self.no_model
        self._stack.setCurrentWidget(page)
        self.composer.set_replying(self.live is not None)
        self.transcript.set_can_ask(self.live is None and self._has_model)

    def _lay_out(self, look: Look) -> None:
        for page in (self.welcome, self.no_model, self.transcript):
            self._stack.addWidget(page)
        foot = QWidget(self)
        foot.setMaximumWidth(round(look.em * WIDEST_EM) + 28)
        inner = QVBoxLayout(foot)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.notices)
        inner.addWidget(self.composer)
        row = QHBoxLayout()
        row.setContentsMargins(GUTTER - 14, 4, GUTTER - 14, 14)
        row.addStretch(1)
        row.addWidget(foot, 1000)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addLayout(row)
