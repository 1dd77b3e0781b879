"""Keys of Qt as X11 numbers them (keysymdef.h); the portal takes their names."""

from __future__ import annotations

from PySide6.QtCore import Qt

Key = Qt.Key

NAMED = {
    Key.Key_Space: (0x20, "space"),
    Key.Key_Return: (0xFF0D, "Return"),
    Key.Key_Enter: (0xFF8D, "KP_Enter"),
    Key.Key_Tab: (0xFF09, "Tab"),
    Key.Key_Backspace: (0xFF08, "BackSpace"),
    Key.Key_Escape: (0xFF1B, "Escape"),
    Key.Key_Insert: (0xFF63, "Insert"),
    Key.Key_Delete: (0xFFFF, "Delete"),
    Key.Key_Home: (0xFF50, "Home"),
    Key.Key_End: (0xFF57, "End"),
    Key.Key_Left: (0xFF51, "Left"),
    Key.Key_Up: (0xFF52, "Up"),
    Key.Key_Right: (0xFF53, "Right"),
    Key.Key_Down: (0xFF54, "Down"),
    Key.Key_PageUp: (0xFF55, "Page_Up"),
    Key.Key_PageDown: (0xFF56, "Page_Down"),
    Key.Key_Print: (0xFF61, "Print"),
    Key.Key_Pause: (0xFF13, "Pause"),
    Key.Key_Menu: (0xFF67, "Menu"),
}
PUNCTUATION = {
    "'": "apostrophe", ",": "comma", "-": "minus", ".": "period", "/": "slash", ";": "semicolon",
    "=": "equal", "[": "bracketleft", "\\": "backslash", "]": "bracketright", "`": "grave",
}  # fmt: skip
F1 = 0xFFBE


def keysym(key: Qt.Key) -> int:
    """X11's number of a key; 0 for one that it has no number for here."""
    if key in NAMED:
        return NAMED[key][0]
    if Key.Key_F1 <= key <= Key.Key_F35:
        return F1 + int(key) - int(Key.Key_F1)
    return ord(chr(int(key)).lower()) if 0x20 < int(key) < 0x100 else 0


def keysym_name(key: Qt.Key) -> str:
    """X11's name of a key; empty for one that has none here."""
    if key in NAMED:
        return NAMED[key][1]
    if Key.Key_F1 <= key <= Key.Key_F35:
        return f"F{int(key) - int(Key.Key_F1) + 1}"
    letter = chr(int(key)).lower() if 0x20 < int(key) < 0x7F else ""
    return letter if letter.isalnum() else PUNCTUATION.get(letter, "")


def trigger(keys: Qt.Key, modifiers: Qt.KeyboardModifier) -> str:
    """Keys as the portal writes them, such as `CTRL+ALT+space`; empty where they have no name."""
    name = keysym_name(keys)
    words = {
        Qt.KeyboardModifier.ControlModifier: "CTRL",
        Qt.KeyboardModifier.AltModifier: "ALT",
        Qt.KeyboardModifier.ShiftModifier: "SHIFT",
        Qt.KeyboardModifier.MetaModifier: "LOGO",
    }
    held = [word for modifier, word in words.items() if modifiers & modifier]
    return "+".join([*held, name]) if name else ""
