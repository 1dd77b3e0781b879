"""Which chunks a search may find: those of the embedder in force that its filters let pass."""

from __future__ import annotations

import sqlite3
import unicodedata
from typing import Any

import numpy as np

from teahouse_documents.index.schema import ACTIVE
from teahouse_documents.values import Filters

LATEST_NS = 2**63 - 1
"""What SQLite can count; in the year 2262."""

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Allowed:
    """A set of chunk ids that is asked quickly.

    Args:
        flags: By id, whether the chunk may be found.
    """

    def __init__(self, flags: Flags) -> None:
        self._flags = flags
        self.count = int(np.count_nonzero(flags))

    def __contains__(self, number: int) -> bool:
        return 0 <= number < len(self._flags) and bool(self._flags[number])

    def pick(self, numbers: Numbers) -> Numbers:
        """Positions in `numbers` whose chunk may be found."""
        inside = numbers < len(self._flags)
        flags = np.zeros(len(numbers), np.bool_)
        flags[inside] = self._flags[numbers[inside]]
        return np.flatnonzero(flags)


class Register:
    """Of every chunk its file and kind, in memory, so that a filter costs a look at the files only.

    Ids only grow, so that new chunks are read as they come; chunks that are gone stay until `forget`, and
    are left out when the passages are read.
    """

    def __init__(self) -> None:
        self._last = 0
        self._files = np.zeros(0, np.int32)
        self._kinds = np.zeros(0, np.int8)
        self._embedders = np.zeros(0, np.int32)
        self._kind_codes: dict[str, int] = {}

    def forget(self) -> None:
        """Read everything anew at the next search: much has been deleted."""
        self._last = 0
        self._files = self._files[:0]
        self._kinds = self._kinds[:0]
        self._embedders = self._embedders[:0]

    def allowed(self, connection: sqlite3.Connection, filters: Filters) -> Allowed | None:
        """The chunks that pass; None for all: nothing is filtered and there is one embedder only."""
        self._read(connection)
        embedders = connection.execute("SELECT id, state FROM embedder").fetchall()
        if filters == Filters() and len(embedders) < 2:
            return None
        flags = self._files > 0
        if len(embedders) > 1:
            active = connection.execute(f"SELECT {ACTIVE}").fetchone()[0]
            flags &= self._embedders == (active or 0)
        if filters.kinds:
            codes = [self._kind_codes[kind] for kind in filters.kinds if kind in self._kind_codes]
            flags &= np.isin(self._kinds, codes)
        files = _files(connection, filters)
        if files is not None:
            passing = np.zeros(int(max(self._files.max(initial=0), files.max(initial=0))) + 1, np.bool_)
            passing[files] = True
            flags &= passing[self._files]
        return Allowed(flags)

    def _read(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute(
            "SELECT id, file_id, embedder_id, kind FROM chunk WHERE id > ? ORDER BY id", (self._last,)
        ).fetchall()
        if not rows:
            return
        codes = [self._kind_codes.setdefault(row[3], len(self._kind_codes)) for row in rows]
        ids = np.array([row[0] for row in rows])
        length = int(ids[-1]) + 1
        self._files = _grown(self._files, length)
        self._kinds = _grown(self._kinds, length)
        self._embedders = _grown(self._embedders, length)
        self._files[ids] = [row[1] for row in rows]
        self._embedders[ids] = [row[2] for row in rows]
        self._kinds[ids] = codes
        self._last = length - 1


def _grown(values: Any, length: int) -> Any:
    fresh = np.zeros(length, values.dtype)
    fresh[: len(values)] = values
    return fresh


def _files(connection: sqlite3.Connection, filters: Filters) -> Numbers | None:
    """Files that pass; None for all."""
    conditions, values = [], list[Any]()
    if filters.collection_ids or filters.file_ids:
        marks = ", ".join("?" * len(filters.collection_ids))
        of_collections = f"source_id IN (SELECT id FROM source WHERE collection_id IN ({marks}))"
        conditions.append(f"({of_collections} OR id IN ({', '.join('?' * len(filters.file_ids))}))")
        values += [*filters.collection_ids, *filters.file_ids]
    if filters.suffixes:
        conditions.append("(" + " OR ".join(["lower(substr(path, -?)) = ?"] * len(filters.suffixes)) + ")")
        for suffix in filters.suffixes:
            values += [len(suffix), suffix.lower()]
    if filters.path_part:
        connection.create_function("folded", 1, _folded, deterministic=True)
        conditions.append("instr(folded(path), ?) > 0")
        values.append(_folded(filters.path_part))
    if filters.since_ms:
        conditions.append("mtime_ns >= ?")
        values.append(min(filters.since_ms * 1_000_000, LATEST_NS))
    if not conditions:
        return None
    rows = connection.execute(f"SELECT id FROM file WHERE {' AND '.join(conditions)}", values)
    return np.array([row[0] for row in rows], np.int64)


def _folded(path: str) -> str:
    """As paths are compared: SQLite's own lower() knows no letter beyond ASCII."""
    return unicodedata.normalize("NFC", path).casefold()
