"""Search by words: SQLite's full-text index over text whose Chinese is cut into pairs of characters.

A run of Han goes in as its pairs of neighbours and its last character, as in the search of conversations
(`teahouse.search.words`). The terms of a question are OR-ed and ranked by BM25 (Robertson & Zaragoza 2009,
as FTS5 computes it), so that rare words decide.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from teahouse.search.words import RULES, compose, cut, fold, index_words
from teahouse_documents.search.stop_words import STOP_WORDS

if TYPE_CHECKING:  # numpy is for the children: the app's process splits words only
    from teahouse_documents.search.allowed import Allowed

VERSION = RULES
"""Of `split`: an index made with another one is made again."""

MOST_TERMS = 64
"""Of a question; a pasted page has more, and its rest adds time rather than hits."""
MOST_ROWS = 20_000
"""Chunks that are ranked for one question: its rarest terms go first. Beyond, common words add time only."""
COUNTED = 4_096
"""Terms whose number of chunks is remembered."""
GROWTH = 1.2
"""How much an index may have grown for a remembered number to count."""
OVERFETCH = 40
"""How many times as many rows are looked through, at most, for those that a filter lets pass."""


@dataclass(frozen=True, slots=True)
class WordHit:
    """A chunk that has words of the question; `score` is BM25, higher is better."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the index knows of the terms of one question.

    Attributes:
        terms: As they are searched, a prefix with its star.
        used: Those that were searched: the rest stands nowhere, or in too many chunks.
        counts: In how many chunks each of `terms` stands.
    """

    terms: tuple[str, ...]
    used: tuple[str, ...]
    counts: tuple[int, ...]


def split(text: str) -> str:
    """What the index is given for a text: its words, spaces between."""
    return index_words(text)


def terms(query: str) -> list[str]:
    """The terms of a question: words, pairs of Han, `署*` for a single character; no stop words."""
    found = dict.fromkeys(_terms(query))
    telling = [term for term in found if term not in STOP_WORDS]
    return (telling or list(found))[:MOST_TERMS]


class Counts:
    """In how many chunks terms stand, up to one more than `MOST_ROWS`; remembered, as counting takes time."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, int]] = {}

    def of(self, connection: sqlite3.Connection, terms: Sequence[str]) -> list[int]:
        """The number of each term."""
        highest = int(connection.execute("SELECT max(id) FROM chunk").fetchone()[0] or 0)
        if len(self._known) > COUNTED:
            self._known.clear()
        counts = []
        for term in terms:
            count, then = self._known.get(term, (0, -1))
            if not then <= highest <= then * GROWTH:
                count = _count(connection, term)
                self._known[term] = (count, highest)
            counts.append(count)
        return counts


def look_up(connection: sqlite3.Connection, query: str, counts: Counts | None = None) -> Lexicon:
    """How common each term of a question is, and which are worth searching."""
    wanted = terms(query)
    found = (counts or Counts()).of(connection, wanted)
    used: list[str] = []
    total = 0
    for count, term in sorted(zip(found, wanted, strict=True)):
        if count and (not used or total + count <= MOST_ROWS):
            used.append(term)
            total += count
    return Lexicon(tuple(wanted), tuple(used), tuple(found))


def search(
    connection: sqlite3.Connection,
    query: str | Lexicon,
    *,
    limit: int = 50,
    allowed: Allowed | None = None,
) -> list[WordHit]:
    """Chunks that have words of the question, best first; none where no term stands anywhere.

    Where even the rarest word stands nearly everywhere, ranking would say nothing: the newest come first.

    Args:
        allowed: The chunks that may be found; None lets all pass.
    """
    lexicon = look_up(connection, query) if isinstance(query, str) else query
    if not lexicon.used:
        return []
    match = " OR ".join(_quoted(term) for term in lexicon.used)
    most = limit if allowed is None else max(limit * OVERFETCH, limit)
    is_everywhere = max(c for c, t in zip(lexicon.counts, lexicon.terms, strict=True) if t in lexicon.used)
    score, order = ("0.0", "rowid DESC") if is_everywhere > MOST_ROWS else ("rank", "rank")
    rows = connection.execute(
        f"SELECT rowid, {score} FROM fts WHERE fts MATCH ? ORDER BY {order} LIMIT ?", (match, most)
    )
    hits: list[WordHit] = []
    for number, rank in rows:
        if allowed is None or number in allowed:
            hits.append(WordHit(number, -rank))
            if len(hits) == limit:
                break
    return hits


def shares(connection: sqlite3.Connection, lexicon: Lexicon, ids: Sequence[int]) -> dict[int, float]:
    """For each chunk the share of the question's terms that stand in it, rare ones counting more (idf)."""
    total = int(connection.execute("SELECT count(*) FROM chunk").fetchone()[0])
    weights = [log((total + 1) / (min(count, total) + 0.5)) for count in lexicon.counts]
    whole = sum(weights)
    found = dict.fromkeys(ids, 0.0)
    for term, count, weight in zip(lexicon.terms, lexicon.counts, weights, strict=True):
        for number in ids if count and whole > 0 else ():
            row = connection.execute(
                "SELECT 1 FROM fts WHERE fts MATCH ? AND rowid = ?", (_quoted(term), number)
            ).fetchone()
            found[number] += weight / whole if row else 0.0
    return found


def _terms(query: str) -> Iterator[str]:
    for piece in cut(fold(compose(query))):
        if not piece.is_run:
            yield from piece.words
        elif len(piece.text) == 1:
            yield f"{piece.text}*"
        else:
            yield from piece.words[:-1]


def _quoted(term: str) -> str:
    word, star = (term[:-1], "*") if term.endswith("*") else (term, "")
    doubled = word.replace('"', '""')
    return f'"{doubled}"{star}'


def _count(connection: sqlite3.Connection, term: str) -> int:
    # Without ranking only the list of rows is walked.
    found = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM fts WHERE fts MATCH ? LIMIT ?)", (_quoted(term), MOST_ROWS + 1)
    )
    return int(found.fetchone()[0])
