"""Where a passage stands in the text of a page, whatever became of its spaces, hyphens and line ends."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_LETTERS, LEAST_HAN = 16, 6
"""A shorter stretch in common may be chance."""
MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a passage stands.

    Attributes:
        spans: (first character, number of characters) on the page.
        share: How much of the passage was found there, 0 to 1.
    """

    spans: tuple[tuple[int, int], ...] = ()
    share: float = 0.0


def find(page: str, passage: str) -> Spot:
    """Where a passage stands on a page: whole, or what of it is there."""
    text, at = _letters(page)
    wanted, _at = _letters(passage)
    if not text or not wanted:
        return Spot()
    start = text.find(wanted)
    if start >= 0:
        return Spot(_spans([(start, len(wanted))], at), 1.0)
    blocks = _in_common(text, wanted)
    found = sum(size for _start, size in blocks)
    return Spot(_spans(blocks, at), min(1.0, found / len(wanted)))


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, folded, and where each came from."""
    letters: list[str] = []
    at: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character).casefold():
            if letter.isalnum():
                letters.append(letter)
                at.append(place)
    return "".join(letters), at


def _in_common(text: str, wanted: str) -> list[tuple[int, int]]:
    """(Place on the page, length) of the stretches that both have, each as long as it can be.

    By the beginnings of stretches, so that a long passage that is not there takes no longer than another.
    """
    starts = {size: _starts(text, size) for size in (LEAST_HAN, LEAST_LETTERS)}
    blocks, at = [], 0
    while at < len(wanted):
        size = LEAST_HAN if "\u2e80" <= wanted[at] <= "\u9fff" else LEAST_LETTERS
        places = starts[size].get(wanted[at : at + size], ())
        longest = max(((_length(text, place, wanted, at), place) for place in places), default=(0, 0))
        if longest[0]:
            blocks.append((longest[1], longest[0]))
        at += longest[0] or 1
    return sorted(blocks)


def _starts(text: str, size: int) -> dict[str, list[int]]:
    """Where each stretch of that size begins; of one that is there very often the first places."""
    found: dict[str, list[int]] = {}
    for place in range(len(text) - size + 1):
        places = found.setdefault(text[place : place + size], [])
        if len(places) < MOST_PLACES:
            places.append(place)
    return found


def _length(text: str, place: int, wanted: str, at: int) -> int:
    """How many letters are the same from there on."""
    most = min(len(text) - place, len(wanted) - at)
    return next((n for n in range(most) if text[place + n] != wanted[at + n]), most)


def _spans(blocks: Sequence[tuple[int, int]], at: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The same as characters of the page; what follows each other is one."""
    spans: list[tuple[int, int]] = []
    for start, size in blocks:
        first, last = at[start], at[start + size - 1]
        if spans and first <= sum(spans[-1]) + 2:
            spans[-1] = (spans[-1][0], max(last + 1, sum(spans[-1])) - spans[-1][0])
        else:
            spans.append((first, last + 1 - first))
    return tuple(spans)
