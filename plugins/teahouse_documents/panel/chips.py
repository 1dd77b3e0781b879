"""The documents of a conversation as chips above the composer: its collections, and its filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QToolButton, QWidget
from shiboken6 import isValid

from teahouse import Translator
from teahouse.chat.question import value_of
from teahouse.messages import Conversation
from teahouse_desktop.forms import ChoiceChip, FlowRow, PickedChip, Popup
from teahouse_documents.panel import chips_words
from teahouse_documents.panel.chips_sheet import ChipsSheet, Picked
from teahouse_documents.panel.chips_shelf import ChipsShelf
from teahouse_documents.retrieval.chosen import ALL, joined, known_of, split
from teahouse_documents.settings import COLLECTIONS, FOLDER, SINCE, TYPES

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.setting import Value
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

FILTERS = (FOLDER, TYPES, SINCE)
SPACING = 4
SHEET_EM = 17.0
PANEL = "documents"


class DocumentChips(FlowRow):
    """A button that opens the sheet, a chip for each collection, and one for the filters.

    Hidden while there is nothing to choose from and nothing was chosen.
    """

    def __init__(
        self, app: App, window: PanelWindow, library: Callable[[], Library], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._app, self._window = app, window
        self.shelf = ChipsShelf(app, window, library, self)
        self.opener = ChoiceChip("folder", window.look, self)
        self.sheet = ChipsSheet()
        self.popup = Popup(self.sheet, window.look, window.widget, width_em=SHEET_EM)
        self.chips: list[PickedChip] = []
        self._shown: tuple[object, ...] = ()
        self._conversation_id = window.conversation_id
        layout = self.layout()
        assert layout is not None
        layout.setSpacing(SPACING)
        layout.addWidget(self.opener)
        self.opener.clicked.connect(lambda: self.open_sheet(self.opener))
        self.shelf.read.connect(self.refresh)
        self.shelf.settings_changed.connect(self.refresh)
        self.shelf.types_read.connect(self.sheet.show_types)
        self.sheet.names_picked.connect(self.pick)
        self.sheet.filter_picked.connect(self._choose)
        self.sheet.cleared.connect(self._clear)
        self.sheet.panel_requested.connect(self._open_panel)
        window.conversation_changed.connect(self._on_conversation)
        window.look_changed.connect(self._on_look)
        popup = self.popup
        self.destroyed.connect(lambda: popup.deleteLater() if isValid(popup) else None)
        self.refresh()
        self.shelf.refresh()

    # --- what people do -----------------------------------------------------------------------------

    def open_sheet(self, opener: QWidget) -> None:
        """Open the sheet, or close it."""
        if self.popup.is_open:
            self.popup.shut()
            return
        self._fill_sheet()
        self.shelf.ask_types([])
        self.popup.open_above(opener)

    def pick(self, names: Sequence[str]) -> None:
        """Answer from these collections in this conversation."""
        self._choose(COLLECTIONS, joined(names))

    # --- what is shown ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what holds now; chips that stay are kept, with the focus."""
        names, filters = self._names(), self._filters()
        words = chips_words.filters_in_words(*filters)
        gone = known_of(names, self.shelf.names)[1] if self.shelf.has_read else []
        shown = (tuple(names), words, tuple(gone), self.shelf.has_read)
        if shown != self._shown:
            self._shown = shown
            self._fill(names, words if names else "", gone)
        self.opener.say(
            "" if names else _("Documents"),
            _("Choose the documents of this conversation"),
            tip=chips_words.spoken(names, words),
        )
        self.setVisible(bool(names) or any(one.sources for one in self.shelf.collections))
        if self.popup.is_open:
            self._fill_sheet()

    # --- inside -----------------------------------------------------------------------------------

    def _fill(self, names: Sequence[str], filters: str, gone: Sequence[str]) -> None:
        place = next((n for n, chip in enumerate(self.chips) if chip.hasFocus()), -1)
        layout = self.layout()
        assert layout is not None
        for old in self.chips:
            layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.chips = [self._chip(name, is_gone=name in gone) for name in names]
        if filters:
            self.chips.append(self._filter_chip(filters))
        for chip in self.chips:
            layout.addWidget(chip)
            chip.show()
        if place >= 0:
            left: list[QToolButton] = [*self.chips[place : place + 1], *self.chips[-1:], self.opener]
            left[0].setFocus()

    def _chip(self, name: str, *, is_gone: bool) -> PickedChip:
        chip = PickedChip("", "folder", self._window.look, self)
        tip = _("There is no such collection any more.") if is_gone else _("It answers in this conversation.")
        chip.say(chips_words.collection_in_words(name), tip=tip, is_missing=is_gone)
        chip.clicked.connect(partial(self._open_from, chip))
        chip.removed.connect(partial(self._remove, name))
        return chip

    def _filter_chip(self, words: str) -> PickedChip:
        chip = PickedChip("", "sliders-horizontal", self._window.look, self)
        chip.say(words, tip=_("Only files that pass these filters answer."))
        chip.clicked.connect(partial(self._open_from, chip))
        chip.removed.connect(self._remove_filters)
        return chip

    def _open_from(self, chip: PickedChip, _is_checked: bool = False) -> None:
        self.open_sheet(chip)

    def _remove(self, name: str) -> None:
        self.pick([one for one in self._names() if one != name])

    def _remove_filters(self) -> None:
        for key in FILTERS:
            self._choose(key, "")

    def _clear(self) -> None:
        self.pick([])
        self._remove_filters()

    def _choose(self, key: str, value: Value) -> None:
        """Use it here; what holds for all conversations anyway is no choice of this one."""
        is_usual = value == self._app.settings.get(key)
        self._window.choose(key, None if is_usual else value)

    def _names(self) -> list[str]:
        names = split(str(self._value(COLLECTIONS)))
        return [ALL] if ALL in names else list(names)

    def _filters(self) -> tuple[str, str, str]:
        folder, types, since = (str(self._value(key)) for key in FILTERS)
        return folder, types, since

    def _value(self, key: str) -> Value:
        own = Conversation("", "", 0, 0, settings=dict(self._window.settings))
        value: Value = value_of(self._app, own, key)
        return value

    def _fill_sheet(self) -> None:
        self.sheet.show_picked(self.shelf.collections, Picked(tuple(self._names()), *self._filters()))

    def _open_panel(self) -> None:
        self.popup.shut(has_focus=False)
        self._window.show_panel(PANEL)

    def _on_conversation(self) -> None:
        if self._window.conversation_id != self._conversation_id:
            self._conversation_id = self._window.conversation_id
            self.popup.shut(has_focus=False)
        self.refresh()

    def _on_look(self) -> None:
        look = self._window.look
        self.opener.set_look(look)
        self.sheet.fit()
        self.popup.set_look(look)
        for chip in self.chips:
            chip.set_look(look)
