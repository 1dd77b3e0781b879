"""Stages of our own in llama.cpp's chain: dropping what has no probability, and banning words.

The native chain calls them through `llama_sampler_i`; an exception in one cannot cross native code, so
they do as little as possible.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

import llama_cpp as lib
import numpy as np

from teahouse.engine.llama.candidates import table_of
from teahouse.engine.llama.vocab import Vocab

NOTHING = 80.0
"""A logit this far below the highest is a probability under 2e-35 of the highest's."""


class OwnStage:
    """A native sampler whose work is done here; keep it as long as the chain that holds it."""

    def __init__(self, name: str) -> None:
        self._name = name.encode()
        self._interface = lib.llama_sampler_i()
        # ctypes keeps no reference to callbacks stored in a structure
        self._callbacks = (
            lib.llama_cpp.llama_sampler_i_name(lambda _stage: self._name),
            lib.llama_cpp.llama_sampler_i_accept(lambda _stage, token: self.accept(token)),
            lib.llama_cpp.llama_sampler_i_apply(lambda _stage, array: self.apply(array.contents)),
        )
        self._interface.name, self._interface.accept, self._interface.apply = self._callbacks
        self.native = lib.llama_sampler_init(self._interface, None)

    def accept(self, token: int) -> None:
        """A token has been written."""

    def apply(self, array: Any) -> None:
        """Change the candidates (`llama_token_data_array`) in place."""
        raise NotImplementedError


class Prune(OwnStage):
    """Drops candidates without probability: typical-p, mirostat and dynamic temperature take logarithms.

    llama.cpp marks what a grammar or top-n-sigma forbids by a logit of -inf and keeps it; with it the
    entropy is no number, and typical-p then cuts nothing.
    """

    def __init__(self) -> None:
        super().__init__("prune")

    def apply(self, array: Any) -> None:
        """At least the highest stays."""
        table = table_of(array)
        highest = table["logit"].max()
        kept = table[table["logit"] > highest - NOTHING] if np.isfinite(highest) else table[:1]
        if 0 < len(kept) < len(table):
            table[: len(kept)] = kept  # a copy was made by the mask, so nothing overlaps
            array.size = len(kept)


class Banned(OwnStage):
    """Never lets banned texts come into being.

    At each token it forbids every one that would complete a banned text: those that hold it whole, and
    those that complete it together with the end of what has been written. It looks at the reply's bytes,
    not at tokens, so it does not matter how a text is cut into tokens, and with or without a space before
    it. Upper and lower case are different texts, and a text is banned inside of longer words too ("tea" in
    "steam"). It never goes back: a beginning of a banned text may well stand there.

    Args:
        texts: What is banned.
    """

    def __init__(self, vocab: Vocab, texts: Iterable[str]) -> None:
        super().__init__("banned")
        self._vocab = vocab
        self._texts = sorted({text.encode() for text in texts})
        self._always = np.unique(
            np.array([token for text in self._texts for token in vocab.containing(text)], np.int32)
        )
        self._longest = max(map(len, self._texts), default=1)
        self._tail = b""
        self._known: dict[bytes, list[int]] = {}

    def accept(self, token: int) -> None:
        """Take in what the reply has come to."""
        said = self._tail + self._vocab.piece(token)
        self._tail = said[-(self._longest - 1) :] if self._longest > 1 else b""

    def apply(self, array: Any) -> None:
        """Forbid by a logit of -inf."""
        table = table_of(array)
        forbidden = self.forbidden()
        if not len(forbidden):
            return
        if len(table) == self._vocab.size and table["id"][forbidden[-1]] == forbidden[-1]:
            is_in_place = bool((table["id"][forbidden] == forbidden).all())
        else:
            is_in_place = False
        places = forbidden if is_in_place else np.isin(table["id"], forbidden)
        table["logit"][places] = -np.inf

    def forbidden(self) -> Any:
        """Ids that would complete a banned text now, in their order."""
        completing = [token for rest in self.rests() for token in self._beginning_with(rest)]
        if not completing:
            return self._always
        return np.union1d(self._always, np.array(completing, np.int32))

    def rests(self) -> list[bytes]:
        """What is still missing of banned texts whose beginning the reply ends with."""
        found: list[bytes] = []
        for length in range(1, len(self._tail) + 1):
            end = self._tail[-length:]
            place = bisect_left(self._texts, end)
            while place < len(self._texts) and self._texts[place].startswith(end):
                found += [self._texts[place][length:]] if len(self._texts[place]) > length else []
                place += 1
        return found

    def _beginning_with(self, rest: bytes) -> list[int]:
        if rest not in self._known:
            self._known[rest] = self._vocab.beginning_with(rest)
        return self._known[rest]
