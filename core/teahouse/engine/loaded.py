"""One loaded model, from the app's side: every verb of its child process."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from teahouse.engine.configuration import EngineConfig
from teahouse.engine.recall import Recall, Talk
from teahouse.engine.rendered import Rendered, Vectors
from teahouse.engine.sampling import Sampling
from teahouse.engine.scored import collect
from teahouse.engine.states import States
from teahouse.engine.steering import Steering
from teahouse.engine.texts import Texts
from teahouse.jobs import Cancel
from teahouse.models.identity import Contents, model_hash
from teahouse.models.library import Model
from teahouse.workers.process import Worker
from teahouse.workers.wire import Answer, pack_ids

SAVE_FOR_S = 10.0
NOT_IN_KEY = ("context", "batch", "threads", "states_bytes")
"""Values of a configuration on which a state does not depend."""
FROZEN_S = 2.5
"""A child that beats each second and was silent for this long is not asked to save anything."""

Adapter = tuple[str, float]
"""(path, scale)."""

__all__ = ["Adapter", "Engine", "Rendered", "Vectors"]


class Engine(Texts):
    """One loaded model.

    Args:
        states: Where what it has read of conversations is kept over restarts; None keeps nothing.
        states_limit_bytes: For all saved states together.
    """

    def __init__(
        self,
        model: Model,
        worker: Worker,
        config: EngineConfig,
        facts: Mapping[str, Any],
        *,
        states: States | None = None,
        states_limit_bytes: int = 0,
    ) -> None:
        super().__init__(worker)
        self.model = model
        self.model_hash = model_hash(model.path) if model.path else ""
        self.config = config
        self.facts = dict(facts)
        self.adapters: tuple[Adapter, ...] = ()
        self._contents = Contents()
        self._recall = Recall(
            worker, states, self.model_hash, name=model.name, limit_bytes=states_limit_bytes
        )

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self._worker.is_alive

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._worker.pid

    @property
    def isolation(self) -> dict[str, bool]:
        """What its process has given up."""
        return self._worker.isolation

    @property
    def context_length(self) -> int:
        """Tokens that fit into its context."""
        return int(self.facts["context"])

    @property
    def can_switch_reasoning(self) -> bool:
        """Whether its template takes a switch for reasoning."""
        return bool(self.facts.get("can_switch_reasoning"))

    # --- a reply ------------------------------------------------------------------------------------

    def generate(
        self,
        ids: Sequence[int],
        *,
        sampling: Sampling,
        max_tokens: int,
        stop: Sequence[str],
        cancel: Cancel,
        begun: int = 0,
        forced_ids: Sequence[int] = (),
        reasoning: str = "",
        conversation_id: str = "",
        is_reproducible: bool = False,
        is_aside: bool = False,
        step: int = 0,
        steering: Steering | None = None,
        adapters: Sequence[Adapter] | None = None,
    ) -> Generator[Answer, None, dict[str, Any]]:
        """Events of one reply, as the child sends them; returns its result.

        Args:
            begun: How many ids at the end of `ids` are the reply's own: it goes on after them.
            forced_ids: What the reply begins with, whatever the model would have chosen.
            reasoning: As `Rendered.reasoning`.
            conversation_id: Whose saved state may be taken up, so that less must be read.
            is_reproducible: Read the whole prompt anew, whatever the context holds.
            is_aside: Forget prompt and reply afterwards: what was in the context before is there again.
            step: Likeliest tokens told for each token, as events `step`; see `child.LlamaEngine.generate`.
            steering: What a person tells the reply meanwhile; see `steering.Steering`.
            adapters: For this reply; None for those of `set_adapters`.
        """
        talk = Talk(conversation_id, self._key(adapters), self._chosen(adapters))
        if conversation_id and not is_reproducible:
            self._recall.take_up(talk, cancel)
        return self._worker.ask(
            "generate",
            cancel,
            ids=pack_ids(ids),
            sampling=sampling.as_json(),
            max_tokens=max_tokens,
            stop=list(stop),
            begun=begun,
            forced_ids=pack_ids(forced_ids),
            reasoning=reasoning,
            label=talk.label if conversation_id else "",
            is_reproducible=is_reproducible,
            is_aside=is_aside,
            step=step,
            line=None if steering is None else steering.line,
            **({"is_stepped": True} if steering is not None and steering.is_stepped else {}),
            **self._named(adapters),
        )

    # --- a text -------------------------------------------------------------------------------------

    def score(
        self,
        ids: Sequence[int],
        *,
        start: int = 1,
        top_n: int = 0,
        cancel: Cancel | None = None,
        adapters: Sequence[Adapter] | None = None,
    ) -> Generator[Answer, None, dict[str, Any]]:
        """How likely the model finds each token from `start`, in one pass; events tell how far it is.

        Args:
            start: The first token to judge, 1 or later; what lies before is read as its prompt.
            top_n: Likeliest tokens told at each position.
            adapters: As for `generate`.

        Returns:
            As `scored.collect`.

        Raises:
            ContextError: The text is empty or longer than the context; nothing is ever cut.
        """
        asked = {"ids": pack_ids(ids), "start": start, "top_n": top_n, **self._named(adapters)}
        return collect(self._worker.ask("score", cancel, **asked), start=start)

    def explain(
        self,
        ids: Sequence[int],
        positions: Sequence[int],
        *,
        sampling: Sampling,
        top_n: int,
        begins: int = 0,
        cancel: Cancel | None = None,
        adapters: Sequence[Adapter] | None = None,
    ) -> list[list[dict[str, Any]]]:
        """The stages (see `llama.explainer`) at each position; the neighbours of one come quickly.

        Args:
            positions: Of tokens of `ids`, 1 or later; the length of `ids` is what would come next.
            begins: Where in `ids` the reply begins, for grammar and banned words; 0 for all of it.
            adapters: As for `generate`.

        Raises:
            ContextError: The text is empty or longer than the context.
        """
        steps = self._worker.ask(
            "explain",
            cancel,
            ids=pack_ids(ids),
            positions=list(positions),
            sampling=sampling.as_json(),
            top_n=top_n,
            begins=begins,
            **self._named(adapters),
        )
        told = {answer["position"]: answer["stages"] for answer in steps if answer["event"] == "explained"}
        return [told[position] for position in positions]

    # --- adapters and states ------------------------------------------------------------------------

    def set_adapters(self, adapters: Sequence[Adapter]) -> None:
        """Use exactly these adapters from now on, where a request names no others.

        Raises:
            ModelFileError: One does not fit this model; the former ones stay.
        """
        self._worker.call("set_adapters", adapters=[list(adapter) for adapter in adapters])
        self.adapters = tuple(adapters)

    def close(self, cancel: Cancel | None = None, *, within_s: float = SAVE_FOR_S) -> None:
        """Keep what it has read of the latest conversations, and end its process.

        Args:
            cancel: End it without keeping anything more.
            within_s: The longest time for keeping.
        """
        until = time.monotonic() + within_s

        def is_over() -> bool:
            is_unwanted = cancel is not None and cancel.is_set()
            return is_unwanted or time.monotonic() > until or self._worker.silent_s > FROZEN_S

        if self._worker.is_alive:
            self._recall.keep(is_over)
        self._worker.close()

    # --- inside -----------------------------------------------------------------------------------

    def _chosen(self, adapters: Sequence[Adapter] | None) -> tuple[Adapter, ...]:
        """Those that a request is computed with; one with the scale 0 does nothing."""
        return tuple((p, scale) for p, scale in (self.adapters if adapters is None else adapters) if scale)

    def _named(self, adapters: Sequence[Adapter] | None) -> dict[str, Any]:
        """What tells the child of them; nothing where they are those it has."""
        chosen = self._chosen(adapters)
        return {} if chosen == self._chosen(None) else {"adapters": [list(each) for each in chosen]}

    def _key(self, adapters: Sequence[Adapter] | None) -> str:
        """Names everything that a state depends on."""
        config = {k: v for k, v in self.config.as_json().items() if k not in NOT_IN_KEY}
        build = [self.facts.get(name) for name in ("template", "system", "build")]
        contents = [(self._contents.of(path), scale) for path, scale in self._chosen(adapters)]
        return json.dumps([self.model_hash, build, config, contents], sort_keys=True)
