"""A list of short texts, one on each line; what cannot be typed is written as `\\n`, `\\t` or `\\\\`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from teahouse_desktop.forms.text_area import TextArea

WRITTEN = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
READ = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


class LinesField(TextArea):
    """Shows texts and takes others; empty lines do not count, spaces do.

    Signals:
        changed: (tuple of texts) that the person wants; another one than before.
    """

    changed = Signal(object)

    def __init__(self, texts: Sequence[str] = (), parent: QWidget | None = None, *, lines: int = 3) -> None:
        super().__init__(parent, lines=lines)
        self._texts: tuple[str, ...] = ()
        self.set_texts(texts)
        self.settled.connect(self._settle)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the lines stand for."""
        return tuple(read(line) for line in self.toPlainText().split("\n") if line)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Show these; what is just being typed stays."""
        self._texts = tuple(texts)
        if not self.is_typing and self.texts != self._texts:
            self.show_text("\n".join(map(written, self._texts)))

    def _settle(self) -> None:
        if self.texts != self._texts:
            self._texts = self.texts
            self.changed.emit(self._texts)


def written(text: str) -> str:
    """A text on one line."""
    return "".join(WRITTEN.get(letter, letter) for letter in text)


def read(line: str) -> str:
    """The text that a line stands for; a backslash before anything else is a backslash."""
    return re.sub(r"\\([nrt\\])", lambda found: READ[found[1]], line)
