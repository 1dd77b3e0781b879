"""Where a text may be cut: at blank lines, ends of sentences, lines, clauses, words, characters.

Every function cuts without losing anything: the parts put together are the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

CLOSING = r"[\"'”’»」』）)】》〉\]]*"
"""Quotes and brackets that belong to the sentence they close."""

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE_ENDS = re.compile(rf"(?:[。！？；…]+|(?<![.!?])[.!?]+(?={CLOSING}(?:\s|$))){CLOSING}\s*")
_CLAUSE_ENDS = re.compile(r"(?:[，、：,;:]+|\s[–—-]\s|——)\s*")
_LINE_ENDS = re.compile(r"\n\s*")
_WORD_ENDS = re.compile(r"\s+")
_BLOCK_STARTS = re.compile(r"\n\s*\n(?=\S)|\n(?=[}\])]+[;,]?\s*\n)")
_LAST_WORD = re.compile(r"([^\s(（“\"'‘\[]*)\.$")
_SPLITTABLE_LINE = re.compile(r"\n")

_ABBREVIATED = (
    "mr mrs ms dr prof st jr sr gen col sgt capt rev hon vs etc e.g i.e cf al fig figs eq eqs no nos vol "
    "ch chap sec p pp ed eds approx est dept inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov "
    "dec u.s u.k a.m p.m b.c a.d ph.d"
)
ABBREVIATIONS = frozenset(_ABBREVIATED.split())
"""English words that a full stop follows without ending the sentence."""

Splitter = Callable[[str], list[str]]


def paragraphs(text: str) -> list[str]:
    """Parts that end with blank lines."""
    return _after(text, (match.end() for match in _BLANK_LINES.finditer(text)))


def sentences(text: str) -> list[str]:
    """Sentences with the spaces after them; Chinese and Western ends, quotes, English abbreviations."""
    ends = (match.end() for match in _SENTENCE_ENDS.finditer(text) if _is_end(text, match))
    return _after(text, ends)


def lines(text: str) -> list[str]:
    """Parts that end with a line's end."""
    return _after(text, (match.end() for match in _LINE_ENDS.finditer(text)))


def code_lines(text: str) -> list[str]:
    """Lines with their indentation."""
    return _after(text, (match.end() for match in _SPLITTABLE_LINE.finditer(text)))


def clauses(text: str) -> list[str]:
    """Parts that end with a comma, colon or dash."""
    return _after(text, (match.end() for match in _CLAUSE_ENDS.finditer(text)))


def words(text: str) -> list[str]:
    """Words with the spaces after them."""
    return _after(text, (match.end() for match in _WORD_ENDS.finditer(text)))


def blocks(text: str) -> list[str]:
    """Code in blocks: a blank line before something that is not indented, or a closing bracket alone."""
    return _after(text, (match.end() for match in _BLOCK_STARTS.finditer(text)))


def halves(text: str) -> list[str]:
    """Two halves; what is written as several characters is not asked for."""
    middle = len(text) // 2
    return [text[:middle], text[middle:]] if middle else [text]


def divided(text: str) -> list[str]:
    """A text in two, between words where it has some; one where it cannot be parted."""
    parts = words(text)
    if len(parts) < 2:
        return halves(text)
    middle = len(parts) // 2
    return ["".join(parts[:middle]), "".join(parts[middle:])]


PROSE: tuple[Splitter, ...] = (paragraphs, sentences, lines, clauses, words)
CODE: tuple[Splitter, ...] = (blocks, paragraphs, code_lines, words)
"""From the best places to cut to the worst; after them only characters are left."""


def _after(text: str, ends: Iterator[int]) -> list[str]:
    parts, start = [], 0
    for end in ends:
        if start < end < len(text):
            parts.append(text[start:end])
            start = end
    return [*parts, text[start:]] if text[start:] or not parts else parts


def _is_end(text: str, match: re.Match[str]) -> bool:
    if match[0][0] != ".":
        return True
    following = text[match.end() : match.end() + 1]
    if following.islower():
        return False
    word = _LAST_WORD.search(text[max(0, match.start() - 24) : match.start() + 1])
    before = word[1].lower() if word else ""
    is_initial = len(before) == 1 and before.isalpha() and word is not None and word[1].isupper()
    return before not in ABBREVIATIONS and not is_initial
