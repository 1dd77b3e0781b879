"""Adding and removing model files in the real window."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from teahouse.app import App
from teahouse.errors import ModelError
from teahouse.jobs import Job, JobEnded
from teahouse.models import shelf
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.add_model import AddModelDialog
from teahouse_desktop.models.model_picker import ModelPicker
from teahouse_desktop.models.use_offer import UseOffer
from teahouse_desktop.start import Desk
from teahouse_desktop.widgets.notices import NoticeBar
from tests.core.models import ggufs
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A small model somewhere else."""
    return ggufs.write(tmp_path / "elsewhere" / "mine 茶.gguf")


def names(app: App) -> list[str]:
    return [model.name for model in app.models.list() if model.path]


def notice(desk: Desk) -> str:
    return desk.window.chat.notices.label.text()


def add(desk: Desk, qtbot: QtBot, dialog: AddModelDialog) -> None:
    """Press “Add” and wait until the dialog has gone."""
    dialog.start_button.click()
    qtbot.waitUntil(lambda: not isValid(dialog) or not dialog.isVisible(), timeout=REPLY_MS)


def question(qtbot: QtBot) -> QMessageBox:
    """The question that is asked."""

    def asked() -> list[QMessageBox]:
        return [
            one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox) and one.isVisible()
        ]

    qtbot.waitUntil(lambda: len(asked()) == 1, timeout=REPLY_MS)
    return asked()[0]


def press(box: QMessageBox, role: QMessageBox.ButtonRole) -> None:
    next(button for button in box.buttons() if box.buttonRole(button) == role).click()


# --- adding -------------------------------------------------------------------------------------------


def test_a_file_is_linked_under_a_name(app: App, desk: Desk, own: Path, qtbot: QtBot) -> None:
    dialog = desk.window.desks.models.files.open_file(own)
    assert dialog.name.text() == "mine 茶"
    assert not dialog.is_copy.isChecked()
    dialog.name.setText("tea")
    add(desk, qtbot, dialog)
    assert names(app) == ["tea"]
    assert (app.paths.models / "tea.gguf").is_symlink()
    assert "“tea” was added." in notice(desk)
    picker = desk.window.topbar.picker
    qtbot.waitUntil(lambda: "tea" in [model.name for model in picker.models.models], timeout=REPLY_MS)


def prefer_echo(app: App, desk: Desk, qtbot: QtBot) -> None:
    """Without a choice the first model by name is the one in use."""
    app.settings.set("models.default", "echo/echo")
    with qtbot.waitSignal(desk.window.desks.models.listed, timeout=REPLY_MS):
        desk.window.desks.models.refresh()


def test_an_added_model_can_be_used_at_once(app: App, desk: Desk, own: Path, qtbot: QtBot) -> None:
    prefer_echo(app, desk, qtbot)
    add(desk, qtbot, desk.window.desks.models.files.open_file(own))
    desk.window.chat.notices.act_button.click()
    assert desk.window.topbar.picker._current == "mine 茶"
    qtbot.waitUntil(lambda: app.settings.get("models.default") == "mine 茶", timeout=REPLY_MS)


def test_an_offer_goes_when_the_model_is_used_in_another_way(
    app: App, desk: Desk, own: Path, qtbot: QtBot
) -> None:
    prefer_echo(app, desk, qtbot)
    add(desk, qtbot, desk.window.desks.models.files.open_file(own))
    notices, picker = desk.window.chat.notices, desk.window.topbar.picker
    assert notices.act_button.isVisibleTo(notices)
    qtbot.waitUntil(lambda: picker.meant_by("mine 茶") == "mine 茶", timeout=REPLY_MS)
    picker.chosen.emit("mine 茶")
    assert notices.isHidden()


def test_what_is_in_use_as_soon_as_it_is_added_is_not_offered(
    app: App, desk: Desk, own: Path, qtbot: QtBot
) -> None:
    add(desk, qtbot, desk.window.desks.models.files.open_file(own))  # files come before models of plugins
    notices, picker = desk.window.chat.notices, desk.window.topbar.picker
    qtbot.waitUntil(lambda: picker.current == "mine 茶", timeout=REPLY_MS)
    qtbot.waitUntil(
        lambda: notices.isHidden() or not notices.act_button.isVisibleTo(notices), timeout=REPLY_MS
    )


