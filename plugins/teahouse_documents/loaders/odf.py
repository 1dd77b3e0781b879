"""OpenDocument texts and presentations: headings, paragraphs, lists, tables, notes, slides.

Source: OpenDocument 1.3 part 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from teahouse.language import Translator
from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders.archive import open_archive
from teahouse_documents.loaders.files import read_bytes
from teahouse_documents.loaders.headings import Headings
from teahouse_documents.loaders.normal import one_line
from teahouse_documents.loaders.ooxml import children
from teahouse_documents.loaders.refusal import broken, locked
from teahouse_documents.loaders.tables import MOST_COLUMNS, parts
from teahouse_documents.loaders.xml import attribute, local, parse_xml

_ = Translator("teahouse_documents")

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
LEFT_OUT = frozenset(
    (
        "tracked-changes",
        "note",
        "annotation",
        "text-box",
        "sequence-decls",
        "forms",
        "ruby-text",
        "table-of-content",
    )
)
PAGES = ("page",)
LONGEST_CELL = 1500
MOST_REPEATS = 20
MOST_SPACES = 100


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of a document."""
    kind = path.suffix[1:].upper()
    if path.suffix.lower() == ".fodt":
        root = parse_xml(read_bytes(path), kind)
    else:
        with open_archive(path, kind) as archive:
            if archive.has(MANIFEST) and b"encryption-data" in archive.read(MANIFEST):
                raise locked()
            root = parse_xml(archive.read(CONTENT), kind)
    bodies = [one for one in root.iter() if local(one) == "body"]
    if not bodies:
        raise broken(kind)
    yield from _Document(root).pieces(bodies[0])


class _Document:
    """One document, walked once."""

    def __init__(self, root: Any) -> None:
        styles = [one for one in root.iter() if local(one) == "style"]
        self._parents = {attribute(one, "name"): attribute(one, "parent-style-name") for one in styles}
        self._headings = Headings()
        self._slide: int | None = None
        self._about: tuple[str, ...] = ()

    def pieces(self, body: Any) -> Iterator[Piece]:
        yield from self._blocks(body)

    def _blocks(self, parent: Any, before: str = "") -> Iterator[Piece]:
        for element in parent:
            tag = local(element)
            if tag in LEFT_OUT and tag != "text-box":
                continue
            if tag == "h":
                yield from self._heading(element)
            elif tag == "p":
                yield from self._paragraph(element, before)
            elif tag == "table":
                yield from self._table(element)
            elif tag == "page":
                yield from self._page(element)
            elif tag == "notes" and self._slide is not None:
                above, self._about = self._about, (*self._about, _("Speaker notes"))
                yield from self._blocks(element)
                self._about = above
            else:
                yield from self._blocks(element, "- " if tag == "list" else before)

    def _page(self, page: Any) -> Iterator[Piece]:
        self._slide = (self._slide or 0) + 1
        self._about = ()
        for frame in page:
            if attribute(frame, "class") == "title":
                self._about = tuple(filter(None, [one_line(" ".join(_texts(frame)))]))
        if self._about:
            yield Piece(self._about[0], "heading", Place(slide=self._slide))
        for frame in page:
            if attribute(frame, "class") != "title":
                yield from self._blocks([frame])

    def _heading(self, element: Any) -> Iterator[Piece]:
        if words := one_line("".join(_inline(element))):
            level = attribute(element, "outline-level")
            known = int(level) if level.isascii() and level.isdecimal() and len(level) < 3 else 1
            yield Piece(
                words, "heading", Place(slide=self._slide, heading=self._headings.enter(known, words))
            )
        yield from self._beside(element)

    def _paragraph(self, element: Any, before: str) -> Iterator[Piece]:
        words = "".join(_inline(element)).strip()
        if words and self._style(element) == "Title" and self._slide is None:
            yield Piece(one_line(words), "heading", Place(heading=self._headings.enter(0, one_line(words))))
        elif words:
            yield Piece(before + words, "text", self._place())
        yield from self._beside(element)

    def _beside(self, element: Any) -> Iterator[Piece]:
        """Text boxes and notes that hang on a paragraph."""
        for one in element.iter():
            if local(one) == "text-box" and _is_own(one, element):
                yield from self._blocks(one)
            elif local(one) == "note" and _is_own(one, element):
                mark = "".join("".join(_inline(c)) for c in children(one, "note-citation"))
                words = " ".join(text for body in children(one, "note-body") for text in _texts(body))
                if words:
                    yield Piece(f"[^{mark}] {words}", "text", self._place())

    def _table(self, table: Any) -> Iterator[Piece]:
        lines = [one for one in table.iter() if local(one) == "table-row" and _table_of(one) is table]
        rows = [row for line in lines if any(row := _cells(line))]
        width = max(map(len, rows), default=0)
        if len(rows) < 2 or width < 2 or any(len(cell) > LONGEST_CELL for row in rows for cell in row):
            for line in lines:
                for cell in children(line, "table-cell"):
                    yield from self._blocks(cell)
            return
        full = [[*row, *[""] * (width - len(row))] for row in rows]
        for part in parts(enumerate(full[1:], start=2), full[0]):
            yield Piece(part.text, "table", self._place())

    def _place(self) -> Place:
        if self._slide is not None:
            return Place(slide=self._slide, heading=self._about)
        return Place(heading=self._headings.path)

    def _style(self, element: Any) -> str:
        name = attribute(element, "style-name")
        return self._parents.get(name) or name


def _inline(element: Any) -> Iterator[str]:
    """The text of a paragraph in parts; XML this deep is refused before."""
    yield element.text or ""
    for one in element:
        tag = local(one)
        if tag == "s":
            count = attribute(one, "c")
            yield " " * (min(int(count), MOST_SPACES) if count.isascii() and count.isdecimal() else 1)
        elif tag in ("tab", "line-break"):
            yield "\t" if tag == "tab" else "\n"
        elif tag == "note":
            yield "[^" + "".join("".join(_inline(c)) for c in children(one, "note-citation")) + "]"
        elif tag and tag not in LEFT_OUT:
            yield from _inline(one)
        yield one.tail or ""


def _texts(element: Any) -> list[str]:
    found = [one for one in element.iter() if local(one) in ("p", "h")]
    return [words for one in found if (words := "".join(_inline(one)).strip())]


def _is_own(element: Any, top: Any) -> bool:
    """Whether nothing between the two would bring it itself."""
    for above in element.iterancestors():
        if above is top:
            return True
        if local(above) in LEFT_OUT:
            return False
    return False


def _table_of(row: Any) -> Any:
    return next((above for above in row.iterancestors() if local(above) == "table"), None)


def _cells(line: Any) -> list[str]:
    texts: list[str] = []
    for cell in line:
        if local(cell) in ("table-cell", "covered-table-cell") and len(texts) < MOST_COLUMNS:
            repeats = attribute(cell, "number-columns-repeated")
            times = int(repeats) if repeats.isascii() and repeats.isdecimal() and len(repeats) < 9 else 1
            texts += [one_line(" ".join(_texts(cell)))] * min(times, MOST_REPEATS)
    while texts and not texts[-1]:
        texts.pop()
    return texts[:MOST_COLUMNS]
