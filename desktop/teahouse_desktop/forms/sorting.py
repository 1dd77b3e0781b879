"""Things below each other that people put into another order: with the mouse, or with Alt+Up and Alt+Down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QToolButton, QVBoxLayout, QWidget

from teahouse_desktop.forms.tab_order import put_in_order
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
EDGE = 24
"""So near to the edge of what scrolls, dragging scrolls, in pixels."""


class SortHandle(QToolButton):
    """What is dragged; it belongs to the thing in a `SortedColumn` that it is a part of."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setStyleSheet("QToolButton { padding: 4px 0; }")
        self._start: QPoint | None = None
        self.set_look(look)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.setIcon(make_icon("grip-vertical", look.colour("muted")))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._start = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take the thing along."""
        here, column = event.globalPosition().toPoint(), self._column
        if self._start is None or column is None:
            return
        if (here - self._start).manhattanLength() >= QApplication.startDragDistance() or column.is_dragging:
            column.drag(self, here)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave it there."""
        super().mouseReleaseEvent(event)
        self._start = None
        if self._column is not None:
            self._column.drop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts it back."""
        if event.key() == Qt.Key.Key_Escape and self._column is not None and self._column.is_dragging:
            self._start = None
            self._column.put_back()
        else:
            super().keyPressEvent(event)

    @property
    def _column(self) -> SortedColumn | None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, SortedColumn):
            above = above.parentWidget()
        return above


class SortedColumn(QWidget):
    """Holds the things.

    Signals:
        sorted: (keys in their new order): the person has moved one.
    """

    sorted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._things: dict[str, QWidget] = {}
        self._before: list[str] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    @property
    def things(self) -> Mapping[str, QWidget]:
        """The things from top to bottom, by key."""
        return self._things

    @property
    def keys(self) -> list[str]:
        """Keys from top to bottom."""
        return list(self._things)

    @property
    def is_dragging(self) -> bool:
        """Whether one is being moved with the mouse."""
        return self._before is not None

    def add(self, key: str, thing: QWidget) -> None:
        """Put a thing below the others."""
        self._things[key] = thing
        self._column.addWidget(thing)

    def set_order(self, keys: Sequence[str]) -> None:
        """Show the things in this order; those not named come after them as they stood."""
        if self._before is None:
            self._arrange([key for key in keys if key in self._things])

    def move_thing(self, key: str, steps: int) -> bool:
        """Move a thing past its neighbours that show; False where there is none."""
        shown = [one for one, thing in self._things.items() if not thing.isHidden()]
        place = shown.index(key) + steps
        if key not in shown or not 0 <= place < len(shown):
            return False
        self._put(key, self.keys.index(shown[place]))
        self.sorted.emit(self.keys)
        return True

    # --- the mouse ----------------------------------------------------------------------------------

    def drag(self, part: QWidget, to: QPoint) -> None:
        """The thing that `part` belongs to is held at a point of the screen."""
        key = self._key_of(part)
        if not key:
            return
        self._before = self._before if self._before is not None else self.keys
        self._scroll(to)
        y = self.mapFromGlobal(to).y()
        own = self._things[key]
        if own.y() <= y <= own.y() + own.height():
            return
        others = [one for one, thing in self._things.items() if one != key and not thing.isHidden()]
        above = [one for one in others if self._things[one].geometry().center().y() < y]
        target = self.keys.index(above[-1]) + 1 if above else 0
        self._put(key, target - (target > self.keys.index(key)))

    def drop(self) -> None:
        """The order holds, if it is another one."""
        before, self._before = self._before, None
        if before is not None and before != self.keys:
            self.sorted.emit(self.keys)

    def put_back(self) -> None:
        """As it was before the mouse took hold."""
        before, self._before = self._before, None
        if before is not None:
            self._arrange(before)

    # --- keys ---------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Alt+Up and Alt+Down belong to the things in here, and not to a menu of the window."""
        focused = self.window().focusWidget()
        if event.type() == QEvent.Type.ShortcutOverride and _steps(event) and focused is not None:
            focused.installEventFilter(self)  # a button would take the key to move the focus
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The key that was just claimed."""
        if event.type() == QEvent.Type.KeyPress:
            watched.removeEventFilter(self)
            if steps := _steps(event):
                self.move_focused(steps)
                return True
        return super().eventFilter(watched, event)

    def move_focused(self, steps: int) -> None:
        """Move the thing that has the focus past its neighbours."""
        focused = self.window().focusWidget()
        key = self._key_of(focused) if focused is not None else ""
        if key and focused is not None and self.move_thing(key, steps):
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
            self._reveal(self._things[key])

    # --- inside -----------------------------------------------------------------------------------

    def _key_of(self, part: QWidget) -> str:
        return next((k for k, one in self._things.items() if one is part or one.isAncestorOf(part)), "")

    def _put(self, key: str, place: int) -> None:
        keys = [one for one in self._things if one != key]
        keys.insert(place, key)
        self._arrange(keys)

    def _arrange(self, keys: Sequence[str]) -> None:
        whole = [*keys, *(key for key in self._things if key not in keys)]
        if whole == self.keys:
            return
        self._things = {key: self._things[key] for key in whole}
        for place, key in enumerate(whole):
            if self._column.indexOf(self._things[key]) != place:
                self._column.insertWidget(place, self._things[key])
        put_in_order(self)
        self._column.activate()

    @property
    def _area(self) -> QScrollArea | None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        return above

    def _scroll(self, to: QPoint) -> None:
        if (area := self._area) is not None:
            inside = area.widget()
            here = inside.mapFromGlobal(to) if inside is not None else to
            area.ensureVisible(here.x(), here.y(), 0, EDGE)

    def _reveal(self, thing: QWidget) -> None:
        if (area := self._area) is not None:
            area.ensureWidgetVisible(thing, 0, 8)


def _steps(event: QEvent) -> int:
    """By how many places a key moves a thing; 0 for any other key."""
    if not isinstance(event, QKeyEvent) or not event.modifiers() & Qt.KeyboardModifier.AltModifier:
        return 0
    return STEPS.get(Qt.Key(event.key()), 0)
