"""The index is in step with the messages, always, and never in their way."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.errors import StoreError
from teahouse.jobs import Cancel
from teahouse.search import functions, index
from teahouse.search.finder import find as find_in
from teahouse.store import Store, migrations
from tests.core.search.conftest import Find
from tests.core.search.corpus import fill
from tests.core.store.samples import raw


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = connect()
    yield connection
    connection.close()


def connect() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    functions.add_to(connection)
    migrations.migrate(connection)
    return connection


def add(connection: sqlite3.Connection, number: int, text: str, *, created_ms: int = 0) -> str:
    """A message in a conversation of its own, not indexed."""
    connection.execute(
        "INSERT INTO conversation (id, title, created_ms, updated_ms) VALUES (?, ?, ?, 0)",
        (f"c{number}", f"title {number}", created_ms),
    )
    connection.execute(
        "INSERT INTO message (id, conversation_id, role, state, created_ms)"
        " VALUES (?, ?, 'user', 'complete', ?)",
        (f"m{number}", f"c{number}", created_ms),
    )
    connection.execute(
        "INSERT INTO part (message_id, position, kind, data) VALUES (?, 0, 'text', ?)", (f"m{number}", text)
    )
    return f"m{number}"


def occurrences(connection: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """Everything the index holds: (word, id of the message or conversation, position)."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.seen USING fts5vocab (main, search_index, instance)"
    )
    rows = connection.execute(
        "SELECT s.term, coalesce(m.id, c.id), s.offset FROM seen AS s"
        " LEFT JOIN search_entry AS e ON e.number = s.doc"
        " LEFT JOIN message AS m ON m.number = e.message_number"
        " LEFT JOIN conversation AS c ON c.number = e.conversation_number"
    )
    return sorted(tuple(row) for row in rows)


# --- through the store --------------------------------------------------------------------------------


def test_titles_and_messages_are_found_at_once_and_changes_too(store: Store, find: Find) -> None:
    conversation = store.create_conversation(title="喝茶 plans")
    assert find("喝茶") == find("plan") == ["喝茶 plans"]
    store.change_conversation(conversation.id, title="咖啡 notes")
    assert find("喝茶") == find("plan") == []
    assert find("咖啡") == ["咖啡 notes"]
    store.add_message(conversation.id, "user", "Which 茶 is best?")
    assert find("茶") == ["Which 茶 is best?"]


def test_a_reply_is_found_when_it_is_finished(store: Store, find: Find) -> None:
    conversation = store.create_conversation(title="x")
    reply = store.add_message(conversation.id, "assistant", "", state="streaming")
    store.append_text(reply.id, "thinking about oolong", kind="reasoning")
    store.append_text(reply.id, "Drink ool")
    store.append_text(reply.id, "ong or 乌龙")
    assert find("drink") == []
    store.finish_message(reply.id, "complete")
    assert find("oolong") == find("龙") == ["Drink oolong or 乌龙"]
    assert find("thinking") == []


def test_names_and_texts_of_attachments_are_found(store: Store, find: Find) -> None:
    conversation = store.create_conversation()
    message = store.add_message(conversation.id, "user", "see this")
    data = {
        "hash": "ab",
        "name": "茶谱.txt",
        "type": "text/plain",
        "size_bytes": 3,
        "text": "龙井 Longjing",
        "tokens": 2,
    }
    store.add_part(message.id, "attachment", json.dumps(data))
    assert find("longjing") == find("茶谱") == find("井") == ["see this"]
    [hit] = store.search("longjing")
    assert hit.snippet == "see this 茶谱.txt 龙井 Longjing"


@pytest.mark.parametrize("data", ["", "[]", "{", '{"name": 1, "text": null}', '"text"', "[" * 100_000])
def test_an_attachment_that_is_damaged_is_no_text(store: Store, find: Find, data: str) -> None:
    message = store.add_message(store.create_conversation().id, "user", "see this")
    store.add_part(message.id, "attachment", data)
    assert find("see") == ["see this", "see this"]  # the message, and the title made of it


def test_what_is_deleted_for_good_is_gone_from_the_file(store: Store, find: Find, home: Path) -> None:
    conversation = store.create_conversation(title="Xylophone")
    store.add_message(conversation.id, "user", "quetzalcoatl 饕餮盛宴")
    kept = store.create_conversation(title="kept")
    store.delete_conversation(conversation.id)
    assert find("xylophone") == find("quetzalcoatl") == find("饕餮") == []
    assert find("kept") == [store.conversation(kept.id).title]
    store.close()
    data = (home / "data" / "teahouse.db").read_bytes()
    for word in ("quetzalcoatl", "xylophon", "饕餮"):
        assert word.encode() not in data


