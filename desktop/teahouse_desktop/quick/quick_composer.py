"""Where people write in the quick-ask window: one field, and the button that sends or stops."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from teahouse_desktop.composer.field import Field
from teahouse_desktop.composer.send_button import SendButton
from teahouse_desktop.looks.look import Look


class QuickField(Field):
    """The field; Ctrl+Enter goes on in the main window.

    Signals:
        carried_on: Ctrl+Enter was pressed outside of a composition.
    """

    carried_on = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter with Ctrl."""
        if not is_ctrl_enter(event):
            super().keyPressEvent(event)
        elif not self.is_composing:
            self.carried_on.emit()


class QuickButton(SendButton):
    """Send or Stop; Escape, which stops in the main window, closes here."""

    def _names(self) -> tuple[str, str]:
        tip, name = super()._names()
        return name if self.is_replying else tip, name


class QuickComposer(QFrame):
    """The field with its button; what is typed while a reply is made waits in the field.

    Signals:
        asked: The text of a question; it is still in the field.
        stop_requested: The reply is to stop.
    """

    asked = Signal(str)
    stop_requested = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self._can_ask: bool | None = None
        self._wants_send = False
        self.field = QuickField(self)
        self.button = QuickButton(look, self)
        self.setFocusProxy(self.field)
        self.field.submitted.connect(self._submit)
        self.field.textChanged.connect(self._on_text)
        self.field.focus_changed.connect(self._show_focus)
        self.button.clicked.connect(self._press)
        line = QHBoxLayout(self)
        line.setContentsMargins(9, 6, 7, 6)
        line.addWidget(self.field, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self.set_look(look)

    @property
    def text(self) -> str:
        """What is in the field."""
        return self.field.toPlainText()

    @property
    def can_ask(self) -> bool | None:
        """Whether there is a model to ask; None while that is not known."""
        return self._can_ask

    def set_text(self, text: str) -> None:
        """Put a text into the field, with the cursor behind it."""
        self.field.setPlainText(text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)

    def set_can_ask(self, can_ask: bool) -> None:
        """Say whether there is a model. An Enter from before this was known counts now."""
        self._can_ask = can_ask
        self._show_state()
        if self._wants_send:
            self._submit()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.button.set_look(look)
        self.field.setFont(look.reading)

    # --- inside -------------------------------------------------------------------------------------

    def _submit(self) -> None:
        text = self.text.strip()
        self._wants_send = bool(text) and self._can_ask is None
        if text and self._can_ask and not self.button.is_replying:
            self.asked.emit(text)

    def _press(self) -> None:
        if self.button.is_replying:
            self.stop_requested.emit()
        else:
            self._submit()

    def _on_text(self) -> None:
        self._wants_send = False
        self._show_state()

    def _show_state(self) -> None:
        self.button.set_can_send(bool(self._can_ask and self.text.strip()))

    def _show_focus(self, has_focus: bool) -> None:
        self.setProperty("active", has_focus)
        self.style().unpolish(self)
        self.style().polish(self)


def is_ctrl_enter(event: QKeyEvent) -> bool:
    """Whether these are the keys that go on in the main window."""
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
