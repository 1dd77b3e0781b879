"""The candidates for one token as llama.cpp's samplers take them: `llama_token_data_array`."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import Any

import llama_cpp as lib
import numpy as np

from teahouse.errors import EngineError
from teahouse.language import _

CANDIDATE = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
"""`llama_token_data`."""

Row = np.ndarray[Any, np.dtype[np.float32]]
Table = np.ndarray[Any, np.dtype[np.void]]


class Candidates:
    """Every token of the vocabulary with its logit; stages cut, change and sort them in place.

    Args:
        row: Logits, float32 (vocabulary,).
        ids: Whose logits they are; every token's by default.
    """

    def __init__(self, row: Row, *, ids: Sequence[int] | None = None) -> None:
        self._held = np.zeros(len(row), CANDIDATE)
        self._held["id"] = np.arange(len(row), dtype=np.int32) if ids is None else ids
        self._held["logit"] = row
        self._array = lib.llama_token_data_array(
            data=ctypes.cast(self._held.ctypes.data, lib.llama_token_data_p),
            size=len(row),
            selected=-1,
            sorted=False,
        )

    def apply(self, stage: Any) -> None:
        """Let a native sampler act."""
        lib.llama_sampler_apply(stage, ctypes.byref(self._array))

    @property
    def table(self) -> Table:
        """What is left, in the order it now has; a view that the next stage changes."""
        return table_of(self._array)

    @property
    def place(self) -> int:
        """Where in the table the token stands that was drawn; negative before anything was."""
        return int(self._array.selected)


def table_of(array: Any) -> Table:
    """The candidates of a native array, as a view of its memory."""
    address = ctypes.cast(array.data, ctypes.c_void_p).value or 0
    raw = (ctypes.c_char * (array.size * CANDIDATE.itemsize)).from_address(address)
    return np.frombuffer(raw, CANDIDATE)


def probabilities(row: Row) -> Row:
    """Softmax of logits, computed in float64; -inf has none."""
    exponents = np.exp(row.astype(np.float64) - float(row.max()))
    shares: Row = (exponents / exponents.sum()).astype(np.float32)
    return shares


def top(row: Row, count: int) -> Any:
    """Places of the `count` highest values, highest first, equal ones in their order."""
    count = min(count, len(row))
    if not count:
        return np.zeros(0, np.int64)
    places = np.argpartition(-row, count - 1)[:count]
    return places[np.lexsort((places, -row[places]))]


def check_numbers(highest: float) -> None:
    """Refuse a row of logits by its highest: if one is no number, so is that, and nothing follows from it.

    Raises:
        EngineError: It is none.
    """
    if math.isnan(highest):
        raise EngineError(
            _("The model computes with numbers that are none, so nothing can be written or judged."),
            _("Switch its adapters off or lower their scale; without any, its file may be damaged."),
        )
