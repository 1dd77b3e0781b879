"""Keys of the transcript: scrolling, copying, walking from message to message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSlider

from teahouse_desktop.transcript import folds
from teahouse_desktop.transcript.selection import Selection, Unit, moved, select_messages

if TYPE_CHECKING:
    from teahouse_desktop.transcript.view import Transcript

_SCROLLS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Space: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
}
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: +1}
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


def press(view: Transcript, event: QKeyEvent) -> bool:
    """Do what a key means here; False when it means nothing.

    Ctrl with Up and Down goes to the message before and after, with Shift it selects whole messages; Shift
    with Left and Right extends a selection by characters, with Ctrl by words, Shift with Up and Down by
    paragraphs. Return opens the menu of the marked message, Space unfolds its reasoning.
    """
    key = Qt.Key(event.key())
    is_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if event.matches(QKeySequence.StandardKey.Copy):
        view.copy()
    elif event.matches(QKeySequence.StandardKey.SelectAll):
        view.select_all()
    elif is_shift and key in _MOVES and (is_ctrl or view.selection is not None):
        _extend(view, key, is_ctrl=is_ctrl)
    elif is_ctrl and key in _STEPS:
        _walk(view, _STEPS[key])
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and view.current >= 0:
        view.open_menu(view.current)
    elif key == Qt.Key.Key_Space and _can_fold(view):
        folds.toggle(view, view.current)
    elif key == Qt.Key.Key_Escape and view.selection:
        view.select(None)
    elif key == Qt.Key.Key_End:
        view.jump_to_end()
    elif key in _SCROLLS:
        view.verticalScrollBar().triggerAction(_SCROLLS[key])
    elif _is_letter(event):
        view.typed.emit(event.text())
    else:
        return False
    return True


def _can_fold(view: Transcript) -> bool:
    return view.current >= 0 and folds.can_fold(view.column.items[view.current])


def _is_letter(event: QKeyEvent) -> bool:
    plain = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return not plain and event.text().isprintable() and bool(event.text().strip())


def _walk(view: Transcript, step: int) -> None:
    visible = view.visible()
    if view.current < 0 and visible:
        view.set_current(visible[-1] if step < 0 else visible[0])
    elif 0 <= view.current + step < len(view.column.items):
        view.set_current(view.current + step)


def _extend(view: Transcript, key: Qt.Key, *, is_ctrl: bool) -> None:
    """Move the end of the selection: by messages, paragraphs, words or characters."""
    if is_ctrl and key in _STEPS:
        _extend_messages(view, _STEPS[key])
    elif view.selection is not None:
        step = -1 if key in (Qt.Key.Key_Up, Qt.Key.Key_Left) else +1
        unit: Unit = "block" if key in _STEPS else "word" if is_ctrl else "character"
        head = moved(view.column, view.selection.head, step, unit=unit)
        view.select(Selection(view.selection.anchor, head))
        view.set_current(head.item)


def _extend_messages(view: Transcript, step: int) -> None:
    """Select whole messages; the first time the marked one, else the last in view."""
    last = len(view.column.items) - 1
    if view.selection is not None:
        anchor = view.selection.anchor.item
        head = max(0, min(last, view.selection.head.item + step))
    elif last < 0:
        return
    else:
        anchor = head = view.current if view.current >= 0 else (view.visible() or [last])[-1]
    view.select(select_messages(view.column, anchor, head))
    view.set_current(head)
