"""The row above the composer with what plugins let people choose for the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from teahouse_desktop.forms.tab_order import controls_in
from teahouse_desktop.widgets.flow import FlowRow

SPACING = 4
TURNED = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
SAID = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
"""A widget that was never shown counts as hidden for Qt; this tells that somebody has said so."""


class ControlRow(FlowRow):
    """Controls beside each other; hidden while none of them shows anything.

    Args:
        comes_after: What the Tab key leaves to come to the controls.
    """

    def __init__(self, parent: QWidget, *, comes_after: QWidget) -> None:
        super().__init__(parent)
        self._comes_after = comes_after
        self._controls: list[QWidget] = []
        self.setAccessibleName(self.tr("For this conversation"))
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(SPACING)
        self.hide()

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """The controls, also hidden ones."""
        return tuple(self._controls)

    def show_controls(self, controls: Sequence[QWidget]) -> None:
        """Show these instead; those from before are deleted."""
        layout = self.layout()
        assert layout is not None
        for old in self._controls:
            old.removeEventFilter(self)
            layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._controls = list(controls)
        for control in self._controls:
            is_hidden = control.isHidden() and control.testAttribute(SAID)
            layout.addWidget(control)
            control.setVisible(not is_hidden)
            control.installEventFilter(self)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A control has shown or hidden itself."""
        if event.type() in TURNED and watched in self._controls:
            self._follow()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Other widgets in a control have other places in the order of Tab."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._put_in_order()
        elif event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(self.tr("For this conversation"))
        return super().event(event)

    # --- inside -----------------------------------------------------------------------------------

    def _follow(self) -> None:
        self.setVisible(any(not control.isHidden() for control in self._controls))
        self._put_in_order()

    def _put_in_order(self) -> None:
        before = self._comes_after
        for control in self._controls:
            for one in controls_in(control):
                self.setTabOrder(before, one)
                before = one
