"""What is asked in two ways, and how at first: the question, its page, the models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from teahouse.chat.question import sampling_of, value_of
from teahouse.errors import SettingError
from teahouse.messages import Conversation, Message
from teahouse_desktop.beside.compare import Way
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.language.languages import translate
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse.app import App


def models_at(place: Workplace) -> list[str]:
    """Names of the models that can be asked."""
    return [model.name for model in place.topbar.picker.models.models if not model.problem]


def ways_for(place: Workplace, chat: ChatPage, *, last: tuple[Way, Way] | None) -> tuple[Way, Way]:
    """The ways of the last time while their models are still here, else the usual ones.

    Those are the conversation's own, and the same from another model, or steady instead of varied.
    """
    models = models_at(place)
    if last and all(way.model in models for way in last):
        return last
    facts = chat.conversation.facts
    name = place.topbar.picker.meant_by(facts.model if facts else "")
    temperature = temperature_of(place.app, chat.conversation.settings, name)
    others = [model for model in models if model != name]
    if others:
        return Way(name, temperature), Way(others[0], temperature)
    return Way(name, temperature), Way(name, 0.0 if temperature else 1.0)


def temperature_of(app: App, own: Mapping[str, Any], model: str) -> float:
    """The temperature in force in a conversation with these settings of its own."""
    conversation = Conversation("", "", 0, 0, model=model, settings=dict(own))
    try:
        return sampling_of(app, conversation, model).temperature
    except SettingError:  # its values do not go together, which is told when it is asked
        return float(value_of(app, conversation, "chat.temperature", model))


def chat_with(place: Workplace, message_id: str) -> ChatPage:
    """The page that shows a message; the one on which people work where none does."""
    chats = (chat for chat in place.chats if chat.transcript.column.index_of(message_id) >= 0)
    return next(chats, place.active) if message_id else place.active


def tell_why_not(chat: ChatPage) -> None:
    """Say why nothing can be asked in two ways now."""
    text = translate("CompareDesk", "A reply is being made in this conversation.")
    hint = translate("CompareDesk", "Two models can be asked when it has ended.")
    if chat.live is None:
        text = translate("CompareDesk", "An earlier message is being edited.")
        hint = translate("CompareDesk", "Two models can be asked when it is sent or cancelled.")
    chat.notices.show_text(text, hint)


def question_of(chat: ChatPage, message_id: str) -> Message | None:
    """The message that is asked again: the one named, the one that a reply answers, or the last one."""
    items = chat.transcript.column.items
    index = chat.transcript.column.index_of(message_id or chat.last_message_id("user"))
    while index >= 0 and not items[index].is_user:
        index -= 1
    return items[index].shown.message if index >= 0 else None


def reply_to(chat: ChatPage, question_id: str) -> str:
    """Id of the reply below a question; empty for none."""
    items = chat.transcript.column.items
    below = chat.transcript.column.index_of(question_id) + 1
    return items[below].shown.message.id if 0 < below < len(items) else ""


def versions_of(chat: ChatPage, message_id: str) -> tuple[str, ...]:
    """Ids of all versions of a message."""
    index = chat.transcript.column.index_of(message_id)
    return chat.transcript.column.items[index].shown.sibling_ids if index >= 0 else ()
