"""What a search has found, as a list: title, date, and the words in their text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from teahouse.ids import now_ms
from teahouse_desktop.conversations.conversation_row import PADDING, paint_ground
from teahouse_desktop.language.dates import relative_date
from teahouse_desktop.looks.look import Look
from teahouse_desktop.units import units

if TYPE_CHECKING:
    from teahouse.search.finder import Hit

HIT_ROLE = Qt.ItemDataRole.UserRole
LINES = 2
"""Lines of the text around what was found."""

Index = QModelIndex | QPersistentModelIndex


class Hits(QAbstractListModel):
    """The hits in their order.

    Signals:
        more_wanted: The end has come into view, and there may be more.
    """

    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []
        self._has_more = False

    def show(self, hits: Sequence[Hit], *, has_more: bool) -> None:
        """Show these."""
        self.beginResetModel()
        self._hits, self._has_more = list(hits), has_more
        self.endResetModel()

    def append(self, hits: Sequence[Hit], *, has_more: bool) -> None:
        """Add more at the end."""
        self._has_more = has_more
        if hits:
            self.beginInsertRows(QModelIndex(), len(self._hits), len(self._hits) + len(hits) - 1)
            self._hits += hits
            self.endInsertRows()

    # --- Qt's questions -----------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Number of hits."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The hit, and how it is said."""
        if not index.isValid():
            return None
        hit = self._hits[index.row()]
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title_of(hit)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.title_of(hit)}, {relative_date(hit.created_ms, now_ms=now_ms())}: {hit.snippet}"
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there may be more."""
        return self._has_more

    def fetchMore(self, parent: Index) -> None:
        """Ask for more, once."""
        self._has_more = False
        self.more_wanted.emit()

    def title_of(self, hit: Hit) -> str:
        """The title of its conversation."""
        return hit.title or self.tr("New conversation")


class HitDelegate(QStyledItemDelegate):
    """Paints a hit: a line with title and date, below it the text with the words marked."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A line of title and two of text."""
        text, title = QFontMetrics(self._look.small).lineSpacing(), QFontMetrics(self._look.font).height()
        return QSize(120, title + LINES * text + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a hit."""
        hit: Hit = index.data(HIT_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, self._look)
        box = option.rect.adjusted(PADDING, 7, -PADDING, -7)
        height = QFontMetrics(self._look.font).height()
        self._paint_title(painter, QRect(box.left(), box.top(), box.width(), height), str(index.data()), hit)
        if hit.message_id is None:
            painter.setFont(self._look.small)
            painter.setPen(self._look.colour("muted"))
            painter.drawText(box.adjusted(0, height + 3, 0, 0), 0, self.tr("Title of the conversation"))
        else:
            self._paint_snippet(painter, box.adjusted(0, height + 3, 0, 0), hit)
        painter.restore()

    def _paint_title(self, painter: QPainter, box: QRect, title: str, hit: Hit) -> None:
        date = relative_date(hit.created_ms, now_ms=now_ms())
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("muted"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), date)
        box.setRight(box.right() - QFontMetrics(self._look.small).horizontalAdvance(date) - 10)
        painter.setFont(self._look.font)
        painter.setPen(self._look.colour("text"))
        elided = QFontMetrics(self._look.font).elidedText(title, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), elided)

    def _paint_snippet(self, painter: QPainter, box: QRect, hit: Hit) -> None:
        layout = QTextLayout(hit.snippet, self._look.small)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._marked(hit.snippet, mark) for mark in hit.marks])
        layout.beginLayout()
        y = 0.0
        for _line in range(LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(box.width())
            line.setPosition(QPointF(0, y))
            y += line.height()
        layout.endLayout()
        painter.setPen(self._look.colour("muted"))
        layout.draw(painter, box.topLeft().toPointF())

    def _marked(self, text: str, mark: tuple[int, int]) -> QTextLayout.FormatRange:
        found = QTextLayout.FormatRange()
        start, end = (units(text[:place]) for place in mark)
        found.start, found.length = start, end - start
        form = QTextCharFormat()
        form.setForeground(self._look.colour("text"))
        form.setBackground(self._look.colour("selection"))
        form.setFontWeight(QFont.Weight.DemiBold)
        found.format = form
        return found


class HitList(QListView):
    """The hits on the screen.

    Signals:
        chosen: The `Hit` that was clicked, or on which Enter was pressed.
        left: The person goes back to the field: Up on the first hit, or Escape.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversations")
        self.hits = Hits(self)
        self.setModel(self.hits)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self.choose)
        self.set_look(look)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.setItemDelegate(HitDelegate(look, self))

    def choose(self, index: Index) -> None:
        """Go to a hit; the first one where none is marked."""
        place = index if index.isValid() else self.hits.index(0)
        if place.isValid():
            self.setCurrentIndex(self.hits.index(place.row()))
            self.chosen.emit(place.data(HIT_ROLE))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes here sees where they are."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.hits.index(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Up on the first and Escape go back to the field."""
        is_up = event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.currentIndex())
        elif is_up or event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
