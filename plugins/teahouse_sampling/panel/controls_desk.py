"""Connects the panel "Sampling" with the app: reads, keeps, takes back, and has the engine explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from teahouse.errors import AppError
from teahouse.events import Changed, EngineState
from teahouse.jobs import JobEnded
from teahouse.setting import Value
from teahouse_sampling.panel import shape
from teahouse_sampling.panel.bias_entry import BiasEntry
from teahouse_sampling.panel.controls import ControlsPanel
from teahouse_sampling.panel.explainer_desk import ExplainerDesk
from teahouse_sampling.panel.presets_desk import PresetsDesk
from teahouse_sampling.panel.reading import SCOPES, Place, Read, Scope, keep_value, read_values
from teahouse_sampling.panel.said import label_of
from teahouse_sampling.panel.token_words import read_tokens
from teahouse_sampling.panel.value_row import ValueRow
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow

CONCERNS = frozenset(("settings", "models", "plugins"))
WORTH_UNDOING = (
    shape.BIAS,
    shape.BANNED,
    shape.BREAKERS,
    shape.GRAMMAR,
    shape.SCHEMA,
    shape.STOP,
    shape.ORDER,
)
"""What is not typed again in a moment: taking it back can be undone."""


class ControlsDesk(QObject):
    """One panel's desk; it goes with the panel.

    Signals:
        heard: An event of the app, from whichever thread published it.
    """

    heard = Signal(object)

    def __init__(self, app: App, window: PanelWindow, panel: ControlsPanel) -> None:
        super().__init__(panel)
        self._app, self._window, self._panel = app, window, panel
        self._scope: Scope = "conversation"
        self._read: Read | None = None
        self._keeping = 0
        self.explainer = ExplainerDesk(app, window, panel)
        self.presets = PresetsDesk(app, window, panel, self)
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._load)
        self._forget = app.events.listen(self.heard.emit)
        self.destroyed.connect(self._forget)
        self._connect()
        self.refresh()

    @property
    def read(self) -> Read | None:
        """What is shown; None before it has been read."""
        return self._read

    def refresh(self) -> None:
        """Read again what is in force, soon."""
        self._timer.start()

    def keep(self, key: str, value: Value | None) -> None:
        """Choose a value at the place, or take its choice back."""
        if self._read is None:
            return
        read, asked = self._read, self._window.conversation_id
        operation = keep_value(app=self._app, read=read, key=key, value=value)
        self._keeping += 1

        def on_ended(ended: JobEnded) -> None:
            is_left = read.place.scope == "conversation" and asked not in ("", self._window.conversation_id)
            self._on_kept(read, key, None if is_left else (value,), ended)

        self._window.run(operation, ended=on_ended)

    def choose_scope(self, scope: str) -> None:
        """Let changes go there from now on."""
        self._panel.flush()
        self._scope = next(one for one in SCOPES if one == scope)
        self.refresh()

    # --- inside: reading ----------------------------------------------------------------------------

    def _load(self) -> None:
        if not self._panel.isVisible():
            return  # it is read when somebody looks again
        place = Place(self._scope, dict(self._window.settings), self._window.model)
        self._window.run(read_values(app=self._app, place=place), done=self._show)

    def _show(self, read: Read) -> None:
        if self._keeping:  # what is read now is out of date already
            return
        if read.place.scope == "preset" and (read.preset is None or read.preset.is_built_in):
            self.choose_scope("conversation")
            return
        before, self._read = self._read, read
        self._panel.show_read(read)
        self.presets.show_read(read)
        if before is None or _is_other(before, read):
            self.explainer.ask()

    def _on_event(self, event: object) -> None:
        if isinstance(event, Changed) and event.kinds & CONCERNS:
            self.refresh()
        elif isinstance(event, EngineState) and event.state in ("ready", "unloaded", "crashed"):
            self.explainer.ask()

    # --- inside: keeping ----------------------------------------------------------------------------

    def _on_kept(self, read: Read, key: str, value: tuple[Value | None] | None, ended: JobEnded) -> None:
        """Args: value: None where it was for a conversation that is not open any more."""
        self._keeping -= 1
        if ended.error is not None:
            self._refuse(key, ended.error)
        elif value is None:
            left = _("Another conversation was opened before this was kept.")
            self._refuse(key, AppError(left, _("Choose it again there. What was in force is in force.")))
        elif read.place.scope == "conversation":
            self._window.choose(key, *value)
        self.refresh()

    def _refuse(self, key: str, error: BaseException) -> None:
        rows = self._panel.rows.get(key, [])
        told = error if isinstance(error, AppError) else AppError(f"{type(error).__name__}: {error}")
        for row in rows:
            row.refuse(told)
        if not rows:
            self._panel.notices.dismiss()
            self._panel.notices.show_text(told.text, told.hint, is_error=True)

    def _reset(self, keys: Sequence[str]) -> None:
        if self._read is None:
            return
        before = {key: self._read.values[key].value for key in keys if self._read.values[key].is_own}
        for key in before:
            for row in self._panel.rows.get(key, []):
                row.show_problem("")
            self.keep(key, None)
        if any(key in WORTH_UNDOING for key in before):
            name = label_of(self._read.declared[next(iter(before))])
            text = _("{name} was reset here.").format(name=name)
            self._panel.notices.offer(text, _("Undo"), lambda: self._keep_all(before))

    def _keep_all(self, values: dict[str, Any]) -> None:
        for key, value in values.items():
            self.keep(key, value)

    # --- inside -----------------------------------------------------------------------------------

    def _connect(self) -> None:
        panel, window = self._panel, self._window
        self.heard.connect(self._on_event)
        panel.scope.chosen.connect(self.choose_scope)
        panel.changed.connect(self.keep)
        panel.reset_requested.connect(self._reset)
        panel.row_made.connect(self._on_row)
        panel.shown.connect(self.refresh)
        window.conversation_changed.connect(self.refresh)
        window.look_changed.connect(self._on_look)

    def _on_look(self) -> None:
        self._panel.set_look(self._window.look)

    def _on_row(self, row: ValueRow) -> None:
        if isinstance(entry := row.entry, BiasEntry):
            entry.tokens_wanted.connect(lambda texts: self._tell_tokens(entry, texts))
            entry.ask_again()

    def _tell_tokens(self, entry: BiasEntry, texts: Sequence[str]) -> None:
        if self._window.is_busy:
            return
        operation = read_tokens(app=self._app, model=self._window.model, texts=texts)
        self._window.run(operation, done=entry.show_tokens)


def _is_other(before: Read, now: Read) -> bool:
    """Whether something else is in force: only then the drawings change."""
    if before.place.model != now.place.model:
        return True
    return {k: v.in_force for k, v in before.values.items()} != {k: v.in_force for k, v in now.values.items()}
