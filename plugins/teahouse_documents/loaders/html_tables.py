"""Tables of web pages: those of data as rows, those that only place things left alone."""

from __future__ import annotations

from typing import Any

from teahouse_documents.loaders.normal import one_line
from teahouse_documents.loaders.tables import MOST_COLUMNS
from teahouse_documents.loaders.xml import local

PLACES = frozenset(("table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "form"))
LONGEST_CELL = 1500
MOST_ROWS = 100_000
SPAN_ROWS = 500


def as_rows(table: Any) -> list[list[str]]:
    """The rows of a table of data, the header first; nothing where the table is for layout."""
    if any(local(one) in PLACES for one in table.iterdescendants()):
        return []
    rows = _grid([one for one in table.iterdescendants() if local(one) == "tr"][:MOST_ROWS])
    rows = [row for row in rows if any(row)]
    width = max(map(len, rows), default=0)
    if len(rows) < 2 or width < 2 or any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        return []
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _grid(lines: list[Any]) -> list[list[str]]:
    """Texts of cells, with empty cells where another spans columns, and its text where it spans rows."""
    grid: list[list[str]] = []
    spanning: dict[int, tuple[int, str]] = {}  # column → rows to come, text
    for line in lines:
        row: list[str] = []
        for cell in line:
            if local(cell) not in ("td", "th"):
                continue
            _fill(row, spanning)
            text = one_line("".join(cell.itertext()))
            wide, high = _span(cell, "colspan", MOST_COLUMNS), _span(cell, "rowspan", SPAN_ROWS)
            for extra in range(wide):
                if high > 1:
                    spanning[len(row)] = (high - 1, text if extra == 0 else "")
                row.append(text if extra == 0 else "")
            if len(row) >= MOST_COLUMNS:
                break
        _fill(row, spanning)
        grid.append(row)
    return grid


def _fill(row: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Cells of earlier rows that reach into this one."""
    while len(row) in spanning and len(row) < MOST_COLUMNS:
        left, text = spanning.pop(len(row))
        if left > 1:
            spanning[len(row)] = (left - 1, text)
        row.append(text)


def _span(cell: Any, name: str, most: int) -> int:
    value = str(cell.get(name, "1")).strip()
    return min(max(int(value), 1), most) if value.isascii() and value.isdecimal() and len(value) < 6 else 1
