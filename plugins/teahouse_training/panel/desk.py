"""What people do on the panel: each wish becomes a question, work beside the window, or both."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from teahouse import AppError
from teahouse.jobs import Job, JobEnded
from teahouse_training.panel import questions
from teahouse_training.panel.compare_desk import CompareDesk
from teahouse_training.panel.training_panel import TrainingPanel
from teahouse_training.panel.values import Looked
from teahouse_training.panel.wishes import wanted_of
from teahouse_training.panel.words import _
from teahouse_training.panel.workshop import Workshop
from teahouse_training.runs import Discarded, Run, ShortOfMemory

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow


class TrainingDesk(QObject):
    """Connects the panel with the runs."""

    def __init__(self, app: App, panel: TrainingPanel, workshop: Workshop, window: PanelWindow) -> None:
        super().__init__(panel)
        self._app, self._panel, self._workshop, self._window = app, panel, workshop, window
        self._looking: Job | None = None
        self._is_wish_shown = False
        workshop.read.connect(self._show_wish)
        panel.missing.retry_requested.connect(workshop.refresh)
        panel.run_opened.connect(workshop.look_into)
        panel.runs.discard_requested.connect(self._ask_discard)
        panel.new_made.connect(self._on_new_made)
        panel.run_made.connect(self._on_run_made)
        window.look_changed.connect(self._on_look)

    # --- a new one ----------------------------------------------------------------------------------

    def _on_look(self) -> None:
        self._panel.set_look(self._window.look)

    def _on_new_made(self) -> None:
        page = self._panel.new
        page.changed.connect(self._on_wish)
        page.start_requested.connect(self._prepare)
        for requested, take in (
            (page.data.file_requested, page.data.take_file),
            (page.data.held_out_requested, page.data.take_held_out),
        ):
            requested.connect(lambda take=take: questions.ask_file(self._panel, take))
        page.data.typed.table.removed.connect(self._on_rows_removed)
        self._show_wish()

    def _on_run_made(self) -> None:
        page = self._panel.run
        page.asked.connect(self._on_asked)
        CompareDesk(page, self._workshop)

    def _show_wish(self) -> None:
        """Once: what was chosen when the page was last seen."""
        shop = self._workshop
        if self._is_wish_shown or not self._panel.has_new or not shop.has_read:
            return
        self._is_wish_shown = True
        if shop.held.wish is not None:
            self._panel.new.show_wanted(shop.held.wish)
            self._look()

    def _on_wish(self) -> None:
        self._workshop.keep_wish(self._panel.new.wanted)
        self._look()

    def _look(self) -> None:
        """Find out what the wish would become; what was asked before is not wanted any longer."""
        page = self._panel.new
        wanted = page.wanted
        if self._looking is not None:
            self._workshop.stop(self._looking)
            self._looking = None
        if not wanted.has_rows or not wanted.model:
            page.show_looked(Looked())
            return
        page.show_waiting()
        self._looking = self._workshop.look_at(wanted, self._on_looked)

    def _on_looked(self, event: JobEnded) -> None:
        if event.job is not self._looking:
            return
        self._looking = None
        error = event.error
        if isinstance(error, AppError):
            self._panel.new.show_problem(error.text, error.hint)
        elif error is not None:
            self._panel.new.show_problem(f"{type(error).__name__}: {error}", "")
        elif isinstance(event.result, Looked):
            self._panel.new.show_looked(event.result)

    def _prepare(self) -> None:
        page = self._panel.new
        page.flush()
        is_unloaded = page.memory.is_unloaded
        page.show_busy(_("The training is being prepared …"))
        self._workshop.prepare(page.wanted, partial(self._on_prepared, is_unloaded))

    def _on_prepared(self, is_unloaded: bool, event: JobEnded) -> None:
        page = self._panel.new
        page.show_busy("")
        if not isinstance(event.result, Run):
            if event.error is not None:
                self._workshop.tell(event)
            return
        page.name.clear()
        self._workshop.keep_wish(page.wanted)
        self._panel.show_soon(event.result.name)
        self._workshop.refresh()
        self._train(event.result.name, unloads=is_unloaded)

    def _on_rows_removed(self, gone: list[tuple[int, tuple[str, str]]]) -> None:
        words = _("1 row was removed.") if len(gone) == 1 else _("{count} rows were removed.")
        table = self._panel.new.data.typed.table
        self._panel.notices.offer(words.format(count=len(gone)), _("Undo"), lambda: table.put_back(gone))

    # --- one of them --------------------------------------------------------------------------------

    def _train(self, name: str, *, unloads: bool = False, is_forced: bool = False) -> None:
        self._workshop.train(name, partial(self._on_trained, name), unloads=unloads, is_forced=is_forced)

    def _on_trained(self, name: str, event: JobEnded) -> None:
        if isinstance(event.error, ShortOfMemory):
            questions.ask_memory(
                self._panel.window(),
                event.error,
                unload=partial(self._train, name, unloads=True),
                force=partial(self._train, name, is_forced=True),
            )
        elif event.error is not None:
            self._workshop.tell(event)
        self._workshop.refresh()

    def _on_asked(self, verb: str) -> None:
        run = self._panel.run.run
        if run is None:
            return
        name, shop, window = run.name, self._workshop, self._panel.window()
        if verb == "resume":
            self._train(name)
        elif verb == "pause":
            shop.act(_("Pausing"), lambda runs: runs.pause(name))
        elif verb == "keep":
            told = _("It stays. Choose it above the message field of a conversation.")
            shop.act(_("Keeping the adapter"), lambda runs: runs.keep(name), told=told)
        elif verb == "cancel":
            questions.ask_cancel(window, run, partial(self._cancel, name))
        elif verb == "discard":
            self._ask_discard(name)
        elif verb == "use":
            self._use(run.adapter)
        elif verb == "anew":
            self._make_anew(name)

    def _make_anew(self, name: str) -> None:
        """Fill the page for a new training with what an earlier one was made of, to be changed."""
        run = next((one for one in self._workshop.held.runs if one.name == name), None)
        if run is not None:
            self._panel.show_new()
            page = self._panel.new
            page.show_wanted(wanted_of(run, page.wanted))
            self._on_wish()

    def _cancel(self, name: str) -> None:
        self._workshop.act(_("Cancelling"), lambda runs: runs.cancel(name))

    def _ask_discard(self, name: str) -> None:
        """Ask once it is known what would go with it."""

        def ask(found: Discarded) -> None:
            questions.ask_discard(self._panel.window(), found, partial(self._discard, name))

        self._workshop.look_at_discard(name, ask)

    def _discard(self, name: str) -> None:
        self._panel.show_runs()
        self._workshop.act(_("Discarding"), lambda runs: runs.discard(name))

    def _use(self, adapter: str) -> None:
        """Let it act in the open conversation, beside those that act there already."""
        from teahouse_training.panel.adapter_desk import with_adapter

        with_adapter(self._app, self._window, adapter, 1.0)
        told = _("“{name}” acts in this conversation from the next reply on.")
        self._panel.notices.show_text(told.format(name=adapter))
