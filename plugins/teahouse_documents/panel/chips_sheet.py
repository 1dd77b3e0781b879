"""The sheet that the chips open: which collections answer, and which of their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.forms import CheckBox, ChoiceBox, FlowRow, Heading, make_text, say
from teahouse_desktop.widgets.cards import make_button
from teahouse_documents.panel import chips_words
from teahouse_documents.phrases import files_in_words, in_a_row
from teahouse_documents.retrieval.chosen import ALL
from teahouse_documents.retrieval.filtering import day_of, suffixes_of
from teahouse_documents.settings import FOLDER, SINCE, TYPES
from teahouse_documents.values import Collection

_ = Translator("teahouse_documents")

MOST_TYPES = 10
MOST_ROWS = 7
"""More collections are scrolled, so that the filters stay in sight."""
ROW_GAP = 2
TYPED_MS = 600
OWN_DAY = "day"
"""Of the choice of a date: one is written below it."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What holds in the conversation, as it stands in the settings."""

    names: tuple[str, ...] = ()
    folder: str = ""
    types: str = ""
    since: str = ""


class ChipsSheet(QWidget):
    """Collections, folder, types and date; each change counts at once.

    Signals:
        names_picked: The names of the collections that answer, or `*`.
        filter_picked: (key of a setting, value).
        cleared: Nothing is to answer.
        panel_requested: The panel with the library is wanted.
    """

    names_picked = Signal(list)
    filter_picked = Signal(str, object)
    cleared = Signal()
    panel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Documents of this conversation"))
        self.boxes: dict[str, CheckBox] = {}
        self.types: dict[str, CheckBox] = {}
        self._picked = Picked()
        self._counted: list[tuple[str, int]] = []
        self._listed: tuple[tuple[str, int], ...] = ()
        self._typed: tuple[object, ...] = ()
        self.folder, self.age, self.day = QLineEdit(self), ChoiceBox(self), QLineEdit(self)
        self.problem = make_text(self, "danger")
        self.clear = make_button(self.cleared.emit)
        self.manage = make_button(self.panel_requested.emit)
        self._rows, self._kinds = QWidget(self), FlowRow(self)
        self._list = QScrollArea(self)
        self._list.setAccessibleName(_("Answer from these documents"))
        self._labels: dict[str, QLabel] = {}
        self._timer = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._timer.timeout.connect(self._on_folder)
        self._lay_out()
        self._connect()

    def show_picked(self, collections: Sequence[Collection], picked: Picked) -> None:
        """Show what there is and what holds; what is being typed is left alone."""
        self._picked = picked
        listed = tuple((one.name, one.files) for one in collections)
        if listed != self._listed or not self.boxes:
            self._listed = listed
            self._fill_collections()
        for name, box in self.boxes.items():
            _check(box, name.casefold() in {one.casefold() for one in picked.names})
        if not self.folder.hasFocus():
            self.folder.setText(picked.folder)
        self._show_age(picked.since)
        self._fill_types()
        self.fit()

    def show_types(self, counted: Sequence[tuple[str, int]]) -> None:
        """Offer these endings: (ending, how many files)."""
        self._counted = list(counted)
        self._fill_types()

    def fit(self) -> None:
        """As high as the collections, up to some: in another look a row has another height."""
        row = max((box.sizeHint().height() for box in self.boxes.values()), default=0) + ROW_GAP
        shown = min(len(self.boxes), MOST_ROWS)
        self._list.setFixedHeight(row * shown + (row // 2 if len(self.boxes) > shown else 0))

    # --- collections --------------------------------------------------------------------------------

    def _fill_collections(self) -> None:
        column = self._rows.layout()
        assert column is not None
        for box in self.boxes.values():
            column.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {}
        for name, count in ((ALL, sum(count for _name, count in self._listed)), *self._listed):
            box = CheckBox(self._rows)
            words = in_a_row((chips_words.collection_in_words(name), files_in_words(count)))
            box.setText(words.replace("&", "&&"))
            box.clicked.connect(partial(self._on_box, name))
            column.addWidget(box)
            self.boxes[name] = box

    def _on_box(self, name: str, _is_checked: bool = False) -> None:
        is_on = self.boxes[name].isChecked()
        if name == ALL:
            self.names_picked.emit([ALL] if is_on else [])
            return
        others = [one for one in self._picked.names if one.casefold() != name.casefold() and one != ALL]
        self.names_picked.emit([*others, name] if is_on else others)

    # --- filters ------------------------------------------------------------------------------------

    def _fill_types(self) -> None:
        chosen = [suffix.removeprefix(".") for suffix in suffixes_of(self._picked.types)]
        counts = dict(self._counted)
        shown = [name for name, _count in self._counted[:MOST_TYPES]]
        shown += [name for name in chosen if name not in shown]
        typed = (tuple(shown), tuple(counts.get(name, 0) for name in shown))
        if typed != self._typed:
            self._typed = typed
            self._make_types(shown, counts)
        for name, box in self.types.items():
            _check(box, name in chosen)
        self._labels[TYPES].setVisible(bool(shown))
        self._kinds.setVisible(bool(shown))

    def _make_types(self, shown: Sequence[str], counts: dict[str, int]) -> None:
        row = self._kinds.layout()
        assert row is not None
        for box in self.types.values():
            row.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.types = {}
        for name in shown:
            box = CheckBox(self._kinds)
            box.setText(f"{name.upper()} ({counts.get(name, 0):,})".replace("&", "&&"))
            box.clicked.connect(self._on_types)
            row.addWidget(box)
            box.show()
            self.types[name] = box

    def _on_types(self) -> None:
        self.filter_picked.emit(TYPES, ", ".join(name for name, box in self.types.items() if box.isChecked()))

    def _on_folder(self) -> None:
        self._timer.stop()
        if self.folder.text().strip() != self._picked.folder.strip():
            self.filter_picked.emit(FOLDER, self.folder.text().strip())

    def _show_age(self, since: str) -> None:
        if self.day.hasFocus():
            return
        place = self.age.findData(since.strip())
        is_own = place < 0
        self.age.blockSignals(True)
        self.age.setCurrentIndex(self.age.findData(OWN_DAY) if is_own else place)
        self.age.blockSignals(False)
        self.day.setText(since if is_own else "")
        self.day.setVisible(is_own)
        say(self.problem, "")

    def _on_age(self, _place: int) -> None:
        value = str(self.age.currentData())
        is_own = value == OWN_DAY
        self.day.setVisible(is_own)
        say(self.problem, "")
        if is_own:
            self.day.setFocus()
        else:
            self.filter_picked.emit(SINCE, value)

    def _on_day(self) -> None:
        if not self.day.isVisible():
            return
        text = self.day.text().strip()
        try:
            day_of(text)
        except ValueError:
            say(self.problem, _("Write a day as 2024-05-31, or how long ago: 7d, 2w, 6m, 1y."))
            return
        say(self.problem, "")
        if text != self._picked.since.strip():
            self.filter_picked.emit(SINCE, text)

    # --- inside -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(5)
        rows = QVBoxLayout(self._rows)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(ROW_GAP)
        self._list.setWidget(self._rows)
        self._list.setWidgetResizable(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(Heading(_("Answer from these documents"), self))
        column.addWidget(self._list)
        column.addSpacing(6)
        column.addWidget(Heading(_("Only files"), self))
        for key, words, fields in (
            (FOLDER, _("in a folder whose path contains"), [self.folder]),
            (TYPES, _("of these types"), [self._kinds]),
            (SINCE, _("changed"), [self.age, self.day]),
        ):
            label = self._labels[key] = make_text(self, "muted", words)
            label.setBuddy(fields[0])
            column.addWidget(label)
            for field in fields:
                column.addWidget(field)
        column.addWidget(self.problem)
        column.addSpacing(4)
        column.addWidget(FlowRow(self, left=(self.clear,), right=(self.manage,)))

    def _connect(self) -> None:
        self.folder.setPlaceholderText(_("such as 2024 or contracts"))
        self.folder.setAccessibleName(_("Part of the path"))
        self.folder.textEdited.connect(lambda _text: self._timer.start())
        self.folder.editingFinished.connect(self._on_folder)
        for part in (self.age, self.age.view()):
            part.setAccessibleName(_("Changed"))
        for value, words in chips_words.choices_of_age():
            self.age.addItem(chips_words.capital(words), value)
        self.age.addItem(_("Since a day …"), OWN_DAY)
        self.age.currentIndexChanged.connect(self._on_age)
        self.day.setPlaceholderText("2024-05-31")
        self.day.setAccessibleName(_("Changed since this day"))
        self.day.editingFinished.connect(self._on_day)
        self.day.hide()
        say(self.problem, "")
        self.clear.setText(_("No documents"))
        self.manage.setText(_("All documents …"))


def _check(box: CheckBox, is_on: bool) -> None:
    if box.isChecked() != is_on:
        box.setChecked(is_on)
