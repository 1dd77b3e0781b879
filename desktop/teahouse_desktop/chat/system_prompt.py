"""What the model is told before a conversation: the mark of it, and the window in which it is written."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_keys

SIZE = (560, 380)
ICON = 17
LONGEST_TIP = 400


class SystemPromptButton(QToolButton):
    """Opens the system prompt; with words beside it where the conversation has one of its own."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("instructed")
        self._text = self._keys = ""
        self.set_look(look)
        self.show_text("")

    def show_text(self, text: str) -> None:
        """Show what the system prompt of the open conversation is; empty for none of its own."""
        self._text = text
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonTextBesideIcon if text else style.ToolButtonIconOnly)
        self._name()

    def show_keys(self, keys: str) -> None:
        """These keys do the same; empty for none."""
        self._keys = keys
        self._name()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.setIcon(make_icon("scroll-text", look.colour("muted")))
        self.setIconSize(look.square(ICON))
        self.setFont(look.small)

    def changeEvent(self, event: QEvent) -> None:
        """Name it again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        name = self.tr("System prompt")
        self.setText(f" {name}")  # Qt sets icon and text too close
        none = self.tr("What the model is told before this conversation")
        told = self._text if len(self._text) <= LONGEST_TIP else self._text[: LONGEST_TIP - 1] + "…"
        self.setToolTip(f"{name}\n{told}" if told else with_keys(none, self._keys))
        self.setAccessibleName(name)
        self.setAccessibleDescription(told or self.tr("This conversation has none of its own."))


class SystemPromptDialog(QDialog):
    """A system prompt to be written.

    Args:
        text: It as it is.
        title: What the conversation is called; empty for a new one.
        usual: What holds where nothing is written here.

    Signals:
        saved: The new text.
        typed: The text has changed.
    """

    saved = Signal(str)
    typed = Signal()

    def __init__(self, text: str, *, title: str = "", usual: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._usual = title, usual
        self._tokens: int | None = None
        self.heading, self.hint, self.count = _label(self, "strong"), _label(self), _label(self)
        self.field = QPlainTextEdit(text, self)
        self.field.setTabChangesFocus(True)
        self.field.textChanged.connect(self._on_typed)
        self.save = QPushButton(self)
        self.save.clicked.connect(self._save)
        self.cancel = QPushButton(self)
        self.cancel.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._save)
        self._lay_out()
        self._name()
        self.field.setFocus()

    @property
    def text(self) -> str:
        """What is written, without space around it."""
        return self.field.toPlainText().strip()

    def show_tokens(self, tokens: int | None) -> None:
        """Say how many tokens it takes; None while nobody knows."""
        self._tokens = tokens
        self._name()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _on_typed(self) -> None:
        self.show_tokens(None)
        self.typed.emit()

    def _save(self) -> None:
        self.saved.emit(self.text)
        self.accept()

    def _lay_out(self) -> None:
        self.setSizeGripEnabled(True)
        self.resize(*SIZE)
        buttons = QHBoxLayout()
        buttons.addWidget(self.count)
        buttons.addStretch(1)
        for button, kind in ((self.cancel, "plain"), (self.save, "primary")):
            button.setProperty("kind", kind)
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addWidget(self.field, 1)
        column.addWidget(self.hint)
        column.addLayout(buttons)

    def _name(self) -> None:
        self.setWindowTitle(self.tr("System prompt"))
        title = self._title or self.tr("New conversation")
        self.heading.setText(self.tr("What the model is told before “{title}”").format(title=title))
        self.hint.setText(
            self.tr("It holds from the next message on. The model then reads the conversation anew.")
        )
        usual = self.tr("As in the settings: {text}").format(text=self._usual) if self._usual else ""
        self.field.setPlaceholderText(usual or self.tr("For example: Answer briefly, as to a colleague."))
        self.field.setAccessibleName(self.tr("System prompt"))
        tokens = QLocale().toString(self._tokens) if self._tokens is not None else ""
        self.count.setText(self.tr("{count} tokens").format(count=tokens) if tokens else "")
        self.save.setText(self.tr("Save"))
        self.cancel.setText(self.tr("Cancel"))


def _label(parent: QWidget, kind: str = "muted") -> QLabel:
    label = QLabel(parent)
    label.setProperty("kind", kind)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
