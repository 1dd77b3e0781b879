"""What people do on the recall test's page: work beside the window, and its result on the page."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from teahouse import AppError, Translator
from teahouse.events import changed
from teahouse.jobs import Cancel, Job, JobEnded
from teahouse.language import sentences
from teahouse_desktop.operations import Operation
from teahouse_documents.evaluation import Step, evaluate
from teahouse_documents.panel.recall_page import RecallPage
from teahouse_documents.panel.recall_words import Tested
from teahouse_documents.panel.shelf import Shelf
from teahouse_documents.settings import WORDINGS

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

LIMIT = 20


class RecallDesk(QObject):
    """Connects the page with the library.

    Signals:
        opened: (passage): its file is to be opened.
    """

    opened = Signal(object)

    def __init__(self, app: App, page: RecallPage, shelf: Shelf, window: PanelWindow) -> None:
        super().__init__(page)
        self._app, self._page, self._shelf, self._window = app, page, shelf, window
        self._testing: Job | None = None
        self._measuring: Job | None = None
        self._file = Path()
        self._is_known = False
        page.question.asked.connect(self.test)
        page.question.opened.connect(self.opened)
        page.question.wordings_chosen.connect(self._choose_wordings)
        page.set.load_requested.connect(self._ask_file)
        page.set.stop_requested.connect(self._stop)
        page.set.chosen.connect(self._look_at)
        shelf.read.connect(self.refresh)
        window.look_changed.connect(self._on_look)
        self.refresh()

    def refresh(self) -> None:
        """Show what can be chosen."""
        self._page.question.show_collections([one.name for one in self._shelf.held.collections])
        self._page.question.show_wordings(int(self._app.settings.get(WORDINGS)))
        if not self._is_known:
            self._is_known = True
            self._window.run(
                Operation(_("Reading the list of models"), self._read_embedders, is_background=True),
                done=self._page.set.show_embedders,
            )

    def test(self, question: str) -> None:
        """Search for a question by every method."""
        if self._testing is not None:
            self._window.stop(self._testing)
        part, names = self._page.question, self._page.question.names
        count = part.wordings.currentIndex()
        part.show_tested(None)
        part.show_state(_("Searching …"))
        model = self._window.model
        self._testing = self._shelf.ask(
            _("Testing a question"),
            lambda library, cancel: tested(self._app, library, question, names, count, model, cancel),
            ended=self._on_tested,
            lane="model" if count else "io",
        )

    def measure(self, file: Path) -> None:
        """Measure a set of questions."""
        part, trying, names = self._page.set, self._page.set.trying, self._page.question.names
        part.show_error("")
        part.show_step(None)
        self._file = file
        work = evaluate(self._app, file, trying=trying, collections=names)
        self._measuring = self._window.run(
            Operation(_("Measuring a set of questions"), work),
            progressed=self._on_step,
            ended=self._on_measured,
        )

    # --- inside -----------------------------------------------------------------------------------

    def _on_look(self) -> None:
        self._page.set_look(self._window.look)

    def _read_embedders(self, _cancel: Cancel) -> Generator[object, None, list[str]]:
        from teahouse_documents.embedding.choice import available

        yield from ()
        return available(self._app)

    def _choose_wordings(self, count: int) -> None:
        """For answers, too: it is one setting."""

        def keep(_library: Library, _cancel: Cancel) -> None:
            self._app.settings.set(WORDINGS, count)
            self._app.events.publish(changed("settings"))

        self._shelf.ask(_("Keeping a setting"), keep, ended=self._on_kept)

    def _on_kept(self, event: JobEnded) -> None:
        if event.error is not None:
            self._page.question.show_state("", error=_told(event))

    def _ask_file(self) -> None:
        dialog = QFileDialog(self._page.window(), _("Load a set of questions"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_("Questions (*.csv *.tsv *.json)"), _("All files (*)")])
        dialog.fileSelected.connect(lambda path: self.measure(Path(path)))
        dialog.open()

    def _stop(self) -> None:
        if self._measuring is not None:
            self._window.stop(self._measuring)

    def _look_at(self, question: str) -> None:
        self._page.question.field.setText(question)
        self._page.ensureWidgetVisible(self._page.question.field)
        self.test(question)

    def _on_tested(self, event: JobEnded) -> None:
        if event.job is not self._testing:
            return  # of a question before
        self._testing = None
        if event.error is not None:
            self._page.question.show_state("", error=_told(event))
        elif event.is_cancelled:
            self._page.question.show_state("")
        else:
            self._page.question.show_tested(event.result)

    def _on_step(self, step: Step) -> None:
        self._page.set.show_step(step)

    def _on_measured(self, event: JobEnded) -> None:
        self._measuring = None
        part = self._page.set
        part.show_step(None, is_running=False)
        if event.is_cancelled:
            part.show_error("")
        elif event.error is not None:
            part.show_error(_told(event))
        else:
            part.show_measured(self._file.name, event.result)


def tested(
    app: App, library: Library, question: str, names: list[str], count: int, model: str, cancel: Cancel
) -> Tested:
    """One question, searched as for an answer, and with other wordings beside it."""
    from teahouse_documents.retrieval import asking
    from teahouse_documents.retrieval.retriever import fused

    found = library.search(question, collections=names, limit=LIMIT, has_second_look=True, cancel=cancel)
    wordings = asking.other_wordings(app, model, question, count) if count and model else []
    lists = [library.search(one, collections=names, limit=LIMIT, cancel=cancel).hits for one in wordings]
    order = fused([found.hits, *lists]) if wordings else []
    known = {hit.id for hit in found.hits}
    extra = tuple(hit for hit in order if hit.id not in known)[: LIMIT // 2]
    return Tested(found, tuple(wordings), tuple(hit.id for hit in order), extra)


def _told(event: JobEnded) -> str:
    error = event.error
    if isinstance(error, AppError):
        return sentences(error.text, error.hint)
    return f"{event.job.title}: {error!r}"
