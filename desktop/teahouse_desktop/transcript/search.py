"""Finding words in the open conversation: from one place to the next, round and round."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextDocument

from teahouse_desktop.transcript.selection import Place, Selection

if TYPE_CHECKING:
    from teahouse_desktop.transcript.column import Column
    from teahouse_desktop.transcript.pieces import Piece
    from teahouse_desktop.transcript.view import Transcript


@dataclass(slots=True)
class Search:
    """The messages of a conversation that have a text, and the place that is shown.

    Messages are found by what was written, so that thousands of them need not be laid out; the places
    in a message are found when it is reached.

    Attributes:
        query: Case does not matter.
        messages: Indexes of those that have it.
        position: Of the message that is shown among them; -1 before the first step.
    """

    query: str
    messages: list[int] = field(default_factory=list)
    position: int = -1
    _places: list[Selection] = field(default_factory=list)
    _place: int = -1

    @classmethod
    def of(cls, column: Column, query: str) -> Search:
        """Look a text up in all messages."""
        wanted = query.casefold()
        texts = (f"{item.shown.reasoning}\n{item.shown.message.text}" for item in column.items)
        return cls(query, [i for i, text in enumerate(texts) if wanted and wanted in text.casefold()])

    def step(self, column: Column, start: int, *, is_back: bool = False) -> Selection | None:
        """The next place, or the one before; None where nothing is found.

        Args:
            start: Index of the message to begin at, at the first step.
        """
        move = -1 if is_back else 1
        if 0 <= self._place + move < len(self._places):
            self._place += move
            return self._places[self._place]
        for _attempt in self.messages:
            self._go(start, move)
            self._places = places_in(column, self.messages[self.position], self.query)
            if self._places:
                self._place = len(self._places) - 1 if is_back else 0
                return self._places[self._place]
        return None

    def _go(self, start: int, move: int) -> None:
        if self.position >= 0:
            self.position = (self.position + move) % len(self.messages)
            return
        following = [n for n, index in enumerate(self.messages) if index >= start]
        before = [n for n, index in enumerate(self.messages) if index <= start]
        found = following[:1] if move > 0 else before[-1:]
        self.position = found[0] if found else (0 if move > 0 else len(self.messages) - 1)


def places_in(column: Column, index: int, query: str) -> list[Selection]:
    """Where a message shows a text; lays the message out. Marks of Markdown are not part of what is shown."""
    if column.ensure(index):
        column.restack(index)
    found: list[Selection] = []
    for number, piece in enumerate(column.items[index].pieces):
        found += [
            Selection(Place(index, number, first), Place(index, number, last))
            for first, last in _spans(piece, query)
        ]
    return found


def reveal(view: Transcript, place: Selection | None) -> None:
    """Mark a place and bring its line into view, a third from the top."""
    view.select(place)
    if place is None:
        return
    index = place.start.item
    view.set_current(-1)
    view.show_change(index)
    piece, box = view.column.items[index].boxes[place.start.piece]
    top = view.item_rect(index).top() + box.top() + piece.line_top(place.start.character)
    page = view.viewport().height()
    if not 0 <= top <= page - 2 * view.column.look.em:
        bar = view.verticalScrollBar()
        bar.setValue(round(bar.value() + top - page / 3))


def _spans(piece: Piece, query: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    cursor = piece.document.find(query, 0, QTextDocument.FindFlag(0))
    while not cursor.isNull():
        spans.append((cursor.selectionStart(), cursor.selectionEnd()))
        cursor = piece.document.find(query, cursor)
    return spans