def test_a_message_that_was_not_saved_is_not_found(store: Store, find: Find) -> None:
    conversation = store.create_conversation()
    with pytest.raises(ZeroDivisionError), store._database.writing() as connection:
        connection.execute(
            "INSERT INTO message (id, conversation_id, role, state, created_ms)"
            " VALUES ('m', ?, 'user', 'complete', 0)",
            (conversation.id,),
        )
        connection.execute(
            "INSERT INTO part (message_id, position, kind, data) VALUES ('m', 0, 'text', 'lost')"
        )
        index.index_message(connection, "m")
        assert find_in(connection, "lost")
        raise ZeroDivisionError
    assert find("lost") == []


# --- what was there before ------------------------------------------------------------------------------


def test_older_messages_are_taken_in_batch_by_batch(connection: sqlite3.Connection) -> None:
    for number in range(25):
        add(connection, number, f"text 部署 {number}")
    assert not index.is_complete(connection)
    assert find_in(connection, "部署") == []
    taken = []
    while count := index.index_missing(connection, limit=10):
        taken.append(count)
    assert taken == [10, 10, 5, 10, 10, 5]
    assert index.is_complete(connection)
    assert len(find_in(connection, "部署")) == len(find_in(connection, "title")) == 25
    before = occurrences(connection)
    assert index.index_missing(connection) == 0
    assert occurrences(connection) == before


def test_new_messages_are_found_before_the_older_ones_are_in(connection: sqlite3.Connection) -> None:
    for number in range(5):
        add(connection, number, f"old {number}")
    index.index_message(connection, add(connection, 5, "new"))
    assert [hit.message_id for hit in find_in(connection, "new")] == ["m5"]
    while index.index_missing(connection, limit=2):
        pass
    assert [hit.message_id for hit in find_in(connection, "new")] == ["m5"]
    assert len(find_in(connection, "old")) == 5


