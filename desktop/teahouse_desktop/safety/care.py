"""What is done for the conversations in the background: backups, looking through the file, the search."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from teahouse.errors import StoreError
from teahouse.ids import now_ms
from teahouse.jobs import Cancel, JobEnded
from teahouse_desktop.conversations import keeping
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, tell
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse.app import App

FIRST_MS = 4_000
"""After the window is there: nothing of this is urgent."""

AGAIN_MS = 3 * 60 * 60 * 1000
"""A window may stay open for weeks."""


def complete_search(*, app: App) -> Operation:
    """Take into the search what is missing there; the result is how many titles and messages that were."""
    return Operation(translate("Operations", "Completing the search"), partial(_complete_search, app))


def list_due(app: App) -> list[Operation]:
    """What is to be done now and then; each looks for itself whether it is due."""
    return [
        Operation(translate("Operations", "Making a backup"), partial(_back_up, app)),
        Operation(translate("Operations", "Emptying the trash"), partial(_purge, app)),
        Operation(translate("Operations", "Looking through the saved conversations"), partial(_look, app)),
    ]


def _back_up(app: App, cancel: Cancel) -> Generator[Any, None, None]:
    if app.store.is_backup_due:
        yield from app.store.back_up(cancel)


def _complete_search(app: App, cancel: Cancel) -> Generator[Any, None, int]:
    return (yield from app.store.complete_search(cancel))


def _purge(app: App, cancel: Cancel) -> Generator[Any, None, None]:
    from teahouse.store.trash import DAY_MS, DAYS_IN_TRASH

    yield from ()
    if app.store.look_at_trash() and keeping.purge(app, before_ms=now_ms() - DAYS_IN_TRASH * DAY_MS):
        tell(app, "conversations")


def _look(app: App, cancel: Cancel) -> Generator[Any, None, str]:
    """Returns what is wrong with the file, in SQLite's words; empty where nothing was found."""
    if app.store.is_read_only or not app.store.is_look_due:
        return ""
    health = yield from app.store.look_through(cancel)
    return health.problems[0] if health.state == "damaged" else ""


class CareTaker(QObject):
    """Looks after the conversations while the window is open.

    Signals:
        searchable: Everything is in the search now.
    """

    searchable = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner, self._notices = place.app, place.runner, place.chat.notices
        self._running = 0
        self._timer = QTimer(self, interval=AGAIN_MS)
        self._timer.timeout.connect(self.begin)
        self._first = QTimer(self, singleShot=True, interval=FIRST_MS)
        self._first.timeout.connect(self.begin)

    def start(self) -> None:
        """The conversations can be read: complete the search, and soon do the rest."""
        self.complete_search()
        self._timer.start()
        self._first.start()

    def begin(self) -> None:
        """Do what is due now, unless that is going on already."""
        if not self._running:
            self.complete_search()
            operations = list_due(self._app)
            self._running = len(operations)
            for operation in operations:
                self._runner.start(operation, ended=self._on_ended)

    def complete_search(self) -> None:
        """Take into the search what an older version, or damage, has left out."""
        self._runner.start(complete_search(app=self._app), done=lambda _: self.searchable.emit())

    def _on_ended(self, ended: JobEnded) -> None:
        self._running -= 1
        if isinstance(ended.error, StoreError):
            self._notices.show_text(*in_words(ended.error), is_error=True)
        elif ended.error is not None:
            self._runner.failed.emit(ended)
        elif ended.result:
            self._notices.show_text(
                self.tr("The file with your conversations is damaged ({reason}).").format(
                    reason=ended.result
                ),
                self.tr("Choose “Backups and restoring” in the menu Help to save what can be read."),
                is_error=True,
            )
