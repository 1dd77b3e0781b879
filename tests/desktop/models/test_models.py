from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.errors import DownloadError, OutOfMemory
from teahouse.events import EngineState
from teahouse.models import catalogue
from teahouse.models.download import DownloadProgress
from teahouse.models.library import Model
from teahouse_desktop.chat.failure import Failure
from teahouse_desktop.chat.welcome import NoModel
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_picker import ModelPicker
from teahouse_desktop.models.model_settings import ModelSettingsDialog
from teahouse_desktop.operations import ModelList
from teahouse_desktop.start import Desk, make_application, open_desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

SOUND = Model("Sound", "llama", Path("sound.gguf"), 491_400_064)
BROKEN = Model("Broken", "llama", Path("broken.gguf"), 12, problem="it is cut short")


@pytest.fixture
def picker(qtbot: QtBot, look: Look) -> ModelPicker:
    made = ModelPicker(look)
    qtbot.addWidget(made)
    made.show()
    made.show_models(ModelList((SOUND, BROKEN), (), "", catalogue.find("starter")))
    return made


def entries(picker: ModelPicker) -> list[str]:
    return [action.text() for action in picker.menu.actions() if not action.isSeparator()]


def test_models_with_sizes_and_the_starter(picker: ModelPicker) -> None:
    first = ["Sound\t491 MB", "Broken\tcannot be used", "Settings of this model …"]
    last = ["Get the starter model …", "Add a GGUF file …", "All models …", "Remove"]
    assert entries(picker) == [*first, *last]
    assert picker.button.text() == "Sound"
    assert picker.has_model


def test_broken_model_is_there_with_its_reason(picker: ModelPicker) -> None:
    broken = picker.menu.actions()[1]
    assert not broken.isEnabled()
    assert broken.toolTip() == "it is cut short"


def test_choosing_a_model(picker: ModelPicker) -> None:
    chosen = QSignalSpy(picker.chosen)
    picker.menu.actions()[0].trigger()
    assert chosen.at(0) == ["Sound"]


def test_any_file_can_be_removed_also_a_broken_one(picker: ModelPicker) -> None:
    removed, added = QSignalSpy(picker.remove_requested), QSignalSpy(picker.add_requested)
    echo = Model("echo/echo", "echo")
    picker.show_models(ModelList((SOUND, BROKEN, echo), (), "", None))
    assert [action.text() for action in picker.removal.actions()] == ["Sound …", "Broken …"]
    picker.removal.actions()[1].trigger()
    assert removed.at(0) == ["Broken"]
    next(action for action in picker.menu.actions() if action.text() == "Add a GGUF file …").trigger()
    assert added.count() == 1
    picker.show_models(ModelList((echo,), (), "", None))
    assert "Remove" not in entries(picker)


def test_states_in_words(picker: ModelPicker) -> None:
    assert picker.state.text() == "not in memory"
    picker.show_engine(EngineState("Sound", "loading", 0.42))
    assert picker.progress.isVisible()
    assert picker.progress._label.text() == "loading 42 %"
    picker.show_engine(EngineState("Sound", "ready"))
    assert not picker.progress.isVisible()
    assert picker.state.text() == "ready"
    assert "Unload Sound" in entries(picker)
    picker.show_engine(EngineState("Sound", "crashed", text="It died."))
    assert picker.state.text().startswith("crashed")
    assert picker.state.toolTip() == "It died."


def test_state_of_another_model_does_not_show(picker: ModelPicker) -> None:
    picker.show_engine(EngineState("Other", "loading", 0.5))
    assert not picker.progress.isVisible()


def test_conversations_model_that_is_gone(picker: ModelPicker) -> None:
    picker.show_current("Gone")
    assert picker.button.text() == "Gone"
    assert picker.state.text() == "This model is not here any more"


def test_default_comes_before_the_first(picker: ModelPicker) -> None:
    other = Model("Another", "llama", Path("a.gguf"), 1)
    picker.show_models(ModelList((other, SOUND), ("Sound",), "Sound", None))
    assert picker.current == "Sound"
    assert picker.state.text() == "ready"


