"""A page that takes the place of the chat: a title, the way back, and what stands below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.elided import ElidedLabel
from teahouse_desktop.widgets.flow import Flow

WIDEST = 860
"""Lines of a form wider than this are hard to follow; in pixels at 10 points, more at larger fonts."""

HEADING = 1.3
ICON = 18


def larger(font: QFont, factor: float) -> QFont:
    """A font for headings; it grows with the one of the text."""
    bold = QFont(font)
    bold.setPointSizeF(font.pointSizeF() * factor)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold


class Page(QFrame):
    """A page; subclasses fill `body` and give a `title`.

    Signals:
        closed: The person goes back to the chat.
    """

    closed = Signal()
    is_kept = True
    """Whether the page stays when it is left; many widgets make every change of the theme slow."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.back = QToolButton(self)
        self.back.clicked.connect(self.closed)
        self._heading = ElidedLabel(self)
        self.head = Flow()
        self.head.addWidget(self._title_line())
        self.head.gap()
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self._centre = QWidget(self)
        inner = QVBoxLayout(self._centre)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(10)
        head = QWidget(self._centre)
        head.setLayout(self.head)
        inner.addWidget(head)
        inner.addLayout(self.body, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.addStretch(1)
        row.addWidget(self._centre, 1000)
        row.addStretch(1)
        self.take_look(look)

    def _title_line(self) -> QWidget:
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self._heading)
        return line

    @property
    def title(self) -> str:
        """What the page is called, in the language in force."""
        raise NotImplementedError

    def enter(self, place: str = "") -> None:
        """The page is shown: put the focus where work begins, or go to a place on it."""
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """The page is hidden, or the window closes: keep what is not kept yet."""

    def discard(self) -> None:
        """The page was left and is not kept: it goes."""
        self.deleteLater()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.take_look(look)

    def take_look(self, look: Look) -> None:
        """The page's own part of another theme."""
        self.look = look
        self.back.setIcon(make_icon("arrow-left", look.colour("muted")))
        self.back.setIconSize(look.square(ICON))
        self._heading.setFont(larger(look.font, HEADING))
        self._centre.setMaximumWidth(round(WIDEST * max(1.0, look.font.pointSizeF() / 10)))

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self._heading.setText(self.title)
        self.setAccessibleName(self.title)
        self.back.setAccessibleName(self.tr("Back to the chat"))
        self.back.setToolTip(self.tr("Back to the chat (Esc)"))

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
