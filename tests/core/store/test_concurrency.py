"""Several threads and several processes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from teahouse.store import Store
from tests.core.store.samples import Spawn, raw


def test_threads_write_and_read_at_the_same_time(store: Store) -> None:
    shared = store.create_conversation(title="shared")

    def work(name: int) -> str:
        own = store.create_conversation(title=str(name))
        reply = store.add_message(own.id, "assistant", "", state="streaming")
        for turn in range(20):
            store.append_text(reply.id, f"{turn} ")
            store.add_message(shared.id, "user", f"{name} {turn}")
            assert store.visible_path(shared.id)
            assert len(store.conversations()) >= 2
        store.finish_message(reply.id, "complete")
        return reply.id

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(work, range(8)))
    expected = "".join(f"{turn} " for turn in range(20))
    assert [store.message(reply_id).text for reply_id in replies] == [expected] * 8
    path = store.visible_path(shared.id)
    assert sorted(m.text for m in path) == sorted(f"{name} {turn}" for name in range(8) for turn in range(20))


def test_processes_that_start_at_the_same_moment_make_one_database(file: Path, spawn: Spawn) -> None:
    children = [spawn("write_some", file, str(number), "20") for number in range(4)]
    for child in children:
        assert child.read() == ["ready"]
    for child in children:
        child.go()
    for child in children:
        child.finish()
    store = Store(file)
    found = store.conversations()
    assert sorted(conversation.title for conversation in found) == ["0", "1", "2", "3"]
    for conversation in found:
        texts = [message.text for message in store.visible_path(conversation.id)]
        assert texts == [f"{conversation.title} {turn}" for turn in range(20)]
    store.close()
    with raw(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_reader_sees_one_state_while_another_process_writes(store: Store, file: Path) -> None:
    made = store.create_conversation()
    with store._database.reading() as connection:
        before = connection.execute("SELECT count(*) FROM message").fetchone()[0]
        other = Store(file)
        other.add_message(made.id, "user", "meanwhile")
        other.close()
        assert connection.execute("SELECT count(*) FROM message").fetchone()[0] == before == 0
    assert len(store.visible_path(made.id)) == 1
