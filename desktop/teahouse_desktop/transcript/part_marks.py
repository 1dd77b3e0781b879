"""Marks of plugins in the words of an answer: a citation that can be pressed, one that was taken out.

They are written into the documents as a property of their characters, not as links: nothing that a model
writes can become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument

from teahouse_desktop.looks.look import Look
from teahouse_desktop.parts import PartMark, PartView
from teahouse_desktop.transcript.marks import IS_CODE, MARK
from teahouse_desktop.transcript.pieces import Kind, Piece

MARKED: frozenset[Kind] = frozenset({"text", "heading", "quote", "table"})
"""Pieces whose words may be marks: no code, no formula."""

WOULD_LINK = (":", "(", "[")
"""What would make Markdown's link of a number put back before it."""


def marks_of(views: Iterable[PartView]) -> tuple[PartMark, ...]:
    """All marks, in order."""
    return tuple(mark for view in views for mark in view.marks if mark.text)


def with_missing(text: str, marks: Sequence[PartMark]) -> str:
    """The text as it is painted: with what was taken out back in its place."""
    places = [(at, mark.text) for mark in marks for at in mark.missing_at if 0 <= at <= len(text)]
    for at, words in sorted(places, key=lambda one: one[0], reverse=True):
        if not text.startswith(WOULD_LINK, at):
            text = f"{text[:at]}{words}{text[at:]}"
    return text


def write_marks(pieces: Iterable[Piece], marks: Sequence[PartMark], look: Look) -> None:
    """Make every place of the marks' texts a mark, outside of code and links."""
    for piece in pieces:
        for number, mark in enumerate(marks if piece.kind in MARKED else (), start=1):
            _write(piece.document, number, mark, look)


def mark_at(piece: Piece, point: QPointF) -> int:
    """Number of the mark under a point of a piece, from 0; -1 for none."""
    position = piece.exact_hit(point)
    if position < 0:
        return -1
    cursor = QTextCursor(piece.document)
    cursor.setPosition(min(position + 1, piece.length))
    return int(cursor.charFormat().property(MARK) or 0) - 1


def _write(document: QTextDocument, number: int, mark: PartMark, look: Look) -> None:
    form = QTextCharFormat()
    form.setProperty(MARK, number)
    if mark.missing_at:
        form.setFontStrikeOut(True)
    form.setForeground(look.colour("muted" if mark.missing_at else "link"))
    cursor = document.find(mark.text, 0, QTextDocument.FindFlag.FindCaseSensitively)
    while not cursor.isNull():
        before = cursor.charFormat()
        if not before.hasProperty(IS_CODE) and not before.isAnchor():
            cursor.mergeCharFormat(form)
        cursor = document.find(mark.text, cursor, QTextDocument.FindFlag.FindCaseSensitively)
