"""How many tokens texts have, remembered: a long conversation is not tokenized again for each reply."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence

KEPT_AT_MOST = 20_000
"""Texts whose count is remembered; about 3 MB."""


class Counts:
    """Counts of one model; the longest unused are forgotten first."""

    def __init__(self, *, kept_at_most: int = KEPT_AT_MOST) -> None:
        self._kept_at_most = kept_at_most
        self._known: OrderedDict[bytes, int] = OrderedDict()

    def of(self, texts: Sequence[str], count: Callable[[list[str]], Sequence[int]]) -> list[int]:
        """Tokens of each text; `count` is asked once for those that are not known."""
        keys = [_key(text) for text in texts]
        unknown = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        fresh = dict(zip(unknown, count(list(unknown.values())), strict=True)) if unknown else {}
        found = [fresh[key] if key in fresh else self._known[key] for key in keys]
        for key, tokens in zip(keys, found, strict=True):
            self._known[key] = tokens
            self._known.move_to_end(key)
        while len(self._known) > self._kept_at_most:
            self._known.popitem(last=False)
        return found


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
