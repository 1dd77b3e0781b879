"""The verbs of a model's child that make what can be learned; see `example` for the other side."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Protocol

from teahouse.engine.learned import Lesson
from teahouse.errors import EngineError, TemplateError
from teahouse.language import _
from teahouse.workers.child import Call
from teahouse.workers.wire import pack_ids


class Maker(Protocol):
    """What makes examples of the loaded model."""

    def lessons(self, messages: list[dict[str, Any]], has_reasoning: bool | None) -> list[Lesson]:
        """Examples of one conversation."""

    def plain_lessons(self, text: str, length: int) -> list[Lesson]:
        """Examples of a text."""


class Teaching:
    """The two verbs; a vocabulary without weights is enough for them."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker

    def examples(
        self, call: Call, *, conversations: list[list[dict[str, Any]]], has_reasoning: bool | None = None
    ) -> dict[str, Any]:
        """Conversations as `examples` and `refused` (text, hint), each with its `owner`."""
        made: list[dict[str, Any]] = []
        refused = []
        for owner, messages in enumerate(conversations):
            _check_not_stopped(call)
            try:
                made += _packed(self._maker.lessons(messages, has_reasoning), owner)
            except TemplateError as error:
                refused.append({"owner": owner, "text": error.text, "hint": error.hint})
        return {"examples": made, "refused": refused}

    def plain_examples(self, call: Call, *, texts: list[str], length: int) -> dict[str, Any]:
        """Texts as `examples` of at most `length` tokens, each with its `owner`."""
        made: list[dict[str, Any]] = []
        for owner, text in enumerate(texts):
            _check_not_stopped(call)
            made += _packed(self._maker.plain_lessons(text, length), owner)
        return {"examples": made}


def _packed(lessons: Sequence[Lesson], owner: int) -> list[dict[str, Any]]:
    return [
        {"owner": owner, "ids": pack_ids(ids), "learned": base64.b64encode(bytes(learned)).decode("ascii")}
        for ids, learned in lessons
    ]


def _check_not_stopped(call: Call) -> None:
    if call.is_cancelled:
        raise EngineError(_("Stopped."))
