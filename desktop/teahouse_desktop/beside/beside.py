"""What the window does with two conversations side by side: opens, closes, follows where people work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from operator import attrgetter

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QAbstractButton, QApplication

from teahouse.events import Changed
from teahouse.messages import Conversation
from teahouse_desktop.beside.beside_view import Sides
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.conversations import keeping
from teahouse_desktop.desks import Desks
from teahouse_desktop.language.languages import translate
from teahouse_desktop.late import Late
from teahouse_desktop.operations import ModelList
from teahouse_desktop.remembering import remember
from teahouse_desktop.switchboard import compare
from teahouse_desktop.workplace import Workplace

OF_A_PAGE = ("contexts", "files", "waiting", "slash", "mentions", "judge", "branches", "prompts")
"""Desks that each page has for itself, and that listen to it."""

BESIDE, WHERE = "beside", "beside_at"
"""In the window's memory: the conversation on the other side, and whether it is at the `left` or `right`."""


class _SideDesks(Desks):
    """The desks of the second page; all that work for the window are the first one's."""

    def __init__(self, place: Workplace, page: ChatPage) -> None:
        super().__init__(replace(place, chat=page))
        self.own = place.window.desks
        for name in OF_A_PAGE:
            getattr(self, name)
        self.files.share_with(self.own.files)
        self.prompts.share_with(self.own.prompts)

    def is_made(self, name: str) -> bool:
        """Whether a desk has been asked for yet."""
        return super().is_made(name) or (name in OF_THE_WINDOW and self.own.is_made(name))


OF_THE_WINDOW = [
    name
    for name, made in vars(Desks).items()
    if isinstance(made, Late) and name not in (*OF_A_PAGE, "last_turn")
]
for _name in OF_THE_WINDOW:
    setattr(_SideDesks, _name, property(attrgetter(f"own.{_name}")))


