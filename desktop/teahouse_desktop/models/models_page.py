"""The page of models: those here, those that can be downloaded, a search on a hub, and the disk they take."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.hub_section import HubSection
from teahouse_desktop.models.model_operations import ModelsRead
from teahouse_desktop.models.model_words import in_a_row
from teahouse_desktop.models.offer_section import OfferSection
from teahouse_desktop.models.own_section import OwnSection
from teahouse_desktop.pages.sectioned_page import SectionedPage
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_button, make_label, make_name_label
from teahouse_desktop.widgets.flow import FlowRow

OWN, OFFERS, HUB = "own", "offers", "hub"
NARROW = 560
"""Below this width in pixels, at the usual text size, what stands beside each other goes below."""


class ModelsPage(SectionedPage):
    """Three sections, one at a time.

    Signals:
        add_requested: A file of one's own is to be added.
        folder_requested: Another folder of models is to be chosen.
    """

    add_requested = Signal()
    folder_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        self.own, self.offers, self.hub = OwnSection(look), OfferSection(look), HubSection(look)
        super().__init__({OWN: self.own, OFFERS: self.offers, HUB: self.hub}, look, parent)
        self._read: ModelsRead | None = None
        self.add = make_button(self.add_requested.emit)
        self._disk = make_name_label("muted")
        self._disk.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._refusal = make_label("danger")
        self._refusal.hide()
        self.open_folder = make_button(self._open_folder)
        self.change_folder = make_button(self.folder_requested.emit)
        self.own.offers_requested.connect(lambda: self.show_section(OFFERS, has_focus=True))
        self.own.add_requested.connect(self.add_requested)
        self.own.folder_requested.connect(self.folder_requested)
        self._lay_out()

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.tr("Models")

    def show_models(self, read: ModelsRead, used: str) -> None:
        """Show what was read.

        Args:
            used: Name of the model that the open conversation uses.
        """
        self._read = read
        self.own.show_models(read, used)
        self.offers.show_offline(read.is_offline)
        self._say_disk()
        self._say_tabs()

    def show_refusal(self, text: str) -> None:
        """Say why another folder of models was not taken; empty takes that back."""
        self._refusal.setText(text)
        self._refusal.setVisible(bool(text))
        if text:
            accessible.announce(self, text)

    # --- a page -------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self.add.setText(self.tr("Add a GGUF file …"))
        self.open_folder.setText(self.tr("Open the folder"))
        self.change_folder.setText(self.tr("Another folder …"))
        self._say_tabs()
        self._say_disk()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room, else below each other."""
        super().resizeEvent(event)
        is_wide = self.width() >= NARROW * self.look.scale
        directions = QBoxLayout.Direction
        self._foot.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)

    # --- inside -----------------------------------------------------------------------------------

    def _say_tabs(self) -> None:
        count = len(self._read.models) if self._read else 0
        here = self.tr("On this computer")
        counted = self.tr("{title} ({count})").format(title=here, count=count)
        titles = {
            OWN: counted if count else here,
            OFFERS: self.tr("To download"),
            HUB: self.tr("Hugging Face"),
        }
        self.name_tabs(titles)

    def _say_disk(self) -> None:
        read = self._read
        self.open_folder.setVisible(read is not None)
        self.change_folder.setVisible(read is not None)
        if read is None:
            self._disk.setText("")
            return
        held = self.tr("Models take {size}").format(size=size_in_words(read.held_bytes))
        free = read.folder.free_bytes
        left = "" if free is None else self.tr("{size} free on this disk").format(size=size_in_words(free))
        self._disk.setText(in_a_row(held, left) + "\n" + str(read.folder.path))

    def _open_folder(self) -> None:
        if self._read is not None:
            folder = self._read.folder.path
            there = folder if self._read.models else folder.parent  # it is made with the first model
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(there)))

    def _lay_out(self) -> None:
        self.head.addWidget(self.add)
        self.body.addWidget(self.tab_row)
        self.body.addWidget(self.stack, 1)
        buttons = FlowRow(self, left=(self.open_folder, self.change_folder))
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._foot.addWidget(self._disk, 1)
        self._foot.addWidget(buttons)
        self.body.addWidget(self._refusal)
        self.body.addLayout(self._foot)
