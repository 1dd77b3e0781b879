"""The list that opens above the field while a slash command is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from teahouse_desktop.composer.field import Field
from teahouse_desktop.composer.field_popup import FieldPopup, Row
from teahouse_desktop.composer.slash import Offer

LONGEST_TITLE = 60


class SlashPopup(FieldPopup):
    """Offers commands.

    Args:
        read: The offers for a text; none closes the list.
    """

    def __init__(
        self, field: Field, above: QWidget, read: Callable[[str], Sequence[Offer]], parent: QWidget
    ) -> None:
        super().__init__(field, above, parent)
        self._read = read
        self._offers: list[Offer] = []
        self._is_dismissed = False
        self.setAccessibleName(self.tr("Commands"))
        field.textChanged.connect(self.refresh)
        self.dismissed.connect(self._on_dismissed)

    @property
    def offers(self) -> list[Offer]:
        """What is offered; empty while the list is closed."""
        return list(self._offers) if self.isVisible() else []

    def refresh(self) -> None:
        """Offer what fits what has been typed."""
        text = self._field.toPlainText()
        if not text.startswith("/"):
            self._is_dismissed = False
        self._offers = [] if self._is_dismissed or not self._field.hasFocus() else list(self._read(text))
        self.setAccessibleName(self.tr("Commands"))
        self.show_rows(
            [
                Row(f"{one.typed}    {one.title[:LONGEST_TITLE]}", f"{one.typed}, {one.title}", one)
                for one in self._offers
            ]
        )

    def _on_dismissed(self) -> None:
        self._is_dismissed = True
