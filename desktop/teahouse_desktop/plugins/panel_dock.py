"""The place at the right side of the window in which one panel shows, as wide as people have made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.panel import Panel
from teahouse_desktop.remembering import remember

if TYPE_CHECKING:
    from teahouse_desktop.window import Window

NARROWEST = QSize(220, 120)
USUAL_EM = 16.0
WIDEST = 0.62
"""Of the window, when a panel opens: the conversation stays in view."""
MEMORY = "panel_width/"


class PanelDock(QObject):
    """Shows one panel with its title.

    Signals:
        closed: It was closed with its button, or there is nothing to show.
    """

    closed = Signal()

    def __init__(self, dock: QDockWidget, window: Window, look: Look) -> None:
        super().__init__(dock)
        self._dock, self._window, self._look = dock, window, look
        self._name = ""
        self._dragged_to = 0
        self._title = QLabel()
        self._close_button = QToolButton()
        self._close_button.clicked.connect(dock.close)
        dock.setTitleBarWidget(self._title_bar())
        dock.visibilityChanged.connect(self._on_visibility)
        dock.installEventFilter(self)
        self.retranslate()

    def make(self, make: Callable[[QWidget], QWidget]) -> QWidget:
        """What `make` returns for the dock as its parent."""
        widget = make(self._dock)
        if isinstance(widget, QWidget):
            widget.setMinimumSize(NARROWEST.expandedTo(widget.minimumSize()))
        return widget

    def show(self, name: str, panel: Panel, widget: QWidget) -> None:
        """Show a panel, as wide as it was the last time.

        Args:
            name: Of the panel, the same at every start.
        """
        self._keep()
        self._dock.setWindowTitle(panel.title)
        self._title.setText(panel.title)
        if (before := self._dock.widget()) is not None and before is not widget:
            before.hide()
        self._dock.setWidget(widget)
        self._dock.show()
        widget.show()
        self._name = name
        wish = round((panel.width_em or USUAL_EM) * self._look.em)
        known = str(self._window.desks.place.memory.value(MEMORY + name) or "")
        width = min(int(known) if known.isdecimal() else wish, round(self._window.width() * WIDEST))
        self._window.resizeDocks([self._dock], [width], Qt.Orientation.Horizontal)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def hide(self) -> None:
        """Show nothing."""
        self._keep()
        self._dock.hide()

    def close_soon(self) -> None:
        """There is nothing to show: nobody's button stays pressed."""
        QTimer.singleShot(0, self, self.closed.emit)

    def keep_width(self) -> None:
        """The window closes: what the person has dragged is kept."""
        if self._name and self._dragged_to:
            self._window.desks.place.memory.setValue(MEMORY + self._name, str(self._dragged_to))

    def retranslate(self) -> None:
        """Name things in the language in force."""
        self._close_button.setAccessibleName(self.tr("Close the panel"))
        self._close_button.setToolTip(self.tr("Close the panel"))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._close_button.setIcon(make_icon("x", look.colour("muted")))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A width that changes while a button is held down is the person's."""
        if event.type() == QEvent.Type.Resize and watched is self._dock:
            is_held = bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)
            if is_held and self._dock.isVisible():
                self._dragged_to = self._dock.width()
        return super().eventFilter(watched, event)

    # --- inside -----------------------------------------------------------------------------------

    def _title_bar(self) -> QWidget:
        bar = QFrame(self._dock)
        bar.setObjectName("topbar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 5, 6, 5)
        row.addWidget(self._title, 1)
        row.addWidget(self._close_button)
        return bar

    def _keep(self) -> None:
        if self._name and self._dragged_to:
            memory, key, value = self._window.desks.place.memory, MEMORY + self._name, str(self._dragged_to)
            self._window.runner.start(remember(file=memory.fileName(), key=key, value=value))
        self._dragged_to = 0

    def _on_visibility(self, _is_visible: bool) -> None:
        if self._dock.isHidden():
            self._keep()
            self.closed.emit()
