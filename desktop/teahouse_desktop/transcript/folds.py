"""Folding the reasoning, and the lines above an answer that can be pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from teahouse_desktop.transcript.attached import AttachmentPiece
from teahouse_desktop.transcript.item import Item
from teahouse_desktop.transcript.part_lines import PartPiece, press

if TYPE_CHECKING:
    from teahouse_desktop.transcript.view import Transcript


def act(view: Transcript, name: str, index: int) -> bool:
    """Do an action on what stands above an answer; False when it is none."""
    if name == "copy_reasoning":
        QGuiApplication.clipboard().setText(view.column.items[index].shown.reasoning)
    elif name in ("fold", "unfold"):
        toggle(view, index)
    elif name == "left_out":
        follow_context(view, index)
    else:
        return False
    return True


def can_fold(item: Item) -> bool:
    """Whether a message has reasoning that can be shown and hidden."""
    return bool(item.shown.reasoning)


def press_line(view: Transcript, index: int, piece: int) -> None:
    """Do what a line offers: fold and unfold, show what was not sent, or show a file."""
    item = view.column.items[index]
    found = item.pieces[piece]
    if isinstance(found, AttachmentPiece):
        view.attachment_requested.emit(item.shown.message.id, found.attachment.hash)
    elif isinstance(found, PartPiece):
        press(item, found.line)
    elif found.kind == "fold":
        toggle(view, index)
    else:
        follow_context(view, index)


def toggle(view: Transcript, index: int) -> None:
    """Show or hide the reasoning of a message; what is above it stays in place."""
    item = view.column.items[index]
    if not can_fold(item):
        return
    _drop_selection(view, index)
    item.fold(view.column.look, is_unfolded=not item.is_open)
    view.show_change(index)


def follow_context(view: Transcript, index: int) -> None:
    """Go to the first message that was not sent; where all were sent, ask for what was."""
    shown = view.column.items[index].shown
    found = first_left_out(view, index)
    if found >= 0:
        view.setFocus()
        view.set_current(found)
    elif shown.message.id:
        view.action_requested.emit("sent", shown.message.id)


def first_left_out(view: Transcript, index: int) -> int:
    """Index of the first visible message that was not sent for this reply; -1 for none."""
    fitted = view.column.items[index].shown.fitted
    if fitted is None:
        return -1
    found = (view.column.index_of(message_id) for message_id in fitted.not_sent)
    return next((place for place in found if place >= 0), -1)


def before_feed(view: Transcript, index: int, kind: str) -> None:
    """Before the first word of an answer: reasoning that is being read stays open, else it folds."""
    item = view.column.items[index]
    if kind != "text" or item.shown.message.text or not item.is_open or item.is_unfolded is not None:
        return
    if view.is_at_end:
        _drop_selection(view, index)
    else:
        item.is_unfolded = True


def _drop_selection(view: Transcript, index: int) -> None:
    """Pieces are counted anew: a selection that touches the message would mark something else."""
    selection = view.selection
    if selection and selection.start.item <= index <= selection.end.item:
        view.select(None)
