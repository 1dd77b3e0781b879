"""What each reply stores, with prompts that share what an earlier one stored already.

Every turn sends the whole conversation again. Stored in full, the prompts of a chat would grow with
the square of its length; so each is the shared prefix of an earlier sequence (its prompt and what was
generated after it) and the rest.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from teahouse.errors import StoreError
from teahouse.ids import now_ms
from teahouse.language import _
from teahouse.messages import Generation
from teahouse.store.rows import clean, pack_ids, read_generation, unpack_ids

# The nearest generation up the tree; `number` is explained where messages walk their path.
NEAREST_ABOVE = """
WITH RECURSIVE above AS (
  SELECT id, parent_id, number FROM message WHERE id = ?
  UNION ALL
  SELECT m.id, m.parent_id, m.number FROM above JOIN message AS m
  ON m.id = above.parent_id AND m.number < above.number
)
SELECT message_id FROM generation JOIN above ON above.id = message_id ORDER BY above.number DESC LIMIT 1
"""

LATEST = """
SELECT g.message_id FROM generation AS g JOIN message AS m ON m.id = g.message_id
WHERE m.conversation_id = (SELECT conversation_id FROM message WHERE id = ?) ORDER BY g.number DESC LIMIT 1
"""

# The list of ids is one JSON value: a query takes only so many variables.
MANY = "SELECT * FROM generation WHERE message_id IN (SELECT value FROM json_each(?))"

CHAIN = """
WITH RECURSIVE chain AS (
  SELECT * FROM generation WHERE message_id = ?
  UNION ALL
  SELECT base.* FROM chain JOIN generation AS base
  ON base.message_id = chain.prompt_base_id AND base.number < chain.number
)
SELECT * FROM chain ORDER BY number
"""


def add(connection: sqlite3.Connection, message_id: str, generation: Generation) -> None:
    """Store what happened when a reply was made; StoreError when that is stored already."""
    if generation.message_id != message_id:
        raise ValueError(f"the generation is of {generation.message_id}, not of {message_id}")
    if exists(connection, message_id):
        raise StoreError(_("The reply {id} is stored already.").format(id=message_id), message=message_id)
    base_id = _choose_base(connection, message_id)
    before = _sequence(_chain(connection, base_id)) if base_id else None
    shared = _count_shared(before or (), generation.prompt_ids)
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
    ids: list[int] = []
    for before, row in zip([None, *chain], chain, strict=False):
        generated = unpack_ids(before["ids"]) if before else ()
        rest, shared = unpack_ids(row["prompt_rest"]), row["prompt_shared"]
        if generated is None or rest is None or not isinstance(shared, int):
            return None
        ids += generated
        if not 0 <= shared <= len(ids):
            return None
        del ids[shared:]
        ids += rest
    return ids


def _sequence(chain: list[sqlite3.Row]) -> list[int] | None:
    """Prompt and generated ids of the last of a chain; None when damaged."""
    prompt, generated = _prompt(chain), unpack_ids(chain[-1]["ids"])
    return None if prompt is None or generated is None else [*prompt, *generated]


def _count_shared(before: Sequence[int], ids: Sequence[int]) -> int:
    pairs = enumerate(zip(before, ids, strict=False))
    return next((count for count, (old, new) in pairs if old != new), min(len(before), len(ids)))
