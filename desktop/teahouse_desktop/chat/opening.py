"""Reads a conversation as the transcript shows it."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from teahouse.errors import ModelError
from teahouse.jobs import Cancel
from teahouse.messages import Conversation, Message
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation

if TYPE_CHECKING:
    from teahouse.app import App

FIRST = 40
"""Messages at the end of a conversation whose statistics are read before it is shown."""

NOTHING: Mapping[str, Shown] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation with the messages of its visible path."""

    conversation: Conversation
    shown: tuple[Shown, ...]


def open_conversation(*, app: App, conversation_id: str, known: Mapping[str, Shown] = NOTHING) -> Operation:
    """Read a conversation and what it shows; the result is `Opened`.

    A long one is yielded before as an `Opened` in which only the last messages have their statistics
    and versions. Messages in `known` that have not changed are not read again.
    """

    def work(cancel: Cancel) -> Generator[Opened, None, Opened]:
        conversation = app.store.conversation(conversation_id)
        path = app.store.visible_path(conversation_id)
        shown = [_known(message, known) for message in path]
        last = _read(app, conversation, shown[-FIRST:])
        if any(one.is_bare for one in shown[:-FIRST]):
            yield Opened(conversation, (*shown[:-FIRST], *last))
        return Opened(conversation, (*_read(app, conversation, shown[:-FIRST]), *last))

    return Operation(translate("Operations", "Opening the conversation"), work)


def read_messages(app: App, messages: Sequence[Message]) -> list[Shown]:
    """Messages of one conversation with what else is stored of them, on whichever branch they are."""
    if not messages:
        return []
    conversation = app.store.conversation(messages[0].conversation_id)
    return _read(app, conversation, [Shown(message) for message in messages])


def _known(message: Message, known: Mapping[str, Shown]) -> Shown:
    before = known.get(message.id)
    return before if before is not None and before.message == message else Shown(message)


def _read(app: App, conversation: Conversation, shown: Sequence[Shown]) -> list[Shown]:
    """The same with what else is stored of the bare ones: statistics, versions, what went wrong."""
    bare = [one.message for one in shown if one.is_bare]
    made = app.store.generations(message.id for message in bare if message.role == "assistant")
    siblings = app.store.siblings_of(message.id for message in bare)
    lacks_format = any(message.state == "failed" for message in bare) and _lacks_format(app, conversation)
    read = {}
    for message in bare:
        error, hint = _error(message)
        read[message.id] = Shown(
            message,
            made.get(message.id),
            tuple(siblings.get(message.id, ())),
            error,
            hint,
            lacks_format=lacks_format and message.state == "failed",
        )
    return [read.get(one.message.id, one) for one in shown]


def _error(message: Message) -> tuple[str, str]:
    words = "\n".join(part.data for part in message.parts if part.kind == "error")
    error, _, hint = words.partition("\n")
    return error, hint


def _lacks_format(app: App, conversation: Conversation) -> bool:
    """Whether the model in memory carries no chat template and no format has been chosen for it."""
    from teahouse.chat.question import wanted_model

    try:
        name = wanted_model(app, conversation)
    except ModelError:
        return False
    engine = app.engines.get(name)
    has_none = engine is not None and engine.facts.get("has_template") is False
    return has_none and not app.settings.get("engine.template", name)
