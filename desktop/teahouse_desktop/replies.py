"""Replies on their way: what has arrived of each, and what is going on, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from teahouse.ids import now_ms
from teahouse.jobs import Job
from teahouse.messages import Message, MessageState, ModelLoading, Part, PromptRead, Role
from teahouse_desktop.languages import translate
from teahouse_desktop.progress import percent
from teahouse_desktop.shown import Shown


@dataclass(eq=False)
class LiveReply:
    """A reply that is being made.

    Attributes:
        question: What the person wrote; empty when an earlier message is answered again.
        replaces: Id of the message whose new version this is; empty at the end of a conversation.
        user_id: Id of the saved question; empty until it is on disk.
        reply_id: Id of the saved reply; empty until it is on disk.
        text: What has arrived.
    """

    conversation_id: str
    question: str = ""
    replaces: str = ""
    job: Job | None = None
    user_id: str = ""
    reply_id: str = ""
    text: str = ""
    status: str = ""

    @property
    def is_saved(self) -> bool:
        """Whether the store knows of it."""
        return bool(self.reply_id)

    def shown(self) -> list[Shown]:
        """It as messages for the transcript: the question, if there is one, and the reply."""
        reply = Shown(_message(self, "assistant", self.reply_id, self.text), status=self.status)
        if not self.question:
            return [reply]
        return [Shown(_message(self, "user", self.user_id, self.question)), reply]


def describe(event: object, *, others: int = 0) -> str:
    """What is going on, in words; empty when `event` says nothing about it."""
    if event is None:
        if others:
            return translate("Replies", "Waits until another reply has ended …")
        return translate("Replies", "Starting …")
    if isinstance(event, ModelLoading):
        text = translate("Replies", "Loading the model … {percent}")
        return text.format(percent=percent(event.fraction))
    if isinstance(event, PromptRead):
        if event.done >= event.total:
            return translate("Replies", "Thinking …")
        done = (event.done - event.cached) / max(1, event.total - event.cached)
        return translate("Replies", "Reading the conversation … {percent}").format(percent=percent(done))
    return translate("Replies", "Writing …")


def _message(live: LiveReply, role: Role, message_id: str, text: str) -> Message:
    parts = (Part("text", text),) if text else ()
    state: MessageState = "streaming" if role == "assistant" else "complete"
    return Message(message_id, live.conversation_id, None, role, state, now_ms(), parts)


def merge(stored: Sequence[Shown], live: LiveReply | None) -> list[Shown]:
    """What the store knows, and what has arrived since of the reply that is being made."""
    shown = list(stored)
    if live is None:
        return shown
    ids = {live.reply_id, live.user_id} - {""}
    shown = [one for one in shown if one.message.id not in ids]
    places = [place for place, one in enumerate(shown) if one.message.id == live.replaces]
    return shown[: places[0] if places else len(shown)] + live.shown()
