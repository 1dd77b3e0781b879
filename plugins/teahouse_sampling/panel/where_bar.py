"""At which token the drawings look; one step back or on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from teahouse_desktop.forms import draw_icon, make_icon_button, make_text
from teahouse_desktop.looks.look import Look
from teahouse_sampling.panel.explaining import Explained
from teahouse_sampling.panel.words import _


class WhereBar(QWidget):
    """Says it in a line.

    Signals:
        moved: So many tokens back (positive) or on.
        wanted: Draw, although it takes its time.
    """

    moved = Signal(int)
    wanted = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = make_text(self, "muted")
        self.back = make_icon_button(self, "chevron-left", _("One token back"), look)
        self.on = make_icon_button(self, "chevron-right", _("One token on"), look)
        self.draw = QPushButton(_("Draw"), self)
        self.draw.setProperty("kind", "plain")
        self.draw.clicked.connect(self.wanted)
        self.back.clicked.connect(lambda: self.moved.emit(1))
        self.on.clicked.connect(lambda: self.moved.emit(-1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.words, 1)
        row.addWidget(self.draw)
        row.addWidget(self.back)
        row.addWidget(self.on)
        self.show_explained(Explained())

    def show_explained(self, explained: Explained) -> None:
        """Say where the drawings look, or why there are none."""
        text = _("Drawn: where the model chose “{token}”, token {place} of {count}.")
        told = text.format(token=explained.token, place=explained.place, count=explained.count)
        self.words.setText(told if explained.stages else explained.absence)
        self.draw.setVisible(explained.can_draw)
        self.back.setVisible(bool(explained.stages))
        self.on.setVisible(bool(explained.stages))
        self.back.setEnabled(explained.place > 1)
        self.on.setEnabled(explained.place < explained.count)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        draw_icon(self.back, "chevron-left", look)
        draw_icon(self.on, "chevron-right", look)
