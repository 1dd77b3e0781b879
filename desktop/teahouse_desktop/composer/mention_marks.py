"""Sets off the names in the field that were chosen from the list; the text itself is not touched."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextEdit

from teahouse_desktop.composer.field import Field
from teahouse_desktop.looks.look import Look

KEPT = 40
"""Names that are remembered, the last ones chosen."""
MOST_MARKS = 60
LONGEST = 20_000
"""Characters; in a longer text nothing is set off, so that typing stays quick."""


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
        found: list[QTextEdit.ExtraSelection] = []
        for name in self._names:
            cursor = document.find(name, 0, QTextDocument.FindFlag.FindCaseSensitively)
            while not cursor.isNull() and len(found) < MOST_MARKS:
                mark = QTextEdit.ExtraSelection()
                mark.cursor = cursor
                mark.format.setForeground(self._look.colour("link"))
                found.append(mark)
                cursor = document.find(name, cursor, QTextDocument.FindFlag.FindCaseSensitively)
        return found
