"""What each reply stores, with prompts that share what an earlier one stored already.

Every turn sends the whole conversation again. Stored in full, the prompts of a chat would grow with
the square of its length; so each is the shared prefix of an earlier sequence (its prompt and what was
generated after it) and the rest.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from teahouse.errors import StoreError
from teahouse.ids import now_ms
from teahouse.language import _
from teahouse.messages import Generation
from teahouse.store.rows import clean, pack_ids, read_generation, unpack_ids

KEPT_SEQUENCES = 8
"""Of the last replies: versions of a reply build on the same one."""

# The nearest generation up the tree, no further; `number` is explained where messages walk their path.
NEAREST_ABOVE = """
WITH RECURSIVE above AS (
  SELECT id, parent_id, number, 0 AS is_made FROM message WHERE id = ?
  UNION ALL
  SELECT m.id, m.parent_id, m.number, EXISTS (SELECT 1 FROM generation WHERE message_id = m.id)
  FROM above JOIN message AS m ON m.id = above.parent_id AND m.number < above.number WHERE NOT above.is_made
)
SELECT id AS message_id FROM above WHERE is_made
"""

LATEST = """
SELECT g.message_id FROM generation AS g JOIN message AS m ON m.id = g.message_id
WHERE m.conversation_id = (SELECT conversation_id FROM message WHERE id = ?) ORDER BY g.number DESC LIMIT 1
"""

# The list of ids is one JSON value: a query takes only so many variables.
MANY = "SELECT * FROM generation WHERE message_id IN (SELECT value FROM json_each(?))"

OF_CONVERSATION = """
SELECT g.* FROM generation AS g JOIN message AS m ON m.id = g.message_id
WHERE m.conversation_id = ? ORDER BY g.number
"""

BUILT_FROM_OUTSIDE = """
SELECT g.message_id FROM generation AS g
JOIN message AS base ON base.id = g.prompt_base_id JOIN message AS own ON own.id = g.message_id
WHERE base.conversation_id = ? AND own.conversation_id <> base.conversation_id
"""

CHAIN = """
WITH RECURSIVE chain AS (
  SELECT * FROM generation WHERE message_id = ?
  UNION ALL
  SELECT base.* FROM chain JOIN generation AS base
  ON base.message_id = chain.prompt_base_id AND base.number < chain.number
)
SELECT * FROM chain ORDER BY number
"""


class Sequences:
    """Prompt and generated ids of the replies stored last, so that many can be stored after each other.

    Without it each would be put together again from all those before it.
    """

    def __init__(self) -> None:
        self._known: dict[str, Sequence[int]] = {}

    def find(self, connection: sqlite3.Connection, message_id: str) -> Sequence[int] | None:
        """Those of one reply; None where they are damaged."""
        known = self._known.get(message_id)
        return _sequence(_chain(connection, message_id)) if known is None else known

    def keep(self, made: Generation) -> None:
        """Remember those of a reply that was stored just now, and forget the oldest."""
        self._known[made.message_id] = made.prompt_ids + made.ids
        while len(self._known) > KEPT_SEQUENCES:
            del self._known[next(iter(self._known))]


def add(
    connection: sqlite3.Connection,
    message_id: str,
    generation: Generation,
    *,
    sequences: Sequences | None = None,
) -> None:
    """Store what happened when a reply was made; StoreError when that is stored already."""
    if generation.message_id != message_id:
        raise ValueError(f"the generation is of {generation.message_id}, not of {message_id}")
    if exists(connection, message_id):
        raise StoreError(_("The reply {id} is stored already.").format(id=message_id), message=message_id)
    sequences = sequences or Sequences()
    base_id = _choose_base(connection, message_id)
    before = sequences.find(connection, base_id) if base_id else None
    shared = _count_shared(before or (), generation.prompt_ids)
    sequences.keep(generation)
    connection.execute(
        "INSERT INTO generation (message_id, model, model_hash, ids, prompt_base_id, prompt_shared,"
        " prompt_rest, adapters, sampling, seed, usage, timings, finish_reason, engine, created_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            message_id,
            clean(generation.model),
            clean(generation.model_hash),
            pack_ids(generation.ids),
            base_id if shared else None,
            shared,
            pack_ids(generation.prompt_ids[shared:]),
            json.dumps(generation.adapters),
            json.dumps(generation.sampling),
            generation.seed,
            json.dumps(asdict(generation.usage)),
            json.dumps(asdict(generation.timings)),
            generation.finish_reason,
            json.dumps(generation.engine),
            now_ms(),
        ),
    )


def exists(connection: sqlite3.Connection, message_id: str) -> bool:
    """Whether a reply has stored what happened when it was made."""
    row = connection.execute("SELECT 1 FROM generation WHERE message_id = ?", (message_id,)).fetchone()
    return row is not None


def find(connection: sqlite3.Connection, message_id: str) -> Generation | None:
    """What a reply stored; where its prompt cannot be put together again, `prompt_ids` is empty."""
    chain = _chain(connection, message_id)
    if not chain:
        return None
    return read_generation(chain[-1], tuple(_prompt(chain) or ()))


def list_of(connection: sqlite3.Connection, message_ids: Iterable[str]) -> dict[str, Generation]:
    """What many replies stored, in one query, without their prompts; keys are the ids of the messages."""
    rows = connection.execute(MANY, (json.dumps(list(message_ids)),))
    return {str(row["message_id"]): read_generation(row, ()) for row in rows}


def list_whole(connection: sqlite3.Connection, conversation_id: str) -> Iterator[Generation]:
    """What all replies of a conversation stored, oldest first, each put together from the one before it."""
    rows = connection.execute(OF_CONVERSATION, (conversation_id,)).fetchall()
    own = {row["message_id"] for row in rows}
    to_come = Counter(row["prompt_base_id"] for row in rows)
    sequences: dict[str, list[int]] = {}
    for row in rows:
        base_id, own_id = row["prompt_base_id"], row["message_id"]
        to_come[base_id] -= 1
        if base_id is None or base_id in own:
            before = _take(sequences, base_id, is_last=not to_come[base_id])
            prompt = None if before is None else _grow(before, row)
        else:  # a salvage has torn them apart
            prompt = _prompt(_chain(connection, own_id))
        yield read_generation(row, tuple(prompt or ()))
        generated = unpack_ids(row["ids"])
        if to_come[own_id] and prompt is not None and generated is not None:
            sequences[own_id] = [*prompt, *generated]


def _take(sequences: dict[str, list[int]], base_id: str | None, *, is_last: bool) -> list[int] | None:
    """What a prompt is built on, to be changed; it is forgotten when nothing more is built on it."""
    if base_id is None:
        return []
    found = sequences.pop(base_id, None) if is_last else sequences.get(base_id)
    return found if found is None or is_last else found.copy()


def cut_off(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Store the prompts of other conversations that build on this one in full; only a salvage makes such."""
    for (message_id,) in connection.execute(BUILT_FROM_OUTSIDE, (conversation_id,)).fetchall():
        prompt = _prompt(_chain(connection, message_id))
        rest = "prompt_rest" if prompt is None else "?"
        connection.execute(
            # Where it cannot be put together, `prompt_shared` stays and says so.
            f"UPDATE generation SET prompt_base_id = NULL, prompt_rest = {rest}"
            f"{'' if prompt is None else ', prompt_shared = 0'} WHERE message_id = ?",
            (message_id,) if prompt is None else (pack_ids(prompt), message_id),
        )


