"""Keeps the full-text index in step: the store calls these functions inside its own transactions.

A reply that still streams is taken in when it is finished, or at the next start if its process died.
Whatever is wrong with the index, a message is saved: damage only makes it be built again.
"""

from __future__ import annotations

import logging
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from teahouse.search.texts import message_text, plain, unpack
from teahouse.search.words import RULES, index_words

log = logging.getLogger(__name__)

BATCH = 500
"""Messages and titles that `index_missing` takes in at a time: a fraction of a second."""

MAX_NUMBER = 2**40
LEVEL = zlib.Z_BEST_SPEED

INDEX = """
CREATE VIRTUAL TABLE search_index USING fts5 (
  words,
  content = '',
  prefix = '1',
  tokenize = "porter unicode61 remove_diacritics 0 categories 'L* M* N* S* Co'"
)"""

# SQLite reads an index also to drop it. Source: fts5_index.c, the records of averages and structure.
EMPTY = (
    "DELETE FROM search_index_data",
    "DELETE FROM search_index_idx",
    "INSERT INTO search_index_data (id, block) VALUES (1, x''), (10, x'00000000000000')",
)

DAMAGED = ("SQLITE_CORRUPT", "SQLITE_CONSTRAINT", "SQLITE_ERROR", "SQLITE_MISMATCH")
"""What SQLite calls damage of the index, as against a full disk or a lock."""

ENTRY = "SELECT number, data FROM search_entry LEFT JOIN search_text USING (number)"

# Words may have stayed behind where an entry was damaged.
TAKEN = "SELECT 1 FROM search_entry WHERE number = ? UNION ALL SELECT 1 FROM search_index WHERE rowid = ?"


class Place(NamedTuple):
    """Whose text an entry holds; `message_number` is None and `role` empty for a title."""

    conversation_number: int
    message_number: int | None
    role: str
    created_ms: int


# --- what the store calls ---------------------------------------------------------------------------


def index_message(connection: sqlite3.Connection, message_id: str) -> None:
    """Take in a message that was added or changed; nothing for one that streams or is not there."""
    if has_index(connection):
        with _keeping_messages(connection):
            _take_message(connection, message_id)


