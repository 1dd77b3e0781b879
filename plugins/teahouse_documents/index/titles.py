"""Files looked up by their names: in the database and by its index, however many files there are."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence

FILES = (
    "SELECT file.id, file.path, file.title, file.mtime_ns, collection.name collection "
    "FROM file JOIN source ON source.id = file.source_id "
    "JOIN collection ON collection.id = source.collection_id WHERE file.state != 'gone'"
)
READABLE = f"{FILES} AND file.state NOT IN ('failed', 'quarantined')"
STEM = "rtrim(file.title, replace(file.title, '.', ''))"
"""SQL: of a file's name all up to its last dot, and that; empty where it has none."""
ENDINGS = (
    f"SELECT lower(substr(file.title, length({STEM}) + 1)) ending, count(*) files FROM file "
    "JOIN source ON source.id = file.source_id WHERE file.state != 'gone' "
    f"AND file.path NOT LIKE 'conversation:%' AND length({STEM}) > 1 AND length({STEM}) < length(file.title)"
)
LOOKED_AT = 400
"""Files among which the best are chosen while a name is typed; a letter or two fit more of them."""
HIGHEST = "\U0010ffff"
AT_ONCE = 500
"""Names in one statement."""


def titled(
    connection: sqlite3.Connection, names: Iterable[str], *, is_readable: bool = False
) -> list[sqlite3.Row]:
    """Files of these names, however they are spelt; all, or those that could be read."""
    spelt = list(dict.fromkeys(one for name in names for one in spellings(name)))
    found: list[sqlite3.Row] = []
    for at in range(0, len(spelt), AT_ONCE):
        some = spelt[at : at + AT_ONCE]
        marks = ", ".join("?" * len(some))
        files = READABLE if is_readable else FILES
        found += connection.execute(f"{files} AND file.title COLLATE NOCASE IN ({marks})", some)
    return found


def has_beginning(connection: sqlite3.Connection, begin: str) -> bool:
    """Whether the name of any file begins so."""
    return any(
        connection.execute(
            "SELECT 1 FROM file WHERE title COLLATE NOCASE >= ? AND title COLLATE NOCASE < ? LIMIT 1",
            (spelt, spelt + HIGHEST),
        ).fetchone()
        for spelt in spellings(begin)
    )


def newest(connection: sqlite3.Connection, preferred: Sequence[str], limit: int) -> list[sqlite3.Row]:
    """Files that were changed last: of preferred collections, then of all."""
    order = " ORDER BY file.mtime_ns DESC LIMIT ?"
    found: list[sqlite3.Row] = []
    if preferred:
        found += connection.execute(f"{READABLE} AND {_is_of(preferred)}{order}", (*preferred, limit))
    return [*found, *connection.execute(f"{READABLE}{order}", (limit,))]


def offered(
    connection: sqlite3.Connection, typed: str, preferred: Sequence[str], limit: int
) -> list[sqlite3.Row]:
    """Files that may be meant: by the beginning of their name, and where these are few by a part of it.

    Args:
        typed: With a slash it is a part of a path.
    """
    order = f"{_is_of(preferred)} DESC, " if preferred else ""
    best = f" ORDER BY {order}length(file.title) LIMIT {LOOKED_AT}"
    found: list[sqlite3.Row] = []
    if "/" not in typed:
        between = "file.title COLLATE NOCASE >= ? AND file.title COLLATE NOCASE < ?"
        for spelt in spellings(typed):
            asked = (spelt, spelt + HIGHEST, *preferred)
            found += connection.execute(f"{READABLE} AND {between}{best}", asked)
    if len(found) < limit:
        column = "file.path" if "/" in typed else "file.title"
        for spelt in spellings(typed):
            asked = (f"%{_escaped(spelt)}%", *preferred)
            found += connection.execute(f"{READABLE} AND {column} LIKE ? ESCAPE '\\'{best}", asked)
    return found


def endings(connection: sqlite3.Connection, collection_ids: Iterable[int] | None) -> list[sqlite3.Row]:
    """What stands behind the last dot of names, with how many files have it; the most frequent first.

    Args:
        collection_ids: Of these only; None for all.
    """
    ids = [] if collection_ids is None else list(collection_ids)
    is_of = "" if collection_ids is None else f" AND source.collection_id IN ({', '.join('?' * len(ids))})"
    order = " GROUP BY ending ORDER BY files DESC, min(file.id)"
    return connection.execute(f"{ENDINGS}{is_of}{order}", ids).fetchall()


def spellings(name: str) -> list[str]:
    """How a name may stand in the index, which takes only plain letters for the same, large or small."""
    one_line = " ".join(name.split())
    forms = [name, one_line]
    if not name.isascii():
        changed = (one_line, one_line.lower(), one_line.upper(), one_line.capitalize(), one_line.title())
        forms += [unicodedata.normalize(form, one) for form in ("NFC", "NFD") for one in changed]
    return list(dict.fromkeys(form for form in forms if form))


def _is_of(collections: Sequence[str]) -> str:
    return f"collection.name COLLATE NOCASE IN ({', '.join('?' * len(collections))})"


def _escaped(text: str) -> str:
    """Letters that stand for themselves in a pattern of SQL."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
