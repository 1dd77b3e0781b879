"""The chat page: the open conversation's transcript, the composer, and the pages shown instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from teahouse.jobs import JobEnded
from teahouse_desktop.chat.conversation import OpenConversation
from teahouse_desktop.chat.find_bar import FindBar
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.chat.talk import Talk
from teahouse_desktop.chat.welcome import NoModel, Welcome
from teahouse_desktop.composer.attaching import Chosen, chosen_again
from teahouse_desktop.composer.composer import Composer
from teahouse_desktop.composer.composer_bar import ComposerBar
from teahouse_desktop.composer.control_row import ControlRow
from teahouse_desktop.composer.waiting import Waiting, joined
from teahouse_desktop.looks.look import Look
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import Runner, in_words
from teahouse_desktop.transcript import accessible
from teahouse_desktop.transcript.area import GUTTER, WIDEST_EM
from teahouse_desktop.transcript.view import Transcript
from teahouse_desktop.widgets.notices import NoticeBar

if TYPE_CHECKING:
    from teahouse.app import App


class ChatPage(QWidget):
    """Shows one conversation and lets people talk in it.

    Signals:
        conversation_changed: Another conversation is open, or its facts have changed.
        wanted: Someone goes to the conversation that is open here.

    Attributes:
        beside: The other page that can stand beside this one, with which it shares the replies; None while
            there has never been one. No conversation is open on both.
    """

    conversation_changed = Signal()
    wanted = Signal()

    def __init__(
        self,
        app: App,
        runner: Runner,
        look: Look,
        parent: QWidget | None = None,
        *,
        beside: ChatPage | None = None,
    ) -> None:
        super().__init__(parent)
        self.beside = beside
        self.setObjectName("chat")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.edited_id = ""
        self._has_model = True
        self.talk = beside.talk if beside else Talk(runner, self)
        self.waiting = beside.waiting if beside else Waiting(self)
        self.conversation = OpenConversation(app, runner, self.talk, self)
        self.transcript = Transcript(look, self)
        self.find = FindBar(self.transcript, look, self)
        self.welcome = Welcome(self)
        self.no_model = NoModel(look, self)
        self.notices = NoticeBar(look, self)
        self.composer = Composer(look, self)
        self.controls = ControlRow(self, comes_after=self.composer.field)
        self.bar = ComposerBar(look, self)
        self.pages = QStackedWidget(self)
        self._runner = runner
        self._lay_out(look)
        self._connect()
        self._show_page()

    @property
    def live(self) -> LiveReply | None:
        """The reply that is being made here."""
        return self.conversation.live

    # --- what people do -----------------------------------------------------------------------------

    def open(self, conversation_id: str) -> None:
        """Open a conversation, or a new one for an empty id; one that is open beside is gone to."""
        if conversation_id and self.beside and self.beside.conversation.id == conversation_id:
            self.beside.wanted.emit()
            return
        if keep := self.draft_to_keep():
            self._runner.start(keep)
        if self.conversation.facts is not None:  # else what is in the field belongs to another one
            self.waiting.leave(self.conversation.id, self.composer.draft)
        self.composer.end_edit()
        self.edited_id = ""
        self.conversation.open(conversation_id)
        if not conversation_id:
            self.composer.setFocus()

    def draft_to_keep(self) -> Operation | None:
        """The operation that keeps what has been typed; None when there is nothing to keep."""
        return self.conversation.draft_to_keep(self.draft_of(self.conversation.id))

    def keep_draft(self) -> None:
        """Keep what has been typed now."""
        self.conversation.keep_draft(self.draft_of(self.conversation.id))

    def draft_of(self, conversation_id: str) -> str:
        """What waits in a conversation, and what is being typed there or was when it was left."""
        here = self.conversation
        is_here = conversation_id == here.id and (not here.id or here.facts is not None)  # it has been read
        typed = self.composer.draft if is_here else self.waiting.typed_in(conversation_id)
        return self.waiting.draft(conversation_id, typed)

    def send(self, text: str) -> None:
        """Send a message with its files, or the new version of the one that is being edited."""
        files = self.composer.tray.take()
        if self.composer.is_editing:
            self.composer.end_edit()
            self.conversation.edit(self.edited_id, text, files)
            self.edited_id = ""
        else:
            self.conversation.send(text, files, draft=self.waiting.draft(self.conversation.id, ""))

    def stop(self) -> None:
        """Stop the reply that is being made here."""
        self.talk.stop(self.conversation.id)

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
            self.conversation.answer_again(message_id)
        elif name == "continue":
            self.conversation.go_on(shown)
        elif name == "edit":
            self.edited_id = message_id
            self.composer.begin_edit(
                shown.message.text, chosen_again(shown.message, self.transcript.thumbnails)
            )
        elif name in ("previous", "next"):
            self.conversation.show_version(shown.sibling(-1 if name == "previous" else +1))

    def last_message_id(self, role: str) -> str:
        """Id of the last message of a role; empty for none."""
        items = reversed(self.transcript.column.items)
        return next((i.shown.message.id for i in items if i.shown.message.role == role), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops the reply, wherever on the page the focus is, or goes back to writing."""
        if event.key() == Qt.Key.Key_Escape and self.live:
            self.stop()
        elif event.key() == Qt.Key.Key_Escape:
            self.composer.setFocus()
        else:
            super().keyPressEvent(event)

    # --- looks --------------------------------------------------------------------------------------

    def set_has_model(self, has_model: bool) -> None:
        """Show the way to a model while there is none."""
        self._has_model = has_model
        self.composer.set_can_send(has_model)
        self._show_page()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for part in (self.transcript, self.find, self.composer, self.bar, self.notices, self.no_model):
            part.set_look(look)
        self._limit_width(look)

    # --- inside: the conversation -------------------------------------------------------------------

    def _on_opened(self, shown: list[Shown]) -> None:
        facts, here = self.conversation.facts, self.conversation.id
        draft = facts.draft if facts else ""
        self.composer.set_text(self.waiting.typed_in(here, draft))
        self.transcript.open(shown)
        accessible.announce_list(self.transcript)
        self._show_page()

    def _on_refreshed(self, shown: list[Shown]) -> None:
        self.transcript.refresh(shown)
        accessible.announce_list(self.transcript)
        self._show_page()

    def _on_draft(self, _text: str) -> None:
        if not self.composer.is_editing:
            self.keep_draft()

    def _on_refused(self, text: str, files: Sequence[Chosen], ended: JobEnded) -> None:
        """Nothing was saved: words and files go back to where they came from, with the reason."""
        self.composer.tray.add(files)
        if text:
            self.composer.set_text(joined(text, self.composer.text))
        if ended.error is not None:
            self.notices.show_text(*in_words(ended.error), is_error=True)

    # --- inside: replies ------------------------------------------------------------------------------

    def _on_begun(self, live: LiveReply) -> None:
        if live is self.live:
            if live.replaces:
                self.transcript.truncate(live.replaces)
            self.transcript.append(*live.shown())
            accessible.announce_list(self.transcript)
            self._show_page()

    def _on_saved(self, live: LiveReply) -> None:
        is_mine = self.conversation.cares_for(live.conversation_id)
        if live.has_question and not live.replaces and is_mine:
            self.conversation.drop_draft(live, self.draft_of(live.conversation_id))
        self._show_live(live)

    def _on_grew(self, live: LiveReply, text: str, kind: str) -> None:
        if live is self.live and self.transcript.column.items:
            self.transcript.feed(len(self.transcript.column.items) - 1, text, kind)

    def _show_live(self, live: LiveReply) -> None:
        if live is self.live:
            self.composer.button.set_stopping(live.is_stopping, can_force=live.can_force)
        shown = live.shown()
        first = len(self.transcript.column.items) - len(shown)
        if live is self.live and first >= 0:
            for offset, one in enumerate(shown):
                self.transcript.update_message(first + offset, one)

    def _on_ended(self, live: LiveReply, ended: JobEnded) -> None:
        if live.conversation_id != self.conversation.id:
            return
        self._show_page()
        if ended.error is not None:
            accessible.announce(self.transcript, " ".join(in_words(ended.error)))
        elif live.text:
            accessible.announce_reply(self.transcript, live.shown()[-1].with_state("complete"))

    # --- inside: the page -----------------------------------------------------------------------------

    def _connect(self) -> None:
        self.composer.sent.connect(self.send)
        self.composer.stop_requested.connect(self.stop)
        self.composer.draft_changed.connect(self._on_draft)
        self.composer.edit_cancelled.connect(self._on_edit_cancelled)
        self.transcript.action_requested.connect(self.act)
        self.transcript.typed.connect(self._on_typed)
        self.welcome.example_chosen.connect(self._on_example)
        self.conversation.opened.connect(self._on_opened)
        self.conversation.refreshed.connect(self._on_refreshed)
        self.conversation.changed.connect(self.conversation_changed)
        self.conversation.refused.connect(self._on_refused)
        self.talk.begun.connect(self._on_begun)
        self.talk.saved.connect(self._on_saved)
        self.talk.grew.connect(self._on_grew)
        self.talk.changed.connect(self._show_live)
        self.talk.ended.connect(self._on_ended)

    def _on_edit_cancelled(self) -> None:
        self.edited_id = ""

    def _on_typed(self, text: str) -> None:
        self.composer.setFocus()
        self.composer.field.insertPlainText(text)

    def _on_example(self, text: str) -> None:
        self.composer.set_text(text)
        self.composer.setFocus()

    def _show_page(self) -> None:
        has_messages = bool(self.transcript.column.items)
        page = self.transcript if has_messages else self.welcome if self._has_model else self.no_model
        self.pages.setCurrentWidget(page)
        self.composer.set_replying(self.live is not None)
        if self.live is not None:
            self.composer.button.set_stopping(self.live.is_stopping, can_force=self.live.can_force)
        self.transcript.set_can_ask(self.live is None and self._has_model)

    def _limit_width(self, look: Look) -> None:
        self._foot.setMaximumWidth(round(look.em * WIDEST_EM) + GUTTER)

    def _lay_out(self, look: Look) -> None:
        for page in (self.welcome, self.no_model, self.transcript):
            self.pages.addWidget(page)
        self._foot = QWidget(self)
        self._limit_width(look)
        inner = QVBoxLayout(self._foot)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        inner.addWidget(self.notices)
        inner.addWidget(self.controls)
        inner.addWidget(self.composer)
        inner.addWidget(self.bar)
        row = QHBoxLayout()
        row.setContentsMargins(GUTTER // 2, 4, GUTTER // 2, 6)
        row.addStretch(1)
        row.addWidget(self._foot, 1000)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find)
        column.addWidget(self.pages, 1)
        column.addLayout(row)
