"""Replies on their way: what has arrived of each, and what is going on, in words."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from teahouse.chat.attachments import as_part
from teahouse.ids import now_ms
from teahouse.jobs import Job
from teahouse.messages import (
    ContextFound,
    Message,
    ModelLoading,
    PromptRead,
    Searching,
    Summarising,
    TextDelta,
)
from teahouse_desktop.chat.fitted import Fitted
from teahouse_desktop.chat.shown import Shown, make_parts
from teahouse_desktop.composer.attaching import Chosen
from teahouse_desktop.language.languages import translate
from teahouse_desktop.widgets.progress import percent


@dataclass(eq=False)
class LiveReply:
    """A reply that is being made.

    Attributes:
        question: What the person wrote; empty when an earlier message is answered again.
        replaces: Id of the message whose new version this is; empty at the end of a conversation.
        user_id: Id of the saved question; empty until it is on disk.
        reply_id: Id of the saved reply; empty until it is on disk.
        text: What has arrived of the answer.
        reasoning: What has arrived of the reasoning before it.
        fitted: What was left out of the prompt; None until the turn has told.
        found: What was found for the question; None until the turn has told, or where nobody searches.
        files: What the question carries.
        is_loading: Its model is being loaded for it.
        is_stopping: The person has asked it to stop.
        can_force: It has not ended since; the engine can be ended at once.
        is_forced: The person has ended the engine.
    """

    conversation_id: str
    question: str = ""
    replaces: str = ""
    job: Job | None = None
    user_id: str = ""
    reply_id: str = ""
    text: str = ""
    reasoning: str = ""
    status: str = ""
    fitted: Fitted | None = None
    found: ContextFound | None = None
    files: tuple[Chosen, ...] = ()
    is_loading: bool = False
    is_stopping: bool = False
    can_force: bool = False
    is_forced: bool = False
    _thinking_since: float = 0.0
    _thought_s: float = 0.0

    def __post_init__(self) -> None:
        if self.is_thinking:  # it goes on with reasoning that was stopped
            self._thinking_since = time.monotonic()

    @property
    def is_saved(self) -> bool:
        """Whether the store knows of it."""
        return bool(self.reply_id)

    @property
    def has_question(self) -> bool:
        """Whether the person has said something for it: words, files or both."""
        return bool(self.question or self.files)

    @property
    def is_thinking(self) -> bool:
        """Whether reasoning arrives and the answer has not begun."""
        return bool(self.reasoning and not self.text)

    @property
    def thought_s(self) -> float:
        """How long it has been thinking, or did."""
        return time.monotonic() - self._thinking_since if self.is_thinking else self._thought_s

    def take(self, delta: TextDelta) -> None:
        """Add what has arrived."""
        if delta.kind == "reasoning":
            self._thinking_since = self._thinking_since or time.monotonic()
            self.reasoning += delta.text
            return
        if self.is_thinking:
            self._thought_s = self.thought_s
        self.text += delta.text

    def shown(self) -> list[Shown]:
        """It as messages for the transcript: the question, if there is one, and the reply."""
        reply = Shown(
            _reply(self),
            status=self.status,
            thought_s=self.thought_s,
            live_fitted=self.fitted,
            live_notice=self.found.notice if self.found else "",
            live_is_general=bool(self.found and self.found.notice and not self.found.passages),
        )
        if not self.has_question:
            return [reply]
        return [Shown(_question(self)), reply]


def describe(event: object, *, others: int = 0) -> str:
    """What is going on, in words; empty when `event` says nothing about it, or the transcript shows it."""
    if event is None:
        if others:
            return translate("Replies", "Waits until another reply has ended …")
        return translate("Replies", "Starting …")
    if isinstance(event, Searching):
        return translate("Replies", "Searching …")
    if isinstance(event, ContextFound):
        return _found(event.passages)
    if isinstance(event, ModelLoading):
        text = translate("Replies", "Loading the model … {percent}")
        return text.format(percent=percent(event.fraction))
    if isinstance(event, PromptRead):
        if event.done >= event.total:
            return translate("Replies", "Thinking …")
        done = (event.done - event.cached) / max(1, event.total - event.cached)
        return translate("Replies", "Reading the conversation … {percent}").format(percent=percent(done))
    if isinstance(event, Summarising):
        if event.subject:
            text = translate("Replies", "Summarising {name} … {percent}")
        else:
            text = translate("Replies", "Summarising earlier messages … {percent}")
        return text.format(percent=percent(event.done / max(1, event.total)), name=event.subject)
    if isinstance(event, TextDelta) and event.kind == "reasoning":
        return ""
    return translate("Replies", "Writing …")


def _found(count: int) -> str:
    if not count:
        return translate("Replies", "Nothing was found …")
    if count == 1:
        return translate("Replies", "1 passage was found …")
    return translate("Replies", "{count} passages were found …").format(count=count)


def _question(live: LiveReply) -> Message:
    files = (as_part(one.attachment) for one in live.files)
    parts = (*make_parts(reasoning="", text=live.question), *files)
    return Message(live.user_id, live.conversation_id, None, "user", "complete", now_ms(), parts)


def _reply(live: LiveReply) -> Message:
    parts = make_parts(reasoning=live.reasoning, text=live.text)
    return Message(live.reply_id, live.conversation_id, None, "assistant", "streaming", now_ms(), parts)


def merge(stored: Sequence[Shown], live: LiveReply | None) -> list[Shown]:
    """What the store knows, and what has arrived since of the reply that is being made."""
    shown = list(stored)
    if live is None:
        return shown
    ids = {live.reply_id, live.user_id} - {""}
    shown = [one for one in shown if one.message.id not in ids]
    places = [place for place, one in enumerate(shown) if one.message.id == live.replaces]
    return shown[: places[0] if places else len(shown)] + live.shown()
