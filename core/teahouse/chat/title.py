"""A title for a conversation, asked of the model that has just answered in it.

It is asked for at the end of the prompt that was read already, and forgotten by the model afterwards, so
that the next turn finds everything as the reply left it. Nothing here is worth an error message: where
there is no good title, the first words stay.
"""

from __future__ import annotations

import logging
from array import array
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse.chat.adapter_changes import sets_of
from teahouse.chat.history import Entry, read_history
from teahouse.chat.question import system_prompt_of
from teahouse.chat.title_text import clean_title, is_han_text, is_whole
from teahouse.engine.cache import count_common
from teahouse.engine.loaded import Adapter, Engine, Rendered
from teahouse.engine.sampling import Sampling
from teahouse.errors import EngineCrashed, OutOfMemory
from teahouse.events import changed
from teahouse.jobs import Cancel, Work
from teahouse.messages import Conversation, Generation, Message
from teahouse.models.adapter_choice import paths_of
from teahouse.store.conversations import make_title
from teahouse.workers.process import WAITING

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)

# Read by the model: not translated, but in the language of the conversation where small models need it.
ASK = (
    "Write a title for our conversation above, in the language I wrote in: what it is about, in at most"
    " eight words. Answer with nothing but the title."
)
ASK_HAN = "请用中文给我们上面的对话起一个标题：概括主题，最多十六个字。只回答标题本身，不要解释。"

STEADY = Sampling(temperature=0.0, seed=0)
MAX_TOKENS = 40
THINKING_TOKENS = 512
"""What a model that cannot but think first may write."""

READ_AT_MOST = 512
"""Tokens that are read for a title; where it takes more, the first words do."""

REPLIES = 3
"""A title that was not made after the first reply is tried again until there are so many."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a title is asked for: the conversation as it stands, and how its last reply was made."""

    conversation: Conversation
    path: Sequence[Message]
    made: Generation


def give_title(app: App, conversation_id: str) -> Work:
    """Work that lets the model name a conversation; returns the new title, empty where there is none.

    Only a conversation that still has its first words for a title gets one, in its first replies, from a
    model that is in memory: none is loaded for it, or started again. A title that somebody gives meanwhile
    stays. Once `cancel` is set, nothing is stored.

    Raises:
        EngineCrashed: The engine died; it is not started again here.
        AppError: The model or its template refused, or the conversation is gone.
    """

    def work(cancel: Cancel) -> Generator[None, None, str]:
        subject = _subject(app, conversation_id)
        engine = app.engines.get(subject.made.model) if subject else None
        if subject is None or engine is None or engine.model_hash != subject.made.model_hash:
            return ""
        title = yield from _ask(app, engine, subject, cancel)
        if not title or cancel.is_set():
            return ""
        former = subject.conversation.title
        if not app.store.replace_title(conversation_id, expected=former, title=title):
            return ""
        app.events.publish(changed("conversations", conversation_id=conversation_id))
        return title

    return work


def has_own_title(app: App, conversation: Conversation, path: Sequence[Message]) -> bool:
    """Whether somebody gave the title: it is not what the first words of the conversation make."""
    if not conversation.title:
        return False
    first = next((message for message in path if message.role == "user"), None)
    versions = app.store.siblings(first.id) if first else []
    return conversation.title not in {make_title(app.store.message(one).text) for one in versions}


def _subject(app: App, conversation_id: str) -> _Subject | None:
    """What there is to name; None where a title is given, or there is no reply to go by, or too many."""
    conversation = app.store.conversation(conversation_id)
    path = app.store.visible_path(conversation_id)
    replies = [message for message in path if message.role == "assistant" and message.state == "complete"]
    is_over = not path or path[-1].role != "assistant" or path[-1].state != "complete"
    if is_over or len(replies) > REPLIES or has_own_title(app, conversation, path):
        return None
    made = app.store.generation(path[-1].id)
    return _Subject(conversation, path, made) if made is not None else None


def _ask(app: App, engine: Engine, subject: _Subject, cancel: Cancel) -> Generator[None, None, str]:
    ask = ASK_HAN if is_han_text(_first_words(subject.path)) else ASK
    try:
        rendered = _render(app, engine, subject, ask, cancel)
        most = THINKING_TOKENS if rendered.reasoning else MAX_TOKENS
        known = [*subject.made.prompt_ids, *subject.made.ids]
        new = len(rendered.ids) - count_common(array("i", known), array("i", rendered.ids))
        if cancel.is_set() or new > READ_AT_MOST or len(rendered.ids) + most > engine.context_length:
            log.info("no title for %s: %d tokens to read", subject.conversation.id, new)
            return ""
        adapters = paths_of(app, sets_of(subject.made)[-1].adapters)  # those with which it was read
        text = yield from _write(engine, rendered, most, cancel, adapters)
    except (EngineCrashed, OutOfMemory):
        app.engines.unload(engine.model.name)  # what is left of it; the next question starts it anew
        raise
    return clean_title(text, ask)


def _first_words(path: Sequence[Message]) -> str:
    return next((message.text for message in path if message.role == "user"), "")


def _render(app: App, engine: Engine, subject: _Subject, ask: str, cancel: Cancel) -> Rendered:
    system = system_prompt_of(app, subject.conversation)
    entries = [
        *([Entry("system", system)] if system else []),
        *read_history(app.store, subject.path),
        Entry("user", ask),
    ]
    return engine.render(
        [entry.as_json(engine.model_hash) for entry in entries],
        cancel,
        has_reasoning=False if engine.can_switch_reasoning else None,
    )


def _write(
    engine: Engine, rendered: Rendered, most: int, cancel: Cancel, adapters: Sequence[Adapter]
) -> Generator[None, None, str]:
    """What the model writes, until a title is whole."""
    text = ""
    steps = engine.generate(
        rendered.ids,
        sampling=STEADY,
        max_tokens=most,
        stop=(),
        cancel=cancel,
        reasoning=rendered.reasoning,
        is_aside=True,
        adapters=adapters,
    )
    try:
        for event in steps:
            if event is not WAITING and event["event"] == "text" and event.get("kind", "text") == "text":
                text += event["text"]
            yield
            if is_whole(text):
                break
    finally:
        steps.close()
    return text
