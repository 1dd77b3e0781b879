"""A message as it is read aloud: Markdown without its marks, tables row by row, formulas as their LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from teahouse_desktop.language.languages import translate

if TYPE_CHECKING:
    from markdown_it.token import Token

KEPT = 64
"""Texts that are kept as read aloud: a screen reader asks for the same one again and again."""


@lru_cache(KEPT)
def read_aloud(text: str, language: str = "") -> str:
    """Markdown as words.

    Args:
        language: The one in force; part of the key, because the words between are translated.
    """
    from teahouse_desktop.transcript import markdown

    blocks = markdown.parse_blocks(text.replace("\r", ""))
    return "\n".join(line for block in blocks for line in _lines(block.tokens))


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    """A line for each paragraph, list item and formula; tables by rows, code between two lines of words."""
    mark, position = "", 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "table_open":
            end = _end(tokens, position)
            yield from _rows(tokens[position:end])
            position = end
        elif token.type == "list_item_open":
            mark = f"{token.info}. " if token.info else "• "
        elif token.type == "inline":
            yield mark + _inline(token)
            mark = ""
        elif token.type in ("fence", "code_block"):
            yield _code(token)
        elif token.type == "math_block":
            yield token.content.strip()
        position += 1


def _end(tokens: Sequence[Token], start: int) -> int:
    return next(n for n in range(start, len(tokens)) if tokens[n].type == "table_close")


def _rows(tokens: Sequence[Token]) -> Iterator[str]:
    """Each row of a table as `column: cell; column: cell`; the heads alone when there are no rows."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    heads, *below = rows
    yield translate("Transcript", "Table: {columns}").format(columns=", ".join(heads))
    for row in below:
        yield "; ".join(f"{head}: {cell}" if head else cell for head, cell in zip(heads, row, strict=False))


def _inline(token: Token) -> str:
    return "".join(_word(child) for child in token.children or ())


def _word(token: Token) -> str:
    if token.type in ("text", "code_inline", "math_inline", "image"):
        return token.content
    return {"softbreak": " ", "hardbreak": "\n"}.get(token.type, "")


def _code(token: Token) -> str:
    language = token.info.split()[0] if token.info.strip() else ""
    head = translate("Transcript", "Code in {language}:") if language else translate("Transcript", "Code:")
    end = translate("Transcript", "End of the code")
    return "\n".join((head.format(language=language), token.content.rstrip("\n"), end))
