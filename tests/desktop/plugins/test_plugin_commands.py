from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from teahouse import Command, Setting, hookimpl
from teahouse.app import App
from teahouse.errors import AppError
from teahouse.events import changed
from teahouse.jobs import Cancel, Work
from teahouse.setting import Value
from teahouse_desktop.palette.commands import collect
from teahouse_desktop.plugins.command_dialog import CommandDialog
from teahouse_desktop.plugins.plugin_commands import PluginCommand, in_words, progress_of, run_command
from teahouse_desktop.plugins.plugin_desk import PluginDesk
from teahouse_desktop.start import Desk

pytestmark = pytest.mark.gui
WAIT_MS = 15_000


class Stranger:
    """A plugin whose commands do what a test needs."""

    def __init__(self) -> None:
        self.got: list[Mapping[str, Value]] = []
        self.behave: Callable[[Cancel], Generator[object, None, object]] = lambda cancel: iter(())  # type: ignore[assignment, return-value]

    @hookimpl
    def register_commands(self) -> list[Command]:
        params = (
            Setting("stranger.name", str, None, "Name", "Whom to greet."),
            Setting("stranger.times", int, 2, "Times", "", (1, 9)),
            Setting("stranger.loud", bool, False, "Loud"),
        )
        return [Command("stranger greet", "Greet somebody", self.greet, params, json=True)]

    def greet(self, app: App, values: Mapping[str, Value]) -> Work:
        self.got.append(dict(values))
        return self.behave


@pytest.fixture
def stranger(app: App) -> Stranger:
    plugin = Stranger()
    app.plugins.register("stranger", plugin)
    return plugin


@pytest.fixture
def plugins(desk: Desk, qtbot: QtBot) -> PluginDesk:
    qtbot.waitUntil(lambda: desk.window.desks.is_made("plugins"), timeout=WAIT_MS)
    found = desk.window.desks.plugins
    qtbot.waitUntil(lambda: bool(found.commands), timeout=WAIT_MS)
    return found


def open_greeting(plugins: PluginDesk) -> CommandDialog:
    dialog = plugins.open("stranger/stranger greet")
    assert dialog is not None
    dialog.fields["stranger.name"].set_value("Ms Li")
    return dialog


def run(stranger: Stranger, plugins: PluginDesk, behave: Callable[[Cancel], Any]) -> CommandDialog:
    stranger.behave = behave
    dialog = open_greeting(plugins)
    dialog.run.click()
    return dialog


def is_over(dialog: CommandDialog) -> bool:
    return dialog.run.isEnabled()


def test_commands_stand_in_the_menu_and_the_palette(
    stranger: Stranger, desk: Desk, app: App, plugins: PluginDesk
) -> None:
    menu = next(
        one
        for one in desk.window.menuBar().findChildren(QMenu)
        if any("Greet" in a.text() for a in one.actions())
    )
    assert menu.title() == "&Plugins"
    assert menu.menuAction().isVisible()
    titles = [action.text() for action in menu.actions()]
    assert {"Ask the echo model …", "Greet somebody …"} <= set(titles)
    assert "Add a folder or file to the documents …" not in titles  # its panel offers that
    offered = {command.id: command for command in collect(app, desk.window)}
    found = offered["plugin.stranger/stranger greet"]
    assert (found.title, found.detail) == ("Greet somebody …", "Plugin stranger")
    assert "stranger greet" in found.names
    assert "plugin.documents/docs add" in offered


def test_the_menu_goes_with_the_last_plugin(desk: Desk, app: App, plugins: PluginDesk, qtbot: QtBot) -> None:
    for info in app.plugins.infos():
        app.plugins.set_enabled(info.name, enabled=False)
    app.events.publish(changed("plugins"))
    qtbot.waitUntil(lambda: not plugins.commands, timeout=WAIT_MS)
    assert not [
        action
        for action in desk.window.menuBar().actions()
        if action.text() == "&Plugins" and action.isVisible()
    ]


def test_one_that_needs_no_engine_runs_beside_a_reply(
    stranger: Stranger, desk: Desk, app: App, plugins: PluginDesk, qtbot: QtBot
) -> None:
    app.settings.set("echo.delay_ms", 50)
    chat = desk.window.chat
    chat.conversation.send("abcdefghij" * 20)
    qtbot.waitUntil(lambda: chat.live is not None and bool(chat.live.text), timeout=WAIT_MS)
    dialog = run(stranger, plugins, lambda cancel: iter(()))
    qtbot.waitUntil(lambda: is_over(dialog), timeout=WAIT_MS)
    assert chat.live is not None
    chat.stop()
    qtbot.waitUntil(lambda: chat.live is None, timeout=WAIT_MS)
    asks = {one.command.path: one.command.needs_engine for one in plugins.commands}
    assert (asks["echo say"], asks["stranger greet"]) == (True, False)
    echo = next(one for one in plugins.commands if one.command.path == "echo say")
    assert run_command(app=app, one=echo, values={}).lane == "model"


