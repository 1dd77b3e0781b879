"""Backups of the conversations, and the ways back when their file is damaged."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.errors import StoreError
from teahouse.jobs import Cancel
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick, tell

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.store import Store
    from teahouse.store.backups import Backup


@dataclass(frozen=True, slots=True)
class Condition:
    """How the store is.

    Attributes:
        text: Why it can only be read, or not be opened; empty where all is well.
        hint: What can be done.
        is_open: Whether conversations can be read.
    """

    text: str = ""
    hint: str = ""
    is_open: bool = True


def read_condition(*, app: App) -> Operation:
    """Look how the store is; the result is a `Condition`, also for a store that cannot be opened."""

    def read() -> Condition:
        try:
            return Condition(*app.store.read_only_reason)
        except StoreError as error:
            return Condition(error.text, error.hint, is_open=False)

    return quick(translate("Operations", "Opening the conversations"), read)


def list_backups(*, app: App) -> Operation:
    """Read which backups there are; the result is a list of `Backup`, newest first."""

    def read() -> list[Backup]:
        from teahouse.store import backups

        return backups.list_all(app.paths.database)

    return quick(translate("Operations", "Looking for backups"), read)


def make_backup(*, app: App) -> Operation:
    """Save a copy of the conversations now."""

    def work(cancel: Cancel) -> Generator[Any, None, Backup | None]:
        return (yield from app.store.back_up(cancel))

    return Operation(translate("Operations", "Making a backup"), work)


def restore_backup(*, app: App, path: Path) -> Operation:
    """Put a backup in the place of the conversations; the result is where those are now, or None."""

    def restore() -> Path | None:
        from teahouse.store import restoring

        store = _opened(app)
        aside = store.restore_backup(path) if store else restoring.restore(app.paths.database, path)
        tell(app, "conversations")
        return aside

    return quick(translate("Operations", "Restoring a backup"), restore)


def salvage_conversations(*, app: App) -> Operation:
    """Read what can be read into a new file; yields sentences, the result is `Salvaged` or None."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        from teahouse.store import salvage

        store = _opened(app)
        steps = store.salvage(cancel) if store else salvage.salvage(app.paths.database, cancel)
        saved = yield from steps
        tell(app, "conversations")
        return saved

    return Operation(translate("Operations", "Salvaging the conversations"), work)


def _opened(app: App) -> Store | None:
    """The store, or None where its file cannot even be read; it is opened anew when it is next needed."""
    try:
        return app.store
    except StoreError:
        return None
