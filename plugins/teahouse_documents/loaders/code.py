"""Program text by blocks: a function or class with what stands above it, a run of lines elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders.files import read_text

BLOCK_CHARS = 1500
"""Small blocks are put together up to here, longer ones are cut at blank lines."""

DEFINES = re.compile(
    r"^\s*(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|inline"
    r"|pub(?:\([^)]*\))?|virtual|override|const|unsafe|extern)\s+)*"
    r"(?:def|class|func|function|fn|interface|struct|enum|trait|impl|module|namespace|type|object|sub|proc"
    r"|procedure|CREATE\s+(?:TABLE|VIEW|INDEX|FUNCTION))\s+([\w:.<>]+)"
)
BEGINS = re.compile(r"^[^\s})\]#/*]")
ABOVE = re.compile(r"^(?:@|#|//|/\*|\*|--|;|\[|\s*$)")


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The blocks of a program's file, with their lines and the names that they define."""
    lines = read_text(path).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for first, last in blocks(lines):
        text = "\n".join(lines[first:last]).strip("\n")
        if text.strip():
            ahead = next(number for number in range(first, last) if lines[number].strip())
            shown = len(text.split("\n"))
            heading = _names(lines[first:last])
            yield Piece(text, "code", Place(line=ahead + 1, heading=heading, last_line=ahead + shown))


def blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First line (from 0) and the line after the last, of each block in order."""
    start = size = 0
    last_cut = 0  # where the open block may be cut best
    for number, line in enumerate(lines):
        if number > start and _is_border(lines, number):
            last_cut = _above(lines, number, start)
        size += len(line) + 1
        if size <= BLOCK_CHARS or number == start:
            continue
        cut = last_cut if last_cut > start else _blank(lines, start, number)
        yield start, cut
        start, size = cut, sum(len(one) + 1 for one in lines[cut : number + 1])
    yield start, len(lines)


def _is_border(lines: list[str], number: int) -> bool:
    """Whether a block may begin here: at the left edge, and after a blank line or as a definition."""
    line = lines[number]
    return bool(BEGINS.match(line)) and (not lines[number - 1].strip() or DEFINES.match(line) is not None)


def _above(lines: list[str], number: int, start: int) -> int:
    """Where what belongs to a definition begins: its decorators and comments."""
    while number - 1 > start and lines[number - 1].strip() and ABOVE.match(lines[number - 1]):
        number -= 1
    return number


def _blank(lines: list[str], start: int, number: int) -> int:
    """The last blank line before this one, or this one."""
    blank = (at + 1 for at in range(number - 1, start + (number - start) // 2, -1) if not lines[at].strip())
    return next(blank, number)


def _names(lines: list[str]) -> tuple[str, ...]:
    """What the block defines first at its outermost level."""
    found = [match for line in lines if (match := DEFINES.match(line))]
    found.sort(key=lambda match: len(match[0]) - len(match[0].lstrip()))
    return (found[0][1].rstrip(":."),) if found else ()