def test_the_parameters_are_checked_and_handed_over(
    stranger: Stranger, plugins: PluginDesk, qtbot: QtBot
) -> None:
    def greet(cancel: Cancel) -> Generator[object, None, object]:
        yield "half way"
        return {"said": "Hello, 李女士", "times": 3}

    stranger.behave = greet
    dialog = plugins.open("stranger/stranger greet")
    assert dialog is not None
    dialog.run.click()
    assert dialog.outcome.text() == "Name is missing."
    assert stranger.got == []
    dialog.fields["stranger.name"].set_value("Ms Li")
    dialog.fields["stranger.times"].set_value(30)
    dialog.run.click()
    assert "1" in dialog.outcome.text() and "9" in dialog.outcome.text()
    dialog.fields["stranger.times"].set_value(3)
    dialog.run.click()
    qtbot.waitUntil(lambda: is_over(dialog) and dialog.answer.isVisible(), timeout=WAIT_MS)
    assert stranger.got == [{"stranger.name": "Ms Li", "stranger.times": 3, "stranger.loud": False}]
    assert dialog.answer.toPlainText() == "said: Hello, 李女士\ntimes: 3"
    dialog.as_json.setChecked(True)
    dialog.copy.click()
    assert json.loads(QGuiApplication.clipboard().text()) == {"said": "Hello, 李女士", "times": 3}
    dialog.close()


def test_errors_name_the_plugin(stranger: Stranger, plugins: PluginDesk, qtbot: QtBot) -> None:
    def refuse(cancel: Cancel) -> Generator[object, None, object]:
        yield 1
        raise AppError("Nobody is there.", "Try again tomorrow.")

    def crash(cancel: Cancel) -> Generator[object, None, object]:
        yield 1
        raise ZeroDivisionError("by nothing")

    dialog = run(stranger, plugins, refuse)
    qtbot.waitUntil(lambda: is_over(dialog), timeout=WAIT_MS)
    assert dialog.outcome.text() == "Plugin stranger: Nobody is there. Try again tomorrow."
    stranger.behave = crash
    dialog.run.click()
    qtbot.waitUntil(lambda: is_over(dialog) and "failed" in dialog.outcome.text(), timeout=WAIT_MS)
    assert "The plugin stranger failed: ZeroDivisionError: by nothing" in dialog.outcome.text()
    assert not dialog.answer.isVisible()
    dialog.close()


def test_a_command_that_fails_before_it_begins_names_the_plugin_too(
    stranger: Stranger, plugins: PluginDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(cancel: Cancel) -> Any:
        raise ValueError("no generator at all")

    dialog = run(stranger, plugins, fail)
    qtbot.waitUntil(lambda: is_over(dialog), timeout=WAIT_MS)
    assert "The plugin stranger failed: ValueError" in dialog.outcome.text()
    dialog.close()


def test_what_runs_can_be_stopped_and_escape_does_not_hide_it(
    stranger: Stranger, plugins: PluginDesk, qtbot: QtBot
) -> None:
    def forever(cancel: Cancel) -> Generator[object, None, object]:
        while not cancel.wait(0.02):
            yield "still at it"
        return None

    dialog = run(stranger, plugins, forever)
    qtbot.waitUntil(lambda: "still at it" in dialog.progress._label.text(), timeout=WAIT_MS)
    assert dialog.close_button.text() == "Stop"
    dialog.reject()
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: is_over(dialog), timeout=WAIT_MS)
    assert dialog.outcome.text() == "Stopped."
    dialog.reject()
    assert not dialog.isVisible()


def test_a_window_that_is_closed_stops_its_command(
    stranger: Stranger, plugins: PluginDesk, app: App, qtbot: QtBot
) -> None:
    ended = []

    def forever(cancel: Cancel) -> Generator[object, None, object]:
        try:
            while not cancel.wait(0.02):
                yield 0
        finally:
            ended.append(True)

    dialog = run(stranger, plugins, forever)
    qtbot.waitUntil(lambda: bool(stranger.got), timeout=WAIT_MS)
    dialog.close()
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT_MS)


def test_the_echo_model_answers(plugins: PluginDesk, qtbot: QtBot) -> None:
    dialog = plugins.open("echo/echo say")
    assert dialog is not None
    dialog.fields["echo.text"].set_value("Tea?")
    dialog.run.click()
    qtbot.waitUntil(lambda: is_over(dialog) and dialog.answer.isVisible(), timeout=WAIT_MS)
    assert dialog.answer.toPlainText() == "reply: Tea?"
    dialog.close()


def test_every_field_has_a_name(stranger: Stranger, plugins: PluginDesk) -> None:
    dialog = open_greeting(plugins)
    assert dialog.fields["stranger.name"].widget.accessibleName() == "Name"
    assert dialog.fields["stranger.name"].widget.accessibleDescription() == "Whom to greet."
    assert plugins.open("nobody/nothing") is None
    dialog.close()


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ("text", "text"),
        (None, ""),
        ({"a": 1}, "a: 1"),
        ([1, 2], "[\n  1,\n  2\n]"),
        ({"a": [1]}, '{\n  "a": [\n    1\n  ]\n}'),
    ],
)
def test_results_in_words(result: object, words: str) -> None:
    assert in_words(result) == words


def test_progress_is_told_as_well_as_it_is_known() -> None:
    class Step:
        text, fraction = "reading", 0.5

    assert progress_of(Step()) == ("reading", 0.5)
    assert progress_of("words") == ("words", None)
    assert progress_of(7) == ("", None)


def test_what_is_off_does_not_run_from_a_dialog_that_is_still_open(app: App, stranger: Stranger) -> None:
    [(name, command)] = app.plugins.call_each("register_commands", only="stranger", app=app)
    app.settings.set("plugins.disabled", "stranger")
    with pytest.raises(AppError, match="The plugin stranger is off"):
        next(run_command(app=app, one=PluginCommand(name, command, "teahouse"), values={}).work(Cancel()))
    assert stranger.got == []
