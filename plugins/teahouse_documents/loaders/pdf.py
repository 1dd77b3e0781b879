"""PDF: the text of each page by paragraphs, headings by the outline and by size, scans named as such."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from teahouse.language import Translator, listed
from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders.files import read_bytes
from teahouse_documents.loaders.ocr import Recognition
from teahouse_documents.loaders.paragraphs import paragraphs
from teahouse_documents.loaders.pdf_layout import Layout, body_size, without_margins
from teahouse_documents.loaders.pdf_lines import PageLines, read_lines
from teahouse_documents.loaders.refusal import Refused, broken, locked, too_large

_ = Translator("teahouse_documents")

FILE_BYTES = 1024 * 2**20
NEIGHBOURS = 2
"""Pages before and after that say what is the same on all of them."""

SAMPLED_PAGES = 12
MOST_OUTLINE = 20_000
MOST_DAMAGED = 50
"""So many damaged pages in a row are no pages: the file only says that it has them."""

SHOWN_RANGES = 12

Outline = dict[int, list[tuple[int, str]]]
"""By page (from 0): level from 1 and words of the entries that lead to it."""


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The pieces of a document, page by page."""
    import pypdfium2

    if path.stat().st_size > FILE_BYTES:
        raise too_large(FILE_BYTES)
    try:
        document = pypdfium2.PdfDocument(str(path))
    except pypdfium2.PdfiumError as error:
        raise _reason(path, error) from error
    with closing(document):
        yield from _Document(document, context).pieces()


class _Document:
    """One open document, read once."""

    def __init__(self, document: Any, context: LoadContext) -> None:
        self._document = document
        self._context = context
        self._scans: list[int] = []
        self._damaged: list[int] = []
        self._damaged_in_row = 0
        self._recognition = Recognition(context.ocr_languages, context.remark)

    def pieces(self) -> Iterator[Piece]:
        size = body_size(self._page(number) for number in self._sample())
        layout = Layout(outline(self._document), size, pages=len(self._document))
        self._damaged.clear()
        self._damaged_in_row = 0
        for number, page in self._pages():
            yield from layout.pieces(page, number)
            if page.has_no_text and page.is_picture:
                self._scans.append(number)
                yield from self._recognised(number)
        self._tell()

    # --- inside -----------------------------------------------------------------------------------

    def _sample(self) -> range:
        count = len(self._document)
        return range(0, count, max(1, count // SAMPLED_PAGES))

    def _pages(self) -> Iterator[tuple[int, PageLines]]:
        """Number (from 0) and lines of each page, without what stands on its neighbours too."""
        count = len(self._document)
        window: deque[PageLines] = deque(maxlen=2 * NEIGHBOURS + 1)
        for number in range(count + NEIGHBOURS):
            if self._damaged_in_row > MOST_DAMAGED:
                break
            window.append(self._page(number) if number < count else PageLines())
            at = number - NEIGHBOURS
            if at >= 0:
                here = len(window) - 1 - NEIGHBOURS
                others = [page for place, page in enumerate(window) if place != here]
                yield at, without_margins(window[here], others)

    def _page(self, number: int) -> PageLines:
        import pypdfium2

        try:
            lines = read_lines(self._document, number)
        except (pypdfium2.PdfiumError, ValueError, RuntimeError):
            self._damaged.append(number)
            self._damaged_in_row += 1
            return PageLines()
        self._damaged_in_row = 0
        return lines

    def _recognised(self, number: int) -> Iterator[Piece]:
        text = self._recognition.read(self._document, number)
        for one in paragraphs(text.split("\n")):
            yield Piece(one.text, "text", Place(page=number + 1))

    def _tell(self) -> None:
        if self._damaged:
            text = _("Damaged pages, which were left out: {pages}.")
            self._context.remark(text.format(pages=ranges(self._damaged)))
        if self._scans and not self._recognition.is_on:
            text = _("Pages without text, perhaps scans: {pages}.")
            self._context.remark(text.format(pages=ranges(self._scans)))
        elif self._scans:
            text = _("Scanned pages, whose text was recognised: {pages}.")
            self._context.remark(text.format(pages=ranges(self._scans)))


def outline(document: Any) -> Outline:
    """The document's bookmarks, as far as they can be read."""
    import pypdfium2

    found: Outline = {}
    try:
        for entry in islice(document.get_toc(), MOST_OUTLINE):
            target = entry.get_dest()
            page = target.get_index() if target is not None else None
            title = " ".join(str(entry.get_title()).split())
            if page is not None and title:
                found.setdefault(page, []).append((int(entry.level) + 1, title))
    except (pypdfium2.PdfiumError, UnicodeError, ValueError, RecursionError):
        pass  # bookmarks are a help only
    return found


def ranges(pages: list[int]) -> str:
    """Pages (from 0) as people write them, from 1."""
    parts: list[list[int]] = []
    for page in sorted(set(pages)):
        if parts and parts[-1][1] == page:
            parts[-1][1] = page + 1
        else:
            parts.append([page + 1, page + 1])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in parts[:SHOWN_RANGES]]
    return listed([*shown, "…"] if len(parts) > SHOWN_RANGES else shown)


def _reason(path: Path, error: Exception) -> Refused:
    said = str(error).lower()
    if "password" in said or "security" in said:
        return locked()
    if b"/Encrypt" in read_bytes(path, FILE_BYTES)[-4096:] and "format" not in said:
        return locked()
    return broken("PDF")
