"""A reply that goes on, or is begun again, with other adapters: each part keeps those that wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.adapter_changes import sets_of
from teahouse.chat.beginning import own_ids
from teahouse.chat.branch import Branch
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.errors import AdapterError
from teahouse.jobs import Job, JobEnded
from teahouse.messages import AdaptersChanged, ContextFitted, Generation, TurnSaved
from teahouse.store import Store
from tests.core.engine.chatty import ENDLESS, LETTERS, Chatty, Waiting, chatty_house
from tests.core.exchange.samples import put, take

pytestmark = pytest.mark.gguf

FIRST = 10
"""Tokens of the first reply."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, made: Path) -> Iterator[tuple[App, str]]:
    app, model = chatty_house(tmp_path_factory.mktemp("going on") / "茶馆 😀", made)
    yield app, model
    app.close()


@pytest.fixture
def house(opened: tuple[App, str]) -> App:
    return opened[0]


@pytest.fixture
def talk(opened: tuple[App, str]) -> str:
    """A conversation with the small model."""
    return opened[0].store.create_conversation(model=opened[1]).id


def turn(house: App, talk: str, choice: str, *, hear: Any = None, **more: Any) -> JobEnded:
    house.store.change_conversation(talk, settings={"chat.adapters": choice})
    values: dict[str, Any] = {"sampling": ENDLESS, "max_tokens": FIRST, **more}
    job = Job("turn", take_turn(house, TurnRequest(talk, **values)))
    return job.run(lambda event: hear(getattr(event, "value", None)) if hear else None)


def reply(house: App, talk: str, choice: str, **more: Any) -> Generation:
    """What is stored of a turn that went well."""
    ended = turn(house, talk, choice, **more)
    assert ended.error is None
    found = house.store.generation(ended.result.message_id)
    assert found is not None
    return found


def told(house: App, made: Generation) -> list[Any]:
    """(place, [(name, scale) …]) of each set, by the library's names."""
    names = {one.sha256: one.name for one in house.adapters.list()}
    for one in sets_of(made):
        assert one.names == tuple(names[digest] for digest, _scale in one.adapters)
    return [(one.place, [(names[digest], scale) for digest, scale in one.adapters]) for one in sets_of(made)]


def test_what_goes_on_keeps_the_sets_of_its_beginning(house: App, talk: str) -> None:
    first = reply(house, talk, "milk=0.5", text="Hello 茶")
    second = reply(house, talk, "tea 茶", continues=first.message_id, max_tokens=5)
    assert told(house, second) == [(0, [("milk", 0.5)]), (FIRST, [("tea 茶", 1.0)])]
    same = reply(house, talk, "tea 茶=1", continues=second.message_id, max_tokens=5)
    assert told(house, same) == told(house, second)
    plain = reply(house, talk, "", continues=same.message_id, max_tokens=5)
    assert told(house, plain) == [*told(house, second), (FIRST + 10, [])]
    assert own_ids(plain)[:FIRST] == first.ids
    assert len(own_ids(plain)) == FIRST + 15


def test_one_that_is_stopped_before_it_writes_has_the_old_sets_alone(house: App, talk: str) -> None:
    first = reply(house, talk, "milk=0.5", text="Hello 茶")
    job = Job("turn", take_turn(house, TurnRequest(talk, continues=first.message_id)))
    house.store.change_conversation(talk, settings={"chat.adapters": "lemon"})
    job.run(
        lambda event: job.cancel.set() if isinstance(getattr(event, "value", None), ContextFitted) else None
    )
    stopped = house.store.generation(house.store.visible_path(talk)[-1].id)
    assert stopped is not None
    assert (stopped.ids, told(house, stopped)) == ((), [(0, [("milk", 0.5)])])


def test_one_that_is_stopped_while_its_model_is_loaded_was_stopped(house: App, talk: str) -> None:
    first = reply(house, talk, "milk=0.5", text="Hello 茶")
    for name in house.engines.loaded:
        house.engines.unload(name)
    job = Job("turn", take_turn(house, TurnRequest(talk, continues=first.message_id)))
    job.run(lambda event: job.cancel.set() if isinstance(getattr(event, "value", None), TurnSaved) else None)
    last = house.store.visible_path(talk)[-1]
    stopped = house.store.generation(last.id)
    assert stopped is not None and (last.state, stopped.finish_reason) == ("stopped", "stopped")
    assert own_ids(stopped) == first.ids and told(house, stopped) == [(0, [("milk", 0.5)])]


