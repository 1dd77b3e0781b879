"""The icon in the desktop's tray, for who wants it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look

SIDES = (16, 22, 24, 32, 48, 64)


class TrayIcon(QObject):
    """Offers what is wanted most while the window is closed.

    Signals:
        show_requested, quick_requested, new_requested, quit_requested: What was chosen.
    """

    show_requested = Signal()
    quick_requested = Signal()
    new_requested = Signal()
    quit_requested = Signal()

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._icon = QSystemTrayIcon(self)
        self.menu = QMenu(window)
        self.actions = {name: QAction(self.menu) for name in ("show", "quick", "new", "quit")}
        for name, signal in (
            ("show", self.show_requested),
            ("quick", self.quick_requested),
            ("new", self.new_requested),
            ("quit", self.quit_requested),
        ):
            if name == "quit":
                self.menu.addSeparator()
            self.menu.addAction(self.actions[name])
            self.actions[name].triggered.connect(signal)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_activated)
        self.set_look(look)
        self.retranslate()
        window.installEventFilter(self)
        self._icon.show()

    @property
    def icon(self) -> QIcon:
        """What the tray shows."""
        return self._icon.icon()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        drawing = make_icon("coffee", look.colour("accent"))
        icon = QIcon()
        for side in SIDES:  # trays take pictures, and ask which sizes there are
            icon.addPixmap(drawing.pixmap(QSize(side, side)))
        self._icon.setIcon(icon)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self._icon.setToolTip(self.tr("Teahouse"))
        titles = {
            "show": self.tr("Show the window"),
            "quick": self.tr("Quick ask"),
            "new": self.tr("New conversation"),
            "quit": self.tr("Quit"),
        }
        for name, title in titles.items():
            self.actions[name].setText(title)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window is told of another language; so is this."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        return super().eventFilter(watched, event)

    def remove(self) -> None:
        """Take it out of the tray."""
        self._icon.hide()
        self.deleteLater()

    # --- inside -------------------------------------------------------------------------------------

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.show_requested.emit()


def has_tray() -> bool:
    """Whether this desktop has a place for such icons."""
    return QSystemTrayIcon.isSystemTrayAvailable()
