"""Search by words: SQLite's full-text index over text whose Chinese is cut into pairs of characters.

A run of Han goes in as its pairs of neighbours and its last character, as in the search of conversations
(`teahouse.search.words`). The terms of a question are OR-ed and ranked by BM25 (Robertson & Zaragoza 2009,
as FTS5 computes it), so that rare words decide.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from teahouse.search.words import RULES, compose, cut, fold, index_words
from teahouse_documents.search.allowed import Allowed
from teahouse_documents.search.stop_words import STOP_WORDS

VERSION = RULES
"""Of `split`: an index made with another one is made again."""

MOST_TERMS = 64
"""Of a question; a pasted page has more, and its rest adds time rather than hits."""
COMMON_SHARE = 0.12
"""A term that stands in more of the chunks is left out beside rarer ones: it ranks little and costs most."""
MOST_COUNTED = 200_000
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


def look_up(connection: sqlite3.Connection, query: str) -> Lexicon:
    """How common each term of a question is, and which are worth searching."""
    wanted = terms(query)
    total = count_chunks(connection)
    counts = [_count(connection, term) for term in wanted]
    there = [(count, term) for count, term in zip(counts, wanted, strict=True) if count]
    rare = [term for count, term in there if count <= max(50, COMMON_SHARE * total)]
    used = rare or [term for _count, term in sorted(there)[:2]]
    return Lexicon(tuple(wanted), tuple(used), tuple(counts))


def search(
    connection: sqlite3.Connection,
    query: str | Lexicon,
    *,
    limit: int = 50,
    allowed: Allowed | None = None,
) -> list[WordHit]:
    """Chunks that have words of the question, best first; none where no term stands anywhere.

    Args:
        allowed: The chunks that may be found; None lets all pass.
    """
    lexicon = look_up(connection, query) if isinstance(query, str) else query
    if not lexicon.used:
        return []
    match = " OR ".join(_quoted(term) for term in lexicon.used)
    most = limit if allowed is None else limit * OVERFETCH
    rows = connection.execute(
        "SELECT rowid, rank FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT ?", (match, most)
    )
    hits: list[WordHit] = []
    for number, rank in rows:
        if allowed is None or number in allowed:
            hits.append(WordHit(number, -rank))
            if len(hits) == limit:
                break
    return hits


def count_chunks(connection: sqlite3.Connection) -> int:
    """Chunks in the index, about: the highest number given minus gaps is not worth a scan."""
    found = connection.execute("SELECT max(id) FROM chunk").fetchone()
    return int(found[0] or 0)


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
    """In how many chunks a term stands, counted up to `MOST_COUNTED`."""
    # Without ranking only the list of rows is walked: about 0.1 µs for each.
    found = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM fts WHERE fts MATCH ? LIMIT ?)", (_quoted(term), MOST_COUNTED)
    )
    return int(found.fetchone()[0])
