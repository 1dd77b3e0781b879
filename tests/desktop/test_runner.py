"""Operations on their way, while windows and dialogs go."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.jobs import Cancel, Work
from teahouse_desktop import operations
from teahouse_desktop.bridge import Bridge
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import Runner

pytestmark = pytest.mark.gui


class Dialog(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def take(self, value: object) -> None:
        self.heard.append(value)


def held(go: threading.Event, result: object) -> Work:
    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        go.wait(20)
        return result
        yield

    return work


@pytest.fixture
def runner(app: App) -> Runner:
    return Runner(app, Bridge(app.events))


def test_a_dialog_that_is_gone_is_told_nothing(runner: Runner, qtbot: QtBot) -> None:
    go, gone, still = threading.Event(), Dialog(), Dialog()
    operation = Operation("Test", held(go, 7))
    for dialog in (gone, still):
        runner.start(operation, done=dialog.take)
    shiboken6.delete(gone)
    go.set()
    qtbot.waitUntil(lambda: still.heard == [7], timeout=10_000)
    assert gone.heard == []


def test_the_last_draft_stays_when_the_window_closes(app: App, runner: Runner) -> None:
    made = app.store.create_conversation()
    go = threading.Event()
    runner.start(Operation("Test", held(go, None), "drafts"))
    runner.start(operations.save_draft(app=app, conversation_id=made.id, text="older"))
    threading.Timer(0.05, go.set).start()
    runner.finish(operations.save_draft(app=app, conversation_id=made.id, text="newest"))
    assert app.store.conversation(made.id).draft == "newest"
