"""The page of adapters: files come in, are renamed, exported and removed; what goes wrong is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.events import changed
from teahouse.models.gguf import read_header
from teahouse_desktop.plugins.panel_check import _controls
from teahouse_training import needs
from teahouse_training.panel import ADAPTERS, TrainingPanels
from teahouse_training.panel.adapters_page import AdapterCard, AdaptersPage
from teahouse_training.panel.library_desk import kept
from tests.core.models import loras
from tests.core.torch.small import Small
from tests.plugins.training.panel_stand_ins import FakeRuns, Shown

pytestmark = pytest.mark.gui

CHOSEN = "chat.adapters"
CARD = {"base": "starter", "rows": "32", "created": "2026-11-20T10:00:00+00:00"}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("adapter")
    header = read_header(Small("llama").write(place / "model.gguf"))
    return loras.write(place / "tea 茶.gguf", loras.for_model(header), card=CARD)


@pytest.fixture
def app(home: Path, qtbot: QtBot) -> Iterator[App]:
    opened = App.open(has_plugins=False)
    yield opened
    opened.close()


@pytest.fixture
def shown(app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    """Without the libraries of training: adapters do not need them."""
    monkeypatch.setattr(needs, "missing", lambda: ["torch"])
    made = Shown(app, qtbot, FakeRuns(app))
    made.panel.runs.adapters.click()
    yield made
    made.close()


def drop(page: AdaptersPage, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none))


def said(shown: Shown) -> str:
    return shown.panel.adapters.outcome.text()


def type_in(shown: Shown, words: str) -> None:
    """Answer the open question with a line."""
    shown.wait(shown._dialogs)
    dialog = shown._dialogs()[-1]
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue(words)
    dialog.accept()


def test_a_file_is_added_renamed_exported_and_removed(
    shown: Shown, app: App, file: Path, tmp_path: Path
) -> None:
    page = shown.panel.adapters
    assert shown.panel.pages.currentWidget() is page and page.isVisible()
    page.add.click()
    chooser = shown._dialogs()[-1]
    assert isinstance(chooser, QFileDialog)
    chooser.filesSelected.emit([str(file)])
    chooser.close()
    shown.wait(lambda: page.names == ["tea 茶"])
    card = page.list.cards[0]
    shown.wait(lambda: "“tea 茶”" in said(shown))
    assert isinstance(card, AdapterCard)
    assert card.kept.facts.startswith("llama\N{NO-BREAK SPACE}· rank 4")
    assert "trained with starter\N{NO-BREAK SPACE}· 32 examples" in card.kept.made
    shown.wait(lambda: shown.holder.focusWidget() is card)

    app.settings.set(CHOSEN, "tea 茶=0.5")
    shown.window.choose(CHOSEN, "other=1, tea 茶=0.8")
    card.buttons["rename"].click()
    type_in(shown, "kettle")
    shown.wait(lambda: page.names == ["kettle"] and "kettle" in said(shown))
    assert app.adapters.find("kettle").card["rows"] == "32"
    assert app.settings.get(CHOSEN) == "kettle=0.5", "wherever it is chosen"
    assert shown.window.settings[CHOSEN] == "other=1, kettle=0.8", "also where nothing is on the disk yet"

    page.list.cards[0].buttons["export"].click()  # type: ignore[attr-defined]
    chooser = shown._dialogs()[-1]
    assert isinstance(chooser, QFileDialog) and chooser.selectedFiles()[0].endswith("kettle.gguf")
    chooser.fileSelected.emit(str(tmp_path / "out.gguf"))
    chooser.close()
    shown.wait((tmp_path / "out.gguf").exists)
    shown.wait(lambda: "out.gguf" in said(shown))
    assert (tmp_path / "out.gguf").read_bytes() == file.read_bytes()

    page.list.cards[0].buttons["remove"].click()  # type: ignore[attr-defined]
    shown.wait(shown._dialogs)
    asked = shown._dialogs()[-1]
    assert isinstance(asked, QMessageBox) and "for good" in asked.text()
    asked.reject()
    assert page.names == ["kettle"] and app.adapters.list()
    page.list.cards[0].buttons["remove"].click()  # type: ignore[attr-defined]
    shown.press("Remove")
    shown.wait(lambda: page.names == [])
    assert app.adapters.list() == []
    shown.wait(lambda: shown.holder.focusWidget() is page.add)


def test_what_is_dropped_is_checked_and_a_taken_name_is_asked_for(
    shown: Shown, app: App, file: Path, tmp_path: Path
) -> None:
    page = shown.panel.adapters
    drop(page, file)
    shown.wait(lambda: page.names == ["tea 茶"])
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(40))
    drop(page, broken)
    shown.wait(lambda: "broken.gguf" in said(shown))
    assert page.names == ["tea 茶"] and list(app.paths.adapters.glob("*.part")) == []
    other = Small("llama").write(tmp_path / "m.gguf", seed=1)
    another = loras.write(tmp_path / "TEA 茶.gguf", loras.for_model(read_header(other), seed=5))
    drop(page, another)
    type_in(shown, "oolong")
    shown.wait(lambda: page.names == ["oolong", "tea 茶"])
    page.list.cards[0].buttons["rename"].click()  # type: ignore[attr-defined]
    type_in(shown, "a/b")
    shown.wait(lambda: "cannot be called" in said(shown))
    assert page.names == ["oolong", "tea 茶"]


def test_of_some_files_each_is_told_what_came_of_it(
    shown: Shown, app: App, file: Path, tmp_path: Path
) -> None:
    """One that is refused is not hidden by the next that is added; nor one of a name dropped twice."""
    broken, again = tmp_path / "broken.gguf", tmp_path / "other" / file.name
    broken.write_bytes(b"GGUF" + bytes(40))
    again.parent.mkdir()
    other = Small("llama").write(tmp_path / "m.gguf", seed=1)
    loras.write(again, loras.for_model(read_header(other), seed=5))
    page = shown.panel.adapters
    drop(page, broken, file, again)
    shown.wait(lambda: "Added as “tea 茶”" in said(shown))
    assert "broken.gguf" in said(shown) and page.outcome.property("kind") == "danger"
    type_in(shown, "oolong")
    shown.wait(lambda: page.names == ["oolong", "tea 茶"])


def test_one_that_cannot_be_used_is_shown_and_can_be_removed(shown: Shown, app: App) -> None:
    app.paths.adapters.mkdir(parents=True, exist_ok=True)
    (app.paths.adapters / "bad.gguf").write_bytes(b"GGUF")
    adapter = app.adapters.list()[0]
    assert kept(adapter, now_ms=0).problem and kept(adapter, now_ms=0).made == ""
    app.events.publish(changed("adapters"))
    page = shown.panel.adapters
    shown.wait(lambda: page.names == ["bad"])
    card = page.list.cards[0]
    assert isinstance(card, AdapterCard) and not card.problem.isHidden()
    card.buttons["remove"].click()
    shown.press("Remove")
    shown.wait(lambda: page.names == [])


def test_a_card_of_anybody_breaks_nothing(app: App, file: Path) -> None:
    odd = {"base": 7, "rows": ["many"], "created": "yesterday", "run": None}
    adapter = app.adapters.add(file, card=odd)
    assert kept(adapter, now_ms=0).made == ""
    for rows in ("²", "9" * 5000, -1, None):
        assert kept(replace(adapter, card={"rows": rows}), now_ms=0).made == ""


def test_it_is_reached_from_the_sheet_and_every_control_has_a_name(
    shown: Shown, app: App, file: Path
) -> None:
    app.adapters.add(file)
    page = shown.panel.adapters
    shown.wait(lambda: page.names == ["tea 茶"])
    assert [str(finding) for finding in _controls(page, "Adapters")] == []
    shown.panel.show_runs()
    TrainingPanels(app, shown.window).show(shown.panel, ADAPTERS)
    assert shown.panel.pages.currentWidget() is page


@pytest.mark.parametrize("width", [320, 460])
def test_nothing_is_wider_than_the_panel(shown: Shown, app: App, file: Path, width: int) -> None:
    app.adapters.add(file, "an-adapter_with.a_" + "long" * 20)
    page = shown.panel.adapters
    shown.wait(lambda: page.names)
    shown.holder.resize(width, 700)
    shown.panel.setGeometry(shown.holder.rect())
    QApplication.processEvents()
    wide = [one for one in page.findChildren(QWidget) if one.isVisible() and one.width() > width]
    assert wide == [] and page.minimumSizeHint().width() <= width - 18
