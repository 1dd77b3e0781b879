"""One source of an answer: its file and place, and the page or text with the passage marked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.forms import FlowRow, draw_icon, make_icon_button, make_text, say
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_button
from teahouse_documents import phrases
from teahouse_documents.panel.cited_look import Seen
from teahouse_documents.panel.cited_reply import Candidate
from teahouse_documents.panel.reader_sheet import SheetArea
from teahouse_documents.panel.reader_text import ReaderText

_ = Translator("teahouse_documents")


class ReaderPage(QWidget):
    """Shows what was looked up; what people want on it is asked of others.

    Signals:
        asked: `back`, `open`, `show`, `before`, `after`, `anew` (the page in another size).
    """

    asked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.candidate: Candidate | None = None
        self.seen: Seen | None = None
        self._look = look
        self.back = self._button("back", _("All sources"))
        self.open = self._button("open", _("Open"))
        self.show_file = self._button("show", _("Show the folder"))
        self.title, self.place = make_text(self, "strong"), make_text(self, "muted")
        self.note, self.where = make_text(self, "muted"), make_text(self, "muted")
        self.where.setWordWrap(False)
        self.before = self._small("chevron-left", _("Page before"), lambda: self.asked.emit("before"))
        self.after = self._small("chevron-right", _("Page after"), lambda: self.asked.emit("after"))
        self.larger = self._small("plus", _("Larger"), lambda: self._zoom(1))
        self.smaller = self._small("minus", _("Smaller"), lambda: self._zoom(-1))
        self.sheet, self.text = SheetArea(look, self), ReaderText(look, self)
        self.pages = QStackedWidget(self)
        self.sheet.width_changed.connect(lambda: self.asked.emit("anew"))
        self._lay_out()
        self.set_look(look)

    def show_candidate(self, candidate: Candidate) -> None:
        """Say which source is being looked up; its passage at once, as it is kept with the answer."""
        passage = candidate.passage
        self.candidate, self.seen = candidate, None
        number = f"[{candidate.number}] " if candidate.number else ""
        self.title.setText(f"{number}{phrases.title_of(passage)}")
        is_file = not passage.path.startswith(phrases.CONVERSATION)
        self.title.setToolTip(with_name(passage.path, "") if is_file else "")
        say(self.place, phrases.in_a_row((passage.collection, passage.place.words())))
        self.show_file.setVisible(is_file)
        say(self.note, _("One moment …"))
        self.pages.hide()
        self._show_steps()

    def show_seen(self, seen: Seen) -> None:
        """Show what was found of it."""
        is_new = self.seen is None or self.seen.where != seen.where
        self.seen = seen
        say(self.note, seen.note)
        if seen.drawn is not None and seen.image is not None:
            self.pages.setCurrentWidget(self.sheet)
            self.sheet.show_page(seen.image, seen.drawn, is_new=is_new)
            if seen.wanted.width != self.sheet.points:  # it was asked for before there was room for it
                self.asked.emit("anew")
        else:
            self.pages.setCurrentWidget(self.text)
            self.text.show_pieces(seen.pieces, seen.marked)
        self.pages.show()
        self._show_steps()
        self._name(seen)
        if is_new:
            told = (self.title.text(), self.place.text(), seen.where, seen.note)
            accessible.announce(self, "\n".join(text for text in told if text))

    def show_problem(self, text: str) -> None:
        """Say why there is nothing to see."""
        self.seen = None
        say(self.note, text)
        self.pages.hide()
        self._show_steps()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.back.setIcon(make_icon("arrow-left", look.colour("text")))
        for button, icon in (
            (self.before, "chevron-left"),
            (self.after, "chevron-right"),
            (self.larger, "plus"),
            (self.smaller, "minus"),
        ):
            draw_icon(button, icon, look)
        self.sheet.set_look(look)
        self.text.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _button(self, verb: str, words: str) -> QPushButton:
        button = make_button(lambda: self.asked.emit(verb))
        button.setParent(self)
        button.setText(words)
        return button

    def _small(self, icon: str, name: str, act: object) -> QToolButton:
        button = make_icon_button(self, icon, name, self._look)
        button.clicked.connect(act)
        return button

    def _zoom(self, step: int) -> None:
        self.sheet.zoom(step)
        self._show_steps()

    def _show_steps(self) -> None:
        seen = self.seen
        is_page = seen is not None and seen.drawn is not None
        has_steps = seen is not None and bool(seen.where)
        say(self.where, seen.where if seen is not None else "")
        for button, step in ((self.before, -1), (self.after, 1)):
            button.setVisible(has_steps)
            button.setEnabled(seen is not None and seen.step(step) is not None)
        for button in (self.larger, self.smaller):
            button.setVisible(is_page)
        self.larger.setEnabled(self.sheet.can_grow)
        self.smaller.setEnabled(self.sheet.can_shrink)
        is_known = seen is not None and seen.excerpt is not None
        self.open.setEnabled(is_known)
        self.show_file.setEnabled(is_known)

    def _name(self, seen: Seen) -> None:
        name = phrases.title_of(seen.wanted.passage)
        self.sheet.setAccessibleName(f"{name}: {seen.where}")
        self.sheet.setAccessibleDescription(seen.wanted.passage.text)
        self.text.setAccessibleName(name)

    def _lay_out(self) -> None:
        for page in (self.sheet, self.text):
            self.pages.addWidget(page)
        self.pages.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(FlowRow(self, left=(self.back,), right=(self.open, self.show_file)))
        for part in (self.title, self.place, self.note):
            column.addWidget(part)
        column.addWidget(self.pages, 1)
        column.addStretch(0)
        steps = (self.before, self.where, self.after)
        column.addWidget(FlowRow(self, left=steps, right=(self.smaller, self.larger)))
