"""The panel over real runs: a tiny model learns two dozen rows, and its adapter acts in a conversation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_training.panel import TrainingPanels
from teahouse_training.panel.adapter_chips import AdapterChips
from teahouse_training.panel.training_panel import TrainingPanel
from teahouse_training.runs import Runs
from tests.plugins.training.chatting import PAIRS
from tests.plugins.training.panel_stand_ins import RunningWindow

pytestmark = pytest.mark.gui

TRAINED_MS = 60_000


@pytest.fixture
def window(app: App, qtbot: QtBot) -> Iterator[RunningWindow]:
    holder = QWidget()
    holder.resize(460, 900)
    qtbot.addWidget(holder)
    holder.show()
    made = RunningWindow(app, holder)
    made.model = "tiny"
    yield made
    made.close()


def test_rows_become_an_adapter_that_acts(app: App, window: RunningWindow, qtbot: QtBot) -> None:
    panels = TrainingPanels(app, window)
    panel = panels.make(window.widget)
    chips = panels.make_chips(window.widget, window)
    assert isinstance(panel, TrainingPanel) and isinstance(chips, AdapterChips)
    panel.resize(460, 800)
    panel.show()
    qtbot.waitUntil(lambda: panel.new.model.count() == 1, timeout=TRAINED_MS)
    panel.show_new()
    new, page = panel.new, panel.run
    long = ("Tell me of all cups.", "There are " + "very " * 40 + "many.")
    new.data.typed.table.show_pairs([*PAIRS, long])
    new.data.typed.table.changed.emit()
    new.settings.show_choice("", {"steps": 6, "look_every": 3, "keep_every": 3, "learning_rate": 5e-3})
    new.name.setText("teas")
    new.name.textEdited.emit("teas")
    qtbot.waitUntil(new.start.isEnabled, timeout=TRAINED_MS)
    assert any(token.is_learned for token in new.looked.preview.tokens.tokens)
    assert "of memory. With a model this small it may be a third more" in new.memory.words.text()
    assert new.memory.parts.text().count("\n") == 4
    assert sum(size for _name, size in new._looked.parts) == new._looked.needed_bytes
    new.start.click()
    qtbot.waitUntil(lambda: page.buttons["keep"].isVisible(), timeout=TRAINED_MS)
    run = page.run
    assert run is not None and run.step == run.steps == 6
    assert [one.name for one in page.charts.losses.series] == ["learned", "held out"]
    assert [len(one.points) for one in page.charts.forgetting.series] == [3, 3]
    assert len(page.answers.cards) == 5 and "set aside" not in page.result.text()
    page.buttons["keep"].click()
    qtbot.waitUntil(lambda: page.buttons["use"].isVisible(), timeout=TRAINED_MS)
    page.compare.question.setText("Which is cup 3?")
    page.compare.ask.click()
    qtbot.waitUntil(lambda: not page.compare.is_asking, timeout=TRAINED_MS)
    assert page.compare.error.text() == ""
    assert page.compare.base.text.text() != page.compare.tuned.text.text()
    page.buttons["use"].click()
    assert window.settings["chat.adapters"] == "teas=1"
    qtbot.waitUntil(lambda: [chip.words for chip in chips.chips] == ["teas 100 %"], timeout=TRAINED_MS)
    assert chips.sheet.rows[0].offered.problem == ""
    page.buttons["discard"].click()
    Runs(app).discard("teas")
    qtbot.waitUntil(lambda: "not in the library" in chips.chips[0].toolTip(), timeout=TRAINED_MS)
