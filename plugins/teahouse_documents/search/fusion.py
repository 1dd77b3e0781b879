"""Two lists into one: what words find and what vectors find, by reciprocal rank fusion.

Cormack, Clarke & Büttcher (2009): the score of a passage is the sum of 1 / (k + rank) over the lists. With
k = 10 and 50 candidates of each list, on both languages of XQuAD, it beats either list. A table of contents
has every word and no answer: it stands below what is text, in each of the orders.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from teahouse.passages import Passage, Piece
from teahouse_documents.chunking.contents import is_contents
from teahouse_documents.search import fit, lexical
from teahouse_documents.search.allowed import Allowed, Register
from teahouse_documents.search.lexical import Counts, Lexicon, WordHit
from teahouse_documents.values import Filters, Found
from teahouse_documents.vectors import Hit, Vectors

K = 10
CANDIDATES = 50
DIGITS = 4
LOOKED_AT_AGAIN, RERANKED = 8, 10
"""Passages: of ten, 5 % of the second looks took over 1.5 s, and no question of XQuAD found more first."""

Vector = np.ndarray[Any, np.dtype[np.float32]]
Again = Callable[[Sequence[Passage]], list[float]]
"""A second look: one score for each passage, higher is better."""
Rerank = Callable[[Sequence[Passage]], list[float] | None]
"""The same by a reranker; None where it could not."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A chunk in the fused list, with its place in each of the two; ranks count from 1."""

    id: int
    score: float
    words_rank: int | None = None
    words_score: float | None = None
    vector_rank: int | None = None
    vector_score: float | None = None
    again_score: float | None = None
    rerank_score: float | None = None
    fused_rank: int | None = None
    again_rank: int | None = None
    rerank_rank: int | None = None

    def as_json(self) -> dict[str, Any]:
        """For the trace; what a list did not find is None."""
        return {
            "id": self.id,
            "score": round(self.score, DIGITS),
            "words": _pair(self.words_rank, self.words_score),
            "vectors": _pair(self.vector_rank, self.vector_score),
            "again": None if self.again_score is None else round(self.again_score, DIGITS),
            "fused": _pair(self.fused_rank, self.score),
            "second": _pair(self.again_rank, self.again_score),
            "rerank": _pair(self.rerank_rank, self.rerank_score),
        }


def fuse(words: Sequence[WordHit], vectors: Sequence[Hit], *, k: int = K) -> list[Ranked]:
    """Both lists in one, best first; of equal ones the nearer vector goes before."""
    found: dict[int, Ranked] = {}
    for rank, word in enumerate(words, start=1):
        found[word.id] = Ranked(word.id, 1 / (k + rank), words_rank=rank, words_score=word.score)
    for rank, hit in enumerate(vectors, start=1):
        before = found.get(hit.id, Ranked(hit.id, 0.0))
        found[hit.id] = replace(
            before, score=before.score + 1 / (k + rank), vector_rank=rank, vector_score=hit.score
        )
    return sorted(found.values(), key=lambda one: (-one.score, -(one.vector_score or 0.0), one.id))


def search(
    connection: sqlite3.Connection,
    vectors: Vectors | None,
    query: str,
    query_vector: Vector | None,
    filters: Filters | None = None,
    limit: int = 10,
    *,
    register: Register | None = None,
    counts: Counts | None = None,
    again: Again | None = None,
    again_over: int = LOOKED_AT_AGAIN,
    rerank: Rerank | None = None,
    has_fit: bool = False,
) -> Found:
    """The passages that fit a question best, with a trace of how each was found.

    Args:
        query_vector: None where there is no embedder: words alone decide.
        register, counts: Kept from one search to the next, they make it cheap.
        again: A second look at the first `again_over` passages, which it puts in its own order.
        rerank: A reranker, which then puts the same passages in the order that holds.
        has_fit: Tell in the trace how well the first passages fit.
    """
    begun = time.perf_counter()
    allowed = (register or Register()).allowed(connection, filters or Filters())
    lexicon, words, words_ms = _by_words(connection, query, allowed, counts)
    hits, by, vectors_ms = _by_vectors(connection, vectors, query_vector, allowed)
    ranked = fuse(words, hits)
    read, at = _read(connection, [one.id for one in ranked])
    passages = _distinct(read)
    listed = frozenset(number for number, one in passages.items() if is_contents(one.text))
    kept = sorted((one for one in ranked if one.id in passages), key=lambda one: one.id in listed)
    order = [replace(one, fused_rank=rank) for rank, one in enumerate(kept, start=1)]
    if again is not None and order:
        order = _looked_again(order, passages, again, again_over, listed)
    if rerank is not None and order:
        order = _reranked(order, passages, rerank, RERANKED, listed)
    chosen = order[:limit]
    trace = {
        "query": query,
        "terms": _terms(lexicon),
        "lists": {
            "words": {"found": len(words), "ms": words_ms},
            "vectors": {"found": len(hits), "ms": vectors_ms, "by": by},
        },
        "allowed": None if allowed is None else allowed.count,
        "passages": [{**one.as_json(), **at[one.id]} for one in chosen],
        "ms": _ms(begun),
    }
    if has_fit:
        trace["fit"] = fit.fit_of(connection, lexicon, order[:again_over])
    return Found(tuple(replace(passages[one.id], score=one.score) for one in chosen), trace)


