"""A plugin that was loaded again while the window is open brings its new panel."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS
from tests.desktop.plugins.test_panels import BUNDLED, echo_of

pytestmark = pytest.mark.gui


def test_the_panel_follows(desk: Desk, qtbot: QtBot) -> None:
    host = desk.window.panels
    plugins = host._app.plugins
    qtbot.waitUntil(lambda: set(BUNDLED) <= set(host._loaded), timeout=REPLY_MS)
    before, half = echo_of(host), host._host._host.get_plugin("echo")
    plugins.drop("echo")
    plugins.roster.look_again()
    plugins.load_one(plugins.roster.find("echo"))
    plugins.publish()
    qtbot.waitUntil(lambda: host._host._host.get_plugin("echo") is not half, timeout=REPLY_MS)
    after = echo_of(host)
    assert after is not before
    after.setChecked(True)
    assert not desk.window._dock.isHidden()
