"""The conversation that is open: opening, keeping the draft, sending. Knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from teahouse.jobs import JobEnded
from teahouse.messages import Conversation
from teahouse.setting import Value
from teahouse_desktop import operations
from teahouse_desktop.chat import preferences
from teahouse_desktop.chat.creation import Creation, How
from teahouse_desktop.chat.opening import Opened, open_conversation
from teahouse_desktop.chat.replies import LiveReply, merge
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.chat.talk import Talk
from teahouse_desktop.composer.attaching import Chosen, given_by
from teahouse_desktop.composer.waiting import joined
from teahouse_desktop.conversations import keeping
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import Runner

if TYPE_CHECKING:
    from teahouse.app import App


class OpenConversation(QObject):
    """One conversation, or a new one, which goes to disk with its first draft or message.

    Signals:
        opened: Its messages as a list of `Shown`; empty for a new one.
        refreshed: The same after a change.
        changed: Another one is open, or its facts have changed.
        refused: (text, files, JobEnded): they could not be saved.
    """

    opened = Signal(object)
    refreshed = Signal(object)
    changed = Signal()
    refused = Signal(str, object, object)

    def __init__(self, app: App, runner: Runner, talk: Talk, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._runner, self._talk = app, runner, talk
        self._creation: Creation | None = None
        self._known: dict[str, Shown] = {}
        self._wishes: dict[str, Value | None] = {}
        self._instruction: str | None = None
        self.facts: Conversation | None = None
        self.id = ""
        talk.join(self)
        talk.ended.connect(self._on_ended)

    def cares_for(self, conversation_id: str) -> bool:
        """Whether what replies in a conversation bring to do is done here, and not where others are open."""
        return self._talk.keeper_of(conversation_id) is self

    @property
    def live(self) -> LiveReply | None:
        """The reply that is being made here."""
        return self._talk.live_in(self.id)

    @property
    def settings(self) -> dict[str, Value]:
        """Values of settings that were chosen for this conversation."""
        chosen = {**(self.facts.settings if self.facts else {}), **self._wishes}
        return {key: value for key, value in chosen.items() if value is not None}

    def choose(self, key: str, value: Value | None) -> None:
        """Use a value of a setting here, None for none of its own; a new one takes it to the disk with it."""
        self._wishes[key] = value
        if self.facts:
            choose = preferences.choose_for_conversation(
                app=self._app, conversation_id=self.facts.id, key=key, value=value
            )
            self._runner.start(choose, done=self._on_draft_kept)
        self.changed.emit()

    @property
    def system_prompt(self) -> str:
        """What the model is told before this conversation; empty where nothing of its own."""
        own = self.facts.system_prompt if self.facts else ""
        return own if self._instruction is None else self._instruction

    def instruct(self, text: str) -> None:
        """Tell the model this before the conversation; a new one takes it to the disk with it."""
        self._instruction = text
        if self.id:
            instruct = keeping.instruct_conversation(app=self._app, conversation_id=self.id, text=text)
            self._runner.start(instruct, done=self._on_instructed)
        self.changed.emit()

    # --- opening ------------------------------------------------------------------------------------

    def open(self, conversation_id: str) -> None:
        """Open a conversation, or a new one for an empty id."""
        self.id, self._creation, self._known, self.facts = conversation_id, None, {}, None
        self._wishes, self._instruction = {}, None
        if conversation_id:
            read = open_conversation(app=self._app, conversation_id=conversation_id)
            self._runner.start(read, done=self._on_read, progressed=self._on_read)
            return
        self.opened.emit([])
        self.changed.emit()

    def refresh(self) -> None:
        """Read it again: something has changed."""
        if self.id and (self.live is None or self.live.is_saved):
            read = open_conversation(app=self._app, conversation_id=self.id, known=dict(self._known))
            self._runner.start(read, done=self._on_read)

    def show_version(self, message_id: str) -> None:
        """Show another version of a message."""
        show = operations.show_version(app=self._app, message_id=message_id)
        self._runner.start(show, done=lambda _: self.refresh())

    # --- drafts -------------------------------------------------------------------------------------

    def draft_to_keep(self, text: str) -> Operation | None:
        """The operation that keeps what has been typed; None when there is nothing to keep."""
        if self._creation is not None:
            typed = joined(self._creation.text, text)
            return self._creation.keep_behind(typed, app=self._app, anew=self._new(typed))
        live = self.live
        if live is not None and not live.is_saved and not live.replaces:
            text = joined(live.question, text)
        if self.facts and text != self.facts.draft:
            return operations.save_draft(app=self._app, conversation_id=self.facts.id, text=text)
        if not self.id and text.strip():
            return self._new(text)
        return None

    def keep_draft(self, text: str) -> None:
        """Keep what has been typed."""
        keep = self.draft_to_keep(text)
        if keep and (self.id or self._creation is not None):
            self._runner.start(keep, done=self._on_draft_kept)
        elif keep:
            self._create(text)

    def drop_draft(self, live: LiveReply, typed: str) -> None:
        """The message is on disk: what counts as the draft now is what has been typed since."""
        save = operations.save_draft(app=self._app, conversation_id=live.conversation_id, text=typed)
        self._runner.start(save, done=self._on_draft_kept)

    # --- asking -------------------------------------------------------------------------------------

    def send(
        self, text: str, files: Sequence[Chosen] = (), *, draft: str = "", how: How | None = None
    ) -> None:
        """Send a message with its files at the end; `draft` is what waits or is typed behind it."""
        if self.id:
            self.send_to(self.id, text, tuple(files), draft=joined(text, draft), how=how)
        else:
            creation = self._create(text)
            creation.how = how
            creation.text = joined(creation.text, text)
            creation.files += tuple(files)

    def send_to(
        self,
        conversation_id: str,
        text: str,
        files: tuple[Chosen, ...],
        *,
        draft: str,
        how: How | None = None,
    ) -> None:
        """Send a message in any conversation.

        Args:
            draft: What counts as the draft until the message is on disk, which may have to wait: its text
                and what comes behind it.
            how: Asks in the place of the usual way; None for that.
        """
        if self.facts and self.facts.id == conversation_id and self.facts.draft != draft:
            keep = operations.save_draft(app=self._app, conversation_id=conversation_id, text=draft)
            self._runner.start(keep, done=self._on_draft_kept)
        if how is not None:
            how(conversation_id, text, files)
            return
        send = operations.send_message(
            app=self._app, conversation_id=conversation_id, text=text, files=given_by(files)
        )
        self._talk.ask(send, LiveReply(conversation_id, text, files=files))

    def edit(self, message_id: str, text: str, files: Sequence[Chosen] = ()) -> None:
        """Send another version of a message, with these files."""
        edit = operations.edit_message(app=self._app, message_id=message_id, text=text, files=given_by(files))
        self._talk.ask(edit, LiveReply(self.id, text, replaces=message_id, files=tuple(files)))

    def answer_again(self, message_id: str) -> None:
        """Let the model answer again, as another version of a reply."""
        again = operations.regenerate(app=self._app, message_id=message_id)
        self._talk.ask(again, LiveReply(self.id, replaces=message_id))

    def go_on(self, shown: Shown) -> None:
        """Let the model go on with a reply, as another version of it."""
        on = operations.go_on(app=self._app, message_id=shown.message.id)
        live = LiveReply(
            self.id, replaces=shown.message.id, text=shown.message.text, reasoning=shown.reasoning
        )
        self._talk.ask(on, live)

    # --- inside -----------------------------------------------------------------------------------

    def _on_read(self, read: Opened) -> None:
        if read.conversation.id != self.id:
            return
        is_first = self.facts is None or self.facts.id != self.id
        self.facts = read.conversation
        self._known = {one.message.id: one for one in read.shown if not one.is_bare}
        shown = merge(read.shown, self.live)
        (self.opened if is_first else self.refreshed).emit(shown)
        self.changed.emit()

    def _on_draft_kept(self, changed: Conversation) -> None:
        if self.facts and changed.id == self.facts.id:  # one that is still being read comes whole
            self.facts = changed

    def _on_instructed(self, changed: Conversation) -> None:
        if self.facts and changed.id == self.facts.id:
            self.facts, self._instruction = changed, None
            self.changed.emit()

    def _new(self, draft: str) -> Operation:
        return operations.new_conversation(
            app=self._app, draft=draft, system_prompt=self.system_prompt, settings=self.settings
        )

    def _create(self, text: str) -> Creation:
        """Put the new conversation on disk, once, whether it begins with a draft or a message."""
        if self._creation is None:
            creation = self._creation = Creation()
            new = creation.making(self._new(text))
            self._runner.start(new, ended=lambda ended: self._on_created(creation, ended))
        return self._creation

    def _on_created(self, creation: Creation, ended: JobEnded) -> None:
        is_here, text = creation is self._creation, creation.text
        if is_here:
            self._creation = None
        if ended.error is not None or ended.result is None:
            self.refused.emit(text if is_here else "", creation.files if is_here else (), ended)
            return
        if is_here:
            self.id, self.facts = ended.result.id, ended.result
            for key, value in list(self._wishes.items()):
                if ended.result.settings.get(key) != value:  # chosen while it was on its way to the disk
                    self.choose(key, value)
            if self.system_prompt != ended.result.system_prompt:
                self.instruct(self.system_prompt)
            self._instruction = None
            self.changed.emit()
        if creation.is_to_be_sent:
            self.send_to(ended.result.id, text, creation.files, draft=text, how=creation.how)

    def _on_ended(self, live: LiveReply, ended: JobEnded) -> None:
        is_here = live.conversation_id == self.id
        if not live.is_saved and self.cares_for(live.conversation_id):
            self.refused.emit(live.question if is_here else "", live.files if is_here else (), ended)
        if is_here:
            self.refresh()
