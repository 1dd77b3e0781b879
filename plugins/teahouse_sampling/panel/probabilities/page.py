"""What pages that ask a model have in common: what is shown, work under way, a yes before loading."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QWidget

from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse_desktop.operations import Operation
from teahouse_desktop.panel import PanelWindow
from teahouse_desktop.runner import in_words
from teahouse_desktop.widgets.questions import ask_consent
from teahouse_sampling.panel.probabilities.parts import Waiting
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App


class AskingPage(QWidget):
    """A page whose work needs a model in memory, one piece of work at a time.

    Attributes:
        about: Says what is shown, or why nothing is.
        waiting: How far the work is.
    """

    def __init__(self, app: App, window: PanelWindow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._window = app, window
        self._job: Job | None = None
        self.about = QLabel(self)
        self.about.setWordWrap(True)
        self.waiting = Waiting(self)
        self.waiting.stopped.connect(self.stop)

    @property
    def is_working(self) -> bool:
        """Whether work is under way."""
        return self._job is not None

    def with_model(self, model: str, act: Callable[[], None]) -> None:
        """Do something that needs a model: at once where it is in memory, else after a yes."""
        if self._window.is_busy:
            self.about.setText(_("A reply is being written. Try again when that has ended."))
        elif not model:
            self.about.setText(_("There is no model yet."))
        elif self._app.engines.get(model) is not None:
            act()
        else:
            text = _("Load “{model}” for this?").format(model=model)
            hint = _("Another model that is in memory makes room for it.")
            ask_consent(self._window.widget, text, hint, verb=_("Load the model"), done=act)

    def start(self, operation: Operation, done: Callable[[Any], None]) -> None:
        """Begin work; what ran before is stopped."""
        self.stop()
        self.waiting.show_step(operation.title + " …")

        def ended(end: JobEnded) -> None:
            if job is self._job:
                self._job = None
                self.waiting.hide()
                self._take(end, done)

        job = self._job = self._window.run(operation, progressed=self.waiting.show_progress, ended=ended)

    def stop(self) -> None:
        """Stop the work."""
        if self._job is not None:
            job, self._job = self._job, None
            self._window.stop(job)
            self.waiting.hide()

    def on_busy(self) -> None:
        """A reply begins: the engine belongs to it."""
        if self._window.is_busy and self.is_working:
            self.stop()
            self.about.setText(_("Stopped, because a reply is being written. Try again when that has ended."))

    def set_look(self) -> None:
        """Take another theme."""

    def open_reply(self, message_id: str) -> None:
        """Another reply is looked at; empty for none."""

    def _take(self, ended: JobEnded, done: Callable[[Any], None]) -> None:
        if ended.error is not None and not ended.is_cancelled:
            self.about.setText(sentences(*in_words(ended.error)))
        elif ended.error is None and ended.result is not None and not ended.is_cancelled:
            done(ended.result)
