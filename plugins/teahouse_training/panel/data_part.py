"""Where the examples come from: typed rows, files, or conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from teahouse_desktop.forms import CheckBox, ChoiceBox, FlowRow, make_text
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_words import breakable
from teahouse_desktop.widgets.choice_row import ChoiceRow
from teahouse_training.panel.pairs_table import PairsTable
from teahouse_training.panel.values import Conversations, Origin, Wanted
from teahouse_training.panel.words import _

ORIGINS: tuple[Origin, ...] = ("typed", "file", "conversations")


class DataPart(QWidget):
    """One of three ways is shown at a time.

    Signals:
        changed: Another choice than before.
        file_requested: The person wants to choose a file.
        held_out_requested: The same for a file of rows that are never learned.
    """

    changed = Signal()
    file_requested = Signal()
    held_out_requested = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.origin = ChoiceRow(ORIGINS, look, self)
        self.typed, self.filed, self.talked = TypedRows(self), FileRows(self), TalkRows(self)
        self.pages: dict[Origin, QWidget] = {
            "typed": self.typed,
            "file": self.filed,
            "conversations": self.talked,
        }
        self.held_out = HeldOutFile(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.origin, *self.pages.values(), self.held_out):
            column.addWidget(part)
        titles = {"typed": _("Typed here"), "file": _("A file"), "conversations": _("Conversations")}
        self.origin.name(_("Where the examples come from"), titles)
        self.origin.chosen.connect(self._on_origin)
        self.typed.table.changed.connect(self.changed)
        self.filed.asked.connect(self.file_requested)
        self.filed.is_text.clicked.connect(lambda _is_on: self.changed.emit())
        self.talked.changed.connect(self.changed)
        self.held_out.asked.connect(self.held_out_requested)
        self.held_out.changed.connect(self.changed)
        self.show_wanted(Wanted())

    def show_wanted(self, wanted: Wanted) -> None:
        """Show what was chosen."""
        self.origin.show_value(wanted.origin)
        self.typed.table.show_pairs(wanted.pairs)
        self.filed.show_file(wanted.path, is_text=wanted.is_text)
        self.talked.show_choice(wanted.conversations)
        self.held_out.show_file(wanted.held_out)
        self._show_page(wanted.origin)

    def chosen(self, wanted: Wanted) -> Wanted:
        """A wish with what is chosen here."""
        origin: Origin = next((one for one in ORIGINS if one == self.origin.value), "typed")
        return replace(
            wanted,
            origin=origin,
            pairs=self.typed.table.pairs,
            path=self.filed.path,
            held_out=self.held_out.path,
            is_text=self.filed.is_text.isChecked(),
            conversations=self.talked.choice,
        )

    def take_file(self, path: str) -> None:
        """Learn from this file from now on."""
        self.origin.show_value("file")
        self._show_page("file")
        self.filed.show_file(path, is_text=False)
        self.changed.emit()

    def take_held_out(self, path: str) -> None:
        """Test with the rows of this file from now on."""
        self.held_out.show_file(path)
        self.changed.emit()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.origin.set_look(look)

    def _on_origin(self, word: str) -> None:
        self._show_page(word)
        self.changed.emit()

    def _show_page(self, origin: str) -> None:
        for word, page in self.pages.items():
            page.setVisible(word == origin)


class TypedRows(QWidget):
    """The table, and a button that takes rows out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.table = PairsTable(self)
        self.remove = QPushButton(_("Remove the row"), self)
        self.remove.setProperty("kind", "plain")
        self.remove.clicked.connect(self.table.remove_marked)
        words = _("A dozen or two is enough for a way of speaking. Rows of a spreadsheet can be pasted.")
        self.about = make_text(self, "muted", words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.about)
        column.addWidget(self.table)
        column.addWidget(FlowRow(self, right=(self.remove,)))


