from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from teahouse_desktop.start import Desk

pytestmark = pytest.mark.gui


def enabled(desk: Desk) -> dict[str, bool]:
    return {name: action.isEnabled() for name, action in desk.window.menus.actions.items()}


@pytest.fixture
def edit(desk: Desk) -> QMenu:
    action = desk.window.menus.actions["regenerate"]
    return next(one for one in action.associatedObjects() if isinstance(one, QMenu))


def test_an_open_menu_greys_what_cannot_be_done(
    desk: Desk, edit: QMenu, ask: Callable[[str], str], qtbot: QtBot
) -> None:
    edit.aboutToShow.emit()
    now = enabled(desk)
    assert not any(
        now[name] for name in ("regenerate", "copy_reply", "edit", "stop", "good", "delete", "rename")
    )
    assert all(now[name] for name in ("new", "settings", "palette", "find"))
    edit.aboutToHide.emit()
    ask("Hello")
    edit.aboutToShow.emit()
    now = enabled(desk)
    assert all(now[name] for name in ("regenerate", "copy_reply", "edit", "good", "rename", "trash"))
    assert not now["stop"]
    edit.aboutToHide.emit()


def test_keys_work_although_a_menu_was_grey_before(
    desk: Desk, edit: QMenu, ask: Callable[[str], str], qtbot: QtBot
) -> None:
    edit.aboutToShow.emit()
    edit.aboutToHide.emit()
    assert all(enabled(desk).values())
    ask("Hello")
    desk.window.menus.actions["regenerate"].trigger()
    qtbot.waitUntil(lambda: desk.window.chat.live is not None, timeout=10_000)
    qtbot.waitUntil(lambda: desk.window.chat.live is None, timeout=30_000)


def test_keys_for_what_cannot_be_done_leave_the_page_as_it_is(desk: Desk) -> None:
    desk.window.pages.open("settings")
    desk.window.menus.actions["regenerate"].trigger()
    assert desk.window.pages.current == "settings"
    desk.window.menus.actions["find"].trigger()
    assert desk.window.pages.current == ""
