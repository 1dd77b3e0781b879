"""What every index of vectors can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from teahouse_documents.search.allowed import Allowed

Rows = np.ndarray[Any, np.dtype[np.float32]]


class Broken(Exception):
    """An index of vectors is damaged, foreign or out of reach; it is made again from index.db."""


class Hit(NamedTuple):
    """A chunk whose vector is near; `score` is the cosine."""

    id: int
    score: float


class VectorIndex(Protocol):
    """Vectors of length 1 by the id of their chunk."""

    def add(self, ids: Sequence[int], vectors: Rows) -> None:
        """Take vectors in, float32 (ids, dimension); one whose id is there is replaced."""

    def remove(self, ids: Sequence[int]) -> None:
        """Drop vectors; ids that are not there are passed over."""

    def search(self, vector: Rows, limit: int, allowed: Allowed | None = None) -> list[Hit]:
        """The nearest ones, nearest first."""

    def count(self) -> int:
        """How many there are."""
