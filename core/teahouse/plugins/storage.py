"""What a plugin keeps on disk: a folder of its own, and an SQLite file that is brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from teahouse.errors import StoreError
from teahouse.language import _
from teahouse.store.connections import connect, make_durable, transaction
from teahouse.store.words import errors_in_words

DATABASE = "plugin.db"


class PluginStorage:
    """A plugin's own folder and database. Neither is made before it is used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._databases: dict[str, PluginDatabase] = {}
        self._lock = RLock()

    @property
    def folder(self) -> Path:
        """The folder; made when it is not there.

        Raises:
            StoreError: It cannot be made.
        """
        with errors_in_words(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def database(self, migrations: Sequence[str], *, name: str = DATABASE) -> PluginDatabase:
        """The plugin's SQLite file, opened once and brought up to date.

        Args:
            migrations: SQL scripts in their order; one that was released is never changed. Each that this
                file has not seen runs in a transaction of its own, after a copy of the file was made.
            name: Of the file, for plugins that need several.

        Raises:
            StoreError: It cannot be opened, or a newer version of the plugin wrote it.
        """
        with self._lock:
            if name not in self._databases:
                self._databases[name] = PluginDatabase(self.folder / name, migrations)
            return self._databases[name]

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            for database in self._databases.values():
                database.close()
            self._databases.clear()


class PluginDatabase:
    """One SQLite file with one connection, which a thread has to itself for the length of a transaction.

    Raises:
        StoreError: It cannot be opened or brought up to date, or a newer version wrote it; it is as it was.
    """

    def __init__(self, file: Path, migrations: Sequence[str]) -> None:
        self.file = file
        self._lock = RLock()
        with errors_in_words(file):
            self._connection = connect(str(file))
        try:
            with errors_in_words(file):
                self._bring_up_to_date(migrations)
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the file."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on disk when the block ends, or undone when it raises."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    @property
    def version(self) -> int:
        """How many migrations the file has seen."""
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _bring_up_to_date(self, migrations: Sequence[str]) -> None:
        before, newest = self.version, len(migrations)
        if before > newest:
            raise StoreError(
                _("{file} was written by a newer version of the plugin. Nothing in it was changed.").format(
                    file=self.file
                ),
                _("Install the plugin's newest version again."),
                path=str(self.file),
            )
        make_durable(self._connection)
        if 0 < before < newest:
            self._copy(before)
        for number in range(before + 1, newest + 1):
            self._migrate(number, migrations[number - 1])

    def _migrate(self, number: int, script: str) -> None:
        with self._transaction("BEGIN IMMEDIATE") as connection:
            if self.version >= number:  # another process has run it meanwhile
                return
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")

    def _copy(self, number: int) -> None:
        """Keep the file as it is before it changes; one copy for each version."""
        copy = self.file.with_suffix(f".before-{number + 1}.db")
        copy.unlink(missing_ok=True)
        self._connection.execute("VACUUM INTO ?", (str(copy),))

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, errors_in_words(self.file), transaction(self._connection, begin) as connection:
            yield connection


def _statements(script: str) -> Iterator[str]:
    """The statements one by one: `executescript` would commit the transaction it runs in."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
