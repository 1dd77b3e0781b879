"""Titles by the model in the real window: after a reply, never in the way, never an error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.chat import prompts, titling
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]


@pytest.fixture
def script(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Titles by the model, and what echo says to each question; the title is asked after the reply."""
    monkeypatch.setattr(titling, "WAIT_MS", 50)

    def tell(*replies: Any) -> None:
        file = tmp_path / "script.json"
        file.write_text(json.dumps(replies))
        app.settings.set("echo.script", str(file))
        app.settings.set("chat.titles", "model")

    return tell


def titles(desk: Desk) -> list[str]:
    model = desk.window.sidebar.model
    return [model.data(model.index(row)) for row in range(model.rowCount())]


def slow(text: str = "A title", at: int = 3) -> dict[str, Any]:
    return {"text": text, "fault": "slow", "at": at}


def test_a_new_conversation_is_named_after_its_first_reply(
    script: Callable[..., None], app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    script("a reply", "**Tea** in the house\n", "second reply")
    assert ask("hello there") == "a reply"
    qtbot.waitUntil(lambda: titles(desk) == ["Tea in the house"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: desk.window.windowTitle().startswith("Tea in the house"), timeout=REPLY_MS)
    assert not desk.window.desks.titles.is_asking
    ask("more")
    qtbot.wait(300)
    assert titles(desk) == ["Tea in the house"]
    assert len(app.store.visible_path(desk.window.chat.conversation.id)) == 4


def test_first_words_where_the_setting_says_so(
    script: Callable[..., None], app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    script("a reply", "Tea")
    app.settings.set("chat.titles", "words")
    ask("hello there")
    qtbot.wait(400)
    assert titles(desk) == ["hello there"]


def test_a_question_does_not_wait_for_a_title_and_the_title_comes_later(
    script: Callable[..., None], app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    script("a reply", slow("second reply", at=0), "Tea")
    ask("hello there")
    qtbot.waitUntil(lambda: desk.window.desks.titles.is_asking, timeout=REPLY_MS)
    qtbot.wait(200)
    desk.window.chat.send("more")  # a slow reply takes a minute: this one is stopped too
    qtbot.waitUntil(lambda: not desk.window.desks.titles.is_asking, timeout=3000)
    live = desk.window.chat.live
    assert live is not None
    qtbot.waitUntil(lambda: live.is_saved, timeout=3000)
    desk.window.chat.stop()
    qtbot.waitUntil(lambda: desk.window.chat.live is None, timeout=REPLY_MS)
    qtbot.wait(300)
    assert titles(desk) == ["hello there"] and not desk.window.desks.titles.is_asking


def test_a_title_that_made_way_is_asked_for_again(
    script: Callable[..., None], app: App, desk: Desk, qtbot: QtBot, ask: Ask, tmp_path: Path
) -> None:
    script("a reply", slow())
    ask("hello there")
    qtbot.waitUntil(lambda: desk.window.desks.titles.is_asking, timeout=REPLY_MS)
    (tmp_path / "script.json").write_text(json.dumps(["a reply", "Tea"]))
    seen: list[object] = []
    look = prompts.preview_prompt(app=app, conversation_id=desk.window.chat.conversation.id, text="x")
    desk.window.runner.start(look, done=seen.append)
    qtbot.waitUntil(lambda: bool(seen), timeout=5000)
    qtbot.waitUntil(lambda: titles(desk) == ["Tea"], timeout=REPLY_MS)


def test_stop_ends_a_title_for_good(script: Callable[..., None], desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    script("a reply", slow())
    ask("hello there")
    qtbot.waitUntil(lambda: desk.window.desks.titles.is_asking, timeout=REPLY_MS)
    desk.window.chat.stop()
    qtbot.waitUntil(lambda: not desk.window.desks.titles.is_asking, timeout=3000)
    qtbot.wait(300)
    assert not desk.window.desks.titles.is_asking and titles(desk) == ["hello there"]


def test_closing_the_window_ends_a_title(
    script: Callable[..., None], app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    script("a reply", slow())
    ask("hello there")
    qtbot.waitUntil(lambda: desk.window.desks.titles.is_asking, timeout=REPLY_MS)
    desk.window.close()
    qtbot.waitUntil(lambda: not app.jobs.live, timeout=3000)
    assert [c.title for c in app.store.conversations()] == ["hello there"]


def test_a_fault_while_a_title_is_asked_for_is_not_shown(
    script: Callable[..., None], app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    script("a reply", {"text": "A title", "fault": "crash", "at": 2}, "second")
    ask("hello there")
    qtbot.waitUntil(lambda: not app.engines.loaded, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: not desk.window.desks.titles.is_asking, timeout=REPLY_MS)
    qtbot.wait(300)
    assert desk.window.chat.notices.isHidden()
    assert not app.engines.loaded, "no engine is started for a title"
    assert titles(desk) == ["hello there"]


def test_a_renamed_conversation_is_not_asked_about(
    script: Callable[..., None], app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    script("a reply", slow("Tea", at=0))
    ask("hello there")
    qtbot.waitUntil(lambda: desk.window.desks.titles.is_asking, timeout=REPLY_MS)
    desk.window.sidebar.model.renamed.emit(desk.window.chat.conversation.id, "Mine")
    qtbot.waitUntil(lambda: titles(desk) == ["Mine"], timeout=REPLY_MS)
    desk.window.chat.stop()
    qtbot.waitUntil(lambda: not desk.window.desks.titles.is_asking, timeout=3000)
    assert titles(desk) == ["Mine"]
