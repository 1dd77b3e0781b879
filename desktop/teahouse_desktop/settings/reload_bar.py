"""The bar on the settings page that offers to load the model again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from teahouse_desktop.language.languages import translate
from teahouse_desktop.transcript import accessible


class ReloadBar(QFrame):
    """Says that something takes effect with the next loading, or why that failed.

    Signals:
        wanted: The models in memory are to be loaded again.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._failure = ""
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.button = QPushButton(self)
        self.button.setProperty("kind", "plain")
        self.button.clicked.connect(self.wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        self.hide()

    def offer(self, is_wanted: bool, failure: str = "") -> None:
        """Offer to load the model again, or no longer.

        Args:
            failure: Why it could not be loaded.
        """
        self._failure = failure
        self.retranslate()
        self.setVisible(is_wanted)
        if failure:
            accessible.announce(self.button, failure)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        words = translate(
            "SettingsPage",
            "What was changed takes effect when the model is loaded again; the next reply does that.",
        )
        self.label.setText(self._failure or words)
        self.button.setText(translate("SettingsPage", "Load it now"))
