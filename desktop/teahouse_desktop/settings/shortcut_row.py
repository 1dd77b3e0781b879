"""One shortcut on the settings page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from teahouse.errors import SettingError
from teahouse.setting import Setting
from teahouse_desktop.looks.look import Look
from teahouse_desktop.settings.setting_fields import Offers
from teahouse_desktop.settings.setting_row import SettingRow
from teahouse_desktop.settings.setting_words import SettingWords
from teahouse_desktop.settings.shortcuts import Shortcuts
from teahouse_desktop.widgets.fields import Field
from teahouse_desktop.widgets.key_field import Keys


class ShortcutRow(SettingRow):
    """A setting whose value are keys; keys that another action has can be taken from it.

    Signals:
        taken: (key, value, key of the setting that loses it).
    """

    taken = Signal(str, str, str)

    def __init__(
        self,
        setting: Setting,
        words: SettingWords,
        shortcuts: Shortcuts,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        self._shortcuts = shortcuts
        self.take = QPushButton(parent)
        super().__init__(setting, words, Offers(), look, parent)
        self.take.setParent(self)
        self.take.setProperty("kind", "plain")
        self.take.clicked.connect(self._take)
        self.layout().addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
        self.take.hide()

    def make_field(self) -> Field:
        """A button that takes keys."""
        return Keys(self.setting.key, self._shortcuts, self)

    @property
    def is_short(self) -> bool:
        """The keys stand beside the action's name."""
        return True

    @property
    def has_key(self) -> bool:
        """Nobody types it."""
        return False

    def show_problem(self, text: str) -> None:
        """Say why keys are not taken; those of another action are on offer."""
        super().show_problem(text)
        self.take.setVisible(bool(text and self._user()))

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self.take.setText(self.tr("Use it here instead"))
        self.take.setAccessibleName(self.tr("Use it here instead"))
        if isinstance(self.field, Keys):
            self.field.button.label = self.label
            self.field.button.say()

    def _user(self) -> str:
        """Key of the setting whose action has the keys; empty for none."""
        try:
            _ = self.field.value
        except SettingError as error:
            return str(error.data.get("user", ""))
        return ""

    def _take(self) -> None:
        user = self._user()
        if user and isinstance(self.field, Keys):
            wanted = self.field.wanted
            self.show_problem("")
            self.field.widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self.taken.emit(self.setting.key, wanted, user)
