"""What the panel knows of the runs, and the way to ask for something: always beside the window's thread."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from teahouse import AppError
from teahouse.jobs import Cancel, Job, JobEnded, Lane, Work
from teahouse_desktop.operations import Operation
from teahouse_training import needs
from teahouse_training.panel.hearing import Hearing
from teahouse_training.panel.showing import looked, shown
from teahouse_training.panel.trainable import list_trainable, room_of
from teahouse_training.panel.values import Looked, ShownRun, Trainable, Wanted
from teahouse_training.panel.wishes import draft_of
from teahouse_training.panel.words import _
from teahouse_training.runs import Damaged, Discarded, Run, Runs

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow
    from teahouse_training.panel.comparing import Said

PLUGIN, KEPT_FILE = "training", "wish.json"
FOLLOW_MS = 3000
"""How often a run that another process trains is looked at."""

PREVIEWED = 5


@dataclass(frozen=True, slots=True)
class Held:
    """All that was read at one moment.

    Attributes:
        folders, tags: Of the conversations.
        wish: What was chosen on the page for a new training when it was last seen; None for nothing.
    """

    runs: tuple[Run, ...] = ()
    damaged: tuple[Damaged, ...] = ()
    models: tuple[Trainable, ...] = ()
    folders: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    wish: Wanted | None = None


class Workshop(QObject):
    """Reads the runs, hears what they tell, and passes on what people want of them.

    Signals:
        read: `held` is new.
        progressed: (name): a run has told something.
        failed: (text, hint) of something that could not be done.
        succeeded: (text) of something that was done and is not seen otherwise.
    """

    read = Signal()
    progressed = Signal(str)
    failed = Signal(str, str)
    succeeded = Signal(str)

    def __init__(self, app: App, window: PanelWindow, runs: Runs, parent: QObject) -> None:
        super().__init__(parent)
        self.held = Held()
        self.problem: AppError | None = None
        self.has_read = False
        self._app, self._window, self._runs = app, window, runs
        self._reading: Job | None = None
        self._is_stale = False
        self._hearing = Hearing(app, self, lambda name: any(run.name == name for run in self.held.runs))
        self._hearing.progressed.connect(self.progressed)
        self._hearing.changed.connect(self.refresh)
        self._follower = QTimer(self, interval=FOLLOW_MS)
        self._follower.timeout.connect(self.refresh)

    # --- what there is ------------------------------------------------------------------------------

    @property
    def runs(self) -> list[ShownRun]:
        """Every run, the newest first."""
        return [shown(run, self._hearing.of(run.name)) for run in self.held.runs]

    def find(self, name: str) -> ShownRun | None:
        """One of them; None where there is none of this name."""
        return next((run for run in self.runs if run.name == name), None)

    def refresh(self) -> None:
        """Read everything, once more after what is being read now."""
        if self._reading is not None:
            self._is_stale = True
            return
        self._reading = self._run(_("Reading the trainings"), self._read, ended=self._on_read)

    def look_into(self, name: str) -> None:
        """Read how a run went."""
        live = self._hearing.of(name)
        if live.has_history or (live.progress is not None and live.rows):
            self.progressed.emit(name)
            return

        def ended(event: JobEnded) -> None:
            if event.error is not None:
                self.tell(event)
            elif not live.has_history:
                live.rows, live.has_history = list(event.result), True
                self.progressed.emit(name)

        self._run(_("Reading a training"), lambda: self._runs.history(name), ended=ended)

    # --- a new one ----------------------------------------------------------------------------------

    def keep_wish(self, wanted: Wanted) -> None:
        """Keep what was chosen for a new training, so that nothing typed is lost."""
        file = self._app.plugin_storage(PLUGIN).folder / KEPT_FILE

        def keep() -> None:
            part = file.with_suffix(".part")
            part.write_text(json.dumps(wanted.as_json(), ensure_ascii=False), "utf-8")
            part.replace(file)

        self._run(_("Keeping what was chosen"), keep, ended=self.tell, lane="drafts", is_background=True)

    def look_at(self, wanted: Wanted, ended: Callable[[JobEnded], object]) -> Job:
        """Find out what a wish would become; the result is a `Looked`."""

        def work(cancel: Cancel) -> Generator[Any, None, Looked]:
            checked = yield from self._runs.check(draft_of(wanted), sample=PREVIEWED)(cancel)
            room = room_of(self._app, wanted.model, checked.settings, longest=checked.longest)
            return looked(checked, room)

        return self._start(Operation(_("Reading the examples"), work, "model"), ended)

    def prepare(self, wanted: Wanted, ended: Callable[[JobEnded], object]) -> Job:
        """Make a run of a wish; the result is the `Run`."""
        work = self._runs.prepare(draft_of(wanted))
        return self._start(Operation(_("Preparing the training"), work, "model"), ended)

    def compare(
        self,
        run: ShownRun,
        question: str,
        progressed: Callable[[Said | None], None],
        ended: Callable[[JobEnded], object],
    ) -> Job:
        """Ask a run's model as it was, and what came out; tells what each has written so far."""
        from teahouse_training.panel.comparing import compare

        made = {"adapter": run.adapter, "made_model": run.made_model}
        work = compare(self._app, question, model=run.model, **made)
        return self._start(Operation(_("Asking both"), work, "model"), ended, progressed)

    # --- what is done with one ----------------------------------------------------------------------

    def train(
        self,
        name: str,
        ended: Callable[[JobEnded], object],
        *,
        unloads: bool = False,
        is_forced: bool = False,
    ) -> Job:
        """Let a run begin or go on."""
        work: Work = self._runs.start(name, unloads=unloads, is_forced=is_forced)

        return self._start(Operation(_("Training"), work), ended)

    def act(self, title: str, call: Callable[[Runs], object], *, told: str = "") -> Job:
        """Ask something of the runs, then read them anew.

        Args:
            told: What to say once it is done.
        """

        def ended(event: JobEnded) -> None:
            self.tell(event)
            if event.error is None and told:
                self.succeeded.emit(told)
            self.refresh()

        return self._run(title, lambda: call(self._runs), ended=ended)

    def look_at_discard(self, name: str, done: Callable[[Discarded], object]) -> Job:
        """Find out what would go with a run, before the person is asked."""

        def ended(event: JobEnded) -> None:
            self.tell(event)
            if isinstance(event.result, Discarded):
                done(event.result)

        return self._run(_("Reading a training"), lambda: self._runs.look_at_discard(name), ended=ended)

    def stop(self, job: Job) -> None:
        """What was asked is not wanted any longer."""
        self._window.stop(job)

    def tell(self, event: JobEnded) -> None:
        """Show why work has failed."""
        error = event.error
        if isinstance(error, AppError):
            self.failed.emit(error.text, error.hint)
        elif error is not None:
            text = _("{title} failed: {error}. Nothing was changed in your files.")
            told = f"{type(error).__name__}: {error}"
            self.failed.emit(text.format(title=event.job.title, error=told), "")

    # --- inside -----------------------------------------------------------------------------------

    def _run(
        self,
        title: str,
        call: Callable[[], Any],
        *,
        ended: Callable[[JobEnded], object],
        lane: Lane = "io",
        is_background: bool = False,
    ) -> Job:
        def work(_cancel: Cancel) -> Generator[object, None, Any]:
            yield from ()
            return call()

        return self._start(Operation(title, work, lane, is_background), ended)

    def _start(
        self,
        operation: Operation,
        ended: Callable[[JobEnded], object],
        progressed: Callable[[Any], None] | None = None,
    ) -> Job:
        def heard(event: JobEnded) -> None:
            if isValid(self):
                ended(event)

        return self._window.run(operation, ended=heard, progressed=progressed)

    def _read(self) -> Held:
        needs.check()
        conversations = self._app.store.conversations()
        runs, damaged = self._runs.read_all()
        return Held(
            tuple(runs),
            tuple(damaged),
            list_trainable(self._app),
            tuple(sorted({one.folder for one in conversations if one.folder})),
            tuple(sorted({tag for one in conversations for tag in one.tags})),
            self._kept_wish(),
        )

    def _kept_wish(self) -> Wanted | None:
        file = self._app.plugin_storage(PLUGIN).folder / KEPT_FILE
        try:
            return Wanted.from_json(json.loads(file.read_text("utf-8")))
        except (OSError, ValueError, TypeError, AttributeError):
            return None  # nothing was kept, or it is damaged: the page begins empty

    def _on_read(self, event: JobEnded) -> None:
        self._reading = None
        if isinstance(event.error, AppError):
            self.problem = event.error
        elif event.error is not None:
            self.tell(event)
        elif not event.is_cancelled:
            self.problem, self.held, self.has_read = None, event.result, True
        self._follow_others()
        self.read.emit()
        if self._is_stale:
            self._is_stale = False
            self.refresh()

    def _follow_others(self) -> None:
        """A run that another process trains tells nothing here: its folder is read again and again."""
        running = {run.name for run in self.held.runs if run.state == "running"}
        others = running - self._hearing.working
        for name in others:
            self._hearing.of(name).has_history = False
        if others:
            self._follower.start()
        else:
            self._follower.stop()
