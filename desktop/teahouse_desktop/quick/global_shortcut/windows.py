"""Keys under Windows: RegisterHotKey. Written after its documentation; not run."""

from __future__ import annotations

import ctypes
import itertools
from ctypes import wintypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QObject, Qt
from PySide6.QtGui import QKeySequence

from teahouse_desktop.quick.global_shortcut.shortcut import GlobalShortcut, Outcome, application, first_of

Key = Qt.Key

WM_HOTKEY = 0x0312
ONCE = 0x4000
"""MOD_NOREPEAT"""
MODIFIERS = {
    Qt.KeyboardModifier.AltModifier: 1,
    Qt.KeyboardModifier.ControlModifier: 2,
    Qt.KeyboardModifier.ShiftModifier: 4,
    Qt.KeyboardModifier.MetaModifier: 8,
}
CODES = {
    Key.Key_Backspace: 0x08, Key.Key_Tab: 0x09, Key.Key_Return: 0x0D, Key.Key_Enter: 0x0D,
    Key.Key_Pause: 0x13, Key.Key_Escape: 0x1B, Key.Key_Space: 0x20, Key.Key_PageUp: 0x21,
    Key.Key_PageDown: 0x22, Key.Key_End: 0x23, Key.Key_Home: 0x24, Key.Key_Left: 0x25, Key.Key_Up: 0x26,
    Key.Key_Right: 0x27, Key.Key_Down: 0x28, Key.Key_Print: 0x2C, Key.Key_Insert: 0x2D,
    Key.Key_Delete: 0x2E, Key.Key_Menu: 0x5D,
}  # fmt: skip
F1, F24 = 0x70, 24
_numbers = itertools.count(1)


class _Listener(QAbstractNativeEventFilter):
    """Sees the messages of this thread."""

    def __init__(self, shortcut: WindowsShortcut) -> None:
        super().__init__()
        self._shortcut = shortcut

    def nativeEventFilter(self, kind: object, message: int) -> tuple[bool, int]:
        """Take the message of a hot key."""
        if kind in (b"windows_generic_MSG", b"windows_dispatcher_MSG"):
            told = wintypes.MSG.from_address(int(message))
            if told.message == WM_HOTKEY and told.wParam == self._shortcut.number:
                self._shortcut.pressed.emit("")
                return True, 0
        return False, 0


class WindowsShortcut(GlobalShortcut):
    """Keys registered with Windows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.number = next(_numbers)
        self._is_held = False
        self._listener = _Listener(self)

    def bind(self, keys: QKeySequence) -> None:
        """Take these keys in the place of those held before."""
        self.release()
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        key, held = first_of(keys)
        code = virtual_key(key)
        if not code:
            self.settled.emit(Outcome("unusable", shown))
            return
        bits = ONCE | sum(bit for modifier, bit in MODIFIERS.items() if held & modifier)
        self._is_held = bool(_user32().RegisterHotKey(None, self.number, bits, code))
        if self._is_held:
            application().installNativeEventFilter(self._listener)
        self.settled.emit(Outcome("used" if self._is_held else "taken", shown))

    def release(self) -> None:
        """Let go of the keys."""
        if self._is_held:
            _user32().UnregisterHotKey(None, self.number)
            application().removeNativeEventFilter(self._listener)
        self._is_held = False


def virtual_key(key: Qt.Key) -> int:
    """Windows' number of a key; 0 for one that it has none for here."""
    if key in CODES:
        return CODES[key]
    if Key.Key_F1 <= key < Key.Key_F1 + F24:
        return F1 + int(key) - int(Key.Key_F1)
    letter = chr(int(key)) if 0x20 < int(key) < 0x7F else ""
    if letter.isalnum():
        return ord(letter)
    found = int(_user32().VkKeyScanW(ord(letter))) if letter else -1
    return 0 if found == -1 else found & 0xFF


def _user32() -> Any:
    return ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]
