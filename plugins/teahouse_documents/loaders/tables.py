"""Tables as Markdown, in parts that each keep their header row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from teahouse_documents.loaders.normal import one_line

MOST_COLUMNS = 128
CELL_CHARS = 2000
PART_CHARS = 1500
"""Of the rows of one part: a table that is no longer than this stays whole."""

PART_ROWS = 40
MOSTLY = 0.6
HEADER_WITHIN_ROWS = 6

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table, with its header.

    Args:
        first: Number of the first row that it holds besides the header.
        last: Of the last one.
    """

    text: str
    first: int
    last: int


def cell(value: str) -> str:
    """What stands in one cell, on one line."""
    return one_line(value)[:CELL_CHARS].replace("|", "\\|")


def row_text(cells: Row) -> str:
    """One row in Markdown."""
    return f"| {' | '.join(map(cell, cells))} |"


def header_text(cells: Row) -> str:
    """The header in Markdown."""
    return f"{row_text(cells)}\n|{'---|' * len(cells)}"


def parts(rows: Iterable[tuple[int, Row]], header: Row) -> Iterator[Part]:
    """A table in parts.

    Args:
        rows: Number and cells of each, without the header.
    """
    head, width = header_text(header[:MOST_COLUMNS]), min(len(header), MOST_COLUMNS)
    lines: list[str] = []
    first = last = size = 0
    for number, cells in rows:
        line = row_text([*cells, *[""] * (width - len(cells))][:width])
        if lines and (size + len(line) > PART_CHARS or len(lines) >= PART_ROWS):
            yield Part("\n".join([head, *lines]), first, last)
            lines, size = [], 0
        first, last, size = (number if not lines else first), number, size + len(line)
        lines.append(line)
    if lines:
        yield Part("\n".join([head, *lines]), first, last)


def whole(rows: Sequence[Row]) -> str:
    """A small table whose first row is the header; ragged rows are filled up."""
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    filled = [[*row, *[""] * (width - len(row))][:width] for row in rows]
    return "\n".join([header_text(filled[0]), *map(row_text, filled[1:])]) if filled else ""


def find_header(rows: Sequence[Row]) -> int | None:
    """Place of the header among the first rows: the first that is mostly filled, and with words."""
    width = max((len(_filled(row)) for row in rows), default=0)
    for number, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        filled = _filled(row)
        if filled and len(filled) >= max(MOSTLY * width, min(2, width)):
            return number if sum(map(_is_number, filled)) < 0.5 * len(filled) else None
    return None


def letters(count: int) -> list[str]:
    """Names of columns that have none, as a spreadsheet names them."""
    names = []
    for number in range(min(count, MOST_COLUMNS)):
        high, low = divmod(number, 26)
        names.append((chr(64 + high) if high else "") + chr(65 + low))
    return names


def _filled(row: Row) -> list[str]:
    return [value for value in row if value.strip()]


def _is_number(value: str) -> bool:
    plain = value.strip().lstrip("+-¥￥$€£").rstrip("%％").replace(",", "").replace(".", "", 1)
    return plain.isdecimal()
