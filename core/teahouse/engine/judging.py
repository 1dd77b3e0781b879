"""A text judged by a loaded model: how likely it finds each token, and what a chain would do there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from teahouse.engine.cache import StateCache
from teahouse.engine.sampling import Sampling
from teahouse.errors import ContextError, EngineError
from teahouse.language import _
from teahouse.workers.child import Call

if TYPE_CHECKING:
    from teahouse.engine.llama.model import LlamaModel
    from teahouse.engine.llama.rows import KeptRows

TOP_AT_MOST = 1000
"""Likeliest tokens told at a position: a batch of them is a line of 3 MB."""


def check_tokens(model: LlamaModel, ids: Sequence[int]) -> None:
    """Refuse ids that the vocabulary does not have: llama.cpp would end the process.

    Raises:
        EngineError: Names the first one.
    """
    wrong = next((token for token in ids if not model.is_token(token)), None)
    if wrong is not None:
        raise EngineError(_("This model has no token {id}.").format(id=wrong))


def check_length(tokens: int, context: int) -> None:
    """Refuse a text that is empty or does not fit.

    Raises:
        ContextError: With both numbers.
    """
    if not tokens:
        raise ContextError(_("There is no text."))
    if tokens > context:
        raise ContextError(
            _("The text takes {tokens} tokens, the model's context holds {context}.").format(
                tokens=tokens, context=context
            ),
            _("Nothing was cut. Take a part of it, or raise engine.context in settings.toml."),
            prompt_tokens=tokens,
            context=context,
        )


class Judge:
    """The verbs `score` and `explain` of one loaded model.

    What is known of a text's beginning is taken from the states in memory, and what the context held before
    is there again afterwards.
    """

    def __init__(self, model: LlamaModel, cache: StateCache) -> None:
        self._model, self._cache = model, cache
        self._rows: dict[str, KeptRows] = {}

    def score(self, call: Call, ids: Sequence[int], *, start: int, top_n: int) -> dict[str, Any]:
        """How likely the model finds a text, token by token, in one pass over it.

        Emits `scored` with the parts, see `scored.collect`.

        Args:
            start: The first token to judge, 1 or later: the first of a text has nothing before it.
            top_n: Likeliest tokens told for each position.

        Returns:
            `next`, the likeliest tokens after the text, with `top_n`.
        """
        from teahouse.engine.llama.scoring import score

        self._check(ids, top_n)
        start = min(max(1, start), len(ids))
        last, done = None, 0
        with self._stoppable(call), self._cache.aside():
            self._cache.prepare(ids[:start])
            for part in score(self._model.computing, ids, start=start, top_n=top_n):
                last = part.pop("next", None)
                done += len(part["logprobs"])
                call.emit("scored", done=done, total=len(ids) - start, **part)
        return {"next": last}

    def explain(
        self,
        call: Call,
        ids: Sequence[int],
        positions: Sequence[int],
        *,
        sampling: Sampling,
        top_n: int,
        begins: int,
    ) -> dict[str, Any]:
        """What each stage of the chain does at some positions; emits `explained` (position, stages) of each.

        The logits around the last position asked for are kept, so that its neighbours come quickly.

        Args:
            begins: Where in the text the reply begins.
        """
        from teahouse.engine.llama.explaining import Explaining

        self._check(ids, top_n)
        wrong = [position for position in positions if not 1 <= position <= len(ids)]
        if wrong:
            raise EngineError(_("There is no position {number} in this text.").format(number=wrong[0]))
        check_tokens(self._model, [token for token, _bias in sampling.logit_bias])
        with self._stoppable(call), closing(self._model.computing.sampler(sampling)) as sampler:
            begins = min([begins, *positions])
            explaining = Explaining(sampler, self._kept_rows(), ids, begins=begins, top_n=top_n)
            for position in sorted(set(positions)):
                call.emit("explained", position=position, stages=explaining.stages(position))
        return {}

    def _kept_rows(self) -> KeptRows:
        """Those of the adapters that are set; of the two sets used last, so that both can be compared."""
        from teahouse.engine.llama.rows import KeptRows

        key = self._cache.key
        found = self._rows.pop(key, None) or KeptRows(self._model.computing, self._cache)
        self._rows = {**dict(list(self._rows.items())[-1:]), key: found}
        return found

    @contextmanager
    def _stoppable(self, call: Call) -> Iterator[None]:
        """What is computed inside ends when the request is cancelled."""
        from teahouse.engine.llama.context import Aborted

        self._model.should_stop = lambda: call.is_cancelled
        try:
            yield
        except Aborted:
            raise EngineError(_("Stopped.")) from None
        finally:
            self._model.should_stop = lambda: False

    def _check(self, ids: Sequence[int], top_n: int) -> None:
        """Refuse what cannot be judged.

        Raises:
            ContextError: The text is empty, or longer than the context.
            EngineError: An id is no token, or more of the likeliest are asked for than can be told.
        """
        check_length(len(ids), self._model.context_length)
        check_tokens(self._model, ids)
        if not 0 <= top_n <= TOP_AT_MOST:
            raise EngineError(_("At most {number} tokens can be told.").format(number=TOP_AT_MOST))
