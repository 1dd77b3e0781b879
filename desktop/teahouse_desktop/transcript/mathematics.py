"""Formulas in Markdown: `$…$` and `\\(…\\)` in a line, `$$…$$` and `\\[…\\]` as a block.

A block ends at the latest at a blank line, so that what comes later never changes what came before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

LONGEST = 1_000
"""Characters of a formula that is drawn; a longer one stays text."""

CLOSERS = {"$$": "$$", "\\[": "\\]"}

# As in pandoc: no space inside the dollars, no digit after them, so that prices stay prices.
INLINE = re.compile(
    r"\$\$(?P<double>[^$]+?)\$\$"
    r"|\$(?P<single>(?![\s$])(?:\\.|[^$\\])*?(?<![\s\\]))\$(?!\d)"
    r"|\\\((?P<round>.+?)\\\)",
    re.DOTALL,
)
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]")
WORDS = re.compile(r"\\(?:text|mbox|textbf|textit|mathrm|operatorname)\s*\{[^{}]*\}")


def add_rules(parser: MarkdownIt) -> None:
    """Let a parser make `math_inline` and `math_block` tokens; their content is the LaTeX."""
    parser.inline.ruler.before("escape", "math_inline", _inline)
    parser.block.ruler.before(
        "fence", "math_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def is_formula(source: str) -> bool:
    """Whether a text between marks is a formula; prices in a Chinese sentence are none."""
    return bool(source.strip()) and len(source) <= LONGEST and not HAN.search(WORDS.sub("", source))


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    found = INLINE.match(state.src, state.pos, min(state.posMax, state.pos + LONGEST + 4))
    if not found or not is_formula(source := found[found.lastgroup or 0]):
        return False
    if not silent:
        token = state.push("math_inline", "", 0)
        token.content = source.strip()
        token.markup = state.src[state.pos : found.start(found.lastgroup or 0)]
    state.pos = found.end()
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    first = _line(state, start)
    closer = CLOSERS.get(first[:2])
    if closer is None or _trails(first[2:], closer):
        return False
    if silent:
        return True
    following = _last_line(state, start, end, closer)
    lines = [first[2:], *(_line(state, number) for number in range(start + 1, following))]
    source, mark, after = "\n".join(lines).partition(closer)
    state.line = following
    if mark and not after.strip() and is_formula(source):
        token = state.push("math_block", "", 0)
        token.block, token.content, token.markup = True, source.strip(), first[:2]
        token.map = [start, following]
    else:
        _push_paragraph(state, start, following)
    return True


def _trails(text: str, closer: str) -> bool:
    """Whether the formula ends in its first line and words follow it there."""
    _source, mark, after = text.partition(closer)
    return bool(mark and after.strip())


def _last_line(state: StateBlock, start: int, end: int, closer: str) -> int:
    """The line after a formula that begins at `start`, closed or not."""
    if closer in _line(state, start)[2:]:
        return start + 1
    number = start + 1
    while number < end and not state.isEmpty(number) and state.sCount[number] >= state.blkIndent:
        number += 1
        if closer in _line(state, number - 1):
            break
    return number


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _push_paragraph(state: StateBlock, start: int, following: int) -> None:
    opening = state.push("paragraph_open", "p", 1)
    opening.map = [start, following]
    token = state.push("inline", "", 0)
    token.content = state.getLines(start, following, state.blkIndent, False).strip()
    token.map, token.children = [start, following], []
    state.push("paragraph_close", "p", -1)
