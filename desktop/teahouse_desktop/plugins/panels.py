"""Panels of plugins at the right side of the window, one at a time.

A plugin's window half is what its entry point in the group `teahouse.panels` returns from
`create_panels(app, window)`. What it raises is reported by its name, and the others still show.
"""

from __future__ import annotations

from functools import partial
from importlib import resources
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins import Kind, PluginHost
from teahouse_desktop import hookspecs
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.panel import Panel

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.plugins import Installed

PANELS = "teahouse.panels"
DEFAULT_ICON = "puzzle"

__all__ = ["Panel", "PanelHost"]


class PanelHost(QObject):
    """Loads the window halves of the enabled plugins and shows their panels in a dock.

    Signals:
        changed: Other panels are on offer: `actions` has changed.
    """

    changed = Signal()

    def __init__(self, app: App, window: QWidget, dock: QDockWidget, look: Look) -> None:
        super().__init__(window)
        self.actions: list[QAction] = []
        self._app, self._window, self._dock, self._look = app, window, dock, look
        self._widgets: dict[int, QWidget] = {}
        self._group = QActionGroup(self)
        self._group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._loaded: dict[str, Installed] = {}
        self._host = PluginHost(
            hookspecs,
            group=PANELS,
            kinds=WINDOW,
            create=lambda name, factory: factory(app.plugins.seat(name), window),
            seat=app.plugins.seat,
            guard=app.plugins.guard,
        )
        self._title = QLabel()
        self._close_button = QToolButton()
        self._close_button.clicked.connect(dock.close)
        dock.setTitleBarWidget(self._title_bar())
        dock.visibilityChanged.connect(self._on_dock_visibility)
        self.set_look(look)

    def follow(self) -> None:
        """Plugins may have come or gone: what is open stays open where none has."""
        if self._catch_up():
            self.refresh()

    def refresh(self) -> None:
        """Load the window half of new plugins, drop that of others, and offer the panels there are now."""
        self._catch_up()
        self._close()
        self._close_button.setAccessibleName(self.tr("Close the panel"))
        self._close_button.setToolTip(self.tr("Close the panel"))
        for action in self.actions:
            self._group.removeAction(action)
            action.deleteLater()
        found = self._host.call_each("register_panels", app=self._app)
        self.actions = [self._action(name, panel) for name, panel in found]
        self.changed.emit()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._close_button.setIcon(make_icon("x", look.colour("muted")))
        for action in self.actions:
            action.setIcon(make_icon(_icon(action.data()), look.colour("text")))

    # --- inside -----------------------------------------------------------------------------------

    def _catch_up(self) -> bool:
        """Load and drop; whether there was anything to do. Plugins have been imported before by a job."""
        ready = {name: one for name, one in dict(self._app.plugins.ready).items() if PANELS in one.entries}
        # One that was loaded again is another object: its window half is loaded again too.
        gone = [name for name, one in self._loaded.items() if ready.get(name) is not one]
        new = [name for name, one in ready.items() if self._loaded.get(name) is not one]
        for name in gone:
            self._host.unregister(name)
        for name in sorted(new):
            self._host.load_one(ready[name])
        self._loaded = ready
        return bool(gone or new)

    def _title_bar(self) -> QWidget:
        bar = QFrame(self._dock)
        bar.setObjectName("topbar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 5, 6, 5)
        row.addWidget(self._title, 1)
        row.addWidget(self._close_button)
        return bar

    def _action(self, plugin: str, panel: Panel) -> QAction:
        action = QAction(make_icon(_icon(panel.icon), self._look.colour("text")), panel.title, self)
        action.setData(panel.icon)
        action.setCheckable(True)
        action.toggled.connect(partial(self._toggle, plugin, panel))
        self._group.addAction(action)
        return action

    def _toggle(self, plugin: str, panel: Panel, is_on: bool) -> None:
        if not is_on:
            if self._group.checkedAction() is None:
                self._dock.hide()
            return
        widget = self._widget(plugin, panel)
        if widget is None:
            QTimer.singleShot(0, self, self._uncheck)
        else:
            self._dock.setWindowTitle(panel.title)
            self._title.setText(panel.title)
            self._dock.setWidget(widget)
            self._dock.show()
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _widget(self, plugin: str, panel: Panel) -> QWidget | None:
        key = id(panel)  # two may have one title; the actions keep their panels
        if key not in self._widgets:
            failed = self.tr("could not show its panel: {error}")
            with self._app.plugins.guard.call(plugin, "make", failed=failed):
                self._widgets[key] = _checked_widget(panel.make(self._dock))
                self._widgets[key].setMinimumSize(QSize(220, 120))
        return self._widgets.get(key)

    def _uncheck(self) -> None:
        if (action := self._group.checkedAction()) is not None:
            action.setChecked(False)

    def _close(self) -> None:
        self._dock.hide()
        for widget in self._widgets.values():
            widget.deleteLater()
        self._widgets.clear()

    def _on_dock_visibility(self, is_visible: bool) -> None:
        checked = self._group.checkedAction()
        if checked is not None and self._dock.isHidden():
            checked.setChecked(False)


def _check_panel(panel: Panel) -> None:
    if not (isinstance(panel.title, str) and isinstance(panel.icon, str) and callable(panel.make)):
        raise PluginError(_("the panel {title} is declared wrongly").format(title=repr(panel.title)))


def _checked_widget(made: object) -> QWidget:
    if not isinstance(made, QWidget):
        text = _("it returned {found} instead of {wanted}")
        raise PluginError(text.format(found=type(made).__name__, wanted="QWidget"))
    return made


WINDOW = {"register_panels": Kind(Panel, _check_panel)}
"""What each window hook returns."""


def _icon(name: str) -> str:
    is_known = (resources.files("teahouse_desktop") / "icons" / f"{name}.svg").is_file()
    return name if is_known else DEFAULT_ICON
