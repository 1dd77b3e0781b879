"""Logits at a few places of a text, kept so that the neighbours of a place come at once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from teahouse.engine.cache import StateCache
from teahouse.engine.llama.candidates import Row
from teahouse.engine.llama.context import LlamaContext, Rows

BEFORE, WINDOW = 8, 32
"""Places computed at once: so many before the one asked for, so many in all (19 MB for 152,000 tokens)."""


class KeptRows:
    """The rows of one window of one text."""

    def __init__(self, context: LlamaContext, cache: StateCache) -> None:
        self._context, self._cache = context, cache
        self._ids = array("i")
        self._first = 0
        self._rows: Rows = np.zeros((0, 0), np.float32)

    def row(self, ids: Sequence[int], position: int) -> Row:
        """Logits after the first `position` tokens of `ids`, 1 or more.

        Raises:
            Aborted: `should_stop` said so.
        """
        if not self._has(ids, position):
            self._read(ids, position)
        row: Row = self._rows[position - self._first]
        return row

    def _has(self, ids: Sequence[int], position: int) -> bool:
        is_inside = self._first <= position < self._first + len(self._rows)
        return is_inside and self._ids[:position] == array("i", ids[:position])

    def _read(self, ids: Sequence[int], position: int) -> None:
        first = max(1, position - BEFORE)
        end = min(len(ids), first + WINDOW - 1)
        with self._cache.aside():
            self._cache.prepare(ids[:first])
            for _done in self._context.read(ids[len(self._context.held) : first - 1]):
                pass
            read = self._context.read_rows(ids[first - 1 : end], batch_size=WINDOW)
            self._rows = np.concatenate([np.array(rows) for rows in read])
        self._ids, self._first = array("i", ids[:end]), first
