"""What a reply can be compared with: the values in force, presets, other models."""

from __future__ import annotations

import pytest

from teahouse.app import App
from teahouse_sampling.panel.probabilities.compared import _chains
from teahouse_sampling.panel.probabilities.works import reading_of
from teahouse_sampling.values import presets_of
from tests.plugins.sampling.test_sent import ask

pytestmark = pytest.mark.gui


def test_presets_with_biases_of_texts_and_with_what_does_not_go_together(app: App) -> None:
    presets = presets_of(app)
    presets.save("leaning", {"sampling.logit_bias": '[["x", 2.5]]'})
    presets.save("torn", {"sampling.grammar": 'root ::= "a"', "sampling.json_schema": "{}"})
    chat = app.store.create_conversation(model="echo/echo")
    reading = reading_of(app, ask(app, chat.id, "Hello").id)
    found = {other.title: other.sampling for other in _chains(app, reading, chat)}
    assert "Preset: torn" not in found and "Preset: Precise" in found
    leaning = found["Preset: leaning"]
    assert leaning is not None and leaning.logit_bias == ((ord("x"), 2.5),)
    torn = app.store.change_conversation(chat.id, settings={"sampling.preset": "torn"})
    assert "The values in force now" not in [other.title for other in _chains(app, reading, torn)]
