"""A field for keys: it shows them, and takes the next ones that are pressed after it was activated."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from teahouse.setting import Value
from teahouse_desktop.settings.shortcuts import NATIVE, PORTABLE, Shortcuts
from teahouse_desktop.widgets.fields import Field

MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
WIDTH, LEAST_WIDTH = 190, 110


class KeyButton(QPushButton):
    """Shows keys; Space or a click, and the next keys are its own.

    While it listens, Escape leaves it as it was, and Backspace takes the keys away. Tab works as
    everywhere unless it listens.

    Signals:
        pressed_keys: The `QKeySequence` that was pressed; empty for none.
    """

    pressed_keys = Signal(QKeySequence)
    _is_listening = False  # asked for by Qt before the constructor has ended

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "plain")
        self.setMinimumWidth(LEAST_WIDTH)
        self.setAutoDefault(False)
        self.keys = QKeySequence()
        self.label = ""
        self.clicked.connect(self._listen)

    def sizeHint(self) -> QSize:
        """The same width for all: they stand below each other."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), WIDTH), hint.height())

    def minimumSizeHint(self) -> QSize:
        """In a narrow window it is as wide as its keys."""
        return QSize(LEAST_WIDTH, super().minimumSizeHint().height())

    @property
    def is_listening(self) -> bool:
        """Whether the next keys are its own."""
        return self._is_listening

    def show_keys(self, keys: QKeySequence) -> None:
        """Show keys."""
        self.keys = keys
        self._is_listening = False
        self.say()

    def say(self) -> None:
        """Show what there is to show, in the language in force."""
        words = self.keys.toString(NATIVE) or self.tr("none")
        self.setText(self.tr("Press the keys …") if self._is_listening else words)
        self.setAccessibleName(f"{self.label}: {self.text()}")

    def event(self, event: QEvent) -> bool:
        """While it listens no shortcut of the window is heard, and Tab is a key like any other."""
        if self._is_listening and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self._is_listening and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._take(event)
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who leaves has changed nothing."""
        if self._is_listening:
            self.show_keys(self.keys)
        super().focusOutEvent(event)

    def _listen(self) -> None:
        self._is_listening = True
        self.say()

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (*MODIFIERS, Qt.Key.Key_unknown):
            return
        self._is_listening = False
        if key == Qt.Key.Key_Escape:
            self.say()
            return
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if is_plain and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.keys = QKeySequence()
        else:
            self.keys = QKeySequence(event.keyCombination())
        self.say()
        self.pressed_keys.emit(self.keys)


class Keys(Field):
    """Keys as a setting's value; `value` raises `SettingError` for those that cannot be used."""

    def __init__(self, key: str, shortcuts: Shortcuts, parent: QWidget) -> None:
        self.button = KeyButton(parent)
        super().__init__(self.button)
        self._key, self._shortcuts = key, shortcuts
        self.button.pressed_keys.connect(self.changed)

    @property
    def value(self) -> str:
        """The keys, checked."""
        return self._shortcuts.check(self._key, self.button.keys)

    @property
    def wanted(self) -> str:
        """The keys as they were pressed, checked or not."""
        return self.button.keys.toString(PORTABLE)

    def set_value(self, value: Value) -> None:
        """Show keys."""
        self.button.show_keys(QKeySequence(str(value), PORTABLE))
