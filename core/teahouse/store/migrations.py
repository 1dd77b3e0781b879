"""Numbered migrations: `migrations/NNNN_name.sql`, each in a transaction of its own.

`PRAGMA user_version` is the number of the last one that ran. A file is never changed once released.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib import resources

APPLICATION_ID = int.from_bytes(b"TeaH", "big")
"""Tells our files from other programs' (`PRAGMA application_id`)."""


def migrate(connection: sqlite3.Connection) -> None:
    """Run what this database has not seen yet; two processes that start at once run each only once."""
    for number, script in _scripts():
        if number > read_version(connection):
            _run(connection, number, script)


def newest() -> int:
    """The version that this program writes."""
    return max(number for number, _script in _scripts())


def read_version(connection: sqlite3.Connection) -> int:
    """The number of the last migration that this database has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def read_application(connection: sqlite3.Connection) -> int:
    """Which program the database belongs to; 0 when it does not say."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def _scripts() -> list[tuple[int, str]]:
    folder = resources.files("teahouse.store") / "migrations"
    files = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    return sorted((int(file.name[:4]), file.read_text("utf-8")) for file in files)


def _run(connection: sqlite3.Connection, number: int, script: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have run it while this one waited for the lock.
        if read_version(connection) < number:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    """The statements one by one: `executescript` would commit the transaction it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
