"""A source as the panel shows it: its page as a picture, or the text of its file; done beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from teahouse import AppError, Translator
from teahouse.jobs import Cancel
from teahouse.language import sentences
from teahouse.passages import Passage, Piece
from teahouse_documents import phrases
from teahouse_documents.library import Library
from teahouse_documents.panel.reader_sheet import picture_of
from teahouse_documents.reader.drawing import Drawn, Pages, is_pdf
from teahouse_documents.reader.excerpt import Excerpt
from teahouse_documents.scanning import names

_ = Translator("teahouse_documents")

WHOLE, SOME = 0.9, 0.2
"""Shares of a passage that stand on a page: all of it, as far as can be told; a part worth showing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be seen.

    Attributes:
        page: Of a PDF, from 0; None: where the passage begins.
        first: Of a text, its first chunk; None: a little before the passage.
        width: Of a page, in points.
    """

    passage: Passage
    page: int | None = None
    first: int | None = None
    width: int = 800


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to see.

    Attributes:
        excerpt: None where the file is not among the documents any more.
        note: What people are to know: that the passage was not found, for one.
        pieces: Where it is no page, with the numbers of those that are `marked`.
    """

    wanted: Wanted
    excerpt: Excerpt | None = None
    note: str = ""
    drawn: Drawn | None = None
    image: QImage | None = None
    pieces: tuple[Piece, ...] = ()
    marked: tuple[int, ...] = ()

    @property
    def where(self) -> str:
        """What of the file is in view."""
        if self.drawn is not None:
            text = _("Page {number} of {count}")
            return text.format(number=self.drawn.page + 1, count=self.drawn.pages)
        if self.excerpt is None or self.excerpt.count <= len(self.excerpt.chunks):
            return ""
        text = _("Passages {first}–{last} of {count}")
        return text.format(first=self.excerpt.first + 1, last=self.excerpt.last, count=self.excerpt.count)

    def step(self, step: int) -> Wanted | None:
        """What comes before (-1) or after (+1); None where there is nothing."""
        passage, width = self.wanted.passage, self.wanted.width
        if self.drawn is not None:
            page = self.drawn.page + step
            return Wanted(passage, page=page, width=width) if 0 <= page < self.drawn.pages else None
        if self.excerpt is None:
            return None
        size = max(1, len(self.excerpt.chunks))
        first = self.excerpt.first - size if step < 0 else self.excerpt.last
        is_there = self.excerpt.first > 0 if step < 0 else first < self.excerpt.count
        return Wanted(passage, first=max(0, first), width=width) if is_there else None


def look(library: Library, pages: Pages, wanted: Wanted, cancel: Cancel) -> Seen:
    """Look up a source."""
    passage = wanted.passage
    excerpt = library.excerpt(passage.path, passage.text, wanted.first)
    if excerpt is None:
        note = _("This file is not among your documents any more. What was read of it stands here.")
        return Seen(wanted, None, note, pieces=(_piece(passage),), marked=(0,))
    is_no_file = passage.path.startswith(phrases.CONVERSATION) or names.raw(excerpt.file) is not None
    if is_no_file or wanted.first is not None:
        return _as_text(wanted, excerpt)
    try:
        if not is_pdf(Path(excerpt.file)):
            return _as_text(wanted, excerpt)
        page = wanted.page if wanted.page is not None else (passage.place.page or 1) - 1
        drawn = pages.draw(excerpt.file, page, width=wanted.width, passage=passage.text, cancel=cancel)
    except OSError as error:
        note = _("The file itself cannot be opened ({reason}). What was read of it stands here.")
        return _as_text(wanted, excerpt, note.format(reason=error.strerror or str(error)))
    except AppError as error:
        return _as_text(wanted, excerpt, sentences(error.text, _("What was read of it stands here.")))
    return Seen(wanted, excerpt, _page_note(wanted, drawn), drawn, picture_of(drawn))


def _page_note(wanted: Wanted, drawn: Drawn) -> str:
    is_cited = drawn.page == (wanted.passage.place.page or 1) - 1
    if not is_cited or drawn.share >= WHOLE:
        return ""
    if drawn.share >= SOME:
        return _("A part of the passage stands on this page and is marked; the rest was not found here.")
    return _("The passage was read from this page, but its words were not found on it: nothing is marked.")


def _as_text(wanted: Wanted, excerpt: Excerpt, note: str = "") -> Seen:
    if not excerpt.at and wanted.first is None:
        changed = _("The file says something else now: this is the passage as it was read for the answer.")
        return Seen(wanted, excerpt, sentences(note, changed), pieces=(_piece(wanted.passage),), marked=(0,))
    marked = tuple(number - excerpt.first for number in excerpt.at if excerpt.first <= number < excerpt.last)
    return Seen(wanted, excerpt, note, pieces=excerpt.chunks, marked=marked)


def _piece(passage: Passage) -> Piece:
    return Piece(passage.text, passage.kind, passage.place)
