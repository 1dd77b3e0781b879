"""What happens in the quick-ask window: questions, the reply as it comes, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from teahouse.jobs import JobEnded
from teahouse_desktop.chat.conversation import OpenConversation
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.composer.attaching import Chosen
from teahouse_desktop.composer.waiting import joined
from teahouse_desktop.quick.quick_window import QuickWindow
from teahouse_desktop.runner import in_words
from teahouse_desktop.transcript import accessible, words
from teahouse_desktop.workplace import Workplace


class QuickTalk(QObject):
    """Talks in the quick-ask window; the replies are the main window's own, so they go on there too.

    Attributes:
        is_on_its_way: A first question has been asked, and its conversation has no id yet.

    Signals:
        act_requested: (name, message id): something to be done on a message that takes the main window.
    """

    act_requested = Signal(str, str)

    def __init__(self, place: Workplace, window: QuickWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._transcript = window, window.transcript
        self._talk = place.chat.talk
        self.conversation = OpenConversation(place.app, place.runner, self._talk, self)
        self.is_on_its_way = False
        self._connect()

    @property
    def live(self) -> LiveReply | None:
        """The reply that is being made here."""
        return self.conversation.live

    @property
    def is_begun(self) -> bool:
        """Whether something has been asked here."""
        return bool(self._transcript.column.items)

    def begin(self) -> None:
        """Another question, in a conversation of its own; a running reply goes on where it is."""
        self.is_on_its_way = False
        self.conversation.open("")

    def ask(self, text: str) -> None:
        """Send a question, here or as the first of a conversation."""
        if self.live is None and not self.is_on_its_way:
            self._window.composer.set_text("")
            self.is_on_its_way = not self.conversation.id
            self.conversation.send(text)

    def stop(self) -> None:
        """Stop the reply that is being made here."""
        if self.live is not None:
            self._talk.stop(self.conversation.id)

    def act(self, name: str, message_id: str) -> None:
        """Do what was chosen on a message."""
        index = self._transcript.column.index_of(message_id)
        if index < 0 or self.live is not None:
            return
        shown = self._transcript.column.items[index].shown
        if name in ("regenerate", "retry"):
            self.conversation.answer_again(message_id)
        elif name == "continue":
            self.conversation.go_on(shown)
        elif name in ("previous", "next"):
            self.conversation.show_version(shown.sibling(-1 if name == "previous" else +1))
        else:
            self.act_requested.emit(name, message_id)

    # --- inside -------------------------------------------------------------------------------------

    def _on_opened(self, shown: list[Shown]) -> None:
        self._transcript.open(shown)
        self._show_state()

    def _on_refreshed(self, shown: list[Shown]) -> None:
        self._transcript.refresh(shown)
        self._show_state()

    def _on_refused(self, text: str, _files: Sequence[Chosen], ended: JobEnded) -> None:
        """Nothing was saved: the words go back into the field, with the reason."""
        self.is_on_its_way = False
        if text:
            self._window.composer.set_text(joined(text, self._window.composer.text))
        if ended.error is not None:
            self._window.notices.show_text(*in_words(ended.error), is_error=True)
        self._show_state()

    def _on_begun(self, live: LiveReply) -> None:
        if live is self.live:
            self.is_on_its_way = False
            if live.replaces:
                self._transcript.truncate(live.replaces)
            self._transcript.append(*live.shown())
            self._show_state()

    def _on_saved(self, live: LiveReply) -> None:
        is_mine = self.conversation.cares_for(live.conversation_id)
        if live.has_question and not live.replaces and is_mine:
            self.conversation.drop_draft(live, "")
        self._show_live(live)

    def _on_grew(self, live: LiveReply, text: str, kind: str) -> None:
        if live is self.live and self.is_begun:
            self._transcript.feed(len(self._transcript.column.items) - 1, text, kind)

    def _show_live(self, live: LiveReply) -> None:
        if live is not self.live:
            return
        self._window.composer.button.set_stopping(live.is_stopping, can_force=live.can_force)
        shown = live.shown()
        first = len(self._transcript.column.items) - len(shown)
        for offset, one in enumerate(shown if first >= 0 else ()):
            self._transcript.update_message(first + offset, one)

    def _on_ended(self, live: LiveReply, ended: JobEnded) -> None:
        if live.conversation_id != self.conversation.id:
            return
        self._show_state()
        if ended.error is not None:
            accessible.announce(self._transcript, " ".join(in_words(ended.error)))
        elif live.text:
            said = words.spoken(live.shown()[-1].with_state("complete"), live.text)
            accessible.announce(self._transcript, said)

    def _show_state(self) -> None:
        self._window.show_answer(self.is_begun)
        self._window.composer.button.set_replying(self.live is not None)
        self._transcript.set_can_ask(self.live is None)

    def _connect(self) -> None:
        window, talk, conversation = self._window, self._talk, self.conversation
        window.asked.connect(self.ask)
        window.stop_requested.connect(self.stop)
        window.new_requested.connect(self.begin)
        window.transcript.action_requested.connect(self.act)
        conversation.opened.connect(self._on_opened)
        conversation.refreshed.connect(self._on_refreshed)
        conversation.refused.connect(self._on_refused)
        talk.begun.connect(self._on_begun)
        talk.saved.connect(self._on_saved)
        talk.grew.connect(self._on_grew)
        talk.changed.connect(self._show_live)
        talk.ended.connect(self._on_ended)
