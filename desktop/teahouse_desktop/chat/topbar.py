"""The bar above the chat: the list's switch, the model, the panels."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from teahouse_desktop.chat.system_prompt import SystemPromptButton
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_keys
from teahouse_desktop.models.model_picker import ModelPicker
from teahouse_desktop.widgets.progress import ProgressLine

ICON = 18


class TopBar(QFrame):
    """Holds the model picker, a running download and a button for each panel.

    Signals:
        sidebar_toggled: Show or hide the conversations.
        system_prompt_requested: Show what the model is told before the open conversation.
    """

    sidebar_toggled = Signal()
    system_prompt_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topbar")
        self._keys = ""
        self._toggle = QToolButton(self)
        self._toggle.clicked.connect(self.sidebar_toggled)
        self.picker = ModelPicker(look, self)
        self.system_prompt = SystemPromptButton(look, self)
        self.system_prompt.clicked.connect(self.system_prompt_requested)
        self.download = ProgressLine(look, self)
        self._panels = QWidget(self)
        self._panel_row = QHBoxLayout(self._panels)
        self._panel_row.setContentsMargins(0, 0, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 5, 8, 5)
        layout.addWidget(self._toggle)
        layout.addWidget(self.picker)
        layout.addWidget(self.system_prompt)
        layout.addStretch(1)
        layout.addWidget(self.download)
        layout.addWidget(self._panels)
        self.set_look(look)
        self._name()

    def show_panels(self, actions: list[QAction]) -> None:
        """A button for each panel."""
        while (item := self._panel_row.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        for action in actions:
            button = QToolButton(self._panels)
            button.setDefaultAction(action)
            button.setIconSize(self._look.square(ICON))
            button.setAccessibleName(action.text())
            self._panel_row.addWidget(button)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Keys of the window's actions, by name, for the tool tips."""
        self._keys = keys.get("sidebar", "")
        self.system_prompt.show_keys(keys.get("system_prompt", ""))
        self._name()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._toggle.setIcon(make_icon("panel-left", look.colour("muted")))
        self._toggle.setIconSize(look.square(ICON))
        for button in self._panels.findChildren(QToolButton):
            button.setIconSize(look.square(ICON))
        self.picker.set_look(look)
        self.system_prompt.set_look(look)
        self.download.set_look(look)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        self._toggle.setAccessibleName(self.tr("Show or hide the conversations"))
        self._toggle.setToolTip(with_keys(self.tr("Show or hide the conversations"), self._keys))
