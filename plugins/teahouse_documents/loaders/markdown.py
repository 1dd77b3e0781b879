"""Markdown by its lines: headings, paragraphs, lists, code, tables.

Source: CommonMark 0.31, GitHub's tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from teahouse.passages import Kind, LoadContext, Piece, Place
from teahouse_documents.loaders.files import read_text
from teahouse_documents.loaders.headings import Headings
from teahouse_documents.loaders.normal import ENDS_OF_LINE, join_lines, one_line
from teahouse_documents.loaders.paragraphs import IS_ITEM
from teahouse_documents.loaders.tables import parts

ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
DELIMITER = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
COMMENT = ("<!--", "-->")
MARK_CHARS = 1000
"""A longer line is no heading and no row: patterns are asked only of lines whose time is bounded."""

BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
FRONT = "---"


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of a Markdown file."""
    yield from pieces(read_text(path))


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of Markdown text, with their lines."""
    yield from _Lines(_without_comments(ENDS_OF_LINE.sub("\n", text)).split("\n")).pieces()


def _without_comments(text: str) -> str:
    """The text without what does not show; lines keep their numbers."""
    parts, at = [], 0
    while (start := text.find(COMMENT[0], at)) >= 0 and (end := text.find(COMMENT[1], start)) >= 0:
        parts += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + len(COMMENT[1])
    return "".join([*parts, text[at:]])


class _Lines:
    """The lines of a text, read once from top to bottom."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._headings = Headings()

    def pieces(self) -> Iterator[Piece]:
        if self._lines[0].strip() == FRONT:
            yield from self._front()
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip():
                self._at += 1
            elif found := _heading_mark(line):
                self._at += 1
                yield from self._heading(len(found[1]), found[2] or "", self._at)
            elif FENCE.match(line):
                yield self._code()
            elif self._is_table():
                yield from self._table()
            else:
                yield from self._paragraph()

    def _front(self) -> Iterator[Piece]:
        """The fields before the text, between two lines of dashes."""
        ends = [at for at, line in enumerate(self._lines[1:60], start=1) if line.strip() in (FRONT, "...")]
        if ends:
            yield self._piece("\n".join(self._lines[1 : ends[0]]), "text", 2, ends[0])
            self._at = ends[0] + 1

    def _heading(self, level: int, words: str, line: int) -> Iterator[Piece]:
        if words := one_line(words):
            place = Place(line=line, heading=self._headings.enter(level, words))
            yield Piece(words, "heading", place)

    def _code(self) -> Piece:
        start, opened = self._at, FENCE.match(self._lines[self._at])
        assert opened is not None
        fence = opened[1]
        self._at += 1
        while self._at < len(self._lines) and not self._lines[self._at].strip().startswith(fence):
            self._at += 1
        body = self._lines[start + 1 : self._at]
        self._at += 1
        return self._piece("\n".join(body), "code", start + 2, start + 1 + len(body))

    def _is_table(self) -> bool:
        below = self._lines[self._at + 1] if self._at + 1 < len(self._lines) else ""
        is_likely = "|" in self._lines[self._at] and "-" in below and len(below) <= MARK_CHARS
        return is_likely and DELIMITER.match(below) is not None

    def _table(self) -> Iterator[Piece]:
        start = self._at
        while self._at < len(self._lines) and "|" in self._lines[self._at]:
            self._at += 1
        rows = [(at + 1, _cells(self._lines[at])) for at in range(start + 2, self._at)]
        for part in parts(rows, _cells(self._lines[start])):
            yield self._piece(part.text, "table", part.first, part.last)

    def _paragraph(self) -> Iterator[Piece]:
        start = self._at
        while self._at < len(self._lines) and self._lines[self._at].strip():
            line = self._lines[self._at]
            if self._at > start:
                if found := SETEXT.match(line):
                    self._at += 1
                    words = " ".join(self._lines[start : self._at - 1])
                    yield from self._heading(1 if found[1][0] == "=" else 2, words, start + 1)
                    return
                if _heading_mark(line) or FENCE.match(line) or self._is_table():
                    break
            self._at += 1
        yield self._piece(_paragraph_text(self._lines[start : self._at]), "text", start + 1, self._at)

    def _piece(self, text: str, kind: Kind, first: int, last: int) -> Piece:
        place = Place(line=first, heading=self._headings.path, last_line=last if last > first else None)
        return Piece(text, kind, place)


def _heading_mark(line: str) -> re.Match[str] | None:
    return ATX.match(line) if len(line) <= MARK_CHARS else None


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in BETWEEN_CELLS.split(line.strip().strip("|"))]


def _paragraph_text(lines: list[str]) -> str:
    """Lines of a paragraph flow; items and hard breaks stay on their lines."""
    groups: list[list[str]] = []
    for line in lines:
        is_new = not groups or IS_ITEM.match(line) or groups[-1][-1].endswith(("  ", "\\"))
        if is_new:
            groups.append([line])
        else:
            groups[-1].append(line)
    return "\n".join(_indent(group[0]) + join_lines(group) for group in groups)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())] if IS_ITEM.match(line) else ""
