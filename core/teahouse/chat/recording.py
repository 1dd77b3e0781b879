"""What is stored of one turn: the reply while it grows, and at its end what made it."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from teahouse.chat.adapter_changes import as_stored
from teahouse.chat.beginning import could_not_go_on
from teahouse.chat.inquiry import Answered
from teahouse.chat.sources import Sources, review
from teahouse.chat.summary import Summary
from teahouse.errors import AppError, EngineCrashed, OutOfMemory
from teahouse.jobs import Cancel
from teahouse.messages import (
    ContextFitted,
    Conversation,
    Generation,
    MessageState,
    Part,
    StreamEvent,
    TextDelta,
)

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.store import Store

TextKind = Literal["text", "reasoning"]

SLICE_S = 0.5
"""Longest time that text of a reply is not on disk yet."""


class Record:
    """Keeps one reply, which is in the store already, up to date on disk.

    Args:
        told_alone: What the model is told before, for this reply alone; None for the conversation's.
        begins_with: The stored reply whose tokens this one goes on after; empty for none.

    Attributes:
        answered: What has been answered so far; whoever asks the model fills it.
        sources: What was found for the question; None for nothing.
        corrected: The reply's text where plugins have corrected it.
    """

    def __init__(
        self,
        app: App,
        conversation: Conversation,
        reply_id: str,
        cancel: Cancel,
        *,
        told_alone: str | None = None,
        begins_with: str = "",
    ) -> None:
        self._app, self._store, self._conversation = app, app.store, conversation
        self._reply_id, self._cancel = reply_id, cancel
        self._told_alone, self._begins_with = told_alone, begins_with
        self._unsaved: dict[TextKind, str] = {}
        self._saved_at = time.monotonic()
        self._kept_summary: Summary | None = None
        self.answered = Answered()
        self.sources: Sources | None = None
        self.corrected: str | None = None

    def keep(self, event: StreamEvent | None) -> None:
        """Store what an event brings; text at least each `SLICE_S`."""
        if isinstance(event, ContextFitted):
            self._keep_fitted(event)
        if isinstance(event, TextDelta):
            self._unsaved[event.kind] = self._unsaved.get(event.kind, "") + event.text
        if self._unsaved and time.monotonic() - self._saved_at >= SLICE_S:
            self._flush()

    def keep_sources(self) -> None:
        """Store what was searched with the reply, before it is sent and with what of it was sent."""
        if self.sources is not None:
            part = self.sources.as_part(self.answered.sent)
            self._store.add_part(
                self._reply_id, part.kind, part.data, source=part.source, is_trusted=part.is_trusted
            )

    def finish(self, error: AppError | None) -> None:
        """Give the reply its last state, with what plugins say of it and what really happened."""
        self._flush()
        self._store.finish_message(
            self._reply_id,
            self._state(error),
            parts=self._reviewed(),
            generation=self._generation(),
            error=None if error is None else (error.text, error.hint),
        )

    # --- inside -----------------------------------------------------------------------------------

    def _keep_fitted(self, event: ContextFitted) -> None:
        """Store what was sent and left out with the reply, and a summary with the last message it covers."""
        self.keep_sources()
        made = self.answered.summary
        if made is not None and made.message_id and made is not self._kept_summary:
            self._store.add_part(
                made.message_id, "summary", made.text, source=made.source, is_trusted=made.is_trusted
            )
            self._kept_summary = made
        if event.not_sent or event.repair:
            told = {name: value for name, value in asdict(event).items() if name != "reply_id"}
            self._store.add_part(self._reply_id, "context", json.dumps(told))

    def _flush(self) -> None:
        unsaved, self._unsaved = self._unsaved, {}
        for kind, text in unsaved.items():
            self._store.append_text(self._reply_id, text, kind)
        self._saved_at = time.monotonic()

    def _reviewed(self) -> list[Part]:
        """What plugins add to the reply or correct of it, also where it broke off."""
        reply = self._store.message(self._reply_id)
        if not reply.text:
            return []
        parts = review(self._app, self._conversation, words_of(self._store, reply.parent_id), reply)
        self.corrected = next((part.data for part in reversed(parts) if part.kind == "text"), None)
        return parts

    def _state(self, error: AppError | None) -> MessageState:
        if self._cancel.is_set():
            return "stopped"
        has_begun = bool(self.answered.text or self.answered.reasoning)
        if isinstance(error, EngineCrashed) or (isinstance(error, OutOfMemory) and has_begun):
            return "partial"
        return "failed" if error is not None else "complete"

    def _generation(self) -> Generation | None:
        done = self.answered
        if done.model is None or not done.prompt_ids:
            return self._kept_generation()
        adapters, told = as_stored(done.adapters, done.begun + len(done.ids))
        return Generation(
            message_id=self._reply_id,
            model=done.model.name,
            model_hash=done.model_hash,
            ids=tuple(done.ids),
            prompt_ids=tuple(done.prompt_ids),
            adapters=adapters,
            sampling=done.sampling.as_json(),
            seed=done.sampling.seed or 0,
            usage=done.usage,
            timings=done.timings,
            finish_reason="stopped" if self._cancel.is_set() else done.finish_reason,
            engine={**self._engine(), **told},
        )

    def _kept_generation(self) -> Generation | None:
        """What is known of a reply that nothing was computed for: what it was to go on with."""
        if not self._begins_with:
            return None
        made = self._store.generation(self._begins_with)
        if made is None:
            return None
        return could_not_go_on(made, self._reply_id, is_stopped=self._cancel.is_set())

    def _engine(self) -> dict[str, Any]:
        """How the engine was set, and what this reply alone was told before."""
        own, engine = self._told_alone, self.answered.engine
        return engine if own is None else {**engine, "system_prompt": own}


def words_of(store: Store, message_id: str | None) -> str:
    """A person's own words; empty where it is no message of theirs."""
    message = store.message(message_id) if message_id else None
    return message.text if message is not None and message.role == "user" else ""
