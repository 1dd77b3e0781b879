"""Plain text: paragraphs with their lines, chapters and underlined titles as headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders.files import read_text
from teahouse_documents.loaders.headings import Headings
from teahouse_documents.loaders.normal import ENDS_OF_LINE, one_line
from teahouse_documents.loaders.paragraphs import chapter_level, columns, paragraphs

UNDERLINE = re.compile(r"^([=\-~^\"'#*+])\1{2,}\s*$")
TITLE_CHARS = 120


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of a text file."""
    yield from pieces(read_text(path))


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a text, by its headings and paragraphs."""
    lines = ENDS_OF_LINE.sub("\n", text).split("\n")
    headings, marks = Headings(), list[str]()
    start = 0
    for number, level, title, after in _titles(lines, marks):
        yield from _body(lines[start:number], start, headings.path)
        yield Piece(title, "heading", Place(line=number + 1, heading=headings.enter(level, title)))
        start = after
    yield from _body(lines[start:], start, headings.path)


def _titles(lines: list[str], marks: list[str]) -> Iterator[tuple[int, int, str, int]]:
    """Each heading: its line (from 0), level, words, and the line after it."""
    for number, line in enumerate(lines):
        title = line.strip()
        if not title or len(title) > TITLE_CHARS:
            continue
        mark = _underlined(lines, number)
        if mark:
            if mark not in marks:  # the order in which they appear says their levels
                marks.append(mark)
            yield number, 1 + marks.index(mark), one_line(title), number + 2
        elif level := chapter_level(line):
            yield number, level, one_line(title), number + 1


def _underlined(lines: list[str], number: int) -> str:
    """The character that underlines this line; empty where none does."""
    below = UNDERLINE.match(lines[number + 1]) if number + 1 < len(lines) else None
    is_alone = number == 0 or not lines[number - 1].strip() or UNDERLINE.match(lines[number - 1])
    if below is None or not is_alone or UNDERLINE.match(lines[number]):
        return ""
    width = columns(lines[number].strip())
    return below[1] if 0.6 * width <= len(below[0].strip()) <= 2 * width + 4 else ""


def _body(lines: list[str], start: int, heading: tuple[str, ...]) -> Iterator[Piece]:
    for one in paragraphs(lines, start + 1):
        if UNDERLINE.match(one.text):
            continue
        last = one.last if one.last != one.first else None
        yield Piece(one.text, "text", Place(line=one.first, heading=heading, last_line=last))
