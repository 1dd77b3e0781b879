"""The stages of a chain at places of a text that was written before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from teahouse.engine.llama.explainer import Explainer
from teahouse.engine.llama.rows import KeptRows
from teahouse.engine.llama.sampler import Sampler


class Explaining:
    """Explains places of one text, from its beginning to its end.

    Args:
        sampler: A new one for these values.
        begins: Where in the text the reply begins.
    """

    def __init__(
        self, sampler: Sampler, rows: KeptRows, ids: Sequence[int], *, begins: int, top_n: int
    ) -> None:
        self._sampler, self._rows, self._ids = sampler, rows, ids
        self._explainer = Explainer(sampler, top_n=top_n, is_live=False)
        self._seen = begins
        self._is_broken = False
        sampler.see(ids[:begins])

    def stages(self, position: int) -> list[dict[str, Any]]:
        """The stages after the first `position` tokens; not before the place asked for last."""
        for token in self._ids[self._seen : position]:
            if not self._is_broken and not self._sampler.allows(token):
                self._is_broken = True
                self._sampler.sleep()
            self._sampler.accept(token)
        self._seen = max(self._seen, position)
        stages = self._explainer.explain(self._rows.row(self._ids, position))
        return [stages[0], broken(stages[0]), *stages[1:]] if self._is_broken else stages


def broken(model: dict[str, Any]) -> dict[str, Any]:
    """What is told of a grammar that the text has not followed: it cannot act on it."""
    return {**model, "stage": "grammar", "cut": [], "why": {"kind": "grammar", "is_broken": True}}
