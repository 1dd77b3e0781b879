"""A window that shows exactly what is sent to the model, or was."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.chat import fitted
from teahouse_desktop.chat.meter import name_left_out
from teahouse_desktop.chat.prompts import Prompt
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.check_box import CheckBox
from teahouse_desktop.widgets.flow import FlowRow

SIZE = (760, 620)


class PromptView(QPlainTextEdit):
    """The text of a prompt, letter by letter; control tokens are marked."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._look = look
        self.setFont(look.mono)

    def show_spans(self, prompt: Prompt | None) -> None:
        """Show a prompt from its beginning; nothing for None."""
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        control = self._control_format()
        for text, is_control in prompt.spans if prompt else ():
            cursor.insertText(text, control if is_control else QTextCharFormat())
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def show_spaces(self, is_shown: bool) -> None:
        """Mark spaces, tabs and the ends of lines, or do not."""
        option = self.document().defaultTextOption()
        marks = QTextOption.Flag.ShowTabsAndSpaces | QTextOption.Flag.ShowLineAndParagraphSeparators
        option.setFlags(option.flags() | marks if is_shown else option.flags() & ~marks)
        self.document().setDefaultTextOption(option)

    def set_look(self, look: Look) -> None:
        """Take another theme; the text is to be shown again."""
        self._look = look
        self.setFont(look.mono)

    def _control_format(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(self._look.colour("accent"))
        form.setBackground(self._look.colour("hover"))
        form.setFontWeight(QFont.Weight.Bold)
        return form


class PreviewDialog(QDialog):
    """The prompt, its numbers and what was done to fit it.

    Signals:
        refresh_requested: It is to be read again.
    """

    refresh_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None, *, is_stored: bool = False) -> None:
        super().__init__(parent)
        self._is_stored = is_stored
        self._prompt: Prompt | None = None
        self._problem = ""
        self.facts = _label(self)
        self.note = _label(self)
        self.view = PromptView(look, self)
        self.spaces = CheckBox(self)
        self.spaces.toggled.connect(self.view.show_spaces)
        self.refresh = QPushButton(self)
        self.refresh.clicked.connect(self.refresh_requested)
        self.copy = QPushButton(self)
        self.copy.clicked.connect(self._copy)
        self.close_button = QPushButton(self)
        self.close_button.clicked.connect(self.close)
        self._lay_out()
        self.refresh.setVisible(not is_stored)
        self._name()
        self._show()

    @property
    def prompt(self) -> Prompt | None:
        """What is shown."""
        return self._prompt

    @property
    def is_waiting(self) -> bool:
        """Whether there is nothing to show yet."""
        return self._prompt is None and not self._problem

    def show_prompt(self, prompt: Prompt) -> None:
        """Show a prompt; one that is the same already stays as it is."""
        is_new = prompt != self._prompt
        self._prompt, self._problem = prompt, ""
        if is_new:
            self.view.show_spans(prompt)
        self._show()

    def show_problem(self, text: str) -> None:
        """Say why there is nothing to show."""
        self._prompt, self._problem = None, text
        self.view.show_spans(None)
        self._show()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.view.set_look(look)
        self.view.show_spans(self._prompt)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self._show()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setSizeGripEnabled(True)
        self.resize(*SIZE)
        pressed = (self.refresh, self.copy, self.close_button)
        for button in pressed:
            button.setProperty("kind", "plain")
            button.setAutoDefault(False)
        buttons = FlowRow(self, left=(self.spaces,), right=pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.facts)
        column.addWidget(self.note)
        column.addWidget(self.view, 1)
        column.addWidget(buttons)

    def _name(self) -> None:
        title = self.tr("What was sent") if self._is_stored else self.tr("What is sent")
        self.setWindowTitle(title)
        self.view.setAccessibleName(title)
        self.spaces.setText(self.tr("Show spaces and line ends"))
        self.refresh.setText(self.tr("Refresh"))
        self.copy.setText(self.tr("Copy"))
        self.close_button.setText(self.tr("Close"))

    def _show(self) -> None:
        prompt = self._prompt
        self.copy.setEnabled(prompt is not None)
        self.facts.setText(self._facts(prompt) if prompt else self._problem or self.tr("One moment …"))
        notes = [fitted.repair_in_words(prompt.fitted.repair), *name_left_out(prompt)] if prompt else []
        self.note.setText("\n".join(note for note in notes if note))
        self.note.setVisible(bool(self.note.text()))

    def _facts(self, prompt: Prompt) -> str:
        locale = QLocale()
        text = self.tr("{model}: {count} of {total} tokens. Control tokens are marked.")
        if not prompt.context:
            text = self.tr("{model}: {count} tokens. Control tokens are marked.")
        return text.format(
            model=prompt.model,
            count=locale.toString(prompt.tokens),
            total=locale.toString(prompt.context),
        )

    def _copy(self) -> None:
        if self._prompt:
            QGuiApplication.clipboard().setText(self._prompt.text)


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
