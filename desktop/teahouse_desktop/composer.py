"""Where people write: grows with the text, Enter sends, but not while an input method composes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPlainTextEdit, QToolButton, QWidget

from teahouse_desktop.icons import make_icon
from teahouse_desktop.look import Look

MOST_LINES = 8
DRAFT_MS = 700
FIELD_MARGIN = 3


class Field(QPlainTextEdit):
    """The text field.

    Signals:
        submitted: Enter was pressed outside of a composition.
        escaped: Escape was pressed.
        focus_changed: Whether it has the focus now.
    """

    submitted = Signal()
    escaped = Signal()
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_composing = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(FIELD_MARGIN)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    @property
    def is_composing(self) -> bool:
        """Whether an input method holds text that is not decided yet."""
        return self._is_composing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sends, Shift+Enter starts a line, Escape leaves."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if not self._is_composing:
                self.submitted.emit()
            return
        if event.key() == Qt.Key.Key_Escape and not self._is_composing:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Keep track of whether a composition is under way."""
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame shows the focus."""
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The frame shows the focus; a composition ends with it."""
        self._is_composing = False
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self, _size: object = None) -> None:
        heights = self._line_heights()
        policy = Qt.ScrollBarPolicy
        is_full = len(heights) > MOST_LINES
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if is_full else policy.ScrollBarAlwaysOff)
        self.setFixedHeight(round(sum(heights[:MOST_LINES])) + 2 * FIELD_MARGIN + 2)

    def _line_heights(self) -> list[float]:
        """Pixels of each line, one more than are shown at most; Han lines are higher than Latin ones."""
        heights: list[float] = []
        block = self.document().begin()
        while block.isValid() and len(heights) <= MOST_LINES:
            self.blockBoundingRect(block)  # lays it out
            layout = block.layout()
            heights += [layout.lineAt(n).height() for n in range(layout.lineCount())] or [self._least()]
            block = block.next()
        return heights

    def _least(self) -> float:
        return float(self.fontMetrics().lineSpacing())


class Composer(QFrame):
    """The field with its button.

    Signals:
        sent: The text to send; the field has been emptied.
        stop_requested: The running reply is to stop.
        draft_changed: What is in the field, some time after the last key.
        edit_cancelled: An earlier message is not edited after all.
    """

    sent = Signal(str)
    stop_requested = Signal()
    draft_changed = Signal(str)
    edit_cancelled = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.field = Field(self)
        self.button = QToolButton(self)
        self.button.setObjectName("send")
        self._banner = QLabel(self)
        self._banner.setProperty("kind", "muted")
        self._cancel = QToolButton(self)
        self._is_replying = self._is_editing = self._wants_send = False
        self._can_send: bool | None = None
        self._kept_draft = self._edited_from = ""
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._timer.timeout.connect(self.flush_draft)
        self.field.submitted.connect(self._submit)
        self.field.escaped.connect(self._escape)
        self.field.textChanged.connect(self._on_text)
        self.field.focus_changed.connect(self._show_focus)
        self.button.clicked.connect(self._press)
        self._cancel.clicked.connect(self.cancel_edit)
        self.setFocusProxy(self.field)
        self._lay_out()
        self.set_look(look)
        self._name()
        self._show_state()

    # --- state --------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What is in the field."""
        return self.field.toPlainText()

    @property
    def is_editing(self) -> bool:
        """Whether an earlier message is being edited."""
        return self._is_editing

    @property
    def draft(self) -> str:
        """What the person would lose: the draft, and what they have changed of an earlier message."""
        if not self._is_editing:
            return self.text
        changed = self.text if self.text != self._edited_from else ""
        return "\n\n".join(part for part in (self._kept_draft, changed) if part)

    def set_text(self, text: str) -> None:
        """Put a text into the field without calling it a new draft."""
        self.field.blockSignals(True)
        self.field.setPlainText(text)
        self.field.blockSignals(False)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self._timer.stop()
        self._wants_send = False
        self._show_state()

    def set_replying(self, is_replying: bool) -> None:
        """Turn the button into Stop while a reply is made."""
        self._is_replying = is_replying
        self._show_state()

    def set_can_send(self, can_send: bool) -> None:
        """Allow sending; not while there is no model. An Enter from before this was known counts now."""
        self._can_send = can_send
        self._show_state()
        if self._wants_send:
            self._wants_send = False
            self._submit()

    def begin_edit(self, text: str) -> None:
        """Edit an earlier message; the draft comes back afterwards."""
        if not self._is_editing:
            self._kept_draft = self.text
        self._is_editing = True
        self._edited_from = text
        self.set_text(text)
        self._timer.start()  # the draft may not have been told yet
        self.field.setFocus()

    def end_edit(self) -> None:
        """Back to the draft."""
        if self._is_editing:
            self._is_editing = False
            self.set_text(self._kept_draft)
            self._timer.start()  # what was changed is no draft any more

    def cancel_edit(self) -> None:
        """Do not change the earlier message."""
        self.end_edit()
        self.edit_cancelled.emit()
        self.field.setFocus()

    def flush_draft(self) -> None:
        """Tell the draft now, if it has changed since it was told."""
        if self._timer.isActive() or self.sender() is self._timer:
            self._timer.stop()
            self.draft_changed.emit(self.draft)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._cancel.setIcon(make_icon("x", look.colour("muted")))
        self.field.setFont(look.reading)
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 7, 7, 7)
        grid.setHorizontalSpacing(8)
        grid.addWidget(self._banner, 0, 0)
        grid.addWidget(self._cancel, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.field, 1, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.button, 1, 1, Qt.AlignmentFlag.AlignBottom)
        self.button.setIconSize(QSize(19, 19))
        self.button.setFixedSize(32, 32)

    def _name(self) -> None:
        self.field.setPlaceholderText(self.tr("Write a message. Enter sends, Shift+Enter starts a new line."))
        self.field.setAccessibleName(self.tr("Message"))
        self._banner.setText(self.tr("Editing an earlier message. Sending adds a new version."))
        self._cancel.setAccessibleName(self.tr("Cancel editing"))
        self._cancel.setToolTip(self.tr("Cancel editing (Esc)"))
        self._show_state()

    def _show_state(self) -> None:
        name = self.tr("Stop (Esc)") if self._is_replying else self.tr("Send (Enter)")
        plain = self.tr("Stop") if self._is_replying else self.tr("Send")
        is_ready = self._is_replying or bool(self._can_send and self.text.strip())
        colour = self._look.colour("on_accent" if is_ready else "muted")
        self.button.setIcon(make_icon("stop" if self._is_replying else "arrow-up", colour))
        self.button.setToolTip(name)
        self.button.setAccessibleName(plain)
        self.button.setEnabled(is_ready)
        self._banner.setVisible(self._is_editing)
        self._cancel.setVisible(self._is_editing)

    def _show_focus(self, has_focus: bool) -> None:
        self.setProperty("active", has_focus)
        self.style().unpolish(self)
        self.style().polish(self)

    def _on_text(self) -> None:
        self._wants_send = False
        self._show_state()
        self._timer.start()

    def _press(self) -> None:
        if self._is_replying:
            self.stop_requested.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        text = self.text.strip()
        self._wants_send = self._can_send is None
        if not text or self._is_replying or not self._can_send:
            return
        self._timer.stop()
        if not self._is_editing:
            self.set_text("")
        self.sent.emit(text)

    def _escape(self) -> None:
        if self._is_editing:
            self.cancel_edit()
        elif self._is_replying:
            self.stop_requested.emit()
