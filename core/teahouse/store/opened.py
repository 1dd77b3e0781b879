"""An open store: its file, its backups, its health."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from teahouse.ids import now_ms
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.store import backups, health, recovery, restoring, salvage, trash
from teahouse.store.backups import Backup
from teahouse.store.database import Database
from teahouse.store.health import Health
from teahouse.store.salvage import Salvaged
from teahouse.store.words import errors_in_words
from teahouse.store.writers import Writer


class OpenedStore:
    """What every part of the store shares; see `Store`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._writer: Writer | None = None
        self._database = Database(file)
        try:
            self._enter()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file; replies that still stream become `partial` at the next opening."""
        self._leave()
        self._database.close()

    @property
    def is_read_only(self) -> bool:
        """Whether the file can only be read; every change raises StoreError then."""
        return self._database.read_only is not None

    @property
    def read_only_reason(self) -> tuple[str, str]:
        """Why, and what to do, in words for people; two empty texts where it can be changed."""
        return self._database.read_only or ("", "")

    # --- backups ------------------------------------------------------------------------------------

    @property
    def is_backup_due(self) -> bool:
        """Whether the last backup is older than a day; a store that is only read has no need of one."""
        return not self.is_read_only and backups.is_due(self._file)

    def back_up(self, cancel: Cancel) -> Generator[str, None, Backup | None]:
        """Save a copy while the store is used (work); see `backups.back_up`."""
        return (yield from backups.back_up(self._file, cancel))

    def backups(self) -> list[Backup]:
        """Every copy there is, newest first."""
        return backups.list_all(self._file)

    def restore_backup(self, path: Path) -> Path | None:
        """Put a copy in the place of the file; what is there now is set aside, and its new path returned.

        Raises:
            StoreError: The copy is damaged or of a newer version, or another program uses the file.
                Nothing was changed then, and the store goes on.
        """
        with self._replacing():
            return restoring.restore(self._file, path)

    # --- health -------------------------------------------------------------------------------------

    @property
    def health(self) -> Health:
        """What the look at the file's pages found when it was opened."""
        return self._database.health

    @property
    def is_look_due(self) -> bool:
        """Whether no look through the whole file has come to its end for a week."""
        return health.is_due(self._file)

    def look_through(self, cancel: Cancel) -> Generator[str, None, Health]:
        """Look through the whole file while it is used (work); damage makes the next opening read-only."""
        yield _("Looking through the saved conversations")
        with errors_in_words(self._file):
            return health.look(self._file, limit_s=None)

    def salvage(self, cancel: Cancel) -> Generator[str, None, Salvaged | None]:
        """Read what can be read into a new file and go on with that (work); see `salvage.salvage`."""
        with self._replacing():
            return (yield from salvage.salvage(self._file, cancel))

    @contextmanager
    def _replacing(self) -> Iterator[None]:
        try:
            with self._database.replacing():
                self._leave()
                yield
        finally:
            if self._database.is_open:
                self._enter()

    @property
    def _writer_id(self) -> str:
        return self._writer.id if self._writer else ""

    def _enter(self) -> None:
        if self.is_read_only:
            return
        self._writer = Writer(self._file.parent / "writers")
        now = now_ms()
        may_purge = trash.look(self._file, now=now)
        with self._database.writing() as connection:
            recovery.recover(connection, self._writer)
            old = trash.list_older(connection, now - trash.DAYS_IN_TRASH * trash.DAY_MS) if may_purge else []
            trash.delete(connection, old)
        if old:
            self._database.fold_log()

    def _leave(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = None
