"""The database file: opened with care, one connection behind a lock, transactions, errors in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from teahouse.errors import StoreError
from teahouse.store import backups, health, migrations, words
from teahouse.store.connections import (
    BUSY_TIMEOUT_S,
    connect,
    connect_read_only,
    make_durable,
    transaction,
)
from teahouse.store.header import read_schema
from teahouse.store.health import Health
from teahouse.store.words import errors_in_words

__all__ = ["Database", "errors_in_words"]

FOLD_TIMEOUT_MS = 500

RULES_BROKEN = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)


class Database:
    """One file, one connection; a thread has it to itself for the length of a transaction.

    A file of a newer version or with damaged pages is only read: `read_only` has text and hint for
    people then. `health` is what a look at the pages found.

    Raises:
        StoreError: The file is not ours, damaged (StoreDamaged) or out of reach. It is then as it was.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.is_open = False
        self._lost: Exception | None = None
        self._lock = RLock()
        self._open()

    def _open(self) -> None:
        file = self.file
        with errors_in_words(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            self.health = Health()
            self.read_only = self._find_obstacle(read_schema(file))
            self._connection = connect_read_only(file) if self.read_only else connect(str(file))
        try:
            with errors_in_words(file):
                if not self.read_only:
                    _prepare(self._connection, file)
        except BaseException:
            self._connection.close()
            raise
        self.is_open, self._lost = True, None

    def _find_obstacle(self, version: int) -> tuple[str, str] | None:
        """Why the file can only be read, before a byte of it could change."""
        if version > migrations.newest():
            return words.newer(self.file)
        if version:
            self.health = health.look(self.file)
        if self.health.state != "damaged":
            return None
        error = words.damaged(self.file, self.health.problems[0])
        # An older version is not brought up to date on damaged pages, and cannot be read as it is.
        if version < migrations.newest():
            raise error
        return error.text, error.hint

    def close(self) -> None:
        """Close the connection; the last one to close folds the write-ahead log into the file."""
        with self._lock, errors_in_words(self.file):
            self.is_open = False
            self._connection.close()

    @contextmanager
    def replacing(self) -> Iterator[None]:
        """Let go of the file while another is put in its place; other threads wait meanwhile."""
        with self._lock:
            self.close()
            try:
                yield
            finally:
                self._open_again()

    def _open_again(self) -> None:
        try:
            self._open()
        except Exception as error:
            self._lost = error
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the file, whatever others write meanwhile."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on disk when the block ends, or undone when it raises.

        Raises:
            StoreError: The file is only read.
        """
        if self.read_only is not None:
            text, hint = self.read_only
            raise StoreError(text, hint, path=str(self.file))
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def fold_log(self) -> None:
        """Fold the log into the file and empty it, as far as no other process reads it now."""
        with self._lock, errors_in_words(self.file):
            self._check_open()
            # Others are not waited for as long as for a change: the next fold does what this one cannot.
            self._connection.execute(f"PRAGMA busy_timeout = {FOLD_TIMEOUT_MS}")
            try:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, errors_in_words(self.file):
            self._check_open()
            with transaction(self._connection, begin) as connection:
                yield connection

    def _check_open(self) -> None:
        """StoreError where the file could not be opened again after another took its place."""
        if self._lost is not None:
            raise words.lost(self.file, self._lost) from self._lost


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    if _has_foreign_tables(connection):
        raise words.foreign(file)
    make_durable(connection)
    version = migrations.read_version(connection)
    if 0 < version < migrations.newest():
        backups.copy_before_migration(connection, file, version)
    _migrate(connection, file)


def _migrate(connection: sqlite3.Connection, file: Path) -> None:
    try:
        migrations.migrate(connection)
    except sqlite3.DatabaseError as error:
        # A field that breaks its table's rules, as damage leaves it, stops some changes to the table.
        # A salvage makes it a placeholder.
        problems = health.look(file, limit_s=None).problems
        if error.sqlite_errorcode in RULES_BROKEN and problems:
            raise words.damaged(file, problems[0]) from error
        raise


def _has_foreign_tables(connection: sqlite3.Connection) -> bool:
    # One transaction: another process may be making our tables right now.
    connection.execute("BEGIN")
    is_new = not migrations.read_version(connection)
    has_tables = connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None
    connection.execute("COMMIT")
    return is_new and has_tables
