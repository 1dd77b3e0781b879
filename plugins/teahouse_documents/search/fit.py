"""How well the best passages fit a question: three numbers from which is decided whether anything fits."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from teahouse_documents.search import lexical
from teahouse_documents.search.lexical import Lexicon

if TYPE_CHECKING:
    from teahouse_documents.search.fusion import Ranked

DIGITS = 4


def fit_of(connection: sqlite3.Connection, lexicon: Lexicon, first: Sequence[Ranked]) -> dict[str, Any]:
    """`cosine`, `share`, `again`: the highest of the first passages; None where it is not known.

    `cosine` is that of the whole question and a passage, `share` the idf-weighted part of the question's
    terms that a passage has, `again` the score of the second look. `has_words`: whether any term stands
    anywhere; if none does, the question is in another language, or foreign to all there is.
    """
    cosines = [one.vector_score for one in first if one.vector_score is not None]
    again = [one.again_score for one in first if one.again_score is not None]
    shares = lexical.shares(connection, lexicon, [one.id for one in first]) if lexicon.used else {}
    return {
        "cosine": _highest(cosines),
        "share": _highest(list(shares.values())),
        "again": _highest(again),
        "has_words": bool(lexicon.used),
    }


def _highest(values: Sequence[float]) -> float | None:
    return round(max(values), DIGITS) if values else None
