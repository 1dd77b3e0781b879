"""Messages into the ids that are sent, with the template of the file or the one a person has chosen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from teahouse.engine.reasoning import opened_by
from teahouse.engine.roles import repairs
from teahouse.engine.template import ChatTemplate, tokenize_chat
from teahouse.errors import TemplateError, TemplateRefused
from teahouse.language import _
from teahouse.workers.wire import pack_ids, unpack_ids

if TYPE_CHECKING:
    from teahouse.engine.llama.model import LlamaModel


class PromptMaker:
    """The chat template of one loaded model.

    Args:
        chosen: Name of a built-in format; empty takes the file's own.
    """

    def __init__(self, model: LlamaModel, chosen: str = "") -> None:
        self._model = model
        self._chosen = chosen
        self._control = model.control_tokens()
        self._template: ChatTemplate | None = None

    def facts(self) -> dict[str, Any]:
        """What `load` tells of it."""
        source = self._source()
        return {
            "has_template": bool(source),
            "template": hashlib.sha256(source.encode()).hexdigest()[:16] if source else "",
            "can_switch_reasoning": "enable_thinking" in source,
        }

    def render(
        self, messages: list[dict[str, Any]], *, tools: list[dict[str, Any]], has_reasoning: bool | None
    ) -> dict[str, Any]:
        """`{text, ids, repair, reasoning}` of the messages.

        Raises:
            TemplateError: There is no template, it failed, or it refuses these messages.
        """
        known = [{**m, "ids": unpack_ids(m["ids"])} if "ids" in m else m for m in messages]
        refusals = []
        for repair, candidate in repairs(known):
            try:
                return {**self._render(candidate, tools, has_reasoning), "repair": repair}
            except TemplateRefused as error:
                refusals.append(error)
        raise refusals[0]

    def _render(
        self, messages: list[dict[str, Any]], tools: list[dict[str, Any]], has_reasoning: bool | None
    ) -> dict[str, Any]:
        model = self._model
        text, ids = tokenize_chat(
            self._own_template(), messages, control=self._control, tokenize=model.tokenize
        )
        if model.bos is not None and ids[:1] != [model.bos]:
            ids.insert(0, model.bos)
        return {"text": text, "ids": pack_ids(ids), "reasoning": opened_by(text)}

    def _source(self) -> str:
        return self._model.metadata("tokenizer.chat_template")

    def _own_template(self) -> ChatTemplate:
        if self._template is None:
            source = self._source()
            if not source:
                raise TemplateError(
                    _("This model's file carries no chat template."),
                    _("It continues texts and was not made for chatting; choose an instruct or chat model."),
                )
            self._template = ChatTemplate(
                source, bos=self._model.special_text("bos"), eos=self._model.special_text("eos")
            )
        return self._template
