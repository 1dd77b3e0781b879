"""What of a conversation was sent with a question, as the window shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from teahouse.language import sentences
from teahouse.messages import ContextFitted, Message
from teahouse_desktop.language.languages import translate


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was left out of a prompt, and what was done to the rest.

    Attributes:
        not_sent: Ids of the messages that were left out, oldest first.
        is_summarised: Whether a summary stood for them.
        repair: What was done to roles that the template does not take (see `teahouse.engine.roles`).
    """

    not_sent: tuple[str, ...] = ()
    is_summarised: bool = False
    repair: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything was sent as it is."""
        return not self.not_sent and not self.repair


def stored_in(message: Message) -> Fitted | None:
    """What a reply's part of kind `context` says; None where there is none that can be read."""
    data = next((part.data for part in reversed(message.parts) if part.kind == "context"), "")
    return _read(data) if data else None


def told_by(event: ContextFitted) -> Fitted:
    """The same from the event of a running turn."""
    return Fitted(tuple(event.not_sent), event.is_summarised, event.repair)


def in_words(fitted: Fitted | None) -> str:
    """What was not sent and what was changed, in sentences; empty when everything was sent as it is."""
    if fitted is None:
        return ""
    return sentences(_left_out(fitted), repair_in_words(fitted.repair))


def missing_in_words(fitted: Fitted) -> str:
    """How many messages will not be sent; empty for none."""
    count = len(fitted.not_sent)
    if not count:
        return ""
    if count == 1:
        return translate("Fitted", "1 message will not be sent")
    return translate("Fitted", "{count} messages will not be sent").format(count=count)


def repair_in_words(repair: str) -> str:
    """What was done to the roles of messages; empty for nothing."""
    if not repair:
        return ""
    if repair == "joined":
        return translate("Fitted", "Messages of one speaker in a row are sent as one, as the model asks for.")
    if repair == "system":
        return translate(
            "Fitted", "The system prompt is sent with the first question: the model takes no other."
        )
    return translate(
        "Fitted",
        "The system prompt is sent with the first question, and messages of one speaker in a row as one: "
        "the model takes no other.",
    )


def _left_out(fitted: Fitted) -> str:
    count = len(fitted.not_sent)
    if not count:
        return ""
    if fitted.is_summarised and count == 1:
        return translate("Fitted", "1 earlier message was replaced by a summary: the context is full.")
    if fitted.is_summarised:
        text = translate(
            "Fitted", "{count} earlier messages were replaced by a summary: the context is full."
        )
    elif count == 1:
        return translate("Fitted", "1 earlier message was not sent: the context is full.")
    else:
        text = translate("Fitted", "{count} earlier messages were not sent: the context is full.")
    return text.format(count=count)


@lru_cache(256)
def _read(data: str) -> Fitted | None:
    try:
        facts: Any = json.loads(data)
    except ValueError:
        return None
    if not isinstance(facts, dict) or not isinstance(facts.get("not_sent", []), list):
        return None
    ids = tuple(str(one) for one in facts.get("not_sent", []))
    return Fitted(ids, bool(facts.get("is_summarised")), str(facts.get("repair") or ""))
