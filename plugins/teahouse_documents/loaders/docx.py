"""Word documents: paragraphs, headings by their styles, tables, text boxes, notes, comments, page headers.

Source: ECMA-376 part 1, chapter 17. What tracked changes deleted is left out, what they inserted is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders.archive import open_archive
from teahouse_documents.loaders.docx_styles import Styles
from teahouse_documents.loaders.headings import Headings
from teahouse_documents.loaders.normal import one_line
from teahouse_documents.loaders.ooxml import Package, child, children, value
from teahouse_documents.loaders.paragraphs import ENDS_SENTENCE, chapter_level
from teahouse_documents.loaders.tables import MOST_COLUMNS, parts
from teahouse_documents.loaders.xml import attribute, local

KIND = "DOCX"
LEFT_OUT = frozenset(
    ("del", "moveFrom", "Fallback", "txbxContent", "instrText", "pPr", "rPr", "rt", "sdtPr", "delText")
)
INSTEAD = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
AROUND = frozenset(
    ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice")
)
REFERENCES = {"footnoteReference": "", "endnoteReference": "e"}
NOTES = (("footnotes", "footnote", ""), ("endnotes", "endnote", "e"))
LONGEST_CELL = 1500
HEADING_CHARS = 200
BOLD_CHARS = 60
BOLD_LEVEL = 8


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of a document."""
    with open_archive(path, KIND) as archive:
        package = Package(archive, KIND)
        yield from _Document(package).pieces()


class _Document:
    """One document, walked once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part = package.main
        self._styles = Styles(package.related(self._part, "styles"))
        self._headings = Headings()
        self._cited: dict[str, tuple[str, ...]] = {}  # note → the headings above its reference

    def pieces(self) -> Iterator[Piece]:
        body = child(self._package.root(self._part), "body")
        if body is not None:
            yield from self._blocks(body)
        for role, name, letter in NOTES:
            for root in self._package.related(self._part, role):
                yield from self._notes(children(root, name), letter)
        for root in self._package.related(self._part, "comments"):
            for comment in children(root, "comment"):
                if words := _plain(comment):
                    yield Piece(f"{attribute(comment, 'author')}: {words}", "caption")
        around = self._package.related(self._part, "header", "footer")
        for words in dict.fromkeys(filter(None, map(_plain, around))):
            yield Piece(words, "caption")

    def _blocks(self, parent: Any) -> Iterator[Piece]:
        for element in parent:
            tag = local(element)
            if tag == "p":
                yield from self._paragraph(element)
            elif tag == "tbl":
                yield from self._table(element)
            elif tag in AROUND:
                yield from self._blocks(element)

    def _paragraph(self, element: Any) -> Iterator[Piece]:
        words = "".join(_inline(element)).strip()
        if words:
            level = self._level(element, words)
            if level is not None:
                words = one_line(words)
                yield Piece(words, "heading", Place(heading=self._headings.enter(level, words)))
            else:
                is_item = child(element, "pPr", "numPr") is not None
                place = Place(heading=self._headings.path)
                yield Piece(f"- {words}" if is_item else words, "text", place)
        for one in element.iter():
            if local(one) in REFERENCES:
                self._cited[_note_name(one)] = self._headings.path
            elif local(one) == "txbxContent" and not _is_fallback(one, element):
                yield from self._blocks(one)

    def _level(self, element: Any, words: str) -> int | None:
        """Level of a paragraph that is a heading, by its style, or by how it looks where there is none."""
        if len(words) > HEADING_CHARS:
            return None
        level = self._styles.level(element)
        if level is None and "\n" not in words:
            level = chapter_level(words) or None
            is_short = len(words) <= BOLD_CHARS and not ENDS_SENTENCE.search(words)
            if (
                level is None
                and is_short
                and self._styles.is_all_bold(element)
                and local(element.getparent()) != "tc"
            ):
                return BOLD_LEVEL
        return level

    def _table(self, element: Any) -> Iterator[Piece]:
        rows = [_cells(row) for row in _rows(element)]
        rows = [row for row in rows if any(row)]
        width = max(map(len, rows), default=0)
        if len(rows) < 2 or width < 2 or any(len(cell) > LONGEST_CELL for row in rows for cell in row):
            for row in _rows(element):
                for cell in _cell_elements(row):
                    yield from self._blocks(cell)
            return
        full = [[*row, *[""] * (width - len(row))] for row in rows]
        for part in parts(enumerate(full[1:], start=2), full[0]):
            yield Piece(part.text, "table", Place(heading=self._headings.path))

    def _notes(self, notes: list[Any], letter: str) -> Iterator[Piece]:
        for note in notes:
            words = _plain(note)
            if words and attribute(note, "type") in ("", "normal"):
                name = f"{letter}{attribute(note, 'id')}"
                yield Piece(f"[^{name}] {words}", "text", Place(heading=self._cited.get(name, ())))


def _inline(element: Any) -> Iterator[str]:
    """The text of a paragraph in parts, without what stands elsewhere; XML this deep is refused before."""
    for one in element:
        tag = local(one)
        if tag == "t":
            yield one.text or ""
        elif tag in INSTEAD:
            yield "" if attribute(one, "type") == "page" else INSTEAD[tag]
        elif tag in REFERENCES:
            yield f"[^{_note_name(one)}]"
        elif tag not in LEFT_OUT:
            yield from _inline(one)


def _plain(element: Any) -> str:
    """All paragraphs below an element, on lines of their own."""
    lines = ("".join(_inline(one)).strip() for one in element.iter() if local(one) == "p")
    return "\n".join(filter(None, lines))


def _note_name(reference: Any) -> str:
    return f"{REFERENCES[local(reference)]}{attribute(reference, 'id')}"


def _is_fallback(element: Any, top: Any) -> bool:
    """Whether it is the older copy of what stands beside it, or inside another text box."""
    for above in element.iterancestors():
        if above is top:
            return False
        if local(above) in ("Fallback", "txbxContent"):
            return True
    return False


def _rows(table: Any) -> Iterator[Any]:
    for one in table:
        if local(one) == "tr":
            yield one
        elif local(one) in AROUND:
            yield from _rows(one)


def _cell_elements(row: Any) -> Iterator[Any]:
    for one in row:
        if local(one) == "tc":
            yield one
        elif local(one) in AROUND:
            yield from _cell_elements(one)


def _cells(row: Any) -> list[str]:
    """Texts of a row; a cell over several columns stands in the first."""
    texts: list[str] = []
    for cell in _cell_elements(row):
        merged = child(cell, "tcPr", "vMerge")
        is_continued = merged is not None and attribute(merged, "val") in ("", "continue")
        span = value(cell, "tcPr", "gridSpan")
        wide = min(int(span), MOST_COLUMNS) if span.isascii() and span.isdecimal() and len(span) < 5 else 1
        texts += ["" if is_continued else one_line(_plain(cell)), *[""] * (wide - 1)]
    return texts[:MOST_COLUMNS]