class BesideDesk(QObject):
    """Two pages with conversations: the window's own, and a second one that is shown when it is asked for.

    The window's `chat` and `desks` are those of the page on which people work.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place, self._window = place, place.window
        first = place.chat
        second = ChatPage(place.app, place.runner, place.look, place.window, beside=first)
        first.beside = second
        self._pages = (first, second)
        self._is_moving = self._is_finished = self._is_restoring = False
        self._kept = tuple(str(place.memory.value(key) or "") for key in (BESIDE, WHERE))
        before = QApplication.focusWidget()
        self.sides = Sides(self._pages, place.look, place.window.middle)
        self.sides.resize(place.window.middle.size())  # known at once: is there room for two?
        place.pages.hold(self.sides)
        if before is not None and first.isAncestorOf(before):
            before.setFocus()  # it was lost with the move
        self._desks = (place.window.desks, _SideDesks(place, second))
        self._connect()

    # --- what people do -----------------------------------------------------------------------------

    @property
    def is_double(self) -> bool:
        """Whether two conversations are open."""
        return self.sides.is_double

    def open(self, conversation_id: str = "") -> None:
        """Open a conversation on the other side, or a new one; one that is open already is gone to."""
        self._place.pages.close()
        page = self._page_of(conversation_id) if conversation_id else None
        if page is None and not (self.is_double and not conversation_id):
            page = self._other
            self._is_restoring = False
            with self._moving():
                self.sides.show_both(True)
                page.open(conversation_id)
        self.activate(page or self._other)
        self._window.chat.focus_composer()

    def go_to_other(self) -> None:
        """Work on the other side, where the focus is in what was written last."""
        if self.is_double:
            self._place.pages.close()
            self.activate(self._other)
            self._window.chat.focus_composer()

    def close(self, number: int = -1) -> None:
        """Close one side, or the one on which people work; the other one stays."""
        if not self.is_double:
            return
        first, second = self._pages
        closed = self._pages[number] if number >= 0 else self._window.chat
        with self._moving():
            if closed is first:
                self._move_to_first()
            else:
                second.open("")
            self.sides.show_both(False, is_turned=False)
        self.activate(first)
        first.focus_composer()

    def restore(self, conversation_id: str) -> None:
        """Open what was open beside when the window was closed, if it is still there."""
        is_turned = self._place.memory.value(WHERE) == "left"
        self._is_restoring = True

        def show(rows: list[Conversation]) -> None:
            self._is_restoring = False
            is_kept = any(row.id == conversation_id and row.trashed_ms is None for row in rows)
            if is_kept and not self.is_double and self._page_of(conversation_id) is None:
                self.sides.show_both(True, is_turned=is_turned)
                self._pages[1].open(conversation_id)
                self.activate(self._pages[0])
            else:
                self._remember()

        # Where the list cannot be read, its desk says so, and what was open is kept for the next start.
        self._place.runner.start(keeping.list_all(app=self._place.app), done=show, ended=lambda _: None)

    def activate(self, page: ChatPage) -> None:
        """The page on which people work now: menus, keys, list and model are for it."""
        number = self._pages.index(page)
        self._window.chat, self._window.desks = page, self._desks[number]
        self.sides.mark(number)
        self.sides.setFocusProxy(page)
        self._show()
        self._window.show_conversation()
        self._window.desks.instruct.show_mark()

    def finish(self) -> None:
        """The window closes: follow the focus and count no more."""
        application = QApplication.instance()
        if isinstance(application, QApplication) and not self._is_finished:
            self._is_finished = True
            application.focusChanged.disconnect(self._on_focus)
            for key, value in zip((BESIDE, WHERE), self._kept, strict=True):
                self._place.memory.setValue(key, value)
        for desks in self._desks:
            desks.contexts.count.close()

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _other(self) -> ChatPage:
        first, second = self._pages
        return second if self._window.chat is first else first

    def _page_of(self, conversation_id: str) -> ChatPage | None:
        open_ones = self._pages if self.is_double else self._pages[:1]
        return next((page for page in open_ones if page.conversation.id == conversation_id), None)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """The focus that goes from widget to widget meanwhile says nothing about where people work."""
        self._is_moving = True
        try:
            yield
        finally:
            self._is_moving = False

    def _move_to_first(self) -> None:
        """What is open on the second page goes on on the first: words, files and place with it."""
        first, second = self._pages
        conversation_id, scroll = second.conversation.id, second.transcript.verticalScrollBar().value()
        is_stuck = second.transcript.is_at_end
        typed = "" if conversation_id else second.composer.text
        files = () if conversation_id else second.composer.tray.take()
        if not conversation_id:
            second.composer.set_text("")
        second.open("")
        first.open(conversation_id)
        if typed or files:
            first.composer.set_text(typed)
            first.composer.tray.add(files)
        if conversation_id and not is_stuck:
            _once(first, lambda: first.transcript.verticalScrollBar().setValue(scroll))

    def _connect(self) -> None:
        place, (_first, second) = self._place, self._pages
        desks = place.window.desks
        for join in (desks.models.join, desks.search.join, desks.instruct.join):
            join(second)
        desks.models.listed.connect(self._show_models)
        second.set_has_model(place.topbar.picker.has_model)
        second.conversation_changed.connect(self._window.show_conversation)
        second.transcript.action_requested.connect(partial(compare, desks))
        second.transcript.link_requested.connect(self._pages[0].transcript.link_requested)
        place.window.bridge.received.connect(self._desks[1].contexts.on_event)
        place.window.bridge.received.connect(self._on_event)
        place.appearance.changed.connect(self.sides.set_look)
        for page in self._pages:
            page.conversation_changed.connect(self._show)
            page.wanted.connect(partial(self.activate, page))
            for button in page.findChildren(QAbstractButton):
                button.pressed.connect(partial(self._follow, page))
        self.sides.chosen.connect(self._go_to)
        self.sides.closed.connect(self.close)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)

    def _go_to(self, number: int) -> None:
        self.activate(self._pages[number])
        self._pages[number].focus_composer()

    def _follow(self, page: ChatPage) -> None:
        if self.is_double and not self._is_moving and page is not self._window.chat:
            self.activate(page)

    @Slot()
    def _on_focus(self) -> None:
        # Without the widgets that the signal names: the one that had the focus may be half gone.
        now = QApplication.focusWidget()
        if self.is_double and now is not None:
            for page in self._pages:
                if page.isAncestorOf(now):
                    self._follow(page)

    def _on_event(self, event: object) -> None:
        """What the switchboard does for the first page is done for the second; titles on either."""
        if not isinstance(event, Changed):
            return
        for page in self._pages:
            is_open = event.conversation_id in ("", page.conversation.id) and page.live is None
            kinds = {"messages"} if page is self._pages[1] else set()
            kinds |= {"conversations"} if event.conversation_id else set()
            if is_open and event.kinds & kinds:
                page.conversation.refresh()

    def _show_models(self, models: ModelList) -> None:
        second = self._pages[1]
        second.set_has_model(self._place.topbar.picker.has_model)
        second.no_model.show_models(models)
        self._show()

    def _show(self) -> None:
        """Say above each side what is open there, and remember it."""
        model, picker = self._place.sidebar.model, self._place.topbar.picker
        for number, page in enumerate(self._pages):
            facts = page.conversation.facts
            title = model.title_of(facts) if facts else translate("Conversations", "New conversation")
            self.sides.name(number, title, picker.meant_by(facts.model if facts else ""))
        self._remember()

    def _remember(self) -> None:
        """Keep for the next start what is open beside, once what was open at the last one has been read."""
        other = self._other.conversation.id if self.is_double else ""
        is_turned = self.sides.is_turned != (self._window.chat is self._pages[1])
        kept = (other, "left" if is_turned else "right")
        if kept == self._kept or self._is_restoring:
            return
        self._kept = kept
        for key, value in zip((BESIDE, WHERE), kept, strict=True):
            file = self._place.memory.fileName()
            self._place.runner.start(remember(file=file, key=key, value=value))


def _once(page: ChatPage, act: Callable[[], object]) -> None:
    """Do something when the page has shown its conversation."""

    def then(_shown: object) -> None:
        page.conversation.opened.disconnect(then)
        QTimer.singleShot(0, page, act)

    page.conversation.opened.connect(then)
