"""Whole conversations go out and come in with nothing lost; half of one never comes in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from teahouse.ids import is_id
from teahouse.messages import Conversation, Message, Part, WholeConversation
from teahouse.store import ROOT, Store
from tests.core.store.samples import make_generation, raw


@pytest.fixture
def whole(store: Store) -> WholeConversation:
    """A tree with a value in every field."""
    made = store.create_conversation(title="茶", model="starter", system_prompt="Be brief.")
    question = store.add_message(made.id, "user", "q\0 😀")
    store.attach(question.id, "a.txt", "text/plain", b"tea", text="tea", tokens=1)
    replies = []
    for number, text in enumerate("ab"):
        reply = store.add_message(made.id, "assistant", "", parent_id=question.id, state="streaming")
        store.append_text(reply.id, "hm", "reasoning")
        store.append_text(reply.id, text)
        ids = tuple(range(number * 5, 40))
        store.finish_message(
            reply.id, "stopped", generation=make_generation(reply.id, prompt_ids=ids), error=("oh", "so")
        )
        replies.append(reply.id)
    store.rank_messages(replies)
    store.judge_message(replies[0], thumb=-1, note="no")
    store.pin_message(replies[1], True)
    store.add_part(replies[1], "context", json.dumps({"not_sent": [question.id], "context": 3}))
    store.add_message(made.id, "user", "edited", parent_id=ROOT)
    store.show_version(replies[0])
    store.change_conversation(
        made.id,
        folder="work",
        tags=["b", "a"],
        settings={"x": [1]},
        draft="d",
        is_pinned=True,
        is_archived=True,
    )
    store.trash_conversation(made.id)
    return store.whole(made.id)


def test_a_whole_conversation_has_all_of_it(whole: WholeConversation) -> None:
    assert [message.text for message in whole.messages] == ["q\0 😀", "a", "b", "edited"]
    assert [len(generation.prompt_ids) for generation in whole.generations] == [40, 35]
    assert whole.attachments == {hashlib.sha256(b"tea").hexdigest(): b"tea"}
    assert whole.conversation.tags == ("a", "b") and whole.conversation.trashed_ms


def test_it_comes_into_another_store_as_it_was(whole: WholeConversation, tmp_path: Path) -> None:
    other = Store(tmp_path / "other.db")
    assert other.add_whole(whole) == whole.conversation
    assert other.whole(whole.conversation.id) == whole
    other.close()


def test_beside_itself_it_has_ids_of_its_own_throughout(store: Store, whole: WholeConversation) -> None:
    copy = store.whole(store.add_whole(whole).id)
    old = {whole.conversation.id, *(message.id for message in whole.messages)}
    new = {copy.conversation.id, *(message.id for message in copy.messages)}
    assert not old & new and all(map(is_id, new))
    assert [message.parts[0] for message in copy.messages] == [message.parts[0] for message in whole.messages]
    question, first, second, edited = copy.messages
    assert [m.parent_id for m in copy.messages] == [None, question.id, question.id, None]
    assert json.loads(second.parts[-1].data) == {"not_sent": [question.id], "context": 3}
    assert copy.conversation.leaf_id == first.id and edited.id in new
    assert [generation.message_id for generation in copy.generations] == [first.id, second.id]
    assert [g.prompt_ids for g in copy.generations] == [g.prompt_ids for g in whole.generations]
    assert store.whole(whole.conversation.id) == whole


def test_ids_and_states_of_strangers_are_made_ours(store: Store, file: Path) -> None:
    strange = WholeConversation(
        Conversation("../x", "t\ud800", 1, 2, leaf_id="nobody"),
        (
            Message("1", "../x", "missing", "user", "complete", 5, (Part("text", "q", is_trusted=False),)),
            Message("2", "../x", "1", "assistant", "streaming", 6, (Part("attachment", "not json"),)),
        ),
        (make_generation("missing"), make_generation("2"), make_generation("2")),
        {"claimed": b"carried by nobody"},
    )
    made = store.add_whole(strange)
    question, reply = store.visible_path(made.id)
    assert is_id(made.id) and made.title == "t\ufffd" and (made.created_ms, made.updated_ms) == (1, 2)
    assert (question.parent_id, reply.parent_id, reply.state) == (None, question.id, "partial")
    assert not question.parts[0].is_trusted and store.generation(reply.id) is not None
    with raw(file) as connection:
        assert connection.execute("SELECT count(*) FROM attachment").fetchone() == (0,)


def test_an_empty_one_comes_in_too(store: Store) -> None:
    made = store.add_whole(WholeConversation(Conversation("c", "empty", 1, 1)))
    assert store.visible_path(made.id) == [] and made.leaf_id is None


def test_one_that_fails_in_the_middle_leaves_nothing(store: Store, whole: WholeConversation) -> None:
    before = store.conversations(), store.conversations(is_trashed=True)
    broken = replace(whole.messages[-1], created_ms="not a number")  # type: ignore[arg-type]
    with pytest.raises(Exception, match="cannot store TEXT"):
        store.add_whole(replace(whole, messages=(*whole.messages[:-1], broken)))
    assert (store.conversations(), store.conversations(is_trashed=True)) == before
