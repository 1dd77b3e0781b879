"""The transcript: messages painted from lazily laid-out documents, scrolled as one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.parts import PartViews
from teahouse_desktop.transcript import accessible, folds, keys, part_lines, words
from teahouse_desktop.transcript.area import GUTTER, TranscriptArea
from teahouse_desktop.transcript.footer import Chip, lay_out_footer
from teahouse_desktop.transcript.growth import changed_rect, drawn
from teahouse_desktop.transcript.menu import make_menu
from teahouse_desktop.transcript.offers import Offers, no_offers
from teahouse_desktop.transcript.painting import Scene, paint_item
from teahouse_desktop.transcript.pointer import Pointer, Spot
from teahouse_desktop.transcript.selection import (
    Selection,
    message_text,
    select_all,
    selected_markdown,
    selected_text,
)
from teahouse_desktop.transcript.thumbnails import Thumbnails

COPIED_MS = 1500


class Transcript(TranscriptArea):
    """Shows the messages of one conversation.

    Signals:
        action_requested: (name, message id): regenerate, retry, continue, edit, previous, next, pin,
            unpin, sent, branch, delete, and what can be said about a reply (see `footer.judgements_of`).
        link_requested: The target of a link that was clicked; nothing is opened here.
        typed: A letter was typed here, which is meant for the composer.
        attachment_requested: (message id, hash of its file): the file is to be shown.
        current_changed: Id of the message that has the focus mark now; empty for none.

    Attributes:
        offers: What plugins offer on a message.
    """

    action_requested = Signal(str, str)
    link_requested = Signal(str)
    typed = Signal(str)
    attachment_requested = Signal(str, str)
    current_changed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.selection: Selection | None = None
        self.current = -1
        self.offers: Offers = no_offers
        self._can_ask = True
        self._copied: tuple[int, int] | None = None
        self._pointer = Pointer(self)
        self.thumbnails = Thumbnails(self)
        self.thumbnails.changed.connect(self.viewport().update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        accessible.install()
        self._name()
        self.set_look(look)

    # --- what is shown ----------------------------------------------------------------------------

    def open(self, messages: Sequence[Shown]) -> None:
        """Show a conversation from its end."""
        self.column.items = []
        self.selection, self.current, self._is_stuck = None, -1, True
        self.column.set_items(messages)
        self.show_change()

    def refresh(self, messages: Sequence[Shown]) -> None:
        """Show the same conversation after a change; what is in view stays in view."""
        if len(messages) < len(self.column.items):
            self.selection = None
        self.column.set_items(messages)
        self.current = min(self.current, len(messages) - 1)
        self.show_change()

    def append(self, *messages: Shown) -> None:
        """Add messages and go to the end."""
        for shown in messages:
            self.column.append(shown)
        self.jump_to_end()

    def truncate(self, message_id: str) -> None:
        """Take away a message and all below it: another version of it comes."""
        index = self.column.index_of(message_id)
        if index >= 0:
            self.refresh([item.shown for item in self.column.items[:index]])

    def update_message(self, index: int, shown: Shown) -> None:
        """Replace one message."""
        self.column.replace(index, shown)
        self.show_change()

    def feed(self, index: int, text: str, kind: str = "text") -> None:
        """Add streamed text of the answer or the reasoning to a message."""
        folds.before_feed(self, index, kind)
        before = drawn(self, index)
        self.column.items[index].feed(text, kind)
        self._settle(ensure=index)
        changed = changed_rect(before, drawn(self, index))
        self.viewport().update(changed.toAlignedRect() if changed else self.viewport().rect())

    def show_change(self, index: int = -1) -> None:
        """Lay out and paint again; a message named by its index also where it is out of view."""
        self._settle(ensure=index)
        self.viewport().update()

    @property
    def can_ask(self) -> bool:
        """Whether actions that ask the model are offered now."""
        return self._can_ask

    def set_can_ask(self, can_ask: bool) -> None:
        """Offer actions that ask the model, or not while it answers."""
        self._can_ask = can_ask
        self.viewport().update()

    def set_look(self, look: Look) -> None:
        """Draw with another theme, font or language."""
        self.column.set_look(look)
        look.formulas.changed.connect(self._on_formulas, Qt.ConnectionType.UniqueConnection)
        self._jump.setIcon(make_icon("arrow-down", look.colour("text")))
        self._take_width()
        self.show_change()

    def set_parts(self, parts: PartViews) -> None:
        """Show what plugins show of the parts of messages."""
        self.column.set_parts(parts)
        self.show_change()

    # --- selection and focus ------------------------------------------------------------------------

    def select(self, selection: Selection | None) -> None:
        """Mark a part of the text."""
        self.selection = selection
        self.viewport().update()

    def select_all(self) -> None:
        """Mark everything."""
        self.select(select_all(self.column))

    @property
    def selected_text(self) -> str:
        """The marked text; empty for none."""
        return selected_text(self.column, self.selection) if self.selection else ""

    def copy(self, *, is_markdown: bool = False) -> None:
        """Put the marked text on the clipboard; as Markdown, messages that are marked whole as written."""
        if self.selection and self.selected_text:
            read = selected_markdown if is_markdown else selected_text
            QGuiApplication.clipboard().setText(read(self.column, self.selection))

    def set_current(self, index: int) -> None:
        """Give one message the focus mark; -1 for none."""
        self.current = max(-1, min(index, len(self.column.items) - 1))
        if self.current >= 0:
            self._bring_into_view(self.current)
            accessible.announce_focus(self, self.current)
        is_any = self.current >= 0
        self.current_changed.emit(self.column.items[self.current].shown.message.id if is_any else "")
        self.viewport().update()

    def act(self, name: str, index: int, piece: int = -1) -> None:
        """Do an action on a message: copying here, all else through `action_requested`."""
        item = self.column.items[index]
        if name in ("copy", "copy_code", "copy_text"):
            text = item.pieces[piece].text if name == "copy_code" else item.shown.message.text
            text = message_text(self.column, index) if name == "copy_text" else text
            QGuiApplication.clipboard().setText(text)
            self._copied = (index, piece)
            QTimer.singleShot(COPIED_MS, self._forget_copied)
            self.viewport().update()
        elif name != "copied" and not (folds.act(self, name, index) or part_lines.act(self, name, index)):
            self.action_requested.emit(name, item.shown.message.id)

    # --- looks of one message -------------------------------------------------------------------------

    def chips(self, index: int) -> list[Chip]:
        """The chips of a message as they are shown now."""
        is_active = index in (self._pointer.spot.item, self.current if self.hasFocus() else -1)
        return lay_out_footer(
            self.column.items[index],
            self.column.look,
            is_active=is_active,
            can_ask=self._can_ask,
            is_copied=self._copied == (index, -1),
            is_last=index == len(self.column.items) - 1,
            offers=self.offers(self.column.items[index].shown.message),
        )

    # --- events -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the messages in view."""
        if self._settle() and event.rect() != self.viewport().rect():
            self.viewport().update()
        painter = QPainter(self.viewport())
        try:
            self._paint(painter, QRectF(event.rect()))
        finally:
            painter.end()  # a painter that is left open takes the process down with it

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(area, self.column.look.colour("base"))
        for index in self.visible():
            rect = self.item_rect(index)
            if rect.adjusted(-GUTTER, 0, GUTTER, 0).intersects(area):
                painter.save()
                painter.translate(rect.topLeft())
                scene = self._scene(index, area.translated(-rect.topLeft()))
                paint_item(painter, self.column.items[index], index, self.chips(index), scene)
                painter.restore()

    def _scene(self, index: int, clip: QRectF) -> Scene:
        spot = self._pointer.spot
        is_under = spot.item == index
        copied = self._copied[1] if self._copied and self._copied[0] == index else -1
        return Scene(
            look=self.column.look,
            clip=clip,
            selection=self.selection,
            has_focus=self.hasFocus() and index == self.current,
            hovered=spot.chip if is_under else "",
            hovered_piece=max(spot.code, spot.line) if is_under else -1,
            copied_piece=copied,
            thumbnails=self.thumbnails,
        )

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self.set_look(self.column.look)
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, copy, walk through the messages (see `keys`)."""
        if not keys.press(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by the keyboard, the last message in view gets the mark."""
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            visible = self.visible()
            if self.current not in visible and visible:
                self.set_current(visible[-1])
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The focus mark goes."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection or press a chip."""
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection, or follow with the hover."""
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a selection, do what was pressed."""
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        self._pointer.double_click(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips of chips and links; the hover ends when the pointer leaves."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(
                event.globalPos(), self._tip(self._pointer.find(QPointF(event.pos()))), self.viewport()
            )
            return True
        if event.type() == QEvent.Type.Leave:
            self._pointer.leave()
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done here."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.open_menu(self.current)
            return
        spot = self._pointer.find(QPointF(self.viewport().mapFromGlobal(event.globalPos())))
        self._popup(spot, event.globalPos())

    def open_menu(self, index: int) -> None:
        """The menu of a message, from the keyboard."""
        if 0 <= index < len(self.column.items):
            self._bring_into_view(index)
            point = self.item_rect(index).topLeft() + QPointF(20, 20)
            point.setY(max(10.0, point.y()))
            self._popup(Spot(item=index), self.viewport().mapToGlobal(point.toPoint()))

    # --- inside -----------------------------------------------------------------------------------

    def _popup(self, spot: Spot, place: QPoint) -> None:
        if spot.item >= 0:
            menu = make_menu(self, spot, can_ask=self._can_ask)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)

    def _tip(self, spot: Spot) -> str:
        if spot.link:
            return spot.link
        if spot.mark >= 0:
            return words.plain_tip(self.column.items[spot.item].marks[spot.mark].tip)
        if spot.line >= 0:
            return words.line_tip(self.column.items[spot.item], spot.line)
        if spot.chip.startswith("plugin."):
            offers = self.offers(self.column.items[spot.item].shown.message)
            return next((offer.title for offer in offers if offer.name == spot.chip), "")
        return words.action_name(spot.chip) if spot.chip else ""

    def _on_formulas(self) -> None:
        """Formulas have been set: what shows them has another height."""
        for item in self.column.items:
            has_formulas = [piece.lay_out_formulas() for piece in item.pieces]
            item.is_exact = item.is_exact and not any(has_formulas)
        self.show_change()

    def _forget_copied(self) -> None:
        self._copied = None
        self.viewport().update()

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Conversation"))
        self._jump.setAccessibleName(self.tr("Go to the end"))
        self._jump.setToolTip(self.tr("Go to the end"))
