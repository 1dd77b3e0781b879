"""What people do on the panel "Sources": each wish becomes work beside the window."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

from teahouse import AppError, Translator
from teahouse.jobs import Cancel, Job, JobEnded
from teahouse.language import sentences
from teahouse_desktop.chat.prompts import read_sent_prompt
from teahouse_desktop.operations import Operation
from teahouse_documents import needs, phrases
from teahouse_documents.panel.cited_look import Seen, Wanted, look
from teahouse_documents.panel.cited_panel import CitedPanel
from teahouse_documents.panel.cited_reply import (
    Candidate,
    CitedReply,
    is_from_documents,
    read_reply,
)
from teahouse_documents.panel.opening import Opener
from teahouse_documents.reader.drawing import Pages

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")


class CitedDesk(QObject):
    """Connects the panel with the store, the library and the child that draws pages."""

    def __init__(
        self, app: App, window: PanelWindow, panel: CitedPanel, library: Callable[[], Library]
    ) -> None:
        super().__init__(panel)
        self._app, self._window, self._panel, self._library = app, window, panel, library
        self._pages = Pages(app.workers)
        self._reading: Job | None = None
        self._looking: Job | None = None
        self._prompting: Job | None = None
        self._opener = Opener(self, panel.notices, self)
        panel.wanted.connect(self._show_last)
        panel.steps.asked.connect(self._look_up)
        panel.reader.asked.connect(self._on_reader)
        window.look_changed.connect(self._on_look)
        close = partial(_close_aside, self._pages)
        panel.left.connect(close)
        self.destroyed.connect(lambda: close())

    def show(self, message_id: str, number: int) -> None:
        """Show how a reply was found, or (with a number) one of its sources."""
        self._panel.notices.dismiss()
        self._stop(self._reading)
        reply = self._panel.reply
        if reply.message_id == message_id and (candidate := reply.find(number)) is not None:
            self._look_up(candidate)
            return
        title = _("Reading the sources")
        self._reading = self.ask(
            title,
            lambda _library, _cancel: read_reply(self._app, message_id),
            ended=lambda event: self._on_read(event, number),
        )

    def ask(
        self, title: str, call: Callable[[Library, Cancel], Any], *, ended: Callable[[JobEnded], object]
    ) -> Job:
        """Ask something beside the window; who asks hears also of the error."""

        def work(cancel: Cancel) -> Generator[object, None, Any]:
            yield from ()
            needs.check()
            return call(self._library(), cancel)

        def heard(event: JobEnded) -> None:
            if isValid(self):
                ended(event)

        return self._window.run(Operation(title, work), ended=heard)

    # --- a reply ------------------------------------------------------------------------------------

    def _show_last(self) -> None:
        """The sources of the marked answer, else of the last one that has any."""
        messages = [one for one in self._window.messages if is_from_documents(one)]
        marked = [one for one in messages if one.id == self._window.message_id]
        if messages and self._reading is None:
            self.show((marked or messages)[-1].id, 0)

    def _on_read(self, event: JobEnded, number: int) -> None:
        if event.job is not self._reading:
            return
        self._reading = None
        if event.error is not None:
            self._panel.notices.show_text(_told(event), is_error=True)
        elif not event.is_cancelled:
            reply: CitedReply = event.result
            self._panel.show_reply(reply)
            self._read_prompt(reply.message_id)
            if (candidate := reply.find(number)) is not None:
                self._look_up(candidate)

    def _read_prompt(self, message_id: str) -> None:
        self._stop(self._prompting)
        self._prompting = self._window.run(
            read_sent_prompt(app=self._app, message_id=message_id), ended=self._on_prompt
        )

    def _on_prompt(self, event: JobEnded) -> None:
        if event.job is not self._prompting or not isValid(self):
            return
        self._prompting = None
        if event.error is not None:
            self._panel.steps.show_prompt(None, _told(event))
        elif not event.is_cancelled:
            self._panel.steps.show_prompt(event.result)

    # --- a source -----------------------------------------------------------------------------------

    def _look_up(self, candidate: Candidate) -> None:
        self._panel.show_candidate(candidate)
        self._look(Wanted(candidate.passage, width=self._panel.reader.sheet.points))

    def _look(self, wanted: Wanted) -> None:
        self._stop(self._looking)
        self._looking = self.ask(
            _("Looking up a source"),
            lambda library, cancel: look(library, self._pages, wanted, cancel),
            ended=self._on_seen,
        )

    def _on_seen(self, event: JobEnded) -> None:
        if event.job is not self._looking:
            return
        self._looking = None
        if event.error is not None:
            self._panel.reader.show_problem(_told(event))
        elif not event.is_cancelled:
            self._panel.reader.show_seen(event.result)

    def _on_reader(self, verb: str) -> None:
        seen = self._panel.reader.seen
        if verb == "back":
            self._panel.show_steps()
        elif seen is not None and verb in ("before", "after"):
            wanted = seen.step(-1 if verb == "before" else 1)
            if wanted is not None:
                self._look(wanted)
        elif seen is not None and verb == "anew" and seen.drawn is not None:
            points = self._panel.reader.sheet.points
            self._look(Wanted(seen.wanted.passage, page=seen.drawn.page, width=points))
        elif seen is not None and verb in ("open", "show"):
            self._open(seen, is_folder=verb == "show")

    def _open(self, seen: Seen, *, is_folder: bool) -> None:
        path = seen.wanted.passage.path
        if path.startswith(phrases.CONVERSATION):
            self._window.open_conversation(path.removeprefix(phrases.CONVERSATION))
        elif seen.excerpt is not None:  # a path that is not among the documents may come from an import
            self._opener.open(seen.excerpt.file, is_folder=is_folder)

    def _stop(self, job: Job | None) -> None:
        if job is not None:
            self._window.stop(job)

    def _on_look(self) -> None:
        self._panel.set_look(self._window.look)


def _close_aside(pages: Pages) -> None:
    """End the child that draws: this may take a moment, which the window's thread has not."""
    Thread(target=pages.close, name="pages", daemon=True).start()


def _told(event: JobEnded) -> str:
    error = event.error
    return sentences(error.text, error.hint) if isinstance(error, AppError) else f"{event.job.title}: {error}"
