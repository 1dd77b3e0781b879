"""Fixtures of the training plugin's tests: an app with a tiny model that chats and learns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("gguf")

from teahouse.app import App
from teahouse_training.runs import Runs
from tests.plugins.training.chatting import PAIRS, write_model, write_rows


@pytest.fixture
def app() -> Iterator[App]:
    """An app with its plugins and the tiny model, in a fresh home."""
    app = App.open()
    app.settings.set("engine.context", 512)
    write_model(app.paths.models / "tiny.gguf")
    yield app
    app.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The same, shared by a module: loading model and torch takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEAHOUSE_HOME", str(tmp_path_factory.mktemp("shared") / "家"))
        patch.setenv("TEAHOUSE_LANGUAGE", "en")
        app = App.open()
        app.settings.set("engine.context", 512)
        write_model(app.paths.models / "tiny.gguf")
        yield app
        app.close()


@pytest.fixture
def runs(app: App) -> Runs:
    return Runs(app)


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 24 short dialogues."""
    return write_rows(tmp_path_factory.mktemp("rows") / "teas.jsonl", PAIRS)
