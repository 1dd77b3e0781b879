"""Inline Markdown written at a cursor: emphasis, code, links as text with a target, images as words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor

from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.marks import IS_CODE

if TYPE_CHECKING:
    from markdown_it.token import Token

LINE_BREAK = "\u2028"


def write_inline(cursor: QTextCursor, tokens: Iterable[Token], look: Look, base: QTextCharFormat) -> None:
    """Insert the tokens of one paragraph; a single line break is kept, as people who chat expect."""
    formats = [base]
    for token in tokens:
        if token.type.endswith("_open"):
            formats.append(_opened(token, formats[-1], look))
        elif token.type.endswith("_close"):
            formats.pop()
        elif token.type in ("softbreak", "hardbreak"):
            cursor.insertText(LINE_BREAK, formats[-1])
        elif token.type == "code_inline":
            cursor.insertText(token.content, _code(formats[-1], look))
        elif token.type == "math_inline":
            look.formulas.insert(cursor, token.content, token.markup, formats[-1])
        elif token.type == "image":
            cursor.insertText(_alt(token), formats[-1])
        elif token.content:
            cursor.insertText(token.content, formats[-1])


def _opened(token: Token, outer: QTextCharFormat, look: Look) -> QTextCharFormat:
    form = QTextCharFormat(outer)
    if token.type == "strong_open":
        form.setFontWeight(QFont.Weight.Bold)
    elif token.type == "em_open":
        form.setFontItalic(True)
    elif token.type == "s_open":
        form.setFontStrikeOut(True)
    elif token.type == "link_open":
        form.setAnchor(True)
        form.setAnchorHref(str(token.attrGet("href") or ""))
        form.setForeground(look.colour("link"))
        form.setFontUnderline(True)
    return form


def _code(outer: QTextCharFormat, look: Look) -> QTextCharFormat:
    form = QTextCharFormat(outer)
    form.setFontFamilies(look.mono.families())
    form.setProperty(IS_CODE, True)
    if not outer.hasProperty(QTextCharFormat.Property.FontPointSize):
        form.setFontPointSize(look.mono.pointSizeF())
    return form


def _alt(token: Token) -> str:
    words = token.content or translate("Transcript", "no description")
    return translate("Transcript", "[Image: {words}]").format(words=words)
