"""Snippets: the stretch of a text where the words of a query stand closest, and where in it they are."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import accumulate, islice

from teahouse.search.query import Term
from teahouse.search.words import FOLDING, LETTER, MAX_WORD_CHARS, UNSPACED, Piece, compose, fold

SNIPPET_CHARS = 160
BEFORE_CHARS = 20
"""Of the snippet, at most, before the first mark."""

SHORT_CHARS = 40
"""A text is shown from its beginning when fewer come before the first mark."""

NEAR_CHARS = 60
"""Terms this close to each other belong into one snippet."""

SEARCHED_CHARS = 50_000
"""Of a longer text the beginning is shown when nothing is found before."""

ALL_SEARCHED_CHARS = 1_000_000
"""Of all texts together: a page full of books takes no longer than people wait between two keys."""

MAX_MARKS = 200

SHARED = 2
"""No stem differs from its word in the first two letters."""

# Looks back from behind the first letters of a word: a pattern that begins with letters is found much faster.
_STARTED = f"(?:(?<![^\\W_]{{0}})|(?<=[{UNSPACED}]{{0}}))"
_IN_RUN = re.compile(f"[{UNSPACED}]")
_CLAUSE = re.compile(r"[^\w\s]+\s*|\s+")
_WORD = re.compile(rf"(?<!{LETTER})(?={LETTER})|(?=[{UNSPACED}])")
_END = rf"(?!{LETTER})"
_BETWEEN = r"[\W_]*"

_STEMS = (
    "CREATE VIRTUAL TABLE stem USING fts5 (word, detail = full,"
    " tokenize = \"porter unicode61 remove_diacritics 0 categories 'L* M* N* S* Co'\")"
)

Marks = tuple[tuple[int, int], ...]


class _Text:
    """The searched beginning of a text, composed, and as it is compared."""

    def __init__(self, text: str, limit: int) -> None:
        self.shown = compose(text[:limit])
        self.folded = fold(self.shown)
        self.is_cut = len(text) > limit

    def find(self, patterns: Sequence[re.Pattern[str]]) -> list[tuple[int, int, int]]:
        """(start, end, number of the pattern) of everything found, in order."""
        found = [
            (*match.span(), number)
            for number, pattern in enumerate(patterns)
            for match in islice(pattern.finditer(self.folded), MAX_MARKS)
        ]
        if found and (places := _places(self.shown)) is not None:
            found = [(bisect_right(places, a) - 1, bisect_left(places, b), number) for a, b, number in found]
        return sorted(found)


def cut_snippets(terms: Sequence[Term], texts: Sequence[str]) -> list[tuple[str, Marks]]:
    """For each text a stretch of it on one line, and the marks of the terms in that.

    All at once: which words of the texts an English word finds is asked of SQLite's own stemmer.
    """
    limit = min(SEARCHED_CHARS, ALL_SEARCHED_CHARS // max(len(texts), 1))
    searched = [_Text(text, limit) for text in texts]
    with closing(_Forms([text.folded for text in searched])) as forms:
        patterns = [re.compile(_pattern(term, forms)) for term in terms]
    return [_cut_snippet(text, patterns) for text in searched]


def _cut_snippet(text: _Text, patterns: Sequence[re.Pattern[str]]) -> tuple[str, Marks]:
    found = text.find(patterns)
    start = _begin_snippet(text.shown, _best_place(found))
    end = _snippet_end(text.shown, start)
    marks = _merge((a, b) for a, b, _term in found if a >= start and b <= end)
    snippet, moved = _on_one_line(text.shown, start, end, marks)
    return snippet + ("…" if text.is_cut or end < len(text.shown) else ""), moved


class _Forms:
    """Which words of some texts a word of a query finds."""

    def __init__(self, folded: Sequence[str]) -> None:
        self._folded = folded
        self._connection = sqlite3.connect(":memory:")

    def find(self, word: str, *, is_beginning: bool) -> list[str]:
        """The word itself and those that share its stem or begin like it."""
        start = re.compile(f"{_begin(word)}{LETTER}*")
        words = sorted({word, *(form for text in self._folded for form in start.findall(text))})
        quoted = f'"{word[:MAX_WORD_CHARS]}"'
        with self._connection as connection:
            connection.execute("DROP TABLE IF EXISTS stem")
            connection.execute(_STEMS)
            cut = ((number, form[:MAX_WORD_CHARS]) for number, form in enumerate(words))
            connection.executemany("INSERT INTO stem (rowid, word) VALUES (?, ?)", cut)
        match = f"{quoted} OR {quoted} *" if is_beginning else quoted
        rows = connection.execute("SELECT rowid FROM stem WHERE stem MATCH ?", (match,))
        return [words[row[0]] for row in rows]

    def close(self) -> None:
        """Let go of the table of stems."""
        self._connection.close()


def _pattern(term: Term, forms: _Forms) -> str:
    *before, last = term.pieces
    patterns = [_piece_pattern(piece, forms, is_beginning=False) for piece in before]
    return _BETWEEN.join([*patterns, _piece_pattern(last, forms, is_beginning=term.is_beginning)])


def _piece_pattern(piece: Piece, forms: _Forms, *, is_beginning: bool) -> str:
    if piece.is_run or piece.is_symbol:
        return re.escape(piece.text)
    if piece.before or piece.after:
        return _signed_pattern(piece, is_beginning=is_beginning)
    found = forms.find(piece.text, is_beginning=is_beginning)
    ends = "|".join(re.escape(form[SHARED:]) for form in found)
    return f"{_begin(piece.text)}(?:{ends}){_END}"


def sign_patterns(term: Term) -> list[str]:
    """Of the words of a term that signs belong to, what folded text must have besides the term's words."""
    return [
        _signed_pattern(piece, is_beginning=term.is_beginning and number == len(term.pieces))
        for number, piece in enumerate(term.pieces, 1)
        if piece.before or piece.after
    ]


