"""What a loaded model makes of texts and messages, without writing a reply; from the app's side."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from teahouse.engine.counts import Counts
from teahouse.engine.example import Conversation, Example, of_conversations, of_texts
from teahouse.engine.rendered import Rendered, Vectors
from teahouse.errors import TemplateError
from teahouse.jobs import Cancel
from teahouse.workers.process import Worker
from teahouse.workers.wire import pack_ids, unpack_ids


class Texts:
    """The verbs of a child process that need no more than its vocabulary, and its vectors of texts."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._counts = Counts()

    # --- tokens -------------------------------------------------------------------------------------

    def count(self, texts: Sequence[str], cancel: Cancel | None = None) -> list[int]:
        """Tokens of each text, no control token recognised in it."""

        def count(unknown: list[str]) -> list[int]:
            counted: list[int] = self._worker.call("count", cancel, texts=unknown)["counts"]
            return counted

        return self._counts.of(texts, count)

    def tokenize(self, text: str, cancel: Cancel | None = None) -> list[int]:
        """Ids of a text, no control token recognised in it."""
        return unpack_ids(self._worker.call("tokenize", cancel, text=text)["ids"])

    def pieces(self, ids: Sequence[int]) -> list[tuple[bytes, bool]]:
        """The bytes of each token, and whether it is a control token."""
        answer = self._worker.call("pieces", ids=pack_ids(ids))
        control = set(answer["control"])
        return [(base64.b64decode(p), place in control) for place, p in enumerate(answer["pieces"])]

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

    # --- vectors and examples -----------------------------------------------------------------------

    def embed(
        self,
        texts: Sequence[str],
        *,
        pooling: Literal["mean", "none"] = "mean",
        cancel: Cancel | None = None,
    ) -> list[Vectors]:
        """Vectors of each text: one of length 1 with `mean`, one for each token with `none`.

        Raises:
            ContextError: A text is empty or too long; nothing is ever cut.
        """
        answer = self._worker.call("embed", cancel, texts=list(texts), pooling=pooling)
        pairs = zip(answer["vectors"], answer["shapes"], strict=True)
        return [Vectors(count, width, base64.b64decode(data)) for data, (count, width) in pairs]

    def examples(
        self,
        conversations: Sequence[Conversation],
        cancel: Cancel | None = None,
        *,
        has_reasoning: bool | None = None,
        refused: dict[int, TemplateError] | None = None,
    ) -> list[Example]:
        """Conversations (`role` and `content` each) as examples: the ids that the chat would send, and which
        of them the assistant writes: its words and the token that ends its turn.

        A template that writes earlier replies otherwise than the last one gives an example for each reply.

        Args:
            refused: Takes the error of each conversation that gives no example; without it that is raised.

        Raises:
            TemplateError: The template does not take one, or it holds no reply; `data["conversation"]`.
        """
        return of_conversations(
            self._worker, conversations, cancel, has_reasoning=has_reasoning, refused=refused
        )

    def plain_examples(
        self, texts: Sequence[str], length: int, cancel: Cancel | None = None
    ) -> list[Example]:
        """Texts as examples of at most `length` tokens, all learned; after each text comes an end token."""
        return of_texts(self._worker, texts, length, cancel)
