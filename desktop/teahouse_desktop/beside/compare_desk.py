"""What the window does when the same question is asked in two ways: asks how, shows both, lets choose."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt

from teahouse.messages import Message
from teahouse_desktop.beside import compare
from teahouse_desktop.beside.compare import COMPARE, Comparison, Side, Way
from teahouse_desktop.beside.compare_dialog import CompareDialog
from teahouse_desktop.beside.compare_page import ComparePage
from teahouse_desktop.beside.compare_run import CompareRun
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.looks.look import Look
from teahouse_desktop.operations import Operation
from teahouse_desktop.workplace import Workplace


class CompareDesk(QObject):
    """Connects the window in which two ways are chosen, what asks for the replies, and the page with both."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place = place
        self._comparison: Comparison | None = None
        self._run: CompareRun | None = None
        self._page: ComparePage | None = None
        self._last: tuple[Way, Way] | None = None
        place.pages.add(COMPARE, self._make_page)
        place.pages.changed.connect(self._on_page)

    def act(self, name: str, message_id: str) -> None:
        """Do what was chosen on a message of a conversation."""
        if name == "compare":
            self.ask(message_id)
        elif name == "compare_versions":
            ids = _versions(self._place.active, message_id)
            first = max(0, ids.index(message_id) - 1) if message_id in ids else 0
            if len(ids) > 1:
                self.show_versions(ids[first], ids[first + 1])

    def ask(self, message_id: str = "") -> None:
        """Let the person choose two ways to ask what is written, else the last question, or a message."""
        chat = self._place.active
        if chat.live is not None or (chat.composer.is_editing and not message_id):
            self._tell_why_not(chat)
            return
        if not chat.composer.can_send:
            return  # the page says that there is no model
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

    def _tell_why_not(self, chat: ChatPage) -> None:
        text = self.tr("A reply is being made in this conversation.")
        hint = self.tr("Two models can be asked when it has ended.")
        if chat.live is None:
            text = self.tr("An earlier message is being edited.")
            hint = self.tr("Two models can be asked when it is sent or cancelled.")
        chat.notices.show_text(text, hint)

    def show_versions(self, first_id: str, second_id: str) -> None:
        """Show two versions of a reply that are there already."""

        def show(shown: list[Shown]) -> None:
            ways = [compare.way_of(one.generation) or Way("", 0.0) for one in shown]
            sides = [Side(way, "ended", None, one.message.id) for way, one in zip(ways, shown, strict=True)]
            made = Comparison("", (sides[0], sides[1]), shown[0].message.conversation_id)
            self._show(made, None)
            for number, one in enumerate(shown):
                self._page_now().columns[number].show_stored(one)
            read = compare.read_question(app=self._place.app, reply_id=first_id)
            self._start(read, partial(self._tell_question, made))

        self._start(compare.read_replies(app=self._place.app, message_ids=[first_id, second_id]), show)

    # --- inside: two replies on their way -------------------------------------------------------------

    def _begin(
        self, chat: ChatPage, asked: Message | None, text: str, ways: tuple[Way, Way], is_again: bool
    ) -> None:
        if chat.live is not None:
            return
        self._last = ways
        made = Comparison(text, (Side(ways[0]), Side(ways[1])))
        run = CompareRun(self._place, made)
        self._follow(run)
        self._show(made, run)
        if is_again and asked is not None:
            made.conversation_id, made.question_id = asked.conversation_id, asked.id
            run.ask_again(replaced=_reply_to(chat, asked.id))
        else:
            run.ask_new(chat)

    def _follow(self, run: CompareRun) -> None:
        """An earlier one goes its way too, but the page shows only the last."""

        def if_shown(act: Callable[..., None]) -> Callable[..., None]:
            return lambda *values: act(*values) if run is self._run else None

        run.changed.connect(if_shown(lambda: self._page_now().refresh()))
        run.moved.connect(if_shown(self._on_moved))
        run.grew.connect(if_shown(lambda number, *text: self._page_now().columns[number].feed(*text)))
        run.stored.connect(if_shown(self._read))
        run.refused.connect(if_shown(self._place.pages.close))  # the chat says why

    def _on_moved(self, number: int, live: LiveReply) -> None:
        self._page_now().columns[number].show_live(live)

    def _read(self, number: int) -> None:
        made = self._comparison
        if made is None:
            return

        def show(shown: list[Shown]) -> None:
            if made is self._comparison:
                self._page_now().columns[number].show_stored(shown[0])

        ids = [made.sides[number].reply_id]
        self._start(compare.read_replies(app=self._place.app, message_ids=ids), show)

    # --- inside: what people decide -------------------------------------------------------------------

    def _stop(self, number: int) -> None:
        if self._run is not None:
            self._run.stop(number)

    def _keep(self, number: int) -> None:
        """Go on with one reply; the other one stays as a version. Without a number both stay as they are."""
        made = self._comparison
        if made is None or made.is_running:
            return
        if number < 0:
            self._leave(made)
        elif reply_id := made.sides[number].reply_id:
            keep = compare.keep_reply(app=self._place.app, message_id=reply_id)
            self._start(keep, lambda _: self._leave(made))

    def _leave(self, made: Comparison) -> None:
        self._place.pages.close()
        for chat in self._place.chats:
            if chat.conversation.id == made.conversation_id:
                chat.conversation.refresh()
        self._place.active.focus_composer()

    def _on_page(self, name: str) -> None:
        """Who leaves two replies that are still being made finds the way back."""
        made = self._comparison
        if name != COMPARE and made is not None and made.is_running:
            text = self.tr("Two replies to the same question are being made, one after the other.")
            show = partial(self._place.pages.open, COMPARE)
            self._place.active.notices.offer(text, self.tr("Show both"), show)

    def _act(self, name: str, message_id: str) -> None:
        """What is chosen on one of the two replies."""
        self._place.window.desks.judge.act(name, message_id)

    # --- inside: the page -----------------------------------------------------------------------------

    def _make_page(self, look: Look) -> ComparePage:
        page = self._page = ComparePage(look, self._place.window)
        page.stopped.connect(self._stop)
        page.kept.connect(self._keep)
        page.acted.connect(self._act)
        page.facts_requested.connect(lambda id_: self._place.window.desks.contexts.show_facts(id_))
        return page

    def _page_now(self) -> ComparePage:
        if self._page is None:
            self._place.pages.page(COMPARE)
        assert self._page is not None
        return self._page

    def _show(self, made: Comparison, run: CompareRun | None) -> None:
        self._comparison, self._run = made, run
        self._page_now().open(made)
        self._place.pages.open(COMPARE)

    def _tell_question(self, made: Comparison, text: str) -> None:
        made.question = text
        if made is self._comparison:
            self._page_now().refresh()

    def _models(self) -> list[str]:
        models = self._place.topbar.picker.models.models
        return [model.name for model in models if not model.problem]

    def _usual(self, chat: ChatPage) -> tuple[Way, Way]:
        """As the conversation is answered, and the same from another model, or steady instead of varied."""
        facts, settings, own = chat.conversation.facts, self._place.app.settings, chat.conversation.settings
        name = self._place.topbar.picker.meant_by(facts.model if facts else "")
        temperature = float(own.get("chat.temperature", settings.get("chat.temperature")))
        others = [model for model in self._models() if model != name]
        if others:
            return Way(name, temperature), Way(others[0], temperature)
        return Way(name, temperature), Way(name, 0.0 if temperature else 1.0)

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


def _versions(chat: ChatPage, message_id: str) -> tuple[str, ...]:
    """Ids of all versions of a message."""
    index = chat.transcript.column.index_of(message_id)
    return chat.transcript.column.items[index].shown.sibling_ids if index >= 0 else ()
