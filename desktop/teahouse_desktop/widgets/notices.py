"""The bar above the composer: errors and notices, one after the other, until they are closed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from teahouse.language import sentences
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript import accessible

OFFER_MS = 30_000
"""An offer goes by itself: what it offers can also be had elsewhere."""


@dataclass(frozen=True, slots=True)
class _Notice:
    text: str
    is_error: bool = False
    verb: str = ""
    act: Callable[[], object] | None = None


class NoticeBar(QFrame):
    """Shows one text at a time; hidden when there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._waiting: deque[_Notice] = deque()
        self._icon = QLabel(self)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.act_button = QPushButton(self)
        self.act_button.setProperty("kind", "plain")
        self.act_button.clicked.connect(self._act)
        self.close_button = QToolButton(self)
        self.close_button.clicked.connect(self.dismiss)
        self._timer = QTimer(self, singleShot=True, interval=OFFER_MS)
        self._timer.timeout.connect(lambda: self.drop_offer())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.act_button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._look = look
        self._said: _Notice | None = None
        self._name()
        self.hide()

    def show_text(self, text: str, hint: str = "", *, is_error: bool = False) -> None:
        """Show a text, after those that are not closed yet; the same text is shown once."""
        notice = _Notice(sentences(text, hint), is_error)
        if notice not in self._waiting:
            self._waiting.append(notice)
        self._show()

    def show_all(self, texts: Iterable[str]) -> None:
        """Show some texts, one after the other."""
        for text in texts:
            self.show_text(text)

    def offer(
        self,
        text: str,
        verb: str,
        act: Callable[[], object],
        *,
        is_lasting: bool = False,
        is_error: bool = False,
    ) -> None:
        """Show a text with a button, before all others, in place of an earlier offer.

        Args:
            is_lasting: It says how things are, and goes only when they change.
        """
        self.drop_offer()
        self._waiting.appendleft(_Notice(text, is_error, verb, act))
        if not is_lasting:
            self._timer.start()
        self._show()

    def drop_offer(self, text: str = "") -> None:
        """Take an offer back, whatever it says or only the one with this text."""
        if not text or any(notice.act and notice.text == text for notice in self._waiting):
            self._timer.stop()
            self._waiting = deque(notice for notice in self._waiting if notice.act is None)
            self._show()

    def dismiss(self) -> None:
        """Close the text that is shown."""
        if self._waiting:
            self._waiting.popleft()
        self._show()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _act(self) -> None:
        act = self._waiting[0].act if self._waiting else None
        self.drop_offer()
        if act is not None:
            act()

    def _name(self) -> None:
        self.close_button.setAccessibleName(self.tr("Close this notice"))
        self.close_button.setToolTip(self.tr("Close this notice"))
        self.act_button.setAccessibleName(self.act_button.text() or self.tr("Do what the notice offers"))

    def _show(self) -> None:
        self.setVisible(bool(self._waiting))
        if not self._waiting:
            self._said = None
            return
        notice = self._waiting[0]
        if notice is not self._said:
            self._said = notice
            accessible.announce(self, sentences(notice.text, notice.verb))
        self.label.setText(notice.text)
        self.setAccessibleName(notice.text)
        self.act_button.setText(notice.verb)
        self.act_button.setAccessibleName(notice.verb)
        self.act_button.setVisible(bool(notice.verb))
        self.setProperty("kind", "error" if notice.is_error else "notice")
        self.style().polish(self)
        icon = make_icon(
            "triangle-alert" if notice.is_error else "info",
            self._look.colour("danger" if notice.is_error else "muted"),
        )
        self._icon.setPixmap(icon.pixmap(QSize(18, 18), self.devicePixelRatioF()))
        self.close_button.setIcon(make_icon("x", self._look.colour("muted")))
