from __future__ import annotations

import random
from array import array
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.engine.cache import LEAST_TOKENS, State, StateCache, count_common, limit_bytes

PER_TOKEN = 10


class FakeContext:
    """A context whose state is its ids, and which counts what it reads."""

    def __init__(self, *, takes_states: bool = True) -> None:
        self.held: list[int] = []
        self.read_count = 0
        self.can_go_back = True
        self._takes_states = takes_states

    def keep_prefix(self, ids: Sequence[int]) -> int:
        common = count_common(self.held, ids[:-1])
        if common < len(self.held) and not self.can_go_back:
            common = 0
        del self.held[common:]
        return common

    def copy_state(self) -> bytes:
        return b"%d " % hash(tuple(self.held)) + b"." * (PER_TOKEN * len(self.held))

    def put_state(self, ids: Sequence[int], data: bytes) -> bool:
        self.held = []
        if self._takes_states and data.startswith(b"%d " % hash(tuple(ids))):
            self.held = list(ids)
        return bool(self.held)

    def clear(self) -> None:
        self.held = []

    def read(self, ids: Sequence[int]) -> None:
        self.held += ids
        self.read_count += len(ids)


def made(limit: int = 1_000_000) -> tuple[StateCache, FakeContext]:
    context = FakeContext()
    return StateCache(context, limit_bytes=limit), context


def send(cache: StateCache, context: FakeContext, ids: list[int], label: str = "") -> int:
    """Read a prompt; how many of its tokens had to be read."""
    cached = cache.prepare(ids, label=label)
    assert cached < len(ids)
    assert context.held == ids[:cached]
    context.read(ids[cached:])
    return len(ids) - cached


def tokens(seed: int, count: int) -> list[int]:
    source = random.Random(seed)
    return [source.randrange(1000) for _ in range(count)]


def test_a_longer_prompt_reads_only_what_is_new() -> None:
    cache, context = made()
    first = tokens(1, 100)
    assert send(cache, context, first) == 100
    assert send(cache, context, first + tokens(2, 20)) == 20


def test_the_last_token_is_always_read() -> None:
    cache, context = made()
    send(cache, context, tokens(1, 50))
    assert send(cache, context, tokens(1, 50)) == 1


def test_conversations_that_take_turns_read_only_what_is_new() -> None:
    cache, context = made()
    talks = [tokens(seed, 80) for seed in range(3)]
    for ids in talks:
        send(cache, context, ids)
    for turn in range(5):
        for number, ids in enumerate(talks):
            ids += tokens(100 * turn + number, 15)
            assert send(cache, context, ids) == 15


def test_another_version_and_back_reads_nothing_twice() -> None:
    cache, context = made()
    start, one, two = tokens(1, 60), tokens(2, 50), tokens(3, 50)
    send(cache, context, start + one)
    assert send(cache, context, start + two) == 50
    assert send(cache, context, start + one + [7]) == 1
    assert send(cache, context, start + two + [8]) == 1


def test_a_short_tail_is_not_worth_a_state() -> None:
    cache, context = made()
    send(cache, context, tokens(1, 60))
    send(cache, context, [*tokens(1, 60 - LEAST_TOKENS + 1), 5])
    assert len(cache) == 0


def test_states_stay_within_the_limit_and_the_oldest_goes() -> None:
    cache, context = made(limit=PER_TOKEN * 100 * 3 + 200)
    for seed in range(6):
        send(cache, context, tokens(seed, 100))
        assert cache.size_bytes <= PER_TOKEN * 100 * 3 + 200
    assert len(cache) == 3
    assert send(cache, context, tokens(4, 100)) == 1
    assert send(cache, context, tokens(0, 100)) == 100


def test_a_state_larger_than_the_limit_is_not_kept() -> None:
    cache, context = made(limit=100)
    send(cache, context, tokens(1, 100))
    send(cache, context, tokens(2, 100))
    assert len(cache) == 0


def test_what_a_longer_state_contains_is_dropped() -> None:
    cache, _context = made()
    ids = tokens(1, 90)
    cache.add(State(array("i", ids[:40]), b"a"))
    cache.add(State(array("i", ids), b"b"))
    assert len(cache) == 1


