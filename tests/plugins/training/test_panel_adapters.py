from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.events import changed
from teahouse_desktop.plugins.panel_check import _controls
from teahouse_training.panel import adapter_desk as desk_module
from teahouse_training.panel.adapter_chips import AdapterChips
from teahouse_training.panel.adapter_desk import AdapterDesk
from teahouse_training.panel.values import Offered
from tests.plugins.training.panel_stand_ins import WAIT_MS, RunningWindow

pytestmark = pytest.mark.gui

CHOSEN = "chat.adapters"


class Library:
    """What there is for the model, and on which threads it was read."""

    def __init__(self) -> None:
        self.offered: tuple[Offered, ...] = ()
        self.threads: set[threading.Thread] = set()

    def __call__(self, _app: Any, _model: str) -> tuple[Offered, ...]:
        self.threads.add(threading.current_thread())
        return self.offered


@pytest.fixture
def app(home: Path, qtbot: QtBot) -> Iterator[App]:
    opened = App.open(has_plugins=False)
    yield opened
    opened.close()


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library()
    monkeypatch.setattr(desk_module, "offered_for", made)
    return made


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(500, 600)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def window(app: App, holder: QWidget) -> Iterator[RunningWindow]:
    made = RunningWindow(app, holder)
    yield made
    made.close()


@pytest.fixture
def chips(app: App, window: RunningWindow, holder: QWidget, library: Library) -> AdapterChips:
    made = AdapterChips(window, holder)
    made.setGeometry(0, 500, 500, 60)
    AdapterDesk(app, window, made)
    return made


def offer(app: App, library: Library, *names: str) -> None:
    library.offered = (*(Offered(name, "rank 8") for name in names), Offered("alien", "", "it is for llama"))
    app.events.publish(changed("adapters"))


def test_nothing_shows_without_an_adapter_that_fits(
    app: App, chips: AdapterChips, library: Library, qtbot: QtBot
) -> None:
    app.events.publish(changed("adapters"))
    qtbot.waitUntil(lambda: bool(library.threads), timeout=WAIT_MS)
    assert chips.isHidden()
    offer(app, library)
    qtbot.waitUntil(lambda: len(chips.sheet.rows) == 1, timeout=WAIT_MS)
    assert chips.isHidden()
    offer(app, library, "pirate")
    qtbot.waitUntil(chips.isVisible, timeout=WAIT_MS)
    assert threading.main_thread() not in library.threads


def test_an_adapter_is_switched_on_turned_up_and_taken_out(
    app: App, window: RunningWindow, chips: AdapterChips, library: Library, qtbot: QtBot
) -> None:
    offer(app, library, "pirate", "诗人")
    qtbot.waitUntil(chips.isVisible, timeout=WAIT_MS)
    chips.choice.click()
    assert chips.popup.is_open
    pirate, poet, alien = chips.sheet.rows
    assert not alien.switch.isEnabled() and alien.detail.text() == "it is for llama"
    pirate.switch.click()
    poet.switch.click()
    assert window.settings[CHOSEN] == "pirate=1, 诗人=1"
    pirate.scale.slider.setFocus()
    qtbot.keyClick(pirate.scale.slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: window.settings[CHOSEN] == "pirate=1.5, 诗人=1", timeout=WAIT_MS)
    assert [chip.words for chip in chips.chips] == ["pirate 150 %", "诗人 100 %"]
    qtbot.keyClick(pirate.scale.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: window.settings[CHOSEN] == "pirate=0, 诗人=1", timeout=WAIT_MS)
    qtbot.keyClick(chips.popup, Qt.Key.Key_Escape)
    qtbot.keyClick(chips.chips[1], Qt.Key.Key_Delete)
    assert window.settings[CHOSEN] == "pirate=0"
    chips.chips[0].click()
    assert chips.popup.is_open
    pirate.switch.click()
    assert CHOSEN not in window.settings and not chips.chips


def test_one_that_is_gone_is_marked_and_stays_chosen(
    app: App, window: RunningWindow, chips: AdapterChips, library: Library, qtbot: QtBot
) -> None:
    window.choose(CHOSEN, "lost=0.5, pirate=1")
    offer(app, library, "pirate")
    qtbot.waitUntil(lambda: len(chips.chips) == 2, timeout=WAIT_MS)
    assert "not in the library" in chips.chips[0].accessibleDescription()
    qtbot.waitUntil(lambda: bool(chips.sheet.rows), timeout=WAIT_MS)  # the library has been read
    chips.sheet.rows[0].scaled.emit("pirate", 0.8)
    assert window.settings[CHOSEN] == "lost=0.5, pirate=0.8"
    chips.chips[0].removed.emit()
    assert window.settings[CHOSEN] == "pirate=0.8"


def test_what_the_app_has_chosen_is_shown_and_can_be_taken_out_here(
    app: App, window: RunningWindow, chips: AdapterChips, library: Library, qtbot: QtBot
) -> None:
    app.settings.set(CHOSEN, "pirate=0.6")
    offer(app, library, "pirate")
    qtbot.waitUntil(lambda: [chip.words for chip in chips.chips] == ["pirate 60 %"], timeout=WAIT_MS)
    chips.chips[0].removed.emit()
    assert window.settings[CHOSEN] == "" and not chips.chips


def test_a_damaged_choice_is_none(
    app: App, window: RunningWindow, chips: AdapterChips, library: Library, qtbot: QtBot
) -> None:
    window.choose(CHOSEN, "pirate=9")
    offer(app, library, "pirate")
    qtbot.waitUntil(chips.isVisible, timeout=WAIT_MS)
    assert not chips.chips


def test_every_control_has_a_name(app: App, chips: AdapterChips, library: Library, qtbot: QtBot) -> None:
    offer(app, library, "pirate")
    qtbot.waitUntil(chips.isVisible, timeout=WAIT_MS)
    chips.choice.click()
    chips.sheet.rows[0].switch.click()
    for widget in (chips, chips.popup):
        assert [str(finding) for finding in _controls(widget, "Adapters")] == []
    names = {
        chips.sheet.rows[0].scale.slider.accessibleName(),
        chips.sheet.rows[0].scale.spin.accessibleName(),
    }
    assert names == {"How strongly pirate acts, in percent"}
