"""Formulas as objects in documents: set in the background by ziamath, drawn as paths.

Setting one takes milliseconds of Python, too long for the window's thread. Until it is set, and where it
cannot be, the LaTeX itself is shown.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QRectF, QSizeF, Qt, QThreadPool, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from teahouse_desktop.transcript.mathematics import HAN

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

    from teahouse_desktop.looks.look import Look

log = logging.getLogger(__name__)

OBJECT = QTextFormat.ObjectTypes.UserObject.value + 1
SOURCE = QTextFormat.Property.UserProperty.value + 11
"""Property of a formula's character: its LaTeX with the marks around it, as it was written."""
LATEX = QTextFormat.Property.UserProperty.value + 12
IS_DISPLAY = QTextFormat.Property.UserProperty.value + 13
CHARACTER = "\ufffc"
CLOSERS = {"\\(": "\\)", "\\[": "\\]"}
LEAST_SCALE = 0.35
"""Of a formula that is wider than its column."""

KEPT = 2_000
"""Formulas that stay set; one that is shown again later is set again."""

Key = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that is set; pixels. `ascent` and `depth` count from the baseline."""

    svg: bytes
    width: float
    ascent: float
    depth: float


def set_formula(latex: str, size: float, colour: str, *, is_display: bool) -> Formula:
    """Set LaTeX.

    Args:
        size: Pixels of the font.

    Raises:
        Exception: Of any kind: it is no LaTeX that can be set.
    """
    import ziamath

    if HAN.search(latex):
        raise ValueError("the formula font has no Han characters")
    ziamath.config.svg2 = False  # QtSvg draws paths, and no symbols
    made = ziamath.Latex(latex, size=size, color=colour, inline=not is_display)
    drawing = made.svgxml()
    _left, top, width, height = (float(part) for part in drawing.attrib["viewBox"].split())
    if width <= 0 or height <= 0:
        raise ValueError("an empty formula")
    return Formula(made.svg().encode(), width, ascent=-top, depth=height + top)


class Formulas(QObject):
    """The formulas of one look: what has been set, and what is being set.

    Signals:
        changed: Formulas that were waited for are set, or cannot be.
    """

    changed = Signal()
    _made = Signal(object, object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._size = float(QFontInfo(look.reading).pixelSize())
        self._font = QFont(look.mono)
        self._colour = look.colour("text")
        self._muted = look.colour("muted")
        self._set: dict[Key, Formula | None] = {}
        self._drawn: dict[Key, QSvgRenderer] = {}
        self._waiting: set[Key] = set()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._object = FormulaObject(self)
        self._made.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def is_waiting(self) -> bool:
        """Whether formulas are being set."""
        return bool(self._waiting)

    def register(self, document: QTextDocument) -> None:
        """Let a document show formulas."""
        document.documentLayout().registerHandler(OBJECT, self._object)

    def insert(self, cursor: QTextCursor, latex: str, markup: str, base: QTextCharFormat) -> None:
        """Put a formula at a cursor."""
        self.register(cursor.document())
        form = QTextCharFormat(base)
        form.setObjectType(OBJECT)
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        form.setProperty(SOURCE, f"{markup}{latex}{CLOSERS.get(markup, markup)}")
        form.setProperty(LATEX, latex)
        form.setProperty(IS_DISPLAY, markup in ("$$", "\\["))
        self.find(key_of(form))
        cursor.insertText(CHARACTER, form)

    def find(self, key: Key) -> Formula | None:
        """A formula, once it is set; None while it is not, or where it cannot be."""
        if key not in self._set and key not in self._waiting:
            self._waiting.add(key)
            self._pool.start(lambda: self._work(key))
        return self._set.get(key)

    def renderer(self, key: Key) -> QSvgRenderer:
        """What draws a formula that is set."""
        from PySide6.QtSvg import QSvgRenderer

        if key not in self._drawn:
            formula = self._set[key]
            self._drawn[key] = QSvgRenderer(QByteArray(formula.svg if formula else b""))
        return self._drawn[key]

    def source_box(self, source: str, widest: float) -> QRectF:
        """The room for the LaTeX itself."""
        flags = int(Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignLeft)
        return QFontMetricsF(self._font).boundingRect(QRectF(0, 0, widest, 10_000), flags, source)

    def paint_source(
        self, painter: QPainter, rect: QRectF, source: str, colour: QColor | None = None
    ) -> None:
        """Draw the LaTeX itself."""
        painter.setFont(self._font)
        painter.setPen(colour or self._muted)
        painter.drawText(rect, int(Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignVCenter), source)

    # --- inside -----------------------------------------------------------------------------------

    def _work(self, key: Key) -> None:
        """On a thread of the pool."""
        try:
            made = set_formula(key[0], self._size, self._colour.name(), is_display=key[1])
        except Exception as error:  # noqa: BLE001 - the library raises whatever its parser ran into
            log.debug("cannot set a formula of %d characters: %r", len(key[0]), error)
            made = None
        self._made.emit(key, made)

    def _take(self, key: Key, made: Formula | None) -> None:
        self._waiting.discard(key)
        self._set[key] = made
        while len(self._set) > KEPT:
            oldest = next(iter(self._set))
            del self._set[oldest]
            self._drawn.pop(oldest, None)
        if not self._waiting:
            self.changed.emit()


class FormulaObject(QPyTextObject):
    """Measures and draws formulas in documents."""

    def __init__(self, formulas: Formulas) -> None:
        super().__init__(formulas)
        self._formulas = formulas

    def intrinsicSize(self, document: QTextDocument, position: int, form: QTextFormat) -> QSizeF:
        """The room of a formula; its baseline is where the text's is (see `_half_x`)."""
        formula = self._formulas.find(key_of(form))
        if formula is None:
            return self._formulas.source_box(str(form.property(SOURCE)), _widest(document)).size()
        scale = _scale(formula, form, document)
        return QSizeF(formula.width * scale, _height(formula, scale, form, document))

    def drawObject(
        self, painter: QPainter, rect: QRectF, document: QTextDocument, position: int, form: QTextFormat
    ) -> None:
        """Draw a formula, or its LaTeX."""
        key = key_of(form)
        formula = self._formulas.find(key)
        if formula is None:
            self._formulas.paint_source(painter, rect, str(form.property(SOURCE)))
            return
        scale = _scale(formula, form, document)
        baseline = rect.top() + (rect.height() + _half_x(form, document)) / 2
        box = QRectF(
            rect.left(), baseline - formula.ascent * scale, formula.width * scale, _total(formula) * scale
        )
        self._formulas.renderer(key).render(painter, box)


