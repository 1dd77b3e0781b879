"""Finds messages and titles.

The best come first (bm25, the newer of two equals); a query of single Chinese characters, which are
nearly everywhere, shows the newest first. Where more than `RANKED` match, the newest of them come first.
What is in the trash is found with `is:trashed` only.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from teahouse.errors import StoreError
from teahouse.language import _
from teahouse.search import conditions
from teahouse.search.index import is_damage
from teahouse.search.marks import Marks, cut_snippets, sign_patterns
from teahouse.search.query import Query, Term, parse
from teahouse.search.texts import unpack

RANKED = 3000
"""Looking at ten times as many would take longer than people wait between two keys."""

HAS_WORDS = "number IN (SELECT rowid FROM search_index WHERE search_index MATCH :{})"

HAS_SIGNS = "has_signs((SELECT data FROM search_text AS t WHERE t.number = search_entry.number), :{})"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: a message, or the title of a conversation.

    Attributes:
        message_id: None where the title was found.
        title: Of the conversation.
        role: Of the message; empty for a title.
        snippet: A stretch of the text around what was found.
        marks: (start, end) of what was found in `snippet`, in characters, in order, not overlapping.
    """

    conversation_id: str
    message_id: str | None
    title: str
    role: str
    created_ms: int
    snippet: str
    marks: tuple[tuple[int, int], ...]


def find(connection: sqlite3.Connection, query: str, *, limit: int = 50, offset: int = 0) -> list[Hit]:
    """What a query finds; `query.parse` tells what of it was not understood.

    Args:
        query: See `teahouse.search.query`; anything may be typed.
        limit: At most so many.
        offset: Leave out so many of the first.

    Raises:
        StoreError: The index is damaged, `data["is_index_damaged"]`; see `index.mark_damaged`.
    """
    parsed = parse(query)
    return show(parsed, find_entries(connection, parsed, limit=limit, offset=offset))


def find_entries(
    connection: sqlite3.Connection, query: Query, *, limit: int, offset: int
) -> list[sqlite3.Row]:
    """The first half of `find`, which needs the database; for `show`."""
    limit, offset = max(limit, 0), max(offset, 0)
    if query.is_empty or not limit:
        return []
    with _damage_in_words():
        numbers = _find_numbers(connection, query, limit=limit, offset=offset)
    return _read_entries(connection, numbers)


def show(query: Query, entries: Sequence[sqlite3.Row]) -> list[Hit]:
    """The second half, which may take longer for many words in long texts and keeps nobody waiting."""
    texts = [unpack(row["data"]) or "" for row in entries]
    snippets = cut_snippets(query.terms, texts)
    return [_read_hit(row, *snippet) for row, snippet in zip(entries, snippets, strict=True)]


def match_expression(terms: tuple[Term, ...], *, joined_by: str) -> str:
    """Terms in the language of FTS5; every word is quoted, so that nothing in it is an operator."""
    return joined_by.join(_match_term(term) for term in terms)


def _match_term(term: Term) -> str:
    *before, last = term.pieces
    words = [word for piece in before for word in piece.words] + last.words
    if last.is_run and len(last.text) > 1:
        # The run may go on in the text, where its last character is then no word of its own.
        words = words[:-1]
    quoted = '"{}"'.format(" ".join(word.replace('"', "") for word in words))
    if not term.is_beginning:
        return quoted
    # Both, so that the word itself counts for more than what begins like it.
    return f"{quoted} *" if last.is_run else f"({quoted} OR {quoted} *)"


@contextmanager
def _damage_in_words() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, MemoryError) as error:
        if not is_damage(error):
            raise
        raise index_damaged() from error


def index_damaged() -> StoreError:
    """The error that says so."""
    return StoreError(
        _("The search index is damaged. Your conversations are not touched by that."),
        _("Restart Teahouse: it makes the index again."),
        is_index_damaged=True,
    )


