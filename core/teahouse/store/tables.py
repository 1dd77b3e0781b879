"""The tables that a salvage saves: how their rows are known by sight, and made to fit again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from teahouse.ids import is_id
from teahouse.store.rows import UNREADABLE, clean, read_int, read_text

HASH = re.compile(r"[0-9a-f]{64}")

Columns = Mapping[str, tuple[str, bool]]
"""Of each column its type and whether it takes no NULL, in their order."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows are saved.

    Attributes:
        key: Columns that a row is of no use without.
        fewest: How many columns its rows have at least: those of its first version.
        marks: By position, what a row is known by: `id`, `hash`, `text`, `int`, `blob` or `null`.
    """

    name: str
    key: tuple[str, ...]
    fewest: int
    marks: Mapping[int, str]

    def is_row(self, values: Sequence[object], most: int = 40) -> bool:
        """Whether values found on some page look like a row of this table."""
        return self.fewest <= len(values) <= most and all(
            _has_mark(values[at], mark) for at, mark in self.marks.items()
        )

    def insert(self, connection: sqlite3.Connection, values: Mapping[str, object], columns: Columns) -> bool:
        """Add a row unless it is there already; fields that do not fit become placeholders."""
        if any(not values.get(name) and values.get(name) != 0 for name in self.key):
            return False
        fitted = {name: _fit(values[name], *columns[name]) for name in columns if name in values}
        return _insert(connection, self.name, fitted) or (
            # Another row has taken its number: damage, or a row of a backup.
            "number" in fitted and _insert(connection, self.name, fitted | {"number": None})
        )


TABLES = (
    Table("conversation", ("id",), 12, {0: "null", 1: "id", 9: "int", 10: "int"}),
    Table("message", ("id", "conversation_id"), 10, {0: "null", 1: "id", 2: "id", 4: "text", 6: "int"}),
    Table("part", ("message_id", "position"), 6, {0: "id", 1: "int", 2: "text", 3: "text"}),
    Table("generation", ("message_id",), 16, {0: "null", 1: "id", 4: "blob", 7: "blob"}),
    Table("attachment", ("hash",), 4, {0: "null", 1: "hash", 2: "int", 3: "blob"}),
    Table("attached", ("message_id", "attachment_hash"), 3, {0: "null", 1: "id", 2: "hash"}),
    Table("tag", ("conversation_id", "name"), 3, {0: "null", 1: "id", 2: "text"}),
    Table("prompt", ("name",), 5, {0: "null", 1: "text", 2: "text", 3: "int", 4: "int"}),
)
"""What is referred to comes before what refers to it; `attached` before `tag`, which it looks like."""


def find_table(values: Sequence[object]) -> Table | None:
    """The table that a row found on some page belongs to; None for a row of an index or of the search."""
    return next((table for table in TABLES if table.is_row(values)), None)


def columns_of(connection: sqlite3.Connection, table: str) -> dict[str, tuple[str, bool]]:
    """The columns of a table, in their order."""
    rows = connection.execute(f"PRAGMA table_info({table})")
    return {row["name"]: (row["type"], bool(row["notnull"])) for row in rows}


def _insert(connection: sqlite3.Connection, table: str, values: Mapping[str, object]) -> bool:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    query = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"
    return connection.execute(query, tuple(values.values())).rowcount > 0


def _fit(value: object, kind: str, is_required: bool) -> object:
    if value is None and not is_required:
        return None
    if kind == "INTEGER":
        number = read_int(value)
        return number if -(2**63) <= number < 2**63 else 0
    if kind == "BLOB":
        return value if isinstance(value, bytes) else b""
    return clean(read_text(value, UNREADABLE))


def _has_mark(value: object, mark: str) -> bool:
    if mark == "id":
        return isinstance(value, str) and is_id(value)
    if mark == "hash":
        return isinstance(value, str) and HASH.fullmatch(value) is not None
    kinds = {"null": type(None), "int": int, "text": str, "blob": bytes}
    return isinstance(value, kinds[mark])
