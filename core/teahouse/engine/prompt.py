"""Messages into the ids that are sent, with the template of the file or the one a person has chosen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from teahouse.engine import formats
from teahouse.engine.learned import Lesson, Words, lessons, plain_lessons
from teahouse.engine.reasoning import opened_by
from teahouse.engine.roles import repairs
from teahouse.engine.splice import with_bos
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
        self._format = formats.find(chosen) if chosen else None
        self._source = self._format.source if self._format else model.metadata("tokenizer.chat_template")
        self._strips = model.strips()
        self._defined = model.defined_tokens()
        self._template: ChatTemplate | None = None

    @property
    def stop(self) -> tuple[str, ...]:
        """Texts by which a turn ends, where the vocabulary may not know it."""
        return self._format.stop if self._format else ()

    def facts(self) -> dict[str, Any]:
        """What `load` tells of it."""
        return {
            "has_template": bool(self._source),
            "template": hashlib.sha256(self._source.encode()).hexdigest()[:16] if self._source else "",
            "can_switch_reasoning": self._can("can_switch_reasoning"),
            "can_use_tools": self._can("can_use_tools"),
        }

    def _can(self, what: str) -> bool:
        try:
            return bool(getattr(self._own_template(), what))
        except TemplateError:  # missing or broken: said when it is needed
            return False

    def render(
        self, messages: list[dict[str, Any]], *, tools: list[dict[str, Any]], has_reasoning: bool | None
    ) -> dict[str, Any]:
        """`{text, ids, repair, reasoning}` of the messages.

        Raises:
            TemplateError: There is no template, it failed, or it refuses these messages.
        """
        known = [self._with_ids(message) for message in messages]
        refusals = []
        for repair, candidate in repairs(known):
            try:
                return {**self._render(candidate, tools, has_reasoning), "repair": repair}
            except TemplateRefused as error:
                refusals.append(error)
        raise refusals[0]

    def lessons(self, messages: list[dict[str, Any]], has_reasoning: bool | None) -> list[Lesson]:
        """Examples to learn from, of one conversation; see `learned.lessons`."""
        return lessons(self._own_template(), messages, self._words, has_reasoning=has_reasoning)

    def plain_lessons(self, text: str, length: int) -> list[Lesson]:
        """Examples to learn from, of a text; see `learned.plain_lessons`."""
        return plain_lessons(text, self._words, length=length)

    @property
    def _words(self) -> Words:
        model = self._model
        return Words(
            model.control_tokens(),
            model.tokenize,
            model.piece,
            model.is_end,
            bos=model.bos,
            eos=model.eos,
            strips=self._strips,
            defined=self._defined,
        )

    def _with_ids(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message with its ids as numbers; without them where one is no token of this model."""
        ids = unpack_ids(message.get("ids", ""))
        rest = {key: value for key, value in message.items() if key != "ids"}
        return {**rest, "ids": ids} if ids and all(map(self._model.is_token, ids)) else rest

    def _render(
        self, messages: list[dict[str, Any]], tools: list[dict[str, Any]], has_reasoning: bool | None
    ) -> dict[str, Any]:
        model = self._model
        text, ids = tokenize_chat(
            self._own_template(),
            messages,
            control=model.control_tokens(),
            tokenize=model.tokenize,
            piece=model.piece,
            strips=self._strips,
            defined=self._defined,
            tools=tools,
            has_reasoning=has_reasoning,
        )
        return {"text": text, "ids": pack_ids(with_bos(ids, model.bos)), "reasoning": opened_by(text)}

    def _own_template(self) -> ChatTemplate:
        if self._template is None:
            if not self._source:
                raise TemplateError(
                    _("This model's file carries no chat template."),
                    _(
                        "It was hardly made for chatting. Choose a chat model, or a format for this one"
                        " (engine.template in the model's settings)."
                    ),
                    formats=formats.names(),
                )
            self._template = ChatTemplate(
                self._source, bos=self._model.special_text("bos"), eos=self._model.special_text("eos")
            )
        return self._template
