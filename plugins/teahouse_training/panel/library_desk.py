"""What people do on the page of adapters: asked where it must be, done beside the window's thread."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from teahouse import AppError
from teahouse.events import Changed
from teahouse.jobs import Cancel, JobEnded
from teahouse.language import sentences
from teahouse.models.adapter_choice import KEY as CHOSEN
from teahouse.models.adapter_choice import format_choice
from teahouse.models.adapter_renaming import rename_adapter
from teahouse_desktop.language.dates import relative_date, size_in_words
from teahouse_desktop.operations import Operation
from teahouse_training.panel import questions
from teahouse_training.panel.adapter_desk import scales_of
from teahouse_training.panel.values import KeptAdapter
from teahouse_training.panel.words import _, count, in_a_row

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.adapters import Adapter
    from teahouse_desktop.panel import PanelWindow
    from teahouse_training.panel.training_panel import TrainingPanel


class LibraryDesk(QObject):
    """Connects the page of adapters with the library; it needs none of training's libraries."""

    _heard = Signal()

    def __init__(self, app: App, panel: TrainingPanel, window: PanelWindow) -> None:
        super().__init__(panel)
        self._app, self._panel, self._window = app, panel, window
        self._awaited = ""
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read)
        self._heard.connect(self._timer.start)
        forget = app.events.listen(lambda event: self._hear(event))
        self.destroyed.connect(lambda: forget())
        page = panel.adapters
        page.add_requested.connect(lambda: questions.ask_adapters(panel, self.add))
        page.dropped.connect(self.add)
        page.asked.connect(self._on_asked)
        self._timer.start()

    def add(self, paths: list[str]) -> None:
        """Put these files into the library; one whose name is taken is asked for another."""
        taken = {one.casefold() for one in self._panel.adapters.names}
        free: dict[str, str] = {}
        for path in paths:
            name = Path(path).stem
            if name.casefold() not in taken:
                taken.add(name.casefold())
                free[name] = path
                continue
            named = partial(self._add_named, path)
            questions.ask_adapter_name(self._panel.window(), name, named, is_taken=True)
        if free:
            self._add(free)

    # --- inside -----------------------------------------------------------------------------------

    def _on_asked(self, verb: str, name: str) -> None:
        window, adapters = self._panel.window(), self._app.adapters
        if verb == "rename":
            questions.ask_adapter_name(window, name, partial(self._rename, name))
        elif verb == "export":
            questions.ask_export(self._panel, name, partial(self._export, name))
        else:
            work = partial(adapters.remove, name)
            removing = partial(self._change, _("Removing the adapter"), work, told=_("“{name}” was removed."))
            questions.ask_remove_adapter(window, name, removing)

    def _add_named(self, path: str, name: str) -> None:
        self._add({name: path})

    def _add(self, files: Mapping[str, str]) -> None:
        """Add paths by their names, and say of each what came of it."""

        def add() -> tuple[list[str], list[AppError]]:
            added: list[str] = []
            refused: list[AppError] = []
            for name, path in files.items():
                try:
                    added.append(self._app.adapters.add(Path(path), name).name)
                except AppError as error:
                    refused.append(error)
            return added, refused

        def ended(event: JobEnded) -> None:
            if self._failed(event):
                return
            added, refused = event.result
            told = [sentences(error.text, error.hint) for error in refused]
            told += [_("Added as “{name}”.").format(name=name) for name in added]
            self._panel.adapters.show_outcome("\n".join(told), is_error=bool(refused))
            self._show_anew(added[-1] if added else "")

        self._run(_("Adding the adapter"), add, ended)

    def _rename(self, name: str, new_name: str) -> None:
        if new_name != name:
            told = _("It is now called “{name}”, also in the conversations in which it is on.")
            work = partial(rename_adapter, self._app, name, new_name)
            self._change(_("Renaming the adapter"), work, told=told, done=partial(self._choose_anew, name))

    def _choose_anew(self, name: str, new_name: str) -> None:
        """A conversation that is not on the disk yet knows it by its old name."""
        scales = scales_of(self._app, self._window)
        if not self._window.conversation_id and CHOSEN in self._window.settings and name in scales:
            renamed = [(new_name if one == name else one, scale) for one, scale in scales.items()]
            self._window.choose(CHOSEN, format_choice(renamed))

    def _export(self, name: str, path: str) -> None:
        def ended(event: JobEnded) -> None:
            if not self._failed(event):
                words = _("Exported to {file}.").format(file=event.result)
                self._panel.adapters.show_outcome(words)

        work = partial(self._app.adapters.export, name, Path(path))
        self._run(_("Exporting the adapter"), work, ended)

    def _change(
        self,
        title: str,
        work: Callable[[], Adapter],
        *,
        told: str,
        done: Callable[[str], object] | None = None,
    ) -> None:
        """Do something with an adapter, and say it.

        Args:
            done: Called with its name afterwards.
        """

        def ended(event: JobEnded) -> None:
            if self._failed(event):
                return
            name = event.result.name
            if done is not None:
                done(name)
            self._panel.adapters.show_outcome(told.format(name=name))
            self._show_anew(name)

        self._run(title, work, ended)

    def _show_anew(self, name: str) -> None:
        """Read the library once more, and put the focus on one: it may have been read before a change."""
        self._awaited = name
        self._timer.start()

    def _failed(self, event: JobEnded) -> bool:
        """Whether it has failed; then it is said, in words."""
        error = event.error
        if isinstance(error, AppError):
            self._panel.adapters.show_outcome(sentences(error.text, error.hint), is_error=True)
        elif error is not None:
            told = f"{event.job.title}: {type(error).__name__}: {error}"
            self._panel.adapters.show_outcome(told, is_error=True)
        return error is not None or event.is_cancelled

    def _hear(self, event: object) -> None:
        """On the thread that publishes."""
        if isinstance(event, Changed) and "adapters" in event.kinds and isValid(self):
            self._heard.emit()

    def _read(self) -> None:
        now_ms = round(time.time() * 1000)

        def read() -> list[KeptAdapter]:
            return [kept(one, now_ms=now_ms) for one in self._app.adapters.list()]

        self._run(_("Looking for adapters"), read, self._on_read, is_background=True)

    def _on_read(self, event: JobEnded) -> None:
        error = event.error
        problem = sentences(error.text, error.hint) if isinstance(error, AppError) else str(error or "")
        self._panel.adapters.show_adapters(event.result or (), problem)
        if self._awaited:
            name, self._awaited = self._awaited, ""
            if self._panel.pages.currentWidget() is self._panel.adapters:
                self._panel.adapters.focus(name)

    def _run(
        self,
        title: str,
        call: Callable[[], Any],
        ended: Callable[[JobEnded], object],
        *,
        is_background: bool = False,
    ) -> None:
        def work(_cancel: Cancel) -> Generator[object, None, Any]:
            yield from ()
            return call()

        def heard(event: JobEnded) -> None:
            if isValid(self):
                ended(event)

        self._window.run(Operation(title, work, is_background=is_background), ended=heard)


def kept(adapter: Adapter, *, now_ms: int) -> KeptAdapter:
    """An adapter as the page shows it; its card may be of anybody and hold anything."""
    size = size_in_words(adapter.size_bytes) if adapter.size_bytes else ""
    rank = _("rank {rank}").format(rank=count(adapter.rank)) if adapter.rank else ""
    return KeptAdapter(
        adapter.name,
        in_a_row((adapter.architecture, rank, size)),
        _made(adapter.card, now_ms),
        adapter.problem,
    )


def _made(card: dict[str, Any], now_ms: int) -> str:
    """What it was trained with, as far as its card tells."""
    base, rows, created = (card.get(key) for key in ("base", "rows", "created"))
    model = _("trained with {model}").format(model=base) if isinstance(base, str) and base else ""
    told = str(rows) if re.fullmatch("[0-9]{1,9}", str(rows)) else ""
    examples = _("{count} examples").format(count=count(int(told))) if told else ""
    return in_a_row((model, examples, _date(created, now_ms)))


def _date(created: object, now_ms: int) -> str:
    try:
        moment = datetime.fromisoformat(str(created))
        return relative_date(round(moment.timestamp() * 1000), now_ms=now_ms)
    except (ValueError, OverflowError, OSError):
        return ""