def test_a_branch_keeps_the_sets_of_what_is_kept(house: App, talk: str) -> None:
    first = reply(house, talk, "milk=0.5", text="Hello 茶")
    second = reply(house, talk, "tea 茶", continues=first.message_id)
    for keep, kept in (
        (FIRST + 3, [(0, [("milk", 0.5)]), (FIRST, [("tea 茶", 1.0)])]),
        (FIRST, [(0, [("milk", 0.5)])]),
        (4, [(0, [("milk", 0.5)])]),
        (0, []),
    ):
        branch = Branch(second.message_id, keep, (65,))
        assert told(house, reply(house, talk, "lemon=1.2", branch=branch)) == [
            *kept,
            (keep, [("lemon", 1.2)]),
        ]
    back = reply(house, talk, "milk=0.5", branch=Branch(second.message_id, 4, (65,)))
    assert told(house, back) == [(0, [("milk", 0.5)])]


def test_the_bytes_of_a_cut_character_stay_with_the_set_that_wrote_them(house: App, talk: str) -> None:
    """They are given to the model again, as what it must write; nothing else of it was written anew."""
    sign = tuple(LETTERS.index(chr(byte)) for byte in "表".encode())
    start = reply(house, talk, "milk=0.5", text="Hello 茶")
    first = reply(house, talk, "milk=0.5", branch=Branch(start.message_id, 0, (65, 66, *sign)))
    cut = reply(house, talk, "tea 茶", branch=Branch(first.message_id, 4, sign[2:]))
    assert cut.engine["begun"] == 2
    assert told(house, cut) == [(0, [("milk", 0.5)]), (4, [("tea 茶", 1.0)])]
    assert own_ids(cut)[:5] == own_ids(first)[:5]


def test_a_choice_made_while_it_goes_on_counts_from_the_reply_s_own_beginning(house: App, talk: str) -> None:
    first = reply(house, talk, "milk=0.5", text="Hello 茶")
    choose = partial(house.store.change_conversation, talk, settings={"chat.adapters": "lemon=0.9"})
    waiting, events = Waiting(FIRST + 2, choose), list[Any]()

    def hear(event: Any) -> None:
        events.append(event)
        waiting.hear(event)

    made = reply(house, talk, "tea 茶", continues=first.message_id, steering=waiting, hear=hear)
    [change] = [event for event in events if isinstance(event, AdaptersChanged)]
    assert change.place == FIRST + 3
    assert told(house, made) == [
        (0, [("milk", 0.5)]),
        (FIRST, [("tea 茶", 1.0)]),
        (change.place, [("lemon", 0.9)]),
    ]


def test_one_that_could_not_go_on_can_be_gone_on_with_later(house: App, talk: str) -> None:
    first = reply(house, talk, "milk=0.5", text="Hello 茶")
    ended = turn(house, talk, "nowhere", continues=first.message_id)
    assert isinstance(ended.error, AdapterError)
    failed = house.store.visible_path(talk)[-1]
    known = house.store.generation(failed.id)
    assert known is not None
    assert (failed.state, known.ids, known.usage.completion_tokens) == ("failed", (), 0)
    assert own_ids(known) == first.ids
    made = reply(house, talk, "tea 茶", continues=failed.id)
    assert made.prompt_ids == first.prompt_ids + first.ids
    assert told(house, made) == [(0, [("milk", 0.5)]), (FIRST, [("tea 茶", 1.0)])]


def test_what_another_model_has_said_is_read_with_the_new_set(house: App, talk: str, made: Path) -> None:
    """Its tokens are not this one's, and nothing of this model wrote them."""
    first = reply(house, talk, "milk=0.5", text="Hello 茶")
    other = Chatty("llama").write(made / "other.gguf", seed=5)
    second = reply(house, talk, "tea 茶", continues=first.message_id, model=str(other))
    assert second.model_hash != first.model_hash
    assert told(house, second) == [(0, [("tea 茶", 1.0)])]


def test_a_file_and_copies_keep_every_field(house: App, talk: str, tmp_path: Path) -> None:
    first = reply(house, talk, "milk=0.5", text="Hello 茶")
    second = reply(house, talk, "tea 茶", continues=first.message_id)
    last = reply(house, talk, "lemon=1.2", branch=Branch(second.message_id, FIRST + 3, (65,)))
    whole = house.store.whole(talk)
    other = Store(tmp_path / "other.db")
    take(other, put(house.store, tmp_path / "out.json", talk), is_own=True)
    assert other.whole(talk) == whole
    copied = other.whole(other.copy_branch(last.message_id).id)
    beside = other.whole(other.add_whole(whole).id)
    other.close()
    [made] = copied.generations
    assert replace(made, message_id=last.message_id) == last
    assert copied.conversation.settings == whole.conversation.settings == {"chat.adapters": "lemon=1.2"}
    new = {
        old.message_id: one.message_id for one, old in zip(beside.generations, whole.generations, strict=True)
    }
    assert len({*new, *new.values()}) == 6
    text = json.dumps([asdict(one) for one in whole.generations])
    for before, after in new.items():
        text = text.replace(before, after)
    assert json.loads(text) == json.loads(json.dumps([asdict(one) for one in beside.generations]))
