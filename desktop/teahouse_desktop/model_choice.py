"""Choosing one of the models that can be downloaded: a list of options with how each fits this machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from teahouse.models.catalogue import Entry
from teahouse_desktop.fit_label import FitLabel
from teahouse_desktop.look import Look
from teahouse_desktop.model_offers import Offer, recommended
from teahouse_desktop.model_words import entry_in_words, fit_in_words


class ModelChoice(QWidget):
    """Shows offers, the one recommended for this machine marked; the keys up and down choose.

    Signals:
        chosen: The `Entry` that is marked now, also the first time.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.options: list[Option] = []
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._name()

    @property
    def entry(self) -> Entry | None:
        """The entry that is marked; None while none is shown."""
        return next((option.offer.entry for option in self.options if option.button.isChecked()), None)

    def show_entries(self, entries_with_fit: Sequence[Offer]) -> None:
        """Show these; the one marked before stays marked, else the recommended one is."""
        before, best = self.entry, recommended(entries_with_fit)
        for option in self.options:
            self._group.removeButton(option.button)
            self._column.removeWidget(option)
            option.deleteLater()
        self.options = [Option(offer, self._look, self) for offer in entries_with_fit]
        for option in self.options:
            option.set_recommended(best is not None and option.offer.entry == best.entry)
            self._group.addButton(option.button)
            self._column.addWidget(option)
            option.show()
        kept = next((option for option in self.options if option.offer.entry == before), None)
        first = kept or next((option for option in self.options if option.is_recommended), None)
        if first is not None:
            first.button.setChecked(True)
        for option in self.options:
            option.button.toggled.connect(partial(self._on_toggled, option))
        if first is not None and kept is None:
            self.chosen.emit(first.offer.entry)

    def choose(self, key: str) -> None:
        """Mark the entry with this key."""
        for option in self.options:
            if option.offer.entry.key == key:
                option.button.setChecked(True)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for option in self.options:
            option.set_look(look)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Models to choose from"))

    def _on_toggled(self, option: Option, is_checked: bool) -> None:
        if is_checked:
            self.chosen.emit(option.offer.entry)


class Option(QFrame):
    """One offer: a radio button with what is known of the model."""

    def __init__(self, offer: Offer, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.offer = offer
        self.is_recommended = False
        self.button = QRadioButton(self)
        self.button.setIconSize(QSize(16, 16))
        self._mark, self._purpose, self._facts = _label("strong"), _label(), _label("muted")
        self._mark.setWordWrap(False)
        self._fit = FitLabel(look, self)
        self._lay_out()
        self.set_look(look)
        self.retranslate()

    def set_recommended(self, is_recommended: bool) -> None:
        """Say whether it is the one for this machine."""
        self.is_recommended = is_recommended
        self.retranslate()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._fit.set_look(look)
        self._mark.setStyleSheet(f"color: {look.theme.accent}")

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        entry, found = self.offer.entry, self.offer.suitability
        self.button.setText(entry.name.replace("&", "&&"))
        self._mark.setText(self.tr("Recommended here"))
        self._mark.setVisible(self.is_recommended)
        self._purpose.setText(entry.purpose_text)
        self._purpose.setVisible(bool(entry.purpose_text))
        self._facts.setText(entry_in_words(entry))
        self._fit.show_fit(found)
        self.button.setAccessibleName(entry.name)
        spoken = [self._mark.text()] if self.is_recommended else []
        spoken += [entry.purpose_text, entry_in_words(entry), fit_in_words(found)]
        self.button.setAccessibleDescription(". ".join(filter(None, spoken)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The whole card can be clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.button.setChecked(True)
            self.button.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        first = QHBoxLayout()
        first.addWidget(self.button, 1)
        first.addWidget(self._mark)
        column.addLayout(first)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 0, 0, 0)
        inner.setSpacing(4)
        for widget in (self._purpose, self._facts, self._fit):
            inner.addWidget(widget)
        column.addLayout(inner)


def _label(kind: str = "") -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    return label