def test_the_first_model_is_said_and_not_offered(look: Look, qtbot: QtBot) -> None:
    picker, notices = ModelPicker(look), NoticeBar(look)
    for widget in (picker, notices):
        qtbot.addWidget(widget)
    UseOffer(picker, lambda name: None, picker).show(notices, "“mine” was added.", "mine")
    assert notices.label.text() == "“mine” was added."
    assert not notices.act_button.isVisibleTo(notices)


def test_a_file_is_copied_and_compared(app: App, desk: Desk, own: Path, qtbot: QtBot) -> None:
    dialog = desk.window.desks.models.files.open_file(own)
    dialog.is_copy.setChecked(True)
    dialog.sha256.setText(hashlib.sha256(own.read_bytes()).hexdigest())
    add(desk, qtbot, dialog)
    copied = app.paths.models / "mine 茶.gguf"
    assert not copied.is_symlink()
    assert copied.read_bytes() == own.read_bytes()


def test_no_line_of_the_path_is_cut_in_another_language(desk: Desk, qtbot: QtBot) -> None:
    path = Path("/home/somebody/下载/a long folder of models that/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf")
    dialog = desk.window.desks.models.files.open_file(path)
    desk.languages.show("zh_CN")
    label = dialog._path
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()), timeout=REPLY_MS)
    assert label.heightForWidth(label.width()) > label.fontMetrics().height() * 1.5  # two lines
    dialog.close()


def test_why_nothing_was_added_is_told_when_the_dialog_is_gone(desk: Desk, own: Path, qtbot: QtBot) -> None:
    files = desk.window.desks.models.files
    dialog, failed = files.open_file(own), QSignalSpy(desk.window.runner.failed)
    dialog.close()
    qtbot.waitUntil(lambda: not isValid(dialog), timeout=REPLY_MS)
    ended = JobEnded(Job("Test", lambda _cancel: iter(())), error=ModelError("No room."))  # type: ignore[arg-type, return-value]
    files._on_added(dialog, ended)
    assert failed.count() == 1


@pytest.mark.parametrize(
    ("sha256", "name", "reason"),
    [("0" * 64, "mine", "another SHA-256"), ("", "a/b", "cannot be called"), ("x", "mine", "no SHA-256")],
)
def test_what_cannot_be_added_says_why_and_can_be_tried_again(
    app: App, desk: Desk, own: Path, qtbot: QtBot, sha256: str, name: str, reason: str
) -> None:
    dialog = desk.window.desks.models.files.open_file(own)
    dialog.name.setText(name)
    dialog.sha256.setText(sha256)
    dialog.start_button.click()
    qtbot.waitUntil(lambda: reason in dialog.outcome.text(), timeout=REPLY_MS)
    assert names(app) == []
    assert dialog.name.isEnabled()
    dialog.name.setText("mine")
    dialog.sha256.setText("")
    add(desk, qtbot, dialog)
    assert names(app) == ["mine"]


def test_a_file_that_is_no_model_is_refused_in_words(
    app: App, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    junk = tmp_path / "junk.gguf"
    junk.write_bytes(b"not a model")
    dialog = desk.window.desks.models.files.open_file(junk)
    dialog.start_button.click()
    qtbot.waitUntil(lambda: str(junk) in dialog.outcome.text(), timeout=REPLY_MS)
    assert names(app) == []
    dialog.close()


def test_a_copy_shows_how_far_it_is_and_can_be_stopped(
    app: App, desk: Desk, own: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_file, begun = shelf.copy_file, []

    def copy_slowly(*arguments: Any) -> Generator[object, None, None]:
        steps = copy_file(*arguments)
        try:
            begun.append(next(steps))
            while True:
                time.sleep(0.02)
                yield begun[0]
        finally:
            steps.close()

    monkeypatch.setattr(shelf, "copy_file", copy_slowly)
    dialog = desk.window.desks.models.files.open_file(own)
    dialog.is_copy.setChecked(True)
    dialog.start_button.click()
    qtbot.waitUntil(lambda: dialog.progress._label.text().startswith("Copying: "), timeout=REPLY_MS)
    assert not dialog.name.isEnabled()
    assert [file.suffix for file in app.paths.models.iterdir()] == [".part"]
    dialog.reject()
    qtbot.waitUntil(lambda: dialog.outcome.text() == "Stopped. Nothing was added.", timeout=REPLY_MS)
    qtbot.waitUntil(lambda: list(app.paths.models.iterdir()) == [], timeout=REPLY_MS)
    dialog.close()


def drag(*files: Path | str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) if isinstance(file, Path) else QUrl(file) for file in files])
    return data


