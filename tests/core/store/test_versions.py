"""Editing and asking again make siblings; nothing is overwritten."""

from __future__ import annotations

import pytest

from teahouse.store import ROOT, Store
from tests.core.store.samples import make_generation


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    """Two versions of the answer to q1; the conversation went on below the first one."""
    conversation = store.create_conversation()
    q1 = store.add_message(conversation.id, "user", "q1")
    a1 = store.add_message(conversation.id, "assistant", "a1")
    q2 = store.add_message(conversation.id, "user", "q2")
    a2 = store.add_message(conversation.id, "assistant", "a2")
    b1 = store.add_message(conversation.id, "assistant", "b1", parent_id=q1.id)
    return {"conversation": conversation.id, "q1": q1.id, "a1": a1.id, "q2": q2.id, "a2": a2.id, "b1": b1.id}


def shown(store: Store, ids: dict[str, str]) -> list[str]:
    return [message.text for message in store.visible_path(ids["conversation"])]


def test_an_answer_again_is_a_sibling_and_is_shown(store: Store, ids: dict[str, str]) -> None:
    assert shown(store, ids) == ["q1", "b1"]
    assert store.siblings(ids["a1"]) == store.siblings(ids["b1"]) == [ids["a1"], ids["b1"]]
    assert store.siblings(ids["q2"]) == [ids["q2"]]


def test_a_version_is_shown_down_to_its_newest_message(store: Store, ids: dict[str, str]) -> None:
    store.show_version(ids["a1"])
    assert shown(store, ids) == ["q1", "a1", "q2", "a2"]
    edited = store.add_message(ids["conversation"], "user", "q2 edited", parent_id=ids["a1"])
    store.show_version(ids["q2"])
    assert shown(store, ids) == ["q1", "a1", "q2", "a2"]
    store.show_version(ids["a1"])
    assert shown(store, ids) == ["q1", "a1", "q2 edited"]
    assert store.siblings(edited.id) == [ids["q2"], edited.id]
    store.show_version(ids["b1"])
    assert shown(store, ids) == ["q1", "b1"]


def test_showing_a_version_does_not_move_the_conversation_up(store: Store, ids: dict[str, str]) -> None:
    store.create_conversation(title="newer")
    store.show_version(ids["a1"])
    assert store.conversations()[0].title == "newer"


def test_the_first_message_can_be_edited_too(store: Store, ids: dict[str, str]) -> None:
    edited = store.add_message(ids["conversation"], "user", "q1 edited", parent_id=ROOT)
    assert edited.parent_id is None
    assert shown(store, ids) == ["q1 edited"]
    assert store.siblings(ids["q1"]) == [ids["q1"], edited.id]
    other = store.create_conversation()
    store.add_message(other.id, "user", "another root")
    assert store.siblings(ids["q1"]) == [ids["q1"], edited.id]


def test_a_message_goes_below_the_leaf_that_is_shown(store: Store, ids: dict[str, str]) -> None:
    store.show_version(ids["a1"])
    assert store.add_message(ids["conversation"], "user", "q3").parent_id == ids["a2"]


def test_a_path_of_thousands_of_messages_can_be_read_and_deleted(store: Store) -> None:
    conversation = store.create_conversation()
    connection = store._database._connection
    with store._database.writing():
        for number in range(3000):
            connection.execute(
                "INSERT INTO message (id, conversation_id, parent_id, role, state, created_ms)"
                " VALUES (?, ?, ?, 'user', 'complete', 0)",
                (str(number), conversation.id, str(number - 1) if number else None),
            )
    store.change_conversation(conversation.id, leaf_id="2999")
    store.finish_message("2000", "complete", generation=make_generation("2000"))
    store.finish_message("2999", "complete", generation=make_generation("2999"))
    assert [message.id for message in store.visible_path(conversation.id)] == [str(n) for n in range(3000)]
    with store._database.writing():
        connection.execute("DELETE FROM conversation")
    assert connection.execute("SELECT count(*) FROM message").fetchone()[0] == 0
    assert connection.execute("SELECT count(*) FROM generation").fetchone()[0] == 0
