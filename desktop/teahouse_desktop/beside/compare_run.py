"""Asks one question in two ways, one reply after the other, and tells how far they are."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from teahouse.jobs import JobEnded
from teahouse_desktop.beside import compare
from teahouse_desktop.beside.compare import Comparison
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.composer.attaching import Chosen, given_by
from teahouse_desktop.operations import Operation
from teahouse_desktop.workplace import Workplace


class CompareRun(QObject):
    """A comparison on its way.

    Both replies go the way of any other: the conversation shows them too, as versions of one reply.

    Signals:
        changed: One of them has begun or ended, or is not asked any more.
        moved: (number, LiveReply): the status of one has changed.
        grew: (number, text, kind): text has arrived.
        stored: The number of a reply that has ended and can be read.
        refused: Neither was asked: the question could not be saved, and the conversation has its words again.
    """

    changed = Signal()
    moved = Signal(int, object)
    grew = Signal(int, str, str)
    stored = Signal(int)
    refused = Signal()

    def __init__(self, place: Workplace, made: Comparison) -> None:
        super().__init__(place.window)
        self._app, self._talk = place.app, place.chat.talk
        self.made = made
        self._replaced, self._stops_first = "", False
        self._talk.begun.connect(self._on_moved)
        self._talk.saved.connect(self._on_saved)
        self._talk.changed.connect(self._on_moved)
        self._talk.grew.connect(self._on_grew)

    def ask_new(self, chat: ChatPage, *, is_typed: bool) -> None:
        """Ask a new question at the end of a conversation.

        Args:
            is_typed: It comes from the message field, which is emptied, and takes its files with it.
        """
        files: tuple[Chosen, ...] = ()
        if is_typed:
            files = chat.composer.tray.take()
            chat.composer.set_text("")
        chat.conversation.refused.connect(self._on_refused)
        behind = chat.draft_of(chat.conversation.id)
        chat.conversation.send(self.made.question, files, draft=behind, how=self._ask_saved)

    def ask_again(self, *, replaced: str) -> None:
        """Ask the question again that stands in the conversation; `replaced` is the reply shown below it."""
        self._replaced = replaced
        self._ask_first(LiveReply(self.made.conversation_id, replaces=replaced), None)

    def stop(self, number: int) -> None:
        """End one of the two; the other one is not touched."""
        side = self.made.sides[number]
        if side.state == "waiting" and number == 0:
            self._stops_first = True  # it is asked as soon as the conversation is on the disk
        elif side.state == "waiting":
            side.state = "dropped"
        elif side.state == "live":
            self.made.is_stopped_here = True
            self._talk.stop(self.made.conversation_id)
        self.changed.emit()

    # --- inside -----------------------------------------------------------------------------------

    def _ask_saved(self, conversation_id: str, text: str, files: tuple[Chosen, ...]) -> None:
        """The conversation is on the disk."""
        self.made.conversation_id = conversation_id
        self._ask_first(LiveReply(conversation_id, text, files=files), text)

    def _ask_first(self, live: LiveReply, text: str | None) -> None:
        operation = compare.ask_way(
            app=self._app,
            conversation_id=live.conversation_id,
            way=self.made.sides[0].way,
            text=text,
            files=given_by(live.files),
            parent_id=self.made.question_id or None,
        )
        self._ask(0, operation, live)
        if self._stops_first:
            self.stop(0)

    def _ask_second(self) -> None:
        first, second = self.made.sides
        if second.state != "waiting":
            return  # not wanted any more
        operation = compare.ask_way(
            app=self._app,
            conversation_id=self.made.conversation_id,
            way=second.way,
            parent_id=self.made.question_id,
        )
        below = first.reply_id or self._replaced
        self._ask(1, operation, LiveReply(self.made.conversation_id, replaces=below))

    def _ask(self, number: int, operation: Operation, live: LiveReply) -> None:
        side = self.made.sides[number]
        side.state, side.live = "live", live
        self._talk.ask(operation, live, then=partial(self._on_ended, number))
        self.changed.emit()

    def _on_ended(self, number: int, ended: JobEnded) -> None:
        """A crash or a refusal of one says nothing about the other; a stop from elsewhere means both."""
        made = self.made
        side, other = made.sides[number], made.sides[1 - number]
        side.state = "ended" if side.reply_id else "dropped"
        is_by_itself = made.is_stopped_here if ended.is_cancelled else bool(side.reply_id)
        made.is_stopped_here = False
        if other.state == "waiting" and is_by_itself and made.question_id:
            # One that had not begun has nothing to be replaced: the conversation is read again first.
            self._ask_second() if side.reply_id else QTimer.singleShot(0, self, self._ask_second)
        elif other.state == "waiting":
            other.state = "dropped"
        self.changed.emit()
        if side.reply_id:
            self.stored.emit(number)
        elif not made.is_running and not other.reply_id:
            self.refused.emit()
        if not made.is_running:
            self.deleteLater()  # it hears of replies of others no more

    def _on_refused(self, *_told: object) -> None:
        """The new conversation could not be made: nobody is asked."""
        first, second = self.made.sides
        if first.state == "waiting":
            first.state = second.state = "dropped"
            self.changed.emit()
            self.refused.emit()
            self.deleteLater()

    def _on_moved(self, live: LiveReply) -> None:
        if (number := self.made.place_of(live)) >= 0:
            self.moved.emit(number, live)

    def _on_saved(self, live: LiveReply) -> None:
        """The store knows the reply, also where nobody looks at it any more."""
        if (number := self.made.place_of(live)) >= 0:
            self.made.sides[number].reply_id = live.reply_id
            self.made.question_id = self.made.question_id or live.user_id
            self.moved.emit(number, live)

    def _on_grew(self, live: LiveReply, text: str, kind: str) -> None:
        if (number := self.made.place_of(live)) >= 0:
            self.grew.emit(number, text, kind)
