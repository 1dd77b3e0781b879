"""What one message shows: pieces made from its text, of which only the end changes while it streams."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtGui import QTextCursor

from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript import plain
from teahouse_desktop.transcript.pieces import QUOTE_INDENT, Kind, Piece

WINDOW_LINES = 20
"""Lines of an open code block that are coloured again as it grows; all of it once it is closed."""

GROWING: frozenset[Kind] = frozenset({"text", "heading", "quote"})
"""Kinds of pieces whose end is the end of their document."""


class Body:
    """The pieces of one message.

    Closed blocks are kept; each `feed` parses and builds only what follows them, so its cost does
    not grow with the message.
    """

    def __init__(self, look: Look, *, is_plain: bool = False, is_aside: bool = False) -> None:
        self.pieces: list[Piece] = []
        self._look = look
        self._is_plain = is_plain
        self._is_aside = is_aside
        self._tail = ""
        self._kept = 0

    def set_text(self, text: str) -> None:
        """Show `text`, complete."""
        self.pieces, self._tail, self._kept = [], "", 0
        self.feed(text, is_last=True)

    def feed(self, text: str, *, is_last: bool = False) -> None:
        """Add text at the end; `is_last` closes what is open."""
        text = text.replace("\r", "")
        before, self._tail = self._tail, self._tail + text
        if self._is_plain:
            self._show_plain()
        elif not (self._grow_words(before, text, is_last=is_last) or self._grow_code(is_last=is_last)):
            self._show_markdown(is_last=is_last)

    def finish(self) -> None:
        """No more text comes: close what is open."""
        self.feed("", is_last=True)

    # --- inside -----------------------------------------------------------------------------------

    def _show_plain(self) -> None:
        from teahouse_desktop.transcript.builder import build_code, build_plain

        self.pieces = []
        for text, fence, language in split_fences(self._tail):
            if fence:
                self.pieces.append(build_code(text, language, self._look))
            elif text:
                self.pieces.append(build_plain(text, self._look))

    def _show_markdown(self, *, is_last: bool) -> None:
        from teahouse_desktop.transcript import markdown
        from teahouse_desktop.transcript.builder import build_block

        blocks = markdown.parse_blocks(self._tail)
        closed = len(blocks) if is_last else markdown.closed_count(blocks, self._tail)
        del self.pieces[self._kept :]
        for position, block in enumerate(blocks):
            self.pieces += self._placed(build_block(block.tokens, self._look))
            if position < closed:
                self._kept = len(self.pieces)
        if is_last:
            self._tail = ""
        elif closed:
            self._tail = self._tail[markdown.line_offset(self._tail, blocks[closed].first_line) :]
        self._mark_open(blocks[-1].tokens[0].type if len(blocks) > closed else "")

    def _placed(self, pieces: list[Piece]) -> list[Piece]:
        """The pieces, moved aside where this is reasoning."""
        for piece in pieces if self._is_aside else ():
            piece.is_aside = True
            piece.indent += QUOTE_INDENT
        return pieces

    def _mark_open(self, kind: str) -> None:
        if kind == "fence" and len(self.pieces) > self._kept:
            self.pieces[-1].is_open = True

    def _grow_words(self, tail: str, text: str, *, is_last: bool) -> bool:
        """Add words to the open paragraph without parsing it again; False when it must be parsed."""
        piece = self.pieces[-1] if len(self.pieces) > self._kept else None
        if is_last or piece is None or piece.kind not in GROWING or not plain.goes_on(tail, text):
            return False
        block = piece.document.lastBlock()
        if block.text()[-1:] != tail.rstrip(" ")[-1]:  # what was written last stands elsewhere
            return False
        line = block.layout().lineAt(block.layout().lineCount() - 1)
        place = piece.document.documentLayout().blockBoundingRect(block).top()
        cursor = QTextCursor(piece.document)
        cursor.setPosition(piece.length)
        cursor.insertText(plain.added(tail, text))
        piece.invalidate(unchanged_height=place + line.y() if line.isValid() else 0.0)
        return True

    def _grow_code(self, *, is_last: bool) -> bool:
        """Add the new lines to an open code block without parsing it again; False when it must be parsed."""
        piece = self.pieces[-1] if len(self.pieces) > self._kept else None
        if is_last or piece is None or not piece.is_open or not (fence := _open_fence(self._tail)):
            return False
        from teahouse_desktop.transcript.builder import write_code

        code = self._tail[fence:].removesuffix("\n")
        document = piece.document
        first = max(0, min(document.blockCount(), code.count("\n") + 1) - WINDOW_LINES)
        lines = code.split("\n")
        cursor = QTextCursor(document.findBlockByNumber(first))
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.beginEditBlock()  # laid out once, not after each token
        write_code(cursor, "\n".join(lines[first:]), piece.language, self._look)
        cursor.endEditBlock()
        piece.invalidate()
        return True


def _open_fence(tail: str) -> int:
    """Where the code of a still open fence starts, when `tail` is nothing but that; else 0."""
    head, newline, code = tail.partition("\n")
    mark = head[:3]
    if not newline or mark not in ("```", "~~~"):
        return 0
    if any(line.lstrip(" ").startswith(mark) for line in code.split("\n")):
        return 0
    return len(head) + 1


FENCE = re.compile(r"^(`{3,}|~{3,})[ \t]*(\w*)[^\n`]*\n(.*?)\n?^\1[ \t]*$", re.MULTILINE | re.DOTALL)


def split_fences(text: str) -> Iterator[tuple[str, str, str]]:
    """What a person wrote as (text, fence, language): code between fences, and the rest as it is."""
    position = 0
    for found in FENCE.finditer(text):
        yield text[position : found.start()].strip("\n"), "", ""
        yield found[3], found[1], found[2]
        position = found.end()
    yield text[position:].strip("\n") if position else text, "", ""
