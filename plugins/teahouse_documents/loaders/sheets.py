"""Workbooks (XLSX, XLS, XLSB, ODS): the tables of each sheet, with their rows and header."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from teahouse.language import Translator
from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders.archive import ENCRYPTED_PACKAGE, OLE, open_archive
from teahouse_documents.loaders.files import read_bytes
from teahouse_documents.loaders.refusal import Refused, broken, locked
from teahouse_documents.loaders.tables import MOST_COLUMNS, Row, find_header, letters, parts

_ = Translator("teahouse_documents")

XLS_BYTES = 256 * 2**20
BLANK_ROWS = 2
"""So many rows without anything divide two tables."""


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The tables of a workbook, sheet by sheet."""
    from python_calamine import CalamineError, CalamineWorkbook

    _check(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            yield from _sheet(book, name, context)
    except CalamineError as error:
        raise _reason(path, str(error)) from error


def _check(path: Path) -> None:
    """Refuse what is made to fill the memory.

    Raises:
        Refused: It is, or has a password.
    """
    with path.open("rb") as stream:
        head = stream.read(len(OLE))
    if head != OLE:
        with open_archive(path, _kind(path)) as archive:
            if archive.has("META-INF/manifest.xml") and b"encryption-data" in archive.read(
                "META-INF/manifest.xml"
            ):
                raise locked()
    elif ENCRYPTED_PACKAGE in read_bytes(path, XLS_BYTES):
        raise locked()


def _sheet(book: Any, name: str, context: LoadContext) -> Iterator[Piece]:
    from python_calamine import CalamineError

    try:
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, ValueError):  # a chart on a sheet of its own has no cells
        return
    if sheet.width > MOST_COLUMNS:
        text = _("Of the sheet “{name}” only the first {count} columns were taken.")
        context.remark(text.format(name=name, count=MOST_COLUMNS))
    for block in _blocks(sheet):
        yield from _table(name, block)


def _blocks(sheet: Any) -> Iterator[list[tuple[int, list[str]]]]:
    """Rows that follow each other, with their numbers, without columns that are empty at the left."""
    block: list[tuple[int, list[str]]] = []
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = [_shown(value) for value in values[: MOST_COLUMNS + 1]]
        if any(cells):
            if block and number - block[-1][0] > BLANK_ROWS:
                yield block
                block = []
            block.append((number, cells))
    if block:
        yield block


def _table(name: str, block: list[tuple[int, list[str]]]) -> Iterator[Piece]:
    used = [
        at for at in range(max(len(cells) for _row, cells in block)) if any(_at(c, at) for _row, c in block)
    ]
    rows: list[tuple[int, Row]] = [(number, [_at(cells, at) for at in used]) for number, cells in block]
    header = find_header([cells for _number, cells in rows])
    if len(rows) == 1 or len(used) == 1:
        yield from _plain(name, rows)
        return
    yield from _plain(name, rows[:header] if header else [])  # titles above the table
    head = letters(len(used)) if header is None else rows[header][1]
    body = rows if header is None else rows[header + 1 :]
    for part in parts(body, head):
        yield Piece(part.text, "table", _place(name, part.first, part.last))


def _plain(name: str, rows: list[tuple[int, Row]]) -> Iterator[Piece]:
    """Rows that are no table: notes, titles, a list."""
    lines = [(number, " ".join(filter(None, cells))) for number, cells in rows]
    for start in range(0, len(lines), 20):
        held = lines[start : start + 20]
        yield Piece("\n".join(text for _n, text in held), "text", _place(name, held[0][0], held[-1][0]))


def _place(name: str, first: int, last: int) -> Place:
    return Place(sheet=name, line=first, last_line=last if last > first else None)


def _at(cells: list[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _shown(value: Any) -> str:
    """A cell as a person reads it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    return str(value).strip()


def _kind(path: Path) -> str:
    return path.suffix[1:].upper()


def _reason(path: Path, said: str) -> Refused:
    return locked() if "assword" in said or "ncrypted" in said else broken(_kind(path))