class FileRows(QWidget):
    """Which file was chosen, and whether all of it is learned.

    Signals:
        asked: The person wants to choose.
    """

    asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.path = ""
        self.about = make_text(
            self,
            "muted",
            _(
                "JSON Lines as OpenAI, ShareGPT or Alpaca write them, a CSV table of questions and answers, "
                "or plain text, which the model then learns to go on with."
            ),
        )
        self.name = make_text(self, "strong")
        self.is_text = CheckBox(self)
        self.is_text.setText(_("Learn every word of it, not only answers (continued pretraining)"))
        self.choose = QPushButton(_("Choose a file …"), self)
        self.choose.setProperty("kind", "plain")
        self.choose.clicked.connect(self.asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.about, self.name, self.is_text):
            column.addWidget(part)
        column.addWidget(FlowRow(self, left=(self.choose,)))
        self.show_file("", is_text=False)

    def show_file(self, path: str, *, is_text: bool) -> None:
        """Show this one; empty for none."""
        self.path = path
        self.name.setText(breakable(Path(path).name))
        self.name.setToolTip(path)
        self.is_text.setChecked(is_text)
        for part in (self.name, self.is_text):
            part.setVisible(bool(path))


class HeldOutFile(QWidget):
    """A file of the person's own rows that are never learned, in the place of some of the examples.

    Signals:
        asked: The person wants to choose.
        changed: It was taken out again.
    """

    asked = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.path = ""
        words = _(
            "To test it, some of the examples are set aside and never learned. You can give a file of your "
            "own for that instead, of the same form."
        )
        self.about, self.name = make_text(self, "muted", words), make_text(self, "strong")
        self.choose, self.remove = QPushButton(self), QPushButton(_("Take it out"), self)
        self.choose.clicked.connect(self.asked)
        self.remove.clicked.connect(self._on_removed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.about, self.name):
            column.addWidget(part)
        for button in (self.choose, self.remove):
            button.setProperty("kind", "plain")
        self.choose.setText(_("Choose a file to test with …"))
        column.addWidget(FlowRow(self, left=(self.choose, self.remove)))
        self.show_file("")

    def show_file(self, path: str) -> None:
        """Show this one; empty for none."""
        self.path = path
        self.name.setText(breakable(Path(path).name))
        self.name.setToolTip(path)
        self.remove.setAccessibleName(_("Take {name} out").format(name=Path(path).name))
        for part in (self.name, self.remove):
            part.setVisible(bool(path))

    def _on_removed(self) -> None:
        self.choose.setFocus()
        self.show_file("")
        self.changed.emit()


class TalkRows(QWidget):
    """Which conversations: of a folder, with a tag, only replies with a thumb up.

    Signals:
        changed: Another choice than before.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.about = make_text(
            self,
            "muted",
            _("The model learns the replies as they stand in the conversations that you choose."),
        )
        self.folder, self.tag = ChoiceBox(self), ChoiceBox(self)
        self.folder.set_title(_("Folder"))
        self.tag.set_title(_("Tag"))
        self.good = CheckBox(self)
        self.good.setText(_("Only replies with a thumb up"))
        self.offer((), ())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.about)
        column.addWidget(self.folder)
        column.addWidget(self.tag)
        column.addWidget(self.good)
        for box in (self.folder, self.tag):
            box.activated.connect(lambda _place: self.changed.emit())
        self.good.clicked.connect(lambda _is_on: self.changed.emit())

    @property
    def choice(self) -> Conversations:
        """What is chosen."""
        folder, tag = str(self.folder.currentData() or ""), str(self.tag.currentData() or "")
        return Conversations(folder, tag, self.good.isChecked())

    def offer(self, folders: Sequence[str], tags: Sequence[str]) -> None:
        """Offer these; what was chosen stays chosen where it is still there."""
        before = self.choice
        for box, every, names in ((self.folder, _("All folders"), folders), (self.tag, _("Any tag"), tags)):
            box.clear()
            box.addItem(every, "")
            for name in names:
                box.addItem(name, name)
        self.show_choice(before)

    def show_choice(self, choice: Conversations) -> None:
        """Show a choice; a name that is no longer there is added, so that nothing changes silently."""
        for box, name in ((self.folder, choice.folder), (self.tag, choice.tag)):
            if name and box.findData(name) < 0:
                box.addItem(name, name)
            box.setCurrentIndex(max(0, box.findData(name)))
        self.good.setChecked(choice.is_good)
