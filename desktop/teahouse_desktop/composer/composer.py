"""Where people write: the field, the files above it, and the buttons beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QToolButton, QWidget

from teahouse_desktop.composer.attaching import Chosen
from teahouse_desktop.composer.field import Field
from teahouse_desktop.composer.send_button import ICON, SIZE, SendButton
from teahouse_desktop.composer.tray import Tray
from teahouse_desktop.composer.waiting import joined
from teahouse_desktop.composer.waiting_rows import WaitingRows
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look

DRAFT_MS = 700


class Composer(QFrame):
    """The field with its buttons, and the files that go with the message.

    Attributes:
        read: Makes of what was typed the text to send; None where it was a command and nothing is sent.

    Signals:
        sent: The text to send; the field has been emptied. Empty where only files are sent.
        queued: The same while a reply is made: it is to wait.
        stop_requested: The running reply is to stop.
        draft_changed: What is in the field, some time after the last key.
        edit_cancelled: An earlier message is not edited after all.
    """

    sent = Signal(str)
    queued = Signal(str)
    stop_requested = Signal()
    draft_changed = Signal(str)
    edit_cancelled = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.field = Field(self)
        self.button = SendButton(look, self)
        self.clip = QToolButton(self)
        self.tray = Tray(look, self)
        self.rows = WaitingRows(look, self)
        self.read: Callable[[str], str | None] = lambda text: text
        self._banner = QLabel(self)
        self._banner.setProperty("kind", "muted")
        self._cancel = QToolButton(self)
        self._is_editing = self._wants_send = False
        self._can_send: bool | None = None
        self._kept_draft = self._edited_from = ""
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._timer.timeout.connect(self.flush_draft)
        self.field.submitted.connect(self._submit)
        self.field.escaped.connect(self._escape)
        self.field.textChanged.connect(self._on_text)
        self.field.focus_changed.connect(self._show_focus)
        self.tray.changed.connect(self._show_state)
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
    def can_send(self) -> bool:
        """Whether there is a model to send to."""
        return bool(self._can_send)

    @property
    def draft(self) -> str:
        """What the person would lose: the draft, and what they have changed of an earlier message."""
        if not self._is_editing:
            return self.text
        changed = self.text if self.text != self._edited_from else ""
        return joined(self._kept_draft, changed)

    def set_text(self, text: str) -> None:
        """Put a text into the field without calling it a new draft."""
        self.field.blockSignals(True)
        self.field.setPlainText(text)
        self.field.blockSignals(False)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self._timer.stop()
        self._wants_send = False
        self._show_state()

    def give_back(self, text: str) -> None:
        """Put a text before the draft, also while an earlier message is edited."""
        if self._is_editing:
            self._kept_draft = joined(text, self._kept_draft)
        else:
            self.set_text(joined(text, self.text))
        self._timer.start()

    def set_replying(self, is_replying: bool) -> None:
        """Turn the button into Stop while a reply is made."""
        self.button.set_replying(is_replying)
        self._name()

    def set_can_send(self, can_send: bool) -> None:
        """Allow sending; not while there is no model. An Enter from before this was known counts now."""
        self._can_send = can_send
        self._show_state()
        if self._wants_send:
            self._wants_send = False
            self._submit()

    def begin_edit(self, text: str, files: Sequence[Chosen] = ()) -> None:
        """Edit an earlier message and its files; the draft comes back afterwards."""
        if not self._is_editing:
            self._kept_draft = self.text
        self.tray.set_aside(files)
        self._is_editing = True
        self._edited_from = text
        self.set_text(text)
        self._timer.start()  # the draft may not have been told yet
        self.field.setFocus()

    def end_edit(self) -> None:
        """Back to the draft."""
        if self._is_editing:
            self._is_editing = False
            self.tray.bring_back()
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
        self.clip.setIcon(make_icon("paperclip", look.colour("muted")))
        self.clip.setIconSize(look.square(ICON))
        self.clip.setFixedSize(look.square(SIZE))
        self.tray.set_look(look)
        self.rows.set_look(look)
        self.button.set_look(look)
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
        grid.setContentsMargins(7, 7, 7, 7)
        grid.setHorizontalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.rows, 0, 0, 1, 3)
        grid.addWidget(self._banner, 1, 0, 1, 2)
        grid.addWidget(self._cancel, 1, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.tray, 2, 0, 1, 3)
        grid.addWidget(self.clip, 3, 0, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self.field, 3, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.button, 3, 2, Qt.AlignmentFlag.AlignBottom)
        self.tray.comes_after = self.field
        self.setTabOrder(self.field, self.clip)
        self.setTabOrder(self.clip, self.button)
        self._banner.setIndent(5)

    def _name(self) -> None:
        usual = self.tr("Write a message. Enter sends, Shift+Enter starts a new line.")
        next_one = self.tr("Write the next message. Enter lets it wait.")
        self.field.show_hint(next_one if self.button.is_replying else usual)
        self.field.setAccessibleName(self.tr("Message"))
        self._banner.setText(self.tr("Editing an earlier message. Sending adds a new version."))
        self.clip.setAccessibleName(self.tr("Add files"))
        self.clip.setToolTip(self.tr("Add text files or pictures. They can also be dropped or pasted here."))
        self._cancel.setAccessibleName(self.tr("Cancel editing"))
        self._cancel.setToolTip(self.tr("Cancel editing (Esc)"))
        self._show_state()

    def _show_state(self) -> None:
        self.button.set_can_send(bool(self._can_send and self._has_something))
        self._banner.setVisible(self._is_editing)
        self._cancel.setVisible(self._is_editing)

    @property
    def _has_something(self) -> bool:
        return bool(self.text.strip() or self.tray.items)

    def _show_focus(self, has_focus: bool) -> None:
        self.setProperty("active", has_focus)
        self.style().unpolish(self)
        self.style().polish(self)

    def _on_text(self) -> None:
        self._wants_send = False
        self._show_state()
        self._timer.start()

    def _press(self) -> None:
        if self.button.is_replying:
            self.stop_requested.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        text = self.text.strip()
        if text and not self._is_editing:
            meant = self.read(text)
            if meant is None:
                return
            text = meant
        self._wants_send = self._can_send is None
        if not self._has_something or not self._can_send or (self.button.is_replying and self._is_editing):
            return
        self._timer.stop()
        if not self._is_editing:
            self.set_text("")
        (self.queued if self.button.is_replying else self.sent).emit(text)

    def _escape(self) -> None:
        if self._is_editing:
            self.cancel_edit()
        elif self.button.is_replying:
            self.stop_requested.emit()