def _choose_base(connection: sqlite3.Connection, message_id: str) -> str | None:
    for query in (NEAREST_ABOVE, LATEST):
        if row := connection.execute(query, (message_id,)).fetchone():
            return str(row["message_id"])
    return None


def _chain(connection: sqlite3.Connection, message_id: str) -> list[sqlite3.Row]:
    """A generation after all those that its prompt is built on, oldest first."""
    return connection.execute(CHAIN, (message_id,)).fetchall()


def _prompt(chain: list[sqlite3.Row]) -> list[int] | None:
    """The prompt of the last of a chain; None when a link is missing or damaged."""
    if chain[0]["prompt_base_id"] is not None:
        return None
    ids: list[int] | None = []
    for before, row in zip([None, *chain], chain, strict=False):
        generated = unpack_ids(before["ids"]) if before else ()
        if ids is None or generated is None:
            return None
        ids += generated
        ids = _grow(ids, row)
    return ids


def _grow(sequence: list[int], row: sqlite3.Row) -> list[int] | None:
    """Make a prompt of the sequence that it is built on, in place; None when damaged."""
    rest, shared = unpack_ids(row["prompt_rest"]), row["prompt_shared"]
    if rest is None or not isinstance(shared, int) or not 0 <= shared <= len(sequence):
        return None
    del sequence[shared:]
    sequence += rest
    return sequence


def _sequence(chain: list[sqlite3.Row]) -> list[int] | None:
    """Prompt and generated ids of the last of a chain; None when damaged."""
    prompt, generated = _prompt(chain), unpack_ids(chain[-1]["ids"])
    return None if prompt is None or generated is None else [*prompt, *generated]


def _count_shared(before: Sequence[int], ids: Sequence[int]) -> int:
    pairs = enumerate(zip(before, ids, strict=False))
    return next((count for count, (old, new) in pairs if old != new), min(len(before), len(ids)))
