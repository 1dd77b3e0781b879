"""What was said, as the context takes it."""

from __future__ import annotations

import pytest

from teahouse.chat.history import Entry, read_history
from teahouse.messages import Message
from teahouse.store import Store
from tests.core.store.samples import make_generation


@pytest.fixture
def store(home: object, tmp_path: object) -> Store:
    from teahouse.paths import default_paths

    return Store(default_paths().database)


def answered(store: Store, text: str, *, reasoning: str = "", ids: tuple[int, ...] = (1, 2)) -> Message:
    conversation = store.create_conversation()
    _question, reply = store.add_turn(conversation.id, "Is oolong green?")
    if reasoning:
        store.append_text(reply.id, reasoning, "reasoning")
    if text:
        store.append_text(reply.id, text)
    done = make_generation(reply.id, ids=ids, model_hash="own")
    store.finish_message(reply.id, "complete", generation=done)
    return store.message(reply.id)


def test_a_reply_carries_the_ids_that_were_generated_for_it(store: Store) -> None:
    reply = answered(store, "It lies between.")
    question, entry = read_history(store, store.visible_path(reply.conversation_id))
    assert question == Entry("user", "Is oolong green?", question.id)
    assert (entry.content, entry.ids, entry.model_hash) == ("It lies between.", (1, 2), "own")
    assert entry.as_json("own") == {"role": "assistant", "content": "It lies between.", "ids": [1, 2]}
    store.close()


@pytest.mark.parametrize("asked", ["another", ""])
def test_another_model_gets_the_text_alone(store: Store, asked: str) -> None:
    reply = answered(store, "It lies between.")
    entry = read_history(store, [reply])[0]
    assert entry.as_json(asked) == {"role": "assistant", "content": "It lies between."}
    assert Entry("assistant", "x", ids=(1,)).as_json("") == {"role": "assistant", "content": "x"}
    store.close()


def test_reasoning_goes_beside_the_text(store: Store) -> None:
    reply = answered(store, "Green.", reasoning="Oolong, well …")
    message = read_history(store, [reply])[0].as_json("another")
    assert message == {"role": "assistant", "content": "Green.", "reasoning_content": "Oolong, well …"}
    store.close()


def test_a_message_of_reasoning_alone_is_a_message_and_an_empty_one_is_none(store: Store) -> None:
    thought, empty = answered(store, "", reasoning="Oolong, well …"), answered(store, "")
    [entry] = read_history(store, [thought, empty])
    assert (entry.id, entry.content) == (thought.id, "")
    store.close()


def test_pins_summaries_and_trust(store: Store) -> None:
    reply = answered(store, "Green.")
    store.pin_message(reply.id, True)
    store.add_part(reply.id, "summary", "They spoke of tea.", source="m", is_trusted=False)
    store.add_part(reply.id, "context", "{}")
    [entry] = read_history(store, [store.message(reply.id)])
    assert (entry.is_pinned, entry.summary, entry.is_trusted) == (True, "They spoke of tea.", False)
    assert entry.content == "Green."
    store.close()
