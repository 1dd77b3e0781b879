"""Every page, window and menu for people who use no mouse or no screen: names, the way of Tab, the focus."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QMenu,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)

from teahouse.app import App
from teahouse_desktop.plugins import panel_check
from teahouse_desktop.screenshots import stage
from teahouse_desktop.screenshots.bare import BARE
from teahouse_desktop.screenshots.pages import PAGES
from teahouse_desktop.start import Desk, make_application, open_desk
from tests.desktop.plugin_pages import PLUGIN_PAGES

pytestmark = pytest.mark.gui

CONTROLS = (*panel_check.CONTROLS, QTabBar)
AROUND_PX = 6
"""A mark of the focus may stand outside of what has it."""

MOST_STEPS = 400
OFF_THE_WAY = {"quick", "palette", "documents-chips"}
"""One field and what belongs to it; the palette and the sheet of the chips go when the focus does."""

TRAINED = {"training", "training-new"}
"""They train a real model: here their pages are shown without one."""
PLACES = {**{name: place for name, place in PAGES.items() if name not in TRAINED}, **PLUGIN_PAGES}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One window with one conversation for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEAHOUSE_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("TEAHOUSE_DEV", "1")
        app = App.open()
        app.settings.set("chat.titles", "words")
        app.settings.set("app.motion", "off")  # no blinking cursor: pictures are compared
        desk = open_desk(app, make_application())
        stage.wait(lambda: desk.window.topbar.picker.has_model, "a model")
        stage.begin(desk)
        stage.ask(desk, desk.window.chat.welcome.examples[0])
        yield desk
        desk.window.close()
        desk.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # here, not in another test
        QApplication.processEvents()
        app.close()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The window of an app without a model, as people first see it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEAHOUSE_HOME", str(tmp_path_factory.mktemp("bare")))
        patch.delenv("TEAHOUSE_DEV", raising=False)
        app = App.open()
        desk = open_desk(app, make_application())
        yield desk
        desk.window.close()
        desk.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # here, not in another test
        QApplication.processEvents()
        app.close()


@pytest.fixture
def active(shared: Desk) -> Desk:
    """The window, with the keyboard."""
    shared.window.activateWindow()
    stage.wait(lambda: QApplication.activeWindow() is shared.window, "the keyboard")
    return shared


@pytest.fixture(params=["en", "zh_CN"])
def desk(shared: Desk, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """The window in a language."""
    shared.languages.use(request.param)
    yield shared
    shared.languages.use("en")


def is_control(widget: QWidget) -> bool:
    """Whether a person can do something with it."""
    if isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_"):
        return False
    return isinstance(widget, CONTROLS) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def shown_in(root: QWidget) -> list[QWidget]:
    """The controls on the screen, with those of the menus that are open."""
    roots = [root, *(menu for menu in root.findChildren(QMenu) if menu.isVisible())]
    found = (one for top in roots for one in top.findChildren(QWidget) if one.window() is top.window())
    return [one for one in found if one.isVisible() and is_control(one) and not is_inside(one)]


def is_inside(widget: QWidget) -> bool:
    """Whether it is a part of a control, which speaks for it."""
    parent = widget.parentWidget()
    return isinstance(parent, QComboBox | QAbstractSpinBox | QAbstractItemView) and parent.isVisible()


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface else ""


def is_spoken(name: str, widget: QWidget) -> bool:
    """Whether a name says something: no class, no lone sign; a choice is called by its label."""
    if isinstance(widget, QComboBox):  # on Linux the name of a choice is what is chosen
        interface = QAccessible.queryAccessibleInterface(widget)
        return bool(interface.relations(QAccessible.RelationFlag.Label))
    return bool(re.search(r"\w", name)) and name != type(widget).__name__ and not name.startswith("qt_")


def in_words(widget: QWidget) -> str:
    """A control as a failing test names it."""
    kind, parent = type(widget).__name__, type(widget.parent()).__name__
    return f"{kind} {widget.objectName()!r} {name_of(widget)!r} in {parent}"


@pytest.mark.parametrize("place", PLACES)
def test_everything_has_a_name(desk: Desk, place: str) -> None:
    with PLACES[place](desk) as shown:
        nameless = [in_words(one) for one in shown_in(shown) if not is_spoken(name_of(one), one)]
        menus = [menu for menu in shown.findChildren(QMenu) if menu.isVisible()]
        nameless += [
            f"an entry of {menu.title()!r}"
            for menu in menus
            for action in menu.actions()
            if action.isVisible() and not action.isSeparator() and not re.search(r"\w", action.text())
        ]
    assert nameless == []


@pytest.mark.parametrize("place", BARE)
def test_without_a_model_everything_has_a_name_and_is_reached(bare: Desk, place: str) -> None:
    bare.window.activateWindow()
    stage.wait(lambda: QApplication.activeWindow() is bare.window, "the keyboard")
    with BARE[place](bare) as shown:
        assert [in_words(one) for one in shown_in(shown) if not is_spoken(name_of(one), one)] == []
        wanted = reachable(shown)
        wanted[0].setFocus(Qt.FocusReason.TabFocusReason)
        seen = walk(shown, Qt.Key.Key_Tab)
        assert [in_words(one) for one in wanted if one not in seen and not is_grouped(one, seen)] == []


def reachable(root: QWidget) -> list[QWidget]:
    """What Tab is to reach: everything enabled that takes the focus by key."""
    policy = Qt.FocusPolicy.TabFocus
    return [one for one in shown_in(root) if one.isEnabled() and one.focusPolicy() & policy == policy]


def walk(root: QWidget, key: Qt.Key) -> list[QWidget]:
    """Everything that gets the focus, pressing a key until it comes back to where it began."""
    seen: list[QWidget] = []
    for _step in range(MOST_STEPS):
        now = QApplication.focusWidget()
        if now is None or now in seen[:1]:
            break
        if now not in seen:
            seen.append(now)
        QTest.keyClick(now, key)
    return seen


@pytest.mark.parametrize("place", [name for name in PLACES if name not in OFF_THE_WAY])
def test_tab_reaches_everything_and_comes_back(active: Desk, place: str) -> None:
    with PLACES[place](active) as shown:
        if any(menu.isVisible() for menu in shown.findChildren(QMenu)):
            pytest.skip("in a menu the arrow keys go, not Tab")
        shown.window().activateWindow()  # a dialog on the way there may have had the keyboard
        stage.wait(lambda: QApplication.activeWindow() is shown.window(), "the keyboard")
        wanted = reachable(shown)
        wanted[0].setFocus(Qt.FocusReason.TabFocusReason)
        seen = walk(shown, Qt.Key.Key_Tab)
        missed = [in_words(one) for one in wanted if one not in seen and not is_grouped(one, seen)]
    assert missed == []


def is_grouped(widget: QWidget, seen: list[QWidget]) -> bool:
    """Whether it is one of several buttons of which Tab reaches one, and the arrow keys the others."""
    if not isinstance(widget, QAbstractButton):
        return False
    group = widget.group()
    if group is not None and group.exclusive():
        return any(one in seen for one in group.buttons())
    siblings = [one for one in seen if isinstance(one, QAbstractButton) and one.parent() is widget.parent()]
    return widget.autoExclusive() and bool(siblings)


def picture_around(widget: QWidget) -> QImage:
    """The control with a margin, as the window shows it."""
    QApplication.processEvents()
    corner = widget.mapTo(widget.window(), QPoint(0, 0))
    place = QRect(corner, widget.size()).adjusted(-AROUND_PX, -AROUND_PX, AROUND_PX, AROUND_PX)
    return widget.window().grab(place).toImage()


def bring_into_view(widget: QWidget) -> None:
    """Scroll to a control, as Tab does."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def shows_focus(one: QWidget, other: QWidget) -> bool:
    """Whether it looks another way with the focus than while the other one has it."""
    other.setFocus(Qt.FocusReason.TabFocusReason)
    bring_into_view(one)
    without = picture_around(one)
    one.setFocus(Qt.FocusReason.TabFocusReason)
    return one.hasFocus() and picture_around(one) != without


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "place", ["chat", "settings", "models", "about", "export", "restore", "find", "beside"]
)
def test_the_focus_can_be_seen(active: Desk, place: str, theme: str) -> None:
    active.appearance.choose(theme)
    with PAGES[place](active) as shown:
        unseen = []
        for one in reachable(shown):
            other = next(two for two in reachable(shown) if two is not one)
            # a job that ends meanwhile may take it away, or put the focus elsewhere: looked at twice
            is_seen = any(shows_focus(one, other) for _look in range(2))
            if one.isVisible() and not is_seen:
                unseen.append(in_words(one))
    active.appearance.choose("light")
    assert unseen == []
