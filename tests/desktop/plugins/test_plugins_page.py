"""The page of plugins in the real window. Nothing here is installed into the environment of the tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.errors import PluginError
from teahouse.jobs import Cancel
from teahouse.plugins.installing import Outcome, Plan, Removal, environment
from teahouse.plugins.installing.files import Step
from teahouse_desktop.pages.pages import PLUGINS, SETTINGS
from teahouse_desktop.plugins import page_operations
from teahouse_desktop.plugins.install_dialog import InstallDialog
from teahouse_desktop.plugins.plugins_desk import PluginsDesk
from teahouse_desktop.plugins.plugins_page import GALLERY, OWN, PluginsPage
from teahouse_desktop.start import Desk
from tests.core.plugins.test_gallery import entry, write
from tests.core.wheels import plugin_wheel
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui
check_changeable = environment.check_changeable
OpenPage = Callable[[], PluginsPage]


@pytest.fixture(autouse=True)
def changeable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans can be made, wherever the tests run; nothing is carried out."""
    monkeypatch.setattr("teahouse.plugins.installing.plan.environment.check_changeable", lambda: None)
    monkeypatch.setattr(page_operations, "check_changeable", lambda: None)
    monkeypatch.setattr(page_operations, "carry_out", refuse_to_install)


def refuse_to_install(_app: App, _plan: Plan) -> Any:
    raise AssertionError("a test tried to install something")


@pytest.fixture
def open_page(desk: Desk, qtbot: QtBot) -> OpenPage:
    def open_one() -> PluginsPage:
        desk.window.show()
        desk.window.activateWindow()
        page = desk.window.pages.open(PLUGINS)
        assert isinstance(page, PluginsPage)
        qtbot.waitUntil(lambda: "echo" in page.own.cards, timeout=REPLY_MS)
        qtbot.waitUntil(lambda: page.own.cards["echo"].details.info.is_loaded, timeout=REPLY_MS)
        return page

    return open_one


def behind(desk: Desk) -> PluginsDesk:
    made = desk.window.page_desks._made[PLUGINS]
    assert isinstance(made, PluginsDesk)
    return made


def planned(desk: Desk, qtbot: QtBot, wheel: Path) -> InstallDialog:
    dialog = behind(desk).installs.open(str(wheel))
    qtbot.waitUntil(lambda: dialog.plan is not None, timeout=REPLY_MS)
    return dialog


def texts(widget: QWidget) -> str:
    return "\n".join(
        str(one.property("text")) for one in widget.findChildren(QWidget) if one.property("text")
    )


def scripted(outcome: object, steps: list[Step]) -> Callable[[App, Plan], Any]:
    """In the place of what installs: shows these steps, then ends so."""

    def carry_out(_app: App, plan: Plan) -> Any:
        def work(cancel: Cancel) -> Generator[Step, None, Any]:
            try:
                yield from steps
                while outcome == "wait" and not cancel.wait(0.05):
                    yield Step("install")
                if cancel.is_set():
                    raise PluginError("Stopped.")
                if isinstance(outcome, Exception):
                    raise outcome
            finally:
                plan.discard()
            return outcome

        return work

    return carry_out


# --- reaching it, what is here ------------------------------------------------------------------------


def test_it_opens_from_the_foot_the_menu_and_by_keys(desk: Desk, qtbot: QtBot, open_page: OpenPage) -> None:
    open_page()
    desk.window.pages.close()
    desk.window.menus.actions["plugins_page"].trigger()
    assert desk.window.pages.current == PLUGINS
    assert desk.window.menus.actions["plugins_page"].shortcut().toString() == "Ctrl+Shift+X"
    desk.window.pages.close()
    qtbot.mouseClick(desk.window.sidebar.foot.buttons[PLUGINS], Qt.MouseButton.LeftButton)
    assert desk.window.pages.current == PLUGINS


def test_what_is_here_with_what_it_brings_and_costs(open_page: OpenPage) -> None:
    card = open_page().own.cards["echo"]
    shown = texts(card)
    for words in ("came with Teahouse", "A model that repeats", "Brings", "settings: ", "to a start"):
        assert words in shown
    assert card.is_on.isChecked()
    assert card.remove.isHidden()  # what came with the app stays
    assert card.accessibleName().replace("\u00a0", " ").startswith("echo · on · came with Teahouse")