def test_a_state_that_is_refused_is_forgotten_and_everything_read_anew() -> None:
    context = FakeContext(takes_states=False)
    cache = StateCache(context, limit_bytes=1_000_000)
    send(cache, context, tokens(1, 80))
    send(cache, context, tokens(2, 80))
    assert send(cache, context, tokens(1, 80)) == 80


def test_a_state_is_found_by_its_label_in_the_context_or_put_aside() -> None:
    cache, context = made()
    send(cache, context, tokens(1, 80), "a")
    send(cache, context, tokens(2, 80), "b")
    found = {label: cache.state_of(label) for label in "abc"}
    assert found["a"] is not None
    assert found["a"].ids.tolist() == tokens(1, 80)
    assert found["b"] is not None
    assert found["b"].ids.tolist() == tokens(2, 80)
    assert found["c"] is None


def test_what_was_read_with_other_adapters_is_never_used() -> None:
    cache, context = made()
    send(cache, context, tokens(1, 80), "a")
    cache.switch("tea")
    assert context.held == []
    assert send(cache, context, tokens(1, 80), "a with tea") == 80
    assert send(cache, context, tokens(1, 81), "a with tea") == 1
    cache.switch("")
    assert send(cache, context, tokens(1, 90), "a") == 10  # the first one is still there
    cache.switch("milk")
    assert send(cache, context, tokens(1, 80)) == 80


def test_aside_with_other_adapters_leaves_everything_as_it_was() -> None:
    cache, context = made()
    send(cache, context, tokens(1, 80), "a")
    with cache.aside():
        cache.switch("tea")
        assert send(cache, context, tokens(1, 60)) == 60
        cache.switch("")
    assert context.held == tokens(1, 80)
    assert cache.state_of("a") is not None
    assert send(cache, context, tokens(1, 81), "a") == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 60), st.integers(0, 9)), max_size=25))
def test_the_context_always_holds_exactly_the_prompt(steps: list[tuple[int, int, int]]) -> None:
    """Whatever is switched, cut and grown: after reading, the context holds what was sent."""
    cache, context = made(limit=3000)
    talks: dict[int, list[int]] = {}
    for talk, length, seed in steps:
        cache.switch(str(seed % 2))
        ids = talks.get(talk, [])[: max(0, 80 - length)] + tokens(seed, length)
        talks[talk] = ids
        send(cache, context, ids, str(talk))
        assert context.held == ids


def test_common_beginnings() -> None:
    assert count_common([1, 2, 3], [1, 2, 4]) == 2
    assert count_common([1, 2], [1, 2, 3]) == 2
    assert count_common([], [1]) == 0
    assert count_common(array("i", [5, 6]), [5, 6]) == 2


def test_limit_is_positive_and_bounded() -> None:
    assert 0 < limit_bytes() <= 2 << 30


# --- aside ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("can_go_back", [True, False])
@pytest.mark.parametrize("goes_on", [True, False])
def test_what_was_read_aside_is_forgotten(can_go_back: bool, goes_on: bool) -> None:
    cache, context = made()
    context.can_go_back = can_go_back
    talk = tokens(1, 100)
    send(cache, context, talk, label="talk")
    with cache.aside():
        send(cache, context, (talk if goes_on else talk[:50]) + tokens(2, 30), label="aside")
        context.read(tokens(3, 5))
    assert context.held == talk
    state = cache.state_of("talk")
    assert state is not None and list(state.ids) == talk
    assert send(cache, context, talk + tokens(4, 10)) == 10


def test_a_stop_while_reading_aside_leaves_what_was_there() -> None:
    cache, context = made()
    talk = tokens(1, 100)
    send(cache, context, talk)
    with pytest.raises(KeyboardInterrupt), cache.aside():
        cache.prepare(tokens(2, 30))
        raise KeyboardInterrupt
    assert context.held == talk


def test_nothing_is_copied_for_what_goes_on_where_the_context_is() -> None:
    cache, context = made()
    talk = tokens(1, 100)
    send(cache, context, talk)
    with cache.aside():
        send(cache, context, talk + tokens(2, 30))
    assert (len(cache), context.held) == (0, talk)
