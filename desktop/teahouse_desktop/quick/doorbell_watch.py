"""Hears what other processes ask this window for (see `teahouse.doorbell`)."""

from __future__ import annotations

import logging
from dataclasses import replace

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from teahouse.doorbell import Doorbell, Ring
from teahouse.jobs import JobEnded
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick
from teahouse_desktop.runner import Runner

log = logging.getLogger(__name__)


def take_rings(*, bell: Doorbell) -> Operation:
    """Take what is asked for; the result is a list of `Ring`."""
    take = quick(translate("Operations", "Looking who asks for the window"), bell.take)
    return replace(take, is_background=True)


class DoorbellWatch(QObject):
    """Watches the folder of a doorbell; what lies there already counts too.

    Signals:
        rung: A `Ring`.
    """

    rung = Signal(object)

    def __init__(self, bell: Doorbell, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._bell, self._runner = bell, runner
        self._is_taking = self._is_wanted = False
        self._watcher = QFileSystemWatcher([str(bell.folder)], self)
        self._watcher.directoryChanged.connect(self._look)
        self._look()

    def _look(self, _folder: str = "") -> None:
        self._is_wanted = self._is_taking
        if not self._is_taking:
            self._is_taking = True
            self._runner.start(take_rings(bell=self._bell), done=self._tell, ended=self._on_taken)

    def _tell(self, rings: list[Ring]) -> None:
        for ring in rings:
            self.rung.emit(ring)

    def _on_taken(self, ended: JobEnded) -> None:
        """What came while the folder was read is looked for again."""
        self._is_taking = False
        if ended.error is not None:  # who has asked is told that nobody answers
            log.warning("requests to the window cannot be read: %s", ended.error)
        if self._is_wanted:
            self._look()
