"""Connections to the database's file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from teahouse.search import functions

BUSY_TIMEOUT_S = 15.0
"""How long a call waits for another process that writes."""

TOLERANT = partial(str, encoding="utf-8", errors="replace")
"""A damaged text shows what is left of it instead of failing the whole list."""

DURABLE = (
    "trusted_schema = OFF",
    "synchronous = FULL",
    "fullfsync = ON",  # macOS: without it a sync stops in the drive's cache
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted for good is overwritten with zeros
)


def connect(name: str, *, is_address: bool = False) -> sqlite3.Connection:
    """A connection that begins no transaction by itself; rows by name, text read tolerantly."""
    connection = sqlite3.connect(
        name, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, uri=is_address
    )
    connection.row_factory = sqlite3.Row
    connection.text_factory = TOLERANT
    functions.add_to(connection)
    return connection


def connect_read_only(file: Path, *, is_still: bool = False) -> sqlite3.Connection:
    """A connection that changes neither the file nor its log.

    Args:
        is_still: Nobody writes to the file: it is read as it stands, without its log and any lock file.
    """
    path = quote(file.absolute().as_posix())
    address = f"file://{path if path.startswith('/') else f'/{path}'}?mode=ro"
    return connect(f"{address}&immutable=1" if is_still else address, is_address=True)


def make_durable(connection: sqlite3.Connection) -> None:
    """Write through a log, synced at each commit."""
    _use_log(connection)
    for pragma in DURABLE:
        connection.execute(f"PRAGMA {pragma}")


def _use_log(connection: sqlite3.Connection) -> None:
    # The one statement that does not wait for others: they may be making the same new file.
    give_up_at = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
        time.sleep(0.01)


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str) -> Iterator[sqlite3.Connection]:
    """A transaction that is committed when the block ends, and undone when it raises.

    Args:
        begin: The statement that begins it: `BEGIN`, `BEGIN IMMEDIATE`.
    """
    connection.execute(begin)
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has undone it by itself after some errors, such as a full disk.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
