"""What a person sees later is what really happened."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from teahouse.errors import StoreError
from teahouse.messages import Generation
from teahouse.store import Store
from tests.core.store.samples import make_generation, raw


def take_turn(
    store: Store, conversation_id: str, prompt: list[int], ids: list[int], **more: str
) -> Generation:
    """A question, a reply, and what was sent and generated."""
    if "parent_id" not in more:
        store.add_message(conversation_id, "user", "q")
    reply = store.add_message(conversation_id, "assistant", "", state="streaming", **more)  # type: ignore[arg-type]
    done = make_generation(reply.id, ids=tuple(ids), prompt_ids=tuple(prompt))
    store.finish_message(reply.id, "complete", generation=done)
    return done


def rests(file: Path) -> list[tuple[str | None, int, int]]:
    """Base, shared length and stored bytes of each prompt, in order."""
    with raw(file) as connection:
        return connection.execute(
            "SELECT prompt_base_id, prompt_shared, length(prompt_rest) FROM generation ORDER BY number"
        ).fetchall()


def test_every_field_comes_back_exactly(store: Store, file: Path) -> None:
    made = store.create_conversation()
    done = take_turn(store, made.id, [0, 2**31 - 1, -(2**31), 7], [151_645, 1])
    store.close()
    again = Store(file)
    kept = again.generation(done.message_id)
    assert kept == done
    assert kept is not None and list(kept.sampling) == ["top_k", "min_p", "temperature", "stop"]
    again.close()


def test_a_generation_without_ids_or_prompt_comes_back(store: Store) -> None:
    made = store.create_conversation()
    done = take_turn(store, made.id, [], [])
    assert store.generation(done.message_id) == done


def test_a_message_that_was_not_generated_has_none(store: Store) -> None:
    made = store.create_conversation()
    assert store.generation(store.add_message(made.id, "user", "q").id) is None
    assert store.generation("no") is None


def test_a_generation_is_stored_once_and_for_its_own_message(store: Store) -> None:
    made = store.create_conversation()
    done = take_turn(store, made.id, [1, 2], [3])
    with pytest.raises(StoreError):
        store.finish_message(done.message_id, "stopped", generation=replace(done, ids=(9,)))
    assert store.generation(done.message_id) == done
    assert store.message(done.message_id).state == "complete"
    other = store.add_message(made.id, "assistant", "", state="streaming")
    with pytest.raises(ValueError, match=other.id):
        store.finish_message(other.id, "complete", generation=done)
    assert store.message(other.id).state == "streaming"


def test_a_prompt_shares_the_prompt_and_the_reply_before_it(store: Store, file: Path) -> None:
    made = store.create_conversation()
    first = take_turn(store, made.id, [1, 2, 3], [4, 5])
    second = take_turn(store, made.id, [1, 2, 3, 4, 5, 6], [7])
    third = take_turn(store, made.id, [1, 2, 9], [])
    assert [row[:2] for row in rests(file)] == [(None, 0), (first.message_id, 5), (second.message_id, 2)]
    for done in (first, second, third):
        assert store.generation(done.message_id) == done


def test_the_base_is_the_nearest_above_else_the_latest_of_the_conversation(store: Store, file: Path) -> None:
    made = store.create_conversation()
    first = take_turn(store, made.id, [1, 2], [3])
    second = take_turn(store, made.id, [1, 2, 3, 4], [5])
    question = store.message(second.message_id).parent_id
    again = take_turn(store, made.id, [1, 2, 3, 4], [6], parent_id=str(question))
    root = take_turn(store, made.id, [1, 2, 3, 4, 6], [], parent_id="")
    elsewhere = take_turn(store, store.create_conversation().id, [1, 2], [])
    bases = [first.message_id, first.message_id, again.message_id]
    assert [row[0] for row in rests(file)] == [None, *bases, None]
    for done in (first, second, again, root, elsewhere):
        assert store.generation(done.message_id) == done


def test_what_fifty_turns_store_grows_with_their_length_not_its_square(store: Store, file: Path) -> None:
    chance = random.Random(1)
    made = store.create_conversation()
    prompt: list[int] = []
    turns = []
    for _turn in range(50):
        prompt = prompt + chance.choices(range(150_000), k=100)
        ids = chance.choices(range(150_000), k=100)
        turns.append(take_turn(store, made.id, prompt, ids))
        prompt = prompt + ids
    assert [store.generation(turn.message_id) for turn in turns] == turns
    sizes = [size for _base, _shared, size in rests(file)]
    sent = 4 * sum(len(turn.prompt_ids) for turn in turns)
    assert sent == 1_000_000
    # Only the 400 bytes of a question are new in each turn, in the last as in the first.
    assert max(sizes) < 450
    with raw(file) as connection:
        stored = connection.execute(
            "SELECT sum(length(prompt_rest) + length(ids)) FROM generation"
        ).fetchone()[0]
    assert stored < 50 * (450 + 450) < sent / 20


def test_a_context_that_lost_its_beginning_shares_what_is_left_of_it(store: Store, file: Path) -> None:
    made = store.create_conversation()
    system = list(range(50))
    take_turn(store, made.id, [*system, *range(1000, 2000)], [])
    done = take_turn(store, made.id, [*system, *range(1500, 2000), 7], [8])
    last = take_turn(store, made.id, [*system, *range(1500, 2000), 7, 8, 9], [])
    assert [row[1] for row in rests(file)] == [0, 50, 552]
    assert store.generation(done.message_id) == done
    assert store.generation(last.message_id) == last


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE generation SET prompt_rest = x'00' WHERE number = 1",
        "UPDATE generation SET prompt_rest = substr(prompt_rest, 1, 9) WHERE number = 1",
        "UPDATE generation SET ids = x'' WHERE number = 1",
        "UPDATE generation SET prompt_shared = 99 WHERE number = 2",
        "UPDATE generation SET prompt_shared = -1 WHERE number = 2",
        "UPDATE generation SET prompt_base_id = 'gone' WHERE number = 2",
        "UPDATE generation SET prompt_base_id = message_id WHERE number = 2",
        "DELETE FROM generation WHERE number = 1",
    ],
)
def test_a_prompt_whose_base_is_damaged_is_empty_and_the_rest_stays(
    store: Store, file: Path, damage: str
) -> None:
    made = store.create_conversation()
    take_turn(store, made.id, [1, 2], [3])
    second = take_turn(store, made.id, [1, 2, 3, 4], [5])
    with raw(file) as connection:
        assert connection.execute(damage).rowcount == 1
    assert store.generation(second.message_id) == replace(second, prompt_ids=())
    third = take_turn(store, made.id, [1, 2, 3, 4, 5, 6], [7])
    assert store.generation(third.message_id) == third
