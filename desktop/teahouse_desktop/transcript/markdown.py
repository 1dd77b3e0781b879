"""Markdown as top-level blocks of tokens. markdown-it is imported at the first message.

HTML is text, reference links are off (they would let a later line change an earlier block), and
nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block.

    Attributes:
        tokens: Its tokens in order, nested ones included.
        first_line: Line of the text at which it starts, from 0.
    """

    tokens: tuple[Token, ...]
    first_line: int


def parse_blocks(text: str) -> list[Block]:
    """The top-level blocks of `text` in order."""
    blocks: list[Block] = []
    pending: list[Token] = []
    depth = 0
    for token in _parser().parse(text):
        pending.append(token)
        depth += token.nesting
        if depth == 0:
            line = pending[0].map[0] if pending[0].map else 0
            blocks.append(Block(tuple(pending), line))
            pending = []
    return blocks


def closed_count(blocks: list[Block], text: str) -> int:
    """How many blocks no further text can change: those before one whose first line is complete.

    A table is one only with its second line, which may still become something else.
    """
    complete_lines = text.count("\n")
    needed = (b.first_line + (b.tokens[0].type == "table_open") for b in blocks[1:])
    return sum(1 for line in needed if line < complete_lines)


def line_offset(text: str, line: int) -> int:
    """Position in `text` at which a line starts."""
    offset = 0
    for _ in range(line):
        offset = text.index("\n", offset) + 1
    return offset


@lru_cache(1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    from teahouse_desktop.transcript.mathematics import add_rules

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("reference")
    add_rules(parser)
    return parser
