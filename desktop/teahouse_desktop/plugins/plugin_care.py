"""Loads the plugins once the window shows, and says which of them are off and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from teahouse.language import sentences
from teahouse.plugins.watch import WindowWatch
from teahouse_desktop.operations import Operation
from teahouse_desktop.plugins import plugin_operations
from teahouse_desktop.plugins.plugin_operations import TurnedOff

if TYPE_CHECKING:
    from teahouse_desktop.workplace import Workplace

BEAT_MS = 1000


class PluginCare(QObject):
    """Looks after the plugins of one window."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place = place
        self._watch: WindowWatch | None = None
        self._beat = QTimer(self, interval=BEAT_MS)
        place.runner.starting.connect(self._on_starting)

    def begin(self) -> None:
        """Load the plugins, or say that none runs."""
        if self._place.app.plugins.roster.is_safe_mode:
            text = self.tr("Safe mode: no plugin runs. Nothing about your plugins was changed.")
            self._offer(text, self.tr("Load the plugins"), self._leave_safe_mode)
        else:
            self._start(plugin_operations.load_plugins(app=self._place.app))

    # --- inside -----------------------------------------------------------------------------------

    def _on_starting(self, _operation: object) -> None:
        """The first plugin may come from the page of plugins, long after the start."""
        if self._watch is None and self._place.app.plugins.marks.is_begun:
            self._begin_watch()

    def _start(self, operation: Operation) -> None:
        self._place.runner.start(operation, progressed=self._on_progress)

    def _leave_safe_mode(self) -> None:
        self._start(plugin_operations.leave_safe_mode(app=self._place.app))

    def _on_progress(self, step: Any) -> None:
        if isinstance(step, TurnedOff):
            self._tell_off(step)
        elif self._watch is None:  # the first plugin is about to be loaded
            self._begin_watch()

    def _tell_off(self, off: TurnedOff) -> None:
        if not off.verdicts:
            return
        text = self.tr("The plugin {name} {what}.")
        said = [text.format(name=name, what=verdict.words) for name, verdict in off.verdicts.items()]
        is_one = len(said) == 1
        said.append(self.tr("It is off now.") if is_one else self.tr("They are off now."))
        verb = self.tr("Turn it on again") if is_one else self.tr("Turn them on again")
        names = list(off.verdicts)
        operation = plugin_operations.turn_on(app=self._place.app, names=names)
        self._offer(sentences(*said), verb, lambda: self._start(operation))

    def _offer(self, text: str, verb: str, act: Any) -> None:
        self._place.chat.notices.offer(text, verb, act, is_lasting=True)

    def _begin_watch(self) -> None:
        watch = self._watch = WindowWatch(self._place.app.plugins)
        watch.start()
        self._beat.timeout.connect(watch.beat)
        self._beat.start()
        self.destroyed.connect(lambda: watch.stop())
