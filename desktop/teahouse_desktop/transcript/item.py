"""One message in the transcript: its pieces and where they lie, made when it is first seen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.composer.attaching import attached_to
from teahouse_desktop.looks.look import Look
from teahouse_desktop.parts import PartMark, PartView, PartViews, no_views
from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.attached import AttachmentPiece, build_attachment
from teahouse_desktop.transcript.body import Body
from teahouse_desktop.transcript.lead import Lead
from teahouse_desktop.transcript.part_lines import PartPiece, build_lines
from teahouse_desktop.transcript.part_marks import marks_of, with_missing, write_marks
from teahouse_desktop.transcript.pieces import Piece

BUBBLE_PADDING = QPointF(14, 9)
BUBBLE_SHARE = 0.85
"""Widest bubble, as a share of the column."""


@dataclass(eq=False)
class Item:
    """A message with its geometry; pixels count from its top left.

    Attributes:
        height: Exact once `is_exact`, estimated before.
        boxes: Its pieces and where they are.
        bubble: Ground of what the person wrote.
        footer: Row of actions and statistics.
        is_unfolded: Whether the person wants to see the reasoning; None while they have not said.
        is_left_out: The newest reply was made without this message.
        parts: Asked what plugins show of its parts.
        views: What they show, once it is built.
    """

    shown: Shown
    height: float = 0.0
    is_exact: bool = False
    boxes: list[tuple[Piece, QRectF]] = field(default_factory=list)
    bubble: QRectF | None = None
    footer: QRectF = field(default_factory=QRectF)
    is_unfolded: bool | None = None
    is_left_out: bool = False
    parts: PartViews = no_views
    views: tuple[PartView, ...] = ()
    _lead: Lead | None = None
    _body: Body | None = None
    _note: list[Piece] = field(default_factory=list)
    _notice: list[Piece] = field(default_factory=list)
    _lines: list[PartPiece] = field(default_factory=list)
    _files: list[AttachmentPiece] = field(default_factory=list)

    @property
    def is_user(self) -> bool:
        """Whether a person wrote it."""
        return self.shown.message.role == "user"

    @property
    def is_built(self) -> bool:
        """Whether its documents exist."""
        return self._body is not None

    @property
    def is_open(self) -> bool:
        """Whether its reasoning is to be seen: as the person chose, else as long as there is no answer."""
        if not self.shown.reasoning:
            return False
        return not self.shown.message.text if self.is_unfolded is None else self.is_unfolded

    @property
    def pieces(self) -> list[Piece]:
        """Its pieces in order; empty until built."""
        lead = self._lead.pieces if self._lead else []
        body = self._body.pieces if self._body else []
        return [*self._files, *self._notice, *lead, *body, *self._lines, *self._note]

    @property
    def marks(self) -> tuple[PartMark, ...]:
        """What plugins mark in its words; they are numbered in this order."""
        return marks_of(self.views)

    def estimate(self, look: Look, width: float) -> None:
        """Guess the height from the length of the text."""
        per_line = max(20.0, width / (look.em * 0.36))
        text = self.shown.message.text
        breaks = text.count("\n") + 1
        lines = max(breaks, math.ceil(len(text) / per_line + breaks / 2))
        lines += bool(self.shown.reasoning) + bool(self.shown.fitted)
        lines += 3 * sum(part.kind in ("attachment", "passages") for part in self.shown.message.parts)
        self.height = lines * look.em * 1.28 + top_margin(look) + footer_height(look)
        self.is_exact = False

    def build(self, look: Look) -> None:
        """Make the documents, if there are none."""
        if self._body is None:
            self._body = Body(look, is_plain=self.is_user)
            self.views = tuple(self.parts(self.shown.message))
            text = self.shown.message.text
            if self.shown.is_live:
                self._body.feed(text)
            elif text:
                marks = () if self.is_user else self.marks
                self._body.set_text(with_missing(text, marks))
                write_marks(self._body.pieces, marks, look)
            self._lead = None if self.is_user else Lead(look)
            self._set_frame(look)

    def release(self) -> None:
        """Give the documents back; the geometry stays."""
        self._lead, self._body, self._note, self._files, self.boxes = None, None, [], [], []
        self._notice, self._lines, self.views = [], [], ()
        self.is_exact = False

    def feed(self, text: str, kind: str = "text") -> None:
        """Add streamed text of the answer or the reasoning."""
        self.shown = self.shown.grown(text, kind)
        grown = self._lead if kind == "reasoning" else self._body
        if grown:
            grown.feed(text)
        if self._lead:
            self._lead.show(self.shown, is_open=self.is_open)
        self.is_exact = False

    def fold(self, look: Look, *, is_unfolded: bool) -> None:
        """Show or hide the reasoning."""
        self.is_unfolded = is_unfolded
        if self._body:
            self._set_frame(look)
        self.is_exact = False

    def replace(self, shown: Shown, look: Look) -> None:
        """Show another state of the message; what was built is kept while the text is the same."""
        before = self.shown
        is_same_text = shown.message is before.message or shown.message.text == before.message.text
        is_same_text = is_same_text and (not self._body or self.views == tuple(self.parts(shown.message)))
        same = is_same_text and shown.is_live == before.is_live
        ended = is_same_text and before.is_live and not shown.is_live
        self.shown = shown
        if self._body and ended:
            self._body.finish()
        elif not same:
            self._body = self._lead = None
        if self._body:
            self._set_frame(look)
        self.is_exact = False

    def lay_out(self, look: Look, width: float) -> None:
        """Find the place of every piece in a column of this width."""
        self.build(look)
        self.is_exact = True
        top = top_margin(look) if self.is_user else 0.0
        inner = width
        left = 0.0
        if self.is_user:
            inner, left = self._bubble_width(width)
            top += BUBBLE_PADDING.y()
        bottom = self._stack(left, top, inner)
        self.bubble = None
        if self.is_user:
            pad = BUBBLE_PADDING
            self.bubble = QRectF(
                left - pad.x(), top - pad.y(), inner + 2 * pad.x(), bottom - top + 2 * pad.y()
            )
            bottom += pad.y()
        self.footer = QRectF(0, bottom + 2, width, footer_height(look))
        self.height = math.ceil(self.footer.bottom())

    # --- inside -----------------------------------------------------------------------------------

    def _stack(self, left: float, top: float, width: float) -> float:
        self.boxes, previous, y = [], None, top
        for piece in self.pieces:
            y = round(y + piece.gap(previous))
            height = piece.height(width)
            self.boxes.append((piece, QRectF(left, y, width, height)))
            y, previous = y + height, piece
        return math.ceil(y)

    def _bubble_width(self, width: float) -> tuple[float, float]:
        most = width * BUBBLE_SHARE - 2 * BUBBLE_PADDING.x()
        ideal = max((piece.ideal_width() for piece in self.pieces), default=40.0)
        inner = min(most, max(24.0, math.ceil(ideal)))
        return inner, width - inner - BUBBLE_PADDING.x()

    def _set_frame(self, look: Look) -> None:
        """What stands above and below the text."""
        from teahouse_desktop.transcript.builder import build_plain

        given = attached_to(self.shown.message)
        if tuple(piece.attachment for piece in self._files) != given:
            self._files = [build_attachment(one, look) for one in given]
        note = words.describe_state(self.shown)
        self._note = [build_plain(note[1], look, kind=note[0])] if note else []
        if [piece.text for piece in self._notice] != [text for text in (self.shown.notice,) if text]:
            self._notice = [build_plain(text, look, kind="note") for text in (self.shown.notice,) if text]
        if [piece.line for piece in self._lines] != [line for view in self.views for line in view.lines]:
            self._lines = build_lines(self.views, look)
        if self._lead:
            self._lead.show(self.shown, is_open=self.is_open)


def top_margin(look: Look) -> float:
    """Air above a message."""
    return round(look.em * 0.7)


def footer_height(look: Look) -> float:
    """Height of the row of actions and statistics."""
    return round(look.em * 1.5)
