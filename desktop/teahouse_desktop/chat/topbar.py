"""The bar above the chat: the list's switch, the model, the panels."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Signal
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
        self._panels = PanelButtons(self)
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
        self._panels.show_actions(actions, self._look)
        self._fit()

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
        self._panels.set_look(look)
        self.picker.set_look(look)
        self.system_prompt.set_look(look)
        self.download.set_look(look)

    def event(self, event: QEvent) -> bool:
        """Another width, or something in it needs another one."""
        is_handled = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return is_handled

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _fit(self) -> None:
        """The buttons of the panels stand where there is room for all; the model's state goes before them."""
        layout = self.layout()
        assert layout is not None
        needed = layout.sizeHint().width()
        if self._panels.isHidden():
            needed += layout.spacing() + self._panels.sizeHint().width()
        self._panels.setVisible(needed <= self.width())

    def _name(self) -> None:
        self._toggle.setAccessibleName(self.tr("Show or hide the conversations"))
        self._toggle.setToolTip(with_keys(self.tr("Show or hide the conversations"), self._keys))


class PanelButtons(QWidget):
    """A button for each panel; where they do not all fit they go, and the menu and the palette have them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons: list[QToolButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    def show_actions(self, actions: list[QAction], look: Look) -> None:
        """Other panels are on offer."""
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [QToolButton(self) for _action in actions]
        for button, action in zip(self._buttons, actions, strict=True):
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            self._row.addWidget(button)
        self.set_look(look)

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        for button in self._buttons:
            button.setIconSize(look.square(ICON))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """All of them in a row."""
        hints = [button.sizeHint() for button in self._buttons]
        gaps = self._row.spacing() * max(0, len(hints) - 1)
        height = max((hint.height() for hint in hints), default=0)
        return QSize(sum(hint.width() for hint in hints) + gaps, height)

    def minimumSizeHint(self) -> QSize:
        """No width: the window may be narrower than they are."""
        return QSize(0, self.sizeHint().height())
