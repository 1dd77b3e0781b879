"""What each question gave, one JSON line each: a run that was stopped goes on where it ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class Kept:
    """The rows of one part of the measurement.

    Args:
        file: Made when the first row comes; a last line that was cut off is passed over.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.rows: dict[str, Row] = {}
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        for line in lines:
            try:
                row = json.loads(line)
            except ValueError:
                continue
            self.rows[row["id"]] = row

    def missing(self, ids: Sequence[str]) -> list[str]:
        """Those that are not there yet."""
        return [one for one in ids if one not in self.rows]

    def fill(self, ids: Sequence[str], work: Callable[[str], Row]) -> Iterator[int]:
        """Do the work of each that is not there yet, and keep it; yields how many are there."""
        for one in self.missing(ids):
            row = {"id": one, **work(one)}
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            self.rows[one] = row
            yield len(self.rows)

    def of(self, ids: Sequence[str]) -> list[Row]:
        """The rows in this order."""
        return [self.rows[one] for one in ids]
