"""A selection that runs across messages, and its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QTextCursor

from teahouse_desktop.transcript.column import Column
from teahouse_desktop.transcript.pieces import Piece, Span, plain_text

Unit = Literal["character", "word", "block"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A cursor position: message, piece of it, character of that."""

    item: int
    piece: int
    character: int


@dataclass(frozen=True, slots=True)
class Selection:
    """From where the button went down to where it is now."""

    anchor: Place
    head: Place

    @property
    def start(self) -> Place:
        """Its first place."""
        return min(self.anchor, self.head)

    @property
    def end(self) -> Place:
        """Its last place."""
        return max(self.anchor, self.head)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self.anchor == self.head

    def span(self, item: int, piece: int, length: int) -> Span | None:
        """The part of a piece that is selected."""
        here = (item, piece)
        first = (self.start.item, self.start.piece)
        last = (self.end.item, self.end.piece)
        if self.is_empty or not first <= here <= last:
            return None
        begin = self.start.character if here == first else 0
        end = self.end.character if here == last else length
        return (begin, end) if end > begin or first < here < last else None


def select_all(column: Column) -> Selection | None:
    """Everything, from the first character to the last."""
    if not column.items:
        return None
    return select_messages(column, 0, len(column.items) - 1)


def select_unit(column: Column, place: Place, unit: QTextCursor.SelectionType) -> Selection:
    """The word or paragraph at a place."""
    cursor = QTextCursor(column.items[place.item].pieces[place.piece].document)
    cursor.setPosition(place.character)
    cursor.select(unit)
    return Selection(
        Place(place.item, place.piece, cursor.selectionStart()),
        Place(place.item, place.piece, cursor.selectionEnd()),
    )


def selected_text(column: Column, selection: Selection) -> str:
    """The selected text; an empty line between blocks and between messages.

    Documents are made where they are missing and released again, so that selecting everything in a
    long conversation does not keep it all in memory.
    """
    texts: list[str] = []
    for index in range(selection.start.item, selection.end.item + 1):
        item = column.items[index]
        was_built = item.is_built
        item.build(column.look)
        texts += _texts(item.pieces, index, selection)
        if not was_built:
            item.release()
    return "\n\n".join(texts)


def selected_markdown(column: Column, selection: Selection) -> str:
    """The same with Markdown: messages that are selected whole as they were written, of others the text."""
    indexes = range(selection.start.item, selection.end.item + 1)
    return "\n\n".join(text for text in (_markdown(column, selection, index) for index in indexes) if text)


def _markdown(column: Column, selection: Selection, index: int) -> str:
    """What is selected of one message."""
    if not selection.start.item < index < selection.end.item:
        whole = select_messages(column, index, index)
        if not (selection.start <= whole.start and whole.end <= selection.end):
            own = Selection(max(selection.start, whole.start), min(selection.end, whole.end))
            return selected_text(column, own)
    return column.items[index].shown.message.text


def message_text(column: Column, index: int) -> str:
    """All of a message as it is read, without Markdown."""
    return selected_text(column, select_messages(column, index, index))


def select_messages(column: Column, anchor: int, head: int) -> Selection:
    """Whole messages, from one to the other, whichever comes first."""
    first, last = min(anchor, head), max(anchor, head)
    column.ensure(last)
    pieces = column.items[last].pieces
    start = Place(first, 0, 0)
    end = Place(last, max(0, len(pieces) - 1), pieces[-1].length if pieces else 0)
    return Selection(start, end) if anchor <= head else Selection(end, start)


def moved(column: Column, place: Place, step: int, *, unit: Unit) -> Place:
    """The place a character, word or block before (-1) or after (+1), over messages too."""
    column.ensure(place.item)
    pieces = column.items[place.item].pieces
    length = pieces[place.piece].length if place.piece < len(pieces) else 0
    at = length if step > 0 else 0
    if unit != "block" and place.character != at:
        return Place(place.item, place.piece, _moved_within(pieces[place.piece], place.character, step, unit))
    if unit == "block" and place.character != at:
        return Place(place.item, place.piece, at)
    if 0 <= place.piece + step < len(pieces):
        item, piece = place.item, place.piece + step
    elif 0 <= place.item + step < len(column.items):
        item = place.item + step
        column.ensure(item)
        piece = 0 if step > 0 else max(0, len(column.items[item].pieces) - 1)
    else:
        return place
    pieces = column.items[item].pieces
    length = pieces[piece].length if piece < len(pieces) else 0
    return Place(item, piece, length if (step < 0) != (unit == "block") else 0)


def _moved_within(piece: Piece, character: int, step: int, unit: Unit) -> int:
    cursor = QTextCursor(piece.document)
    cursor.setPosition(character)
    moves = QTextCursor.MoveOperation
    if unit == "word":
        cursor.movePosition(moves.NextWord if step > 0 else moves.PreviousWord)
    else:
        cursor.movePosition(moves.NextCharacter if step > 0 else moves.PreviousCharacter)
    if cursor.position() == character:  # there is no word further on
        return piece.length if step > 0 else 0
    return min(cursor.position(), piece.length)


def _texts(pieces: list[Piece], index: int, selection: Selection) -> list[str]:
    spans = ((piece, selection.span(index, number, piece.length)) for number, piece in enumerate(pieces))
    return [
        plain_text(piece, span)
        for piece, span in spans
        if span and piece.kind != "rule" and not piece.is_line
    ]
