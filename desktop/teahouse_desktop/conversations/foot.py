"""The foot of the sidebar: the ways to the pages beside the chat."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.pages import DOCTOR, MODELS, PLUGINS, SETTINGS

ICON = 17
AROUND = 40
"""Picture and distances around the words of a button, in pixels."""

ICONS = {MODELS: "box", PLUGINS: "puzzle", SETTINGS: "settings", DOCTOR: "life-buoy"}


class Foot(QWidget):
    """A button for each page.

    Signals:
        opened: Name of the page that was chosen.
    """

    opened = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QToolButton] = {}
        self._scale = 1.0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for name in ICONS:
            button = QToolButton(self)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, name=name: self.opened.emit(name))
            row.addWidget(button)
            self.buttons[name] = button
        row.addStretch(1)
        self.setMinimumWidth(1)  # not that of the words
        self.set_look(look)
        self._name()

    def mark(self, current: str) -> None:
        """Mark the page that is shown."""
        for name, button in self.buttons.items():
            button.setChecked(name == current)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for name, button in self.buttons.items():
            button.setIcon(make_icon(ICONS[name], look.colour("muted")))
            button.setIconSize(look.square(ICON))
        self._scale = look.scale
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words where there is room, pictures alone for the last ones where there is less."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        titles = {
            MODELS: self.tr("Models"),
            PLUGINS: self.tr("Plugins"),
            SETTINGS: self.tr("Settings"),
            DOCTOR: self.tr("About"),
        }
        for name, words in titles.items():
            self.buttons[name].setText(f" {words}")  # Qt sets icon and text too close
            self.buttons[name].setAccessibleName(words)
            self.buttons[name].setToolTip(words)
        self._fit()

    def _fit(self) -> None:
        around = AROUND + round(ICON * (self._scale - 1))
        buttons, style = list(self.buttons.values()), Qt.ToolButtonStyle
        names = [self.fontMetrics().horizontalAdvance(button.accessibleName()) for button in buttons]
        worded = len(names)
        while worded and sum(names[:worded]) + around * len(names) > self.width():
            worded -= 1
        for index, button in enumerate(buttons):
            fitting = style.ToolButtonTextBesideIcon if index < worded else style.ToolButtonIconOnly
            if button.toolButtonStyle() != fitting:
                button.setToolButtonStyle(fitting)
