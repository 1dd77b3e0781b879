"""A text in a formal language, in which the place of a mistake is marked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from teahouse_desktop.forms.text_area import TextArea
from teahouse_desktop.looks.look import Look

LINES = 6
TAB_SPACES = 4


class MarkedText(TextArea):
    """An editor with the font of code.

    Signals:
        changed: (text) that the person wants; another one than before.
    """

    changed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None, *, lines: int = LINES) -> None:
        super().__init__(parent, lines=lines)
        self._text = ""
        self._mark = (0, 0)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.set_look(look)
        self.settled.connect(self._settle)

    @property
    def mark(self) -> tuple[int, int]:
        """Line and column of the marked place, both from 1; zeros where nothing is marked."""
        return self._mark

    def set_text(self, text: str) -> None:
        """Show a text; what is just being typed stays."""
        self._text = text
        self.show_text(text)

    def mark_place(self, line: int, column: int) -> None:
        """Mark a place, both counted from 1; zeros mark nothing."""
        self._mark = (line, column)
        self.setExtraSelections(self._selections() if line else [])

    def go_to_mark(self) -> None:
        """Put the cursor there."""
        if self._mark[0]:
            self.setTextCursor(self._cursor())
            self.setFocus()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.setFont(look.mono)
        self.setTabStopDistance(QFontMetrics(look.mono).horizontalAdvance(" ") * TAB_SPACES)
        self.mark_place(*self._mark)
        self.updateGeometry()

    # --- inside -----------------------------------------------------------------------------------

    def _settle(self) -> None:
        text = self.toPlainText()
        if text != self._text:
            self._text = text
            self.changed.emit(text)

    def _selections(self) -> list[QTextEdit.ExtraSelection]:
        line, letter = QTextEdit.ExtraSelection(), QTextEdit.ExtraSelection()
        line.cursor = self._cursor()
        line.format.setBackground(self._look.colour("hover"))
        line.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        letter.cursor = self._cursor()
        way = QTextCursor.MoveOperation
        if not letter.cursor.movePosition(way.NextCharacter, QTextCursor.MoveMode.KeepAnchor):
            letter.cursor.movePosition(way.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        letter.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        letter.format.setUnderlineColor(self._look.colour("danger"))
        letter.format.setForeground(self._look.colour("danger"))
        return [line, letter]

    def _cursor(self) -> QTextCursor:
        line, column = self._mark
        block = self.document().findBlockByNumber(min(line, self.document().blockCount()) - 1)
        cursor = QTextCursor(block)
        place = min(max(column - 1, 0), max(block.length() - 1, 0))
        cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.MoveAnchor, place)
        return cursor
