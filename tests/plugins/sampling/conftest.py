"""Fixtures of the sampling plugin's tests: an app, and one with the real model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.app import App


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """An app with the sampling and the echo plugin, in a fresh home."""
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    app = App.open()
    yield app
    app.close()


@pytest.fixture(scope="module")
def real(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app whose usual model is the starter, which stays loaded for the module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEAHOUSE_HOME", str(tmp_path_factory.mktemp("real") / "家"))
        patch.setenv("TEAHOUSE_LANGUAGE", "en")
        app = App.open()
        app.settings.set("engine.context", 512)
        app.settings.set("models.default", str(starter))
        yield app
        app.close()