def _find_numbers(connection: sqlite3.Connection, query: Query, *, limit: int, offset: int) -> list[int]:
    where, values = conditions.build(query)
    values |= {"limit": limit, "offset": offset}
    where = " AND ".join([where, *_ask_for_signs(query, values)])
    plain = tuple(term for term in query.excluded if not term.has_signs)
    excluded = match_expression(plain, joined_by=" OR ")
    if not query.terms:
        if excluded:
            where, values["match"] = f"{where} AND NOT {HAS_WORDS.format('match')}", excluded
        sql = (
            f"SELECT number FROM search_entry WHERE {where}"
            f" ORDER BY {_newest_first(query)} LIMIT :limit OFFSET :offset"
        )
        return [row[0] for row in connection.execute(sql, values)]
    values["match"] = match_expression(query.terms, joined_by=" AND ")
    if excluded:
        values["match"] = f"({values['match']}) NOT ({excluded})"
    matched = (
        "FROM search_index CROSS JOIN search_entry ON number = search_index.rowid"
        f" WHERE search_index MATCH :match AND {where} ORDER BY search_index.rowid DESC"
    )
    if all(term.is_character for term in query.terms):
        sql = f"SELECT number {matched} LIMIT :limit OFFSET :offset"
        return [row[0] for row in connection.execute(sql, values)]
    return _rank(connection, matched, values, limit=limit, offset=offset)


def _ask_for_signs(query: Query, values: dict[str, Any]) -> Iterator[str]:
    """Conditions for what the index does not know, last as they take the longest."""
    for term in query.terms:
        yield from _has_signs(term, values)
    for number, term in enumerate(term for term in query.excluded if term.has_signs):
        values[f"unwanted{number}"] = match_expression((term,), joined_by="")
        found = " AND ".join([HAS_WORDS.format(f"unwanted{number}"), *_has_signs(term, values)])
        yield f"NOT ({found})"


def _has_signs(term: Term, values: dict[str, Any]) -> Iterator[str]:
    for pattern in sign_patterns(term):
        name = f"sign{len(values)}"
        values[name] = pattern
        yield HAS_SIGNS.format(name)


def _newest_first(query: Query) -> str:
    """By the index that finds the few of a far time or a rare role, or else by the entries themselves."""
    has_index = any(f.name == "role" and not f.is_excluded for f in query.filters) or query.spans
    return "created_ms DESC, number DESC" if has_index else "number DESC"


def _rank(
    connection: sqlite3.Connection, matched: str, values: dict[str, Any], *, limit: int, offset: int
) -> list[int]:
    """The best of the newest, then the best of those before: each page goes on where the last one ended."""
    block = f"SELECT number, bm25(search_index) AS score {matched} LIMIT {RANKED} OFFSET :newer"
    sql = f"SELECT number FROM ({block}) ORDER BY score, number DESC LIMIT :limit OFFSET :offset"
    found: list[int] = []
    while len(found) < limit:
        blocks, better = divmod(offset + len(found), RANKED)
        wanted = min(limit - len(found), RANKED - better)
        page = {"newer": blocks * RANKED, "limit": wanted, "offset": better}
        more = [row[0] for row in connection.execute(sql, values | page)]
        found += more
        if len(more) < wanted:
            break
    return found


def _read_entries(connection: sqlite3.Connection, numbers: list[int]) -> list[sqlite3.Row]:
    """The entries in this order, with what a hit shows of them."""
    return connection.execute(
        "SELECT c.id AS conversation_id, m.id AS message_id, c.title, m.role, search_text.data,"
        " coalesce(m.created_ms, c.created_ms) AS created_ms"
        " FROM json_each(?) AS wanted JOIN search_entry AS e ON e.number = wanted.value"
        " JOIN search_text ON search_text.number = e.number"
        " JOIN conversation AS c ON c.number = e.conversation_number"
        " LEFT JOIN message AS m ON m.number = e.message_number"
        # A message that a damaged file has lost is no title.
        " WHERE m.id IS NOT NULL OR e.message_number IS NULL ORDER BY wanted.key",
        (json.dumps(numbers),),
    ).fetchall()


def _read_hit(row: sqlite3.Row, snippet: str, marks: Marks) -> Hit:
    return Hit(
        conversation_id=str(row["conversation_id"]),
        message_id=row["message_id"],
        title=row["title"] if isinstance(row["title"], str) else "",
        role=str(row["role"] or ""),
        created_ms=row["created_ms"] if isinstance(row["created_ms"], int) else 0,
        snippet=snippet,
        marks=marks,
    )
