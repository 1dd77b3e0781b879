"""Choosing one of the models that can be downloaded: a list of options with how each fits this machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from teahouse.models.catalogue import Entry
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.fit_label import FitLabel
from teahouse_desktop.models.model_offers import Offer, recommended
from teahouse_desktop.models.model_words import BETWEEN, entry_in_words, fit_in_words
from teahouse_desktop.widgets.radio_mark import RadioMark


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
        self.button = RadioMark(self)
        self.button.installEventFilter(self)
        self.button.toggled.connect(self.update)
        self._title, self._purpose, self._facts = _label("strong"), _label(), _label("muted")
        self._title.setTextFormat(Qt.TextFormat.RichText)
        self._fit = FitLabel(look, self)
        self._lay_out()
        self.set_look(look)

    def set_recommended(self, is_recommended: bool) -> None:
        """Say whether it is the one for this machine."""
        self.is_recommended = is_recommended
        self.retranslate()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._fit.set_look(look)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        entry, found = self.offer.entry, self.offer.suitability
        mark = self.tr("recommended for this computer") if self.is_recommended else ""
        coloured = f'{BETWEEN}<span style="color:{self._look.theme.accent}">{escape(mark)}</span>'
        self._title.setText(escape(entry.name) + (coloured if mark else ""))
        self._purpose.setText(entry.purpose_text)
        self._purpose.setVisible(bool(entry.purpose_text))
        self._facts.setText(entry_in_words(entry))
        self._fit.show_fit(found)
        self.button.setAccessibleName(entry.name)
        spoken = (mark, entry.purpose_text, entry_in_words(entry), fit_in_words(found))
        self.button.setAccessibleDescription(". ".join(filter(None, spoken)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The whole card can be clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.button.setChecked(True)
            self.button.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The frame shows where the focus is."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame of the one that is marked, and a thicker one where the focus is."""
        super().paintEvent(event)
        if not self.button.isChecked() and not self.button.hasFocus():
            return
        width = 2.0 if self.button.hasFocus() else 1.0
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.colour("accent"), width))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 11, 11)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(4)
        top = Qt.AlignmentFlag.AlignTop
        for widget in (self._title, self._purpose, self._facts, self._fit):
            column.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 14, 12)
        row.setSpacing(10)
        row.addWidget(self.button, 0, top)
        row.addLayout(column, 1)


def _label(kind: str = "") -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    return label
