"""Says that nothing can be downloaded because the app is set to stay offline, and leads to that setting."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from teahouse_desktop.widgets.cards import make_button, make_label


class OfflineBar(QFrame):
    """Hidden while downloads are allowed.

    Signals:
        setting_requested: The setting is to be shown.
    """

    setting_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._label = make_label()
        self.button = make_button(self.setting_requested.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._label, 1)
        row.addWidget(self.button)
        self.hide()
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self._label.setText(self.tr("Teahouse is set to stay offline: nothing is downloaded or searched."))
        self.button.setText(self.tr("Change that …"))
