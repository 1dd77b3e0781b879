"""Where a passage stands in the text of a page, whatever became of its spaces, hyphens and line ends."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LEAST_LETTERS, LEAST_HAN = 16, 6
"""A shorter stretch in common may be chance."""
MOST_COMPARED = 12_000
"""Letters of page and passage that are compared stretch by stretch, where the whole is not found."""


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
    blocks = _in_common(text[:MOST_COMPARED], wanted[:MOST_COMPARED])
    found = sum(size for _start, size in blocks)
    return Spot(_spans(blocks, at), found / len(wanted))


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
    """(Place on the page, length) of the stretches that both have, in order."""
    matcher = SequenceMatcher(None, text, wanted, autojunk=False)
    blocks = matcher.get_matching_blocks()
    return [(one.a, one.size) for one in blocks if one.size >= _least(text[one.a : one.a + one.size])]


def _least(stretch: str) -> int:
    has_han = any("\u2e80" <= letter <= "\u9fff" for letter in stretch[:LEAST_HAN])
    return LEAST_HAN if has_han else LEAST_LETTERS


def _spans(blocks: Sequence[tuple[int, int]], at: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The same as characters of the page; what follows each other is one."""
    spans: list[tuple[int, int]] = []
    for start, size in blocks:
        first, last = at[start], at[start + size - 1]
        if spans and first <= sum(spans[-1]) + 2:
            spans[-1] = (spans[-1][0], last + 1 - spans[-1][0])
        else:
            spans.append((first, last + 1 - first))
    return tuple(spans)
