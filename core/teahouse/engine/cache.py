"""What a model has read before and need not read again: a bounded set of states in memory.

The context holds one sequence. When another conversation or another branch takes its place, the state
of what would be lost is put aside; when a prompt comes, the state that shares the longest beginning
with it is taken up. Turn n then reads only what is new, also after an edit, another version of a
reply, or a switch between conversations.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

LEAST_TOKENS = 8
"""Fewer tokens are read again sooner than their state is copied."""
LIMIT_BYTES = 2 << 30


class Sequences(Protocol):
    """What the cache needs of a context."""

    held: list[int]

    @property
    def can_go_back(self) -> bool:
        """Whether the end of what is held can be forgotten and the beginning kept."""

    def keep_prefix(self, ids: Sequence[int]) -> int:
        """Forget what is held after the common beginning with `ids`; returns its length."""

    def copy_state(self) -> bytes:
        """Keys and values of what is held."""

    def put_state(self, ids: Sequence[int], data: bytes) -> bool:
        """Hold a state; False when it is refused."""

    def clear(self) -> None:
        """Forget everything."""


@dataclass(slots=True)
class State:
    """Keys and values of a sequence of tokens.

    Attributes:
        label: Whose conversation it was.
        key: With which adapters it was computed.
    """

    ids: array[int]
    data: bytes = field(repr=False)
    label: str = ""
    key: str = ""


class StateCache:
    """States beside the one in the context, the one used longest ago goes first.

    Args:
        limit_bytes: For all states together; one that alone is larger is not kept.
    """

    def __init__(self, context: Sequences, *, limit_bytes: int) -> None:
        self._context = context
        self._limit_bytes = limit_bytes
        self._states: list[State] = []
        self._label = ""
        self.key = ""
        """Names the adapters that are set: a state computed with others is never used."""

    @property
    def size_bytes(self) -> int:
        """Bytes of all states kept."""
        return sum(len(state.data) for state in self._states)

    def __len__(self) -> int:
        return len(self._states)

    def prepare(self, ids: Sequence[int], *, label: str = "") -> int:
        """Make the context hold as much of the beginning of `ids` as is known anywhere.

        Args:
            label: Whose prompt this is; `state_of` finds it again.

        Returns:
            How many tokens need not be read again; at least one is left to read.
        """
        wanted = array("i", ids[:-1])
        here = count_common(self._context.held, wanted)
        best = max(self._usable, key=lambda state: count_common(state.ids, wanted), default=None)
        is_better = best is not None and count_common(best.ids, wanted) >= here + LEAST_TOKENS
        if len(self._context.held) - here >= LEAST_TOKENS:
            self._put_aside()
        if best is not None and is_better:
            self._take_up(best)
        self._label = label
        return self._context.keep_prefix(ids)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is read inside is forgotten afterwards: the context holds again what it held before."""
        held, label = list(self._context.held), self._label
        if not self._context.can_go_back and len(held) >= LEAST_TOKENS:
            self._put_aside()
        try:
            yield
        finally:
            self._go_back(held)
            self._label = label

    def switch(self, key: str) -> None:
        """Other adapters are set: what the context holds is put aside and holds no more."""
        if key != self.key:
            self._put_aside()
            self._context.clear()
            self._label, self.key = "", key

    def add(self, state: State) -> None:
        """Keep a state; those that it contains are no longer needed."""
        if len(state.data) > self._limit_bytes:
            return
        self._states = [
            s for s in self._states if s.key != state.key or count_common(s.ids, state.ids) < len(s.ids)
        ]
        self._states.append(state)
        while self.size_bytes > self._limit_bytes:
            del self._states[0]

    def state_of(self, label: str) -> State | None:
        """The newest state with this label; None where none is worth keeping."""
        if self._label == label:
            return self._current()
        return next((state for state in reversed(self._states) if state.label == label), None)

    @property
    def _usable(self) -> list[State]:
        return [state for state in self._states if state.key == self.key]

    def _put_aside(self) -> None:
        held = self._context.held
        if any(count_common(state.ids, held) == len(held) for state in self._usable):
            return
        if state := self._current():
            self.add(state)

    def _go_back(self, held: Sequence[int]) -> None:
        """Hold this again, as far as it is still known."""
        here = count_common(self._context.held, held)
        is_longer = len(self._context.held) > here
        kept = [state for state in self._usable if list(state.ids) == held]
        if kept and (here < len(held) or (is_longer and not self._context.can_go_back)):
            self._take_up(kept[0])
        self._context.keep_prefix([*held, -1])  # the last of the ids given there is never kept

    def _current(self) -> State | None:
        held = self._context.held
        if len(held) < LEAST_TOKENS:
            return None
        return State(array("i", held), self._context.copy_state(), self._label, self.key)

    def _take_up(self, state: State) -> None:
        self._states = [s for s in self._states if s is not state]
        if self._context.put_state(state.ids, state.data):
            self._states.append(state)


def count_common(held: Sequence[int], ids: Sequence[int]) -> int:
    """Length of the longest common beginning."""
    shorter = min(len(held), len(ids))
    if array("i", held[:shorter]) == array("i", ids[:shorter]):
        return shorter
    return next(number for number in range(shorter) if held[number] != ids[number])


def limit_bytes() -> int:
    """An eighth of this machine's memory, 2 GiB at most."""
    try:
        physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return LIMIT_BYTES // 2
    return min(LIMIT_BYTES, physical // 8)
