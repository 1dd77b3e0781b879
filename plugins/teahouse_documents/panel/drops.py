"""Files and folders that are dropped on the panel: which they are, and the frame that says so."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from teahouse import Translator
from teahouse_desktop.looks.look import Look

_ = Translator("teahouse_documents")

CORNER = 10.0
INSET = 6
VEIL = 225
"""How much of the panel below is covered, of 255."""


def paths_of(data: QMimeData) -> list[str]:
    """Paths of this machine among what is dragged; nothing of other machines or of the web."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile() and url.toLocalFile()]


class DropFrame(QWidget):
    """Lies over the panel while something is dragged across it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_over(self, place: QRect, collection: str) -> None:
        """Cover this place, and say where it goes."""
        into = _("Drop to add to {name}").format(name=collection)
        self.words = into if collection else _("Drop to add to the documents")
        self.setGeometry(place)
        self.raise_()
        self.show()
        self.update()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A veil, a frame and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = self._look.colour("window")
        veil.setAlpha(VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(self._look.colour("accent"), 2.0, Qt.PenStyle.DashLine))
        inside = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        painter.drawRoundedRect(inside, CORNER, CORNER)
        painter.setPen(self._look.colour("text"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inside.adjusted(12, 12, -12, -12), int(flags), self.words)
        painter.end()
