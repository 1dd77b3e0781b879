"""What opening the store sets right after a crash or power loss."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from teahouse.search import index
from teahouse.store.writers import Writer


def recover(connection: sqlite3.Connection, writer: Writer) -> None:
    """Call replies `partial` whose writer is dead; their text stays. Runs in a writing transaction."""
    rows = connection.execute("SELECT DISTINCT writer_id FROM message WHERE state = 'streaming'").fetchall()
    # Looked up after the query: who has written a row of it had its lock before.
    live = writer.find_live()
    for writer_id in {row["writer_id"] for row in rows} - live:
        dead = connection.execute(
            "SELECT id FROM message WHERE state = 'streaming' AND writer_id IS ?", (writer_id,)
        ).fetchall()
        for message in dead:
            # A row of which another field is damaged takes no change; it keeps no other from opening.
            with suppress(sqlite3.IntegrityError):
                connection.execute(
                    "UPDATE message SET state = 'partial', writer_id = NULL WHERE id = ?", (message["id"],)
                )
            index.index_message(connection, message["id"])
