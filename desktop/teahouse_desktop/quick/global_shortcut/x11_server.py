"""The few calls of libxcb and libX11 that grabbing a key takes, on a connection that is open already."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from ctypes import POINTER, c_int, c_ubyte, c_uint8, c_uint16, c_uint32, c_ulong, c_void_p

SHIFT, CAPS_LOCK, CONTROL = 1, 2, 4
ASYNC = 1
KEYSYMS = {"alt": (0xFFE9, 0xFFEA), "super": (0xFFEB, 0xFFEC), "num": (0xFF7F,), "scroll": (0xFF14,)}
"""Keys that say which of the free modifiers Mod1 … Mod5 means what (keysymdef.h)."""


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Screens(ctypes.Structure):
    """xcb_screen_iterator_t; a screen begins with the id of its root window."""

    _fields_ = (("data", POINTER(c_uint32)), ("rem", c_int), ("index", c_int))


class _ModifierMap(ctypes.Structure):
    """XModifierKeymap"""

    _fields_ = (("keys_each", c_int), ("codes", POINTER(c_ubyte)))


class Server:
    """The X server of an open connection.

    Args:
        connection: Address of its `xcb_connection_t`.
        display: Address of its `Display`.

    Raises:
        OSError: The libraries are not there.
    """

    def __init__(self, connection: int, display: int) -> None:
        self._xcb, self._x11 = _load_xcb(), _load_x11()
        self._c = ctypes.CDLL(None)
        self._c.free.argtypes = [c_void_p]
        self._connection, self._display = c_void_p(connection), c_void_p(display)
        screens = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self._connection))
        self._root = screens.data[0]

    def keycode(self, keysym: int) -> int:
        """The key that writes this; 0 for none."""
        return int(self._x11.XKeysymToKeycode(self._display, keysym)) if keysym else 0

    def modifier_bits(self) -> dict[str, int]:
        """Bit of each modifier: shift, control, alt, super, num, scroll; 0 for one that there is not."""
        found = {"shift": SHIFT, "control": CONTROL, **dict.fromkeys(KEYSYMS, 0)}
        mapped = self._x11.XGetModifierMapping(self._display)
        try:
            keys_each, codes = mapped.contents.keys_each, mapped.contents.codes
            for place in range(8 * keys_each):
                code = codes[place]
                meant = int(self._x11.XkbKeycodeToKeysym(self._display, code, 0, 0)) if code else 0
                for name, keysyms in KEYSYMS.items():
                    if meant in keysyms and not found[name]:
                        found[name] = 1 << place // keys_each
        finally:
            self._x11.XFreeModifiermap(mapped)
        return found

    def lock_bits(self) -> int:
        """The modifiers that stay on: Caps Lock, Num Lock, Scroll Lock."""
        bits = self.modifier_bits()
        return CAPS_LOCK | bits["num"] | bits["scroll"]

    def grab(self, code: int, modifiers: Iterable[int]) -> bool:
        """Hear a key with each of these modifiers; False when another program has one of them."""
        xcb, connection = self._xcb, self._connection
        cookies = [
            xcb.xcb_grab_key_checked(connection, 0, self._root, bits, code, ASYNC, ASYNC)
            for bits in modifiers
        ]
        errors = [xcb.xcb_request_check(connection, cookie) for cookie in cookies]
        for error in filter(None, errors):
            self._c.free(error)
        return not any(errors)

    def ungrab(self, code: int, modifiers: Iterable[int]) -> None:
        """Hear a key no longer."""
        for bits in modifiers:
            self._xcb.xcb_ungrab_key(self._connection, code, self._root, bits)
        self._xcb.xcb_flush(self._connection)


def _load_xcb() -> ctypes.CDLL:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_get_setup.argtypes, xcb.xcb_get_setup.restype = [c_void_p], c_void_p
    xcb.xcb_setup_roots_iterator.argtypes = [c_void_p]
    xcb.xcb_setup_roots_iterator.restype = _Screens
    xcb.xcb_grab_key_checked.argtypes = [c_void_p, c_uint8, c_uint32, c_uint16, c_uint8, c_uint8, c_uint8]
    xcb.xcb_grab_key_checked.restype = _Cookie
    xcb.xcb_ungrab_key.argtypes = [c_void_p, c_uint8, c_uint32, c_uint16]
    xcb.xcb_ungrab_key.restype = _Cookie
    xcb.xcb_request_check.argtypes, xcb.xcb_request_check.restype = [c_void_p, _Cookie], c_void_p
    xcb.xcb_flush.argtypes = [c_void_p]
    return xcb


def _load_x11() -> ctypes.CDLL:
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XKeysymToKeycode.argtypes, x11.XKeysymToKeycode.restype = [c_void_p, c_ulong], c_ubyte
    x11.XGetModifierMapping.argtypes = [c_void_p]
    x11.XGetModifierMapping.restype = POINTER(_ModifierMap)
    x11.XFreeModifiermap.argtypes = [POINTER(_ModifierMap)]
    x11.XkbKeycodeToKeysym.argtypes = [c_void_p, c_ubyte, c_int, c_int]
    x11.XkbKeycodeToKeysym.restype = c_ulong
    return x11