def key_of(form: QTextFormat) -> Key:
    """Which formula a character stands for."""
    return str(form.property(LATEX)), bool(form.property(IS_DISPLAY))


def with_sources(text: str, cursor: QTextCursor, position: int) -> str:
    """A text of a document with the LaTeX of its formulas in their places.

    Args:
        position: Of the text's first character in the cursor's document.
    """
    if CHARACTER not in text:
        return text
    parts = []
    for offset, character in enumerate(text):
        if character == CHARACTER:
            cursor.setPosition(position + offset + 1)
            character = str(cursor.charFormat().property(SOURCE) or CHARACTER)
        parts.append(character)
    return "".join(parts)


def _total(formula: Formula) -> float:
    return formula.ascent + formula.depth


def _widest(document: QTextDocument) -> float:
    return document.textWidth() if document.textWidth() > 0 else 10_000.0


def _scale(formula: Formula, form: QTextFormat, document: QTextDocument) -> float:
    """As large as the text around it, and no wider than the column."""
    size = _font(form, document).pointSizeF() / document.defaultFont().pointSizeF()
    return max(LEAST_SCALE, min(size, _widest(document) / formula.width))


def _half_x(form: QTextFormat, document: QTextDocument) -> float:
    """Qt centres such an object at a quarter of the x-height above the baseline."""
    return QFontMetricsF(_font(form, document)).xHeight() / 2


def _height(formula: Formula, scale: float, form: QTextFormat, document: QTextDocument) -> float:
    half_x = _half_x(form, document)
    return max(2 * formula.ascent * scale - half_x, 2 * formula.depth * scale + half_x)


def _font(form: QTextFormat, document: QTextDocument) -> QFont:
    font = form.toCharFormat().font()
    return font.resolve(document.defaultFont())
