"""What the window does with the search: looks while a query is typed, and goes to what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from teahouse.jobs import Job, JobEnded
from teahouse_desktop import operations
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.conversations import finding
from teahouse_desktop.conversations.finding import Found
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse.search.finder import Hit


class SearchDesk(QObject):
    """Connects the search field, its hits and the transcript."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        sidebar, chat = place.sidebar, place.chat
        self._place = place
        self._app, self._runner, self._sidebar = place.app, place.runner, sidebar
        self._lists = place.window.desks.lists
        self._job: Job | None = None
        self._opens_first = False
        self._target = ("", "")
        sidebar.search.changed.connect(self.look)
        sidebar.search.submitted.connect(self._submit)
        sidebar.search.entered.connect(self._enter)
        sidebar.search.filters_requested.connect(self.offer_filters)
        sidebar.search.left.connect(lambda: self._chat.focus_composer())
        sidebar.found.list.chosen.connect(self.go_to)
        sidebar.found.list.left.connect(self.focus)
        sidebar.found.list.hits.more_wanted.connect(self._look_further)
        self.join(chat)

    def join(self, chat: ChatPage) -> None:
        """Go to messages on this page too."""
        chat.conversation.opened.connect(self._jump)
        chat.conversation.refreshed.connect(self._jump)

    def focus(self) -> None:
        """Let the person type a query."""
        self._sidebar.show()
        self._sidebar.search.setFocus()
        self._sidebar.search.selectAll()

    def offer_filters(self) -> None:
        """Open the menu of filters below the field."""
        from teahouse_desktop.conversations.search_filters import make_filter_menu

        field = self._sidebar.search
        menu = make_filter_menu(field, self._sidebar.rows, field.add_filter)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(field.mapToGlobal(field.rect().bottomLeft()))

    def look(self, query: str) -> None:
        """Show what a query finds; the list of conversations for an empty one."""
        if self._job is not None:
            operations.stop(self._job)
            self._job = None
        self._opens_first = False
        self._sidebar.show_search(bool(query))
        if query:
            self._start(query)
        else:
            self._sidebar.found.clear()

    def look_again(self) -> None:
        """More can be found now than before."""
        found = self._sidebar.found.found
        if found is not None and not found.is_complete:
            self.look(self._sidebar.search.query)

    def go_to(self, hit: Hit) -> None:
        """Open the conversation of a hit and show its message, on whichever branch that is."""
        is_answering = self._chat.talk.live_in(hit.conversation_id) is not None
        if not hit.message_id or is_answering:
            self._open(hit, is_other_branch=False)
            return
        bring = finding.bring_to_path(
            app=self._app, conversation_id=hit.conversation_id, message_id=hit.message_id
        )
        self._runner.start(bring, done=lambda moved: self._open(hit, is_other_branch=bool(moved)))

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _chat(self) -> ChatPage:
        return self._place.active

    def _start(self, query: str, offset: int = 0) -> None:
        search = finding.search(app=self._app, query=query, offset=offset)
        self._job = self._runner.start(search, ended=self._on_ended)

    def _on_ended(self, ended: JobEnded) -> None:
        if ended.job is not self._job and self._job is not None:
            return  # another query has been typed since
        self._job = None
        if ended.error is not None:
            self._sidebar.found.show_problem(" ".join(in_words(ended.error)))
        elif isinstance(ended.result, Found) and ended.result.query == self._sidebar.search.query:
            self._sidebar.found.show_found(ended.result)
            if self._opens_first:
                self._submit()

    def _look_further(self) -> None:
        found = self._sidebar.found.found
        if found is not None and self._job is None:
            self._start(found.query, self._sidebar.found.list.hits.rowCount())

    def _submit(self) -> None:
        """Enter in the field: the first hit, once it is known."""
        self._opens_first = self._job is not None
        if self._sidebar.search.query and not self._opens_first:
            found = self._sidebar.found.list
            found.choose(found.currentIndex())

    def _enter(self) -> None:
        hits = self._sidebar.found.list
        target = hits if self._sidebar.search.query else self._sidebar.list
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _open(self, hit: Hit, *, is_other_branch: bool) -> None:
        self._target = (hit.conversation_id, hit.message_id or "")
        is_open = any(hit.conversation_id == chat.conversation.id for chat in self._place.chats)
        self._lists.open(hit.conversation_id)
        if is_open and is_other_branch:
            self._chat.conversation.refresh()
        elif is_open:
            self._jump()

    def _jump(self, *_: object) -> None:
        """The conversation is on the screen: go to the message."""
        conversation_id, message_id = self._target
        if conversation_id != self._chat.conversation.id:
            self._target = ("", "")  # the person has gone elsewhere meanwhile
            return
        transcript = self._chat.transcript
        index = transcript.column.index_of(message_id) if message_id else -1
        if index < 0:
            return
        self._target = ("", "")
        transcript.setFocus()
        transcript.set_current(index)
        # Only now is it laid out exactly, and its place known.
        QTimer.singleShot(
            0, transcript, lambda: transcript.set_current(transcript.column.index_of(message_id))
        )
