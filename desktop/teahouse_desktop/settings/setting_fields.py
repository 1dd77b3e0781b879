"""The field with which one setting is changed: a switch, a choice, a line or a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from teahouse.engine import formats
from teahouse.language import LANGUAGES
from teahouse.setting import Setting, Value
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.fonts import offered
from teahouse_desktop.looks.taste import FONTS
from teahouse_desktop.settings.setting_words import value_text
from teahouse_desktop.widgets.fields import Choice, Field, Switch

TYPED_MS = 700
"""A pause after which what was typed counts."""

LONG_TEXTS = ("chat.system_prompt",)
LONG_LINES = 4


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be chosen that no declaration knows.

    Attributes:
        models: Names of the models that can be used.
        cards: (name, description) of the graphics cards.
    """

    models: tuple[str, ...] = ()
    cards: tuple[tuple[str, str], ...] = ()


class Typed(Field):
    """A line in which a value is typed; `value` raises `SettingError` for one that is not allowed."""

    def __init__(self, setting: Setting, parent: QWidget) -> None:
        self._line = QLineEdit(parent)
        super().__init__(self._line)
        self._setting = setting
        self._timer = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._timer.timeout.connect(self.changed)
        self._line.textEdited.connect(lambda _text: self._timer.start())
        self._line.editingFinished.connect(self.flush)
        self._line.installEventFilter(self)

    @property
    def value(self) -> Value:
        """What is typed, checked."""
        text = self._line.text()
        return self._setting.parse(text.strip() if self._setting.type is not str else text)

    def set_value(self, value: Value) -> None:
        """Show a value; what is just being typed stays."""
        if not self._timer.isActive():
            self._line.setText(value_text(self._setting, value))

    def flush(self) -> None:
        """Do not wait any longer for the next key."""
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down count within the limits."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
            if step and self._setting.limits and self._setting.type in (int, float):
                self._count(step)
                return True
        return super().eventFilter(watched, event)

    def _count(self, step: int) -> None:
        least, greatest = self._setting.limits
        size = 1 if self._setting.type is int else 0.05
        try:
            now = float(self._line.text())
        except ValueError:
            return
        wanted = min(max(now + step * size, least), greatest)
        self._line.setText(value_text(self._setting, self._setting.type(round(wanted, 6))))
        self._timer.start()


class LongText(Field):
    """A text of several lines; Tab leaves it."""

    def __init__(self, parent: QWidget) -> None:
        self._edit = QPlainTextEdit(parent)
        super().__init__(self._edit)
        self._edit.setTabChangesFocus(True)
        self._edit.setFixedHeight(self._edit.fontMetrics().lineSpacing() * LONG_LINES + 18)
        self._is_showing = False
        self._timer = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._timer.timeout.connect(self.changed)
        self._edit.textChanged.connect(self._on_text)
        self._edit.installEventFilter(self)

    @property
    def value(self) -> str:
        """The text."""
        return self._edit.toPlainText()

    def set_value(self, value: Value) -> None:
        """Show a text; one that is just being typed stays."""
        if not self._timer.isActive() and str(value) != self.value:
            self._is_showing = True
            self._edit.setPlainText(str(value))
            self._is_showing = False

    def flush(self) -> None:
        """Do not wait any longer for the next key."""
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Who leaves has finished."""
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

    def _on_text(self) -> None:
        if not self._is_showing:
            self._timer.start()


def make_setting_field(setting: Setting, offers: Offers, parent: QWidget) -> Field:
    """The field of a setting."""
    if setting.type is bool:
        return Switch(parent)
    if setting.key in LONG_TEXTS:
        return LongText(parent)
    if setting.is_folder:
        from teahouse_desktop.widgets.folder_field import FolderField

        return FolderField(setting, parent)
    choices = choices_of(setting, offers)
    return Choice(parent, choices) if choices else Typed(setting, parent)


def retitle(field: Field, setting: Setting, offers: Offers) -> None:
    """Say what can be chosen in the language in force."""
    if isinstance(field.widget, QComboBox):
        for word, title in choices_of(setting, offers):
            if (place := field.widget.findData(word)) >= 0:
                field.widget.setItemText(place, title)


def choices_of(setting: Setting, offers: Offers) -> Sequence[tuple[str, str]]:
    """(value, title) of what can be chosen; nothing where any text may be typed."""
    automatic = translate("Fields", "chosen automatically")
    if setting.key == "models.default" and offers.models:
        return [("", automatic), *((name, name) for name in offers.models)]
    if setting.key == "engine.main_device" and offers.cards:
        return [("", automatic), *((name, f"{name} ({about})") for name, about in offers.cards)]
    if setting.key in FONTS:
        none = translate("Fields", "as the window") if setting.key == "app.message_font" else automatic
        return [("", none), *((name, name) for name in offered(is_fixed=setting.key == "app.code_font"))]
    if setting.key == "engine.template":
        known = [(name, formats.find(name).title) for name in formats.names()]
        return [("", translate("Fields", "from the model's file")), *known]
    if setting.type is not str:
        return []
    titles = _titles()
    return [(word, titles.get(word) or LANGUAGES.get(word) or word) for word in setting.limits]


def _titles() -> dict[str, str]:
    return {
        "": translate("Fields", "none"),
        "auto": translate("Fields", "chosen automatically"),
        "on": translate("Fields", "on"),
        "off": translate("Fields", "off"),
        "system": translate("Fields", "as the desktop"),
        "light": translate("Fields", "light"),
        "dark": translate("Fields", "dark"),
        "contrast": translate("Fields", "high contrast"),
        "own": translate("Fields", "own colours"),
        "comfortable": translate("Fields", "comfortable"),
        "compact": translate("Fields", "compact"),
        "refuse": translate("Fields", "send nothing"),
        "drop": translate("Fields", "leave out the oldest messages"),
        "summarise": translate("Fields", "replace old messages by a summary"),
        "model": translate("Fields", "by the model"),
        "words": translate("Fields", "from the first words"),
    }
