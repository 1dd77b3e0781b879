"""What the steps of the first page are made of: a heading, a text, cards."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from teahouse_desktop.looks.look import Look


class Step(QWidget):
    """One step: what it is about, a sentence, and what stands below."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._title, self._about = make_label("title"), make_label("muted")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2, 2, 10, 8)
        self.column.setSpacing(12)
        self.column.addWidget(self._title)
        self.column.addWidget(self._about)

    @property
    def title(self) -> str:
        """What the step is called, in the language in force."""
        raise NotImplementedError

    @property
    def about(self) -> str:
        """What it is for, in a sentence."""
        raise NotImplementedError

    def enter(self) -> bool:
        """The step is shown: put the focus where work begins; False where there is nothing to be done."""
        return False

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.look = look

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self._title.setText(self.title)
        self._about.setText(self.about)
        self.setAccessibleName(self.title)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def make_label(kind: str = "") -> QLabel:
    """A text that takes as many lines as it needs."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    return label


def make_button(parent: QWidget, act: Callable[[], object], kind: str = "plain") -> QPushButton:
    """A button that does something."""
    button = QPushButton(parent)
    button.setProperty("kind", kind)
    button.clicked.connect(lambda: act())
    return button


def make_card(*parts: QWidget) -> QFrame:
    """A frame around what belongs together."""
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(18, 14, 18, 16)
    column.setSpacing(10)
    for part in parts:
        column.addWidget(part)
    return card
