"""The rows above the field: messages that wait, each to be edited, taken away, or sent now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.composer.waiting import WaitingMessage
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look

MOST_ROWS = 3
ICON = 15
GAP = 4
LONGEST_TEXT = 300


class WaitingRows(QScrollArea):
    """Shows what waits in the open conversation; hidden while nothing does.

    Signals:
        edit_requested: A `WaitingMessage` is to come back into the field.
        removal_requested: It is not to be sent at all.
        sending_requested: It is to be sent now, or next where a reply is still being made.
    """

    edit_requested = Signal(object)
    removal_requested = Signal(object)
    sending_requested = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[WaitingRow] = []
        self._look = look
        self._messages: tuple[WaitingMessage, ...] = ()
        self._is_replying = False
        self._inner = QWidget(self)
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self.setWidget(self._inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._fill()

    def show_messages(self, messages: Sequence[WaitingMessage], *, is_replying: bool) -> None:
        """Show these messages.

        Args:
            is_replying: A reply is being made: what is held can be sent after it.
        """
        if tuple(messages) or self._messages:
            self._messages, self._is_replying = tuple(messages), is_replying
            self._fill()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
        super().changeEvent(event)

    def _fill(self) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [WaitingRow(one, self._look, self._inner, self._is_replying) for one in self._messages]
        for row in self.rows:
            self._column.addWidget(row)
            row.edit.clicked.connect(lambda _=False, one=row.message: self.edit_requested.emit(one))
            row.remove.clicked.connect(lambda _=False, one=row.message: self.removal_requested.emit(one))
            row.send.clicked.connect(lambda _=False, one=row.message: self.sending_requested.emit(one))
        self.setAccessibleName(self.tr("Waiting messages"))
        shown = min(len(self.rows), MOST_ROWS)
        row_height = max((row.sizeHint().height() for row in self.rows), default=0)
        self.setFixedHeight(shown * (row_height + GAP))
        self.setVisible(bool(self.rows))


class WaitingRow(QFrame):
    """One message that waits."""

    def __init__(
        self, message: WaitingMessage, look: Look, parent: QWidget | None = None, is_replying: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName("file")
        self.message = message
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setFont(look.small)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.send = QPushButton(self.tr("Send next") if is_replying else self.tr("Send now"), self)
        self.send.setProperty("kind", "plain")
        self.send.setVisible(message.is_held)
        self.edit, self.remove = QToolButton(self), QToolButton(self)
        words = self._words()
        for button, icon, name in (
            (self.edit, "pencil", self.tr("Edit the waiting message")),
            (self.remove, "x", self.tr("Remove the waiting message")),
        ):
            button.setIcon(make_icon(icon, look.colour("muted")))
            button.setIconSize(look.square(ICON))
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.setAccessibleDescription(words)
        self.send.setAccessibleDescription(words)
        self.setAccessibleName(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 3, 2)
        row.setSpacing(GAP)
        row.addWidget(self._label, 1)
        for button in (self.send, self.edit, self.remove):
            row.addWidget(button)

    @property
    def text(self) -> str:
        """What the row says, whole."""
        return self.accessibleName()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the words where the row ends."""
        super().resizeEvent(event)
        metrics = self._label.fontMetrics()
        self._label.setText(
            metrics.elidedText(self._words(), Qt.TextElideMode.ElideRight, self._label.width())
        )

    def _words(self) -> str:
        names = [one.attachment.name for one in self.message.files]
        said = " · ".join([" ".join(self.message.text.split())[:LONGEST_TEXT], *names]).strip(" ·")
        if self.message.is_held:
            return self.tr("Not sent: {text}").format(text=said)
        return self.tr("Waiting: {text}").format(text=said)