def test_off_and_on_again_at_once(app: App, open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    page.own.cards["echo"].is_on.click()
    qtbot.waitUntil(lambda: not page.own.cards["echo"].details.info.enabled, timeout=REPLY_MS)
    assert not app.plugins.is_enabled("echo")
    assert page.own.cards["echo"].settings.isHidden()
    page.own.cards["echo"].is_on.click()
    qtbot.waitUntil(lambda: page.own.cards["echo"].details.info.is_loaded, timeout=REPLY_MS)
    assert app.plugins.is_enabled("echo")


def test_one_that_was_turned_off_by_itself_says_why(app: App, open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    app.plugins.roster.blame("echo", "hang", "make a panel", traceback="Traceback: there")
    app.plugins.drop("echo")
    app.plugins.publish()
    card = page.own.cards["echo"]
    qtbot.waitUntil(lambda: not card.again.isHidden(), timeout=REPLY_MS)
    assert "held the window up until it was ended (make a panel)" in texts(card)
    assert card.is_on.isHidden()
    card.again.click()
    qtbot.waitUntil(lambda: card.again.isHidden() and card.details.info.is_loaded, timeout=REPLY_MS)


def test_its_settings_and_its_details(desk: Desk, open_page: OpenPage) -> None:
    page = open_page()
    page.own.cards["echo"].more.click()
    details = behind(desk).details
    assert details is not None
    assert "register_models" in texts(details)
    details.copy.click()
    assert "SHA-256 of its files: " in QGuiApplication.clipboard().text()
    details.close()
    page.own.cards["echo"].settings.click()
    assert desk.window.pages.current == SETTINGS


def test_without_plugins_the_ways_to_one_are_shown(
    monkeypatch: pytest.MonkeyPatch, app: App, desk: Desk, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    monkeypatch.setattr(app.plugins.roster, "_find", dict)
    app.plugins.roster.look_again()
    behind(desk).refresh()
    qtbot.waitUntil(lambda: not page.own.cards, timeout=REPLY_MS)
    assert "No plugin is here yet." in texts(page.own)
    page.own.gallery.click()
    assert page.section == GALLERY
    assert page.gallery.field.hasFocus()


def test_safe_mode_is_said_and_can_be_left(app: App, desk: Desk, open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    app.plugins.roster.is_safe_mode = True
    app.plugins.drop("echo")
    app.plugins.publish()
    qtbot.waitUntil(lambda: not page.safe.isHidden(), timeout=REPLY_MS)
    assert "no plugin runs" in page.safe.label.text()
    page.load.click()
    qtbot.waitUntil(lambda: page.safe.isHidden(), timeout=REPLY_MS)
    assert not app.plugins.roster.is_safe_mode


def test_an_environment_that_cannot_be_changed_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, desk: Desk, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    monkeypatch.setattr(page_operations, "check_changeable", check_changeable)
    monkeypatch.setattr("sys.frozen", True, raising=False)
    behind(desk).refresh()
    qtbot.waitUntil(lambda: not page.install.isEnabled(), timeout=REPLY_MS)
    assert "This build of Teahouse is closed" in texts(page)
    assert "Install Teahouse with pip" in texts(page)


# --- installing ---------------------------------------------------------------------------------------


def test_before_it_installs_it_says_what_it_is(
    desk: Desk, open_page: OpenPage, qtbot: QtBot, tmp_path: Path
) -> None:
    open_page()
    wheel = plugin_wheel(tmp_path / "wheels")
    dialog = planned(desk, qtbot, wheel)
    shown = texts(dialog).replace(" ", "")
    for words in ("teahouse-jasmine 1.0", "茶客", "MIT", "runs with your full rights", "“teahouse jasmine”"):
        assert words.replace(" ", "") in shown
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() in shown
    assert dialog.close_button.hasFocus()  # Return does not agree by chance
    plan = dialog.plan
    assert plan is not None
    assert plan.folder.is_dir()
    dialog.reject()
    assert not plan.folder.exists()


def test_a_yes_installs_and_a_new_version_offers_a_restart(
    monkeypatch: pytest.MonkeyPatch, desk: Desk, open_page: OpenPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page()
    dialog = planned(desk, qtbot, plugin_wheel(tmp_path / "wheels"))
    outcome = Outcome(("jasmine",), "teahouse-jasmine", "1.0", "0.9", (), needs_restart=True)
    monkeypatch.setattr(page_operations, "carry_out", scripted(outcome, [Step("try"), Step("install")]))
    dialog.install.click()
    qtbot.waitUntil(lambda: "jasmine 1.0 is installed." in texts(dialog), timeout=REPLY_MS)
    assert not dialog.restart.isHidden()
    dialog.close_button.click()
    assert "jasmine 1.0 is used once Teahouse is started again." in texts(page.again)
    assert not page.again.isHidden()


def test_what_fails_is_told_in_the_dialog(
    monkeypatch: pytest.MonkeyPatch, desk: Desk, open_page: OpenPage, qtbot: QtBot, tmp_path: Path
) -> None:
    open_page()
    dialog = planned(desk, qtbot, plugin_wheel(tmp_path / "wheels"))
    error = PluginError("It ended its process.", "Its author can mend this.")
    monkeypatch.setattr(page_operations, "carry_out", scripted(error, [Step("try")]))
    dialog.install.click()
    qtbot.waitUntil(
        lambda: "It ended its process. Its author can mend this." in texts(dialog), timeout=REPLY_MS
    )
    assert dialog.install.isHidden()
    dialog.close()


def test_it_can_be_stopped(
    monkeypatch: pytest.MonkeyPatch, desk: Desk, open_page: OpenPage, qtbot: QtBot, tmp_path: Path
) -> None:
    open_page()
    dialog = planned(desk, qtbot, plugin_wheel(tmp_path / "wheels"))
    monkeypatch.setattr(page_operations, "carry_out", scripted("wait", [Step("try")]))
    dialog.install.click()
    qtbot.waitUntil(lambda: "Installing …" in texts(dialog), timeout=REPLY_MS)
    dialog.reject()  # Escape
    qtbot.waitUntil(lambda: "Stopped. Nothing was changed." in texts(dialog), timeout=REPLY_MS)
    dialog.close()


@pytest.mark.parametrize("name", ["notes.whl", "jasmine-1.0.tar.gz"])
def test_a_file_that_is_no_wheel_is_told(
    desk: Desk, open_page: OpenPage, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    open_page()
    (tmp_path / name).write_bytes(b"junk")
    dialog = behind(desk).installs.open(str(tmp_path / name))
    qtbot.waitUntil(lambda: "wheel" in texts(dialog), timeout=REPLY_MS)
    assert dialog.install.isHidden()
    dialog.close()


def test_a_wheel_can_be_dropped(desk: Desk, open_page: OpenPage, qtbot: QtBot, tmp_path: Path) -> None:
    page, wheel = open_page(), plugin_wheel(tmp_path / "wheels")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(wheel))])
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, button, key))
    dialog = behind(desk).installs.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.plan is not None, timeout=REPLY_MS)
    dialog.reject()


