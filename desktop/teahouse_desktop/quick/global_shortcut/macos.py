"""Keys under macOS: Carbon's RegisterEventHotKey, which asks for no permission. Not run."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_int32, c_uint32, c_ulong, c_void_p
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence

from teahouse_desktop.quick.global_shortcut.shortcut import GlobalShortcut, Outcome, first_of

Key = Qt.Key

CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
KEYBOARD, HOT_KEY_PRESSED = int.from_bytes(b"keyb", "big"), 5
SIGNATURE = int.from_bytes(b"TeaH", "big")
EXISTS = -9878
"""eventHotKeyExistsErr"""
MODIFIERS = {
    Qt.KeyboardModifier.ControlModifier: 0x0100,  # Qt calls the Command key Control here …
    Qt.KeyboardModifier.ShiftModifier: 0x0200,
    Qt.KeyboardModifier.AltModifier: 0x0800,
    Qt.KeyboardModifier.MetaModifier: 0x1000,  # … and the Control key Meta
}
LETTERS = {
    "a": 0, "s": 1, "d": 2, "f": 3, "h": 4, "g": 5, "z": 6, "x": 7, "c": 8, "v": 9, "b": 11, "q": 12, "w": 13,
    "e": 14, "r": 15, "y": 16, "t": 17, "1": 18, "2": 19, "3": 20, "4": 21, "6": 22, "5": 23, "=": 24,
    "9": 25, "7": 26, "-": 27, "8": 28, "0": 29, "]": 30, "o": 31, "u": 32, "[": 33, "i": 34, "p": 35,
    "l": 37, "j": 38, "'": 39, "k": 40, ";": 41, "\\": 42, ",": 43, "/": 44, "n": 45, "m": 46, ".": 47,
    "`": 50,
}  # fmt: skip
NAMED = {
    Key.Key_Return: 36, Key.Key_Tab: 48, Key.Key_Space: 49, Key.Key_Backspace: 51, Key.Key_Escape: 53,
    Key.Key_Home: 115, Key.Key_PageUp: 116, Key.Key_Delete: 117, Key.Key_End: 119, Key.Key_PageDown: 121,
    Key.Key_Left: 123, Key.Key_Right: 124, Key.Key_Down: 125, Key.Key_Up: 126,
    Key.Key_F1: 122, Key.Key_F2: 120, Key.Key_F3: 99, Key.Key_F4: 118, Key.Key_F5: 96, Key.Key_F6: 97,
    Key.Key_F7: 98, Key.Key_F8: 100, Key.Key_F9: 101, Key.Key_F10: 109, Key.Key_F11: 103, Key.Key_F12: 111,
}  # fmt: skip
"""Numbers of keys by their place on the keyboard (Events.h)."""


class _HotKey(ctypes.Structure):
    """EventHotKeyID"""

    _fields_ = (("signature", c_uint32), ("id", c_uint32))


class _Kind(ctypes.Structure):
    """EventTypeSpec"""

    _fields_ = (("event_class", c_uint32), ("event_kind", c_uint32))


Handler = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p)


class MacShortcut(GlobalShortcut):
    """Keys registered with Carbon's event manager."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._carbon: Any = None
        self._held = c_void_p()
        self._handler = Handler(self._hear)  # must live as long as it may be called

    def bind(self, keys: QKeySequence) -> None:
        """Take these keys in the place of those held before."""
        self.release()
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        key, held = first_of(keys)
        code = virtual_key(key)
        if code is None:
            self.settled.emit(Outcome("unusable", shown))
            return
        carbon = self._carbon = self._carbon or self._load()
        bits = sum(bit for modifier, bit in MODIFIERS.items() if held & modifier)
        target = carbon.GetApplicationEventTarget()
        state = carbon.RegisterEventHotKey(code, bits, _HotKey(SIGNATURE, 1), target, 0, byref(self._held))
        self.settled.emit(
            Outcome("used" if state == 0 else "taken" if state == EXISTS else "unusable", shown)
        )

    def release(self) -> None:
        """Let go of the keys."""
        if self._held:
            self._carbon.UnregisterEventHotKey(self._held)
        self._held = c_void_p()

    # --- inside -------------------------------------------------------------------------------------

    def _hear(self, _call: object, _event: object, _data: object) -> int:
        self.pressed.emit("")
        return 0

    def _load(self) -> Any:
        carbon = ctypes.CDLL(CARBON)
        carbon.GetApplicationEventTarget.restype = c_void_p
        carbon.RegisterEventHotKey.argtypes = [
            c_uint32, c_uint32, _HotKey, c_void_p, c_uint32, POINTER(c_void_p)
        ]  # fmt: skip
        carbon.UnregisterEventHotKey.argtypes = [c_void_p]
        carbon.InstallEventHandler.argtypes = [
            c_void_p, Handler, c_ulong, POINTER(_Kind), c_void_p, c_void_p
        ]  # fmt: skip
        kind = _Kind(KEYBOARD, HOT_KEY_PRESSED)
        target = carbon.GetApplicationEventTarget()
        carbon.InstallEventHandler(target, self._handler, 1, byref(kind), None, None)
        return carbon


def virtual_key(key: Qt.Key) -> int | None:
    """macOS' number of a key by its place on the keyboard; None for one that it has none for here."""
    if key in NAMED:
        return NAMED[key]
    return LETTERS.get(chr(int(key)).lower()) if 0x20 < int(key) < 0x7F else None
