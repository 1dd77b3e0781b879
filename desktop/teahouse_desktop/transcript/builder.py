"""One Markdown block as pieces: tokens written into QTextDocuments through cursors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextList,
    QTextListFormat,
    QTextTableFormat,
)

from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.highlight import split_code
from teahouse_desktop.transcript.inline import write_inline
from teahouse_desktop.transcript.marks import bullet_format
from teahouse_desktop.transcript.pieces import Kind, Piece

if TYPE_CHECKING:
    from markdown_it.token import Token

LINE_EM = 1.28
"""Least height of a line of text: Latin and Han lines are set alike."""

CODE_LINE_EM = 1.02
HEADING_SIZES = (1.45, 1.28, 1.14, 1.05, 1.0, 1.0)
INDENT = 22


def build_block(tokens: Iterable[Token], look: Look) -> list[Piece]:
    """The pieces of one top-level block; code inside a list or quote becomes a piece of its own."""
    builder = Builder(look)
    builder.run(list(tokens))
    return builder.pieces


def new_document(look: Look, font: QFont | None = None) -> QTextDocument:
    """An empty document with the look's font and no margin."""
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    document.setDefaultFont(font or look.reading)
    document.setIndentWidth(INDENT)
    return document


def build_plain(text: str, look: Look, *, kind: Kind = "text") -> Piece:
    """A piece that shows `text` as it is, line breaks included."""
    document = new_document(look)
    cursor = QTextCursor(document)
    cursor.setBlockFormat(_block_format(look))
    cursor.insertText(text)
    return Piece(kind, document, look)


def build_line(text: str, look: Look, *, kind: Kind) -> Piece:
    """A line of small text above an answer, which can be pressed."""
    document = new_document(look, look.small)
    cursor = QTextCursor(document)
    cursor.setBlockFormat(_block_format(look, 1.1))
    cursor.insertText(text)
    return Piece(kind, document, look)


def build_code(code: str, language: str, look: Look, *, indent: float = 0.0) -> Piece:
    """A piece of highlighted code."""
    document = new_document(look, look.mono)
    piece = Piece("code", document, look, indent, language)
    cursor = QTextCursor(document)
    cursor.setBlockFormat(_block_format(look, CODE_LINE_EM))
    write_code(cursor, code, language, look)
    return piece


def write_code(cursor: QTextCursor, code: str, language: str, look: Look) -> None:
    """Insert highlighted code at the cursor."""
    for role, text in split_code(code, language):
        form = QTextCharFormat()
        if role:
            form.setForeground(look.syntax(role))
        cursor.insertText(text, form)


