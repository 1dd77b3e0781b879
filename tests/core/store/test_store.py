"""What the store promises: what was saved is there, as it was, in its order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from teahouse.errors import StoreError
from teahouse.messages import Part
from teahouse.store import Store
from teahouse.store.conversations import make_title
from tests.core.store.samples import make_generation, raw

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def test_a_new_conversation_has_what_it_was_given(store: Store) -> None:
    made = store.create_conversation(title="茶", model="starter", system_prompt="Be brief.")
    assert store.conversation(made.id) == made
    assert (made.title, made.model, made.system_prompt) == ("茶", "starter", "Be brief.")
    assert (made.leaf_id, made.folder, made.settings, made.draft) == (None, "", {}, "")
    assert made.updated_ms >= made.created_ms > 1_700_000_000_000
    assert store.visible_path(made.id) == []


def test_everything_is_there_after_reopening(store: Store, file: Path) -> None:
    made = store.create_conversation()
    user = store.add_message(made.id, "user", "Is oolong green?")
    reply = store.add_message(made.id, "assistant", "", state="streaming")
    store.append_text(reply.id, "It lies ")
    store.append_text(reply.id, "between.")
    store.finish_message(reply.id, "complete")
    before = store.conversations()
    store.close()
    again = Store(file)
    assert again.conversations() == before
    path = again.visible_path(made.id)
    assert [message.text for message in path] == ["Is oolong green?", "It lies between."]
    assert [message.id for message in path] == [user.id, reply.id]
    assert [message.parent_id for message in path] == [None, user.id]
    assert [message.state for message in path] == ["complete", "complete"]
    assert path[1].parts == (Part("text", "It lies between."),)
    again.close()


def test_the_last_changed_conversation_comes_first(store: Store) -> None:
    first, second, third = (store.create_conversation(title=name) for name in "abc")
    assert [c.title for c in store.conversations()] == ["c", "b", "a"]
    reply = store.add_message(second.id, "assistant", "", state="streaming")
    store.add_message(first.id, "user", "hello")
    assert [c.title for c in store.conversations()] == ["a", "b", "c"]
    store.finish_message(reply.id, "complete")
    store.change_conversation(third.id, title="c2", draft="half")
    assert [c.title for c in store.conversations()] == ["b", "a", "c2"]


def test_fields_are_changed_and_others_stay(store: Store) -> None:
    made = store.create_conversation(title="a", model="m")
    message = store.add_message(made.id, "user", "x")
    changed = store.change_conversation(
        made.id, folder="work", settings={"b": 1, "a": [2.5, None, "茶"]}, draft="not sent", leaf_id=None
    )
    assert changed == store.conversation(made.id)
    assert (changed.title, changed.model, changed.folder) == ("a", "m", "work")
    assert list(changed.settings.items()) == [("b", 1), ("a", [2.5, None, "茶"])]
    assert changed.draft == "not sent" and changed.leaf_id is None
    assert store.change_conversation(made.id, leaf_id=message.id).leaf_id == message.id


def test_a_field_that_is_not_one_is_a_mistake_of_the_program(store: Store) -> None:
    made = store.create_conversation()
    with pytest.raises(TypeError, match="created_ms"):
        store.change_conversation(made.id, created_ms=0)


@pytest.mark.parametrize(
    "call",
    [
        lambda store, _: store.conversation("no"),
        lambda store, _: store.visible_path("no"),
        lambda store, _: store.change_conversation("no", title="x"),
        lambda store, _: store.add_message("no", "user", "x"),
        lambda store, own: store.add_message(own, "user", "x", parent_id="no"),
        lambda store, own: store.change_conversation(own, leaf_id="no"),
        lambda store, _: store.message("no"),
        lambda store, _: store.append_text("no", "x"),
        lambda store, _: store.finish_message("no", "complete"),
        lambda store, _: store.siblings("no"),
        lambda store, _: store.show_version("no"),
    ],
)
def test_what_is_missing_is_said(store: Store, call) -> None:  # type: ignore[no-untyped-def]
    own = store.create_conversation().id
    with pytest.raises(StoreError) as caught:
        call(store, own)
    assert "no" in caught.value.text and "no" in caught.value.data.values()
    assert store.conversation(own).leaf_id is None


def test_a_message_of_another_conversation_is_no_parent_and_no_leaf(store: Store) -> None:
    own, other = store.create_conversation(), store.create_conversation()
    foreign = store.add_message(other.id, "user", "x")
    with pytest.raises(StoreError):
        store.add_message(own.id, "user", "y", parent_id=foreign.id)
    with pytest.raises(StoreError):
        store.change_conversation(own.id, leaf_id=foreign.id)
    assert store.visible_path(own.id) == []


def test_a_finished_message_does_not_grow(store: Store) -> None:
    made = store.create_conversation()
    user = store.add_message(made.id, "user", "x")
    with pytest.raises(StoreError, match="finished"):
        store.append_text(user.id, "y")
    assert store.message(user.id).text == "x"


@pytest.mark.parametrize("state", ["complete", "stopped", "failed", "partial"])
def test_a_reply_ends_in_its_state(store: Store, state) -> None:  # type: ignore[no-untyped-def]
    made = store.create_conversation()
    reply = store.add_message(made.id, "assistant", "", state="streaming")
    assert reply.state == "streaming"
    store.finish_message(reply.id, state)
    assert store.message(reply.id).state == state


def test_the_words_of_an_error_are_kept_beside_the_text(store: Store) -> None:
    made = store.create_conversation()
    reply = store.add_message(made.id, "assistant", "", state="streaming")
    store.append_text(reply.id, "half")
    store.finish_message(reply.id, "failed", error=("The engine stopped.", "Ask again."))
    kept = store.message(reply.id)
    assert kept.parts == (Part("text", "half"), Part("error", "The engine stopped.\nAsk again."))
    assert kept.text == "half"


@pytest.mark.parametrize(("role", "state"), [("robot", "complete"), ("user", "done")])
def test_unknown_roles_and_states_are_mistakes_of_the_program(store: Store, role, state) -> None:  # type: ignore[no-untyped-def]
    made = store.create_conversation()
    with pytest.raises(ValueError, match=f"{role}.*{state}"):
        store.add_message(made.id, role, "x", state=state)
    message = store.add_message(made.id, "user", "x")
    with pytest.raises(ValueError, match="streaming"):
        store.finish_message(message.id, "streaming")
    assert len(store.visible_path(made.id)) == 1


# --- titles ---------------------------------------------------------------------------------------


def test_the_first_question_names_a_conversation_without_title(store: Store) -> None:
    made = store.create_conversation()
    store.add_message(made.id, "system", "Be brief.")
    store.add_message(made.id, "user", "\n  Which   tea\tis green? \nAnd why?")
    store.add_message(made.id, "user", "Something else")
    assert store.conversation(made.id).title == "Which tea is green?"


def test_a_title_that_was_given_stays(store: Store) -> None:
    made = store.create_conversation(title="mine")
    store.add_message(made.id, "user", "question")
    assert store.conversation(made.id).title == "mine"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("茶" * 60, "茶" * 60),
        ("茶" * 61, "茶" * 59 + "…"),
        ("a" * 58 + " bcd", "a" * 58 + "…"),
        (" \n\t", ""),
    ],
)
def test_a_title_is_one_short_line(text: str, title: str) -> None:
    assert make_title(text) == title


# --- text -----------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=TEXT, more=TEXT)
@example(text="a\0b", more="\0c")
@example(text="\r\n\u2028", more="\ufeff\U0010ffff")
def test_every_text_comes_back_as_it_was(store: Store, text: str, more: str) -> None:
    made = store.create_conversation(title="t", system_prompt=text)
    message = store.add_message(made.id, "assistant", text, state="streaming")
    store.append_text(message.id, more)
    store.change_conversation(made.id, draft=more, settings={"text": text})
    assert store.message(message.id).text == text + more
    kept = store.conversation(made.id)
    assert (kept.system_prompt, kept.draft, kept.settings) == (text, more, {"text": text})


def test_lone_surrogates_become_replacement_characters_and_pairs_their_character(store: Store) -> None:
    made = store.create_conversation(title="a\ud800b")
    message = store.add_message(made.id, "user", "x\udc80y \ud83d\ude00")
    assert store.conversation(made.id).title == "a\ufffdb"
    assert store.message(message.id).text == "x\ufffdy 😀"


def test_a_text_of_megabytes_comes_back(store: Store) -> None:
    made = store.create_conversation()
    text = "茶 tea\n" * 500_000
    assert store.message(store.add_message(made.id, "user", text).id).text == text


def test_what_was_saved_is_on_disk_before_the_call_returns(store: Store, file: Path) -> None:
    made = store.create_conversation()
    message = store.add_message(made.id, "user", "x")
    with raw(file) as other:
        assert other.execute("SELECT data FROM part WHERE message_id = ?", (message.id,)).fetchall() == [
            ("x",)
        ]
    settings = {
        name: store._database._connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


# --- turns, parts, pins ---------------------------------------------------------------------------


def test_a_turn_is_a_question_and_the_reply_below_it(store: Store) -> None:
    made = store.create_conversation()
    question, reply = store.add_turn(made.id, "Is oolong green?")
    assert question is not None
    assert (question.text, question.state, question.parent_id) == ("Is oolong green?", "complete", None)
    assert (reply.state, reply.parent_id, reply.parts) == ("streaming", question.id, ())
    assert store.conversation(made.id).leaf_id == reply.id
    assert store.conversation(made.id).title == "Is oolong green?"


def test_a_turn_without_a_question_is_another_version_of_the_reply(store: Store) -> None:
    made = store.create_conversation()
    question, reply = store.add_turn(made.id, "Is oolong green?")
    assert question is not None
    nothing, again = store.add_turn(made.id, None, parent_id=question.id)
    assert nothing is None
    assert store.siblings(again.id) == [reply.id, again.id]


def test_reasoning_and_text_grow_in_parts_of_their_own(store: Store, file: Path) -> None:
    _question, reply = store.add_turn(store.create_conversation().id, "?")
    for kind, text in (("reasoning", "we"), ("reasoning", "ll"), ("text", "Gre"), ("text", "en.")):
        store.append_text(reply.id, text, kind)  # type: ignore[arg-type]
    store.finish_message(reply.id, "complete")
    store.close()
    again = Store(file)
    kept = again.message(reply.id)
    assert kept.parts == (Part("reasoning", "well"), Part("text", "Green."))
    assert kept.text == "Green."
    again.close()


def test_parts_are_added_with_their_source_and_trust(store: Store) -> None:
    message = store.add_message(store.create_conversation().id, "user", "x")
    store.add_part(message.id, "passage", "from a page", source="page.html", is_trusted=False)
    store.add_part(message.id, "passage", "another")
    added = store.message(message.id).parts[1:]
    assert added == (Part("passage", "from a page", "page.html", False), Part("passage", "another"))


@pytest.mark.parametrize("kind", ["context", "summary"])
def test_a_message_has_one_context_and_one_summary(store: Store, kind: str) -> None:
    message = store.add_message(store.create_conversation().id, "assistant", "x")
    for data in ("old", "new"):
        store.add_part(message.id, kind, data)
    assert store.message(message.id).parts == (Part("text", "x"), Part(kind, "new"))


def test_a_message_is_pinned_and_let_go(store: Store, file: Path) -> None:
    made = store.create_conversation()
    message = store.add_message(made.id, "user", "x")
    before = store.conversation(made.id)
    store.pin_message(message.id, True)
    assert store.message(message.id).is_pinned is True
    assert store.conversation(made.id) == before
    store.pin_message(message.id, False)
    assert store.message(message.id).is_pinned is False


@pytest.mark.parametrize(
    "call",
    [
        lambda store: store.add_turn("no", "x"),
        lambda store: store.add_part("no", "summary", "x"),
        lambda store: store.pin_message("no", True),
    ],
)
def test_what_is_not_there_gets_no_part_and_no_pin(store: Store, call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StoreError, match="no"):
        call(store)


def test_many_generations_and_versions_are_read_at_once(store: Store) -> None:
    made = store.create_conversation()
    ids: list[str] = []
    for number in range(3):
        _question, reply = store.add_turn(made.id, f"question {number}")
        done = make_generation(reply.id, ids=(number, 7))
        store.finish_message(reply.id, "complete", generation=done)
        ids.append(reply.id)
    question = store.message(ids[0]).parent_id
    _nothing, version = store.add_turn(made.id, None, parent_id=question)
    found = store.generations([*ids, version.id, "no"])
    assert set(found) == set(ids)
    for number, message_id in enumerate(ids):
        one = store.generation(message_id)
        assert one is not None
        assert found[message_id] == replace(one, prompt_ids=())
        assert found[message_id].ids == (number, 7)
    siblings = store.siblings_of([*ids, version.id, "no"])
    assert siblings == {message_id: store.siblings(message_id) for message_id in [*ids, version.id]}
    assert siblings[ids[0]] == [ids[0], version.id]
    assert store.generations([]) == store.siblings_of([]) == {}


def test_thousands_of_messages_are_no_query_too_long(store: Store) -> None:
    message = store.add_message(store.create_conversation().id, "user", "x")
    many = [message.id, *(f"no {number}" for number in range(40_000))]
    assert store.siblings_of(many) == {message.id: [message.id]}
    assert store.generations(many) == {}
