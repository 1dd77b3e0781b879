"""A damaged field reads as a placeholder; nothing fails and nothing is overwritten."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import StoreError
from teahouse.messages import Part, Timings, Usage
from teahouse.store import Store
from teahouse.store.rows import UNREADABLE, pack_ids, unpack_ids
from tests.core.store.samples import make_generation, raw

BAD = ["NULL", "CAST(x'ff41fe' AS TEXT)", "x'00ff'", "-1", "1e300", "9223372036854775807", "''", "'{\"a\":'",
       "'[1, [2]]'", "printf('%.*c', 300000, '[')"]  # fmt: skip
TABLES = ("conversation", "message", "part", "generation", "tag", "prompt", "attachment", "attached")


@pytest.fixture
def damageable(file: Path) -> Path:
    """A database with a conversation of two turns, whose columns take any value."""
    store = Store(file)
    made = store.create_conversation(title="t")
    for text in ("q1", "a1", "q2", "a2"):
        role = "user" if text.startswith("q") else "assistant"
        message = store.add_message(made.id, role, text, state="streaming")  # type: ignore[arg-type]
        store.finish_message(message.id, "complete", generation=make_generation(message.id))
    store.change_conversation(made.id, tags=["a", "b"])
    store.save_prompt("brief", "Be brief.")
    store.attach(store.visible_path(made.id)[0].id, "a.txt", "text/plain", b"words", text="words")
    store.close()
    with raw(file) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(replace(sql, 'NOT NULL', ''), 'STRICT', '')"
            " WHERE type = 'table'"
        )
    return file


def damage(file: Path, statement: str) -> None:
    with raw(file) as connection:
        connection.execute(statement)


def columns(file: Path) -> list[tuple[str, str]]:
    with raw(file) as connection:
        return [
            (table, row[1])
            for table in TABLES
            for row in connection.execute(f"PRAGMA table_info({table})")
            if row[1] != "number"
        ]


def read_everything(store: Store, message_ids: list[str]) -> None:
    for conversation in [*store.conversations(), *store.conversations(is_trashed=True)]:
        _allow_missing(store.visible_path, conversation.id)
        _allow_missing(store.whole, conversation.id)
    assert len(store.prompts()) == 1
    _allow_missing(store.attachment, hashlib.sha256(b"words").hexdigest())
    for message_id in message_ids:
        for call in (store.message, store.siblings, store.generation):
            _allow_missing(call, message_id)
    store.generations(message_ids)
    store.siblings_of(message_ids)


def _allow_missing(call: Any, row_id: str) -> None:
    """An id that is damaged itself cannot be found; that is said, and is all that may be said."""
    try:
        call(row_id)
    except StoreError as error:
        assert "not there" in error.text


def test_no_value_in_any_column_fails_a_list(damageable: Path) -> None:
    with raw(damageable) as connection:
        message_ids = [row[0] for row in connection.execute("SELECT id FROM message")]
    cases = 0
    for table, column in columns(damageable):
        newest = f"rowid = (SELECT max(rowid) FROM {table})"
        for bad in BAD:
            with raw(damageable) as connection:
                old = connection.execute(f"SELECT {column} FROM {table} WHERE {newest}").fetchone()[0]
                connection.execute(f"UPDATE {table} SET {column} = {bad} WHERE {newest}")
                store = Store(damageable)
                read_everything(store, message_ids)
                assert len(store.conversations()) + len(store.conversations(is_trashed=True)) == 1
                store.close()
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {newest}", (old,))
                cases += 1
    assert cases > 500


def test_placeholders_stand_for_what_is_damaged_and_the_rest_stays(damageable: Path) -> None:
    damage(damageable, "UPDATE part SET data = NULL WHERE rowid = 1")
    damage(damageable, "UPDATE part SET data = CAST(x'4100ff42' AS TEXT), is_trusted = 'yes' WHERE rowid = 2")
    damage(damageable, "UPDATE message SET role = 'robot', state = NULL, is_pinned = 'x' WHERE number = 3")
    damage(damageable, "UPDATE part SET kind = NULL WHERE rowid = 4")
    damage(damageable, "UPDATE conversation SET settings = '[', title = NULL, updated_ms = 'x'")
    store = Store(damageable)
    conversation = store.conversations()[0]
    assert (conversation.settings, conversation.title, conversation.updated_ms) == ({}, "", 0)
    path = store.visible_path(conversation.id)
    assert [message.text for message in path] == [UNREADABLE, "A\0\ufffdB", "q2", ""]
    assert [message.role for message in path] == ["user", "assistant", "assistant", "assistant"]
    assert [message.state for message in path] == ["complete", "complete", "partial", "complete"]
    assert [message.parts[0].is_trusted for message in path] == [True, False, True, True]
    assert path[3].parts == (Part("unknown", "a2"),)
    store.close()
    with raw(damageable) as connection:
        assert connection.execute("SELECT role, is_pinned FROM message WHERE number = 3").fetchone() == (
            "robot",
            "x",
        )


def test_a_damaged_generation_keeps_its_sound_fields(damageable: Path) -> None:
    with raw(damageable) as connection:
        message_id = connection.execute("SELECT id FROM message WHERE number = 2").fetchone()[0]
    damage(
        damageable,
        'UPDATE generation SET usage = \'{"prompt_tokens": 7, "cached_tokens": "x"}\', timings = \'3\', '
        'adapters = \'[["a", 1], 5, ["b", "c"]]\', finish_reason = \'gone\', '
        "sampling = NULL WHERE number = 2",
    )
    store = Store(damageable)
    kept = store.generation(message_id)
    assert kept is not None
    assert (kept.usage, kept.timings, kept.adapters) == (Usage(7), Timings(), (("a", 1),))
    assert (kept.finish_reason, kept.sampling, kept.ids) == ("error", {}, (1, 2, 3))
    store.close()


def test_a_cycle_of_parents_ends(damageable: Path) -> None:
    damage(
        damageable,
        "UPDATE message SET parent_id = (SELECT id FROM message WHERE number = 4) WHERE number = 2",
    )
    store = Store(damageable)
    conversation = store.conversations()[0]
    assert [message.text for message in store.visible_path(conversation.id)] == ["a1", "q2", "a2"]
    store.show_version(str(conversation.leaf_id))
    store.close()


def test_a_leaf_that_leads_nowhere_shows_the_newest_message_and_the_chat_goes_on(damageable: Path) -> None:
    damage(damageable, "UPDATE conversation SET leaf_id = 'gone'")
    store = Store(damageable)
    conversation = store.conversations()[0]
    assert [message.text for message in store.visible_path(conversation.id)] == ["q1", "a1", "q2", "a2"]
    store.add_message(conversation.id, "user", "q3")
    assert [message.text for message in store.visible_path(conversation.id)] == ["q1", "a1", "q2", "a2", "q3"]
    store.close()


@pytest.mark.parametrize("data", [None, "text", b"", b"\x00", pack_ids((1, 2, 3))[:-3], 5])
def test_damaged_ids_are_known_as_such(data: object) -> None:
    assert unpack_ids(data) is None


def test_ids_are_packed_small_and_in_one_byte_order() -> None:
    import zlib

    assert zlib.decompress(pack_ids((1, -1, 2**31 - 1))) == bytes.fromhex("01000000 ffffffff ffffff7f")
    assert len(pack_ids(range(1000))) < 2000
