"""Every vector compared, in numpy: exact, and quick for small sets and for what a filter leaves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np

from teahouse_documents.search.allowed import Allowed
from teahouse_documents.vectors.index import Hit, Rows

HOT = 20_000
"""Up to so many vectors are also held as float32, which is compared ten times as fast."""
BLOCK = 512
"""Vectors compared at a time: as float32 they fit into a processor's cache, which is six times as fast."""
GROWS_BY = 1.5
LEAST_ROWS = 1024


class Exact:
    """Vectors as float16 in a file without a name, which is gone with the process; any thread may ask.

    Args:
        folder: On whose disk that file lies.
    """

    def __init__(self, dimension: int, folder: Path | None = None) -> None:
        self.dimension = dimension
        self._folder = folder
        self._lock = RLock()
        self._count = 0
        self._ids = np.zeros(0, np.int64)
        self._rows = self._room(LEAST_ROWS)
        self._hot: Rows | None = None
        self._places: dict[int, int] = {}

    def load(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """Take in (id, float16 bytes) as they stand in index.db; those of another length are left out."""
        ids, blobs = [], []
        for number, blob in rows:
            if len(blob) == 2 * self.dimension:
                ids.append(number)
                blobs.append(blob)
            if len(ids) == BLOCK:
                self._put(ids, _decoded(blobs, self.dimension))
                ids, blobs = [], []
        if ids:
            self._put(ids, _decoded(blobs, self.dimension))

    def add(self, ids: Sequence[int], vectors: Rows) -> None:
        """As `VectorIndex.add`."""
        self._put(ids, vectors.astype(np.float16))

    def remove(self, ids: Sequence[int]) -> None:
        """As `VectorIndex.remove`."""
        with self._lock:
            for number in ids:
                place = self._places.pop(number, None)
                if place is not None:
                    self._close_gap(place)
            self._hot = None

    def search(self, vector: Rows, limit: int, allowed: Allowed | None = None) -> list[Hit]:
        """As `VectorIndex.search`."""
        with self._lock:
            ids = self._ids[: self._count]
            places = None if allowed is None else allowed.pick(ids)
            scores = self._scores(vector.astype(np.float32), places)
            limit = min(limit, len(scores))
            if not limit:
                return []
            best = np.argpartition(-scores, limit - 1)[:limit]
            best = best[np.argsort(-scores[best], kind="stable")]
            found = ids[best] if places is None else ids[places[best]]
            return [Hit(int(number), float(scores[at])) for number, at in zip(found, best, strict=True)]

    def count(self) -> int:
        """As `VectorIndex.count`."""
        return self._count

    def digest(self) -> tuple[int, int]:
        """How many there are, and the sum of their ids; as `truth.digest`."""
        with self._lock:
            return self._count, int(self._ids[: self._count].sum())

    # --- inside -----------------------------------------------------------------------------------

    def _scores(self, vector: Rows, places: Any) -> Rows:
        rows = self._rows[: self._count]
        if self._count <= HOT:
            if self._hot is None:
                self._hot = rows.astype(np.float32)
            hot = self._hot if places is None else self._hot[places]
            return _products(hot, vector)
        total = self._count if places is None else len(places)
        scores = np.empty(total, np.float32)
        for start in range(0, total, BLOCK):
            end = min(start + BLOCK, total)
            block = rows[start:end] if places is None else rows[places[start:end]]
            scores[start:end] = _products(block.astype(np.float32), vector)
        return scores

    def _put(self, ids: Sequence[int], vectors: Any) -> None:
        with self._lock:
            fresh = sum(number not in self._places for number in ids)
            self._make_room(self._count + fresh)
            for number, row in zip(ids, vectors, strict=True):
                place = self._places.setdefault(number, self._count)
                if place == self._count:
                    self._ids[place] = number
                    self._count += 1
                self._rows[place] = row
            self._hot = None

    def _close_gap(self, place: int) -> None:
        self._count -= 1
        if place == self._count:
            return
        last = int(self._ids[self._count])
        self._ids[place] = last
        self._rows[place] = self._rows[self._count]
        self._places[last] = place

    def _make_room(self, count: int) -> None:
        if count <= len(self._ids):
            return
        length = max(LEAST_ROWS, int(count * GROWS_BY))
        ids = np.zeros(length, np.int64)
        ids[: self._count] = self._ids[: self._count]
        rows = self._room(length)
        rows[: self._count] = self._rows[: self._count]
        self._ids, self._rows = ids, rows

    def _room(self, length: int) -> Any:
        with tempfile.TemporaryFile(dir=self._folder) as file:
            return np.memmap(file, np.float16, "w+", shape=(length, self.dimension))


def _decoded(blobs: Sequence[bytes], dimension: int) -> Any:
    return np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), dimension)


def _products(rows: Rows, vector: Rows) -> Rows:
    """The scalar product of each row with a vector, on this thread alone.

    BLAS would share so little work out to threads of its own, and wait for them while others compute.
    """
    return np.asarray(np.einsum("ij,j->i", rows, vector))
