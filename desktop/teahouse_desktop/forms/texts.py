"""Texts and small buttons of forms: plain text that wraps, and buttons with only an icon."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look

SMALL = 15


class Heading(QLabel):
    """Words that stand on one line where there is room: a label that wraps wishes to be narrow."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(words, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("kind", "strong")

    def sizeHint(self) -> QSize:
        """In one line."""
        self.ensurePolished()  # the style makes it bold
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """In several."""
        return QSize(1, self.fontMetrics().height())


def make_text(parent: QWidget, kind: str = "", words: str = "") -> QLabel:
    """A plain text that wraps.

    Args:
        kind: `muted`, `strong`, `danger`, or empty.
    """
    label = QLabel(words, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(1)  # a long word does not make the panel wider
    if kind:
        label.setProperty("kind", kind)
    return label


def say(label: QLabel, words: str) -> None:
    """Let a text say something; one that says nothing takes no room."""
    label.setText(words)
    label.setVisible(bool(words))


def make_icon_button(parent: QWidget, icon: str, name: str, look: Look) -> QToolButton:
    """A button with one of the window's icons; its name is its tool tip too."""
    button = QToolButton(parent)
    button.setAccessibleName(name)
    button.setToolTip(name)
    draw_icon(button, icon, look)
    return button


def draw_icon(button: QToolButton, icon: str, look: Look) -> None:
    """Give a button its icon in the colours of a look."""
    button.setIcon(make_icon(icon, look.colour("muted")))
    button.setIconSize(look.square(SMALL))