def drop(desk: Desk, data: QMimeData) -> bool:
    """Drag over the window and let go; whether it was taken."""
    options = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *options)
    enter.ignore()
    QApplication.sendEvent(desk.window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(desk.window, QDropEvent(QPointF(5, 5), *options, QEvent.Type.Drop))
    return True


def test_a_dropped_model_file_is_asked_about(desk: Desk, own: Path) -> None:
    assert drop(desk, drag(own.with_name("notes.txt"), own))
    [dialog] = [one for one in desk.window.findChildren(AddModelDialog) if one.isVisible()]
    assert dialog._path.text() == str(own)
    dialog.close()


def test_other_things_that_are_dropped_are_not_taken(desk: Desk, own: Path) -> None:
    assert not drop(desk, drag(own.with_name("notes.txt")))
    assert not drop(desk, drag("https://example.org/model.gguf"))
    assert desk.window.findChildren(AddModelDialog) == []


def test_the_menu_asks_for_a_file(desk: Desk, own: Path, qtbot: QtBot) -> None:
    chooser = desk.window.desks.models.files.choose_file()
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(own))
    [dialog] = [one for one in desk.window.findChildren(AddModelDialog) if one.isVisible()]
    assert dialog.name.text() == "mine 茶"
    chooser.close()
    dialog.close()


# --- removing -----------------------------------------------------------------------------------------


@pytest.fixture
def with_file(app: App, own: Path, open_window: Callable[[], Desk]) -> Desk:
    """The window with a model of its own, settings of it, and the default."""
    app.paths.models.mkdir(parents=True, exist_ok=True)
    (app.paths.models / "mine.gguf").write_bytes(own.read_bytes())
    app.settings.set("engine.context", 1024, "mine")
    app.settings.set("engine.batch", 128)
    app.settings.set("models.default", "mine")
    return open_window()


def test_removing_asks_says_what_is_kept_and_frees(app: App, with_file: Desk, qtbot: QtBot) -> None:
    with_file.window.desks.models.files.ask_removal("mine")
    box = question(qtbot)
    assert box.text() == "Delete “mine” for good?"
    assert "become free" in box.informativeText()
    assert "Conversations are kept" in box.informativeText()
    press(box, QMessageBox.ButtonRole.DestructiveRole)
    qtbot.waitUntil(lambda: names(app) == [], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: "are free again" in notice(with_file), timeout=REPLY_MS)
    assert app.settings.get("models.default") == ""
    assert app.settings.get("engine.batch") == 128
    assert not app.settings.is_chosen("engine.context", "mine")


def test_nothing_is_removed_without_consent(app: App, with_file: Desk, qtbot: QtBot) -> None:
    with_file.window.desks.models.files.ask_removal("mine")
    press(question(qtbot), QMessageBox.ButtonRole.RejectRole)
    assert names(app) == ["mine"]


def test_of_a_link_only_the_link_goes(app: App, desk: Desk, own: Path, qtbot: QtBot) -> None:
    add(desk, qtbot, desk.window.desks.models.files.open_file(own))
    desk.window.desks.models.files.ask_removal("mine 茶")
    box = question(qtbot)
    assert box.text() == "Remove the link “mine 茶”?"
    assert f"The file stays at {own}." in box.informativeText()
    press(box, QMessageBox.ButtonRole.DestructiveRole)
    qtbot.waitUntil(lambda: names(app) == [], timeout=REPLY_MS)
    assert own.exists()


def test_a_model_of_a_plugin_cannot_be_removed(desk: Desk, qtbot: QtBot) -> None:
    desk.window.desks.models.files.ask_removal("echo/echo")
    qtbot.waitUntil(lambda: "comes from the plugin" in notice(desk), timeout=REPLY_MS)
