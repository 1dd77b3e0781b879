"""Pieces of a message: a text, a block of code, a rule or a note, each a document of its own.

A piece knows its height at a width and paints itself; it is made once and laid out when it is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPen,
    QTextBlock,
    QTextCursor,
    QTextDocument,
)

from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.formulas import CHARACTER, with_sources
from teahouse_desktop.transcript.marks import GONE, Mark, find_marks, paint_marks, text_of

Kind = Literal[
    "text",
    "heading",
    "quote",
    "table",
    "code",
    "math",
    "rule",
    "note",
    "error",
    "fold",
    "context",
    "attachment",
    "part",
]
Span = tuple[int, int]

LINES: tuple[Kind, ...] = ("fold", "context", "attachment", "part")
"""Pieces that are pressed and not copied: the head of the reasoning, what was not sent, a file, a source."""

CODE_PADDING = 12
QUOTE_INDENT = 16
NOTE_PADDING = 10
NOTE_ICON = 26
LINE_ICON = 22.0
CORNER = 8.0
LEAD_EM = 0.2


@dataclass(eq=False)
class Piece:
    """One block of a message.

    Attributes:
        indent: Pixels from the left edge of the message.
        language: Of code, as written after the fence.
        is_open: More text may still come (the end of a streaming reply); of a fold: it is unfolded.
        is_aside: Part of the reasoning: dim, and beside a bar.
        changes: How often its document has been changed since it was made.
        unchanged: Height in pixels down to which the last change left it as it was.
    """

    kind: Kind
    document: QTextDocument
    look: Look
    indent: float = 0.0
    language: str = ""
    is_open: bool = False
    is_aside: bool = False
    changes: int = field(default=0, init=False)
    unchanged: float = field(default=0.0, init=False)
    _width: float = field(default=-1.0, init=False)
    _height: float = field(default=-1.0, init=False)
    _marks: list[Mark] | None = field(default=None, init=False)

    @property
    def text(self) -> str:
        """Everything in it as plain text."""
        return plain_text(self)

    @property
    def is_line(self) -> bool:
        """Whether it is a line that does something when it is pressed."""
        return self.kind in LINES

    @property
    def length(self) -> int:
        """Number of cursor positions: 0 … length."""
        return max(0, self.document.characterCount() - 1)

    @property
    def header_height(self) -> float:
        """Height of the bar above code, with its language and the copy button."""
        return round(self.look.em * 1.35) if self.kind == "code" else 0.0

    def gap(self, previous: Piece | None) -> float:
        """Pixels of air above it."""
        if previous is None:
            return 0.0
        if self.kind == "heading":
            return self.look.em * 0.9
        if self.kind == "part" == previous.kind:
            return self.look.em * 0.05
        return self.look.em * (0.3 if previous.kind == "heading" else 0.5)

    def height(self, width: float) -> float:
        """Height in pixels at this width of the message; lays the document out when the width is new."""
        if width != self._width:
            self._width, self._height = width, -1.0
            self.document.setTextWidth(max(60.0, width - self._offset().x() - self._right()))
        if self._height < 0:
            self._marks = None
            self._height = self._measure()
        return self._height

    def ideal_width(self) -> float:
        """Width its longest line would like."""
        self.document.setTextWidth(-1)
        self._width = -1.0
        return self.document.idealWidth() + 1 + self._offset().x() + self._right()

    def invalidate(self, unchanged_height: float = 0.0) -> None:
        """Forget the height: the document has changed, below this height of it."""
        self._height = -1.0
        self.changes += 1
        self.unchanged = max(0.0, unchanged_height + self._offset().y())

    def lay_out_formulas(self) -> bool:
        """Measure its formulas again; False when it has none."""
        if self.document.find(CHARACTER).isNull():
            return False
        self.document.markContentsDirty(0, self.document.characterCount())
        self.invalidate()
        return True

    def paint(
        self, painter: QPainter, size: QRectF, *, selected: Span | None, clip: QRectF, is_hot: bool = False
    ) -> None:
        """Draw it into `size`, with the characters of `selected` marked.

        Args:
            clip: What can be seen.
            is_hot: The pointer is on it, and it is a line that can be pressed.
        """
        self._paint_ground(painter, size)
        if self.kind == "rule":
            return
        offset = self._offset()
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(
            context.palette.ColorRole.Text, self.look.colour("text" if is_hot else self._text_colour())
        )
        context.clip = clip.translated(-size.topLeft() - offset)
        if selected:
            context.selections = [self._selection(selected)]
        painter.save()
        painter.translate(size.topLeft() + offset)
        paint_marks(painter, self._marks_now(), self.look)
        self.document.documentLayout().draw(painter, context)
        painter.restore()

    def hit(self, point: QPointF) -> int:
        """Cursor position nearest to a point given from the piece's top left."""
        position = self.document.documentLayout().hitTest(point - self._offset(), Qt.HitTestAccuracy.FuzzyHit)
        return max(0, position)

    def exact_hit(self, point: QPointF) -> int:
        """Cursor position before the character under a point; -1 for none."""
        return self.document.documentLayout().hitTest(point - self._offset(), Qt.HitTestAccuracy.ExactHit)

    def line_top(self, position: int) -> float:
        """Height from the piece's top down to the line of a cursor position."""
        block = self.document.findBlock(position)
        line = block.layout().lineForTextPosition(position - block.position())
        place = self.document.documentLayout().blockBoundingRect(block).top()
        return self._offset().y() + place + (line.y() if line.isValid() else 0.0)

    def link_at(self, point: QPointF) -> str:
        """Target of the link under a point; empty for none."""
        return self.document.documentLayout().anchorAt(point - self._offset())

    def header(self, size: QRectF) -> QRectF:
        """The bar above code, when the piece is drawn into `size`."""
        return QRectF(size.left() + self.indent, size.top(), size.width() - self.indent, self.header_height)

    # --- inside -----------------------------------------------------------------------------------

    def _measure(self) -> float:
        if self.kind == "rule":
            return round(self.look.em * 0.6)
        above = max(0.0, self._offset().y())
        return self.document.size().height() + above + self._below()

    def _offset(self) -> QPointF:
        # Qt puts the air of a line above its text; this much goes below it instead.
        left, top = self.indent, -float(round(self.look.em * LEAD_EM))
        if self.kind == "code":
            left, top = left + CODE_PADDING, self.header_height + 2
        elif self.kind == "quote":
            left += QUOTE_INDENT
        elif self.kind in ("note", "error"):
            left, top = left + NOTE_PADDING + NOTE_ICON, top + NOTE_PADDING
        elif self.is_line:
            left += line_indent(self.look)
        return QPointF(left, top)

    def _right(self) -> float:
        return {"code": CODE_PADDING, "note": NOTE_PADDING, "error": NOTE_PADDING}.get(self.kind, 0.0)

    def _below(self) -> float:
        return {"code": CODE_PADDING, "note": NOTE_PADDING, "error": NOTE_PADDING}.get(self.kind, 0.0)

    def _text_colour(self) -> str:
        return "muted" if self.is_aside or self.is_line or self.kind in ("note", "quote") else "text"

    def _marks_now(self) -> list[Mark]:
        if self._marks is None:
            self._marks = [] if self.kind == "code" else find_marks(self.document)
        return self._marks

    def _selection(self, span: Span) -> QAbstractTextDocumentLayout.Selection:
        selection = QAbstractTextDocumentLayout.Selection()
        cursor = QTextCursor(self.document)
        cursor.setPosition(min(span[0], self.length))
        cursor.setPosition(min(span[1], self.length), QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format.setBackground(self.look.colour("selection"))
        selection.format.setForeground(self.look.colour("text"))
        return selection

    def _paint_ground(self, painter: QPainter, size: QRectF) -> None:
        ground = QRectF(size.left() + self.indent, size.top(), size.width() - self.indent, size.height())
        if self.kind == "code":
            _paint_box(painter, ground, self.look.colour("code"), self.look.colour("line"))
        elif self.kind in ("note", "error"):
            line = self.look.colour("danger" if self.kind == "error" else "line")
            _paint_box(painter, ground, self.look.colour("raised"), line)
        elif self.kind == "quote":
            bar = QRectF(ground.left(), ground.top(), 3, ground.height())
            painter.fillRect(bar, self.look.colour("line"))
        elif self.kind == "rule":
            y = round(ground.center().y()) + 0.5
            painter.setPen(QPen(self.look.colour("line"), 1))
            painter.drawLine(QPointF(ground.left(), y), QPointF(ground.right(), y))


def line_indent(look: Look) -> float:
    """Room for the icon of a line; it grows with the text."""
    return max(LINE_ICON, float(round(look.em * 1.05)))


def plain_text(piece: Piece, span: Span | None = None) -> str:
    """The text of a piece, or of a span of it, with list marks and tabs between table cells."""
    start, end = span or (0, piece.length)
    lines: list[str] = []
    block = piece.document.findBlock(start)
    row = None
    while block.isValid() and block.position() <= end:
        begin = block.position()
        text = text_of(block)[max(0, start - begin) : max(0, end - begin)].replace("\u2028", "\n")
        text = with_sources(text, QTextCursor(piece.document), max(start, begin)).replace(GONE, "")
        if start <= begin:
            text = _list_mark(block) + text
        cell = _cell_row(block)
        if lines and cell is not None and cell == row:
            lines[-1] += "\t" + text
        else:
            lines.append(text)
        row = cell
        block = block.next()
    return "\n".join(lines).strip("\n") if piece.kind == "table" else "\n".join(lines)


def _list_mark(block: QTextBlock) -> str:
    if not (group := block.textList()):
        return ""
    inner = "  " * (group.format().indent() - 1)
    mark = group.itemText(block)
    return f"{inner}{mark if mark[:1].isdigit() else '-'} "


def _cell_row(block: QTextBlock) -> tuple[int, int] | None:
    table = QTextCursor(block).currentTable()
    return (table.firstPosition(), table.cellAt(block.position()).row()) if table else None


def _paint_box(painter: QPainter, box: QRectF, fill: QColor, line: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
    painter.restore()
