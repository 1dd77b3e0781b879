"""What a model's own file recommends."""

from __future__ import annotations

from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.question import sampling_of
from teahouse.engine.sampling import Sampling
from teahouse_sampling.recommended import of_metadata, recommended
from tests.core.models import ggufs

GIVEN = {
    "general.sampling.temp": 0.800000011920929,
    "general.sampling.top_k": 20,
    "general.sampling.top_p": 0.949999988079071,
    "general.sampling.penalty_repeat": 1.100000023841858,
    "general.sampling.penalty_last_n": -1,
}


def test_the_values_of_a_file() -> None:
    assert of_metadata(GIVEN) == {
        "chat.temperature": 0.8,
        "sampling.top_k": 20,
        "sampling.top_p": 0.95,
        "sampling.repeat_penalty": 1.1,
        "sampling.repeat_window": 1_000_000,
    }
    assert of_metadata({"general.name": "tea"}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temp", -1.0),
        ("temp", float("nan")),
        ("temp", "hot"),
        ("top_k", [3]),
        ("mirostat", 9),
        ("top_p", True),
    ],
)
def test_what_a_hostile_file_recommends_is_left_out(name: str, value: Any) -> None:
    assert of_metadata({f"general.sampling.{name}": value, "general.sampling.min_p": 0.1}) == {
        "sampling.min_p": 0.1
    }


def test_a_sequence_is_an_order_and_switches_off_what_it_does_not_name() -> None:
    found = of_metadata({"general.sampling.sequence": "min_p;typ_p;nonsense;temperature;min_p"})
    order, off = str(found["sampling.order"]).split(", "), str(found["sampling.off"]).split(", ")
    assert order == ["logit_bias", "banned", "grammar", "min_p", "typical_p", "temperature"]
    made = Sampling(order=tuple(order), off=tuple(off), top_k=5, typical_p=0.5)
    assert made.stages == ("min_p", "typical_p", "temperature")
    assert of_metadata({"general.sampling.sequence": ";;"}) == {}


def test_the_preset_of_the_model_is_what_its_file_says(app: App) -> None:
    ggufs.write(app.paths.models / "silent.gguf")
    given = {name: value for name, value in GIVEN.items() if value != -1}  # unsigned in these small files
    ggufs.write(app.paths.models / "tea.gguf", {**ggufs.CHAT, **given})
    app.settings.set("sampling.preset", "recommended")
    chat = app.store.create_conversation()
    assert recommended(app, "nobody") == recommended(app, "silent") == {}
    assert sampling_of(app, chat, "silent") == Sampling()
    made = sampling_of(app, chat, "tea")
    assert (made.temperature, made.top_k, made.top_p, made.repeat_penalty) == (0.8, 20, 0.95, 1.1)
