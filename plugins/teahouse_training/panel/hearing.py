"""Hears what runs tell while they work, whoever in this process has started them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from teahouse.events import Changed
from teahouse.jobs import Job, JobEnded, JobProgress
from teahouse_training.panel.showing import Live
from teahouse_training.values import RunProgress, Stage

if TYPE_CHECKING:
    from teahouse.app import App

TELL_MS = 120
"""How often the panel is drawn anew while a run tells."""

MAKING: frozenset[Stage] = frozenset(("reading", "preparing"))
"""Stages of a run that is only being made; one of the same name may be there already."""
CONCERNS = frozenset(("models", "conversations", "adapters"))


class Hearing(QObject):
    """Keeps what each run has told.

    Args:
        is_known: Whether there is a run of a name.

    Signals:
        progressed: (name): a run has told something.
        changed: What was read is out of date: a run has ended, or there are other models or conversations.
    """

    progressed = Signal(str)
    changed = Signal()
    _heard = Signal(object)

    def __init__(self, app: App, parent: QObject, is_known: Callable[[str], bool]) -> None:
        super().__init__(parent)
        self._is_known = is_known
        self._live: dict[str, Live] = {}
        self._jobs: dict[int, str] = {}
        self._told: set[str] = set()
        self._teller = QTimer(self, singleShot=True, interval=TELL_MS)
        self._teller.timeout.connect(self._tell)
        self._heard.connect(self._on_event)
        forget = app.events.listen(lambda event: self._hear(event))
        self.destroyed.connect(lambda: forget())

    @property
    def working(self) -> set[str]:
        """Names of the runs that work in this process."""
        return set(self._jobs.values())

    def of(self, name: str) -> Live:
        """What a run has told."""
        return self._live.setdefault(name, Live())

    # --- inside -----------------------------------------------------------------------------------

    def _hear(self, event: object) -> None:
        """On the thread that publishes."""
        is_told = isinstance(event, JobProgress) and isinstance(event.value, RunProgress)
        is_changed = isinstance(event, Changed) and bool(event.kinds & CONCERNS)
        if (is_told or is_changed or isinstance(event, JobEnded)) and isValid(self):
            self._heard.emit(event)

    def _on_event(self, event: object) -> None:
        if isinstance(event, JobProgress):
            self._on_told(event.job, event.value)
        elif isinstance(event, JobEnded):
            self._on_ended(self._jobs.pop(event.job.id, ""))
        else:
            self.changed.emit()

    def _on_told(self, job: Job, progress: RunProgress) -> None:
        if progress.stage in MAKING:
            return
        if not self._is_known(progress.name):  # it was made elsewhere, as by a command
            self.changed.emit()
            return
        self._jobs[job.id] = progress.name
        self.of(progress.name).hear(progress)
        self._told.add(progress.name)
        if not self._teller.isActive():
            self._teller.start()

    def _on_ended(self, name: str) -> None:
        if name:
            live = self.of(name)
            live.progress, live.has_history = None, False
            self.changed.emit()

    def _tell(self) -> None:
        told, self._told = self._told, set()
        for name in told:
            self.progressed.emit(name)
