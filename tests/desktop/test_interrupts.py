"""Ctrl-C and the end of a session quit the window as its menu does."""

from __future__ import annotations

import os
import signal
import time

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from teahouse_desktop.interrupts import SIGNALS, Interrupts
from tests.desktop.conftest import REPLY_MS

pytestmark = [
    pytest.mark.gui,
    pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there"),
]


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_quits_and_nothing_is_left_behind(number: signal.Signals, qtbot: QtBot) -> None:
    quits: list[float] = []
    before = {one: signal.getsignal(one) for one in SIGNALS}
    interrupts = Interrupts(lambda: quits.append(time.monotonic()))
    os.kill(os.getpid(), number)
    qtbot.waitUntil(lambda: bool(quits), timeout=REPLY_MS)
    assert signal.getsignal(number) is signal.SIG_DFL, "the next one ends the process"
    interrupts.stop()
    assert {one: signal.getsignal(one) for one in SIGNALS} == before
    assert signal.set_wakeup_fd(-1) == -1
    interrupts.stop()
    QCoreApplication.processEvents()
    assert len(quits) == 1


@pytest.mark.parametrize("number", SIGNALS)
def test_one_that_is_ignored_stays_so(number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        interrupts = Interrupts(lambda: None)
        assert signal.getsignal(number) is signal.SIG_IGN
        interrupts.stop()
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)
