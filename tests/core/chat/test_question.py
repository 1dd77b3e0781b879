"""Which model is asked: what is in memory, what is broken, and nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.chat.question import wanted_model
from teahouse.errors import ModelError
from tests.core.engine.backends import backend
from tests.core.engine.opening import opened
from tests.core.models import ggufs


@pytest.fixture
def bare(app: App) -> App:
    """An app without the echo models."""
    app.models.remove_backends(["echo"])
    return app


def test_models_that_cannot_be_used_are_named_with_the_reason(bare: App) -> None:
    folder = bare.paths.models
    folder.mkdir(parents=True)
    (folder / "junk.gguf").write_bytes(b"junk")
    half = ggufs.write(folder / "half 茶.gguf")
    half.write_bytes(half.read_bytes()[:-500])
    with pytest.raises(ModelError) as caught:
        wanted_model(bare)
    assert "no model yet" not in caught.value.text
    assert "“junk”: " in caught.value.text
    assert "“half 茶”: " in caught.value.text
    assert "not a GGUF" in caught.value.data["problems"]["junk"]
    assert caught.value.data["problems"]["junk"] in caught.value.text
    assert "starter" in caught.value.hint


def test_one_sound_model_is_enough(bare: App) -> None:
    ggufs.write(bare.paths.models / "sound.gguf")
    (bare.paths.models / "a broken one.gguf").write_bytes(b"junk")
    assert wanted_model(bare) == "sound"


def test_without_any_model_the_starter_is_offered(bare: App) -> None:
    with pytest.raises(ModelError, match="no model yet") as caught:
        wanted_model(bare)
    assert "starter" in caught.value.hint


def test_a_model_in_memory_can_be_asked_when_it_is_no_longer_listed(app: App) -> None:
    app.engines.add_backend(backend(tea={}))
    opened(app, "fake/tea")
    app.models.remove_backends(["fake"])
    assert wanted_model(app, name="fake/tea") == "fake/tea"
    app.engines.unload("fake/tea")
    with pytest.raises(ModelError, match="fake/tea"):
        wanted_model(app, name="fake/tea")


def test_a_removed_file_is_no_obstacle_while_it_is_loaded(app: App, tmp_path: Path) -> None:
    """With a back end of our own in place of llama.cpp's, so that no real model is needed."""
    app.engines.add_backend(backend(tea={}, other={}))
    engine = opened(app, "fake/tea")
    app.models.remove_backends(["fake"])
    assert opened(app, "fake/tea") is engine
    with pytest.raises(ModelError, match="fake/other"):
        opened(app, "fake/other")
