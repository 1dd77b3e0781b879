"""How well some typed letters mean a text: whole words before beginnings, beginnings before the rest."""

from __future__ import annotations

from collections.abc import Sequence

WHOLE, BEGINNING, INSIDE, SCATTERED = 100.0, 60.0, 40.0, 10.0


def score(query: str, texts: Sequence[str]) -> float:
    """How well a query means something with these names; 0 when it does not.

    Every word of the query must be found. The first text counts full, the others a little less.

    Args:
        texts: Folded already (`str.casefold`), best known first.
    """
    total = 0.0
    for word in query.casefold().split():
        best = max(
            (_of_word(word, text) * (0.8 if place else 1.0) for place, text in enumerate(texts)), default=0
        )
        if not best:
            return 0.0
        total += best
    return total or 1.0


def _of_word(word: str, text: str) -> float:
    at = text.find(word)
    if at >= 0:
        starts = at == 0 or not text[at - 1].isalnum()
        end = at + len(word)
        is_whole = starts and (end == len(text) or not text[end].isalnum())
        base = WHOLE if is_whole else BEGINNING if starts else INSIDE
        return base + 20 * len(word) / len(text) - min(at, 20) / 10
    return _scattered(word, text)


def _scattered(word: str, text: str) -> float:
    """Letters in order with others between them; those at the beginning of words count more."""
    if len(word) < 2:
        return 0.0
    if _is_within(word, "".join(part[0] for part in text.split())):
        return SCATTERED + 10 + 5 * len(word) / len(text)
    at, points, first = -1, 0.0, -1
    for letter in word:
        at = text.find(letter, at + 1)
        if at < 0:
            return 0.0
        first = at if first < 0 else first
        points += 2 if at == 0 or not text[at - 1].isalnum() else 0
    spread = at - first + 1
    if spread > 2 * len(word) + 2 and points < 2 * len(word):
        return 0.0  # letters that happen to be there
    return SCATTERED + points + 5 * len(word) / spread


def _is_within(word: str, initials: str) -> bool:
    """Whether the letters of a word stand among the initials, in this order."""
    rest = iter(initials)
    return all(letter in rest for letter in word)
