"""A plugin that was loaded again while the window is open brings its new panel."""

from __future__ import annotations

import os
import signal
import time

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from teahouse_desktop.interrupts import Interrupts
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


def test_ctrl_c_quits_once_and_leaves_nothing_behind(qtbot: QtBot) -> None:
    quits: list[float] = []
    before = signal.getsignal(signal.SIGINT)
    interrupts = Interrupts(lambda: quits.append(time.monotonic()))
    os.kill(os.getpid(), signal.SIGINT)
    qtbot.waitUntil(lambda: bool(quits), timeout=REPLY_MS)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL, "the next one ends the process"
    interrupts.stop()
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.set_wakeup_fd(-1) == -1
    interrupts.stop()
    QCoreApplication.processEvents()
    assert len(quits) == 1


def test_ctrl_c_that_the_shell_turned_off_stays_off() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        interrupts = Interrupts(lambda: None)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        interrupts.stop()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
