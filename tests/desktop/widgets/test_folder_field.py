"""The folder of models on the settings page: typed, chosen, refused, mended when its drive is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.models import folder as model_folder
from teahouse_desktop.pages.pages import SETTINGS
from teahouse_desktop.settings.setting_row import SettingRow
from teahouse_desktop.settings.settings_page import SettingsPage
from teahouse_desktop.start import Desk
from teahouse_desktop.widgets.folder_field import FolderField
from tests.core.models import ggufs
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui


def open_row(desk: Desk, qtbot: QtBot) -> SettingRow:
    page = desk.window.pages.open(SETTINGS)
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: page.is_ready, timeout=REPLY_MS)
    return page.rows[model_folder.SETTING]


def line_of(row: SettingRow) -> QLineEdit:
    line = row.field.widget.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    return line


def type_into(qtbot: QtBot, row: SettingRow, text: str) -> None:
    line = line_of(row)
    line.setFocus()
    line.selectAll()
    line.insert(text)
    line.textEdited.emit(text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_a_typed_folder_holds_at_once_and_its_models_are_listed(
    app: App, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "茶 Ж 😀"
    ggufs.write(folder / "tea.gguf")
    row = open_row(desk, qtbot)
    assert line_of(row).accessibleName() == row.label
    type_into(qtbot, row, str(folder))
    qtbot.waitUntil(lambda: app.paths.models == folder, timeout=REPLY_MS)
    picker = desk.window.topbar.picker
    qtbot.waitUntil(lambda: any("tea" in one.text() for one in picker.menu.actions()), timeout=REPLY_MS)
    row = open_row(desk, qtbot)
    qtbot.waitUntil(lambda: row.reset.isVisibleTo(row), timeout=REPLY_MS)
    row.reset.click()
    qtbot.waitUntil(lambda: not app.settings.is_chosen(model_folder.SETTING), timeout=REPLY_MS)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("models", "full path"), ("/nowhere/at/all", "There is no folder"), ("/proc", "Nothing can be written")],
)
def test_a_folder_that_will_not_do_is_refused_beside_the_field(
    app: App, desk: Desk, qtbot: QtBot, text: str, reason: str
) -> None:
    row = open_row(desk, qtbot)
    type_into(qtbot, row, text)
    qtbot.waitUntil(lambda: reason in row.said("problem"), timeout=REPLY_MS)
    assert not app.settings.is_chosen(model_folder.SETTING)
    assert line_of(row).text() == text, "what was typed can be mended"


def test_a_folder_can_be_chosen_by_button(app: App, desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "chosen"
    folder.mkdir()
    row = open_row(desk, qtbot)
    field = row.field
    assert isinstance(field, FolderField)
    field.button.click()
    chooser = desk.window.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    assert chooser.fileMode() == QFileDialog.FileMode.Directory
    chooser.fileSelected.emit(str(folder))
    chooser.close()
    qtbot.waitUntil(lambda: app.paths.models == folder, timeout=REPLY_MS)


def test_the_settings_open_though_the_drive_is_away(
    app: App, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    model_folder.choose(app, str(drive))
    drive.rmdir()
    row = open_row(desk, qtbot)
    qtbot.waitUntil(lambda: line_of(row).text() == str(drive), timeout=REPLY_MS)
    row.reset.click()
    qtbot.waitUntil(lambda: app.paths.models != drive, timeout=REPLY_MS)
