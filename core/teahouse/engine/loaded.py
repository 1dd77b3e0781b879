"""One loaded model, from the app's side: every verb of its child process."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from teahouse.engine.configuration import EngineConfig
from teahouse.engine.sampling import Sampling
from teahouse.jobs import Cancel
from teahouse.models.identity import model_hash
from teahouse.models.library import Model
from teahouse.workers.process import Answer, Worker
from teahouse.workers.wire import pack_ids, unpack_ids


@dataclass(frozen=True, slots=True)
class Rendered:
    """Messages as they would be sent.

    Attributes:
        text: The prompt as text, control tokens included.
        repair: What was done to roles that the template does not take; empty for nothing.
        reasoning: The tag that ends the reasoning which the prompt has opened; empty where it opened none.
    """

    text: str
    ids: list[int]
    repair: str = ""
    reasoning: str = ""


class Engine:
    """One loaded model."""

    def __init__(self, model: Model, worker: Worker, config: EngineConfig, facts: Mapping[str, Any]) -> None:
        self.model = model
        self.model_hash = model_hash(model.path) if model.path else ""
        self.config = config
        self.facts = dict(facts)
        self._worker = worker

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

    # --- before a reply -----------------------------------------------------------------------------

    def count(self, texts: Sequence[str], cancel: Cancel | None = None) -> list[int]:
        """Tokens of each text, no control token recognised in it."""
        counted: list[int] = self._worker.call("count", cancel, texts=list(texts))["counts"]
        return counted

    def render(
        self,
        messages: Sequence[Mapping[str, Any]],
        cancel: Cancel | None = None,
        *,
        tools: Sequence[Mapping[str, Any]] = (),
        has_reasoning: bool | None = None,
    ) -> Rendered:
        """Messages through the model's own template.

        Args:
            messages: `role` and `content`; a reply of this very model may carry the `ids` it generated,
                which are then sent instead of a new tokenization of the same text.
            has_reasoning: Ask the template for reasoning or for none; None leaves it to the template.
        """
        wire = [{**m, "ids": pack_ids(m["ids"])} if "ids" in m else dict(m) for m in messages]
        answer = self._worker.call(
            "render", cancel, messages=wire, tools=list(tools), has_reasoning=has_reasoning
        )
        return Rendered(
            answer["text"], unpack_ids(answer["ids"]), answer.get("repair", ""), answer.get("reasoning", "")
        )

    # --- a reply ------------------------------------------------------------------------------------

    def generate(
        self,
        ids: Sequence[int],
        *,
        sampling: Sampling,
        max_tokens: int,
        stop: Sequence[str],
        cancel: Cancel,
        reasoning: str = "",
        conversation_id: str = "",
        is_reproducible: bool = False,
    ) -> Generator[Answer, None, dict[str, Any]]:
        """Events of one reply, as the child sends them; returns its result.

        Args:
            reasoning: As `Rendered.reasoning`.
            conversation_id: Whose saved state may be taken up, so that less must be read.
            is_reproducible: Read the whole prompt anew, whatever the context holds.
        """
        return self._worker.ask(
            "generate",
            cancel,
            ids=pack_ids(ids),
            sampling=sampling.as_json(),
            max_tokens=max_tokens,
            stop=list(stop),
            reasoning=reasoning,
            is_reproducible=is_reproducible,
        )

    def close(self) -> None:
        """End its process."""
        self._worker.close()