class Builder:
    """Walks the tokens of one top-level block; starts a new piece where text and code meet."""

    def __init__(self, look: Look) -> None:
        self.pieces: list[Piece] = []
        self._look = look
        self._kind: Kind = "text"
        self._cursor: QTextCursor | None = None
        self._lists: list[_List] = []
        self._quotes = 0
        self._level = 0

    def run(self, tokens: list[Token]) -> None:
        """Write all tokens."""
        position = 0
        while position < len(tokens):
            token = tokens[position]
            write = getattr(self, f"_on_{token.type}", None)
            if token.type == "table_open":
                position = self._table(tokens, position)
            elif token.type == "inline":
                write_inline(self._open(), token.children or [], self._look, self._heading_format())
            elif write:
                write(token)
            position += 1

    # --- one method per kind of token -------------------------------------------------------------

    def _on_heading_open(self, token: Token) -> None:
        self._level = int(token.tag[1])
        self._paragraph("heading" if not self._lists and not self._quotes else self._kind)

    def _on_heading_close(self, token: Token) -> None:
        self._level = 0

    def _on_paragraph_open(self, token: Token) -> None:
        self._paragraph(self._kind)

    def _on_bullet_list_open(self, token: Token) -> None:
        self._lists.append(_List())

    def _on_ordered_list_open(self, token: Token) -> None:
        start = token.attrGet("start")
        first = int(start) if start is not None else 1
        self._lists.append(_List(first=first))

    def _on_bullet_list_close(self, token: Token) -> None:
        self._lists.pop()

    _on_ordered_list_close = _on_bullet_list_close

    def _on_list_item_open(self, token: Token) -> None:
        self._lists[-1].number += 1
        self._lists[-1].is_marked = False

    def _on_list_item_close(self, token: Token) -> None:
        if not self._lists[-1].is_marked:
            self._paragraph(self._kind)

    def _on_blockquote_open(self, token: Token) -> None:
        self._quotes += 1
        if not self._lists:
            self._close()
            self._kind = "quote"

    def _on_blockquote_close(self, token: Token) -> None:
        self._quotes -= 1
        if not self._quotes and self._kind == "quote":
            self._close()
            self._kind = "text"

    def _on_fence(self, token: Token) -> None:
        if self._lists and not self._lists[-1].is_marked:
            self._paragraph(self._kind)
        self._close()
        language = token.info.split()[0] if token.info.strip() else ""
        indent = INDENT * len(self._lists)
        self.pieces.append(build_code(token.content.removesuffix("\n"), language, self._look, indent=indent))

    _on_code_block = _on_fence

    def _on_hr(self, token: Token) -> None:
        self._close()
        self.pieces.append(Piece("rule", new_document(self._look), self._look))

    def _on_math_block(self, token: Token) -> None:
        """A formula on a line of its own is a piece of its own."""
        self._close()
        piece = Piece("math", new_document(self._look), self._look, INDENT * len(self._lists))
        self.pieces.append(piece)
        cursor = QTextCursor(piece.document)
        form = _block_format(self._look)
        form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        cursor.setBlockFormat(form)
        self._look.formulas.insert(cursor, token.content, token.markup, QTextCharFormat())

    def _table(self, tokens: list[Token], position: int) -> int:
        """Write a table; returns the position of its last token."""
        end = next(i for i in range(position, len(tokens)) if tokens[i].type == "table_close")
        rows = _table_rows(tokens[position:end])
        self._close()
        piece = Piece("table", new_document(self._look), self._look, INDENT * len(self._lists))
        self.pieces.append(piece)
        _write_table(QTextCursor(piece.document), rows, self._look)
        return end

    # --- paragraphs -------------------------------------------------------------------------------

    def _heading_format(self) -> QTextCharFormat:
        form = QTextCharFormat()
        if self._level:
            form.setFontPointSize(self._look.reading.pointSizeF() * HEADING_SIZES[self._level - 1])
            form.setFontWeight(QFont.Weight.Bold)
        return form

    def _open(self) -> QTextCursor:
        if self._cursor is None:
            self._paragraph(self._kind)
        assert self._cursor is not None
        return self._cursor

    def _close(self) -> None:
        self._cursor = None
        for group in self._lists:
            group.group = None

    def _paragraph(self, kind: Kind) -> None:
        form = _block_format(self._look)
        if self._level:
            form.setHeadingLevel(self._level)
        if self._cursor is None:
            piece = Piece(kind, new_document(self._look), self._look)
            self.pieces.append(piece)
            self._cursor = QTextCursor(piece.document)
        else:
            form.setTopMargin(self._look.em * (0.18 if self._lists else 0.5))
            self._cursor.insertBlock()
        self._place(form)

    def _place(self, form: QTextBlockFormat) -> None:
        assert self._cursor is not None
        self._cursor.setCharFormat(QTextCharFormat())
        depth = len(self._lists)
        if depth and not self._lists[-1].is_marked:
            self._cursor.setBlockFormat(form)
            self._lists[-1].mark(self._cursor, depth)
        else:
            form.setIndent(depth)
            self._cursor.setBlockFormat(form)


class _List:
    """A list being written, ordered when it has a `first` number; starts anew in every document."""

    def __init__(self, *, first: int | None = None) -> None:
        self.is_ordered = first is not None
        self.number = 0 if first is None else first - 1
        self.is_marked = False
        self.group: QTextList | None = None

    def mark(self, cursor: QTextCursor, depth: int) -> None:
        """Give the paragraph at the cursor this list's next mark."""
        self.is_marked = True
        if self.group is not None:
            self.group.add(cursor.block())
            return
        form = bullet_format(depth)
        if self.is_ordered:
            form = QTextListFormat()
            form.setStyle(QTextListFormat.Style.ListDecimal)
            form.setStart(self.number)
        form.setIndent(depth)
        self.group = cursor.createList(form)


def _block_format(look: Look, ems: float = LINE_EM) -> QTextBlockFormat:
    form = QTextBlockFormat()
    form.setLineHeight(look.em * ems, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
    return form


_Cell = tuple["Token", "Token"]


def _table_rows(tokens: list[Token]) -> list[list[_Cell]]:
    rows: list[list[_Cell]] = []
    for position, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append((token, tokens[position + 1]))
    return rows


def _write_table(cursor: QTextCursor, rows: list[list[_Cell]], look: Look) -> None:
    form = QTextTableFormat()
    form.setBorder(0)
    form.setCellPadding(5)
    form.setCellSpacing(4)
    form.setHeaderRowCount(1)
    table = cursor.insertTable(len(rows), len(rows[0]), form)
    for r, row in enumerate(rows):
        for c, (opening, inline) in enumerate(row):
            inside = table.cellAt(r, c).firstCursorPosition()
            block = _block_format(look)
            block.setAlignment(_alignment(str(opening.attrGet("style") or "")))
            inside.setBlockFormat(block)
            chars = QTextCharFormat()
            if r == 0:
                chars.setFontWeight(QFont.Weight.Bold)
            write_inline(inside, inline.children or [], look, chars)


def _alignment(style: str) -> Qt.AlignmentFlag:
    if "right" in style:
        return Qt.AlignmentFlag.AlignRight
    return Qt.AlignmentFlag.AlignHCenter if "center" in style else Qt.AlignmentFlag.AlignLeft
