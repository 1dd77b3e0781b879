"""What the window does when the same question is asked in two ways: asks how, shows both, lets choose."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt

from teahouse.events import Changed
from teahouse.messages import Message
from teahouse_desktop.beside import asking, compare
from teahouse_desktop.beside.compare import COMPARE, Comparison, Side, Way
from teahouse_desktop.beside.compare_dialog import CompareDialog
from teahouse_desktop.beside.compare_page import ComparePage
from teahouse_desktop.beside.compare_run import CompareRun
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.looks.look import Look
from teahouse_desktop.workplace import Workplace


class CompareDesk(QObject):
    """Connects the window in which two ways are chosen, what asks for the replies, and the page with both."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place, self._runner = place, place.runner
        self._comparison: Comparison | None = None
        self._run: CompareRun | None = None
        self._page: ComparePage | None = None
        self._last: tuple[Way, Way] | None = None
        place.pages.add(COMPARE, self._make_page)
        place.pages.changed.connect(self._on_page)
        place.window.bridge.received.connect(self._on_event)

    def act(self, name: str, message_id: str) -> None:
        """Do what was chosen on a message of a conversation."""
        if name == "compare":
            self.ask(message_id)
        elif name == "compare_versions":
            ids = asking.versions_of(asking.chat_with(self._place, message_id), message_id)
            first = max(0, ids.index(message_id) - 1) if message_id in ids else 0
            if len(ids) > 1:
                self.show_versions(ids[first], ids[first + 1])

    def ask(self, message_id: str = "") -> None:
        """Let the person choose two ways to ask what is written, else the last question, or a message."""
        chat = asking.chat_with(self._place, message_id)
        if chat.live is not None or (chat.composer.is_editing and not message_id):
            asking.tell_why_not(chat)
            return
        if not chat.composer.can_send:
            return  # the page says that there is no model
        typed = "" if message_id else chat.composer.text.strip()
        is_new = not message_id and bool(typed or chat.composer.tray.items)
        asked = None if is_new else asking.question_of(chat, message_id)
        dialog = CompareDialog(
            typed or (asked.text if asked else ""),
            models=asking.models_at(self._place),
            ways=asking.ways_for(self._place, chat, last=self._last),
            told=chat.conversation.system_prompt or str(self._place.app.settings.get("chat.system_prompt")),
            is_asked=asked is not None,
            parent=self._place.window,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_typed = asked is None and not message_id
        dialog.asked.connect(partial(self._begin, chat, asked, is_typed=is_typed))
        chat.conversation.opened.connect(dialog.reject)  # it would be asked in another one
        dialog.open()

    def show_versions(self, first_id: str, second_id: str) -> None:
        """Show two versions of a reply that are there already."""

        def show(shown: list[Shown]) -> None:
            ways = [compare.way_of(one.generation) for one in shown]
            sides = [Side(way, "ended", None, one.message.id) for way, one in zip(ways, shown, strict=True)]
            made = Comparison("", (sides[0], sides[1]), shown[0].message.conversation_id)
            self._show(made, None)
            for number, one in enumerate(shown):
                self._page_now().columns[number].show_stored(one)
            read = compare.read_question(app=self._place.app, reply_id=first_id)
            self._runner.start(read, done=partial(tell_question, made))

        def tell_question(made: Comparison, text: str) -> None:
            made.question = text
            if made is self._comparison:
                self._page_now().refresh()

        read = compare.read_replies(app=self._place.app, message_ids=[first_id, second_id])
        self._runner.start(read, done=show)

    # --- inside: two replies on their way -------------------------------------------------------------

    def _begin(
        self,
        chat: ChatPage,
        asked: Message | None,
        text: str,
        ways: tuple[Way, Way],
        is_again: bool,
        *,
        is_typed: bool,
    ) -> None:
        if chat.live is not None:
            asking.tell_why_not(chat)
            return
        self._last = ways
        made = Comparison(text, (Side(ways[0]), Side(ways[1])))
        run = CompareRun(self._place, made)
        self._follow(run)
        self._show(made, run)
        if is_again and asked is not None:
            made.conversation_id, made.question_id = asked.conversation_id, asked.id
            run.ask_again(replaced=asking.reply_to(chat, asked.id))
        else:
            run.ask_new(chat, is_typed=is_typed)

    def _follow(self, run: CompareRun) -> None:
        """An earlier one goes its way too, but the page shows only the last."""

        def if_shown(act: Callable[..., None]) -> Callable[..., None]:
            return lambda *values: act(*values) if run is self._run else None

        run.changed.connect(if_shown(lambda: self._page_now().refresh()))
        run.moved.connect(if_shown(lambda number, live: self._page_now().columns[number].show_live(live)))
        run.grew.connect(if_shown(lambda number, *text: self._page_now().columns[number].feed(*text)))
        run.stored.connect(if_shown(self._read))
        run.refused.connect(if_shown(self._place.pages.close))  # the chat says why

    def _read(self, number: int) -> None:
        made = self._comparison
        if made is None:
            return

        def show(shown: list[Shown]) -> None:
            if made is self._comparison:
                self._page_now().columns[number].show_stored(shown[0])

        ids = [made.sides[number].reply_id]
        self._runner.start(compare.read_replies(app=self._place.app, message_ids=ids), done=show)

    # --- inside: what people decide -------------------------------------------------------------------

    def _stop(self, number: int) -> None:
        if self._run is not None and self._run.made.is_running:
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
            self._runner.start(keep, done=lambda _: self._go_on(made))

    def _leave(self, made: Comparison) -> None:
        self._place.pages.close()
        for chat in self._place.chats:
            if chat.conversation.id == made.conversation_id:
                chat.conversation.refresh()
        self._place.active.focus_composer()

    def _go_on(self, made: Comparison) -> None:
        """Show the conversation with the chosen reply, also where another one was opened meanwhile."""
        open_in = next((c for c in self._place.chats if c.conversation.id == made.conversation_id), None)
        if open_in is None:
            self._place.window.desks.lists.open(made.conversation_id)
        elif open_in is not self._place.active:
            open_in.wanted.emit()
        self._leave(made)

    def _on_page(self, name: str) -> None:
        """Who leaves two replies that are still being made finds the way back."""
        made = self._comparison
        if name == COMPARE:
            self._read_again()
        elif made is not None and made.is_running:
            text = self.tr("Two replies to the same question are being made, one after the other.")
            show = partial(self._place.pages.open, COMPARE)
            self._place.active.notices.offer(text, self.tr("Show both"), show)

    def _act(self, name: str, message_id: str) -> None:
        """What is chosen on one of the two replies."""
        desks = self._place.window.desks
        if name in ("pin", "unpin"):
            desks.contexts.pin(message_id, is_pinned=name == "pin")
        else:
            desks.judge.act(name, message_id)

    def _on_event(self, event: object) -> None:
        """One of the two was judged, here or elsewhere."""
        made, is_told = self._comparison, isinstance(event, Changed) and "messages" in event.kinds
        if made is None or not is_told or self._place.pages.current != COMPARE:
            return
        if isinstance(event, Changed) and event.conversation_id in ("", made.conversation_id):
            self._read_again()

    def _read_again(self) -> None:
        for number, side in enumerate(self._comparison.sides if self._comparison else ()):
            if side.state == "ended":
                self._read(number)

    # --- inside: the page -----------------------------------------------------------------------------

    def _make_page(self, look: Look) -> ComparePage:
        page = self._page = ComparePage(look, self._place.window)
        page.stopped.connect(self._stop)
        page.kept.connect(self._keep)
        page.acted.connect(self._act)
        page.facts_requested.connect(self._show_facts)
        page.link_requested.connect(self._place.chat.transcript.link_requested)
        for column in page.columns:
            self._place.window.panels.parts.join(column.transcript)
        return page

    def _show_facts(self, shown: Shown) -> None:
        from teahouse_desktop.chat.reply_facts_dialog import ReplyFactsDialog

        dialog = ReplyFactsDialog(shown, self._place.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _page_now(self) -> ComparePage:
        if self._page is None:
            self._place.pages.page(COMPARE)
        assert self._page is not None
        return self._page

    def _show(self, made: Comparison, run: CompareRun | None) -> None:
        self._comparison, self._run = made, run
        self._page_now().open(made)
        self._place.pages.open(COMPARE)
