"""Sets off the names in the field that were chosen from the list; the text itself is not touched."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit

from teahouse.mentions import starts_of
from teahouse_desktop.composer.field import Field
from teahouse_desktop.looks.look import Look
from teahouse_desktop.units import units

KEPT = 40
"""Names that are remembered, the last ones chosen."""
MOST_MARKS = 60
LONGEST = 20_000
"""Characters; in a longer text nothing is set off, so that typing stays quick."""
INSIDE_WORD = re.compile(r"(?:[^\W_](?<![\u2e80-\U0010ffff])){2}")
"""Two letters or digits of one word; Han characters stand alone."""


class MentionMarks(QObject):
    """Draws the chosen names in the colour of a link, but for the time an input method composes.

    Drawn over the text like a selection: what is copied, undone and sent knows nothing of it.
    """

    def __init__(self, field: Field, look: Look) -> None:
        super().__init__(field)
        self._field, self._look = field, look
        self._names: list[str] = []
        field.textChanged.connect(self.draw)
        field.composing_changed.connect(self.draw)

    def add(self, name: str) -> None:
        """Set off a name from now on, with its mark: `@plan.pdf`."""
        others = [one for one in self._names if one != name]
        self._names = [*others[1 - KEPT :], name]
        self.draw()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.draw()

    def draw(self) -> None:
        """Set off what stands in the field now."""
        if self._names or self._field.extraSelections():
            self._field.setExtraSelections(self._found())

    def _found(self) -> list[QTextEdit.ExtraSelection]:
        document = self._field.document()
        if self._field.is_composing or document.characterCount() > LONGEST:
            return []  # Qt counts the letters of a composition too, and would set off others
        text = self._field.toPlainText()
        named = ((start, self._named_at(text, start)) for start in starts_of(text))
        places = [(start, name) for start, name in named if name]
        return [self._mark(units(text[:start]), units(name)) for start, name in places[:MOST_MARKS]]

    def _named_at(self, text: str, start: int) -> str:
        """The longest name that stands at a place and ends with a word there; empty for none."""
        here = [name for name in self._names if text.startswith(name, start)]
        whole = [name for name in here if not INSIDE_WORD.match(text, start + len(name) - 1)]
        return max(whole, key=len, default="")

    def _mark(self, start: int, length: int) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = QTextCursor(self._field.document())
        mark.cursor.setPosition(start)
        mark.cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        mark.format.setForeground(self._look.colour("link"))
        return mark
