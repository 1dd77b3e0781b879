"""The database file: opened with care, one connection behind a lock, transactions, errors in words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import RLock
from urllib.parse import quote

from teahouse.errors import StoreError
from teahouse.language import _
from teahouse.store import migrations

BUSY_TIMEOUT_S = 15.0
"""How long a call waits for another process that writes."""

MAGIC = b"SQLite format 3\0"


class Database:
    """One file, one connection; a thread has it to itself for the length of a transaction.

    Raises:
        StoreError: The file is not ours, newer than this version, damaged or out of reach. It is
            then as it was.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = RLock()
        with errors_in_words(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            check_file(file)
            self._connection = _connect(str(file))
        try:
            with errors_in_words(file):
                _prepare(self._connection, file)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the connection; the last one to close folds the write-ahead log into the file."""
        with self._lock, errors_in_words(self._file):
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the file, whatever others write meanwhile."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on disk when the block ends, or undone when it raises."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, errors_in_words(self._file):
            self._connection.execute(begin)
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite has undone it by itself after some errors, such as a full disk.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def check_file(file: Path) -> None:
    """Refuse a file that is not ours or newer, before SQLite could change a byte of it.

    Raises:
        StoreError: It is not a database, another program's, or of a newer version.
        OSError: It cannot be read.
    """
    if not file.exists() or not file.stat().st_size:
        return
    with file.open("rb") as stream:
        header = stream.read(100)
    if not header.startswith(MAGIC) or len(header) < 100:
        raise _foreign(file)
    # Offsets: https://www.sqlite.org/fileformat.html#the_database_header
    version, application = (int.from_bytes(header[at : at + 4], "big") for at in (60, 68))
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        version, application = _peek(file)
    _check_owner(file, version, application)


def _check_owner(file: Path, version: int, application: int) -> None:
    if (version or application) and application != migrations.APPLICATION_ID:
        raise _foreign(file)
    if version > migrations.newest():
        raise StoreError(
            _("{file} was written by a newer version of Teahouse. Nothing in it was changed.").format(
                file=file
            ),
            _("Install the newest Teahouse to open it."),
            path=str(file),
            version=version,
        )


def _peek(file: Path) -> tuple[int, int]:
    """Version and application of a file whose log is not folded in; a read-only look leaves both alone."""
    path = quote(file.absolute().as_posix())
    address = f"file://{path if path.startswith('/') else f'/{path}'}?mode=ro"
    connection = _connect(address, is_address=True)
    try:
        return migrations.read_version(connection), migrations.read_application(connection)
    finally:
        connection.close()


def _connect(name: str, *, is_address: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(
        name, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, uri=is_address
    )
    connection.row_factory = sqlite3.Row
    # A damaged text shows what is left of it instead of failing the whole list.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    return connection


def _prepare(connection: sqlite3.Connection, file: Path) -> None:
    if _has_foreign_tables(connection):
        raise _foreign(file)
    _use_log(connection)
    for pragma in (
        "trusted_schema = OFF",
        "synchronous = FULL",
        "fullfsync = ON",  # macOS: without it a sync stops in the drive's cache
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    migrations.migrate(connection)


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


def _has_foreign_tables(connection: sqlite3.Connection) -> bool:
    # One transaction: another process may be making our tables right now.
    connection.execute("BEGIN")
    is_new = not migrations.read_version(connection)
    has_tables = connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None
    connection.execute("COMMIT")
    return is_new and has_tables


def _foreign(file: Path) -> StoreError:
    return StoreError(
        _("{file} is not a database of Teahouse. Nothing in it was changed.").format(file=file),
        _("Move it away to start with an empty one, or put your own database back in its place."),
        path=str(file),
    )


@contextmanager
def errors_in_words(file: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into a StoreError; mistakes of the program pass."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except (sqlite3.DatabaseError, OSError) as error:
        text, hint = _words(error)
        raise StoreError(text.format(file=file, reason=error), hint, path=str(file)) from error


def _words(error: Exception) -> tuple[str, str]:
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return (
            _("{file} is damaged ({reason}). Nothing in it was changed."),
            _("Keep a copy of it. Move it away to start with an empty one, or put a backup in its place."),
        )
    if name.startswith("SQLITE_FULL"):
        return (
            _("The disk is full: nothing more could be saved in {file}. What was saved before is kept."),
            _("Free some space and try again."),
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return (
            _("Another program keeps {file} locked. Nothing was changed."),
            _("Close the other program and try again."),
        )
    return (
        _("{file} cannot be read or written ({reason}). What was saved before is kept."),
        _("Check that the disk is connected and that you may write to the file and its folder."),
    )