# --- removing -----------------------------------------------------------------------------------------


def test_removing_asks_and_says_what_goes_with_it(
    monkeypatch: pytest.MonkeyPatch, desk: Desk, open_page: OpenPage, qtbot: QtBot, tmp_path: Path
) -> None:
    open_page()
    removal = Removal(("jasmine",), "teahouse-jasmine", "1.0", ("petals",), (tmp_path,), 1234)
    asked: list[bool] = []

    def remove(_app: App, one: Removal, *, has_data: bool) -> Any:
        def work(_cancel: Cancel) -> Generator[Step, None, Removal]:
            asked.append(has_data)
            yield Step("remove")
            return one

        return work

    monkeypatch.setattr(page_operations, "plan_removal", lambda _app, _name: removal)
    monkeypatch.setattr(page_operations, "remove", remove)
    installs = behind(desk).installs
    installs.ask_removal("jasmine")
    qtbot.waitUntil(lambda: installs.box is not None, timeout=REPLY_MS)
    box = installs.box
    assert box is not None
    assert "petals" in box.informativeText()
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    check = box.checkBox()
    assert check is not None
    check.click()
    with qtbot.waitSignal(installs.removed, timeout=REPLY_MS):
        next(one for one in box.buttons() if one.text() == "Remove").click()
    assert asked == [True]


def test_what_came_with_the_app_is_not_removed(desk: Desk, open_page: OpenPage, qtbot: QtBot) -> None:
    open_page()
    behind(desk).installs.ask_removal("echo")
    notices = desk.window.chat.notices
    qtbot.waitUntil(lambda: "came with Teahouse and stays" in texts(notices), timeout=REPLY_MS)


# --- the gallery --------------------------------------------------------------------------------------


