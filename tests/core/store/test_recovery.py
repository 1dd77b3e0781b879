"""Replies whose process died are called partial; those of a living one are left alone."""

from __future__ import annotations

from pathlib import Path

from teahouse.store import Store
from teahouse.store.writers import Writer
from tests.core.store.samples import Spawn


def locks(file: Path) -> int:
    return len(list((file.parent / "writers").glob("*")))


def test_a_reply_of_a_living_process_is_left_alone_and_of_a_dead_one_is_partial(
    file: Path, spawn: Spawn
) -> None:
    child = spawn("stream", file)
    reply_id = child.read()[0]
    store = Store(file)
    assert store.message(reply_id).state == "streaming"
    assert locks(file) == 2
    store.close()
    child.kill()
    assert locks(file) == 1
    again = Store(file)
    assert (again.message(reply_id).state, again.message(reply_id).text) == ("partial", "half an ans")
    assert locks(file) == 1
    again.close()
    assert locks(file) == 0


def test_a_living_process_goes_on_after_another_opened_the_file(file: Path, spawn: Spawn) -> None:
    child = spawn("stream", file)
    reply_id = child.read()[0]
    store = Store(file)
    child.go()
    child.finish()
    assert (store.message(reply_id).state, store.message(reply_id).text) == ("complete", "half an answer")
    assert locks(file) == 1
    store.close()


def test_two_stores_of_one_process_tell_each_other_alive(store: Store, file: Path) -> None:
    made = store.create_conversation()
    reply = store.add_message(made.id, "assistant", "", state="streaming")
    Store(file).close()
    store.append_text(reply.id, "still here")
    assert store.message(reply.id).state == "streaming"


def test_a_store_that_closed_in_the_middle_of_a_reply_left_a_partial_one(store: Store, file: Path) -> None:
    made = store.create_conversation()
    reply = store.add_message(made.id, "assistant", "", state="streaming")
    done = store.add_message(made.id, "assistant", "done")
    store.append_text(reply.id, "half")
    store.close()
    store.close()
    again = Store(file)
    assert (again.message(reply.id).state, again.message(reply.id).text) == ("partial", "half")
    assert again.message(done.id).state == "complete"
    # A writer taken for dead by mistake loses nothing.
    again.append_text(reply.id, " more")
    assert again.message(reply.id).text == "half more"
    again.close()


def test_lock_files_of_dead_writers_are_removed_and_others_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "writers"
    folder.mkdir()
    (folder / "dead.lock").touch()
    (folder / "notes.txt").touch()
    first, second = Writer(folder), Writer(folder)
    assert first.find_live() == second.find_live() == {first.id, second.id}
    second.close()
    assert first.find_live() == {first.id}
    first.close()
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]
