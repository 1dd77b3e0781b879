from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

import teahouse_desktop
from teahouse import hookimpl
from teahouse.app import App
from teahouse.events import Notice
from teahouse_desktop.plugins.panels import Panel, PanelHost
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

BUNDLED = ("echo", "sampling", "documents")
"""Those that come with the app and have a panel."""


class Good:
    @hookimpl
    def register_panels(self, app: App) -> list[Panel]:
        return [Panel("Good", "puzzle", lambda parent: QLabel("good", parent))]


class Raises:
    @hookimpl
    def register_panels(self) -> list[Panel]:
        raise RuntimeError("oops")


class CannotShow:
    @hookimpl
    def register_panels(self) -> list[Panel]:
        def make(parent: QWidget) -> QWidget:
            raise RuntimeError("no widget")

        return [Panel("Odd", "no such icon", make)]


@pytest.fixture
def host(desk: Desk, qtbot: QtBot) -> PanelHost:
    panels = desk.window.panels
    qtbot.waitUntil(lambda: set(BUNDLED) <= set(panels._loaded), timeout=REPLY_MS)
    return panels


def titles(host: PanelHost) -> set[str]:
    return {action.text() for action in host.actions}


def echo_of(host: PanelHost) -> QAction:
    return next(action for action in host.actions if action.text() == "Echo")


def test_hook_register_panels(host: PanelHost, desk: Desk) -> None:
    echo = echo_of(host)
    assert echo.text() == "Echo"
    echo.setChecked(True)
    assert not desk.window._dock.isHidden()
    assert desk.window._dock.windowTitle() == "Echo"
    echo.setChecked(False)
    assert desk.window._dock.isHidden()


def test_one_panel_at_a_time(host: PanelHost, desk: Desk) -> None:
    host._host.register("good", Good())
    host.refresh()
    by_title = {action.text(): action for action in host.actions}
    by_title["Echo"].setChecked(True)
    by_title["Good"].setChecked(True)
    assert not by_title["Echo"].isChecked()
    assert desk.window._dock.windowTitle() == "Good"
    assert {"Echo", "Good"} <= {action.text() for action in desk.window.menus.panels.actions()}
    desk.window._dock.close()
    assert not by_title["Good"].isChecked()


def test_plugins_that_raise_are_named_and_the_others_show(app: App, host: PanelHost) -> None:
    told: list[str] = []
    app.events.listen(lambda event: told.append(event.text) if isinstance(event, Notice) else None)
    host._host.register("raises", Raises())
    host._host.register("odd", CannotShow())
    host.refresh()
    assert {"Echo", "Odd"} <= titles(host)
    next(action for action in host.actions if action.text() == "Odd").setChecked(True)
    assert ["raises" in told[0], "odd" in told[1]] == [True, True]


def test_disabled_plugin_loses_its_panel(app: App, host: PanelHost, qtbot: QtBot) -> None:
    app.plugins.set_enabled("echo", enabled=False)
    qtbot.waitUntil(lambda: "Echo" not in titles(host), timeout=REPLY_MS)
    app.plugins.set_enabled("echo", enabled=True)
    qtbot.waitUntil(lambda: "Echo" in titles(host), timeout=REPLY_MS)


def test_public_names() -> None:
    parts = ["PartLine", "PartMark", "PartView"]
    assert teahouse_desktop.__all__ == [
        "ConversationControl",
        "MessageAction",
        "Panel",
        "PanelWindow",
        *parts,
    ]
    assert teahouse_desktop.Panel is Panel


def test_panel_is_made_once(host: PanelHost) -> None:
    made: list[QWidget] = []

    def make(parent: QWidget) -> QWidget:
        made.append(QLabel("x", parent))
        return made[-1]

    class Once:
        @hookimpl
        def register_panels(self) -> list[Panel]:
            return [Panel("Once", "puzzle", make)]

    host._host.register("once", Once())
    host.refresh()
    action: Callable[[bool], None] = next(a for a in host.actions if a.text() == "Once").setChecked
    for is_on in (True, False, True):
        action(is_on)
    assert len(made) == 1


def panel_of(title: str, made: object) -> object:
    """A plugin whose panel is what is given."""

    class Plugin:
        @hookimpl
        def register_panels(self) -> list[Panel]:
            return [Panel(title, "puzzle", lambda parent: made)]  # type: ignore[arg-type,return-value]

    return Plugin()


def test_a_panel_that_is_no_widget_is_told_and_nothing_opens(
    app: App, host: PanelHost, desk: Desk, qtbot: QtBot
) -> None:
    host._host.register("odd", panel_of("Odd", "a text"))
    host.refresh()
    odd = next(action for action in host.actions if action.text() == "Odd")
    odd.setChecked(True)
    qtbot.waitUntil(lambda: not odd.isChecked(), timeout=REPLY_MS)
    assert desk.window._dock.isHidden()
    [words] = [action.text() for action in desk.window.menus.panels.actions() if action.text() == "Odd"]
    assert words == "Odd"


@pytest.mark.parametrize("value", ["text", [3], Panel(3, "x", None)])  # type: ignore[arg-type]
def test_what_is_no_panel_is_that_plugin_s_fault(app: App, host: PanelHost, value: object) -> None:
    class Plugin:
        @hookimpl
        def register_panels(self) -> object:
            return value

    told: list[str] = []
    app.events.listen(lambda event: told.append(event.text) if isinstance(event, Notice) else None)
    host._host.register("odd", Plugin())
    host.refresh()
    assert "Echo" in titles(host)
    assert "Odd" not in titles(host)
    assert told[0].startswith("The plugin odd failed in register_panels: ")


def test_an_open_panel_stays_open_while_no_panel_comes_or_goes(app: App, host: PanelHost, desk: Desk) -> None:
    echo_of(host).setChecked(True)
    host.follow()
    assert not desk.window._dock.isHidden()
    app.plugins.drop("echo")
    host.follow()
    assert desk.window._dock.isHidden()