@pytest.fixture
def shelf(app: App, tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    wheel = plugin_wheel(folder)
    far = entry("https://plugins.example.invalid/x.whl", "0" * 64, name="oolong", summary={"en": "Rolls"})
    app.settings.set("plugins.gallery", str(write(folder, entry(wheel), far)))
    return folder


def names(page: PluginsPage) -> list[str]:
    return [card.name for card in page.gallery.list.cards]  # type: ignore[attr-defined]


def test_search_as_one_types_in_both_languages(shelf: Path, open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    page.show_section(GALLERY, has_focus=True)
    assert names(page) == ["jasmine", "oolong", "documents", "echo", "sampling", "training"]
    qtbot.keyClicks(page.gallery.field, "flow")
    assert names(page) == ["jasmine"]
    page.gallery.field.setText("茉莉")
    assert names(page) == ["jasmine"]
    page.gallery.field.setText("coffee")
    assert "The gallery has nothing with these words." in texts(page.gallery)
    qtbot.keyClick(page.gallery.field, Qt.Key.Key_Escape)
    assert (page.gallery.field.text(), len(names(page))) == ("", 6)


def test_installing_from_the_gallery_asks_the_same(
    shelf: Path, desk: Desk, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    page.gallery.list.cards[0].get.click()  # type: ignore[attr-defined]
    dialog = behind(desk).installs.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.plan is not None, timeout=REPLY_MS)
    assert dialog.plan is not None
    assert dialog.plan.wheel.name == "teahouse-jasmine"
    dialog.reject()


def test_a_wheel_with_another_hash_is_told(
    shelf: Path, desk: Desk, open_page: OpenPage, qtbot: QtBot
) -> None:
    plugin_wheel(shelf, source="create = print\n")
    page = open_page()
    page.gallery.list.cards[0].get.click()  # type: ignore[attr-defined]
    dialog = behind(desk).installs.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: "is not the file that was promised" in texts(dialog), timeout=REPLY_MS)
    dialog.close()


def test_offline_only_what_is_here_can_be_installed(
    shelf: Path, app: App, open_page: OpenPage, qtbot: QtBot
) -> None:
    app.settings.set("net.offline", True)
    page = open_page()
    allowed = {card.name: card.get.isEnabled() for card in page.gallery.list.cards}  # type: ignore[attr-defined]
    assert (allowed["jasmine"], allowed["oolong"]) == (True, False)


def test_a_gallery_far_away_is_asked_only_when_one_asks_for_it(
    app: App, desk: Desk, open_page: OpenPage, qtbot: QtBot
) -> None:
    app.settings.set("plugins.gallery", "http://127.0.0.1:9/gallery.json")
    page = open_page()
    page.show_section(GALLERY)
    assert "What is in the gallery is known once 127.0.0.1 is asked." in texts(page.gallery) or names(page)
    assert page.gallery.more.text() == "Look for more at 127.0.0.1"
    page.gallery.more.click()
    words = "could not be fetched from 127.0.0.1"
    qtbot.waitUntil(lambda: words in texts(page.gallery), timeout=REPLY_MS)
    app.settings.set("net.offline", True)
    behind(desk).refresh()
    qtbot.waitUntil(lambda: not page.gallery.offline.isHidden(), timeout=REPLY_MS)
    assert not page.gallery.more.isEnabled()


def test_a_bad_gallery_is_told_and_the_rest_works(app: App, tmp_path: Path, open_page: OpenPage) -> None:
    file = tmp_path / "bad.json"
    file.write_text(json.dumps([1]), "utf-8")
    app.settings.set("plugins.gallery", str(file))
    page = open_page()
    assert "is not a gallery of plugins" in texts(page.gallery)
    assert page.own.cards


# --- for everybody ------------------------------------------------------------------------------------


def test_every_control_has_a_name_and_the_keys_reach_it(
    shelf: Path, open_page: OpenPage, qtbot: QtBot
) -> None:
    page = open_page()
    for section in (OWN, GALLERY):
        page.show_section(section)
        controls = [one for kind in (QAbstractButton, QLineEdit) for one in page.findChildren(kind)]
        shown = [one for one in controls if one.isVisible() and one.parent() is not page.gallery.field]
        assert shown
        for one in shown:
            assert one.accessibleName() or one.property("text"), one
            is_reached = bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus)
            # Of buttons of which one is chosen, Tab reaches that one and the arrows the others.
            assert is_reached or one in page.tabs.values(), one.accessibleName()
    page.show_section(OWN, has_focus=True)
    assert next(iter(page.own.cards.values())).hasFocus()


def test_another_language_and_theme_while_it_is_open(desk: Desk, open_page: OpenPage, qtbot: QtBot) -> None:
    page = open_page()
    desk.languages.use("zh_CN")
    qtbot.waitUntil(lambda: "复述" in texts(page.own.cards["echo"]), timeout=REPLY_MS)  # what echo does
    desk.appearance.choose("dark")
    assert page.own.cards["echo"].look.theme is desk.appearance.look.theme
