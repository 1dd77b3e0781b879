"""What is typed while a new conversation is on its way to the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.messages import Conversation
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui


@pytest.fixture
def held(app: App, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """No conversation is made before this is set."""
    go, create = threading.Event(), app.store.create_conversation

    def wait(**given: str) -> Conversation:
        go.wait(20)
        return create(**given)

    monkeypatch.setattr(app.store, "create_conversation", wait)
    return go


def begin(desk: Desk) -> None:
    """Type a draft whose conversation is being made, and go on typing."""
    chat = desk.window.chat
    chat.composer.set_text("first words")
    chat.keep_draft()
    assert chat.conversation.id == ""
    chat.composer.set_text("first words and all the others")


def test_what_was_typed_since_is_kept_when_the_window_closes(
    app: App, desk: Desk, held: threading.Event
) -> None:
    begin(desk)
    threading.Timer(0.05, held.set).start()
    desk.window.close()
    assert [one.draft for one in app.store.conversations()] == ["first words and all the others"]


def test_what_was_typed_since_is_kept_when_another_conversation_is_opened(
    app: App, desk: Desk, held: threading.Event, qtbot: QtBot
) -> None:
    begin(desk)
    desk.window.chat.open("")
    held.set()
    qtbot.waitUntil(
        lambda: [one.draft for one in app.store.conversations()] == ["first words and all the others"],
        timeout=REPLY_MS,
    )


def test_a_message_that_could_not_begin_is_kept_with_what_came_behind_it(
    app: App, desk: Desk, held: threading.Event
) -> None:
    chat = desk.window.chat
    chat.send("a question")
    chat.composer.set_text("and more")
    threading.Timer(0.05, held.set).start()
    desk.window.close()
    [kept] = app.store.conversations()
    assert "a question" in kept.draft and "and more" in kept.draft


@pytest.mark.expected_log
def test_a_conversation_that_could_not_be_made_is_made_once_more(
    app: App, open_window: Callable[[], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    create, tries = app.store.create_conversation, list[int]()

    def fail_once(**given: str) -> Conversation:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk is full")
        return create(**given)

    desk = open_window()
    monkeypatch.setattr(app.store, "create_conversation", fail_once)
    begin(desk)
    desk.window.close()
    assert [one.draft for one in app.store.conversations()] == ["first words and all the others"]
