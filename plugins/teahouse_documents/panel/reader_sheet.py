"""A page of a PDF as a picture, the passage marked on it; it scrolls, and becomes larger and smaller."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_documents.reader.drawing import Drawn

MARKER = QColor(255, 210, 0, 130)
"""Paper is white in both themes."""
SETTLED_MS = 250
ZOOMS = (1.0, 1.5, 2.0, 3.0)
EDGE = 4


def picture_of(drawn: Drawn) -> QImage:
    """A drawn page as a picture; not for the window's thread: it copies some megabytes."""
    image = QImage(drawn.data, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32)
    return image.copy()


class Sheet(QWidget):
    """Paints the page as wide as it is itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()
        self.boxes: list[QRectF] = []
        self._scale = 1.0

    def show_page(self, image: QImage, drawn: Drawn) -> None:
        """Show another page."""
        self.image = image
        self.boxes = [QRectF(*box) for box in drawn.boxes]
        self.fit(self.width())

    def fit(self, width: int) -> None:
        """Be this wide, and as high as the page then is."""
        self._scale = width / max(1, self.image.width())
        self.resize(width, max(1, round(self.image.height() * self._scale)))
        self.update()

    def place_of(self, box: QRectF) -> QRectF:
        """Where a box of the page is on the widget."""
        scale = self._scale
        return QRectF(box.left() * scale, box.top() * scale, box.width() * scale, box.height() * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page, and the marker over it as on paper."""
        painter = QPainter(self)
        if not self.image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self.image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            marked = QPainterPath()
            marked.setFillRule(Qt.FillRule.WindingFill)  # where two lines overlap it is no darker
            for box in self.boxes:
                marked.addRect(self.place_of(box).adjusted(-EDGE, -2, EDGE, 2))
            painter.fillPath(marked, MARKER)
        painter.end()


class SheetArea(QScrollArea):
    """The page in its place; arrow keys scroll it.

    Signals:
        width_changed: It is to be drawn anew, with `points` points across.
    """

    width_changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = 0
        self.sheet = Sheet(self)
        self.setObjectName("sheet")
        self.setWidget(self.sheet)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timer = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._timer.timeout.connect(self.width_changed)
        self.set_look(look)

    @property
    def points(self) -> int:
        """How many points of the screen the page is to be wide."""
        return max(200, round(self._wide * self.devicePixelRatioF()))

    @property
    def can_grow(self) -> bool:
        """Whether it can be larger."""
        return self._zoom < len(ZOOMS) - 1

    @property
    def can_shrink(self) -> bool:
        """Whether it can be smaller."""
        return self._zoom > 0

    def zoom(self, step: int) -> None:
        """Show the page larger or smaller."""
        self._zoom = max(0, min(self._zoom + step, len(ZOOMS) - 1))
        self.sheet.fit(self._wide)
        self.width_changed.emit()

    def show_page(self, image: QImage, drawn: Drawn, *, is_new: bool) -> None:
        """Show a page; a new one at its first marked place, else what is in view stays."""
        self.sheet.show_page(image, drawn)
        self.sheet.fit(self._wide)
        if is_new and drawn.boxes:
            self.reveal()
        elif is_new:
            self.verticalScrollBar().setValue(0)

    def reveal(self) -> None:
        """Scroll to the first marked line, a third from the top."""
        first = min((self.sheet.place_of(box) for box in self.sheet.boxes), key=lambda box: box.top())
        self.verticalScrollBar().setValue(round(first.top() - self.viewport().height() / 3))
        across = first.center().x() if first.width() < self.viewport().width() else first.left()
        self.horizontalScrollBar().setValue(round(across - self.viewport().width() / 2))

    def set_look(self, look: Look) -> None:
        """Take another theme: the frame shows where the focus is."""
        line, accent = look.colour("line").name(), look.colour("accent").name()
        self.setStyleSheet(
            f"#sheet {{ border: 2px solid {line}; }} #sheet:focus {{ border: 2px solid {accent}; }}"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page at once, and draw it anew when the size has settled."""
        super().resizeEvent(event)
        if not self.sheet.image.isNull() and event.size().width() != event.oldSize().width():
            self.sheet.fit(self._wide)
            self._timer.start()

    def minimumSizeHint(self) -> QSize:
        """Narrow panels are fine."""
        return QSize(160, 120)

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(400, 560)

    @property
    def _wide(self) -> int:
        return round(max(120, self.viewport().width()) * ZOOMS[self._zoom])
