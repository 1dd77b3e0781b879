"""A plugin that was loaded again while the window is open brings its new panel."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui


def test_the_panel_follows(desk: Desk, qtbot: QtBot) -> None:
    host = desk.window.panels
    plugins = host._app.plugins
    qtbot.waitUntil(lambda: len(host.actions) == 1, timeout=REPLY_MS)
    [before], half = host.actions, host._host._host.get_plugin("echo")
    plugins.drop("echo")
    plugins.roster.look_again()
    plugins.load_one(plugins.roster.find("echo"))
    plugins.publish()
    qtbot.waitUntil(lambda: host._host._host.get_plugin("echo") is not half, timeout=REPLY_MS)
    [after] = host.actions
    assert after is not before
    after.setChecked(True)
    assert not desk.window._dock.isHidden()
