"""Which limit has ended a reply."""

from __future__ import annotations

from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.ending import Limit, limit_of, limit_reached
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.jobs import Cancel
from teahouse.messages import FinishReason, Generation, Usage


def reply_to(app: App, chat: str, text: str, **options: Any) -> Generation:
    for _event in take_turn(app, TurnRequest(chat, text, **options))(Cancel()):
        pass
    kept = app.store.generation(app.store.visible_path(chat)[-1].id)
    assert kept is not None
    return kept


@pytest.mark.parametrize(
    ("finish_reason", "written", "context", "limit"),
    [
        ("length", 100, 400, "context"),
        ("length", 99, 400, "max_tokens"),
        ("length", 100, 0, "max_tokens"),
        ("stop", 100, 400, ""),
        ("stopped", 100, 400, ""),
        ("error", 100, 400, ""),
    ],
)
def test_the_limit(finish_reason: FinishReason, written: int, context: int, limit: Limit) -> None:
    assert limit_reached(finish_reason, Usage(300, 0, written), context) == limit


def test_a_stored_reply_tells_which_limit_ended_it(app: App) -> None:
    app.settings.set("engine.context", 512)
    app.settings.set("echo.delay_ms", 0)
    for text, options, limit in [
        ("x" * 300, {}, "context"),
        ("x" * 300, {"max_tokens": 20}, "max_tokens"),
        ("x" * 20, {}, ""),
    ]:
        chat = app.store.create_conversation(model="echo/echo").id
        kept = reply_to(app, chat, text, **options)
        assert kept.finish_reason == ("length" if limit else "stop")
        assert limit_of(kept) == limit


@pytest.mark.gguf
def test_the_context_that_is_kept_is_the_real_one(app: App, starter: Any) -> None:
    """llama.cpp makes a context of whole blocks, so that more fits than was asked for."""
    app.settings.set("engine.context", 300)
    app.settings.set("chat.temperature", 0.0)  # a reply by chance may end before
    chat = app.store.create_conversation(model=str(starter)).id
    about = "Write down all numbers from one to a thousand, in words. " * 20
    kept = reply_to(app, chat, about, max_tokens=4096)
    assert kept.engine["context"] > 300
    assert kept.usage.prompt_tokens + kept.usage.completion_tokens == kept.engine["context"]
    assert limit_of(kept) == "context"
