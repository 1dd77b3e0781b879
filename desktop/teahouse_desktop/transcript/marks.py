"""Marks drawn around the text of a document: bullets, the ground of inline code, the lines of a table.

Qt's own are square, tall or too close to the text. They are found once for each layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontInfo,
    QFontMetricsF,
    QPainter,
    QTextBlock,
    QTextDocument,
    QTextFormat,
    QTextListFormat,
    QTextTable,
)

from teahouse_desktop.looks.look import Look

IS_CODE = QTextFormat.Property.UserProperty.value + 1
"""Property of characters that are inline code."""

IS_BULLET = QTextFormat.Property.UserProperty.value + 2
"""Property of lists with bullets: their depth, from 1."""

MARK = QTextFormat.Property.UserProperty.value + 21
"""Property of characters that are a mark of a plugin: its number among those of the message, from 1."""

GONE = "\ufdd0"
"""Stands for a character that is painted struck out and never copied; no text has it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to draw at a place of the document."""

    kind: Literal["code", "disc", "ring", "line"]
    box: QRectF


def find_marks(document: QTextDocument) -> list[Mark]:
    """All marks of a laid-out document."""
    marks: list[Mark] = []
    block = document.begin()
    while block.isValid():
        marks += _code_marks(document, block)
        if bullet := _bullet(document, block):
            marks.append(bullet)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            marks += _table_lines(document, frame)
    return marks


def text_of(block: QTextBlock) -> str:
    """The text of a block, with `GONE` for each character of a mark that was taken out."""
    forms = block.textFormats()
    if not any(one.format.hasProperty(MARK) and one.format.fontStrikeOut() for one in forms):
        return block.text()
    parts = []
    for place in block:
        fragment = place.fragment()
        form, text = fragment.charFormat(), fragment.text()
        is_gone = form.hasProperty(MARK) and form.fontStrikeOut()
        parts.append(GONE * len(text) if is_gone else text)
    return "".join(parts)


def paint_marks(painter: QPainter, marks: Iterable[Mark], look: Look) -> None:
    """Draw marks under the text."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for mark in marks:
        if mark.kind == "line":
            painter.fillRect(mark.box, look.colour("line"))
            continue
        filled = mark.kind != "ring"
        colour = look.colour("hover" if mark.kind == "code" else "muted")
        painter.setPen(Qt.PenStyle.NoPen if filled else colour)
        painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
        radius = 3.5 if mark.kind == "code" else mark.box.width() / 2
        painter.drawRoundedRect(mark.box, radius, radius)
    painter.restore()


def _code_marks(document: QTextDocument, block: QTextBlock) -> Iterator[Mark]:
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        if fragment.charFormat().hasProperty(IS_CODE):
            font = fragment.charFormat().font()
            start = fragment.position() - block.position()
            end = start + fragment.length()
            yield from (Mark("code", box) for box in _line_boxes(document, block, start, end, font))
        iterator += 1


def _line_boxes(
    document: QTextDocument, block: QTextBlock, start: int, end: int, font: QFont
) -> Iterator[QRectF]:
    origin = document.documentLayout().blockBoundingRect(block).topLeft()
    layout, metrics = block.layout(), QFontMetricsF(font)
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
        if first >= last:
            continue
        left, right = line.cursorToX(first)[0], line.cursorToX(last)[0]
        top = line.y() + line.ascent() - metrics.ascent()
        box = QRectF(left, top, right - left, metrics.height()).translated(origin)
        yield box.adjusted(-2.5, 0, 2.5, 0)


def _bullet(document: QTextDocument, block: QTextBlock) -> Mark | None:
    group = block.textList()
    if not group or not group.format().hasProperty(IS_BULLET) or not block.layout().lineCount():
        return None
    line = block.layout().lineAt(0)
    origin = document.documentLayout().blockBoundingRect(block).topLeft()
    metrics = QFontMetricsF(document.defaultFont())
    size = max(4.0, round(metrics.xHeight() * 0.62))
    middle = origin.y() + line.y() + line.ascent() - metrics.xHeight() / 2
    box = QRectF(origin.x() + line.x() - size - metrics.xHeight(), middle - size / 2, size, size)
    return Mark("ring" if group.format().property(IS_BULLET) % 2 == 0 else "disc", box)


def _table_lines(document: QTextDocument, table: QTextTable) -> Iterator[Mark]:
    layout = document.documentLayout()
    frame = layout.frameBoundingRect(table)
    padding, lead = table.format().cellPadding(), QFontInfo(document.defaultFont()).pixelSize() * 0.29
    for row in range(1, table.rows()):
        tops = (
            layout.blockBoundingRect(table.cellAt(row, column).firstCursorPosition().block()).top()
            for column in range(table.columns())
        )
        y = round(min(tops) - padding - table.format().cellSpacing() / 2 + lead)
        yield Mark("line", QRectF(frame.left(), y, frame.width(), 2 if row == 1 else 1))


def bullet_format(depth: int) -> QTextListFormat:
    """The format of a list whose bullets are drawn here."""
    form = QTextListFormat()
    form.setStyle(QTextListFormat.Style.ListStyleUndefined)
    form.setProperty(IS_BULLET, depth)
    return form
