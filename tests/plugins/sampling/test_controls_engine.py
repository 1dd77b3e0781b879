from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.chat.turn import TurnRequest, take_turn, wanted_model
from teahouse.engine.sampling import Sampling
from teahouse.jobs import Cancel
from teahouse_sampling.panel import explaining
from teahouse_sampling.panel.bias_entry import BiasEntry
from teahouse_sampling.panel.controls import ControlsPanel
from teahouse_sampling.panel.controls_desk import ControlsDesk
from tests.plugins.sampling.inline_window import InlineWindow

pytestmark = [pytest.mark.gui, pytest.mark.gguf]

WAIT_MS = 60_000


@pytest.fixture
def answered(real: App, qtbot: QtBot) -> Iterator[tuple[InlineWindow, ControlsPanel]]:
    """The panel on a conversation in which the real model has just answered."""
    widget = QWidget()
    qtbot.addWidget(widget)
    window = InlineWindow(real, widget, model=wanted_model(real))
    sampling = Sampling(temperature=0.0)
    request = TurnRequest(window.conversation_id, "Name a tea.", sampling=sampling, max_tokens=6)
    for _event in take_turn(real, request)(Cancel()):
        pass
    window.conversation = real.store.conversation(window.conversation_id)
    window.messages = tuple(real.store.visible_path(window.conversation_id))
    panel = ControlsPanel(window.look, widget)
    ControlsDesk(real, window, panel)  # type: ignore[arg-type]
    panel.resize(320, 900)
    widget.show()
    qtbot.waitUntil(lambda: panel.is_ready and bool(panel._explained.stages), timeout=WAIT_MS)
    yield window, panel


def test_the_drawings_show_what_the_engine_explains(
    answered: tuple[InlineWindow, ControlsPanel], real: App, qtbot: QtBot
) -> None:
    window, panel = answered
    told = panel._explained
    [_asked, reply] = window.messages
    made = real.store.generation(reply.id)
    engine = real.engines.get(window.model)
    assert made is not None and engine is not None
    position = len(made.prompt_ids) + told.place - 1
    [stages] = engine.explain(
        [*made.prompt_ids, *made.ids], [position], sampling=Sampling(), top_n=40, begins=len(made.prompt_ids)
    )
    row = panel.rows["sampling.top_k"][0]
    assert row.drawing is not None
    drawn = [pair.before for pair in row.drawing.bars.pairs]
    assert drawn == pytest.approx(stages[0]["probabilities"][:20], abs=1e-5)
    window.choose("sampling.top_k", 3)
    qtbot.waitUntil(lambda: "3" in row.drawing.words.text().split(" ")[0], timeout=WAIT_MS)
    after = [pair.after for pair in row.drawing.bars.pairs]
    assert [bool(share) for share in after] == [True] * 3 + [False] * 17
    panel.where.back.click()
    qtbot.waitUntil(lambda: panel._explained.place == told.place - 1, timeout=WAIT_MS)


def test_a_text_shows_its_real_tokens(
    answered: tuple[InlineWindow, ControlsPanel], real: App, qtbot: QtBot
) -> None:
    window, panel = answered
    engine = real.engines.get(window.model)
    assert engine is not None
    panel.groups.cards["logit_bias"].set_folded(False)
    entry = panel.rows["sampling.logit_bias"][0].entry
    assert isinstance(entry, BiasEntry)
    entry.text.setText(" oolong")
    qtbot.waitUntil(lambda: bool(entry.told.text()), timeout=WAIT_MS)
    for id_ in engine.tokenize(" oolong"):
        assert f"#{id_} " in entry.told.text()


def test_another_models_reply_and_a_long_one_are_not_drawn(
    answered: tuple[InlineWindow, ControlsPanel], real: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, _panel = answered
    [_asked, reply] = window.messages
    made = real.store.generation(reply.id)
    assert made is not None

    def explained(*, is_wanted: bool = False) -> explaining.Explained:
        where = explaining.Where((reply.id,), is_wanted=is_wanted)
        work = explaining.explain(app=real, conversation=None, model=window.model, where=where).work(Cancel())
        try:
            while True:
                next(work)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]

    monkeypatch.setattr(explaining, "MOST_UNASKED", 3)
    assert explained().can_draw
    assert explained(is_wanted=True).stages
    other = replace(made, model_hash="another")
    monkeypatch.setattr(explaining, "_last_generation", lambda app, ids: other)
    assert (explained().stages, explained().absence) == ((), "No drawing: another model wrote the reply.")
