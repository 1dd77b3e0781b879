"""Plugins that turned off by themselves, told in the window; see also tests/plugins/test_bad_plugins.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.plugins import plugin_operations
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui


def drop_all(app: App) -> None:
    for name in list(app.plugins.ready):
        app.plugins.drop(name)
    app.take_contributions()


def has_echo(desk: Desk) -> bool:
    return "Echo" in [action.text() for action in desk.window.panels.actions]


@pytest.fixture
def crashed(app: App) -> App:
    drop_all(app)
    app.plugins.roster.blame("echo", "crash", "paintEvent", is_told=False)
    return app


def open_on(app: App) -> Desk:
    from teahouse_desktop.start import make_application, open_desk

    return open_desk(app, make_application())


def test_a_plugin_that_ended_the_window_is_told_and_one_click_brings_it_back(
    crashed: App, qtbot: QtBot, qapp: object
) -> None:
    desk = open_on(crashed)
    notices = desk.window.chat.notices
    qtbot.waitUntil(lambda: notices.act_button.text() == "Turn it on again", timeout=REPLY_MS)
    assert notices.label.text() == (
        "The plugin echo was running when the window ended unexpectedly (paintEvent). It is off now."
    )
    assert crashed.models.list() == []
    notices.act_button.click()
    qtbot.waitUntil(lambda: has_echo(desk), timeout=REPLY_MS)
    assert "echo/echo" in [model.name for model in crashed.models.list()]
    close(desk, qtbot)


def test_in_safe_mode_the_window_says_so(app: App, qtbot: QtBot) -> None:
    drop_all(app)
    app.plugins.roster.is_safe_mode = True
    desk = open_on(app)
    notices = desk.window.chat.notices
    qtbot.waitUntil(lambda: notices.act_button.text() == "Load the plugins", timeout=REPLY_MS)
    assert app.plugins.ready == {}
    notices.act_button.click()
    qtbot.waitUntil(lambda: "echo" in app.plugins.ready, timeout=REPLY_MS)
    close(desk, qtbot)


def close(desk: Desk, qtbot: QtBot) -> None:
    desk.window.close()
    desk.window.deleteLater()
    done: Callable[[], bool] = lambda: not desk.window._app.jobs.live  # noqa: E731
    qtbot.waitUntil(done, timeout=REPLY_MS)


def test_the_window_is_watched_when_its_first_plugin_comes_late(app: App, qtbot: QtBot) -> None:
    find, app.plugins.roster._find = app.plugins.roster._find, dict
    drop_all(app)
    app.plugins.roster.look_again()
    desk = open_on(app)
    qtbot.waitUntil(lambda: not app.jobs.live and desk.window.desks.is_made("plugin_care"), timeout=REPLY_MS)
    care = desk.window.desks.plugin_care
    assert care._watch is None
    app.plugins.roster._find = find
    app.plugins.roster.look_again()
    care._place.runner.start(plugin_operations.turn_on(app=app, names=["echo"]))
    qtbot.waitUntil(lambda: has_echo(desk), timeout=REPLY_MS)
    care._place.runner.start(plugin_operations.turn_on(app=app, names=["echo"]))
    assert care._watch is not None
    close(desk, qtbot)