def test_first_page_says_what_is_fetched_and_from_where(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    page = NoModel(look)
    qtbot.addWidget(page)
    entry = catalogue.find("starter")
    page.show_models(ModelList((), (), "", entry, folder=tmp_path / "models"))
    facts = page._facts.text()
    assert entry.name in facts and "491 MB" in facts and "Apache-2.0" in facts
    assert all(source.label in facts for source in entry.sources)
    assert str(tmp_path / "models") in page._own.text()


def test_first_page_shows_progress_and_failure(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    page = NoModel(look)
    qtbot.addWidget(page)
    page.show()
    page.show_models(ModelList((), (), "", catalogue.find("starter"), folder=tmp_path))
    assert page.button.isVisible()
    page.show_progress(DownloadProgress("pip", 245_700_032, 491_400_064))
    assert not page.button.isVisible()
    assert page.progress._label.text() == "50 % · 246 MB / 491 MB"
    page.show_ended(Failure("No source gave the file."))
    assert page.button.isVisible()
    assert page._error.text() == "No source gave the file."


@pytest.fixture
def empty_desk(home: Path, qtbot: QtBot) -> object:
    """The window of an app without any model."""
    app = App.open()
    desk = open_desk(app, make_application())
    yield desk
    desk.window.close()
    desk.window.deleteLater()
    app.close()


def test_without_a_model_the_first_page_shows_and_nothing_is_sent(empty_desk: Desk, qtbot: QtBot) -> None:
    chat = empty_desk.window.chat
    qtbot.waitUntil(lambda: chat.pages.currentWidget() is chat.no_model, timeout=REPLY_MS)
    chat.composer.set_text("Hello")
    assert not chat.composer.button.isEnabled()
    assert empty_desk.window.topbar.picker.button.text() == "No model"


def test_download_fails_with_its_reason_and_can_be_tried_again(
    empty_desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(entry: object, **_: object) -> object:
        def work(cancel: object) -> object:
            yield DownloadProgress("pip", 1, 100)
            raise DownloadError("No source gave the file.", "Check the connection.")

        return work

    monkeypatch.setattr("teahouse.models.download.fetch", fetch)
    page = empty_desk.window.chat.no_model
    qtbot.waitUntil(lambda: page._models.starter is not None, timeout=REPLY_MS)
    for _ in range(2):
        page.button.click()
        qtbot.waitUntil(
            lambda: page._error.text() == "No source gave the file. Check the connection.", timeout=REPLY_MS
        )
        qtbot.waitUntil(lambda: page.progress.isHidden(), timeout=REPLY_MS)


def test_download_can_be_stopped(
    empty_desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[bool] = []
    cleaned: list[bool] = []

    def fetch(entry: object, **_: object) -> object:
        def work(cancel: object) -> object:
            try:
                begun.append(True)
                while True:
                    cancel.wait(0.02)  # type: ignore[attr-defined]
                    yield DownloadProgress("pip", 1, 100)
            finally:
                cleaned.append(True)

        return work

    monkeypatch.setattr("teahouse.models.download.fetch", fetch)
    page = empty_desk.window.chat.no_model
    qtbot.waitUntil(lambda: page._models.starter is not None, timeout=REPLY_MS)
    page.button.click()
    qtbot.waitUntil(lambda: begun == [True] and not page.progress.isHidden(), timeout=REPLY_MS)
    page.progress._stop.click()
    qtbot.waitUntil(lambda: page.progress.isHidden(), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: cleaned == [True], timeout=5000)
    assert page._error.text() == ""


def test_a_model_that_is_too_large_for_the_memory_says_so_beside_the_way_out(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> object:
        def work(cancel: object) -> object:
            raise OutOfMemory(f"“{name}” needs 900 GB of memory.", "Choose a smaller context.")
            yield

        return work

    window = desk.window
    monkeypatch.setattr(window.desks.place.app.engines, "load", load)
    window.desks.models.choose("echo/echo")
    notices = window.chat.notices
    qtbot.waitUntil(lambda: "needs 900 GB" in notices.label.text(), timeout=REPLY_MS)
    assert notices.property("kind") == "error"
    assert "Choose a smaller context." in notices.label.text()
    assert notices.act_button.text() == "Settings of this model …"
    notices.act_button.click()
    qtbot.waitUntil(lambda: window.findChild(ModelSettingsDialog) is not None, timeout=REPLY_MS)
    dialog = window.findChild(ModelSettingsDialog)
    assert isinstance(dialog, ModelSettingsDialog)
    dialog.close()
