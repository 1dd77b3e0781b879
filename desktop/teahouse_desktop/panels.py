"""Panels of plugins at the right side of the window, one at a time.

A plugin's window half is what its entry point in the group `teahouse.panels` returns from
`create_panels(app, window)`. What it raises is reported by its name, and the others still show.
"""

from __future__ import annotations

from functools import partial
from importlib import resources
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from teahouse.plugins import PluginHost
from teahouse_desktop import hookspecs
from teahouse_desktop.icons import make_icon
from teahouse_desktop.look import Look
from teahouse_desktop.panel import Panel

if TYPE_CHECKING:
    from teahouse.app import App

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
        self._widgets: dict[str, QWidget] = {}
        self._group = QActionGroup(self)
        self._group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._host = PluginHost(
            hookspecs,
            group=PANELS,
            create=lambda factory: factory(app, window),
            is_enabled=app.plugins.is_enabled,
            report=app.plugins.report,
        )
        self._title = QLabel()
        self._close_button = QToolButton()
        self._close_button.clicked.connect(dock.close)
        dock.setTitleBarWidget(self._title_bar())
        dock.visibilityChanged.connect(self._on_dock_visibility)
        self.set_look(look)

    def refresh(self) -> None:
        """Load newly enabled plugins, drop disabled ones, and offer the panels there are now."""
        for entry in self._host.entries():
            if not self._app.plugins.is_enabled(entry.name):
                self._host.unregister(entry.name)
        self._host.load()
        self._close()
        self._close_button.setAccessibleName(self.tr("Close the panel"))
        self._close_button.setToolTip(self.tr("Close the panel"))
        for action in self.actions:
            self._group.removeAction(action)
        found = self._host.call_each("register_panels", app=self._app)
        self.actions = [self._action(name, panel) for name, panel in found if isinstance(panel, Panel)]
        self.changed.emit()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._close_button.setIcon(make_icon("x", look.colour("muted")))
        for action in self.actions:
            action.setIcon(make_icon(_icon(action.data()), look.colour("text")))

    # --- inside -----------------------------------------------------------------------------------

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
        if widget is not None:
            self._dock.setWindowTitle(panel.title)
            self._title.setText(panel.title)
            self._dock.setWidget(widget)
            self._dock.show()
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _widget(self, plugin: str, panel: Panel) -> QWidget | None:
        key = f"{plugin}/{panel.title}"
        if key not in self._widgets:
            try:
                self._widgets[key] = panel.make(self._dock)
            except Exception as error:  # noqa: BLE001  foreign code
                words = self.tr("could not show its panel: {error}").format(error=error)
                self._app.plugins.report(plugin, words)
                return None
            self._widgets[key].setMinimumSize(QSize(220, 120))
        return self._widgets[key]

    def _close(self) -> None:
        self._dock.hide()
        for widget in self._widgets.values():
            widget.deleteLater()
        self._widgets.clear()

    def _on_dock_visibility(self, is_visible: bool) -> None:
        checked = self._group.checkedAction()
        if checked is not None and self._dock.isHidden():
            checked.setChecked(False)


def _icon(name: str) -> str:
    is_known = (resources.files("teahouse_desktop") / "icons" / f"{name}.svg").is_file()
    return name if is_known else DEFAULT_ICON
