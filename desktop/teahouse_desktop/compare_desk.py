"""What the window does when the same question is asked in two ways: asks for them, follows both replies."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt

from teahouse.chat.turn import ROOT
from teahouse.jobs import JobEnded
from teahouse.messages import Message
from teahouse_desktop import compare
from teahouse_desktop.attaching import Chosen, given_by
from teahouse_desktop.chat import ChatPage
from teahouse_desktop.compare import COMPARE, Comparison, Side, Way
from teahouse_desktop.compare_dialog import CompareDialog
from teahouse_desktop.compare_page import ComparePage
from teahouse_desktop.look import Look
from teahouse_desktop.operations import Operation
from teahouse_desktop.replies import LiveReply
from teahouse_desktop.shown import Shown
from teahouse_desktop.workplace import Workplace


class CompareDesk(QObject):
    """Asks a question twice, one reply after the other, and shows both side by side.

    Both replies go the way of any other: the conversation shows them too, as versions of one reply.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place = place
        self._comparison: Comparison | None = None
        self._page: ComparePage | None = None
        self._last: tuple[Way, Way] | None = None
        place.pages.add(COMPARE, self._make_page)
        talk = place.chat.talk
        talk.begun.connect(self._on_live)
        talk.saved.connect(self._on_saved)
        talk.changed.connect(self._on_live)
        talk.grew.connect(self._on_grew)

    def act(self, name: str, message_id: str) -> None:
        """Do what was chosen on a message of a conversation."""
        if name == "compare":
            self.ask(message_id)
        elif name == "compare_versions":
            items = self._place.active.transcript.column.items
            index = self._place.active.transcript.column.index_of(message_id)
            ids = items[index].shown.sibling_ids if index >= 0 else ()
            place = ids.index(message_id) if message_id in ids else 0
            if len(ids) > 1:
                first = max(0, place - 1)
                self.show_versions(ids[first], ids[first + 1])

    # --- asking -------------------------------------------------------------------------------------

    def ask(self, message_id: str = "") -> None:
        """Let the person choose two ways to ask what is written, else the last question, or a message."""
        chat = self._place.active
        if chat.live is not None or not chat.composer.can_send:
            return
        typed = "" if message_id else chat.composer.text.strip()
        asked = None if typed or chat.composer.tray.items else _question(chat, message_id)
        dialog = CompareDialog(
            typed or (asked.text if asked else ""),
            models=self._models(),
            ways=self._last or self._usual(chat),
            told=chat.conversation.system_prompt or str(self._place.app.settings.get("chat.system_prompt")),
            is_asked=asked is not None,
            parent=self._place.window,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.asked.connect(partial(self._begin, chat, asked))
        dialog.open()

    def show_versions(self, first_id: str, second_id: str) -> None:
        """Show two versions of a reply that are there already."""

        def show(shown: list[Shown]) -> None:
            ways = [compare.way_of(one.generation) or Way("", 0.0) for one in shown]
            sides = [Side(way, "ended", None, one.message.id) for way, one in zip(ways, shown, strict=True)]
            made = Comparison("", (sides[0], sides[1]), shown[0].message.conversation_id)
            self._show(made)
            for number, one in enumerate(shown):
                self._page_now().columns[number].show_stored(one)
            read = compare.read_question(app=self._place.app, reply_id=first_id)
            self._start(read, partial(self._tell_question, made))

        self._start(compare.read_replies(app=self._place.app, message_ids=[first_id, second_id]), show)

    # --- inside: the way of a comparison --------------------------------------------------------------

    def _begin(
        self, chat: ChatPage, asked: Message | None, text: str, ways: tuple[Way, Way], is_again: bool
    ) -> None:
        if chat.live is not None:
            return
        self._last = ways
        made = Comparison(text, (Side(ways[0]), Side(ways[1])))
        self._show(made)
        if is_again and asked is not None:
            made.conversation_id, made.question_id = asked.conversation_id, asked.id
            self._ask_first(made, asked.conversation_id, None, (), replaced=_reply_to(chat, asked.id))
            return
        files = chat.composer.tray.take()
        chat.composer.set_text("")
        waiting = chat.waiting.draft(chat.conversation.id, "")
        chat.conversation.send(text, files, draft=waiting, how=partial(self._ask_new, made))

    def _ask_new(self, made: Comparison, conversation_id: str, text: str, files: tuple[Chosen, ...]) -> None:
        made.conversation_id = conversation_id
        self._ask_first(made, conversation_id, text, files)

    def _ask_first(
        self,
        made: Comparison,
        conversation_id: str,
        text: str | None,
        files: tuple[Chosen, ...],
        *,
        replaced: str = "",
    ) -> None:
        side = made.sides[0]
        side.live = LiveReply(conversation_id, text or "", replaces=replaced, files=files)
        operation = compare.ask_way(
            app=self._place.app,
            conversation_id=conversation_id,
            way=side.way,
            text=text,
            files=given_by(files),
            parent_id=made.question_id or None,
        )
        self._ask(made, 0, operation)

    def _ask_second(self, made: Comparison) -> None:
        side, first = made.sides[1], made.sides[0]
        side.live = LiveReply(made.conversation_id, replaces=first.reply_id)
        operation = compare.ask_way(
            app=self._place.app,
            conversation_id=made.conversation_id,
            way=side.way,
            parent_id=made.question_id or ROOT,
        )
        self._ask(made, 1, operation)

    def _ask(self, made: Comparison, number: int, operation: Operation) -> None:
        side = made.sides[number]
        assert side.live is not None
        side.state = "live"
        self._place.chat.talk.ask(operation, side.live, then=partial(self._on_ended, made, number))
        self._refresh(made)

    def _on_ended(self, made: Comparison, number: int, ended: JobEnded) -> None:
        side, other = made.sides[number], made.sides[1 - number]
        side.state = "ended" if side.reply_id else "dropped"
        goes_on = bool(side.reply_id) and (not ended.is_cancelled or made.is_stopped_here)
        made.is_stopped_here = False
        if not made.question_id and made is self._comparison:
            self._place.pages.close()  # nothing was saved: the chat says why, and has the words again
        if other.state == "waiting" and goes_on:
            self._ask_second(made)
        elif other.state == "waiting":
            other.state = "dropped"
        if made is self._comparison:
            self._refresh(made)
            if side.reply_id:
                read = compare.read_replies(app=self._place.app, message_ids=[side.reply_id])
                self._start(read, lambda shown: self._on_read(made, number, shown))

    def _on_read(self, made: Comparison, number: int, shown: list[Shown]) -> None:
        if made is self._comparison and shown:
            self._page_now().columns[number].show_stored(shown[0])
            self._refresh(made)

    def _on_live(self, live: LiveReply) -> None:
        if (number := self._number(live)) >= 0:
            self._page_now().columns[number].show_live(live)

    def _on_saved(self, live: LiveReply) -> None:
        """The store knows the reply, also where nobody looks at it any more."""
        if (number := self._number(live)) >= 0 and self._comparison is not None:
            self._comparison.sides[number].reply_id = live.reply_id
            self._comparison.question_id = self._comparison.question_id or live.user_id
            self._on_live(live)

    def _on_grew(self, live: LiveReply, text: str, kind: str) -> None:
        if (number := self._number(live)) >= 0:
            self._page_now().columns[number].feed(text, kind)

    # --- inside: what people decide -------------------------------------------------------------------

    def _stop(self, number: int) -> None:
        """End one of the two; the other one is not touched."""
        made = self._comparison
        if made is None:
            return
        side = made.sides[number]
        if side.state == "waiting":
            side.state = "dropped"
        elif side.state == "live":
            made.is_stopped_here = True
            self._place.chat.talk.stop(made.conversation_id)
        self._refresh(made)

    def _keep(self, number: int) -> None:
        """Go on with one reply; the other one stays as a version."""
        made = self._comparison
        if made is not None and not made.is_running and (reply_id := made.sides[number].reply_id):
            keep = compare.keep_reply(app=self._place.app, message_id=reply_id)
            self._start(keep, lambda _: self._leave(made))

    def _leave(self, made: Comparison) -> None:
        self._place.pages.close()
        if made.conversation_id == self._place.active.conversation.id:
            self._place.active.conversation.refresh()
        self._place.active.focus_composer()

    def _keep_both(self) -> None:
        if self._comparison is not None:
            self._leave(self._comparison)

    def _on_page(self, name: str) -> None:
        """Who leaves two replies that are still being made finds the way back."""
        made = self._comparison
        if name != COMPARE and made is not None and made.is_running:
            text = self.tr("Two replies to the same question are being made, one after the other.")
            show = partial(self._place.pages.open, COMPARE)
            self._place.active.notices.offer(text, self.tr("Show both"), show)

    def _act(self, name: str, message_id: str) -> None:
        """What is chosen on one of the two replies."""
        desks = self._place.window.desks
        if name in ("facts", "sent"):
            desks.contexts.show_sent(message_id) if name == "sent" else desks.contexts.show_facts(message_id)
        else:
            desks.judge.act(name, message_id)

    # --- inside: the page -----------------------------------------------------------------------------

    def _make_page(self, look: Look) -> ComparePage:
        page = self._page = ComparePage(look, self._place.window)
        page.stopped.connect(self._stop)
        page.kept.connect(self._keep)
        page.kept_both.connect(self._keep_both)
        page.acted.connect(self._act)
        self._place.pages.changed.connect(self._on_page)
        return page

    def _page_now(self) -> ComparePage:
        if self._page is None:
            self._place.pages.page(COMPARE)
        assert self._page is not None
        return self._page

    def _show(self, made: Comparison) -> None:
        self._comparison = made
        self._page_now().open(made)
        self._place.pages.open(COMPARE)

    def _refresh(self, made: Comparison) -> None:
        if made is self._comparison:
            self._page_now().refresh()

    def _tell_question(self, made: Comparison, text: str) -> None:
        made.question = text
        self._refresh(made)

    def _number(self, live: LiveReply) -> int:
        return self._comparison.place_of(live) if self._comparison else -1

    def _models(self) -> list[str]:
        models = self._place.topbar.picker.models.models
        return [model.name for model in models if not model.problem]

    def _usual(self, chat: ChatPage) -> tuple[Way, Way]:
        """As the conversation is answered, and the same from another model, or steady instead of varied."""
        facts, settings, own = chat.conversation.facts, self._place.app.settings, chat.conversation.settings
        name = self._place.topbar.picker.meant_by(facts.model if facts else "")
        temperature = float(own.get("chat.temperature", settings.get("chat.temperature")))
        usual = Way(name, temperature)
        others = [model for model in self._models() if model != name]
        if others:
            return usual, Way(others[0], temperature)
        return usual, Way(name, 0.0 if temperature else 1.0)

    def _start(self, operation: Operation, done: Callable[[Any], None]) -> None:
        self._place.runner.start(operation, done=done)


def _question(chat: ChatPage, message_id: str) -> Message | None:
    """The message that is asked again: the one named, the one that a reply answers, or the last one."""
    items = chat.transcript.column.items
    index = chat.transcript.column.index_of(message_id or chat.last_message_id("user"))
    while index >= 0 and not items[index].is_user:
        index -= 1
    return items[index].shown.message if index >= 0 else None


def _reply_to(chat: ChatPage, question_id: str) -> str:
    """Id of the reply below a question; empty for none."""
    items = chat.transcript.column.items
    below = chat.transcript.column.index_of(question_id) + 1
    return items[below].shown.message.id if 0 < below < len(items) else ""
