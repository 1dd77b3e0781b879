"""Conversations of thousands of replies are exported and imported without beginning again for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.messages import Conversation, Message, Part, WholeConversation
from teahouse.store import Store, generations
from tests.core.store.samples import make_generation

REPLIES = 600


def make_long(store: Store) -> WholeConversation:
    """A question and a reply again and again; each prompt is the one before it, and three ids more."""
    ids = [store.create_conversation().id for _number in range(2 * REPLIES)]
    messages, made = [], []
    prompt: tuple[int, ...] = ()
    for number, message_id in enumerate(ids):
        role = "assistant" if number % 2 else "user"
        parent_id = ids[number - 1] if number else None
        message = Message(message_id, ids[0], parent_id, role, "complete", 1, (Part("text", str(number)),))
        messages.append(message)
        if number % 2:
            prompt += (number, number + 1, number + 2)
            made.append(make_generation(message_id, prompt_ids=prompt, ids=(number,)))
            prompt += (number,)
    conversation = Conversation(ids[0], "long", 1, 1, leaf_id=ids[-1])
    return WholeConversation(conversation, tuple(messages), tuple(made))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How often token ids were unpacked."""
    count = [0]
    unpack = generations.unpack_ids

    def count_one(data: object) -> tuple[int, ...] | None:
        count[0] += 1
        return unpack(data)

    monkeypatch.setattr(generations, "unpack_ids", count_one)
    yield count


def test_reading_and_adding_take_as_many_steps_as_there_are_replies(home: Path, counted: list[int]) -> None:
    store, other = Store(home / "a" / "teahouse.db"), Store(home / "b" / "teahouse.db")
    whole = make_long(store)
    added = other.add_whole(whole)
    assert counted[0] <= 4 * REPLIES
    again = other.whole(added.id)
    assert counted[0] <= 8 * REPLIES
    assert [one.prompt_ids for one in again.generations] == [one.prompt_ids for one in whole.generations]
    store.close()
    other.close()


def test_versions_of_a_reply_are_each_put_together_from_what_they_share(store: Store) -> None:
    made = store.create_conversation()
    question = store.add_message(made.id, "user", "q")
    expected = {}
    prompt: tuple[int, ...] = tuple(range(50))
    for version in range(4):
        reply = store.add_message(made.id, "assistant", "", parent_id=question.id, state="streaming")
        generation = make_generation(reply.id, ids=(version, 7), prompt_ids=(*prompt, version))
        store.finish_message(reply.id, "complete", generation=generation)
        expected[reply.id] = generation.prompt_ids
        below = store.add_message(made.id, "user", "more")
        second = store.add_message(made.id, "assistant", "", parent_id=below.id, state="streaming")
        longer = make_generation(second.id, prompt_ids=(*prompt, version, version, 7, 90 + version))
        store.finish_message(second.id, "complete", generation=longer)
        expected[second.id] = longer.prompt_ids
    assert {one.message_id: one.prompt_ids for one in store.whole(made.id).generations} == expected
    for message_id, ids in expected.items():
        kept = store.generation(message_id)
        assert kept is not None and kept.prompt_ids == ids
