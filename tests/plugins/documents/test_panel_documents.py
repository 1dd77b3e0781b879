from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.looks.theme import DARK
from teahouse_desktop.plugins.panel_check import _controls
from teahouse_documents import needs
from teahouse_documents.panel import DocumentsPanels, create_panels
from teahouse_documents.panel import shelf as shelf_module
from teahouse_documents.panel.documents_panel import DocumentsPanel
from teahouse_documents.panel.source_row import SourceRow
from teahouse_documents.settings import settings
from teahouse_documents.values import CONVERSATIONS, DocumentsError, SourceOptions, Standing
from tests.plugins.documents.stand_ins import WAIT_MS, FakeLibrary, FakeWindow, Shown, make_look

pytestmark = pytest.mark.gui


@pytest.fixture
def app(home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    opened = App.open(has_plugins=False)
    opened.settings.declare(settings(), owner="documents")
    monkeypatch.setattr(shelf_module, "missing_embedder", lambda app: None)
    yield opened
    opened.close()


@pytest.fixture
def show(app: App, qtbot: QtBot) -> Iterator[Callable[..., Shown]]:
    made: list[Shown] = []

    def make(*, is_filled: bool = True) -> Shown:
        made.append(Shown(app, qtbot, is_filled=is_filled))
        return made[-1]

    yield make
    for shown in made:
        shown.close()


@pytest.fixture
def shown(show: Callable[..., Shown]) -> Shown:
    return show()


def row_of(shown: Shown, name: str) -> SourceRow:
    rows = [row for card in shown.panel.library.cards for row in card.rows]
    return next(row for row in rows if row.name.text() == name)


def row(*facts: str) -> str:
    return "\u00a0· ".join(facts)


def choose(row: SourceRow, title: str) -> None:
    next(action for action in row.menu.actions() if action.text() == title).trigger()


# --- what is shown ------------------------------------------------------------------------------------


def test_an_empty_library_invites(show: Callable[..., Shown]) -> None:
    shown = show(is_filled=False)
    page = shown.panel.library
    assert page.currentWidget() is page.invitation
    labels = [label.text() for label in page.invitation.findChildren(QWidget) if hasattr(label, "text")]
    assert "Add a folder." in labels
    assert any(text.startswith("Nothing leaves this machine.") for text in labels)
    assert not shown.panel.totals.isVisible()


def test_a_collection_without_sources_is_shown(show: Callable[..., Shown]) -> None:
    shown = show(is_filled=False)
    shown.library.create_collection("Letters")
    shown.refresh()
    page = shown.panel.library
    assert page.currentWidget() is page.list
    assert [card.title.text() for card in page.cards] == ["Letters"]
    assert page.cards[0].empty.isVisible()


def test_what_was_read_before_an_error_is_not_told_as_new(shown: Shown, qtbot: QtBot) -> None:
    panel = shown.panel
    assert panel.status.isVisible() and panel.problems_button.isVisible()
    shown.library.fault = DocumentsError("The disk is full. What was read is kept.", "Make room.")
    shown.refresh()
    assert panel.trouble.isVisible()
    for part in (panel.status, panel.problems_button, panel.totals, panel.embedder):
        assert not part.isVisible()


@pytest.mark.parametrize("width", [220, 400])
def test_totals_are_never_cut(shown: Shown, qtbot: QtBot, width: int) -> None:
    shown.holder.resize(width, 720)
    shown.panel.setGeometry(shown.holder.rect())
    totals = shown.panel.totals

    def is_whole() -> bool:
        is_tall = totals.height() >= totals.heightForWidth(totals.width())
        return is_tall and width / 2 < totals.width() <= width

    qtbot.waitUntil(is_whole, timeout=WAIT_MS)


def test_collections_and_their_sources(shown: Shown) -> None:
    cards = shown.panel.library.cards
    assert [card.title.text() for card in cards] == ["Work", "书房"]
    assert cards[0].facts.text() == row("133 files", "2,411 passages")
    facts = {row.name.text(): row.facts.text() for card in cards for row in card.rows}
    assert facts["harbour"] == row("132 files", "12 wait", "2 not read")
    assert facts["Past conversations"] == "41 conversations"
    assert facts["old letters"].startswith("It is not there at the moment")
    assert row_of(shown, "harbour").name.toolTip() == "<qt>/home/lin/Projects/harbour</qt>"


def test_progress_is_shown_as_it_is_told(shown: Shown, qtbot: QtBot) -> None:
    status = shown.panel.status
    assert status.words.text() == row("169 of 182 files", "about 3 minutes left")
    assert status.current.text() == "Now: tides 2026.xlsx"
    assert status.bar.value() == round(1000 * 169 / 182)
    shown.library.change(waiting=0, activity="idle", current="", done=180)
    qtbot.waitUntil(lambda: not status.isVisible(), timeout=WAIT_MS)
    assert shown.panel.totals.text() == row("3,141 passages from 180 files", "48 MB")


def test_a_change_is_read_again_without_losing_rows(shown: Shown, qtbot: QtBot) -> None:
    row = row_of(shown, "harbour")
    work = shown.library.held["Work"]
    first = replace(work.sources[0], done=132, failed=0)
    shown.library.held["Work"] = replace(work, sources=(first, *work.sources[1:]), chunks=2600)
    shown.library.change(waiting=0, activity="idle")
    qtbot.waitUntil(lambda: row.facts.text() == "132 files", timeout=WAIT_MS)
    assert row_of(shown, "harbour") is row


def test_the_library_is_never_asked_on_the_window_s_thread(shown: Shown) -> None:
    shown.panel.field.setText("fee")
    shown.wait_for("search")
    assert shown.library.threads
    assert "MainThread" not in shown.library.threads


def test_pause_and_go_on(shown: Shown, qtbot: QtBot) -> None:
    button = shown.panel.status.pause
    assert button.accessibleName() == "Pause reading"
    button.click()
    qtbot.waitUntil(lambda: button.accessibleName() == "Go on reading", timeout=WAIT_MS)
    assert shown.panel.status.words.text() == "Paused. 13 files wait."
    button.click()
    qtbot.waitUntil(lambda: button.accessibleName() == "Pause reading", timeout=WAIT_MS)


def test_another_owner_and_a_new_index_are_told(shown: Shown, qtbot: QtBot) -> None:
    shown.library.change(is_owner=False, building="bge-m3", waiting=0, activity="idle")
    remarks = shown.panel.status.remarks
    qtbot.waitUntil(lambda: "Another window of Teahouse keeps the index." in remarks.text(), timeout=WAIT_MS)
    assert "A new index for bge-m3 is being built." in remarks.text()
    assert remarks.isVisible()


def test_without_the_extra_the_command_can_be_copied(
    show: Callable[..., Shown], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, qapp: object
) -> None:
    monkeypatch.setattr(needs, "missing", lambda: ["chromadb", "pypdfium2"])
    shown = show()
    trouble = shown.panel.trouble
    assert trouble.isVisible()
    assert "chromadb, pypdfium2" in trouble.text.text()
    assert 'pip install "teahouse[documents]"' in trouble.hint.text()
    assert not shown.panel.pages.isVisible()
    assert not shown.panel.field.isEnabled()
    assert not shown.panel.status.isVisible()
    assert not shown.panel.problems_button.isVisible()
    monkeypatch.setattr(needs, "missing", list)
    trouble.retry.click()
    qtbot.waitUntil(lambda: not trouble.isVisible(), timeout=WAIT_MS)
    assert shown.panel.library.cards


def test_an_error_of_the_library_is_told_in_words(shown: Shown, qtbot: QtBot) -> None:
    shown.library.fault = DocumentsError("The index is being mended. Everything is kept.", "Wait a minute.")
    shown.panel.status.pause.click()
    notices = shown.panel.notices
    qtbot.waitUntil(notices.isVisible, timeout=WAIT_MS)
    assert notices.label.text() == "The index is being mended. Everything is kept. Wait a minute."


def test_every_control_has_a_name_and_is_reached_by_keyboard(shown: Shown) -> None:
    shown.panel.field.setText("fee")
    shown.wait_for("search")
    shown.panel.show_problems()
    assert [finding.text for finding in _controls(shown.panel, "Documents")] == []


def test_another_theme(shown: Shown) -> None:
    shown.window.look = make_look(DARK)
    shown.window.look_changed.emit()
    assert shown.panel.library.cards[0].look.theme is DARK


def test_what_is_indexed_is_looked_after_from_the_start(
    app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, window = FakeLibrary(app.events), FakeWindow(app, make_look())
    monkeypatch.setattr(DocumentsPanels, "_library", lambda self: library)
    panel = create_panels(app, window).register_panels()[0]
    assert (panel.title, panel.key) == ("Documents", "documents")
    qtbot.waitUntil(lambda: len(library.asked("start")) == 1, timeout=WAIT_MS)
    assert "MainThread" not in library.threads
    made = panel.make(window.widget)
    qtbot.waitUntil(lambda: len(library.asked("collections")) == 1, timeout=WAIT_MS)
    assert isinstance(made, DocumentsPanel)
    window.close()


# --- what people do -----------------------------------------------------------------------------------


def drop(shown: Shown, *urls: QUrl) -> None:
    data = QMimeData()
    data.setUrls(list(urls))
    event = QDropEvent(
        QPointF(20, 600),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    shown.panel.dropEvent(event)


def test_dropped_files_and_folders_are_added(show: Callable[..., Shown], tmp_path: Path) -> None:
    shown = show(is_filled=False)
    drop(shown, QUrl.fromLocalFile(str(tmp_path)), QUrl("https://example.org/x.pdf"))
    assert shown.wait_for("add") == [("My documents", str(tmp_path), SourceOptions())]


def test_what_is_dropped_on_a_card_goes_there(shown: Shown, tmp_path: Path) -> None:
    card = shown.panel.library.cards[1]
    shown.panel.dropped.emit([str(tmp_path)], card.collection)
    assert shown.wait_for("add")[0][0] == "书房"


def test_past_conversations_are_added_and_then_no_longer_offered(shown: Shown, qtbot: QtBot) -> None:
    card = shown.panel.library.cards[0]
    offered = card.add.menu().actions()[-1]
    assert offered.isVisible()
    offered.trigger()
    assert shown.wait_for("add")[0][:2] == ("Work", CONVERSATIONS)
    qtbot.waitUntil(lambda: not offered.isVisible(), timeout=WAIT_MS)


def test_removing_asks_and_says_what_stays(shown: Shown, qtbot: QtBot) -> None:
    choose(row_of(shown, "samovar.pdf"), "Remove from the documents …")
    assert "The files themselves stay where they are." in shown.dialog().informativeText()
    shown.press("Cancel")
    assert shown.library.asked("remove") == []
    choose(row_of(shown, "samovar.pdf"), "Remove from the documents …")
    shown.press("Remove")
    assert shown.wait_for("remove") == [12]
    qtbot.waitUntil(
        lambda: "samovar.pdf is no longer among the documents." in shown.panel.notices.label.text(),
        timeout=WAIT_MS,
    )


def test_erasing_asks_first_and_tells_where_the_text_still_stands(shown: Shown, qtbot: QtBot) -> None:
    shown.library.elsewhere = (Standing("conversation", "c1", "The conversation “Harbour fees” quotes it."),)
    choose(row_of(shown, "harbour"), "Erase every trace …")
    hint = shown.dialog().informativeText()
    assert "The files themselves stay" in hint
    assert "backups" in hint
    shown.press("Erase every trace")
    shown.wait_for("purge")
    qtbot.waitUntil(lambda: bool(shown._dialogs()) and "quotes it" in shown.dialog().text(), timeout=WAIT_MS)
    shown.press("Close")


def test_rules_of_a_folder_are_changed(shown: Shown) -> None:
    choose(row_of(shown, "harbour"), "What is left out …")
    dialog = shown.dialog()
    dialog.patterns.setPlainText("*.log\n\n  drafts/  ")
    dialog.hidden.setChecked(True)
    dialog.keep.click()
    [(collection, path, options)] = shown.wait_for("add")
    assert (collection, path) == ("Work", "/home/lin/Projects/harbour")
    assert options == SourceOptions(("*.log", "drafts/"), has_hidden=True)


def test_collections_are_made_renamed_and_deleted(shown: Shown, qtbot: QtBot) -> None:
    new = next(one for one in shown.panel.more.menu().actions() if one.text() == "New collection …")
    new.trigger()
    shown.dialog().setTextValue("Letters")
    shown.press("OK")
    assert shown.wait_for("create_collection")[-1] == "Letters"
    qtbot.waitUntil(lambda: len(shown.panel.library.cards) == 3, timeout=WAIT_MS)
    card = next(one for one in shown.panel.library.cards if one.title.text() == "Work")
    card.asked.emit("rename", card.collection)
    shown.dialog().setTextValue("Harbour")
    shown.press("OK")
    assert shown.wait_for("rename_collection") == [("Work", "Harbour")]
    qtbot.waitUntil(
        lambda: [one.title.text() for one in shown.panel.library.cards] == ["Harbour", "Letters", "书房"],
        timeout=WAIT_MS,
    )
    card = shown.panel.library.cards[1]
    card.asked.emit("delete", card.collection)
    shown.press("Delete")
    assert shown.wait_for("remove_collection") == ["Letters"]


def test_looking_for_changes_and_reading_anew(shown: Shown) -> None:
    choose(row_of(shown, "harbour"), "Look for changes")
    choose(row_of(shown, "harbour"), "Read everything anew")
    assert shown.wait_for("rescan") == [11]
    assert shown.wait_for("reindex") == [(11, None)]


def test_settings_are_opened_where_they_stand(shown: Shown) -> None:
    last = shown.panel.more.menu().actions()[-1]
    last.trigger()
    assert shown.window.settings_opened == ["documents.embedder"]