# --- the two lists ----------------------------------------------------------------------------------


def _by_words(
    connection: sqlite3.Connection, query: str, allowed: Allowed | None, counts: Counts | None
) -> tuple[Lexicon, list[WordHit], float]:
    begun = time.perf_counter()
    lexicon = lexical.look_up(connection, query, counts)
    return lexicon, lexical.search(connection, lexicon, limit=CANDIDATES, allowed=allowed), _ms(begun)


def _by_vectors(
    connection: sqlite3.Connection, vectors: Vectors | None, vector: Vector | None, allowed: Allowed | None
) -> tuple[list[Hit], str, float]:
    begun = time.perf_counter()
    if vectors is None or vector is None:
        return [], "", 0.0
    hits, by = vectors.search(connection, vector, limit=CANDIDATES, allowed=allowed)
    return hits, by, _ms(begun)


def _looked_again(
    order: list[Ranked], passages: dict[int, Passage], again: Again, over: int, listed: frozenset[int]
) -> list[Ranked]:
    first = order[:over]
    scores = again([passages[one.id] for one in first])
    judged = [replace(one, again_score=score) for one, score in zip(first, scores, strict=True)]
    judged.sort(key=lambda one: (one.id in listed, -(one.again_score or 0.0)))
    judged = [replace(one, again_rank=rank) for rank, one in enumerate(judged, start=1)]
    return [*judged, *order[over:]]


def _reranked(
    order: list[Ranked], passages: dict[int, Passage], rerank: Rerank, over: int, listed: frozenset[int]
) -> list[Ranked]:
    first = order[:over]
    scores = rerank([passages[one.id] for one in first])
    if scores is None:
        return order
    pairs = sorted(zip(scores, first, strict=True), key=lambda pair: (pair[1].id in listed, -pair[0]))
    judged = [replace(one, rerank_score=s, rerank_rank=n) for n, (s, one) in enumerate(pairs, start=1)]
    return [*judged, *order[over:]]


# --- passages ---------------------------------------------------------------------------------------


def _read(
    connection: sqlite3.Connection, ids: Sequence[int]
) -> tuple[dict[int, Passage], dict[int, dict[str, int]]]:
    """(The passages of these ids that still stand, in this order; where each stands: file and position)."""
    marks = ", ".join("?" * len(ids))
    rows = connection.execute(
        "SELECT chunk.id, chunk.text, chunk.kind, chunk.place, file.path, collection.name, chunk.file_id, "
        "chunk.position FROM chunk "
        "JOIN file ON file.id = chunk.file_id JOIN source ON source.id = file.source_id "
        f"JOIN collection ON collection.id = source.collection_id WHERE chunk.id IN ({marks})",
        tuple(ids),
    ).fetchall()
    found = {row[0]: _passage(row) for row in rows}
    at = {row[0]: {"file": row[6], "position": row[7]} for row in rows}
    return {number: found[number] for number in ids if number in found}, at


def _passage(row: Sequence[Any]) -> Passage:
    piece = Piece.from_json({"text": row[1], "kind": row[2], "place": json.loads(row[3])})
    return Passage(piece.text, row[4], piece.place, row[5], kind=piece.kind, id=row[0])


def _distinct(passages: dict[int, Passage]) -> dict[int, Passage]:
    """Without passages of the same text: copies of a file, a file in two collections."""
    seen: set[str] = set()
    kept = {}
    for number, passage in passages.items():
        plain = " ".join(passage.text.split())
        if plain not in seen:
            seen.add(plain)
            kept[number] = passage
    return kept


# --- the trace --------------------------------------------------------------------------------------


def _terms(lexicon: Lexicon) -> list[dict[str, Any]]:
    used = set(lexicon.used)
    pairs = zip(lexicon.terms, lexicon.counts, strict=True)
    return [{"term": term, "chunks": count, "used": term in used} for term, count in pairs]


def _pair(rank: int | None, score: float | None) -> dict[str, Any] | None:
    return None if rank is None or score is None else {"rank": rank, "score": round(score, DIGITS)}


def _ms(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 1)
