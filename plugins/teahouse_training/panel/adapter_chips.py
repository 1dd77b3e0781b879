"""The adapters of a conversation, as chips above its composer: each with how strongly it acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QWidget

from teahouse_desktop.forms import ChoiceChip, PickedChip, Popup
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.flow import Flow
from teahouse_training.panel.adapter_sheet import AdapterSheet, percent_of
from teahouse_training.panel.values import Offered
from teahouse_training.panel.words import _

if TYPE_CHECKING:
    from teahouse_desktop.panel import PanelWindow

ICON = "graduation-cap"
SPACING = 4


class AdapterChips(QWidget):
    """A chip for each adapter that acts, and one that opens the sheet; hidden where there is none to choose.

    Attributes:
        sheet: Where adapters are switched and turned up and down.
    """

    def __init__(self, window: PanelWindow, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._look = window, window.look
        self.chips: list[PickedChip] = []
        self.choice = ChoiceChip(ICON, self._look, self)
        self.sheet = AdapterSheet()
        self.popup = Popup(self.sheet, self._look, window.widget)
        self._flow = Flow(self)
        self._flow.setSpacing(SPACING)
        self._flow.addWidget(self.choice)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.choice.clicked.connect(lambda: self.open(self.choice))
        self.destroyed.connect(self.popup.deleteLater)
        self._say_choice("")  # nothing is without a name, also before it is known what there is
        self.hide()

    def show_offered(self, offered: tuple[Offered, ...], scales: Mapping[str, float]) -> None:
        """Show which adapters there are, and which act how strongly."""
        self.sheet.show_offered(offered, scales)
        known = {one.name: one for one in offered}
        self._make_chips(list(scales))
        for chip, (name, scale) in zip(self.chips, scales.items(), strict=True):
            self._say(chip, name, scale, known.get(name))
        self._say_choice("" if scales else _("Adapters"))
        self.setVisible(bool(scales) or any(not one.problem for one in offered))

    def open(self, opener: QWidget, name: str = "") -> None:
        """Open the sheet above a chip, at an adapter."""
        self.popup.open_above(opener)
        self.sheet.focus(name)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.choice.set_look(look)
        self.popup.set_look(look)
        for chip in self.chips:
            chip.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _say_choice(self, words: str) -> None:
        self.choice.say(words, _("Choose adapters"), tip=_("What the model has learned besides"))

    def _say(self, chip: PickedChip, name: str, scale: float, offered: Offered | None) -> None:
        problem = _("It is not in the library any more.") if offered is None else offered.problem
        tip = problem or _("It acts from the next token on.")
        words = _("{name} {percent}").format(name=name, percent=percent_of(scale))
        chip.say(words, tip=tip, is_missing=bool(problem))

    def _make_chips(self, names: list[str]) -> None:
        if [chip.property("adapter") for chip in self.chips] == names:
            return
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._make_chip(name) for name in names]
        self.updateGeometry()

    def _make_chip(self, name: str) -> PickedChip:
        chip = PickedChip(name, ICON, self._look, self)
        chip.setProperty("adapter", name)
        chip.clicked.connect(lambda: self.open(chip, name))
        chip.removed.connect(lambda: self._remove(name))
        self._flow.addWidget(chip)
        chip.show()
        return chip

    def _remove(self, name: str) -> None:
        """Take one out; the focus goes to what opens the sheet, as the chip is going."""
        self.choice.setFocus()
        self.sheet.scaled.emit(name, None)
