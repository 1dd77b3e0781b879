"""The text of a file as it was read, the passage marked in it; it is never taken for markup."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from teahouse.passages import BETWEEN_HEADINGS, Piece
from teahouse_desktop.looks.look import Look

MONO = ("table", "code")
LINE = 1.25


class ReaderText(QTextEdit):
    """Shows pieces one below the other; can be selected and copied, by keyboard too."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QTextEdit.LineWrapMode.WidgetWidth)
        self._look = look
        self._pieces: tuple[Piece, ...] = ()
        self._marked: frozenset[int] = frozenset()
        self._first = -1

    @property
    def marked_text(self) -> str:
        """What is marked."""
        return "\n\n".join(self._pieces[number].text for number in sorted(self._marked))

    def show_pieces(self, pieces: Sequence[Piece], marked: Collection[int]) -> None:
        """Show these, and go to the first marked one.

        Args:
            marked: Numbers among the pieces.
        """
        self._pieces = tuple(pieces)
        self._marked = frozenset(number for number in marked if 0 <= number < len(self._pieces))
        self._write()
        self.reveal()

    def reveal(self) -> None:
        """Bring the passage into view, near the top."""
        cursor = self.textCursor()
        cursor.setPosition(max(0, self._first))
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        top = self.cursorRect(cursor).top() + bar.value() if self._first >= 0 else 0
        bar.setValue(max(0, round(top - self.viewport().height() / 5)))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        place = self.verticalScrollBar().value()
        self._write()
        self.verticalScrollBar().setValue(place)

    # --- inside -----------------------------------------------------------------------------------

    def _write(self) -> None:
        self.clear()
        self.setFont(self._look.font)
        self._first = -1
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        heading: tuple[str, ...] = ()
        for number, piece in enumerate(self._pieces):
            if piece.place.heading and piece.place.heading != heading:
                heading = piece.place.heading
                self._paragraph(cursor, BETWEEN_HEADINGS.join(heading), self._heading())
            if number in self._marked and self._first < 0:
                self._first = cursor.position() + (not cursor.atStart())
            self._paragraph(cursor, piece.text, self._form(piece, number in self._marked))
        cursor.endEditBlock()

    def _paragraph(self, cursor: QTextCursor, text: str, form: QTextCharFormat) -> None:
        if not cursor.atStart():
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        block = QTextBlockFormat()
        block.setTopMargin(self._look.em * 0.35)
        block.setLineHeight(LINE * 100, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(block)
        cursor.insertText(text, form)

    def _heading(self) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.Bold)
        form.setForeground(self._look.colour("muted"))
        return form

    def _form(self, piece: Piece, is_marked: bool) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(self._look.colour("text"))
        if piece.kind in MONO:
            form.setFontFamilies(self._look.mono.families())
        if is_marked:
            form.setBackground(marker(self._look))
        return form


def marker(look: Look) -> QColor:
    """The ground of a marked passage, on which text can be read in both themes."""
    return look.colour("selection")
