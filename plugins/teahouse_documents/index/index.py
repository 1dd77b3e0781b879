"""index.db: opened with care, one connection behind a lock, transactions, and what to do about a bad file."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from teahouse.language import Translator
from teahouse.store.connections import connect, connect_read_only, make_durable, transaction
from teahouse.store.words import is_damage
from teahouse_documents.index import keepsake, schema
from teahouse_documents.values import DocumentsError, Problem

_ = Translator("teahouse_documents")

NAME = "index.db"
SIDES = ("", "-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps for one database."""
LOOK_S = 2.0
"""How long opening may look for damaged pages; what it does not reach shows when it is read."""


class Unusable(Exception):
    """The file cannot be used as it is; `kind` is `damaged`, `foreign` or `newer`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Index:
    """The open database; a thread has its connection to itself for the length of a transaction.

    Args:
        file: Made where it is missing, unless it is only read.
        is_read_only: Another process owns it, or a newer version wrote it.

    Raises:
        Unusable: It is damaged, another program's or of a newer version.
        DocumentsError: It cannot be read or written.
    """

    def __init__(self, file: Path, *, is_read_only: bool = False) -> None:
        self.file = file
        self.is_read_only = is_read_only
        self._lock = RLock()
        with errors_in_words(file):
            self._connection = connect_read_only(file) if is_read_only else connect(str(file))
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the file."""
        with self._lock, errors_in_words(self.file), transaction(self._connection, "BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is in the file when the block ends, or undone when it raises."""
        with (
            self._lock,
            errors_in_words(self.file),
            transaction(self._connection, "BEGIN IMMEDIATE") as connection,
        ):
            yield connection

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The connection outside of a transaction, for VACUUM and its like."""
        with self._lock, errors_in_words(self.file):
            yield self._connection

    @property
    def others_writes(self) -> int:
        """A number that changes when another process has written."""
        with self._lock:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def meta(self, key: str, otherwise: str = "") -> str:
        """A value that is kept with the index."""
        with self.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return otherwise if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a value with the index."""
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def size_bytes(self) -> int:
        """Of the database with its log."""
        return sum(file.stat().st_size for file in files_of(self.file) if file.exists())

    def close(self) -> None:
        """Close the connection; the last one folds the log into the file."""
        with self._lock:
            self._connection.close()

    # --- inside -------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        application = self._pragma("application_id")
        version = self._pragma("user_version")
        if application != schema.APPLICATION_ID and (application or version or self._has_tables()):
            raise Unusable("foreign")
        if version > schema.VERSION and not self.is_read_only:
            raise Unusable("newer")
        if self.is_read_only:
            return
        self._look()
        make_durable(self._connection)
        # All of it can be made again from the files, and a log without syncs is never torn, only shorter.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        if version < schema.VERSION:
            self._create()
        for statement in schema.INDEXES:
            self._connection.execute(statement)

    def _create(self) -> None:
        with transaction(self._connection, "BEGIN IMMEDIATE") as connection:
            for statement in schema.TABLES:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {schema.VERSION}")

    def _look(self) -> None:
        """Look for damaged pages as long as there is time."""
        give_up_at = time.monotonic() + LOOK_S
        self._connection.set_progress_handler(lambda: time.monotonic() > give_up_at, 10_000)
        try:
            found = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            found = "ok"
        finally:
            self._connection.set_progress_handler(None, 0)
        if found != "ok":
            raise Unusable("damaged")

    def _pragma(self, name: str) -> int:
        return int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])

    def _has_tables(self) -> bool:
        return bool(self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def files_of(file: Path) -> list[Path]:
    """All files that SQLite keeps for a database."""
    return [file.with_name(file.name + side) for side in SIDES]


def set_aside(file: Path, kind: str) -> Path:
    """Rename a file that cannot be used, with its log; nothing in it is changed. Returns its new name."""
    base = file.with_name(f"{file.stem}.{kind}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}{file.suffix}")
    for old, new in zip(files_of(file), files_of(base), strict=True):
        with contextlib.suppress(FileNotFoundError):
            old.replace(new)
    return base


def open_or_replace(file: Path) -> tuple[Index, list[Problem]]:
    """Open the index for its owner, whatever state it is in, and say what had to be done.

    A damaged or foreign file is set aside, and a new one made, with the collections and sources that could
    still be read; one of a newer version is only read.
    """
    try:
        return Index(file), []
    except Unusable as error:
        if error.kind == "newer":
            return Index(file, is_read_only=True), [_newer(file)]
        if error.kind == "damaged":
            return replace_damaged(file)
        aside = set_aside(file, "foreign")
        return Index(file), [_replaced(aside, "foreign")]


def replace_damaged(file: Path) -> tuple[Index, list[Problem]]:
    """Set a damaged index aside and begin a new one with the sources that can still be read."""
    kept = keepsake.rescue(file)
    aside = set_aside(file, "damaged")
    index = Index(file)
    keepsake.restore(index, kept)
    return index, [_replaced(aside, "damaged")]


@contextmanager
def errors_in_words(file: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into errors for people; mistakes of the program pass."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except (sqlite3.DatabaseError, OSError) as error:
        if is_damage(error):
            raise Unusable("damaged") from error
        raise DocumentsError(*_words(error, file), path=str(file)) from error


def _words(error: Exception, file: Path) -> tuple[str, str]:
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith("SQLITE_FULL") or getattr(error, "errno", 0) == 28:
        return (
            _("The disk is full: indexing has stopped. What was indexed before is kept."),
            _("Free some space, then resume."),
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return (_("Another program keeps {file} locked.").format(file=file), _("Close it and try again."))
    return (
        _("{file} cannot be read or written ({reason}). What was indexed before is kept.").format(
            file=file, reason=error
        ),
        _("Check that the disk is connected and that you may write to the file and its folder."),
    )


def _newer(file: Path) -> Problem:
    return Problem(
        "index",
        _("{file} was written by a newer version. It is searched, and nothing in it is changed.").format(
            file=file
        ),
        _("Install the newest Teahouse to go on indexing."),
        path=str(file),
    )


def _replaced(aside: Path, kind: str) -> Problem:
    if kind == "foreign":
        text = _("index.db was not Teahouse's. It was set aside as {name}, and a new index was begun.")
        return Problem(
            "index", text.format(name=aside.name), _("Move it to where it belongs."), path=str(aside)
        )
    text = _("The index was damaged. It was set aside as {name}, and all documents are read again.")
    return Problem("index", text.format(name=aside.name), _("Nothing needs to be done."), path=str(aside))
