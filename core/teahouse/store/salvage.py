"""What can be read of a damaged database, in a new one; the damaged one is set aside, never deleted.

Rows come first as SQLite reads them, then from pages that it can no longer reach (`pages`). What is
referred to but lost is taken from the backups, or has a placeholder, so that what was written stays
within reach (`mending`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.store import backups, health, mending, migrations, restoring
from teahouse.store.connections import connect, connect_read_only
from teahouse.store.pages import Pages
from teahouse.store.tables import TABLES, Table, columns_of, find_table
from teahouse.store.words import errors_in_words


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What a salvage has saved.

    Attributes:
        aside: The damaged database, as it was.
        rows: How many rows each table has now.
        from_backups: How many of them were taken from backups.
        placeholders: How many conversations and messages stand for lost ones.
    """

    aside: Path | None
    rows: dict[str, int] = field(default_factory=dict)
    from_backups: int = 0
    placeholders: int = 0


def salvage(file: Path, cancel: Cancel) -> Generator[str, None, Salvaged | None]:
    """Read what can be read of a damaged database into a new one, and give that its place (work).

    Nobody may have the database open in this process.

    Returns:
        What was saved; None when stopped, and then nothing was changed.

    Raises:
        StoreError: The new file cannot be written, or another program uses the database.
    """
    part = file.with_name(f"{file.name}.salvaged")
    with errors_in_words(file):
        try:
            with closing(_make_new(part)) as new:
                saved = yield from _fill(new, file, cancel)
                if saved is None:
                    return None
                new.execute("PRAGMA journal_mode = DELETE")
            aside = restoring.put_in_place(part, file)
            health.forget(file)
        finally:
            for suffix in ("", *restoring.COMPANIONS, "-journal"):
                part.with_name(part.name + suffix).unlink(missing_ok=True)
    return Salvaged(aside, *saved)


def _make_new(part: Path) -> sqlite3.Connection:
    for suffix in ("", "-journal"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)
    new = connect(str(part))
    # Of no use before it is whole: synced once, at its end.
    new.execute("PRAGMA synchronous = OFF")
    migrations.migrate(new)
    return new


def _fill(
    new: sqlite3.Connection, file: Path, cancel: Cancel
) -> Generator[str, None, tuple[dict[str, int], int, int] | None]:
    new.execute("BEGIN")
    for table in TABLES:
        yield _("Reading the damaged database: {table}").format(table=table.name)
        columns = columns_of(new, table.name)
        for values in _scan(file, table):
            if cancel.is_set():
                return None
            table.insert(new, values, columns)
    yield _("Looking for more on its pages")
    _take_from_pages(new, file)
    taken = 0
    for backup in backups.list_all(file):
        yield _("Looking for the rest in the backups")
        if cancel.is_set():
            return None
        taken += mending.fill_from(new, backup.path)
    placeholders = mending.mend(new)
    mending.index_anew(new)
    new.execute("COMMIT")
    counts = {table.name: new.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0] for table in TABLES}
    return counts, taken, placeholders


def _take_from_pages(new: sqlite3.Connection, file: Path) -> None:
    columns = {table.name: columns_of(new, table.name) for table in TABLES}
    with closing(Pages(file)) as pages:
        for rowid, values in pages.rows():
            table = find_table(values)
            if table is None:
                continue
            named = dict(zip(columns[table.name], values, strict=False))
            if "number" in named:
                named["number"] = rowid
            table.insert(new, named, columns[table.name])


def _scan(file: Path, table: Table) -> Iterator[dict[str, object]]:
    """Rows as SQLite reads them: upwards until it fails, then downwards until it fails."""
    seen: set[int] = set()
    for direction in ("ASC", "DESC"):
        is_whole = yield from _scan_until_failure(file, table, direction, seen)
        if is_whole:
            return


def _scan_until_failure(
    file: Path, table: Table, direction: str, seen: set[int]
) -> Generator[dict[str, object], None, bool]:
    query = f"SELECT rowid AS rowid_, * FROM {table.name} NOT INDEXED ORDER BY rowid {direction}"
    try:
        with closing(_open_source(file)) as source:
            for row in source.execute(query):
                if row["rowid_"] in seen:
                    return True
                seen.add(row["rowid_"])
                yield {name: row[name] for name in row.keys() if name != "rowid_"}  # noqa: SIM118
    except sqlite3.DatabaseError:
        # The damage: what lies behind it is taken from the pages.
        return False
    return True


def _open_source(file: Path) -> sqlite3.Connection:
    """With the log where SQLite can still read it."""
    connection = connect_read_only(file)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.DatabaseError:
        connection.close()
        return connect_read_only(file, is_still=True)
    return connection
