"""The settings page on the real app: every declared setting, changed, refused, reset, found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from teahouse.app import App
from teahouse.errors import EngineError, SettingError
from teahouse.events import changed
from teahouse_desktop.operations import Operation, quick
from teahouse_desktop.pages.pages import SETTINGS
from teahouse_desktop.settings import setting_operations
from teahouse_desktop.settings.setting_row import SettingRow
from teahouse_desktop.settings.settings_page import SettingsPage
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui


def open_page(desk: Desk, qtbot: QtBot) -> SettingsPage:
    opened = desk.window.pages.open(SETTINGS)
    assert isinstance(opened, SettingsPage)
    qtbot.waitUntil(lambda: opened.is_ready, timeout=REPLY_MS)
    return opened


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> SettingsPage:
    """The page, filled."""
    return open_page(desk, qtbot)


def shown(page: SettingsPage) -> set[str]:
    return {key for key, row in page.rows.items() if row.isVisibleTo(page)}


def type_into(qtbot: QtBot, row: SettingRow, text: str) -> QLineEdit:
    line = row.field.widget
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    return line


# --- what is there ---


def test_every_setting_of_the_app_and_of_plugins_has_a_named_field(app: App, page: SettingsPage) -> None:
    declared = {one.key for one in app.settings.declared if "app" in one.scopes}
    assert set(page.rows) == declared
    assert {"echo.delay_ms", "chat.temperature", "shortcuts.new"} <= declared
    nameless = [key for key, row in page.rows.items() if not row.field.widget.accessibleName()]
    assert nameless == []
    assert page.rows["engine.context"].field.widget.accessibleDescription().count("256 to 1,048,576") == 1


def test_rows_have_their_room_when_they_are_painted_first(
    app: App, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    squashed: list[str] = []

    def look(row: SettingRow, event: QPaintEvent) -> None:
        if row.height() < row.minimumSizeHint().height():
            squashed.append(row.setting.key)

    monkeypatch.setattr(SettingRow, "paintEvent", look, raising=False)
    app.settings.set("app.text_size", 200)
    app.events.publish(changed("settings"))
    qtbot.waitUntil(lambda: desk.appearance.taste.text_percent == 200, timeout=REPLY_MS)
    page = open_page(desk, qtbot)
    qtbot.wait(50)
    page.grab()
    assert squashed == []


def test_a_page_that_was_left_goes_some_rows_at_a_time(desk: Desk, page: SettingsPage, qtbot: QtBot) -> None:
    rows = list(page.rows.values())
    desk.window.pages.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert isValid(page) and 0 < sum(map(isValid, rows)) < len(rows)
    qtbot.waitUntil(lambda: not isValid(page), timeout=REPLY_MS)
    assert not any(map(isValid, rows))
    assert open_page(desk, qtbot).rows


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("net.offline", QCheckBox),
        ("app.theme", QComboBox),
        ("models.default", QComboBox),
        ("engine.context", QLineEdit),
        ("chat.temperature", QLineEdit),
        ("chat.system_prompt", QPlainTextEdit),
    ],
)
def test_each_kind_of_value_has_its_editor(page: SettingsPage, key: str, kind: type) -> None:
    assert isinstance(page.rows[key].field.widget, kind)


def test_the_page_says_what_needs_a_reload_or_a_restart(page: SettingsPage) -> None:
    told = {key: row.said("about") for key, row in page.rows.items()}
    assert "when the model is loaded again" in told["engine.context"]
    assert "when Teahouse is started again" in told["plugins.disabled"]
    assert "effect" not in told["chat.temperature"]


# --- changing ---


def test_a_number_is_kept_at_once_and_can_be_reset(app: App, page: SettingsPage, qtbot: QtBot) -> None:
    row = page.rows["chat.max_tokens"]
    assert row.said("source") == "default" and row.reset.isHidden()
    type_into(qtbot, row, "512")
    qtbot.waitUntil(lambda: app.settings.get("chat.max_tokens") == 512, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: row.said("source") == "for all models", timeout=REPLY_MS)
    assert "max_tokens = 512" in app.paths.settings_file.read_text("utf-8")
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: row.field.value == 2048 and row.said("source") == "default", timeout=REPLY_MS)
    assert not app.settings.is_chosen("chat.max_tokens")


@pytest.mark.parametrize("text", ["0", "9999999", "many", "1.5", ""])
def test_a_bad_number_is_refused_with_its_range_and_what_was_typed_stays(
    app: App, page: SettingsPage, qtbot: QtBot, text: str
) -> None:
    app.settings.set("chat.max_tokens", 77)
    row = page.rows["chat.max_tokens"]
    line = type_into(qtbot, row, text)
    if not text:
        line.clear()
        line.textEdited.emit("")
        row.flush()
    assert row._labels["problem"].isVisibleTo(page)
    assert row.said("problem") == "Not kept. It takes a whole number, 1 to 1,048,576."
    assert row.said("problem") in line.accessibleDescription()
    assert line.text() == text
    assert app.settings.get("chat.max_tokens") == 77
    type_into(qtbot, row, "78")
    qtbot.waitUntil(lambda: app.settings.get("chat.max_tokens") == 78, timeout=REPLY_MS)
    assert not row.said("problem")


def test_what_is_typed_is_kept_without_enter_when_the_page_is_left(
    app: App, page: SettingsPage, qtbot: QtBot
) -> None:
    edit = page.rows["chat.system_prompt"].field.widget
    qtbot.keyClicks(edit, "Be brief. ")
    edit.insertPlainText("请简短。")  # as pasted
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: app.settings.get("chat.system_prompt") == "Be brief. 请简短。", timeout=REPLY_MS)


def test_what_is_typed_is_kept_when_the_window_closes(
    app: App, desk: Desk, page: SettingsPage, qtbot: QtBot
) -> None:
    line = page.rows["chat.temperature"].field.widget
    line.selectAll()
    qtbot.keyClicks(line, "1.25")
    desk.window.close()
    assert app.settings.get("chat.temperature") == 1.25


def test_up_and_down_count_within_the_limits(app: App, page: SettingsPage, qtbot: QtBot) -> None:
    line = page.rows["engine.threads"].field.widget
    qtbot.keyClick(line, Qt.Key.Key_Up)
    qtbot.keyClick(line, Qt.Key.Key_Up)
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert line.text() == "1"
    for _ in range(3):
        qtbot.keyClick(line, Qt.Key.Key_Down)
    assert line.text() == "0"
    page.leave()
    assert app.settings.get("engine.threads") == 0


def test_a_switch_and_a_choice_are_kept(app: App, page: SettingsPage, qtbot: QtBot) -> None:
    page.rows["net.offline"].field.widget.click()
    qtbot.waitUntil(lambda: app.settings.get("net.offline") is True, timeout=REPLY_MS)
    box = page.rows["chat.overflow"].field.widget
    box.setCurrentIndex(box.findData("refuse"))
    qtbot.waitUntil(lambda: app.settings.get("chat.overflow") == "refuse", timeout=REPLY_MS)


def test_a_disk_that_cannot_be_written_is_told_beside_the_field(
    app: App, page: SettingsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise SettingError("The settings could not be saved.", "They hold until the app is closed.")

    monkeypatch.setattr(app.settings, "set", refuse)
    row = page.rows["chat.max_tokens"]
    line = type_into(qtbot, row, "33")
    qtbot.waitUntil(
        lambda: row.said("problem").startswith("The settings could not be saved."), timeout=REPLY_MS
    )
    assert line.text() == "33"


def test_another_programs_change_shows(app: App, page: SettingsPage, qtbot: QtBot) -> None:
    from teahouse.events import changed

    app.settings.set("chat.temperature", 0.1)
    app.events.publish(changed("settings"))
    qtbot.waitUntil(lambda: page.rows["chat.temperature"].field.value == 0.1, timeout=REPLY_MS)


def test_theme_and_language_change_at_once(app: App, desk: Desk, page: SettingsPage, qtbot: QtBot) -> None:
    theme = page.rows["app.theme"].field.widget
    theme.setCurrentIndex(theme.findData("dark"))
    qtbot.waitUntil(lambda: desk.appearance.look.theme.is_dark, timeout=REPLY_MS)
    language = page.rows["app.language"].field.widget
    language.setFocus()
    language.setCurrentIndex(language.findData("zh_CN"))
    qtbot.waitUntil(lambda: page.rows["app.theme"].label == "主题", timeout=REPLY_MS)
    qtbot.waitUntil(lambda: app.settings.get("app.language") == "zh_CN", timeout=REPLY_MS)
    assert theme.currentText() == "深色"
    assert language.hasFocus()
    qtbot.waitUntil(lambda: not page.rows["app.theme"].reset.isHidden(), timeout=REPLY_MS)
    qtbot.mouseClick(page.rows["app.theme"].reset, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not app.settings.is_chosen("app.theme"), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: theme.currentData() == "system", timeout=REPLY_MS)


# --- models ---


def test_a_model_can_have_values_of_its_own(app: App, page: SettingsPage, qtbot: QtBot) -> None:
    app.settings.set("engine.context", 16384)
    page.models.setCurrentIndex(page.models.findData("echo/echo"))
    qtbot.waitUntil(lambda: page.model == "echo/echo" and page.is_ready, timeout=REPLY_MS)
    assert set(page.rows) == {one.key for one in app.settings.declared if "model" in one.scopes}
    row = page.rows["engine.context"]
    assert (row.field.value, row.said("source")) == (16384, "for all models")
    assert row.reset.isHidden()
    type_into(qtbot, row, "4096")
    qtbot.waitUntil(lambda: row.said("source") == "this model's own", timeout=REPLY_MS)
    assert app.settings.get("engine.context") == 16384
    assert app.settings.get("engine.context", "echo/echo") == 4096
    page.models.setCurrentIndex(0)
    qtbot.waitUntil(lambda: page.model == "" and page.is_ready, timeout=REPLY_MS)
    assert "echo/echo" in page.rows["engine.context"].said("own")
    page.models.setCurrentIndex(page.models.findData("echo/echo"))
    qtbot.waitUntil(lambda: page.model == "echo/echo" and page.is_ready, timeout=REPLY_MS)
    qtbot.mouseClick(page.rows["engine.context"].reset, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: app.settings.get("engine.context", "echo/echo") == 16384, timeout=REPLY_MS)


def test_a_change_of_the_engine_offers_to_load_the_model_again(
    app: App, desk: Desk, page: SettingsPage, qtbot: QtBot, ask: Callable[[str], str]
) -> None:
    app.settings.set("chat.titles", "words")  # no title is made by the model meanwhile
    type_into(qtbot, page.rows["engine.context"], "2048")
    qtbot.waitUntil(lambda: app.settings.get("engine.context") == 2048, timeout=REPLY_MS)
    assert page.reload_bar.isHidden()  # nothing is in memory
    desk.window.pages.close()
    ask("hello")
    page = open_page(desk, qtbot)
    type_into(qtbot, page.rows["engine.context"], "4096")
    qtbot.waitUntil(lambda: not page.reload_bar.isHidden(), timeout=REPLY_MS)
    before = app.engines.get("echo/echo")
    qtbot.mouseClick(page.reload_bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: app.engines.get("echo/echo") not in (None, before), timeout=REPLY_MS)
    assert page.reload_bar.isHidden()


def test_a_model_that_cannot_be_loaded_again_is_told_on_the_page(
    app: App, page: SettingsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> Operation:
        def fail() -> None:
            raise EngineError("It died.", "Try again.")

        return quick("Loading", fail)

    monkeypatch.setattr(setting_operations, "reload_models", refuse)
    page.reload_bar.offer(True)
    qtbot.mouseClick(page.reload_bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.reload_bar.label.text() == "It died. Try again.", timeout=REPLY_MS)
    assert not page.reload_bar.isHidden()


def test_new_plugins_and_models_leave_what_is_typed(app: App, page: SettingsPage, qtbot: QtBot) -> None:
    page.window().activateWindow()
    line = page.rows["echo.script"].field.widget
    line.setFocus()
    qtbot.keyClicks(line, "a.json")
    app.plugins.set_enabled("echo", enabled=False)
    qtbot.waitUntil(lambda: page.is_ready and "echo.script" not in page.rows, timeout=REPLY_MS)
    app.plugins.set_enabled("echo", enabled=True)
    qtbot.waitUntil(lambda: page.is_ready and "echo.script" in page.rows, timeout=REPLY_MS)
    line = page.rows["chat.max_tokens"].field.widget
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "99")
    app.plugins.set_enabled("echo", enabled=False)
    qtbot.waitUntil(lambda: page.is_ready and "echo.script" not in page.rows, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: app.settings.get("chat.max_tokens") == 99, timeout=REPLY_MS)
    assert QApplication.focusWidget() is page.rows["chat.max_tokens"].field.widget


# --- finding ---


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("temperature", "chat.temperature"),
        ("温度", "chat.temperature"),
        ("KV_TYPE", "engine.kv_type"),
        ("half the memory", "engine.kv_type"),
        ("summarise", "chat.overflow"),
        ("new conversation", "shortcuts.new"),
        ("新对话", "shortcuts.new"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_setting_is_found_in_both_languages(
    desk: Desk, page: SettingsPage, qtbot: QtBot, language: str, query: str, key: str
) -> None:
    desk.window.choose_language(language)
    page.search.setText(query)
    assert key in shown(page)
    assert len(shown(page)) < len(page.rows)
    page.search.clear()
    assert shown(page) == set(page.rows)


def test_escape_ends_the_search_and_then_leaves(desk: Desk, page: SettingsPage, qtbot: QtBot) -> None:
    desk.window.activateWindow()
    page.search.setFocus()
    qtbot.keyClicks(page.search, "theme")
    assert len(shown(page)) < len(page.rows)
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert shown(page) == set(page.rows) and desk.window.pages.current == SETTINGS
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert desk.window.pages.current == ""


def test_nothing_found_is_said(page: SettingsPage) -> None:
    page.search.setText("zzzz")
    assert shown(page) == set()
    assert page.list.nothing.isVisibleTo(page)
    assert "zzzz" in page.list.nothing.text()


def test_a_place_is_gone_to_before_and_after_the_page_was_read(desk: Desk, qtbot: QtBot) -> None:
    desk.window.activateWindow()
    page = desk.window.pages.open(SETTINGS, "chat.max_tokens")
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: page.is_ready, timeout=REPLY_MS)
    assert QApplication.focusWidget() is page.rows["chat.max_tokens"].field.widget
    page.list.go_to("engine.batch")
    assert QApplication.focusWidget() is page.rows["engine.batch"].field.widget
    qtbot.waitUntil(lambda: page.list.verticalScrollBar().value() > 0, timeout=REPLY_MS)


def test_the_folder_of_the_file_can_be_opened(
    app: App, page: SettingsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from teahouse_desktop.settings import settings_page

    went: list[str] = []
    monkeypatch.setattr(settings_page.QDesktopServices, "openUrl", lambda url: went.append(url.toLocalFile()))
    qtbot.mouseClick(page.open_folder, Qt.MouseButton.LeftButton)
    assert went == [str(app.paths.config)]


def test_tab_reaches_every_field(page: SettingsPage, desk: Desk) -> None:
    desk.window.activateWindow()
    page.search.setFocus()
    seen = set()
    for _ in range(300):
        seen.add(QApplication.focusWidget())
        desk.window.focusNextChild()
    fields = {key: row.field.widget for key, row in page.rows.items()}
    missed = [key for key, widget in fields.items() if (widget.focusProxy() or widget) not in seen]
    assert missed == []


def test_settings_say_when_they_take_effect(app: App) -> None:
    effects = {one.key: one.effect for one in app.settings.declared}
    assert effects["engine.gpu_layers"] == effects["engine.template"] == "reload"
    assert effects["chat.temperature"] == "now"
    one = next(one for one in app.settings.declared)
    assert replace(one, effect="restart").effect == "restart"
