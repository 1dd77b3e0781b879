"""One passage that was found: where it stands, what it says, how it was found."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal

from teahouse import Translator
from teahouse.passages import Passage
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name
from teahouse_desktop.widgets.cards import Card, make_button, make_label, make_name_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_documents import phrases
from teahouse_documents.panel.marked import as_html, excerpt, plain_text, terms_of
from teahouse_documents.values import Found

_ = Translator("teahouse_documents")


HAN = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef])(?=[^\\s])|(?<=[^\\s])(?=[\u3000-\u9fff\uff00-\uffef])")
"""Beside a Chinese character, where a line would be broken."""

JOINER = "\u2060"


class HitCard(Card):
    """A hit; Return opens its file.

    Signals:
        asked: (verb, passage): `open`, `show`, `summarise`.
    """

    asked = Signal(str, object)

    def __init__(self, hit: Passage, found: Found, look: Look) -> None:
        super().__init__(look)
        self.hit = hit
        self.title, self.place = make_name_label("strong"), make_label("muted")
        self.text = make_label(is_rich=True)
        self.ranks = make_label("muted")
        self.title.setText(phrases.title_of(hit))
        self.title.setToolTip(with_name(hit.path, ""))
        self.place.setText(phrases.in_a_row((hit.collection, hit.place.words())))
        self.place.setVisible(bool(self.place.text()))
        terms = terms_of(found)
        shown = excerpt(plain_text(hit), terms)
        self.text.setText(as_html(shown, terms))
        self.text.setMinimumWidth(1)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.ranks.setText(_whole(phrases.ranks_in_words(found, hit)))
        self.setAccessibleName(f"{phrases.place_of(hit)}: {shown}")
        self.column.setContentsMargins(14, 10, 14, 10)
        self.column.setSpacing(4)
        for label in (self.title, self.place, self.text, self.ranks):
            self.column.addWidget(label)
        self.open = make_button(lambda: self.asked.emit("open", self.hit))
        self.open.setText(_("Open"))
        self.open.setAccessibleName(_("Open {name}").format(name=self.title.text()))
        self.show_file = make_button(lambda: self.asked.emit("show", self.hit))
        self.show_file.setText(_("Show the folder"))
        self.show_file.setAccessibleName(f"{self.show_file.text()}: {self.title.text()}")
        self.show_file.setVisible(not hit.path.startswith(phrases.CONVERSATION))
        self.summarise = make_button(lambda: self.asked.emit("summarise", self.hit))
        self.summarise.setText(_("Summarise"))
        self.summarise.setAccessibleName(f"{self.summarise.text()}: {self.title.text()}")
        self.summarise.setVisible(not hit.path.startswith(phrases.CONVERSATION))
        self.column.addWidget(FlowRow(self, left=(self.open, self.show_file, self.summarise)))
        self.entered.connect(lambda: self.asked.emit("open", self.hit))


def _whole(facts: str) -> str:
    """Facts in a row, broken between them only."""
    return phrases.BETWEEN.join(HAN.sub(JOINER, fact) for fact in facts.split(phrases.BETWEEN))
