"""Branches: copied, deleted with Undo, begun anew where a reply ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from teahouse.errors import StoreError
from teahouse.messages import File, Part
from teahouse.store import ROOT, Store
from tests.core.store.samples import make_generation


def talk(store: Store, *texts: str) -> tuple[str, list[str]]:
    """A conversation in which person and model take turns, and the ids of its messages."""
    made = store.create_conversation(title="Tea", model="starter", system_prompt="Be brief.")
    ids = []
    for number, text in enumerate(texts):
        if number % 2 == 0:
            ids.append(store.add_message(made.id, "user", text).id)
            continue
        reply = store.add_message(made.id, "assistant", "", state="streaming")
        store.append_text(reply.id, text)
        prompt = tuple(range(10 * number))
        store.finish_message(
            reply.id, "complete", generation=make_generation(reply.id, prompt_ids=prompt, ids=(number, 7))
        )
        ids.append(reply.id)
    return made.id, ids


def texts(store: Store, conversation_id: str) -> list[str]:
    return [message.text for message in store.visible_path(conversation_id)]


def test_a_branch_is_a_copy_of_the_path(store: Store) -> None:
    chat, ids = talk(store, "one", "two", "three", "four")
    store.attach(ids[0], "a.txt", "text/plain", b"leaves", text="leaves")
    store.attach(ids[2], "b.txt", "text/plain", b"later", text="later")
    store.judge_message(ids[1], thumb=1, note="good")
    store.add_message(chat, "assistant", "another two", parent_id=ids[0])
    store.show_version(ids[3])
    before = store.whole(chat)
    branch = store.copy_branch(ids[1])
    assert store.whole(chat) == before
    assert (branch.title, branch.model, branch.system_prompt) == ("Tea (branch)", "starter", "Be brief.")
    assert store.conversations()[0].id == branch.id
    copied = store.whole(branch.id)
    assert texts(store, branch.id) == ["one", "two"]
    assert [m.text for m in copied.messages] == ["one", "two"]
    assert not {m.id for m in copied.messages} & {m.id for m in before.messages}
    assert (copied.messages[1].thumb, copied.messages[1].note) == (1, "good")
    assert list(copied.attachments.values()) == [b"leaves"]
    (made,) = copied.generations
    assert replace(made, message_id=ids[1]) == store.generation(ids[1])
    assert [h.conversation_id for h in store.search("one")[:2]] and len(store.search("one")) == 2
    store.delete_conversation(chat)
    assert store.generation(copied.messages[1].id) == made
    assert store.attachment(next(iter(copied.attachments))) == b"leaves"


def test_what_is_deleted_is_in_the_trash_and_comes_back(store: Store) -> None:
    chat, ids = talk(store, "one", "two", "three", "four", "five")
    before = store.whole(chat)
    taken = store.take_out(ids[2])
    assert texts(store, chat) == ["one", "two"]
    assert taken.count == 3
    (thrown,) = store.conversations(is_trashed=True)
    assert thrown.id == taken.trash_id
    assert thrown.title == "Tea (deleted messages)"
    assert texts(store, thrown.id) == ["three", "four", "five"]
    assert store.generation(ids[3]) == next(g for g in before.generations if g.message_id == ids[3])
    assert [hit.conversation_id for hit in store.search("four is:trashed")] == [thrown.id]
    store.put_back(taken)
    after = store.whole(chat)
    assert after == replace(before, conversation=after.conversation)
    assert texts(store, chat) == ["one", "two", "three", "four", "five"]
    assert store.conversations(is_trashed=True) == []
    assert [hit.conversation_id for hit in store.search("four")] == [chat]


def test_another_version_takes_the_place(store: Store) -> None:
    chat, ids = talk(store, "one", "two")
    other = store.add_message(chat, "assistant", "also two", parent_id=ids[0])
    taken = store.take_out(other.id)
    assert texts(store, chat) == ["one", "two"]
    store.put_back(taken)
    assert texts(store, chat) == ["one", "also two"]
    store.show_version(ids[1])
    taken = store.take_out(other.id)
    assert texts(store, chat) == ["one", "two"]
    assert store.siblings(ids[1]) == [ids[1]]


def test_the_first_message_goes_and_comes_back(store: Store) -> None:
    chat, ids = talk(store, "one", "two")
    taken = store.take_out(ids[0])
    assert texts(store, chat) == []
    new = store.add_message(chat, "user", "begun anew", parent_id=ROOT)
    store.put_back(taken)
    assert texts(store, chat) == ["one", "two"]
    assert store.siblings(new.id) == [ids[0], new.id]


def test_what_was_thrown_away_can_be_brought_back_as_a_conversation(store: Store) -> None:
    chat, ids = talk(store, "one", "two", "three", "four")
    store.change_conversation(chat, settings={"chat.adapters": "tea=0.5"})
    taken = store.take_out(ids[2])
    store.restore_conversation(taken.trash_id)
    assert store.conversation(taken.trash_id).settings == {"chat.adapters": "tea=0.5"}
    store.delete_conversation(chat)
    assert texts(store, taken.trash_id) == ["three", "four"]
    found = store.generation(ids[3])
    assert found is not None
    assert found.prompt_ids == tuple(range(30))
    with pytest.raises(StoreError):
        store.put_back(taken)
    assert texts(store, taken.trash_id) == ["three", "four"]


def test_undo_is_refused_when_the_trash_was_emptied(store: Store) -> None:
    chat, ids = talk(store, "one", "two")
    taken = store.take_out(ids[1])
    store.delete_conversation(taken.trash_id)
    with pytest.raises(StoreError):
        store.put_back(taken)
    assert texts(store, chat) == ["one"]


def test_nothing_is_moved_or_copied_while_a_reply_grows(store: Store) -> None:
    chat, ids = talk(store, "one")
    reply = store.add_message(chat, "assistant", "", state="streaming")
    for act in (store.take_out, store.copy_branch):
        with pytest.raises(StoreError, match="still being written"):
            act(ids[0] if act == store.take_out else reply.id)
    assert len(store.conversations()) == 1
    assert store.conversations(is_trashed=True) == []


def test_a_version_that_begins_with_the_same_words(store: Store) -> None:
    chat, ids = talk(store, "one")
    old = store.add_message(chat, "assistant", "", state="streaming")
    store.append_text(old.id, "hm", "reasoning")
    store.append_text(old.id, "The begin")
    store.finish_message(old.id, "stopped", error=("No.", ""))
    new = store.begin_version(old.id)
    assert new.state == "streaming"
    assert new.parent_id == ids[0]
    assert new.parts == (Part("reasoning", "hm"), Part("text", "The begin"))
    store.append_text(new.id, "ning.")
    store.finish_message(new.id, "complete")
    assert store.message(new.id).text == "The beginning."
    assert store.message(old.id).text == "The begin"
    assert store.siblings(old.id) == [old.id, new.id]
    assert texts(store, chat) == ["one", "The beginning."]


def test_files_of_deleted_messages_go_with_them_only_in_the_end(store: Store) -> None:
    chat = store.create_conversation().id
    asked, _reply = store.add_turn(chat, "look", files=[File("a.txt", "text/plain", b"a", "a")])
    assert asked is not None
    store.finish_message(_reply.id, "complete")
    digest = next(iter(store.whole(chat).attachments))
    taken = store.take_out(asked.id)
    assert store.attachment(digest) == b"a"
    store.put_back(taken)
    assert store.attachment(digest) == b"a"
    taken = store.take_out(asked.id)
    store.delete_conversation(taken.trash_id)
    with pytest.raises(StoreError):
        store.attachment(digest)
