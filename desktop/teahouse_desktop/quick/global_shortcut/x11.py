"""Keys under X11: a passive grab on the root window, made on Qt's own connection.

On Qt's connection, because then Qt learns the time of the key, without which a window manager does not
let our window come to the front. A grab has to name every state of the lock keys, or it is not heard
while Num Lock is on.
"""

from __future__ import annotations

import ctypes
from itertools import combinations

from PySide6.QtCore import QAbstractNativeEventFilter, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence

from teahouse_desktop.quick.global_shortcut.keysyms import keysym
from teahouse_desktop.quick.global_shortcut.shortcut import GlobalShortcut, Outcome, application, first_of
from teahouse_desktop.quick.global_shortcut.x11_server import Server

KEY_PRESS, KEY_RELEASE = 2, 3
STATE_BITS = 0xFF
"""Modifiers in an event's state; above them are the buttons of the mouse."""


class _KeyEvent(ctypes.Structure):
    """xcb_key_press_event_t"""

    _fields_ = (
        ("response_type", ctypes.c_uint8),
        ("detail", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("time", ctypes.c_uint32),
        ("root", ctypes.c_uint32),
        ("event", ctypes.c_uint32),
        ("child", ctypes.c_uint32),
        ("root_x", ctypes.c_int16),
        ("root_y", ctypes.c_int16),
        ("event_x", ctypes.c_int16),
        ("event_y", ctypes.c_int16),
        ("state", ctypes.c_uint16),
        ("same_screen", ctypes.c_uint8),
    )


class _Listener(QAbstractNativeEventFilter):
    """Sees every event of the X server while keys are held."""

    def __init__(self, shortcut: X11Shortcut) -> None:
        super().__init__()
        self._shortcut = shortcut

    def nativeEventFilter(self, kind: object, message: int) -> tuple[bool, int]:
        """Look at keys; nothing is kept from Qt, which reads the time of the key from the event."""
        if kind == b"xcb_generic_event_t":
            event = _KeyEvent.from_address(int(message))
            if event.response_type & 0x7F in (KEY_PRESS, KEY_RELEASE):
                self._shortcut.hear(
                    event.response_type & 0x7F == KEY_PRESS, event.detail, event.state, event.time
                )
        return False, 0


class X11Shortcut(GlobalShortcut):
    """Keys grabbed from the X server."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._server: Server | None = None
        self._listener = _Listener(self)
        self._code = self._modifiers = self._locks = 0
        self._is_down = False
        self._released_ms = -1

    def bind(self, keys: QKeySequence) -> None:
        """Take these keys in the place of those held before."""
        self.release()
        self.settled.emit(self._grab(keys))

    def release(self) -> None:
        """Let go of the keys."""
        if self._server is not None and self._code:
            self._server.ungrab(self._code, [self._modifiers | extra for extra in self._extras()])
            application().removeNativeEventFilter(self._listener)
        self._code = 0
        self._is_down = False

    def hear(self, is_press: bool, code: int, state: int, time_ms: int) -> None:
        """A key went down or up; one that is held repeats and counts once."""
        if not self._code or code != self._code:
            return
        if not is_press:
            self._is_down, self._released_ms = False, time_ms
            return
        is_meant = state & STATE_BITS & ~self._locks == self._modifiers
        is_repeated = self._is_down or time_ms == self._released_ms
        self._is_down = True
        if is_meant and not is_repeated:
            self.pressed.emit("")

    # --- inside -------------------------------------------------------------------------------------

    def _grab(self, keys: QKeySequence) -> Outcome:
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        self._server = self._server or _open_server()
        if self._server is None:
            return Outcome("impossible", shown)
        key, held = first_of(keys)
        code, modifiers = self._server.keycode(keysym(key)), self._modifier_bits(held)
        if not code or modifiers is None:
            return Outcome("unusable", shown)
        self._locks = self._server.lock_bits()
        combined = [modifiers | extra for extra in self._extras()]
        if not self._server.grab(code, combined):
            self._server.ungrab(code, combined)
            return Outcome("taken", shown)
        self._code, self._modifiers = code, modifiers
        application().installNativeEventFilter(self._listener)
        return Outcome("used", shown)

    def _modifier_bits(self, wanted: Qt.KeyboardModifier) -> int | None:
        """The modifiers as bits; None where the keyboard lacks one."""
        assert self._server is not None
        bits = self._server.modifier_bits()
        found = 0
        for modifier, name in (
            (Qt.KeyboardModifier.ShiftModifier, "shift"),
            (Qt.KeyboardModifier.ControlModifier, "control"),
            (Qt.KeyboardModifier.AltModifier, "alt"),
            (Qt.KeyboardModifier.MetaModifier, "super"),
        ):
            if wanted & modifier:
                if not bits[name]:
                    return None
                found |= bits[name]
        return found

    def _extras(self) -> list[int]:
        """Every state of the lock keys."""
        locks = [1 << bit for bit in range(8) if self._locks >> bit & 1]
        return [sum(some) for count in range(len(locks) + 1) for some in combinations(locks, count)]


def _open_server() -> Server | None:
    native = QGuiApplication.instance().nativeInterface()  # type: ignore[union-attr]
    try:
        return Server(int(native.connection()), int(native.display()))
    except (AttributeError, OSError):
        return None