def index_title(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Take in the title of a conversation that was added or renamed."""
    if has_index(connection):
        with _keeping_messages(connection):
            _take_title(connection, conversation_id)


def forget_message(connection: sqlite3.Connection, message_id: str) -> None:
    """Take a message out; to be called before its row is deleted."""
    number = "(SELECT number FROM message WHERE id = :id)"
    _forget_where(connection, f"message_number = {number}", message_id)


def forget_conversation(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Take a title and all messages of a conversation out; to be called before the rows are deleted."""
    number = "(SELECT number FROM conversation WHERE id = :id)"
    _forget_where(connection, f"message_number IS NULL AND conversation_number = {number}", conversation_id)
    numbers = "(SELECT number FROM message WHERE conversation_id = :id)"
    _forget_where(connection, f"message_number IN {numbers}", conversation_id)


def wipe_forgotten(connection: sqlite3.Connection) -> None:
    """Rewrite the index without the words of what was taken out, which stay in the file until then.

    For after a deletion for good; takes about a second for 100,000 messages.
    """
    with _keeping_messages(connection):
        connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")


# --- messages that are not in yet -------------------------------------------------------------------


def is_complete(connection: sqlite3.Connection) -> bool:
    """Whether everything is in; False after an update, and where the index was damaged."""
    state = connection.execute("SELECT is_complete FROM search_state WHERE rules = ?", (RULES,)).fetchone()
    return state is not None and state["is_complete"] == 1


def index_missing(connection: sqlite3.Connection, *, limit: int = BATCH) -> int:
    """Take in the next titles and messages that are missing; how many: 0 when everything is in.

    Call it again, each time in a transaction of its own, until it returns 0. Where the index turns out
    to be damaged, `has_index` is False afterwards, and the next call begins with an empty one.
    """
    if is_complete(connection):
        return 0
    if not has_index(connection):
        start_again(connection)
    with _keeping_messages(connection):
        return _take_next(connection, limit=limit)
    return 1


def has_index(connection: sqlite3.Connection) -> bool:
    """Whether there is an index to keep in step; one of other rules, or a damaged one, is made again."""
    state = connection.execute("SELECT 1 FROM search_state WHERE rules = ?", (RULES,)).fetchone()
    return state is not None


def start_again(connection: sqlite3.Connection) -> None:
    """Empty the index; `index_missing` fills it."""
    try:
        connection.execute("DROP TABLE IF EXISTS search_index")
    except (sqlite3.DatabaseError, MemoryError) as error:
        if not is_damage(error) or not connection.in_transaction:
            raise
        for statement in EMPTY:
            connection.execute(statement)
        connection.execute("DROP TABLE IF EXISTS search_index")
    connection.execute(INDEX)
    for table in ("search_entry", "search_text", "search_state"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("INSERT INTO search_state VALUES (1, ?, 0, 0, 0)", (RULES,))


def mark_damaged(connection: sqlite3.Connection) -> None:
    """Let `index_missing` begin with an empty index."""
    # Not changed but deleted: of a damaged row no field can be changed.
    connection.execute("DELETE FROM search_state")


def is_damage(error: BaseException) -> bool:
    """Whether an error comes of a damaged index; a length in it that is damaged asks for endless memory."""
    name = str(getattr(error, "sqlite_errorname", ""))
    return isinstance(error, MemoryError) or name.startswith(DAMAGED)


def _take_next(connection: sqlite3.Connection, *, limit: int) -> int:
    state = connection.execute("SELECT titles_done, messages_done FROM search_state").fetchone()
    taken = _take(connection, "conversation", after=state["titles_done"], limit=limit)
    if not taken:
        taken = _take(connection, "message", after=state["messages_done"], limit=limit)
    if not taken:
        connection.execute("UPDATE search_state SET is_complete = 1")
    return taken


def _take(connection: sqlite3.Connection, table: str, *, after: int, limit: int) -> int:
    rows = connection.execute(
        f"SELECT number, id FROM {table} WHERE number > ? ORDER BY number LIMIT ?", (after, limit)
    ).fetchall()
    take, done = (_take_title, "titles_done") if table == "conversation" else (_take_message, "messages_done")
    for row in rows:
        take(connection, row["id"])
    if rows:
        connection.execute(f"UPDATE search_state SET {done} = ?", (rows[-1]["number"],))
    return len(rows)


# --- the index itself -------------------------------------------------------------------------------


def _take_message(connection: sqlite3.Connection, message_id: str) -> None:
    row = connection.execute(
        "SELECT m.number, m.state, m.role, m.created_ms, c.number AS conversation_number"
        " FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id WHERE m.id = ?",
        (message_id,),
    ).fetchone()
    if row is None or row["state"] == "streaming":
        return
    old = connection.execute(f"{ENTRY} WHERE message_number = ?", (row["number"],)).fetchone()
    place = Place(row["conversation_number"], row["number"], plain(row["role"]), _moment(row["created_ms"]))
    _replace(connection, old, place, text=message_text(connection, message_id))


def _take_title(connection: sqlite3.Connection, conversation_id: str) -> None:
    row = connection.execute(
        "SELECT number, title, created_ms FROM conversation WHERE id = ?", (conversation_id,)
    ).fetchone()
    if row is None:
        return
    old = connection.execute(
        f"{ENTRY} WHERE conversation_number = ? AND message_number IS NULL", (row["number"],)
    ).fetchone()
    place = Place(row["number"], None, "", _moment(row["created_ms"]))
    _replace(connection, old, place, text=plain(row["title"]))


@contextmanager
def _keeping_messages(connection: sqlite3.Connection) -> Iterator[None]:
    """What is saved along with the index is saved also when the index turns out to be damaged."""
    connection.execute("SAVEPOINT search")
    try:
        yield
        # Makes FTS5 write what it has gathered now, when it can be undone alone, and not with the commit.
        connection.execute("SAVEPOINT search_written")
        connection.execute("RELEASE search")
    except (sqlite3.DatabaseError, MemoryError) as error:
        # Not where SQLite has undone everything by itself.
        if not is_damage(error) or not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO search")
        connection.execute("RELEASE search")
        mark_damaged(connection)
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        log.warning("the search index is damaged and will be made again: %s (%s)", error, name)


def _replace(connection: sqlite3.Connection, old: sqlite3.Row | None, place: Place, *, text: str) -> None:
    """Put a text in the place of the one that `old` (number, data) holds; None: there was none."""
    if old is not None:
        known = unpack(old["data"])
        if known == text:
            return
        _forget(connection, old["number"], known)
    message_number = place.message_number
    salt = 2 * place.conversation_number if message_number is None else 2 * message_number + 1
    number = _free_number(connection, place.created_ms, salt=salt)
    connection.execute(
        "INSERT INTO search_entry (number, conversation_number, message_number, role, created_ms)"
        " VALUES (?, ?, ?, ?, ?)",
        (number, *place),
    )
    data = zlib.compress(text.encode("utf-8", "replace"), LEVEL)
    connection.execute("INSERT INTO search_text (number, data) VALUES (?, ?)", (number, data))
    connection.execute("INSERT INTO search_index (rowid, words) VALUES (?, ?)", (number, index_words(text)))


def _forget_where(connection: sqlite3.Connection, condition: str, an_id: str) -> None:
    if not has_index(connection):
        return
    with _keeping_messages(connection):
        rows = connection.execute(f"{ENTRY} WHERE {condition}", {"id": an_id}).fetchall()
        for row in rows:
            _forget(connection, row["number"], unpack(row["data"]))


def _forget(connection: sqlite3.Connection, number: int, text: str | None) -> None:
    # Of a text that is damaged the words stay behind; without an entry they lead nowhere.
    if text is not None:
        connection.execute(
            "INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', ?, ?)",
            (number, index_words(text)),
        )
    for table in ("search_entry", "search_text"):
        connection.execute(f"DELETE FROM {table} WHERE number = ?", (number,))


def _free_number(connection: sqlite3.Connection, created_ms: int, *, salt: int) -> int:
    """A number that no entry has, near the second of this time, so that entries lie in order of time.

    Seconds and not finer: the distances between entries are most of the index's size. Where a second
    is crowded, as after an import without times, the range from which the number is taken doubles.
    """
    second = min(max(created_ms // 1000, 1), MAX_NUMBER)
    for power in range(41):
        number = second + salt % (1 << power)
        if connection.execute(TAKEN, (number, number)).fetchone() is None:
            return number
    last = connection.execute("SELECT max(number) FROM search_entry").fetchone()
    return int(last[0]) + 1


def _moment(created_ms: object) -> int:
    return created_ms if isinstance(created_ms, int) else 0
