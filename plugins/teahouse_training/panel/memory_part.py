"""How much memory a training will take, what of it for what, and what could be freed."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse.language import listed, sentences
from teahouse_desktop.forms import CheckBox, Fold, make_text, say
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_training.panel.values import Looked
from teahouse_training.panel.words import _

SMALL_BYTES = 1_000_000_000
"""Below it the estimate is less sure: the allocator keeps some of what many small tensors gave back."""


class MemoryPart(QWidget):
    """The estimate with its parts; the offer to unload the chat's model meanwhile."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.words, self.warning = make_text(self), make_text(self, "danger")
        self.parts = make_text(self, "muted")
        self.parts.hide()
        self.fold = Fold(_("What it is for"), lambda _parent: self.parts, look, self, is_card=False)
        self.unload = CheckBox(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.words, self.fold, self.warning, self.unload):
            column.addWidget(part)
        self.show_looked(Looked())

    def show_looked(self, looked: Looked) -> None:
        """Show the estimate for a wish."""
        say(self.words, _needed(looked))
        self.parts.setText("\n".join(f"{name}: {size_in_words(size)}" for name, size in looked.parts))
        self.fold.setVisible(bool(looked.parts))
        was_offered = bool(self.unload.text())
        names = listed(f"“{name}”" for name in looked.loaded)
        text = _("Unload {names} during the training and load it again afterwards") if names else ""
        self.unload.setText(text.format(names=names))
        self.unload.setVisible(bool(names))
        if not was_offered:
            self.unload.setChecked(looked.is_short)
        warning = _("That is more than is free. It may fail, and nothing is lost then; shorter rows help.")
        say(self.warning, warning if looked.is_short else "")

    @property
    def is_unloaded(self) -> bool:
        """Whether the models in memory are to go meanwhile."""
        return bool(self.unload.text()) and self.unload.isChecked()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.fold.set_look(look)


def _needed(looked: Looked) -> str:
    if not looked.needed_bytes:
        return ""
    needed = _("It takes about {size} of memory.").format(size=size_in_words(looked.needed_bytes))
    is_small = looked.needed_bytes < SMALL_BYTES
    more = _("With a model this small it may be a third more.") if is_small else ""
    free = _("{size} are free now.").format(size=size_in_words(looked.free_bytes))
    return sentences(needed, more, free if looked.free_bytes else "")