def test_other_rules_of_cutting_make_the_index_again(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.index_message(connection, add(connection, 0, "部署"))
    monkeypatch.setattr(index, "RULES", index.RULES + 1)
    assert not index.is_complete(connection)
    index.index_message(connection, add(connection, 1, "容器"))  # must not be told to an index of other rules
    while index.index_missing(connection):
        pass
    assert index.is_complete(connection)
    assert [hit.message_id for hit in find_in(connection, "部署")] == ["m0"]
    assert [hit.message_id for hit in find_in(connection, "容器")] == ["m1"]


def test_the_store_takes_them_in_as_work_that_can_be_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(index.index_missing.__kwdefaults__, "limit", 5)
    conversation = store.create_conversation(title="-")
    for number in range(12):
        store.add_message(conversation.id, "user", f"茶 {number}")
    with store._database.writing() as connection:
        index.start_again(connection)
    assert not store.is_search_complete
    cancel = Cancel()
    work = store.complete_search(cancel)
    assert [next(work), next(work)] == [1, 6]
    cancel.set()
    assert list(work) == []
    assert len(store.search("茶", limit=2000)) == 5
    assert list(store.complete_search(Cancel())) == [5, 7]
    assert store.is_search_complete
    assert len(store.search("茶", limit=2000)) == 12


# --- damage ---------------------------------------------------------------------------------------------


@pytest.mark.expected_log
def test_a_damaged_index_does_not_keep_a_message_from_being_saved(connection: sqlite3.Connection) -> None:
    for number in range(50):
        index.index_message(connection, add(connection, number, f"text {number}"))
    connection.execute("UPDATE search_index_data SET block = x'00112233' WHERE id > 1")
    connection.execute("UPDATE search_index_data SET block = x'ff' WHERE id = 10")
    connection.execute("BEGIN")
    index.index_message(connection, add(connection, 50, "precious"))
    index.forget_message(connection, "m3")
    connection.execute("COMMIT")
    assert connection.execute("SELECT count(*) FROM part WHERE data = 'precious'").fetchone()[0] == 1
    assert not index.is_complete(connection)
    while index.index_missing(connection):
        pass
    assert [hit.message_id for hit in find_in(connection, "precious")] == ["m50"]
    assert len(find_in(connection, "text", limit=100)) == 50


def test_a_search_that_meets_damage_lets_the_index_be_made_again(store: Store, find: Find) -> None:
    store.create_conversation(title="tea")
    list(store.complete_search(Cancel()))
    with store._database.writing() as connection:
        connection.execute("UPDATE search_index_data SET block = x'0011' WHERE id > 10")
    with pytest.raises(StoreError):
        store.search("tea")
    assert not store.is_search_complete
    list(store.complete_search(Cancel()))
    assert find("tea") == ["tea"]


def test_an_entry_whose_text_is_damaged_is_replaced(connection: sqlite3.Connection) -> None:
    index.index_message(connection, add(connection, 0, "green tea"))
    connection.execute("UPDATE search_text SET data = x'00'")
    [hit] = find_in(connection, "green")
    assert (hit.message_id, hit.snippet) == ("m0", "")
    connection.execute("UPDATE part SET data = 'black tea'")
    index.index_message(connection, "m0")
    assert find_in(connection, "green") == []
    assert [hit.snippet for hit in find_in(connection, "black")] == ["black tea"]


def test_an_entry_of_a_message_that_is_lost_is_not_found(connection: sqlite3.Connection) -> None:
    index.index_message(connection, add(connection, 0, "lost"))
    connection.execute("DELETE FROM message")
    assert find_in(connection, "lost") == []


# --- numbers --------------------------------------------------------------------------------------------


def test_entries_lie_in_the_order_of_time_whenever_they_came(connection: sqlite3.Connection) -> None:
    for number, second in enumerate((500, 100, 900, 300)):
        index.index_message(connection, add(connection, number, "字", created_ms=second * 1000))
    rows = connection.execute("SELECT number FROM search_entry ORDER BY message_number").fetchall()
    assert [row[0] for row in rows] == [500, 100, 900, 300]
    assert [hit.message_id for hit in find_in(connection, "字")] == ["m2", "m0", "m3", "m1"]


@pytest.mark.parametrize("created_ms", [0, -5, 2**62, 1_700_000_000_000])
def test_thousands_of_one_moment_have_a_number_each(connection: sqlite3.Connection, created_ms: int) -> None:
    connection.execute("BEGIN")
    for number in range(3000):
        index.index_message(connection, add(connection, number, f"x{number}", created_ms=created_ms))
    numbers = [row[0] for row in connection.execute("SELECT number FROM search_entry")]
    assert len(set(numbers)) == 3000
    assert max(numbers) - min(numbers) < 3000 * 8


# --- everything at once ---------------------------------------------------------------------------------

TEXTS = st.lists(
    st.sampled_from(["部署", "容器", "running", "runs", "tea ", "，", "서울 ", "😀"]), max_size=6
).map("".join)
STEPS = st.tuples(
    st.sampled_from(["message", "change", "title", "forget", "forget all"]), st.integers(0, 4), TEXTS
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_after_any_changes_the_index_is_as_if_made_anew(steps: list[tuple[str, int, str]]) -> None:
    connection = connect()
    for number in range(5):
        add(connection, number, "tea", created_ms=1000)
    while index.index_missing(connection):
        pass
    for step, number, text in steps:
        take(connection, step, number, text)
    kept = occurrences(connection)
    connection.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
    index.wipe_forgotten(connection)
    assert occurrences(connection) == kept
    index.start_again(connection)
    while index.index_missing(connection):
        pass
    assert occurrences(connection) == kept
    connection.close()


def take(connection: sqlite3.Connection, step: str, number: int, text: str) -> None:
    """One change, as the store makes it."""
    if step == "title":
        connection.execute("UPDATE conversation SET title = ? WHERE id = ?", (text, f"c{number}"))
        index.index_title(connection, f"c{number}")
    elif step in ("message", "change"):
        connection.execute("UPDATE part SET data = ? WHERE message_id = ?", (text, f"m{number}"))
        index.index_message(connection, f"m{number}")
    elif step == "forget":
        index.forget_message(connection, f"m{number}")
        connection.execute("DELETE FROM message WHERE id = ?", (f"m{number}",))
    else:
        index.forget_conversation(connection, f"c{number}")
        connection.execute("DELETE FROM message WHERE conversation_id = ?", (f"c{number}",))
        connection.execute("DELETE FROM conversation WHERE id = ?", (f"c{number}",))


def test_the_corpus_is_the_same_each_time(connection: sqlite3.Connection) -> None:
    fill(connection, 300)
    other = connect()
    fill(other, 300)
    assert occurrences(connection) == occurrences(other) != []
    other.close()


@pytest.mark.expected_log
def test_a_damaged_length_in_the_index_does_not_keep_a_message_from_being_saved(
    store: Store, home: Path
) -> None:
    """SQLite asks for the memory that it names, which is no error of the database for Python."""
    made = store.create_conversation(title="tea")
    with raw(home / "data" / "teahouse.db") as connection:
        connection.execute("UPDATE search_index_data SET block = ? WHERE id = 10", ("\x80\x800000\x80\x80",))
    store.close()
    again = Store(home / "data" / "teahouse.db")
    try:
        again.search("tea")
    except StoreError as error:
        assert error.data["is_index_damaged"]
    again.add_message(made.id, "user", "is saved")
    assert [message.text for message in again.visible_path(made.id)] == ["is saved"]
    assert list(again.complete_search(Cancel()))
    assert [hit.snippet for hit in again.search("saved")]
    again.close()
