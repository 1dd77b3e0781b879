"""A damaged field reads as a placeholder; nothing fails and nothing is overwritten."""

from __future__ import annotations

import gc
import hashlib
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teahouse.errors import StoreError
from teahouse.messages import Part, Timings, Usage
from teahouse.store import Store, migrations, rows
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


# --- any values at once -----------------------------------------------------------------------------

INDEX_TABLES = ("search_entry", "search_text", "search_state", "search_index_data", "search_index_docsize")


def _list_places() -> list[tuple[str, str]]:
    """Every column that a damaged file can spoil."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrations.migrate(connection)
        return [
            (table, row[1])
            for table in (*TABLES, *INDEX_TABLES)
            for row in connection.execute(f"PRAGMA table_info({table})").fetchall()
        ]


PLACES = _list_places()
NUMBERS = st.integers(-(2**63), 2**63 - 1)


@dataclass(frozen=True)
class Long:
    """A value too long to be shown where a test fails."""

    text: str
    times: int


VALUES = (
    st.none()
    | NUMBERS
    | st.floats()
    | st.text()
    | st.binary()
    | st.sampled_from([Long("[", 200_000), Long("x", 2_000_000), '{"a":', "[1, [2]]", "{}", "null", "\0", -1])
)
CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), VALUES, st.booleans()), min_size=1)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two conversations, one of them with a reply that was broken off."""
    file = tmp_path_factory.mktemp("good") / "teahouse.db"
    store = Store(file)
    for title in ("t", "茶"):
        made = store.create_conversation(title=title)
        question = store.add_message(made.id, "user", "tea 茶")
        for _version in range(2):
            reply = store.add_message(made.id, "assistant", "", parent_id=question.id, state="streaming")
            store.append_text(reply.id, "an answer")
            store.finish_message(reply.id, "complete", generation=make_generation(reply.id))
        store.change_conversation(made.id, tags=["a", "b"])
        store.attach(question.id, "a.txt", "text/plain", title.encode(), text="words")
    store.save_prompt("brief", "Be brief.")
    store.trash_conversation(made.id)
    store.add_message(made.id, "assistant", "", state="streaming")
    store.close()
    return file


@pytest.mark.expected_log  # that the index is damaged and will be made again
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_no_values_in_any_columns_fail_a_list_or_an_opening(
    home: Path, good: Path, changes: list[tuple[int, int, object, bool]]
) -> None:
    file = home / "any" / "teahouse.db"
    file.parent.mkdir(exist_ok=True)
    for leftover in file.parent.glob("*.*"):
        leftover.unlink()
    file.write_bytes(good.read_bytes())
    ids = write_anything(file, changes)
    with closing(Store(file)) as store:
        listed = [*store.conversations(), *store.conversations(is_trashed=True)]
        assert len(listed) == 2
        for conversation in listed:
            _allow_missing(store.visible_path, conversation.id)
            _allow_missing(store.whole, conversation.id)
        for message_id in ids:
            for call in (store.message, store.siblings, store.generation):
                _allow_missing(call, message_id)
        assert len(store.prompts()) == 1
        for query in ("tea", "茶", "has:thumb", "in:x", "is:trashed answer"):
            _allow_damaged_index(store, query)
        made = store.create_conversation(title="goes on")
        store.add_message(made.id, "user", "goes on")
        assert len(store.visible_path(made.id)) == 1


def test_a_broken_off_reply_that_is_damaged_keeps_nobody_from_opening(home: Path, good: Path) -> None:
    file = home / "teahouse.db"
    file.write_bytes(good.read_bytes())
    place = PLACES.index(("message", "created_ms"))
    ids = write_anything(file, [(place, row, "not a number", False) for row in range(20)])
    with closing(Store(file)) as store:
        assert {message.created_ms for message in map(store.message, ids)} == {0}
        assert not store.is_read_only and len(store.conversations()) == 1


def write_anything(file: Path, changes: list[tuple[int, int, object, bool]]) -> list[str]:
    """Put values where no table of ours takes them, as damage would; the ids of the messages before."""
    with raw(file) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM message")]
        schema = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
        _set_schema(connection, [(name, _without_rules(sql)) for name, sql in schema])
    with raw(file) as connection:
        for column, row, value, is_text in changes:
            table, name = PLACES[column % len(PLACES)]
            value = value.text * value.times if isinstance(value, Long) else value
            number = (
                f"SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET ? % (SELECT count(*) FROM {table})"
            )
            new = "CAST(? AS TEXT)" if is_text and isinstance(value, bytes) else "?"
            # What is refused still: a second row with the same key, and a key that is no number.
            with suppress(sqlite3.IntegrityError):
                connection.execute(
                    f"UPDATE OR IGNORE {table} SET {name} = {new} WHERE rowid = ({number})", (value, row)
                )
    with raw(file) as connection:
        _set_schema(connection, schema)
    return ids


def _without_rules(sql: str) -> str:
    return sql if sql.startswith("CREATE VIRTUAL") else sql.replace("NOT NULL", "").replace("STRICT", "")


def _set_schema(connection: sqlite3.Connection, schema: list[tuple[str, str]]) -> None:
    connection.execute("PRAGMA writable_schema = ON")
    connection.executemany(
        "UPDATE sqlite_schema SET sql = ? WHERE name = ?", [(sql, name) for name, sql in schema]
    )


def _allow_damaged_index(store: Store, query: str) -> None:
    """Also the index may be damaged: that is said, and it is made again."""
    try:
        store.search(query)
    except StoreError as error:
        assert error.data == {"is_index_damaged": True}


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


# --- a long conversation ----------------------------------------------------------------------------


def test_the_collector_of_cycles_waits_while_messages_are_read_and_then_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = store.create_conversation()
    store.add_message(made.id, "user", "tea")
    seen, collect = [], rows._collect
    monkeypatch.setattr(rows, "_collect", lambda found: seen.append(gc.isenabled()) or collect(found))
    assert [message.text for message in store.visible_path(made.id)] == ["tea"]
    assert seen == [False] and gc.isenabled()
    gc.disable()
    try:
        store.visible_path(made.id)
        assert not gc.isenabled(), "who had it off keeps it off"
    finally:
        gc.enable()
