"""Icons: lucide's line drawings in the colours of the theme, sharp at every scale."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

DISABLED_OPACITY = 0.4


def paint_icon(painter: QPainter, name: str, box: QRectF, colour: QColor, *, is_filled: bool = False) -> None:
    """Draw an icon into a box, its inside too where `is_filled`; the drawing is kept for the next time."""
    scale = painter.device().devicePixelRatio()
    size = (box.size() * scale).toSize()
    if size.isEmpty():
        return  # a control that has no room: Qt would complain of a picture without points
    key = f"teahouse/{name}/{is_filled}/{colour.name()}/{size.width()}x{size.height()}"
    picture = QPixmap()
    if not QPixmapCache.find(key, picture):
        picture = _draw(name, size, colour, is_filled=is_filled)
        QPixmapCache.insert(key, picture)
    painter.drawPixmap(box, picture, QRectF(picture.rect()))


def make_icon(name: str, colour: QColor) -> QIcon:
    """An icon for buttons and menus; faint where it is disabled."""
    return QIcon(_Engine(name, colour))


def known_icon(name: str, *, otherwise: str = "puzzle") -> str:
    """The name of an icon, or of another one where there is none of that name."""
    is_known = (resources.files("teahouse_desktop") / "icons" / f"{name}.svg").is_file()
    return name if is_known else otherwise


class _Engine(QIconEngine):
    """Draws an icon at whatever size is asked for."""

    def __init__(self, name: str, colour: QColor) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw it."""
        painter.save()
        if mode == QIcon.Mode.Disabled:
            painter.setOpacity(DISABLED_OPACITY)
        paint_icon(painter, self._name, QRectF(rect), self._colour)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """It as a picture."""
        picture = QPixmap(size)
        if picture.isNull():
            return picture
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """A copy."""
        return _Engine(self._name, self._colour)


def _draw(name: str, size: QSize, colour: QColor, *, is_filled: bool) -> QPixmap:
    picture = QPixmap(size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    source = _source(name).replace('fill="none"', 'fill="currentColor"' if is_filled else 'fill="none"')
    source = source.replace("currentColor", colour.name())
    QSvgRenderer(QByteArray(source.encode())).render(painter)
    painter.end()
    return picture


@lru_cache(64)
def _source(name: str) -> str:
    return (resources.files("teahouse_desktop") / "icons" / f"{name}.svg").read_text("utf-8")
