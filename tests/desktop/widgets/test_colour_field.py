from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from teahouse.errors import SettingError
from teahouse_desktop.looks.own_theme import OwnColours, mended
from teahouse_desktop.pages.pages import SETTINGS
from teahouse_desktop.settings.settings_page import SettingsPage
from teahouse_desktop.start import Desk
from teahouse_desktop.widgets.colour_field import ColourField, ColourRow

pytestmark = pytest.mark.gui


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[ColourField]:
    parent = QWidget()
    qtbot.addWidget(parent)
    yield ColourField(parent)


@pytest.mark.parametrize(
    ("typed", "value"), [("#A1B2C3", "#a1b2c3"), ("a1b2c3", "#a1b2c3"), ("#abc", "#aabbcc"), ("", "")]
)
def test_a_colour_is_read_as_people_write_it(field: ColourField, typed: str, value: str) -> None:
    field.line.setText(typed)
    assert field.value == value


@pytest.mark.parametrize("typed", ["green", "#12", "#gggggg"])
def test_what_is_no_colour_is_refused_in_words(field: ColourField, typed: str) -> None:
    field.line.setText(typed)
    with pytest.raises(SettingError, match="no colour"):
        _ = field.value


def test_a_chosen_colour_counts_at_once(field: ColourField, qtbot: QtBot) -> None:
    field.set_value("#102030")
    chooser = field.choose()
    with qtbot.waitSignal(field.changed):
        chooser.colorSelected.emit(QColor("#405060"))
    assert field.value == "#405060"
    assert field.button.colour.name() == "#405060"
    chooser.close()


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> SettingsPage:
    page = desk.window.pages.open(SETTINGS)
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: page.is_ready, timeout=10_000)
    return page


def choose(page: SettingsPage, key: str, colour: str, qtbot: QtBot) -> ColourRow:
    row = page.rows[key]
    assert isinstance(row, ColourRow) and isinstance(row.field, ColourField)
    row.field.line.clear()
    qtbot.keyClicks(row.field.line, colour)
    qtbot.keyClick(row.field.line, Qt.Key.Key_Return)
    return row


def test_a_colour_chosen_on_the_page_is_seen_at_once(desk: Desk, page: SettingsPage, qtbot: QtBot) -> None:
    desk.appearance.choose("light")
    choose(page, "app.accent", "#7a2e8f", qtbot)
    qtbot.waitUntil(lambda: desk.appearance.look.theme.accent == "#7a2e8f", timeout=5000)
    assert desk.appearance.choice == "own"
    page.rows["app.accent"].reset_requested.emit("app.accent")
    qtbot.waitUntil(lambda: desk.appearance.look.theme.accent != "#7a2e8f", timeout=5000)


def test_a_colour_that_cannot_be_read_is_mended_and_the_row_says_so(page: SettingsPage, qtbot: QtBot) -> None:
    row = choose(page, "app.accent", "#ffff00", qtbot)
    shown = mended(OwnColours("#ffff00"))[0].shown
    qtbot.waitUntil(lambda: shown in row.said("own"), timeout=5000)
    assert "#ffff00" not in row.said("own")
    assert shown in row.field.widget.accessibleDescription()


def test_a_word_is_refused_and_nothing_is_kept(desk: Desk, page: SettingsPage, qtbot: QtBot) -> None:
    row = choose(page, "app.accent", "green", qtbot)
    assert "no colour" in row.said("problem")
    assert desk.appearance.taste.accent == ""


def test_fields_have_names(page: SettingsPage) -> None:
    field = page.rows["app.accent"].field
    assert isinstance(field, ColourField)
    assert field.line.accessibleName() == "Accent colour"
    assert field.button.accessibleName() == "Choose a colour: Accent colour"
