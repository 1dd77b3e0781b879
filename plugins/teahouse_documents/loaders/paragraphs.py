"""Lines of plain text as paragraphs, each with the lines it stands on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from teahouse_documents.loaders.normal import is_han, join_lines

LONG_CHARS = 1200
"""A block that is longer is divided at ends of lines, so that places stay exact."""

WRAP_FROM_COLUMNS = 50
WRAP_SHARE = 0.7
INDENTED = re.compile(r"^(?:\u3000{1,2}|[ \t]{2,})\S")
IS_ITEM = re.compile(
    r"^\s*(?:[-*+•·▪●○◦–—>|]|\(?\d{1,3}[.)、）．]|[a-zA-Z][.)]|[（(]?[一二三四五六七八九十]{1,3}[)）、])"
)
ENDS_SENTENCE = re.compile(r"[.!?。！？…:：;；][\"'”’」』）)]*$")
CHAPTER = re.compile(
    r"^\s*(第\s*[零〇一二三四五六七八九十百千万两\d]{1,8}\s*[章节節回卷部篇集幕]|序[章言幕]|前言|楔子|尾声|后记"
    r"|(?:chapter|part|book|section|appendix)\s+(?:[ivxlc]+|\d+)\b)",
    re.I,
)
CHAPTER_CHARS = 60
BIG_PARTS = ("卷", "部", "集", "part", "book")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; `first` and `last` count from 1."""

    text: str
    first: int
    last: int


def paragraphs(lines: Sequence[str], first: int = 1) -> Iterator[Paragraph]:
    """Blocks between blank lines, long ones divided where a paragraph may end."""
    block: list[str] = []
    for number, line in enumerate(lines, start=first):
        if line.strip():
            block.append(line)
            continue
        yield from _divide(block, number - len(block))
        block = []
    yield from _divide(block, first + len(lines) - len(block))


def columns(text: str) -> int:
    """Width on a terminal: Han characters take two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def chapter_level(line: str) -> int:
    """Level of a line that is the title of a chapter by its words; 0 for any other."""
    found = CHAPTER.match(line)
    if found is None or len(line.strip()) > CHAPTER_CHARS or ENDS_SENTENCE.search(line.strip()):
        return 0
    words = found[1].lower()
    return 1 if words.endswith(BIG_PARTS) or words.startswith(BIG_PARTS) else 2


def _divide(block: list[str], first: int) -> Iterator[Paragraph]:
    """A block as it is, or its own paragraphs where it has several."""
    start = 0
    for end in range(1, len(block) + 1):
        if end < len(block) and not _ends(block, start, end):
            continue
        yield Paragraph(_text(block[start:end]), first + start, first + end - 1)
        start = end


def _ends(block: list[str], start: int, end: int) -> bool:
    """Whether a new paragraph begins with line `end` of the block."""
    if INDENTED.match(block[end]) and block[end].startswith("\u3000"):
        return True
    size = sum(map(len, block[start:end]))
    if size + len(block[end]) < LONG_CHARS:
        return False
    return size > 2 * LONG_CHARS or len(block[end]) > LONG_CHARS or bool(ENDS_SENTENCE.search(block[end - 1]))


def _text(lines: list[str]) -> str:
    """The lines as they are, or as one where a program broke them at a width."""
    return join_lines(lines) if _is_wrapped(lines) else "\n".join(line.rstrip() for line in lines)


def _is_wrapped(lines: list[str]) -> bool:
    if len(lines) < 2 or any(IS_ITEM.match(line) for line in lines[1:]):
        return False
    widths = [columns(line.rstrip()) for line in lines]
    widest = max(widths)
    is_chinese = sum(map(is_han, "".join(lines))) > 0.3 * sum(map(len, lines))
    ends_inside = not is_chinese or not any(ENDS_SENTENCE.search(line.rstrip()) for line in lines[:-1])
    is_even = all(width >= WRAP_SHARE * widest for width in widths[:-1])
    return widest >= WRAP_FROM_COLUMNS and widest < 140 and is_even and (ends_inside or len(lines) > 3)
