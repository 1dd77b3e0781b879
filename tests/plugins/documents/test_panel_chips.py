"""The chips above the composer: collections and filters of a conversation, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.looks.theme import DARK
from teahouse_documents.panel.chips import DocumentChips
from teahouse_documents.settings import COLLECTIONS, FOLDER, SINCE, TYPES
from teahouse_documents.values import DocumentsError
from tests.plugins.documents.stand_ins import WAIT_MS, FakeLibrary, filled, make_look
from tests.plugins.sampling.inline_window import InlineWindow

pytestmark = pytest.mark.gui


class Books(FakeLibrary):
    def types(self, names: Sequence[str] = ()) -> list[tuple[str, int]]:
        self._note("types", tuple(names))
        return [("pdf", 120), ("md", 7)]


class Shown:
    """The chips in a window of their own, for one conversation."""

    def __init__(self, app: App, qtbot: QtBot) -> None:
        self.holder = QWidget()
        qtbot.addWidget(self.holder)
        self.window = InlineWindow(app, self.holder)
        self.window.look = make_look()
        self.library, self.bot = filled(Books(app.events)), qtbot
        column = QVBoxLayout(self.holder)
        column.addStretch(1)
        self.chips = DocumentChips(app, self.window, lambda: self.library, self.holder)  # type: ignore[arg-type,return-value]
        column.addWidget(self.chips)
        self.chips.shelf._timer.setInterval(20)
        self.holder.resize(520, 640)
        self.holder.show()
        self.holder.activateWindow()
        qtbot.waitUntil(lambda: self.chips.shelf.has_read, timeout=WAIT_MS)

    @property
    def words(self) -> list[str]:
        return [chip.words.replace("\u00a0", " ") for chip in self.chips.chips]

    @property
    def chosen(self) -> dict[str, object]:
        return dict(self.window.chosen)

    def open(self) -> None:
        self.chips.opener.click()
        self.bot.waitUntil(lambda: bool(self.chips.sheet.types), timeout=WAIT_MS)


@pytest.fixture
def app(home: Path) -> Iterator[App]:
    opened = App.open()
    yield opened
    opened.close()


@pytest.fixture
def shown(app: App, qtbot: QtBot) -> Shown:
    return Shown(app, qtbot)


def test_nothing_is_shown_where_there_is_nothing_to_choose(shown: Shown) -> None:
    assert shown.chips.opener.text().strip() == "Documents" and shown.words == []
    shown.library.held.clear()
    shown.library.change()
    shown.bot.waitUntil(lambda: not shown.chips.isVisible(), timeout=WAIT_MS)
    shown.library.create_collection("Empty")
    shown.library.change()
    shown.bot.waitUntil(lambda: shown.chips.shelf.names == ["Empty"], timeout=WAIT_MS)
    assert not shown.chips.isVisible()
    shown.library.add("New", "/home/lin/new")
    shown.library.change()
    shown.bot.waitUntil(shown.chips.isVisible, timeout=WAIT_MS)


def test_collections_are_chosen_in_the_sheet(shown: Shown) -> None:
    shown.open()
    sheet = shown.chips.sheet
    assert [box.text().replace("\u00a0", " ") for box in sheet.boxes.values()] == [
        "All collections · 182 files",
        "Work · 133 files",
        "书房 · 49 files",
    ]
    sheet.boxes["书房"].click()
    sheet.boxes["Work"].click()
    assert shown.chosen == {COLLECTIONS: "书房, Work"} and shown.words == ["书房", "Work"]
    sheet.boxes["*"].click()
    assert shown.words == ["All collections"] and not sheet.boxes["Work"].isChecked()
    sheet.boxes["Work"].click()  # not all any more
    assert shown.chosen == {COLLECTIONS: "Work"} and not sheet.boxes["*"].isChecked()
    sheet.clear.click()
    assert shown.chosen == {} and shown.words == []


def test_delete_takes_a_chip_away_and_the_focus_goes_on(shown: Shown) -> None:
    shown.chips.pick(["Work", "书房"])
    first = shown.chips.chips[0]
    first.setFocus()
    shown.bot.waitUntil(first.hasFocus, timeout=WAIT_MS)
    shown.bot.keyClick(first, Qt.Key.Key_Delete)
    assert shown.words == ["书房"] and shown.chips.chips[0].hasFocus()
    shown.bot.keyClick(shown.chips.chips[0], Qt.Key.Key_Backspace)
    assert shown.chosen == {} and shown.chips.opener.hasFocus()


def test_the_cross_takes_away_and_the_rest_opens(shown: Shown) -> None:
    shown.chips.pick(["Work"])
    QApplication.processEvents()
    [chip] = shown.chips.chips
    shown.bot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(12, chip.height() // 2))
    assert shown.chips.popup.is_open and shown.words == ["Work"]
    shown.chips.popup.shut()
    end = QPoint(chip.width() - 8, chip.height() // 2)
    shown.bot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=end)
    assert not shown.chips.popup.is_open and shown.words == []


def test_escape_leads_back_to_what_opened_the_sheet(shown: Shown) -> None:
    shown.open()
    box = next(iter(shown.chips.sheet.boxes.values()))
    shown.bot.waitUntil(box.hasFocus, timeout=WAIT_MS)
    shown.bot.keyClick(box, Qt.Key.Key_Escape)
    assert not shown.chips.popup.is_open and shown.chips.opener.hasFocus()
    shown.open()
    shown.chips.opener.click()  # closes it, too
    assert not shown.chips.popup.is_open


def test_filters_become_a_chip(shown: Shown) -> None:
    shown.chips.pick(["Work"])
    shown.open()
    sheet = shown.chips.sheet
    assert [box.text() for box in sheet.types.values()] == ["PDF (120)", "MD (7)"]
    sheet.types["pdf"].click()
    sheet.folder.setText("  2024 ")
    sheet.folder.editingFinished.emit()
    sheet.age.setCurrentIndex(sheet.age.findData("7d"))
    assert shown.chosen == {COLLECTIONS: "Work", TYPES: "pdf", FOLDER: "2024", SINCE: "7d"}
    assert shown.words == ["Work", "PDF · 2024 · last 7 days"]
    shown.bot.keyClick(shown.chips.chips[1], Qt.Key.Key_Delete)
    assert shown.chosen == {COLLECTIONS: "Work"} and shown.words == ["Work"]
    assert not sheet.types["pdf"].isChecked() and sheet.folder.text() == ""


def test_a_day_is_written_and_what_is_none_is_not_taken(shown: Shown) -> None:
    shown.chips.pick(["Work"])
    shown.open()
    sheet = shown.chips.sheet
    sheet.age.setCurrentIndex(sheet.age.count() - 1)
    assert sheet.day.isVisible()
    sheet.day.setText("last tuesday")
    sheet.day.editingFinished.emit()
    assert sheet.problem.isVisible() and SINCE not in shown.chosen
    sheet.day.setText("2024-05-31")
    sheet.day.editingFinished.emit()
    assert not sheet.problem.isVisible() and shown.chosen[SINCE] == "2024-05-31"
    assert shown.words[-1] == "since 2024-05-31"


def test_what_holds_everywhere_can_be_left_out_here(app: App, shown: Shown) -> None:
    app.settings.set(COLLECTIONS, "Work")
    shown.chips.refresh()
    assert shown.words == ["Work"] and shown.chosen == {}
    shown.chips.chips[0].removed.emit()
    assert shown.words == [] and shown.chosen == {COLLECTIONS: ""}
    shown.chips.pick(["Work"])
    assert shown.chosen == {}  # as everywhere


def test_a_collection_that_is_gone_is_marked(shown: Shown) -> None:
    shown.chips.pick(["Work", "an old, very old one"])
    assert shown.chosen == {COLLECTIONS: "Work\nan old, very old one\n"}
    shown.bot.waitUntil(lambda: len(shown.chips.chips) == 2, timeout=WAIT_MS)
    assert "no such collection" in shown.chips.chips[1].accessibleDescription()
    shown.library.create_collection("an old, very old one")
    shown.library.change()
    shown.bot.waitUntil(
        lambda: "no such collection" not in shown.chips.chips[1].accessibleDescription(), timeout=WAIT_MS
    )


def test_another_conversation_closes_the_sheet(shown: Shown) -> None:
    shown.open()
    shown.window.conversation_id = "another"
    shown.window.chosen.clear()
    shown.window.conversation_changed.emit()
    assert not shown.chips.popup.is_open and shown.words == []


def test_what_is_known_stays_where_the_library_cannot_be_read(shown: Shown) -> None:
    shown.library.fault = DocumentsError("The index is damaged.", "Try again.")
    shown.chips.shelf.refresh()
    shown.bot.waitUntil(lambda: shown.window.pending == 0, timeout=WAIT_MS)
    assert [one.name for one in shown.chips.shelf.collections] == ["Work", "书房"]


def test_it_follows_the_look_and_stays_in_a_narrow_window(shown: Shown) -> None:
    shown.chips.pick(["Work", "书房", "*" * 60])
    shown.holder.resize(320, 640)
    QApplication.processEvents()
    assert all(chip.geometry().right() <= shown.chips.width() for chip in shown.chips.chips)
    before = shown.holder.grab().toImage()
    shown.window.look = make_look(DARK)
    shown.window.look_changed.emit()
    assert shown.holder.grab().toImage() != before
    shown.open()
    popup = shown.chips.popup
    assert shown.holder.rect().contains(popup.geometry())
