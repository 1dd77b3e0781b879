"""The first steps on the real window: once by themselves, in force at once, a model fetched or added."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.errors import DownloadError, NetworkRefused
from teahouse.jobs import Cancel
from teahouse.models import folder as model_folder
from teahouse.models.download import DownloadProgress
from teahouse_desktop.first_run.first_run import DONE
from teahouse_desktop.first_run.first_run_checks import read_checks, read_room
from teahouse_desktop.first_run.first_run_page import FirstRunPage
from teahouse_desktop.pages.pages import FIRST_RUN
from teahouse_desktop.start import Desk, make_application, open_desk
from tests.core.models import ggufs
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

REPORT: dict[str, Any] = {
    "machine": {"free_memory_bytes": 8 * 10**9, "memory_bytes": 16 * 10**9},
    "backends": [{"backend": "llama.cpp", "gpu_offload": False}],
    "devices": [{"name": "CPU", "kind": "cpu", "description": "A processor", "total_bytes": 1}],
    "isolation": {"network": True},
    "tried": [{"config": {}, "result": "ok"}],
}


@pytest.fixture
def app(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """An app without any model; looking at the machine is quick."""

    def diagnose(_app: App) -> Callable[[Cancel], Generator[str, None, dict[str, Any]]]:
        def work(_cancel: Cancel) -> Generator[str, None, dict[str, Any]]:
            yield "Looking …"
            return REPORT

        return work

    monkeypatch.setattr("teahouse.diagnosis.diagnose", diagnose)
    opened = App.open()
    yield opened
    opened.close()


@pytest.fixture
def open_one(app: App, qtbot: QtBot) -> Iterator[Callable[[], Desk]]:
    """Opens the window; more than once if need be."""
    desks: list[Desk] = []

    def close_last() -> None:
        if desks:
            desk = desks.pop()
            desk.window.close()
            desk.appearance.choose("light")
            desk.languages.show("en")
            desk.window.deleteLater()

    def one() -> Desk:
        close_last()
        desks.append(open_desk(app, make_application()))
        return desks[-1]

    yield one
    close_last()


def wait_for_page(desk: Desk, qtbot: QtBot) -> FirstRunPage:
    qtbot.waitUntil(lambda: desk.window.pages.current == FIRST_RUN, timeout=REPLY_MS)
    page = desk.window.pages.page(FIRST_RUN)
    assert isinstance(page, FirstRunPage)
    qtbot.waitUntil(lambda: page.model.choice.options != [], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: page.machine.path.text() != "", timeout=REPLY_MS)
    return page


@pytest.fixture
def desk(open_one: Callable[[], Desk]) -> Desk:
    return open_one()


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> FirstRunPage:
    """The page as it opens by itself."""
    return wait_for_page(desk, qtbot)


def listed(desk: Desk, qtbot: QtBot) -> None:
    """Wait until the models have been read and what follows from that has been decided."""
    with qtbot.waitSignal(desk.window.desks.models.listed, timeout=REPLY_MS):
        desk.window.desks.models.refresh()
    qtbot.wait(300)


# --- when it is shown ---------------------------------------------------------------------------------


def test_it_opens_by_itself_once_and_again_when_asked_for(open_one: Callable[[], Desk], qtbot: QtBot) -> None:
    desk = open_one()
    page = wait_for_page(desk, qtbot)
    assert page.number == 0
    page.skip.click()
    assert desk.window.pages.current == ""
    desk = open_one()
    qtbot.waitUntil(lambda: desk.window.desks.is_made("models"), timeout=REPLY_MS)
    listed(desk, qtbot)
    assert desk.window.pages.current == ""
    desk.window.menus.actions["steps"].trigger()
    assert wait_for_page(desk, qtbot).number == 0


@pytest.mark.parametrize("there", ["model", "conversation", "trashed conversation"])
def test_who_has_something_here_never_sees_it(app: App, desk: Desk, qtbot: QtBot, there: str) -> None:
    if there == "model":
        ggufs.write(app.paths.models / "tea.gguf")
    else:
        made = app.store.create_conversation()
        if "trashed" in there:
            app.store.trash_conversation(made.id)
    qtbot.waitUntil(lambda: desk.window.desks.is_made("models"), timeout=REPLY_MS)
    listed(desk, qtbot)
    assert desk.window.pages.current == ""
    qtbot.waitUntil(lambda: bool(desk.window.desks.place.memory.value(DONE)), timeout=REPLY_MS)


def test_the_window_is_imported_without_them() -> None:
    look = "import sys, teahouse_desktop.start, teahouse_desktop.models.models as _;"
    look += "print([name for name in sys.modules if 'first_run_' in name])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_who_has_begun_something_is_not_interrupted(desk: Desk, qtbot: QtBot) -> None:
    desk.window.chat.composer.set_text("What I am just writing")
    qtbot.waitUntil(lambda: desk.window.desks.is_made("models"), timeout=REPLY_MS)
    listed(desk, qtbot)
    assert desk.window.pages.current == ""
    assert desk.window.chat.composer.text == "What I am just writing"


def test_models_of_a_plugin_that_loads_late_count_too(
    home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    app = App.open(has_plugins=False)
    assert app.models.list() == []
    desk = open_desk(app, make_application())
    try:
        qtbot.waitUntil(lambda: desk.window.topbar.picker.has_model, timeout=REPLY_MS)
        for _ in range(20):  # what was asked before the plugin came may be answered after
            listed(desk, qtbot)
            if desk.window.desks.place.memory.value(DONE):
                break
        assert desk.window.desks.place.memory.value(DONE)
        assert desk.window.pages.current == ""
    finally:
        desk.window.close()
        desk.window.deleteLater()
        app.close()


# --- the first step -----------------------------------------------------------------------------------


def test_language_and_theme_are_in_force_at_once_and_kept(
    app: App, desk: Desk, page: FirstRunPage, qtbot: QtBot
) -> None:
    privacy = page.privacy
    assert privacy.languages.value == "en"
    assert privacy.languages.buttons["en"].hasFocus()
    qtbot.keyClick(privacy.languages.buttons["en"], Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: app.settings.get("app.language") == "zh_CN", timeout=REPLY_MS)
    assert desk.window.menus.actions["settings"].text().startswith("设置")
    assert privacy.languages.value == "zh_CN"
    privacy.themes.buttons["dark"].click()
    qtbot.waitUntil(lambda: app.settings.get("app.theme") == "dark", timeout=REPLY_MS)
    assert desk.appearance.look.theme.is_dark
    privacy.languages.buttons["en"].click()
    qtbot.waitUntil(lambda: app.settings.get("app.language") == "en", timeout=REPLY_MS)


def test_what_stays_here_is_said_as_it_is(app: App, page: FirstRunPage, qtbot: QtBot) -> None:
    said = " ".join(fact.text() for fact in page.privacy.facts)
    assert str(app.paths.data) in said
    assert app.net.hub_host in said
    app.settings.set("models.hub_endpoint", "https://mirror.example")
    page.privacy.offline.click()
    qtbot.waitUntil(lambda: app.settings.get("net.offline") is True, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: "mirror.example" in page.privacy.facts[2].text(), timeout=REPLY_MS)
    page.privacy.offline.click()
    qtbot.waitUntil(lambda: app.settings.get("net.offline") is False, timeout=REPLY_MS)


# --- the second step ----------------------------------------------------------------------------------


def test_the_machine_is_looked_at_in_a_job(page: FirstRunPage, qtbot: QtBot) -> None:
    page.go(1)
    qtbot.waitUntil(lambda: len(page.machine.checks.texts) == 4, timeout=REPLY_MS)
    assert page.machine.checks.texts[0] == "The engine computes on this machine."
    assert page.machine.again.isVisibleTo(page)
    page.machine.again.click()
    assert page.machine.checks.texts == ["Looking at this computer …"]
    qtbot.waitUntil(lambda: len(page.machine.checks.texts) == 4, timeout=REPLY_MS)


def choose_folder(chooser: QFileDialog, folder: Path) -> None:
    chooser.fileSelected.emit(str(folder))
    chooser.close()


def test_a_folder_of_any_letters_is_taken_at_once(
    app: App, desk: Desk, page: FirstRunPage, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "茶 Ж é 😀"
    folder.mkdir()
    page.go(1)
    usual = app.paths.models
    assert page.machine.path.text() == str(usual)
    assert not page.machine.usual.isVisibleTo(page)
    choose_folder(desk.window.desks.models.folders.ask(), folder)
    qtbot.waitUntil(lambda: page.machine.path.text() == str(folder), timeout=REPLY_MS)
    assert app.paths.models == folder
    page.machine.usual.click()
    qtbot.waitUntil(lambda: page.machine.path.text() == str(usual), timeout=REPLY_MS)


def test_a_folder_that_cannot_be_written_is_refused_in_words(
    app: App, desk: Desk, page: FirstRunPage, qtbot: QtBot
) -> None:
    page.go(1)
    usual = app.paths.models
    choose_folder(desk.window.desks.models.folders.ask(), Path("/proc"))
    qtbot.waitUntil(lambda: "Nothing can be written in /proc" in page.machine.error.text(), timeout=REPLY_MS)
    assert page.machine.error.isVisibleTo(page)
    assert app.paths.models == usual


def with_(**changes: object) -> dict[str, Any]:
    return {**REPORT, **changes}


@pytest.mark.parametrize(
    ("report", "row", "level", "words"),
    [
        (with_(tried=[], backends=[{"error": "no library"}]), 0, "bad", "no library"),
        (with_(tried=[{"result": "it died"}, {"result": "ok"}]), 0, "note", "safer"),
        (with_(tried=[{"result": "it died"}]), 0, "bad", "it died"),
        (REPORT, 1, "note", "processor"),
        (with_(backends=[{"gpu_offload": True}]), 1, "note", "No graphics card was found"),
        (
            with_(
                backends=[{"gpu_offload": True}],
                devices=[{"kind": "gpu", "description": "Card 9", "total_bytes": 8 * 10**9}],
            ),
            1,
            "ok",
            "Card 9",
        ),
        (with_(machine={"free_memory_bytes": 10**8, "memory_bytes": 10**9}), 2, "bad", "Close other"),
        (with_(machine={"free_memory_bytes": None, "memory_bytes": None}), 2, "note", "not known"),
        (with_(isolation={}), 3, "note", "process of their own"),
    ],
)
def test_each_check_says_how_it_stands(report: dict[str, Any], row: int, level: str, words: str) -> None:
    check = read_checks(report)[row]
    assert check.level == level
    assert words in f"{check.text} {check.hint}"


def test_little_room_is_a_problem() -> None:
    assert read_room(10**9).level == "bad"
    assert read_room(10**11).level == "ok"
    assert read_room(None).level == "note"


# --- the third step -----------------------------------------------------------------------------------

Steps = Generator[DownloadProgress, None, Path]


def fetching(monkeypatch: pytest.MonkeyPatch, steps: Callable[[Any, Path, Any], Steps]) -> list[str]:
    """Let downloads do these steps; gives the names that were asked for."""
    asked: list[str] = []

    def fetch(entry: Any, *, folder: Path, net: Any) -> Callable[[Cancel], Steps]:
        asked.append(entry.key)
        return lambda cancel: steps(cancel, folder / entry.file, net)

    monkeypatch.setattr("teahouse.models.download.fetch", fetch)
    return asked


def test_a_model_is_fetched_while_the_chat_is_open(
    desk: Desk, page: FirstRunPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_there: list[bool] = []

    def steps(cancel: Any, file: Path, _net: Any) -> Steps:
        while not is_there:
            cancel.wait(0.02)
            yield DownloadProgress("a hub", 50, 100)
        return ggufs.write(file)

    asked = fetching(monkeypatch, steps)
    page.go(2)
    page.model.choice.choose("starter")
    page.model.fetch.click()
    qtbot.waitUntil(lambda: asked == ["starter"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: page.model.progress.isVisibleTo(page), timeout=REPLY_MS)
    assert not page.model.fetch.isVisibleTo(page)
    assert not page.machine.choose.isEnabled(), "the folder stays while something is fetched into it"
    assert page.following.text() == "To the chat"
    page.following.click()
    chat = desk.window.chat
    assert desk.window.pages.current == ""
    assert chat.pages.currentWidget() is chat.no_model
    qtbot.waitUntil(lambda: chat.no_model.progress.isVisibleTo(chat), timeout=REPLY_MS)
    is_there.append(True)
    qtbot.waitUntil(lambda: chat.pages.currentWidget() is chat.welcome, timeout=REPLY_MS)
    assert len(chat.welcome.examples) == 3


def test_a_stopped_download_can_go_on(
    app: App, page: FirstRunPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []

    def steps(cancel: Any, file: Path, _net: Any) -> Steps:
        from teahouse.models import catalogue
        from teahouse.models.kept import Kept

        kept = Kept(file.parent, catalogue.find("starter"))
        kept.folder.mkdir(parents=True, exist_ok=True)
        kept.partial.path.write_bytes(b"x" * 3_000_000)
        begun.append(True)
        while True:
            cancel.wait(0.02)
            yield DownloadProgress("a hub", 3_000_000, 491_400_064)

    fetching(monkeypatch, steps)
    page.go(2)
    page.model.choice.choose("starter")
    assert page.model.fetch.text().startswith("Download (491")
    page.model.fetch.click()
    qtbot.waitUntil(lambda: begun == [True], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: page.model.progress.isVisibleTo(page), timeout=REPLY_MS)
    page.model.progress._stop.click()
    qtbot.waitUntil(lambda: page.model.fetch.text().startswith("Go on"), timeout=REPLY_MS)
    assert "3 MB of 491 MB" in page.model.fetch.text()
    assert not page.model.error.isVisibleTo(page)
    assert page.machine.choose.isEnabled()


def test_no_room_offers_another_folder(
    desk: Desk, page: FirstRunPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def steps(_cancel: Any, _file: Path, _net: Any) -> Steps:
        raise DownloadError("It needs 900 MB, and 1 MB are free.", "Make room.", free_bytes=1, needed_bytes=2)
        yield

    fetching(monkeypatch, steps)
    page.go(2)
    page.model.fetch.click()
    qtbot.waitUntil(lambda: page.model.way.isVisibleTo(page), timeout=REPLY_MS)
    assert page.model.error.text() == "It needs 900 MB, and 1 MB are free. Make room."
    assert page.model.way.text() == "Choose another folder …"
    other = "starter" if page.model.choice.entry and page.model.choice.entry.key != "starter" else ""
    page.model.way.click()
    qtbot.waitUntil(lambda: desk.window.findChild(QFileDialog) is not None, timeout=REPLY_MS)
    chooser = desk.window.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.close()
    page.model.choice.choose(other or page.model.choice.options[-1].offer.entry.key)
    assert not page.model.error.isVisibleTo(page), "it was said of another model"


def test_offline_offers_to_allow_downloads(
    app: App, page: FirstRunPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def steps(_cancel: Any, file: Path, _net: Any) -> Steps:
        if app.settings.get("net.offline"):
            raise NetworkRefused("Nothing was downloaded.", "Turn it off.", setting="net.offline")
        yield DownloadProgress("a hub", 1, 100)
        return ggufs.write(file)

    app.settings.set("net.offline", True)
    asked = fetching(monkeypatch, steps)
    page.go(2)
    page.model.choice.choose("starter")
    page.model.fetch.click()
    qtbot.waitUntil(lambda: page.model.way.isVisibleTo(page), timeout=REPLY_MS)
    assert page.model.way.text() == "Allow downloads and try again"
    page.model.way.click()
    qtbot.waitUntil(lambda: page.model.has_model, timeout=REPLY_MS)
    assert app.settings.get("net.offline") is False
    assert asked == ["starter", "starter"]
    assert page.following.text() == "Start chatting"


def test_a_file_of_one_s_own_is_enough(
    app: App, desk: Desk, page: FirstRunPage, qtbot: QtBot, tmp_path: Path
) -> None:
    own = ggufs.write(tmp_path / "own 茶.gguf")
    page.go(2)
    page.model.add.click()
    chooser = desk.window.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.close()
    dialog = desk.window.desks.models.files.open_file(own)
    dialog.start_button.click()
    qtbot.waitUntil(lambda: page.model.has_model, timeout=REPLY_MS)
    assert page.model.here.text() == "“own 茶” is here. You can start."
    assert page.following.text() == "Start chatting"
    page.following.click()
    assert desk.window.pages.current == ""
    assert desk.window.chat.pages.currentWidget() is desk.window.chat.welcome


# --- by keyboard, in words ----------------------------------------------------------------------------


def test_it_can_be_walked_through_by_keyboard(desk: Desk, page: FirstRunPage, qtbot: QtBot) -> None:
    word = page.privacy.languages.buttons["en"]
    assert word.hasFocus()
    qtbot.keyClick(word, Qt.Key.Key_Return)
    assert page.number == 1
    assert page.following.hasFocus()
    qtbot.keyClick(page.following, Qt.Key.Key_Return)
    assert page.number == 2
    assert page.model.fetch.hasFocus()
    for number in (1, 0):
        qtbot.keyClick(page.before, Qt.Key.Key_Space)
        assert page.number == number
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert desk.window.pages.current == ""


def test_every_control_has_a_name(page: FirstRunPage) -> None:
    found = [one for one in page.findChildren(QAbstractButton) if one.isVisibleTo(page)]
    assert len(found) >= 9
    assert [one for one in found if not (one.accessibleName() or one.text())] == []


# --- models that are out of reach ---------------------------------------------------------------------


def test_an_unplugged_drive_has_a_page_with_the_way_out(
    app: App, tmp_path: Path, open_one: Callable[[], Desk], qtbot: QtBot
) -> None:
    drive = tmp_path / "drive 茶"
    drive.mkdir()
    model_folder.choose(app, str(drive))
    drive.rename(tmp_path / "away")
    desk = open_one()
    chat = desk.window.chat
    page = chat.no_model
    qtbot.waitUntil(lambda: chat.pages.currentWidget() is page and page.usual_button.isVisibleTo(page))
    assert str(drive) in page._text.text()
    assert desk.window.pages.current == "", "these are not the first steps"
    assert page.button.text() == "Look again"
    (tmp_path / "away").rename(drive)
    ggufs.write(drive / "tea.gguf")
    page.button.click()
    qtbot.waitUntil(lambda: chat.pages.currentWidget() is chat.welcome, timeout=REPLY_MS)


def test_in_a_conversation_the_unplugged_drive_is_a_notice(
    app: App, desk: Desk, page: FirstRunPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.skip.click()
    drive = tmp_path / "drive"
    drive.mkdir()
    made = app.store.create_conversation()
    app.store.add_message(made.id, "user", "Hello")
    chat = desk.window.chat
    chat.open(made.id)
    qtbot.waitUntil(lambda: bool(chat.transcript.column.items), timeout=REPLY_MS)
    model_folder.choose(app, str(drive))
    drive.rmdir()
    desk.window.desks.models.refresh()
    qtbot.waitUntil(lambda: "is not there" in chat.notices.label.text(), timeout=REPLY_MS)
    assert chat.notices.act_button.text() == "Choose another folder …"
    desk.window.desks.models.folders.use_usual()
    qtbot.waitUntil(lambda: chat.notices.isHidden(), timeout=REPLY_MS)
