"""Keys of a `TokenView`: walking by token and line, selecting, copying, asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

if TYPE_CHECKING:
    from teahouse_desktop.tokens.view import TokenView

_TOKENS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: +1}
_LINES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: +1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: +1}


def press(view: TokenView, event: QKeyEvent) -> bool:
    """Do what a key means here; False when it means nothing.

    Left and Right go by token, Up and Down by line, PageUp and PageDown by page, Home and End to the ends of
    the line and with Ctrl of the text; with Shift they select. Return asks what else the token could be.
    """
    key = Qt.Key(event.key())
    if event.matches(QKeySequence.StandardKey.Copy):
        view.copy()
    elif event.matches(QKeySequence.StandardKey.SelectAll):
        view.select_all()
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and view.current >= 0:
        view.activated.emit(view.current)
    else:
        is_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        place = _aim(view, key, is_ctrl=is_ctrl)
        if place is None:
            return False
        is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        view.set_current(place, extend=is_shift)
    return True


def _aim(view: TokenView, key: Qt.Key, *, is_ctrl: bool) -> int | None:
    """The token to which a key leads; None where it leads nowhere."""
    is_move = key in _TOKENS or key in _LINES or key in _PAGES or key in (Qt.Key.Key_Home, Qt.Key.Key_End)
    if not is_move or not view.tokens:
        return None
    if view.current < 0:
        return 0
    last = len(view.tokens) - 1
    if key in _TOKENS:
        return min(max(view.current + _TOKENS[key], 0), last)
    if key in _LINES:
        return view.flow.near(view.current, _LINES[key])
    if key in _PAGES:
        return view.flow.near(view.current, _PAGES[key] * view.lines_in_view())
    is_home = key == Qt.Key.Key_Home
    if is_ctrl:
        return 0 if is_home else last
    line = view.flow.lines[view.flow.line_of(view.current)]
    return line.first if is_home else line.end - 1