def _signed_pattern(piece: Piece, *, is_beginning: bool) -> str:
    word = re.escape(piece.text) if piece.before else _begin(piece.text) + re.escape(piece.text[SHARED:])
    end = re.escape(piece.after) or (f"{LETTER}*" if is_beginning else _END)
    return re.escape(piece.before) + word + end


def _begin(word: str) -> str:
    """A pattern for the first letters of a word, where a word begins."""
    first = re.escape(word[:SHARED])
    return first + _STARTED.format(first)


def _places(text: str) -> list[int] | None:
    """Where each character is in the folded text; None where folding moves nothing."""
    if text.isascii() or all(len(FOLDING[ord(character)]) == 1 for character in set(text)):
        return None
    return list(accumulate((len(FOLDING[ord(character)]) for character in text), initial=0))


def _best_place(found: Sequence[tuple[int, int, int]]) -> int:
    """Where the first of the stretches begins that hold the most terms."""
    best, most = 0, 0
    for at, (first, _end, _term) in enumerate(found[:MAX_MARKS]):
        count = len({term for start, _end, term in found[at : at + NEAR_CHARS] if start < first + NEAR_CHARS})
        if count > most:
            best, most = first, count
    return best


def _begin_snippet(text: str, place: int) -> int:
    """A little before a place: where a word begins, or in a run without spaces after punctuation."""
    if place < SHORT_CHARS:
        return 0
    earliest = place - BEFORE_CHARS
    is_unspaced = _IN_RUN.match(text, earliest) is not None
    match = (_CLAUSE if is_unspaced else _WORD).search(text, earliest, place)
    return match.end() if match else earliest if is_unspaced else place


def _snippet_end(text: str, start: int) -> int:
    """Where it ends: Chinese characters are twice as wide, and say more."""
    end = start + SNIPPET_CHARS
    wide = sum(character >= "\u2e80" for character in text[start:end])
    return min(len(text), end if wide < SNIPPET_CHARS // 3 else start + SNIPPET_CHARS // 2)


def _merge(marks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _on_one_line(text: str, start: int, end: int, marks: Sequence[tuple[int, int]]) -> tuple[str, Marks]:
    """The stretch with every white space as one blank and dots before it if it was cut; the marks in that."""
    parts, moved, length = ["…" if start else ""], [], len("…" if start else "")
    for stretch, is_mark in _stretches(text, start, end, marks):
        shown = re.sub(r"\s+", " ", stretch)
        parts.append(shown)
        if is_mark:
            moved.append((length, length + len(shown)))
        length += len(shown)
    return "".join(parts), tuple(moved)


def _stretches(
    text: str, start: int, end: int, marks: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    at = start
    for first, last in marks:
        yield text[at:first], False
        yield text[first:last], True
        at = last
    yield text[at:end], False
