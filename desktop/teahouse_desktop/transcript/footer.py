"""The row below a message: what can be done with it, its versions, its statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.looks.icons import paint_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.item import Item
from teahouse_desktop.transcript.offers import Offer

ICONS = {
    "copy": "copy",
    "copied": "check",
    "regenerate": "refresh-cw",
    "retry": "refresh-cw",
    "edit": "pencil",
    "continue": "chevrons-right",
    "branch": "git-branch",
    "delete": "trash-2",
    "copy_text": "copy",
    "previous": "chevron-left",
    "next": "chevron-right",
    "format": "sliders-horizontal",
    "pin": "pin",
    "unpin": "pin",
    "sent": "file-text",
    "facts": "info",
    "unfold": "chevron-right",
    "fold": "chevron-down",
    "copy_reasoning": "lightbulb",
    "left_out": "message-square-off",
    "good": "thumbs-up",
    "bad": "thumbs-down",
    "no_thumb": "x",
    "note": "pencil",
    "best": "star",
    "not_best": "x",
    "rank": "list-ordered",
}
GAP = 2.0
THUMBS = {"good": 1, "bad": -1}
ALWAYS = ("retry", "format")
"""Actions that are offered in words, also while nobody looks at the message."""
ON_HOVER = ("continue", "copy", "edit", "regenerate")


@dataclass(frozen=True, slots=True)
class Chip:
    """A small button or text in the row; `name` is empty for what cannot be pressed.

    Attributes:
        is_filled: What the icon stands for has been chosen.
    """

    name: str
    box: QRectF
    text: str = ""
    is_enabled: bool = True
    icon: str = ""
    is_filled: bool = False


def actions_of(item: Item, *, can_ask: bool) -> list[str]:
    """Names of the actions a message offers; `can_ask` is False while a reply is being made."""
    shown, names = item.shown, []
    if shown.message.state in ("failed", "partial") and can_ask:
        names.append("retry")
        names += ["format"] if shown.lacks_format else []
    if can_ask and not shown.is_live and _can_go_on(shown):
        names.append("continue")
    if shown.message.text:
        names.append("copy")
    if can_ask and shown.message.id:
        names.append("edit" if item.is_user else "regenerate")
    if "retry" in names and "regenerate" in names:
        names.remove("regenerate")
    if can_ask and shown.sibling(-1):
        names.append("previous")
    if can_ask and shown.sibling(+1):
        names.append("next")
    return names


def _can_go_on(shown: Shown) -> bool:
    from teahouse.chat.beginning import can_go_on  # late: it brings the store and the engine

    return can_go_on(shown.message, shown.generation)


def more_actions_of(item: Item, *, can_ask: bool) -> list[str]:
    """Names of the actions that only the menu of a message offers."""
    shown, names = item.shown, []
    if shown.reasoning:
        names += ["fold" if item.is_open else "unfold", "copy_reasoning"]
    if shown.fitted and shown.fitted.not_sent:
        names.append("left_out")
    if shown.message.id and not shown.is_live:
        names.append("unpin" if shown.message.is_pinned else "pin")
    if shown.generation and not shown.is_live:
        names.append("facts")
    if shown.generation and can_ask:
        names.append("sent")
    if shown.message.id and can_ask:
        names += ["branch", "delete"]
    return names


def judgements_of(item: Item) -> list[str]:
    """Names of what a person can say about a reply; none about what is still being made."""
    message = item.shown.message
    if message.role != "assistant" or item.shown.is_live or not message.id:
        return []
    names = [name for name, thumb in THUMBS.items() if message.thumb != thumb]
    names += ["no_thumb"] if message.thumb else []
    names += ["note"]
    if item.shown.versions > 1:
        names += ["not_best" if message.rank == 1 else "best", "rank"]
    return names


def lay_out_footer(
    item: Item,
    look: Look,
    *,
    is_active: bool,
    can_ask: bool,
    is_copied: bool = False,
    is_last: bool = False,
    offers: Sequence[Offer] = (),
) -> list[Chip]:
    """The chips of a message, places counted from its top left; most only while it is `is_active`.

    Args:
        is_last: It ends the conversation: that it can go on is offered in words.
        offers: What plugins offer on it.
    """
    names = actions_of(item, can_ask=can_ask)
    in_words = (*ALWAYS, "continue") if is_last else ALWAYS
    shown_names = [n for n in names if n in in_words or (is_active and n in ON_HOVER)]
    row = _Row(look, item.footer)
    if item.shown.versions > 1:
        row.add("previous", is_enabled="previous" in names)
        row.add("", f"{item.shown.version}/{item.shown.versions}")
        row.add("next", is_enabled="next" in names)
    if item.shown.message.is_pinned:
        row.mark("pin", words.pinned())
    if item.is_left_out:
        row.mark("message-square-off", words.left_out())
    if item.shown.is_general:
        row.mark("info", words.general_knowledge())
    if item.shown.message.rank == 1 and item.shown.versions > 1:
        row.mark("star", words.best())
    _add_judgement(row, item, is_active=is_active)
    for name in shown_names:
        if name == "copy" and is_copied:
            row.add("copied", words.action_name("copied"))
            continue
        row.add(name, words.action_name(name) if name in in_words else "")
    for offer in offers:
        if is_active and offer.is_in_footer:
            row.add(offer.name, icon=offer.icon)
    if item.is_user:
        return row.aligned_right()
    if words_beside := item.shown.status or words.describe_generation(item.shown):
        row.add("", words_beside)
    return row.chips


def _add_judgement(row: _Row, item: Item, *, is_active: bool) -> None:
    """Thumbs, filled where one is given, which a press takes back; and the note."""
    message = item.shown.message
    can_judge = is_active and bool(judgements_of(item))
    for name, thumb in THUMBS.items():
        if message.thumb == thumb:
            row.add("no_thumb", icon=ICONS[name], is_filled=True)
        elif can_judge:
            row.add(name)
    if message.note:
        row.mark(ICONS["note"], words.short_note(message.note))


def paint_footer(painter: QPainter, chips: list[Chip], look: Look, *, hovered: str) -> None:
    """Draw the chips; the painter's origin is the message's top left."""
    for chip in chips:
        is_hot = bool(chip.name) and chip.name == hovered and chip.is_enabled
        if is_hot:
            _paint_ground(painter, chip.box, look)
        is_marked = bool(chip.name and chip.text) or chip.is_filled
        colour = look.colour("text" if is_hot else "accent" if is_marked else "muted")
        painter.setOpacity(1.0 if chip.is_enabled else 0.4)
        text_box = chip.box
        if chip.icon:
            side = look.em * 0.78
            left = chip.box.left() + (chip.box.height() - side) / 2
            icon = QRectF(left, chip.box.center().y() - side / 2, side, side)
            paint_icon(painter, chip.icon, icon, colour, is_filled=chip.is_filled)
            text_box = chip.box.adjusted(chip.box.height(), 0, 0, 0)
        painter.setPen(colour)
        painter.setFont(look.small)
        painter.drawText(text_box, int(Qt.AlignmentFlag.AlignVCenter), chip.text)
        painter.setOpacity(1.0)


def _paint_ground(painter: QPainter, box: QRectF, look: Look) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("hover"))
    painter.drawRoundedRect(box, 6, 6)
    painter.restore()


class _Row:
    """Places chips from left to right."""

    def __init__(self, look: Look, box: QRectF) -> None:
        self.chips: list[Chip] = []
        self._metrics = QFontMetricsF(look.small)
        self._box = box
        self._x = box.left()

    def add(
        self, name: str, text: str = "", *, is_enabled: bool = True, icon: str = "", is_filled: bool = False
    ) -> None:
        """Place the next chip; a text that does not fit is cut with an ellipsis."""
        self._place(Chip(name, QRectF(), text, is_enabled, icon or ICONS.get(name, ""), is_filled))

    def mark(self, icon: str, text: str) -> None:
        """Place a mark: an icon with words, which cannot be pressed."""
        self._place(Chip("", QRectF(), text, icon=icon))

    def _place(self, chip: Chip) -> None:
        side = self._box.height() - 2
        room = self._box.right() - self._x - (side if chip.icon else 8)
        text = self._metrics.elidedText(chip.text, Qt.TextElideMode.ElideRight, max(0.0, room))
        width = (side if chip.icon else 0) + (self._metrics.horizontalAdvance(text) + 8 if text else 0)
        box = QRectF(self._x, self._box.top(), width, side)
        self.chips.append(replace(chip, box=box, text=text))
        self._x += width + GAP

    def aligned_right(self) -> list[Chip]:
        """The chips moved to the right edge."""
        shift = QPointF(self._box.right() - (self._x - GAP), 0)
        return [replace(chip, box=chip.box.translated(shift)) for chip in self.chips]
