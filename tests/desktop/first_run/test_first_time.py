"""Who opens the window for the first time, while plugins that bring models are still being loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, QSettings

from teahouse.app import App
from teahouse.jobs import Job
from teahouse.models.library import Model
from teahouse_desktop.first_run import first_run
from teahouse_desktop.first_run.first_time import FirstTime
from teahouse_desktop.operations import ModelList
from teahouse_desktop.workplace import Workplace

pytestmark = pytest.mark.gui

NOTHING = ModelList((), (), "", None)


def test_a_listing_while_it_was_asked_makes_it_ask_again(tmp_path: Path, qapp: object) -> None:
    answers: list[Callable[[bool | None], None]] = []
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    runner = SimpleNamespace(start=lambda _operation, done: answers.append(done))
    pages = SimpleNamespace(open=lambda name: pytest.fail(f"{name} was opened"))
    place = SimpleNamespace(memory=memory, runner=runner, pages=pages, app=None)
    parent, again = QObject(), list[bool]()
    first_time = FirstTime(cast(Workplace, place), lambda: again.append(True), parent)
    first_time.look(NOTHING)
    first_time.look(NOTHING)  # a plugin has come: what is asked may not have seen it
    assert len(answers) == 1
    answers[0](True)
    assert again == [True]
    first_time.look(ModelList((Model("echo/echo", "echo"),), (), "", None))
    assert memory.value(first_run.DONE)


def test_a_plugin_that_comes_while_the_models_are_listed_is_still_to_come(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_come = [True]

    def list_none() -> list[Any]:
        to_come[0] = False
        return []

    monkeypatch.setattr(first_run, "_has_plugins_to_come", lambda _app: to_come[0])
    monkeypatch.setattr(app.models, "list", list_none)
    operation = first_run.is_first_time(app=app)
    assert Job(operation.title, operation.work).run(lambda _event: None).result is None
    assert Job(operation.title, operation.work).run(lambda _event: None).result is True
