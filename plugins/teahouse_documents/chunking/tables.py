"""A table that is too long for one chunk, cut between rows with its header above each part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
"""The line under the header of a Markdown table."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """Some rows of a table; rows count from the header, which is 0."""

    text: str
    first_row: int
    last_row: int
    tokens: int


def split_rows(text: str, count: Callable[[list[str]], Sequence[int]], most: int) -> list[TablePart]:
    """Parts of at most `most` tokens, each of whole rows under the header.

    A row that does not fit with the header stands alone, and may be too long: it is cut as text.
    """
    header, rows = _divided(text)
    head, *costs = count(["\n".join(header), *rows])
    if head > most // 2:  # a header that leaves no room is only a row
        header, rows, head = [], text.split("\n"), 0
        costs = list(count(rows))
    return list(_parts(header, rows, head, costs, most))


def _divided(text: str) -> tuple[list[str], list[str]]:
    lines = text.split("\n")
    depth = 2 if len(lines) > 1 and _RULE.fullmatch(lines[1]) else 1
    return lines[:depth], lines[depth:]


def _parts(
    header: list[str], rows: list[str], head: int, costs: Sequence[int], most: int
) -> Iterator[TablePart]:
    held: list[str] = []
    first, tokens = 0, head
    offset = 1 if header else 0
    for at, (row, cost) in enumerate(zip(rows, costs, strict=True)):
        cost += 1  # the line's end
        if held and tokens + cost > most:
            yield TablePart("\n".join([*header, *held]), first + offset, at + offset - 1, tokens)
            held, tokens = [], head
        if head + cost > most:
            yield TablePart(row, at + offset, at + offset, cost)
            continue
        if not held:
            first = at
        held.append(row)
        tokens += cost
    if held:
        yield TablePart("\n".join([*header, *held]), first + offset, len(rows) + offset - 1, tokens)
