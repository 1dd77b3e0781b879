"""Rows that are set aside and never learned: which, and that nothing like them is learned."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from teahouse_training.data.checks import folded
from teahouse_training.data.rows import Data, Row

ALIKE = 0.8
"""Share of common pieces from which on two exchanges count as the same."""
PIECE = 5
"""Characters of a piece."""
COMMON = 0.5
"""Share of a text's sentences from which on another text is said to have it, too."""
LEAST_SENTENCE, LEAST_EXCHANGE = 12, 24
"""Characters below which a sentence, or one exchange of several, says too little: everybody has it."""
FEWEST_TO_HOLD_OUT = 20
MOST_HELD_OUT = 64
_ENDS = re.compile(r"[.!?。！？;；\n]+")


def hold_out(data: Data, share: float) -> None:
    """Set some rows aside that are not learned; rows that ask the same stay together.

    The same rows are chosen every time: which, follows from their words.
    """
    count = min(MOST_HELD_OUT, round(len(data.rows) * share))
    if len(data.rows) < FEWEST_TO_HOLD_OUT or not count:
        return
    groups: dict[str, list[Row]] = {}
    for row in data.rows:
        groups.setdefault(folded(row.question or row.text), []).append(row)
    chosen: list[Row] = []
    for key in sorted(groups, key=lambda key: hashlib.sha256(key.encode("utf-8", "replace")).digest()):
        if len(chosen) >= count:
            break
        if len(groups[key]) <= count - len(chosen):
            chosen += groups[key]
    lines = {id(row) for row in chosen}
    rest = [row for row in data.rows if id(row) not in lines]
    # What is nearly learned anyway would only flatter: it is learned, too.
    leaking = {id(row) for row, _like in alike(chosen, rest)}
    data.held_out = [row for row in chosen if id(row) not in leaking]
    held = {id(row) for row in data.held_out}
    data.rows = [row for row in data.rows if id(row) not in held]


def take_apart(data: Data, apart: Data) -> None:
    """Hold out the rows of a file of the person's own; what would leak from one side to the other is told.

    A learned row that is like one held out is left out, and so is a held-out text of which more than half
    stands in what is learned.
    """
    own = [replace(row, source=row.source or apart.name) for row in apart.rows]
    for row, like in (leaks := alike(data.rows, own)):
        data.leave_out(row, "leak", like.line)
    data.rows = _without(data.rows, leaks)
    for row, like in (leaks := alike(own, data.rows)):
        apart.leave_out(row, "learned", like.line)
    apart.rows = data.held_out = _without(own, leaks)
    data.held_out_name, data.held_out_sha256 = apart.name, apart.sha256
    data.issues += [replace(issue, source=issue.source or apart.name) for issue in apart.issues]


def alike(rows: Sequence[Row], others: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Rows with something that nearly stands in one of the others, each with that one."""
    asked = {key: other for other in reversed(others) for key in _askings(other)}
    exchanges, sentences = _Exchanges(others), _Sentences(others)
    found = []
    for row in rows:
        like = next((asked[key] for key in _askings(row) if key in asked), None)
        like = like or exchanges.find(row) or sentences.find(row)
        if like is not None:
            found.append((row, like))
    return found


class _Exchange(NamedTuple):
    """A question with its answer, and all that was said before the answer."""

    asking: str
    text: str


class _Exchanges:
    """Questions with answers of many rows, found by common pieces."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: list[Row] = []
        self._sizes: list[int] = []
        self._index: dict[str, list[int]] = {}
        for row in rows:
            for one in _exchanges(row):
                pieces = _pieces(one.text)
                for piece in pieces:
                    self._index.setdefault(piece, []).append(len(self._rows))
                self._rows.append(row)
                self._sizes.append(len(pieces))

    def find(self, row: Row) -> Row | None:
        """A row with an exchange that has at least `ALIKE` of its pieces in common (Jaccard) with this."""
        for one in _exchanges(row):
            pieces, common = _pieces(one.text), dict[int, int]()
            for piece in pieces:
                for number in self._index.get(piece, ()):
                    common[number] = common.get(number, 0) + 1
            shares = ((n / (len(pieces) + self._sizes[number] - n), number) for number, n in common.items())
            share, number = max(shares, default=(0.0, -1))
            if share >= ALIKE:
                return self._rows[number]
        return None


class _Sentences:
    """Sentences of many plain texts, and where each stands first."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = {one: row for row in rows for one in _sentences(row)}

    def find(self, row: Row) -> Row | None:
        """The text that has the most of this one's sentences, where all together have `COMMON` of them."""
        own = _sentences(row)
        there = [self._rows[one] for one in own if one in self._rows]
        if not there or len(there) < COMMON * len(own):
            return None
        ((most, _count),) = Counter(map(id, there)).most_common(1)
        return next(other for other in there if id(other) == most)


def _askings(row: Row) -> list[str]:
    return [one.asking for one in _exchanges(row)]


def _exchanges(row: Row) -> list[_Exchange]:
    """What of a dialogue is learned: all exchanges, or the last alone; none of a plain text."""
    made: list[_Exchange] = []
    before: list[str] = []
    question = ""
    for said in row.messages:
        if said.role == "assistant":
            made.append(_Exchange("\n".join(before), f"{question}\n{folded(said.text)}"))
        elif said.role == "user":
            question = folded(said.text)
        if said.role != "system":
            before.append(folded(said.text))
    if row.learns_last_only or len(made) < 2:
        return made[-1:]
    return [one for one in made if min(len(one.text), len(one.asking)) >= LEAST_EXCHANGE]


def _sentences(row: Row) -> set[str]:
    if row.messages:
        return set()
    found = {folded(part) for part in _ENDS.split(row.text)}
    return {one for one in found if len(one) >= LEAST_SENTENCE} or {folded(row.text)}


def _pieces(text: str) -> set[str]:
    return {text[at : at + PIECE] for at in range(max(1, len(text) - PIECE + 1))}


def _without(rows: Sequence[Row], leaks: Sequence[tuple[Row, Row]]) -> list[Row]:
    gone = {id(row) for row, _like in leaks}
    return [row for row in rows if id(row) not in gone]
