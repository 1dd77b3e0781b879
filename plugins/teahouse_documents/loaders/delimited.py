"""CSV and its relatives: rows in parts that keep the header, with the lines they stand on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from teahouse.language import Translator
from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders.files import read_text
from teahouse_documents.loaders.refusal import refuse
from teahouse_documents.loaders.tables import MOST_COLUMNS, find_header, letters, parts

_ = Translator("teahouse_documents")

DELIMITERS = ",\t;|"
SAMPLE_LINES = 50
FIELD_CHARS = 1 << 20
QUOTED = re.compile(r'"(?:[^"]|"")*"')


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The rows of a delimited file."""
    text = read_text(path)
    csv.field_size_limit(FIELD_CHARS)
    delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else find_delimiter(text)
    rows = _rows(text, delimiter)
    ahead = [row for _number, row in zip(range(20), rows, strict=False)]
    at = find_header([cells for _line, cells in ahead])
    widest = max((len(cells) for _line, cells in ahead), default=0)
    if widest > MOST_COLUMNS:
        context.remark(_("Only the first {count} columns were taken.").format(count=MOST_COLUMNS))
    for line, cells in ahead[:at] if at else []:  # a title above the table
        yield Piece(" ".join(filter(None, cells)), "text", Place(line=line))
    header = letters(widest) if at is None else ahead[at][1]

    def body() -> Iterator[tuple[int, list[str]]]:
        yield from ahead if at is None else ahead[at + 1 :]
        yield from rows

    count = 0
    for part in parts(body(), header):
        count += 1
        yield Piece(part.text, "table", Place(line=part.first, last_line=part.last))
    if count == 0 and at is not None:  # one row that says something
        yield Piece(" ".join(filter(None, header)), "text", Place(line=ahead[at][0]))


def find_delimiter(text: str) -> str:
    """The delimiter that divides the first lines most evenly; a comma where none does."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:SAMPLE_LINES]
    counts = {one: [QUOTED.sub("", line).count(one) for line in lines] for one in DELIMITERS}
    rated = {
        one: (sum(count == max(set(seen), key=seen.count) for count in seen), max(set(seen), key=seen.count))
        for one, seen in counts.items()
        if seen
    }
    usable = [one for one, (_even, count) in rated.items() if count]
    return max(usable, key=lambda one: rated[one], default=",")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line on which each row ends, and its cells, without rows that are empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        text = _("Line {line} cannot be read as a row ({reason}).")
        raise refuse("broken", text.format(line=before + 1, reason=error)) from error
